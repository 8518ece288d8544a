// C2SP signed notes (c2sp.org/signed-note): a text and lines `— <name> <base64(key id ‖
// signature)>`.
//   signed bytes = the text with its final newline, without the blank line
//   key id = first 4 bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key)
//   vkey = <name>+<8 hex key id>+<base64(type ‖ public key)>
// Lines by unknown (name, id) pairs are ignored; a line by a known key that does not verify refuses
// the note. Pure, any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/ed25519.h"

namespace mrv::crypto {

inline constexpr std::uint8_t kNoteTypeEd25519 = 0x01;
inline constexpr std::uint8_t kNoteTypeCosignature = 0x04;
inline constexpr std::size_t kNoteKeyIdSize = 4;
inline constexpr std::size_t kNoteBytesMax = 64UL * 1024;
inline constexpr std::size_t kNoteSignatureLinesMax = 100;  // the format asks for at least 16
inline constexpr std::string_view kNoteLinePrefix = "\xE2\x80\x94 ";  // U+2014 and a space

using NoteKeyId = std::array<std::uint8_t, kNoteKeyIdSize>;

struct NoteKey {
  std::string name;
  std::uint8_t type = kNoteTypeEd25519;
  PublicKey key;
  [[nodiscard]] NoteKeyId id() const;
  friend bool operator==(const NoteKey&, const NoteKey&) = default;
};

// Nonempty, UTF-8, no white space of any script, no plus sign, no ASCII control characters.
bool is_note_name(std::string_view name);

std::string vkey_of(const NoteKey& key);
// Errors: VKEY_INVALID.
Result<NoteKey> parse_vkey(std::string_view text);

struct NoteSignature {
  std::string name;
  NoteKeyId id{};
  Bytes payload;  // after the key id
};

struct Note {
  std::string text;  // with its final newline: the signed bytes
  std::vector<NoteSignature> signatures;
};

// Errors: NOTE_MALFORMED, NOTE_TOO_LARGE.
Result<Note> parse_note(std::string_view bytes);
std::string write_note(const Note& note);

// Whether a note can carry `text`, so that parse_note gives it back: UTF-8 that ends in a newline,
// no other ASCII control characters, more than one empty line. Errors: NOTE_MALFORMED.
Status check_note_text(std::string_view text);

// A signature of type Ed25519. Errors: NOTE_MALFORMED (text or name), NOTE_TOO_LARGE (the text with
// this one line).
Result<NoteSignature> sign_note(std::string_view text, std::string_view name,
                                const SecretKey& secret);

// The keys of `known` that signed, at least one; lines by unknown keys are no error.
// Errors: NOTE_SIGNATURE_INVALID, NOTE_NOT_SIGNED (by none of `known`).
Result<std::vector<NoteKey>> verified_signers(const Note& note, std::span<const NoteKey> known);

}  // namespace mrv::crypto
