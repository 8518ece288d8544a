// The first act of a ledger, and the folder around it.
#include "api/founding.h"

#include <future>

#include <nlohmann/json.hpp>

#include "api/files.h"
#include "crypto/did_key.h"
#include "crypto/keyfile.h"
#include "crypto/secret.h"
#include "crypto/sha256.h"
#include "crypto/signed_note.h"
#include "ledger/codec/act_codec.h"
#include "ledger/store/rocksdb_store.h"

namespace mrv::api {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::int64_t kDay = 24L * 3'600;
constexpr std::size_t kSaltBytes = 32;

fs::path keys_folder(const Config& config) { return config.data / "keys"; }
fs::path made_governance_key(const Config& config) {
  return keys_folder(config) / "governance.key";
}
fs::path persons_path(const Config& config) { return keys_folder(config) / "founders.json"; }
fs::path policy_path(const Config& config) { return config.data / "policy.txt"; }

// What is not there yet goes away again, unless the founding is kept.
class Undo {
 public:
  explicit Undo(const Config& config) : memory_folder_(config.memory().parent_path()) {
    for (const auto& path :
         {config.memory(), config.data, config.data / "db", config.data / "blobs",
          keys_folder(config), log_key_path(config), made_governance_key(config),
          persons_path(config), policy_path(config)}) {
      if (is_new(path)) new_.push_back(path);
    }
    memory_folder_is_new_ = is_new(memory_folder_);
  }
  Undo(const Undo&) = delete;
  Undo& operator=(const Undo&) = delete;
  ~Undo() {
    if (kept_) return;
    std::error_code ignored;
    for (const auto& path : new_) fs::remove_all(path, ignored);
    // May be any folder of the machine: only while it is empty.
    if (memory_folder_is_new_) fs::remove(memory_folder_, ignored);
  }
  void keep() { kept_ = true; }

 private:
  // A path that cannot be looked at is not ours to remove.
  static bool is_new(const fs::path& path) {
    std::error_code error;
    return fs::symlink_status(path, error).type() == fs::file_type::not_found;
  }

