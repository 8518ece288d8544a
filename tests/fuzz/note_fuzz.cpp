// A note and a vkey have one spelling each, whatever is read can be signed again, and no text but
// the seeds' verifies under the seeds' key.
// fuzz-links: mrv_crypto
#include <cstdlib>

#include "crypto/cosignature.h"
#include "crypto/signed_note.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// What the secret key of 32 bytes 01 signed in corpus/note, as log and as witness.
constexpr std::string_view kSignedText =
    "example.org/log\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";

std::vector<mrv::crypto::NoteKey> seed_keys() {
  const auto key = mrv::crypto::SecretKey::from_seed(mrv::Bytes(32, 1)).public_key();
  return {{"example.org/log", mrv::crypto::kNoteTypeEd25519, key},
          {"w.example", mrv::crypto::kNoteTypeCosignature, key}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mrv::crypto;
  static const bool kReady = initialise().ok();
  require(kReady);
  static const std::vector<NoteKey> kKeys = seed_keys();
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  const auto vkey = parse_vkey(text);
  if (vkey.ok()) require(vkey_of(*vkey) == text && is_note_name(vkey->name));

  const auto note = parse_note(text);
  if (!note.ok()) {
    require(note.error().name == "NOTE_MALFORMED" || note.error().name == "NOTE_TOO_LARGE");
    return 0;
  }
  require(write_note(*note) == text);
  require(check_note_text(note->text).ok());
  require(!note->signatures.empty() && note->signatures.size() <= kNoteSignatureLinesMax);
  const auto signers = verified_signers(*note, kKeys);
  if (signers.ok()) {
    require(!signers->empty() && note->text == kSignedText);
  } else {
    const auto name = signers.error().name;
    require(name == "NOTE_SIGNATURE_INVALID" || name == "NOTE_NOT_SIGNED");
  }
  return 0;
}
