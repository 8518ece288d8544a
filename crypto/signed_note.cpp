// Signed notes: keys, lines, verification.
#include "crypto/signed_note.h"

#include <algorithm>
#include <array>

#include "crypto/cosignature.h"
#include "crypto/sha256.h"
#include "crypto/utf8.h"

namespace mrv::crypto {
namespace {

Error malformed(const char* why) { return {"NOTE_MALFORMED", why, {}}; }
Error too_large() { return {"NOTE_TOO_LARGE", "a note has at most 64 KiB", {}}; }
Error bad_vkey(const char* why) { return {"VKEY_INVALID", why, {}}; }
Error bad_signature(const std::string& name) {
  return {"NOTE_SIGNATURE_INVALID", "the signature of " + name + " does not hold", {}};
}

// White space beyond ASCII (Unicode's White_Space property), as it stands in UTF-8. Well-formed
// sequences never start inside one another, so a search for bytes finds characters.
constexpr std::array<std::string_view, 19> kSpaces = {
    "\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81",
    "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
    "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8",
    "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

bool has_stray_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n') || byte == 0x7F;
  });
}

Result<NoteSignature> parse_line(std::string_view line) {
  if (!line.starts_with(kNoteLinePrefix)) return malformed("a signature line starts with a dash");
  line.remove_prefix(kNoteLinePrefix.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos) return malformed("a signature line has name and signature");
  const std::string_view name = line.substr(0, space);
  if (!is_note_name(name)) return malformed("the name of a signature line is malformed");
  const auto blob = from_base64(line.substr(space + 1));
  if (!blob.ok()) return malformed("the signature is not strict base64");
  if (blob->size() <= kNoteKeyIdSize) return malformed("the signature is too short");
  NoteSignature signature;
  signature.name = name;
  std::copy_n(blob->begin(), kNoteKeyIdSize, signature.id.begin());
  signature.payload.assign(blob->begin() + kNoteKeyIdSize, blob->end());
  return signature;
}

bool signature_holds(const Note& note, const NoteKey& key, const NoteSignature& line) {
  if (key.type == kNoteTypeCosignature) {
    return verify_cosignature(note.text, key, line).ok();
  }
  if (line.payload.size() != kSignatureSize) return false;
  Signature signature;
  std::copy(line.payload.begin(), line.payload.end(), signature.bytes.begin());
  return verify(key.key, as_bytes(note.text), signature);
}

}  // namespace

NoteKeyId NoteKey::id() const {
  Bytes bytes = to_bytes(std::string_view(name));
  bytes.push_back('\n');
  bytes.push_back(type);
  bytes.insert(bytes.end(), key.bytes.begin(), key.bytes.end());
  const Hash hash = sha256(bytes);
  NoteKeyId id{};
  std::copy_n(hash.begin(), kNoteKeyIdSize, id.begin());
  return id;
}

bool is_note_name(std::string_view name) {
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7F && c != '+';
  });
  return plain && utf8_error_offset(name) == name.size() &&
         std::none_of(kSpaces.begin(), kSpaces.end(), [name](std::string_view space) {
           return name.find(space) != std::string_view::npos;
         });
}

Status check_note_text(std::string_view text) {
  if (!text.ends_with('\n')) return malformed("the text ends in a newline");
  if (text == "\n") return malformed("the text is an empty line");
  if (has_stray_control(text)) return malformed("a control character");
  if (utf8_error_offset(text) != text.size()) return malformed("the text is not UTF-8");
  return {};
}

std::string vkey_of(const NoteKey& key) {
  Bytes bytes{key.type};
  bytes.insert(bytes.end(), key.key.bytes.begin(), key.key.bytes.end());
  return key.name + "+" + to_hex(key.id()) + "+" + to_base64(bytes);
}

Result<NoteKey> parse_vkey(std::string_view text) {
  const auto first = text.find('+');
  const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return bad_vkey("a vkey is name+id+key");
  NoteKey key;
  key.name = text.substr(0, first);
  if (!is_note_name(key.name)) return bad_vkey("the name is malformed");
  const auto id = from_hex(text.substr(first + 1, second - first - 1));
  const auto blob = from_base64(text.substr(second + 1));
  if (!id.ok() || id->size() != kNoteKeyIdSize) return bad_vkey("the key id has 8 hex digits");
  if (!blob.ok() || blob->size() != 1 + kPublicKeySize) return bad_vkey("the key is malformed");
  key.type = (*blob)[0];
  if (key.type != kNoteTypeEd25519 && key.type != kNoteTypeCosignature) {
    return bad_vkey("the key type is not known");
  }
  std::copy(blob->begin() + 1, blob->end(), key.key.bytes.begin());
  if (!std::equal(id->begin(), id->end(), key.id().begin())) {
    return bad_vkey("the key id is not that of name and key");
  }
  if (!is_acceptable_public_key(key.key)) return bad_vkey("the key is no acceptable point");
  return key;
}

Result<Note> parse_note(std::string_view bytes) {
  if (bytes.size() > kNoteBytesMax) return too_large();
  if (has_stray_control(bytes)) return malformed("a control character");
  if (utf8_error_offset(bytes) != bytes.size()) return malformed("the note is not UTF-8");
  const auto split = bytes.rfind("\n\n");
  if (split == std::string_view::npos || split == 0) return malformed("no signature part");
  Note note;
  note.text = bytes.substr(0, split + 1);
  std::string_view lines = bytes.substr(split + 2);
  if (lines.empty() || !lines.ends_with('\n')) return malformed("no signature lines");
  while (!lines.empty()) {
    if (note.signatures.size() == kNoteSignatureLinesMax) return malformed("too many signatures");
    const auto end = lines.find('\n');
    MRV_TRY(NoteSignature signature, parse_line(lines.substr(0, end)));
    note.signatures.push_back(std::move(signature));
    lines.remove_prefix(end + 1);
  }
  return note;
}

std::string write_note(const Note& note) {
  std::string text = note.text + "\n";
  for (const auto& signature : note.signatures) {
    Bytes blob(signature.id.begin(), signature.id.end());
    blob.insert(blob.end(), signature.payload.begin(), signature.payload.end());
    text += std::string(kNoteLinePrefix) + signature.name + " " + to_base64(blob) + "\n";
  }
  return text;
}

Result<NoteSignature> sign_note(std::string_view text, std::string_view name,
                                const SecretKey& secret) {
  MRV_CHECK(check_note_text(text));
  if (!is_note_name(name)) return malformed("the signer's name is malformed");
  const NoteKey key{std::string(name), kNoteTypeEd25519, secret.public_key()};
  const Signature signature = secret.sign(as_bytes(text));
  NoteSignature line{key.name, key.id(), Bytes(signature.bytes.begin(), signature.bytes.end())};
  const std::size_t line_bytes = write_note({{}, {line}}).size();
  if (text.size() + line_bytes > kNoteBytesMax) return too_large();
  return line;
}

Result<std::vector<NoteKey>> verified_signers(const Note& note, std::span<const NoteKey> known) {
  std::vector<NoteKey> signers;
  for (const auto& line : note.signatures) {
    for (const auto& key : known) {
      if (key.name != line.name || key.id() != line.id) continue;
      if (!signature_holds(note, key, line)) return bad_signature(key.name);
      if (std::find(signers.begin(), signers.end(), key) == signers.end()) signers.push_back(key);
    }
  }
  if (signers.empty()) return Error{"NOTE_NOT_SIGNED", "no known key signed the note", {}};
  return signers;
}

}  // namespace mrv::crypto
