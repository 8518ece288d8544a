// Signed notes and cosignatures: the specification's key, round trips, damage by name.
#include "crypto/signed_note.h"

#include <set>

#include <doctest/doctest.h>

#include "crypto/cosignature.h"

using namespace mrv;

namespace {

// The example key of c2sp.org/signed-note.
constexpr const char* kExampleVkey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

crypto::SecretKey secret(std::uint8_t seed) {
  REQUIRE(crypto::initialise().ok());
  return crypto::SecretKey::from_seed(Bytes(32, seed));
}

crypto::NoteKey log_key(std::uint8_t seed) {
  return {"example.org/log", crypto::kNoteTypeEd25519, secret(seed).public_key()};
}

crypto::NoteKey witness_key(std::uint8_t seed) {
  return {"witness.example/w", crypto::kNoteTypeCosignature, secret(seed).public_key()};
}

constexpr const char* kText = "example.org/log\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";

crypto::Note sample() {
  crypto::Note note{kText, {}};
  note.signatures.push_back(*crypto::sign_note(kText, "example.org/log", secret(1)));
  note.signatures.push_back(*crypto::cosign(kText, 1'700'000'000, "witness.example/w", secret(2)));
  return note;
}

std::string utf8_of(std::uint32_t scalar) {
  const auto tail = [scalar](unsigned shift) {
    return static_cast<char>(0x80U | (scalar >> shift & 0x3FU));
  };
  if (scalar < 0x80) return {static_cast<char>(scalar)};
  if (scalar < 0x800) return {static_cast<char>(0xC0U | scalar >> 6), tail(0)};
  if (scalar < 0x10000) return {static_cast<char>(0xE0U | scalar >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0U | scalar >> 18), tail(12), tail(6), tail(0)};
}

}  // namespace

TEST_CASE("the specification's key is read and written") {
  REQUIRE(crypto::initialise().ok());
  const auto key = crypto::parse_vkey(kExampleVkey);
  REQUIRE(key.ok());
  CHECK(key->name == "example.com/foo");
  CHECK(to_hex(key->id()) == "530d903a");
  CHECK(crypto::vkey_of(*key) == kExampleVkey);
}

TEST_CASE("every other spelling of a key is refused") {
  const std::string good = crypto::vkey_of(log_key(1));
  CHECK(crypto::parse_vkey(good).ok());
  for (const std::string& text :
       {std::string(), std::string("name"), std::string("name+00000000"), good + "+", " " + good,
        good.substr(0, good.size() - 1), "other" + good, "+" + good}) {
    const auto parsed = crypto::parse_vkey(text);
    REQUIRE_MESSAGE(!parsed.ok(), text);
    CHECK(parsed.error().name == "VKEY_INVALID");
  }
  auto unknown_type = log_key(1);
  unknown_type.type = 0x06;
  CHECK(!crypto::parse_vkey(crypto::vkey_of(unknown_type)).ok());
}

TEST_CASE("a note is read back and both signatures hold") {
  const auto note = crypto::parse_note(crypto::write_note(sample()));
  REQUIRE(note.ok());
  CHECK(note->text == kText);
  const std::vector known = {log_key(1), witness_key(2)};
  const auto signers = crypto::verified_signers(*note, known);
  REQUIRE(signers.ok());
  CHECK(signers->size() == 2);
  const auto time = crypto::verify_cosignature(kText, witness_key(2), note->signatures[1]);
  REQUIRE(time.ok());
  CHECK(*time == 1'700'000'000);
}

TEST_CASE("lines by unknown keys are ignored; a known key that fails refuses the note") {
  auto note = sample();
  CHECK(crypto::verified_signers(note, std::vector{log_key(3), log_key(1)})->size() == 1);
  // The same name with the known key's id but another signature.
  note.signatures[0].payload[5] ^= 1U;
  const auto refused = crypto::verified_signers(note, std::vector{log_key(1)});
  REQUIRE(!refused.ok());
  CHECK(refused.error().name == "NOTE_SIGNATURE_INVALID");
  CHECK(crypto::verified_signers(note, std::vector{witness_key(2)}).ok());
}

TEST_CASE("a cosignature does not serve another text, time, witness or kind of key") {
  const auto line = *crypto::cosign(kText, 5, "witness.example/w", secret(2));
  CHECK(crypto::verify_cosignature(kText, witness_key(2), line).ok());
  CHECK(!crypto::verify_cosignature("other\n", witness_key(2), line).ok());
  CHECK(!crypto::verify_cosignature(kText, witness_key(3), line).ok());
  for (std::size_t bit = 0; bit < 8 * line.payload.size(); ++bit) {
    auto damaged = line;
    damaged.payload[bit / 8] = static_cast<std::uint8_t>(damaged.payload[bit / 8] ^ 1U << bit % 8);
    CHECK(!crypto::verify_cosignature(kText, witness_key(2), damaged).ok());
  }
  CHECK(crypto::cosignature_message(5, kText) == "cosignature/v1\ntime 5\n" + std::string(kText));
  // A witness key and a log key of the same bytes have different ids.
  auto as_log = witness_key(2);
  as_log.type = crypto::kNoteTypeEd25519;
  CHECK(as_log.id() != witness_key(2).id());
}

TEST_CASE("damaged notes are refused by name") {
  const std::string good = crypto::write_note(sample());
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  for (const std::string& text :
       {std::string(), std::string("\n\n"), std::string(kText), std::string(kText) + "\n",
        good.substr(0, good.size() - 1), good + "\n", good + "x\n", with("\xE2\x80\x94 ", "- "),
        with("\xE2\x80\x94 ", "\xE2\x80\x94"), with("example.org/log\n7", "example\r\n7"),
        with("example.org/log\n7", std::string_view("a\0b\n7", 5)),
        with("example.org/log\n7", "\xFF\n7"),
        with("\xE2\x80\x94 witness", "\xE2\x80\x94  witness"),
        std::string(kText) + "\n\xE2\x80\x94 a AAAA\n"}) {
    const auto parsed = crypto::parse_note(text);
    REQUIRE_MESSAGE(!parsed.ok(), text);
    CHECK(parsed.error().name == "NOTE_MALFORMED");
  }
}

TEST_CASE("signature lines and note size are limited on both sides") {
  crypto::Note note{kText, {}};
  const crypto::NoteSignature line{"a", {}, Bytes(64)};
  note.signatures.assign(crypto::kNoteSignatureLinesMax, line);
  CHECK(crypto::parse_note(crypto::write_note(note)).ok());
  note.signatures.push_back(line);
  CHECK(!crypto::parse_note(crypto::write_note(note)).ok());
  crypto::Note large{std::string(crypto::kNoteBytesMax, 'a') + "\n", {line}};
  CHECK(crypto::parse_note(crypto::write_note(large)).error().name == "NOTE_TOO_LARGE");
}

TEST_CASE("a note that no known key signed is refused by name") {
  const auto none = [](const crypto::Note& note, const std::vector<crypto::NoteKey>& known) {
    const auto signers = crypto::verified_signers(note, known);
    REQUIRE(!signers.ok());
    CHECK(signers.error().name == "NOTE_NOT_SIGNED");
  };
  none(sample(), {});
  none(sample(), {log_key(3), witness_key(4)});
  none({kText, {}}, {log_key(1)});
  // The same name with another key's id, and the same id under another name, are unknown lines.
  auto renamed = sample();
  for (auto& line : renamed.signatures) line.name = "elsewhere.example";
  none(renamed, {log_key(1), witness_key(2)});
  auto other_id = sample();
  for (auto& line : other_id.signatures) line.id[0] ^= 1U;
  none(other_id, {log_key(1), witness_key(2)});
}

TEST_CASE("names without spaces, plus signs or controls, and text that ends in a newline") {
  CHECK(!crypto::sign_note("no newline", "a", secret(1)).ok());
  for (const char* name : {"", "a b", "a+b", "a\nb", "\x7F"}) {
    CHECK(!crypto::sign_note(kText, name, secret(1)).ok());
    CHECK(!crypto::cosign(kText, 1, name, secret(1)).ok());
  }
  CHECK(crypto::is_note_name("example.org/log"));
}

TEST_CASE("of all characters, names refuse white space, controls and the plus sign") {
  // Unicode's White_Space property, beyond the control characters.
  const std::set<std::uint32_t> spaces = {0x20,   0x85,   0xA0,   0x1680, 0x2000, 0x2001, 0x2002,
                                          0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009,
                                          0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000};
  std::vector<std::uint32_t> wrong;
  for (std::uint32_t scalar = 0; scalar <= 0x10FFFF; ++scalar) {
    if (scalar >= 0xD800 && scalar <= 0xDFFF) continue;
    const bool refused =
        scalar < 0x20 || scalar == 0x7F || scalar == '+' || spaces.contains(scalar);
    if (crypto::is_note_name("a" + utf8_of(scalar) + "b") == refused) wrong.push_back(scalar);
  }
  CHECK(wrong == std::vector<std::uint32_t>());
}

TEST_CASE("names that are not UTF-8 are no names") {
  for (const char* name : {"\xFF", "a\x80", "\xC2", "\xC0\xA0", "\xE2\x80", "\xED\xA0\x80",
                           "\xF4\x90\x80\x80", "log\xA0"}) {
    CHECK_MESSAGE(!crypto::is_note_name(name), std::string(name));
    CHECK(crypto::sign_note(kText, name, secret(1)).error().name == "NOTE_MALFORMED");
    CHECK(crypto::cosign(kText, 1, name, secret(1)).error().name == "NOTE_MALFORMED");
    auto key = log_key(1);
    key.name = name;
    CHECK(crypto::parse_vkey(crypto::vkey_of(key)).error().name == "VKEY_INVALID");
  }
  CHECK(crypto::is_note_name("\xE7\xA2\xB3.example"));
}

TEST_CASE("what is signed can be read back: texts that no note can carry are not signed") {
  using namespace std::string_literals;
  for (const std::string& text : {""s, "a"s, "\n"s, "a\r\n"s, "a\tb\n"s, "a\0b\n"s, "\x7F\n"s,
                                  "\xFF\n"s, "\xC2\n"s, "\xED\xA0\x80\n"s}) {
    const auto line = crypto::sign_note(text, "a", secret(1));
    REQUIRE_MESSAGE(!line.ok(), text);
    CHECK(line.error().name == "NOTE_MALFORMED");
    CHECK(crypto::cosign(text, 1, "a", secret(1)).error().name == "NOTE_MALFORMED");
  }
  for (const std::string& text : {"a\n"s, "\n\n"s, "a\n\n"s, "\na\n"s, "a\n\nb\n"s,
                                  "\xE2\x80\x94 a AAAAAAAA\n"s, "\xE7\xA2\xB3\n"s}) {
    const auto line = crypto::sign_note(text, "a", secret(1));
    REQUIRE_MESSAGE(line.ok(), text);
    const auto note = crypto::parse_note(crypto::write_note({text, {*line}}));
    REQUIRE_MESSAGE(note.ok(), text);
    CHECK(note->text == text);
  }
}

TEST_CASE("the largest text that a note can carry is signed, one byte more is not") {
  const std::size_t line_bytes =
      crypto::write_note({"", {*crypto::sign_note(kText, "a", secret(1))}}).size();
  std::string text(crypto::kNoteBytesMax - line_bytes - 1, 'x');
  text += '\n';
  const auto line = crypto::sign_note(text, "a", secret(1));
  REQUIRE(line.ok());
  CHECK(crypto::parse_note(crypto::write_note({text, {*line}})).ok());
  CHECK(crypto::sign_note("x" + text, "a", secret(1)).error().name == "NOTE_TOO_LARGE");
}
