// mrvd: the ledger's server. `init` founds a ledger, `serve` runs it.
#include <algorithm>
#include <csignal>
#include <iostream>
#include <map>
#include <mutex>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "api/blob_sweeper.h"
#include "api/config.h"
#include "api/exit_code.h"
#include "api/file_limit.h"
#include "api/files.h"
#include "api/founding.h"
#include "api/handlers/service.h"

namespace mrv {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::chrono::milliseconds kDrainDeadline{20'000};

// One JSON object a line.
std::string line_of(spdlog::level::level_enum level, const std::string& event, json fields) {
  fields["event"] = event;
  fields["level"] = spdlog::level::to_string_view(level).data();
  fields["time"] = api::wall_clock().value();
  return fields.dump(-1, ' ', false, json::error_handler_t::replace);
}

void log_line(spdlog::level::level_enum level, const std::string& event, json fields = {}) {
  spdlog::log(level, line_of(level, event, std::move(fields)));
}

// `init` is read by a person; `serve` writes a log on standard error from its first line, and why
// it ends stands there at any level.
int fail(const Error& error, bool is_serving) {
  if (is_serving) {
    const json fields = {{"error", error.name}, {"message", error.detail}};
    std::cerr << line_of(spdlog::level::critical, "failed", fields) << std::endl;
  } else {
    std::cerr << "mrvd: " << error.name << ": " << error.detail
              << (error.pointer.empty() ? "" : "\n  at " + error.pointer) << "\n";
  }
  return api::exit_code_of(error);
}

void set_up_log(const std::string& level) {
  auto logger = spdlog::stderr_logger_mt("mrvd");
  logger->set_pattern("%v");
  logger->set_level(spdlog::level::from_str(level));
  spdlog::set_default_logger(logger);
}

// Blocked before any thread starts, so that only sigwait sees them.
sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

void log_sweep(const Result<node::BlobStore::Swept>& swept) {
  if (!swept.ok()) {
    log_line(spdlog::level::err, "blob_sweep_failed",
             {{"error", swept.error().name}, {"message", swept.error().detail}});
  } else if (swept->removed > 0) {
    log_line(spdlog::level::info, "blobs_swept",
             {{"removed", swept->removed}, {"bytes", swept->bytes}, {"kept", swept->kept}});
  }
}

// Why the ledger stopped taking acts by itself. The process then drains and ends with an error: a
// fresh start checks everything, and whoever runs the service learns of it.
class StopReason {
 public:
  void set(const Error& error) {
    {
      const std::lock_guard lock(mutex_);
      if (error_) return;
      error_ = error;
    }
    log_line(spdlog::level::critical, "append_stopped",
             {{"error", error.name}, {"message", error.detail}});
    kill(getpid(), SIGTERM);
  }
  Status status() {
    const std::lock_guard lock(mutex_);
    if (!error_) return {};
    // A log key that the operator has yet to give is no defect.
    if (error_->name == "SIGNER_KEY_MISSING") return *error_;
    return Error{"INTERNAL", std::string(error_->name) + ": " + error_->detail, {}};
  }

