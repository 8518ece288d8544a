// Signed notes and cosignatures: the specification's key, round trips, damage by name.
#include "crypto/signed_note.h"

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
  CHECK(crypto::verified_signers(note, std::vector{log_key(3)})->empty());
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

TEST_CASE("names without spaces, plus signs or controls, and text that ends in a newline") {
  CHECK(!crypto::sign_note("no newline", "a", secret(1)).ok());
  for (const char* name : {"", "a b", "a+b", "a\nb", "\x7F"}) {
    CHECK(!crypto::sign_note(kText, name, secret(1)).ok());
    CHECK(!crypto::cosign(kText, 1, name, secret(1)).ok());
  }
  CHECK(crypto::is_note_name("example.org/log"));
}
