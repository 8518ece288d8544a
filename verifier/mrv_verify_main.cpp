// mrv-verify: checks what a ledger gave out, offline. Exit 0 only when everything holds, 1 with a
// named reason otherwise, 2 for arguments that cannot be used.
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "crypto/rfc6962.h"
#include "crypto/sha256.h"
#include "ledger/codec/scalar_text.h"
#include "verifier/certificate.h"
#include "verifier/proof.h"
#include "verifier/replay.h"

namespace {

using namespace mrv;
using nlohmann::json;
namespace fs = std::filesystem;

constexpr int kExitHolds = 0;
constexpr int kExitRefused = 1;
constexpr int kExitUsage = 2;

struct Arguments {
  bool json_output = false;
  std::string file;
  std::string policy;
  std::string datasets;
  bool require_recomputation = false;
  std::string entry;
  std::string proof;
  std::string vkey;
  std::string leaf_hash;
  std::string index;
  std::string size;
  std::string size1;
  std::string size2;
  std::string root;
  std::string root1;
  std::string root2;
  std::string public_key;
  std::string message;
  std::string signature;
};

// What could not even be checked: exit 2.
struct Unusable {
  std::string what;
};

std::string read(const std::string& path) {
  std::string text;
  if (path == "-") {
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
    return text;
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Unusable{"cannot read " + path};
  text.assign(std::istreambuf_iterator<char>(file), {});
  return text;
}

std::uint64_t number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    throw Unusable{"not a number: " + text};
  }
  return value;
}

template <class T>
T usable(Result<T> result, const std::string& text) {
  if (!result.ok()) throw Unusable{result.error().detail + ": " + text};
  return *std::move(result);
}

Hash hash(const std::string& text) { return usable(hash_from_base64(text), text); }

// "B64,B64,…"; an empty text is an empty proof.
std::vector<Hash> hashes(std::string text) {
  std::vector<Hash> list;
  while (!text.empty()) {
    const auto comma = text.find(',');
    list.push_back(hash(text.substr(0, comma)));
    text = comma == std::string::npos ? std::string() : text.substr(comma + 1);
    if (comma != std::string::npos && text.empty()) throw Unusable{"a proof ends in a comma"};
  }
  return list;
}

int say(const Arguments& arguments, const std::string& human, json machine) {
  machine["holds"] = true;
  std::cout << (arguments.json_output ? machine.dump() : human) << "\n";
  return kExitHolds;
}

int refuse(const Arguments& arguments, const Error& error) {
  if (arguments.json_output) {
    std::cout << json{{"holds", false},
                      {"reason", error.name},
                      {"detail", error.detail},
                      {"pointer", error.pointer}}
                     .dump()
              << "\n";
  } else {
    std::cout << error.name << ": " << error.detail
              << (error.pointer.empty() ? "" : " (at " + error.pointer + ")") << "\n";
  }
  return kExitRefused;
}

verifier::Policy policy_of(const Arguments& arguments) {
  return usable(verifier::parse_policy(read(arguments.policy)), arguments.policy);
}

std::string checkpoint_line(const verifier::VerifiedCheckpoint& checkpoint) {
  std::string text = "checkpoint: " + checkpoint.checkpoint.origin + ", size " +
                     std::to_string(checkpoint.checkpoint.size.value()) + ", cosigned by " +
                     std::to_string(checkpoint.witnesses.size()) + " listed witnesses";
  text += checkpoint.re_executed ? "\nstate: re-executed by a witness" : "\nstate: claimed by log";
  return text;
}

// Files of a folder by digest: where datasets are looked for.
std::map<Hash, fs::path> files_by_digest(const std::string& folder) {
  std::map<Hash, fs::path> files;
  std::error_code error;
  for (const auto& item : fs::directory_iterator(folder, error)) {
    if (!item.is_regular_file() || item.file_size() > kBlobBytesMax) continue;
    const std::string bytes = read(item.path().string());
    files[crypto::sha256(as_bytes(bytes))] = item.path();
  }
  if (error) throw Unusable{"cannot read the folder " + folder};
  return files;
}

