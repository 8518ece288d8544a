// Keys and documents: making, showing, signing, checking.
#include <iostream>

#include "api/cli/commands.h"
#include "api/files.h"
#include "crypto/canonical_json.h"
#include "crypto/data_integrity.h"
#include "crypto/did_key.h"
#include "crypto/keyfile.h"
#include "crypto/sha256.h"
#include "crypto/signed_note.h"
#include "ledger/codec/act_codec.h"
#include "ledger/codec/entry_codec.h"
#include "ledger/codec/scalar_text.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/tile.h"
#include "ledger/state/transition.h"

namespace mrv::cli {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

Status make_key(Session& session, const fs::path& path) {
  MRV_TRY(const std::string passphrase, api::read_passphrase(session.settings().passphrase_file));
  const auto key = crypto::SecretKey::generate();
  MRV_CHECK(crypto::write_keyfile(path, key, passphrase));
  const std::string did = crypto::did_of(key.public_key());
  std::string warning;
  if (passphrase.empty()) warning = "\nno passphrase: only the file's mode protects it";
  session.print(path.string() + "\n" + did + warning, {{"file", path.string()}, {"key", did}});
  return {};
}

// `log`: the name of a log whose checkpoints the key is to sign; empty for none.
Status show_key(Session& session, const fs::path& path, const std::string& log) {
  MRV_TRY(const auto key, crypto::read_keyfile_public(path));
  const std::string did = crypto::did_of(key);
  json machine = {{"key", did}, {"publicKey", to_hex(key.bytes)}};
  if (log.empty()) {
    session.print(did, machine);
    return {};
  }
  if (!crypto::is_note_name(log)) return Error{"ORIGIN_INVALID", "not a log's name: " + log, {}};
  const std::string vkey = crypto::vkey_of({log, crypto::kNoteTypeEd25519, key});
  machine["vkey"] = vkey;
  session.print(did + "\n" + vkey, machine);
  return {};
}

// What somebody is about to sign or was sent, in plain words.
Status inspect(Session& session, const fs::path& path) {
  MRV_TRY(const std::string text, api::read_file(path));
  MRV_TRY(const auto act, codec::decode_act(text));
  const std::string type(model::type_of(act.act.body));
  std::string human = type + " for " + act.act.registry + "\nsigned by " +
                      codec::to_text(act.act.signer) + "\nas " +
                      (act.act.party ? act.act.party->text() : "no party") + "\nvalid until " +
                      codec::to_text(act.act.valid_until) + "\ndigest " + to_hex(act.digest) +
                      "\n" + json::parse(act.canonical)["credentialSubject"].dump(2);
  session.print(human, {{"type", type},
                        {"registry", act.act.registry},
                        {"digest", to_hex(act.digest)},
                        {"signer", codec::to_text(act.act.signer)}});
  return {};
}

Status canonicalize(const fs::path& path) {
  MRV_TRY(const std::string text, api::read_file(path));
  MRV_TRY(const json value, crypto::parse_strict(text, crypto::kForeignLimits));
  MRV_TRY(const std::string canonical, crypto::try_canonicalize(value));
  std::cout << canonical;
  return {};
}

Status sign_document(Session& session, const fs::path& path) {
  MRV_TRY(const std::string text, api::read_file(path));
  MRV_TRY(json value, crypto::parse_strict(text, crypto::kForeignLimits));
  MRV_TRY(const auto key, session.secret());
  MRV_TRY(
      const json done,
      crypto::sign_document(std::move(value), key, crypto::verification_method_of(key.public_key()),
                            codec::to_text(api::whole_seconds(api::wall_clock()))));
  std::cout << crypto::canonicalize(done) << "\n";
  return {};
}

Status verify_document(Session& session, const fs::path& path) {
  MRV_TRY(const std::string text, api::read_file(path));
  MRV_TRY(const json value, crypto::parse_strict(text, crypto::kForeignLimits));
  MRV_TRY(const auto key, crypto::verify_document(value));
  const std::string did = crypto::did_of(key);
  session.print("the signature holds: " + did, {{"verified", true}, {"key", did}});
  return {};
}

// Everything a replay needs, from the server's public paths: the checkpoint, the entries in bundles
// of 256, and the datasets that reports name, but those that are gone by decision.
Status mirror(Session& session, const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder / "entries", error);
  fs::create_directories(folder / "blob", error);
  if (error) return Error{"FILE_UNWRITABLE", folder.string(), {}};
  MRV_TRY(const std::string note, session.get_text("/checkpoint"));
  MRV_TRY(const auto parsed, crypto::parse_note(note));
  MRV_TRY(const auto checkpoint, log::parse_checkpoint(parsed.text));
  const std::uint64_t size = checkpoint.size.value();
  for (std::uint64_t tile = 0; tile * log::kTileWidth < size; ++tile) {
    const std::uint64_t left = size - tile * log::kTileWidth;
    log::TilePath path{std::nullopt, tile, std::nullopt};
    if (left < log::kTileWidth) path.width = static_cast<unsigned>(left);
    MRV_TRY(const std::string bundle, session.get_text("/" + log::tile_path(path)));
    MRV_CHECK(api::write_file(folder / "entries" / std::to_string(tile), bundle));
    MRV_TRY(const auto entries, log::decode_bundle(as_bytes(bundle)));
    for (const Bytes& bytes : entries) {
      MRV_TRY(const auto entry, codec::decode_entry(bytes));
      const auto* act_entry = std::get_if<codec::ActEntry>(&entry);
      if (act_entry == nullptr) continue;
      MRV_TRY(const auto act, codec::decode_trusted_act(act_entry->document));
      for (const Hash& digest : state::blobs_needed(act.act)) {
        const std::string hex = to_hex(digest);
        MRV_TRY(const auto blob, session.get_blob(hex));
        if (blob) MRV_CHECK(api::write_file(folder / "blob" / hex, *blob));
      }
    }
  }
  MRV_CHECK(api::write_file(folder / "checkpoint", note));
  session.print(std::to_string(size) + " entries in " + folder.string() +
                    "\nreplay them: mrv-verify replay " + folder.string() + " --policy policy.txt",
                {{"size", std::to_string(size)}});
  return {};
}

