// mrvd: the ledger's server. `init` founds a ledger, `serve` runs it.
#include <csignal>
#include <future>
#include <iostream>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "api/config.h"
#include "api/files.h"
#include "api/handlers/service.h"
#include "crypto/keyfile.h"
#include "crypto/sha256.h"
#include "crypto/signed_note.h"
#include "ledger/codec/act_codec.h"
#include "ledger/store/rocksdb_store.h"

namespace mrv {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kExitOk = 0;
constexpr int kExitRefused = 4;
constexpr int kExitInternal = 70;
constexpr std::chrono::milliseconds kDrainDeadline{20'000};

int fail(const Error& error, int code = kExitRefused) {
  std::cerr << "mrvd: " << error.name << ": " << error.detail << "\n";
  return code;
}

// One JSON object a line on standard error.
void log_line(spdlog::level::level_enum level, const std::string& event, json fields = {}) {
  fields["event"] = event;
  fields["level"] = spdlog::level::to_string_view(level).data();
  fields["time"] = api::wall_clock().value();
  spdlog::log(level, fields.dump(-1, ' ', false, json::error_handler_t::replace));
}

void set_up_log(const std::string& level) {
  auto logger = spdlog::stderr_logger_mt("mrvd");
  logger->set_pattern("%v");
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(logger);
}

node::NodeOptions node_options(const api::Config& config) {
  node::NodeOptions options;
  options.data = config.data;
  options.signer_memory = config.memory();
  options.clock = api::wall_clock;
  options.free_space_floor = store::kFreeSpaceFloorBytes;
  return options;
}

fs::path log_key_path(const api::Config& config) { return config.data / "keys" / "log.key"; }

struct InitArguments {
  std::string origin;
  std::vector<fs::path> governance_keys;
  std::int64_t threshold = 0;
  std::string registry_code = "MRV";
  std::vector<std::string> foreign_registries = {"ACR"};
  bool zero_delays = false;
};

constexpr std::int64_t kDay = 24L * 3'600;

model::Delays delays_of(const InitArguments& arguments) {
  model::Delays delays;
  delays.proposal_seconds = 30 * kDay;
  if (arguments.zero_delays) return delays;
  delays.new_key_seconds = kDay;
  delays.recovery_seconds = 7 * kDay;
  delays.new_counterparty_seconds = kDay;
  delays.activation_seconds = 14 * kDay;
  return delays;
}

// A person is known to the ledger by a salted commitment; at founding the salt is drawn here and
// kept with the governance keys by whoever holds them.
Hash new_person() {
  Hash salt{};
  crypto::fill_random(salt);
  return crypto::sha256(salt);
}

Result<std::string> genesis_document(const InitArguments& arguments,
                                     const crypto::PublicKey& log_key,
                                     const std::string& passphrase) {
  model::Genesis genesis;
  genesis.origin = arguments.origin;
  genesis.log_vkey = crypto::vkey_of({arguments.origin, crypto::kNoteTypeEd25519, log_key});
  genesis.slip_key = {log_key.bytes};
  for (const auto& path : arguments.governance_keys) {
    MRV_TRY(const auto key, crypto::read_keyfile_public(path));
    genesis.governance.push_back({{key.bytes}, new_person()});
  }
  const auto keys = static_cast<std::int64_t>(genesis.governance.size());
  genesis.threshold = arguments.threshold > 0 ? arguments.threshold : keys / 2 + 1;
  genesis.registry_code = arguments.registry_code;
  genesis.foreign_registries = arguments.foreign_registries;
  genesis.delays = delays_of(arguments);
  MRV_TRY(const auto secret, crypto::read_keyfile(arguments.governance_keys[0], passphrase));
  model::Act act;
  act.id = api::new_act_id(api::wall_clock());
  act.signer = {secret.public_key().bytes};
  act.registry = arguments.origin;
  act.valid_from = api::whole_seconds(api::wall_clock());
  act.valid_until = TimestampMs{act.valid_from.value() + kDay * kMsPerSecond};
  act.body = std::move(genesis);
  return codec::sign_act(act, secret, act.valid_from);
}

Status submit_genesis(node::Node& node, const std::string& document) {
  std::promise<Status> done;
  node.submit(document, [&done](const std::string&, const node::Answer& answer) {
    if (const auto* refused = std::get_if<node::Refused>(&answer)) {
      const auto& text = model::describe_outcome(refused->refusal.outcome);
      done.set_value(Error{text.name, std::string(text.en) + " " + refused->refusal.detail,
                           refused->refusal.pointer});
    } else if (const auto* failed = std::get_if<node::Failed>(&answer)) {
      done.set_value(failed->error);
    } else {
      done.set_value(Status());
    }
  });
  return done.get_future().get();
}

Status init(const api::Config& config, InitArguments arguments) {
  if (!crypto::is_note_name(arguments.origin)) {
    return Error{"ORIGIN_INVALID", "an origin is a schema-less URL without spaces or plus", {}};
  }
  MRV_TRY(const std::string passphrase, api::read_passphrase(config.passphrase_file));
  const auto options = node_options(config);
  MRV_CHECK(node::Node::create({options, arguments.origin}));
  std::error_code error;
  fs::create_directories(config.data / "keys", error);
  fs::permissions(config.data / "keys", fs::perms::owner_all, error);
  if (arguments.governance_keys.empty()) {
    const auto path = config.data / "keys" / "governance.key";
    MRV_CHECK(crypto::write_keyfile(path, crypto::SecretKey::generate(), passphrase));
    arguments.governance_keys.push_back(path);
    std::cout << "governance key: " << path.string() << "\n";
  }
  auto log_key = crypto::SecretKey::generate();
  const auto public_key = log_key.public_key();
  MRV_CHECK(crypto::write_keyfile(log_key_path(config), log_key, passphrase));
  MRV_TRY(const std::string document, genesis_document(arguments, public_key, passphrase));
  MRV_TRY(auto node, node::Node::open(options, std::move(log_key)));
  MRV_CHECK(submit_genesis(*node, document));
  node->stop();
  const std::string vkey =
      crypto::vkey_of({arguments.origin, crypto::kNoteTypeEd25519, public_key});
  MRV_CHECK(api::write_file(config.data / "policy.txt", "log " + vkey + "\nquorum none\n"));
  std::cout << "origin: " << arguments.origin << "\nlog key: " << vkey
            << "\npolicy: " << (config.data / "policy.txt").string()
            << "\ngenesis digest: " << to_hex(crypto::sha256(as_bytes(document))) << "\n";
  if (arguments.governance_keys.size() > 1) {
    std::cout << "The other founding keys stand behind it with: mrv approve --digest "
              << to_hex(crypto::sha256(as_bytes(document))) << "\n";
  }
  return {};
}

Status serve(const api::Config& config) {
  // Blocked before any thread starts, so that only sigwait below sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  MRV_TRY(const auto address, api::parse_listen(config.listen));
  MRV_TRY(const std::string passphrase, api::read_passphrase(config.passphrase_file));
  MRV_TRY(auto log_key, crypto::read_keyfile(log_key_path(config), passphrase));
  MRV_TRY(auto node, node::Node::open(node_options(config), std::move(log_key)));
  api::Service service(*node);
  api::ServerOptions options;
  options.host = address.host;
  options.port = address.port;
  options.threads = config.threads;
  MRV_TRY(auto server, api::HttpServer::start(options, service));
  log_line(spdlog::level::info, "listening",
           {{"host", address.host}, {"port", server->port()}, {"origin", node->origin()}});
  std::cout << "listening on http://" << config.listen.substr(0, config.listen.rfind(':')) << ":"
            << server->port() << std::endl;
  int signal = 0;
  sigwait(&signals, &signal);
  log_line(spdlog::level::info, "draining", {{"signal", signal}});
  server->drain(kDrainDeadline);
  node->stop();
  log_line(spdlog::level::info, "stopped");
  return {};
}

// Settings that flags name override file and environment.
Status settle_config(const std::optional<fs::path>& file, const api::Config& flags,
                     const CLI::App& command, api::Config& config) {
  if (file) MRV_CHECK(api::read_config_file(*file, config));
  MRV_CHECK(api::read_config_environment(config));
  if (command.count("--data") > 0) config.data = flags.data;
  if (command.count("--passphrase-file") > 0) config.passphrase_file = flags.passphrase_file;
  if (command.count("--signer-memory") > 0) config.signer_memory = flags.signer_memory;
  if (config.data.empty()) return Error{"CONFIG_INVALID", "--data DIR is needed", {}};
  return {};
}

int run(int argc, char** argv) {
  CLI::App app{"mrvd: a ledger for carbon monitoring, reporting and verification"};
  app.require_subcommand(1);
  std::optional<fs::path> file;
  api::Config flags;
  InitArguments arguments;
  const auto common = [&](CLI::App* command) {
    command->add_option("--data", flags.data, "the ledger's folder");
    command->add_option("--config", file, "TOML file with the same names");
    command->add_option("--passphrase-file", flags.passphrase_file, "passphrase of the keys");
    command->add_option("--signer-memory", flags.signer_memory,
                        "file of the last signed checkpoint, best on another device");
  };
  auto* init_command = app.add_subcommand("init", "Found a new ledger");
  common(init_command);
  init_command->add_option("--origin", arguments.origin, "name of the log, e.g. ledger.example.org")
      ->required();
  init_command->add_option("--governance-key", arguments.governance_keys,
                           "key files of the founding governance; the first one signs Genesis");
  init_command->add_option("--threshold", arguments.threshold,
                           "governance keys that must stand behind an act (default: a majority)");
  init_command->add_option("--registry-code", arguments.registry_code,
                           "first part of every serial");
  init_command->add_option("--foreign-registry", arguments.foreign_registries,
                           "codes of registries whose history may be imported");
  init_command->add_flag("--zero-delays", arguments.zero_delays,
                         "no waiting periods: for demonstrations, and shown as such");
  auto* serve_command = app.add_subcommand("serve", "Run the ledger");
  common(serve_command);
  serve_command->add_option("--listen", flags.listen, "HOST:PORT");
  serve_command->add_option("--threads", flags.threads, "network threads");
  CLI11_PARSE(app, argc, argv);

  const CLI::App& chosen = init_command->parsed() ? *init_command : *serve_command;
  api::Config config;
  if (auto status = settle_config(file, flags, chosen, config); !status.ok()) {
    return fail(status.error(), 2);
  }
  if (auto ready = crypto::initialise(); !ready.ok()) return fail(ready.error(), kExitInternal);
  if (init_command->parsed()) {
    const auto done = init(config, std::move(arguments));
    return done.ok() ? kExitOk : fail(done.error());
  }
  if (serve_command->count("--listen") > 0) config.listen = flags.listen;
  if (serve_command->count("--threads") > 0) config.threads = flags.threads;
  set_up_log(config.log_level);
  const auto done = serve(config);
  return done.ok() ? kExitOk : fail(done.error());
}

}  // namespace
}  // namespace mrv

int main(int argc, char** argv) { return mrv::run(argc, argv); }
