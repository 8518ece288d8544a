// Hexadecimal, base64, base58 and SHA-256: known values and every spelling that must be refused.
#include <random>

#include <doctest/doctest.h>

#include "crypto/bytes.h"
#include "crypto/sha256.h"

using namespace mrv;

TEST_CASE("every byte string is read back from each text form") {
  std::mt19937 random(3);
  for (std::size_t length = 0; length < 80; ++length) {
    for (int round = 0; round < 4; ++round) {
      Bytes bytes(length);
      for (auto& byte : bytes) {
        byte = static_cast<std::uint8_t>(round == 0 ? 0 : random());
      }
      CHECK(*from_hex(to_hex(bytes)) == bytes);
      CHECK(*from_base64(to_base64(bytes)) == bytes);
      CHECK(*from_base58(to_base58(bytes)) == bytes);
    }
  }
}

TEST_CASE("RFC 4648 and base58 known values") {
  CHECK(to_base64(as_bytes("")).empty());
  CHECK(to_base64(as_bytes("f")) == "Zg==");
  CHECK(to_base64(as_bytes("fo")) == "Zm8=");
  CHECK(to_base64(as_bytes("foobar")) == "Zm9vYmFy");
  CHECK(to_base58(as_bytes("Hello World!")) == "2NEpo7TZRRrLZSi2U");
  CHECK(to_base58(*from_hex("0000287fb4cd")) == "11233QC4");
}

TEST_CASE("every other spelling is refused") {
  for (const char* text : {"0", "A0", "0g", "0 ", "0x00", "00 "}) {
    CHECK_MESSAGE(from_hex(text).error().name == "HEX_INVALID", text);
  }
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zg==\n",
                           " Zg==", "Z===", "====", "=", "Zg==Zg==", "Zm8_", "Zm8-", "Z\nm8"}) {
    CHECK_MESSAGE(from_base64(text).error().name == "BASE64_INVALID", text);
  }
  for (const char* text : {"0", "O", "I", "l", " 1", "1 ", "+"}) {
    CHECK_MESSAGE(from_base58(text).error().name == "BASE58_INVALID", text);
  }
  CHECK(from_base58(std::string(kBase58LengthMax, '1')).ok());
  CHECK(!from_base58(std::string(kBase58LengthMax + 1, '1')).ok());
  CHECK(to_hash(Bytes(31)).error().name == "HASH_LENGTH_INVALID");
  CHECK(to_hash(Bytes(33)).error().name == "HASH_LENGTH_INVALID");
}

TEST_CASE("two different base64 texts never decode to the same bytes") {
  // Every text of four letters from a small alphabet that holds the hard cases.
  constexpr std::string_view kLetters = "AZg/=w8+";
  for (const char a : kLetters) {
    for (const char b : kLetters) {
      for (const char c : kLetters) {
        for (const char d : kLetters) {
          const std::string text{a, b, c, d};
          const auto bytes = from_base64(text);
          if (bytes.ok()) CHECK(to_base64(*bytes) == text);
        }
      }
    }
  }
}

TEST_CASE("SHA-256 of FIPS 180-4's examples, whole and in pieces") {
  CHECK(to_hex(crypto::sha256({})) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(crypto::sha256(as_bytes("abc"))) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const std::string text(1'000, 'a');
  for (std::size_t cut = 0; cut <= text.size(); cut += 37) {
    crypto::Sha256 sha;
    sha.update(as_bytes(text).first(cut)).update(as_bytes(text).subspan(cut));
    CHECK(sha.finish() == crypto::sha256(as_bytes(text)));
    CHECK(sha.update(as_bytes("abc")).finish() == crypto::sha256(as_bytes("abc")));
  }
}