int certificate(const Arguments& arguments) {
  const auto policy = policy_of(arguments);
  const std::string text = read(arguments.file);
  verifier::CertificateOptions options;
  options.require_recomputation = arguments.require_recomputation;
  std::map<Hash, fs::path> files;
  if (!arguments.datasets.empty()) files = files_by_digest(arguments.datasets);
  options.datasets = [&files](const Hash& digest) -> std::optional<Bytes> {
    const auto found = files.find(digest);
    if (found == files.end()) return std::nullopt;
    return to_bytes(read(found->second.string()));
  };
  const auto verdict = verifier::verify_certificate(policy, text, options);
  if (!verdict.ok()) return refuse(arguments, verdict.error());
  const auto& summary = verdict->summary;
  const std::string who =
      summary.beneficiary.organisation
          ? summary.beneficiary.organisation->name
          : "the holder of commitment " + to_hex(*summary.beneficiary.commitment);
  std::string human = "holds: " + std::to_string(summary.quantity) + " " +
                      std::string(model::name_of(summary.unit)) + " CO2e retired for " + who;
  for (const auto& serials : summary.serials) {
    human += "\n  " + serials.prefix + " serials " + std::to_string(serials.first) + " to " +
             std::to_string(serials.last);
  }
  human += "\nrecorded " + codec::to_text(summary.recorded_at) + "\n" +
           checkpoint_line(verdict->checkpoint) + "\n" + std::to_string(verdict->entries) +
           " entries and " + std::to_string(verdict->rows) + " rows proved";
  for (const auto& line : verdict->recomputations) human += "\ntonnes: " + line;
  return say(arguments, human,
             {{"retirement", summary.id.text()},
              {"quantity", std::to_string(summary.quantity)},
              {"beneficiary", who},
              {"treeSize", std::to_string(verdict->checkpoint.checkpoint.size.value())},
              {"state", verdict->checkpoint.re_executed ? "re-executed" : "claimed by log"},
              {"recomputations", verdict->recomputations}});
}

int receipt(const Arguments& arguments) {
  const auto policy = policy_of(arguments);
  const std::string entry = read(arguments.entry);
  const std::string proof = read(arguments.proof);
  const auto verdict = verifier::verify_receipt(policy, as_bytes(entry), proof);
  if (!verdict.ok()) return refuse(arguments, verdict.error());
  const std::string index = std::to_string(verdict->index.value());
  return say(arguments,
             "holds: entry " + index + " is in the log\n" + checkpoint_line(verdict->checkpoint),
             {{"index", index}});
}

int inclusion(const Arguments& arguments) {
  const auto checked = crypto::verify_inclusion(number(arguments.index), number(arguments.size),
                                                hash(arguments.leaf_hash), hashes(arguments.proof),
                                                hash(arguments.root));
  if (!checked.ok()) return refuse(arguments, checked.error());
  return say(arguments, "holds: the leaf is in the tree", json::object());
}

int consistency(const Arguments& arguments) {
  const auto checked = crypto::verify_consistency(number(arguments.size1), number(arguments.size2),
                                                  hash(arguments.root1), hash(arguments.root2),
                                                  hashes(arguments.proof));
  if (!checked.ok()) return refuse(arguments, checked.error());
  return say(arguments, "holds: the second tree continues the first", json::object());
}

int note(const Arguments& arguments) {
  const auto key = usable(crypto::parse_vkey(arguments.vkey), arguments.vkey);
  const auto parsed = crypto::parse_note(read(arguments.file));
  if (!parsed.ok()) return refuse(arguments, parsed.error());
  const auto signers = crypto::verified_signers(*parsed, std::span(&key, 1));
  if (!signers.ok()) return refuse(arguments, signers.error());
  if (signers->empty()) {
    return refuse(arguments, {"NOTE_NOT_SIGNED", "this key did not sign the note", {}});
  }
  return say(arguments, "holds: signed by " + key.name + "\n" + parsed->text,
             {{"name", key.name}, {"text", parsed->text}});
}

int signature(const Arguments& arguments) {
  const auto key_bytes = usable(from_hex(arguments.public_key), arguments.public_key);
  const auto message = usable(from_hex(arguments.message), arguments.message);
  const auto bytes = usable(from_hex(arguments.signature), arguments.signature);
  crypto::PublicKey key;
  crypto::Signature given;
  if (key_bytes.size() != key.bytes.size()) throw Unusable{"a public key is 32 bytes"};
  std::copy(key_bytes.begin(), key_bytes.end(), key.bytes.begin());
  const Error invalid{"SIGNATURE_INVALID", "it does not hold under the strict Ed25519 rule", {}};
  if (bytes.size() != given.bytes.size()) return refuse(arguments, invalid);
  std::copy(bytes.begin(), bytes.end(), given.bytes.begin());
  if (!crypto::verify(key, message, given)) return refuse(arguments, invalid);
  return say(arguments, "holds", json::object());
}

