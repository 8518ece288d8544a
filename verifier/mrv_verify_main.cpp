// mrv-verify: checks what a ledger gave out, offline. Exit 0 only when everything holds, 1 with a
// named reason otherwise, 2 for arguments that cannot be used.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include <CLI/CLI.hpp>

#include "crypto/sha256.h"
#include "ledger/base/limits.h"
#include "verifier/commands.h"

namespace mrv {
namespace {

using verifier::Answer;
namespace fs = std::filesystem;

// No format of the ledger has larger files.
constexpr std::size_t kFileBytesMax = kBlobBytesMax;

struct Arguments {
  bool json_output = false;
  std::string language = "en";
  std::string file;
  std::string policy;
  std::string datasets;
  bool require_recomputation = false;
  std::string entry;
  std::string proof;
  std::string vkey;
  std::string digest;
  std::string report;
  std::string certificate;
  verifier::InclusionArguments inclusion;
  verifier::ConsistencyArguments consistency;
  verifier::SignatureArguments signature;
};

Error unreadable(const std::string& path, const char* why) {
  return {verifier::kArgumentUnusable, path + ": " + why, {}};
}

// istream::read keeps a failing device's exception to itself; a folder opens and then fails.
Result<std::string> read_all(std::istream& stream, const std::string& path) {
  constexpr std::size_t kChunk = std::size_t{64} << 10U;
  std::string text;
  while (stream && text.size() <= kFileBytesMax) {
    const std::size_t length = text.size();
    text.resize(length + kChunk);
    stream.read(text.data() + length, static_cast<std::streamsize>(kChunk));
    text.resize(length + static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) return unreadable(path, "cannot be read");
  if (text.size() > kFileBytesMax) return unreadable(path, "is larger than 64 MiB");
  return text;
}

// Reads the FILE arguments of one command; standard input can be one of them, not two.
class Files {
 public:
  Result<std::string> read(const std::string& path) {
    if (path != "-") {
      std::ifstream file(path, std::ios::binary);
      if (!file) return unreadable(path, "cannot be opened");
      return read_all(file, path);
    }
    if (input_taken_) return unreadable(path, "standard input is named twice");
    input_taken_ = true;
    return read_all(std::cin, "standard input");
  }

 private:
  bool input_taken_ = false;
};

// Files of a folder by digest: where datasets are looked for.
Result<std::map<Hash, fs::path>> files_by_digest(const std::string& folder) {
  std::map<Hash, fs::path> files;
  std::error_code error;
  Files reader;
  fs::directory_iterator item(folder, error);
  for (; !error && item != fs::directory_iterator(); item.increment(error)) {
    std::error_code ignored;  // what is no readable file is no dataset
    if (!item->is_regular_file(ignored)) continue;
    const auto bytes = reader.read(item->path().string());
    if (bytes.ok()) files[crypto::sha256(as_bytes(*bytes))] = item->path();
  }
  if (error) return unreadable(folder, "is no readable folder");
  return files;
}

Result<Answer> certificate(const Arguments& arguments) {
  Files reader;
  MRV_TRY(const std::string policy, reader.read(arguments.policy));
  MRV_TRY(const std::string text, reader.read(arguments.file));
  std::map<Hash, fs::path> files;
  if (!arguments.datasets.empty()) {
    MRV_TRY(files, files_by_digest(arguments.datasets));
  }
  verifier::CertificateOptions options;
  options.require_recomputation = arguments.require_recomputation;
  options.datasets = [&](const Hash& digest) -> std::optional<Bytes> {
    const auto found = files.find(digest);
    if (found == files.end()) return std::nullopt;
    const auto bytes = reader.read(found->second.string());
    if (!bytes.ok()) return std::nullopt;
    return to_bytes(*bytes);
  };
  return verifier::check_certificate(policy, text, options);
}

Result<Answer> receipt(const Arguments& arguments) {
  Files reader;
  MRV_TRY(const std::string policy, reader.read(arguments.policy));
  MRV_TRY(const std::string entry, reader.read(arguments.entry));
  MRV_TRY(const std::string proof, reader.read(arguments.proof));
  return verifier::check_receipt(policy, entry, proof);
}

// The file's bytes; nothing where none is named.
Result<std::optional<std::string>> read_named(Files& reader, const std::string& path) {
  if (path.empty()) return std::optional<std::string>();
  MRV_TRY(std::string text, reader.read(path));
  return std::optional<std::string>(std::move(text));
}

Result<Answer> reading(const Arguments& arguments) {
  Files reader;
  verifier::ReadingArguments given;
  MRV_TRY(given.disclosure, reader.read(arguments.file));
  MRV_TRY(given.report, read_named(reader, arguments.report));
  MRV_TRY(given.proof, read_named(reader, arguments.proof));
  MRV_TRY(given.certificate, read_named(reader, arguments.certificate));
  MRV_TRY(given.policy, read_named(reader, arguments.policy));
  if (!arguments.digest.empty()) given.digest = arguments.digest;
  if (arguments.language == "zh") given.language = verifier::Language::kChinese;
  return verifier::check_reading(given);
}

Result<Answer> note(const Arguments& arguments) {
  Files reader;
  MRV_TRY(const std::string text, reader.read(arguments.file));
  return verifier::check_note(text, arguments.vkey);
}

Result<Answer> inclusion(const Arguments& arguments) {
  return verifier::check_inclusion(arguments.inclusion);
}

Result<Answer> consistency(const Arguments& arguments) {
  return verifier::check_consistency(arguments.consistency);
}

Result<Answer> signature(const Arguments& arguments) {
  return verifier::check_signature(arguments.signature);
}

Result<Answer> replay(const Arguments& arguments) {
  Files reader;
  MRV_TRY(const std::string policy, reader.read(arguments.policy));
  const fs::path folder = arguments.file;
  verifier::Mirror mirror;
  mirror.read = [&](const std::string& name) { return reader.read((folder / name).string()); };
  mirror.blob = [&](const Hash& digest) -> std::optional<Bytes> {
    const auto bytes = reader.read((folder / "blob" / to_hex(digest)).string());
    if (!bytes.ok()) return std::nullopt;
    return to_bytes(*bytes);
  };
  return verifier::check_replay(policy, mirror);
}

using Command = Result<Answer> (*)(const Arguments&);

CLI::App* add(CLI::App& app, Command& chosen, const char* name, const char* help, Command command) {
  auto* sub = app.add_subcommand(name, help);
  sub->callback([&chosen, command] { chosen = command; });
  return sub;
}

void add_document_commands(CLI::App& app, Arguments& a, Command& chosen) {
  auto* sub = add(app, chosen, "certificate", "A retirement's certificate", certificate);
  sub->add_option("FILE", a.file, "- is standard input")->required();
  sub->add_option("--policy", a.policy, "which logs and witnesses you trust")->required();
  sub->add_option("--datasets", a.datasets, "folder with the data files, to recompute the tonnes");
  sub->add_flag("--require-recomputation", a.require_recomputation);
  sub = add(app, chosen, "receipt", "An entry's receipt (C2SP tlog-proof)", receipt);
  sub->add_option("--entry", a.entry, "- is standard input")->required();
  sub->add_option("--proof", a.proof, "- is standard input")->required();
  sub->add_option("--policy", a.policy, "which logs and witnesses you trust")->required();
  sub = add(app, chosen, "replay", "Every entry of a mirror over again: signatures, rules, roots",
            replay);
  sub->add_option("DIR", a.file, "what `mrv mirror` wrote")->required();
  sub->add_option("--policy", a.policy, "which logs and witnesses you trust")->required();
  sub = add(app, chosen, "note", "A signed note, such as a checkpoint", note);
  sub->add_option("FILE", a.file, "- is standard input")->required();
  sub->add_option("--vkey", a.vkey, "the key that must have signed")->required();
}

void add_reading_command(CLI::App& app, Arguments& a, Command& chosen) {
  auto* sub = add(app, chosen, "reading", "One disclosed reading of a measurement series", reading);
  sub->add_option("FILE", a.file, "what `mrv series disclose` wrote; - is standard input")
      ->required();
  sub->add_option("--digest", a.digest, "the series digest you hold, hex");
  sub->add_option("--report", a.report, "or the entry of the report that names the series");
  sub->add_option("--proof", a.proof, "its receipt, to prove that it is in the log");
  sub->add_option("--certificate", a.certificate, "or a certificate that rests on that report");
  sub->add_option("--policy", a.policy, "which logs and witnesses you trust");
  sub->add_option("--lang", a.language, "en or zh")->check(CLI::IsMember({"en", "zh"}));
}

void add_proof_commands(CLI::App& app, Arguments& a, Command& chosen) {
  auto* sub = add(app, chosen, "inclusion", "An RFC 6962 inclusion proof", inclusion);
  sub->add_option("--leaf-hash", a.inclusion.leaf_hash, "base64")->required();
  sub->add_option("--index", a.inclusion.index)->required();
  sub->add_option("--size", a.inclusion.size)->required();
  sub->add_option("--root", a.inclusion.root, "base64")->required();
  sub->add_option("--proof", a.inclusion.proof, "base64 hashes with commas between")->required();
  sub = add(app, chosen, "consistency", "An RFC 6962 consistency proof", consistency);
  sub->add_option("--size1", a.consistency.size1)->required();
  sub->add_option("--size2", a.consistency.size2)->required();
  sub->add_option("--root1", a.consistency.root1, "base64")->required();
  sub->add_option("--root2", a.consistency.root2, "base64")->required();
  sub->add_option("--proof", a.consistency.proof, "base64 hashes with commas between")->required();
  sub = add(app, chosen, "signature", "One Ed25519 signature under the strict rule", signature);
  sub->add_option("--public-key", a.signature.public_key, "hex")->required();
  sub->add_option("--message", a.signature.message, "hex")->required();
  sub->add_option("--signature", a.signature.signature, "hex")->required();
}

// With --json the one object always goes to standard output; words that say why nothing could be
// checked go to standard error.
int say(const Arguments& arguments, const Answer& answer) {
  if (arguments.json_output) {
    std::cout << answer.json << "\n";
  } else {
    (answer.exit_code == verifier::kExitUnusable ? std::cerr : std::cout) << answer.text << "\n";
  }
  return answer.exit_code;
}

int run(int argc, char** argv) {
  CLI::App app{"mrv-verify: offline checks of what an mrv-ledger gave out"};
  app.require_subcommand(1);
  app.fallthrough();
  Arguments arguments;
  app.add_flag("--json", arguments.json_output, "one JSON object on standard output");
  Command chosen = nullptr;
  add_document_commands(app, arguments, chosen);
  add_reading_command(app, arguments, chosen);
  add_proof_commands(app, arguments, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? verifier::kExitHolds : verifier::kExitUnusable;
  }
  if (const auto ready = crypto::initialise(); !ready.ok()) {
    std::cerr << ready.error().name << ": " << ready.error().detail << "\n";
    return verifier::kExitUnusable;
  }
  const auto answer = chosen(arguments);
  return say(arguments, answer.ok() ? *answer : verifier::answer_of(answer.error()));
}

}  // namespace
}  // namespace mrv

int main(int argc, char** argv) { return mrv::run(argc, argv); }