 private:
  std::mutex mutex_;
  std::optional<Error> error_;
};

Status serve(const api::Config& config) {
  const sigset_t signals = block_stop_signals();
  MRV_TRY(const auto address, api::parse_listen(config.listen));
  MRV_TRY(const std::string passphrase, api::read_passphrase(config.passphrase_file));
  MRV_TRY(auto log_keys, api::read_log_keys(config, passphrase));
  StopReason stopped;
  auto node_options = api::node_options(config);
  node_options.on_stop = [&stopped](const Error& error) { stopped.set(error); };
  MRV_TRY(auto node, node::Node::open(node_options, std::move(log_keys)));
  MRV_CHECK(api::require_founded(*node));
  api::Service service(*node);
  api::ServerOptions options;
  options.host = address.host;
  options.port = address.port;
  options.threads = config.threads;
  MRV_TRY(options.connections_max, api::connections_for(api::raise_file_limit()));
  MRV_TRY(auto server, api::HttpServer::start(options, service));
  log_line(spdlog::level::info, "listening",
           {{"host", address.host}, {"port", server->port()}, {"origin", node->origin()}});
  std::cout << "listening on http://" << config.listen.substr(0, config.listen.rfind(':')) << ":"
            << server->port() << std::endl;
  auto sweeper = std::make_unique<api::BlobSweeper>(
      api::kBlobSweepPeriod,
      [&node](const std::stop_token& stop) { return node->sweep_blobs(stop); }, log_sweep);
  int signal = 0;
  sigwait(&signals, &signal);
  log_line(spdlog::level::info, "draining", {{"signal", signal}});
  sweeper.reset();
  server->drain(kDrainDeadline);
  node->stop();
  log_line(spdlog::level::info, "stopped");
  return stopped.status();
}

// What stands on the command line, as texts: each goes through the one reader of its setting.
struct Flags {
  std::optional<fs::path> file;
  std::map<std::string, std::string> settings;  // by name
};

std::string flag_of(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return "--" + name;
}

Result<api::Config> settle_config(const Flags& flags) {
  api::Config config;
  if (flags.file) MRV_CHECK(api::read_config_file(*flags.file, config));
  MRV_CHECK(api::read_config_environment(config));
  for (const auto& [name, text] : flags.settings) {
    MRV_CHECK(api::set_config(config, name, text, flag_of(name)));
  }
  if (config.data.empty()) return Error{"CONFIG_INVALID", "--data DIR is needed", {}};
  return config;
}

void add_setting(CLI::App* command, Flags& flags, const std::string& name, const char* help) {
  command->add_option_function<std::string>(
      flag_of(name), [&flags, name](const std::string& text) { flags.settings[name] = text; },
      help);
}

void add_common(CLI::App* command, Flags& flags) {
  add_setting(command, flags, "data", "the ledger's folder");
  command->add_option("--config", flags.file, "TOML file with the same names");
  add_setting(command, flags, "passphrase_file", "passphrase of the keys");
  add_setting(command, flags, "signer_memory",
              "file of the last signed checkpoint, best on another device");
}

void add_init(CLI::App* command, Flags& flags, api::Founding& founding) {
  add_common(command, flags);
  command->add_option("--origin", founding.origin, "name of the log, e.g. ledger.example.org")
      ->required();
  command->add_option("--governance-key", founding.governance_keys,
                      "key files of the founding governance; the first one signs Genesis");
  command->add_option("--threshold", founding.threshold,
                      "governance keys that must stand behind an act (default: a majority)");
  command->add_option("--registry-code", founding.registry_code, "first part of every serial");
  command->add_option("--foreign-registry", founding.foreign_registries,
                      "codes of registries whose history may be imported");
  command->add_flag("--zero-delays", founding.zero_delays,
                    "no waiting periods: for demonstrations, and shown as such");
}

Status init(const api::Config& config, const api::Founding& founding) {
  MRV_TRY(const std::string summary, api::found_ledger(config, founding));
  std::cout << summary << std::flush;
  return {};
}

Status work(const Flags& flags, const api::Founding& founding, bool is_serving) {
  MRV_TRY(const api::Config config, settle_config(flags));
  MRV_CHECK(crypto::initialise());
  if (!is_serving) return init(config, founding);
  set_up_log(config.log_level);
  return serve(config);
}

int run(int argc, char** argv) {
  CLI::App app{"mrvd: a ledger for carbon monitoring, reporting and verification"};
  app.require_subcommand(1);
  Flags flags;
  api::Founding founding;
  add_init(app.add_subcommand("init", "Found a new ledger"), flags, founding);
  auto* serve_command = app.add_subcommand("serve", "Run the ledger");
  add_common(serve_command, flags);
  add_setting(serve_command, flags, "successor_key",
              "key file that signs once the log announces it");
  add_setting(serve_command, flags, "listen", "HOST:PORT");
  add_setting(serve_command, flags, "threads", "network threads");
  add_setting(serve_command, flags, "log_level",
              "trace, debug, info, warning, error, critical or off");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? api::kExitOk : api::kExitUsage;
  }
  const bool is_serving = serve_command->parsed();
  // Our code does not throw; what a library throws past us is a defect, and is said to be one.
  try {
    const auto done = work(flags, founding, is_serving);
    return done.ok() ? api::kExitOk : fail(done.error(), is_serving);
  } catch (const std::exception& error) {
    return fail({"INTERNAL", error.what(), {}}, is_serving);
  }
}

}  // namespace
}  // namespace mrv

int main(int argc, char** argv) { return mrv::run(argc, argv); }