// A mirror as `mrv mirror` writes it: DIR/checkpoint, DIR/entries/<n> bundles, DIR/blob/<hex>.
int replay(const Arguments& arguments) {
  const auto policy = policy_of(arguments);
  const fs::path folder = arguments.file;
  const auto checkpoint =
      verifier::verify_checkpoint(policy, read((folder / "checkpoint").string()));
  if (!checkpoint.ok()) return refuse(arguments, checkpoint.error());
  verifier::Replay replayed([&folder](const Hash& digest) -> std::optional<Bytes> {
    const fs::path path = folder / "blob" / to_hex(digest);
    if (!fs::exists(path)) return std::nullopt;
    Bytes bytes = to_bytes(read(path.string()));
    if (crypto::sha256(bytes) != digest) return std::nullopt;
    return bytes;
  });
  const std::uint64_t size = checkpoint->checkpoint.size.value();
  for (std::uint64_t tile = 0; tile * log::kTileWidth < size; ++tile) {
    const auto bundle =
        log::decode_bundle(as_bytes(read((folder / "entries" / std::to_string(tile)).string())));
    if (!bundle.ok()) return refuse(arguments, bundle.error());
    for (const Bytes& entry : *bundle) {
      if (auto status = replayed.add(entry); !status.ok()) return refuse(arguments, status.error());
    }
  }
  if (replayed.size() != size || replayed.log_root() != checkpoint->checkpoint.root) {
    return refuse(arguments, {"ROOT_MISMATCH", "the entries give another root", {}});
  }
  if (!replayed.sealed()) {
    return refuse(arguments, {"REPLAY_SEAL_WRONG", "the last entry is no seal", {}});
  }
  return say(arguments,
             "holds: " + std::to_string(replayed.acts()) + " acts and " +
                 std::to_string(replayed.seals()) + " seals replayed; log root and map root agree" +
                 "\nmap root " + to_base64(replayed.map_root()),
             {{"acts", replayed.acts()},
              {"seals", replayed.seals()},
              {"size", std::to_string(size)},
              {"logRoot", to_base64(replayed.log_root())},
              {"mapRoot", to_base64(replayed.map_root())}});
}

using Command = int (*)(const Arguments&);

void add_commands(CLI::App& app, Arguments& a, Command& chosen) {
  const auto add = [&](const char* name, const char* help, Command command) {
    auto* sub = app.add_subcommand(name, help);
    sub->callback([&chosen, command] { chosen = command; });
    return sub;
  };
  auto* sub = add("certificate", "A retirement's certificate", certificate);
  sub->add_option("FILE", a.file, "- is standard input")->required();
  sub->add_option("--policy", a.policy, "which logs and witnesses you trust")->required();
  sub->add_option("--datasets", a.datasets, "folder with the data files, to recompute the tonnes");
  sub->add_flag("--require-recomputation", a.require_recomputation);
  sub = add("receipt", "An entry's receipt (C2SP tlog-proof)", receipt);
  sub->add_option("--entry", a.entry)->required();
  sub->add_option("--proof", a.proof)->required();
  sub->add_option("--policy", a.policy)->required();
  sub = add("inclusion", "An RFC 6962 inclusion proof", inclusion);
  sub->add_option("--leaf-hash", a.leaf_hash, "base64")->required();
  sub->add_option("--index", a.index)->required();
  sub->add_option("--size", a.size)->required();
  sub->add_option("--root", a.root, "base64")->required();
  sub->add_option("--proof", a.proof, "base64 hashes with commas between")->required();
  sub = add("consistency", "An RFC 6962 consistency proof", consistency);
  sub->add_option("--size1", a.size1)->required();
  sub->add_option("--size2", a.size2)->required();
  sub->add_option("--root1", a.root1, "base64")->required();
  sub->add_option("--root2", a.root2, "base64")->required();
  sub->add_option("--proof", a.proof, "base64 hashes with commas between")->required();
  sub = add("replay", "Every entry of a mirror over again: signatures, rules, roots", replay);
  sub->add_option("DIR", a.file, "what `mrv mirror` wrote")->required();
  sub->add_option("--policy", a.policy)->required();
  sub = add("note", "A signed note, such as a checkpoint", note);
  sub->add_option("FILE", a.file, "- is standard input")->required();
  sub->add_option("--vkey", a.vkey)->required();
  sub = add("signature", "One Ed25519 signature under the strict rule", signature);
  sub->add_option("--public-key", a.public_key, "hex")->required();
  sub->add_option("--message", a.message, "hex")->required();
  sub->add_option("--signature", a.signature, "hex")->required();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"mrv-verify: offline checks of what an mrv-ledger gave out"};
  app.require_subcommand(1);
  app.fallthrough();
  Arguments arguments;
  app.add_flag("--json", arguments.json_output, "one JSON object on standard output");
  Command chosen = nullptr;
  add_commands(app, arguments, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitHolds : kExitUsage;
  }
  if (const auto ready = crypto::initialise(); !ready.ok()) {
    std::cerr << ready.error().name << ": " << ready.error().detail << "\n";
    return kExitUsage;
  }
  try {
    return chosen(arguments);
  } catch (const Unusable& unusable) {
    std::cerr << "cannot be checked: " << unusable.what << "\n";
    return kExitUsage;
  }
}