int finish(Session& session, const Status& status) {
  return status.ok() ? kExitOk : session.fail(status.error());
}

}  // namespace

Result<json> read_json(const fs::path& path) {
  MRV_TRY(const std::string text, api::read_file(path));
  return crypto::parse_strict(text, crypto::kForeignLimits);
}

void add_key_commands(CLI::App& app, Run& run) {
  auto* key = app.add_subcommand("key", "Signing keys");
  key->require_subcommand(1);
  const auto file = kept<fs::path>();
  auto* make = key->add_subcommand("new", "Make a key and keep it in FILE, encrypted");
  make->add_option("FILE", *file)->required();
  make->callback([&run, file] {
    run = [file](Session& session) { return finish(session, make_key(session, *file)); };
  });
  auto* show = key->add_subcommand("show", "Print the public half of FILE");
  show->add_option("FILE", *file)->required();
  const auto log = kept<std::string>();
  show->add_option("--log", *log, "also as the vkey of the log of this name");
  show->callback([&run, file, log] {
    run = [file, log](Session& session) { return finish(session, show_key(session, *file, *log)); };
  });
}

void add_document_commands(CLI::App& app, Run& run) {
  auto* document = app.add_subcommand("document", "Signed documents");
  document->require_subcommand(1);
  const auto file = kept<fs::path>();
  const auto add = [&](const char* name, const char* help, auto work) {
    auto* command = document->add_subcommand(name, help);
    command->add_option("FILE", *file, "- is standard input")->required();
    command->callback([&run, file, work] {
      run = [file, work](Session& session) { return finish(session, work(session, *file)); };
    });
  };
  add("canonicalize", "Print the RFC 8785 form of any JSON",
      [](Session&, const fs::path& path) { return canonicalize(path); });
  add("sign", "Sign a JSON document with --key", sign_document);
  add("verify", "Check a document's signature", verify_document);
  add("inspect", "Say what an act's document says", inspect);
  auto* copy = app.add_subcommand("mirror", "Copy the whole log into a folder");
  copy->add_option("DIR", *file)->required();
  copy->callback([&run, file] {
    run = [file](Session& session) { return finish(session, mirror(session, *file)); };
  });
  const auto target = kept<std::string>();
  auto* get = app.add_subcommand("get", "Print what the server answers for a path");
  get->add_option("PATH", *target, "/v1/projects, /checkpoint, …")->required();
  get->callback([&run, target] {
    run = [target](Session& session) {
      const auto text = session.get_text(*target);
      if (!text.ok()) return session.fail(text.error());
      std::cout << *text;
      return kExitOk;
    };
  });
  auto* submit = app.add_subcommand("submit", "Send a signed document");
  submit->add_option("FILE", *file, "- is standard input")->required();
  submit->callback([&run, file] {
    run = [file](Session& session) {
      const auto text = api::read_file(*file);
      return text.ok() ? session.send_document(*text) : session.fail(text.error());
    };
  });
}

}  // namespace mrv::cli