  std::vector<fs::path> new_;
  fs::path memory_folder_;
  bool memory_folder_is_new_ = false;
  bool kept_ = false;
};

model::Delays delays_of(const Founding& founding) {
  model::Delays delays;
  delays.proposal_seconds = 30 * kDay;
  if (founding.zero_delays) return delays;
  delays.new_key_seconds = kDay;
  delays.recovery_seconds = 7 * kDay;
  delays.new_counterparty_seconds = kDay;
  delays.activation_seconds = 14 * kDay;
  return delays;
}

// A founding key and the person who holds it. The ledger knows a person by the SHA-256 of a salted
// text; at founding that text is the salt alone, drawn here. Who shows it (as --person of another
// key) is the same person.
struct Founder {
  crypto::PublicKey key;
  std::string salt;
  Hash person{};
};

Founder new_founder(const crypto::PublicKey& key) {
  Hash random{};
  static_assert(sizeof(random) == kSaltBytes);
  crypto::fill_random(random);
  std::string salt = to_hex(random);
  const Hash person = crypto::sha256(as_bytes(salt));
  return {key, std::move(salt), person};
}

std::string persons_text(const std::vector<Founder>& founders) {
  json list = json::array();
  for (const auto& founder : founders) {
    list.push_back({{"key", crypto::did_of(founder.key)},
                    {"salt", founder.salt},
                    {"person", to_hex(founder.person)}});
  }
  return json{{"founders", list}}.dump(1) + "\n";
}

model::Genesis genesis_of(const Founding& founding, const std::vector<Founder>& founders,
                          const crypto::PublicKey& log_key) {
  model::Genesis genesis;
  genesis.origin = founding.origin;
  genesis.log_vkey = crypto::vkey_of({founding.origin, crypto::kNoteTypeEd25519, log_key});
  genesis.slip_key = {log_key.bytes};
  for (const auto& founder : founders) {
    genesis.governance.push_back({{founder.key.bytes}, founder.person});
  }
  const auto keys = static_cast<std::int64_t>(founders.size());
  genesis.threshold = founding.threshold > 0 ? founding.threshold : keys / 2 + 1;
  genesis.registry_code = founding.registry_code;
  genesis.foreign_registries = founding.foreign_registries;
  genesis.delays = delays_of(founding);
  return genesis;
}

// Signed by the first founding key and judged by the decoder that the node uses.
Result<std::string> genesis_document(model::Genesis genesis, const crypto::SecretKey& signer) {
  model::Act act;
  const TimestampMs now = wall_clock();
  act.id = new_act_id(now);
  act.signer = {signer.public_key().bytes};
  act.registry = genesis.origin;
  act.valid_from = whole_seconds(now);
  act.valid_until = TimestampMs{act.valid_from.value() + kDay * kMsPerSecond};
  act.body = std::move(genesis);
  MRV_TRY(std::string document, codec::sign_act(act, signer, act.valid_from));
  MRV_TRY(const auto judged, codec::decode_act(document));
  return document;
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

// Everything that the founding needs, in memory.
struct Prepared {
  std::string passphrase;
  std::optional<crypto::SecretKey> made;  // a governance key that is still to be written
  std::vector<Founder> founders;
  crypto::SecretKey log_key = crypto::SecretKey::generate();
  std::string document;
};

Result<Prepared> prepare(const Config& config, const Founding& founding) {
  if (!crypto::is_note_name(founding.origin)) {
    return Error{"ORIGIN_INVALID", "an origin is a schema-less URL without spaces or plus", {}};
  }
  Prepared prepared;
  MRV_TRY(prepared.passphrase, read_passphrase(config.passphrase_file));
  for (const auto& path : founding.governance_keys) {
    MRV_TRY(const auto key, crypto::read_keyfile_public(path));
    prepared.founders.push_back(new_founder(key));
  }
  std::optional<crypto::SecretKey> opened;
  if (founding.governance_keys.empty()) {
    prepared.made = crypto::SecretKey::generate();
    prepared.founders.push_back(new_founder(prepared.made->public_key()));
  } else {
    MRV_TRY(opened, crypto::read_keyfile(founding.governance_keys[0], prepared.passphrase));
  }
  const auto& signer = opened ? *opened : *prepared.made;
  auto genesis = genesis_of(founding, prepared.founders, prepared.log_key.public_key());
  MRV_TRY(prepared.document, genesis_document(std::move(genesis), signer));
  return prepared;
}

Status write_keys(const Config& config, const Prepared& prepared) {
  std::error_code error;
  fs::create_directories(keys_folder(config), error);
  fs::permissions(keys_folder(config), fs::perms::owner_all, error);
  if (error) return Error{"FILE_UNWRITABLE", keys_folder(config).string(), {}};
  if (prepared.made) {
    MRV_CHECK(
        crypto::write_keyfile(made_governance_key(config), *prepared.made, prepared.passphrase));
  }
  // Before Genesis: once that is recorded, only this file opens its persons.
  MRV_CHECK(write_file(persons_path(config), persons_text(prepared.founders), Readers::kOwner));
  return crypto::write_keyfile(log_key_path(config), prepared.log_key, prepared.passphrase);
}

std::string summary(const Config& config, const Founding& founding, const Prepared& prepared,
                    const std::string& vkey) {
  const std::string digest = to_hex(crypto::sha256(as_bytes(prepared.document)));
  std::string text;
  if (prepared.made) text += "governance key: " + made_governance_key(config).string() + "\n";
  text += "persons behind the founding keys: " + persons_path(config).string() +
          "\n  (give each founder their salt, keep it secret)\n";
  text += "origin: " + founding.origin + "\nlog key: " + vkey +
          "\npolicy: " + policy_path(config).string() + "\ngenesis digest: " + digest + "\n";
  if (prepared.founders.size() > 1) {
    text += "The other founding keys stand behind it with: mrv approve --digest " + digest + "\n";
  }
  return text;
}

}  // namespace

node::NodeOptions node_options(const Config& config) {
  node::NodeOptions options;
  options.data = config.data;
  options.signer_memory = config.memory();
  options.clock = wall_clock;
  options.free_space_floor = store::kFreeSpaceFloorBytes;
  return options;
}

fs::path log_key_path(const Config& config) { return keys_folder(config) / "log.key"; }

Result<std::vector<crypto::SecretKey>> read_log_keys(const Config& config,
                                                     const std::string& passphrase) {
  std::vector<crypto::SecretKey> keys;
  MRV_TRY(auto own, crypto::read_keyfile(log_key_path(config), passphrase));
  keys.push_back(std::move(own));
  if (!config.successor_key) return keys;
  MRV_TRY(auto successor, crypto::read_keyfile(*config.successor_key, passphrase));
  keys.push_back(std::move(successor));
  return keys;
}

Status require_founded(const node::Node& node) {
  if (node.reader()) return {};
  return Error{"LEDGER_NOT_FOUNDED", "the log is empty: mrvd init founds a ledger", {}};
}

Result<std::string> found_ledger(const Config& config, const Founding& founding) {
  MRV_TRY(Prepared prepared, prepare(config, founding));
  const std::string vkey =
      crypto::vkey_of({founding.origin, crypto::kNoteTypeEd25519, prepared.log_key.public_key()});
  Undo undo(config);
  const auto options = node_options(config);
  MRV_CHECK(node::Node::create({options, founding.origin}));
  MRV_CHECK(write_keys(config, prepared));
  MRV_CHECK(write_file(policy_path(config), "log " + vkey + "\nquorum none\n"));
  MRV_TRY(auto node, node::Node::open(options, std::move(prepared.log_key)));
  MRV_CHECK(submit_genesis(*node, prepared.document));
  undo.keep();
  node->stop();
  return summary(config, founding, prepared, vkey);
}

}  // namespace mrv::api
