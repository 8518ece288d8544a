// The strict signature rule: published vectors, and the edges on which verifiers disagree.
#include "crypto/ed25519.h"

#include <algorithm>
#include <array>
#include <fstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <sodium.h>

#include "crypto/did_key.h"

using namespace mrv;

namespace {

crypto::PublicKey key_of(std::string_view hex) {
  crypto::PublicKey key;
  const auto bytes = *from_hex(hex);
  REQUIRE(bytes.size() == key.bytes.size());
  std::copy(bytes.begin(), bytes.end(), key.bytes.begin());
  return key;
}

crypto::Signature signature_of(const Bytes& bytes) {
  crypto::Signature signature;
  REQUIRE(bytes.size() == signature.bytes.size());
  std::copy(bytes.begin(), bytes.end(), signature.bytes.begin());
  return signature;
}

using Point = std::array<std::uint8_t, 32>;

// The point of order two, (0, -1), and one of order eight.
constexpr const char* kOrderTwo =
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f";
constexpr const char* kOrderEight =
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05";

Point plus(const Point& point, const char* torsion) {
  Point sum{};
  REQUIRE(crypto_core_ed25519_add(sum.data(), point.data(), key_of(torsion).bytes.data()) == 0);
  return sum;
}

// The challenge SHA-512(R, A, M) modulo the group's order.
Point challenge(const Point& commitment, const Point& key, ByteView message) {
  Bytes bytes(commitment.begin(), commitment.end());
  bytes.insert(bytes.end(), key.begin(), key.end());
  bytes.insert(bytes.end(), message.begin(), message.end());
  std::array<std::uint8_t, 64> digest{};
  crypto_hash_sha512(digest.data(), bytes.data(), bytes.size());
  Point scalar{};
  crypto_core_ed25519_scalar_reduce(scalar.data(), digest.data());
  return scalar;
}

// A key and a nonce as scalars, so that commitments and keys can be moved off the prime order.
struct Forger {
  Point secret{};
  Point nonce{};
  Point key{};         // [secret]B
  Point commitment{};  // [nonce]B

  explicit Forger(std::uint8_t seed) {
    secret[0] = 77;
    nonce[0] = seed;
    nonce[1] = 1;
    REQUIRE(crypto_scalarmult_ed25519_base_noclamp(key.data(), secret.data()) == 0);
    REQUIRE(crypto_scalarmult_ed25519_base_noclamp(commitment.data(), nonce.data()) == 0);
  }

  // S = nonce + h secret, where h covers the points as they are shown.
  [[nodiscard]] crypto::Signature sign(const Point& shown_commitment, const Point& shown_key,
                                       ByteView message) const {
    const Point h = challenge(shown_commitment, shown_key, message);
    Point product{};
    Point s{};
    crypto_core_ed25519_scalar_mul(product.data(), h.data(), secret.data());
    crypto_core_ed25519_scalar_add(s.data(), nonce.data(), product.data());
    Bytes bytes(shown_commitment.begin(), shown_commitment.end());
    bytes.insert(bytes.end(), s.begin(), s.end());
    return signature_of(bytes);
  }
};

}  // namespace

TEST_CASE("the linked libsodium passes the start-up self-test, more than once") {
  CHECK(crypto::initialise().ok());
  CHECK(crypto::initialise().ok());
}

TEST_CASE("RFC 8032 section 7.1, tests 1 to 3") {
  REQUIRE(crypto::initialise().ok());
  struct Vector {
    const char* seed;
    const char* key;
    const char* message;
    const char* signature;
  };
  for (const Vector& vector : {
           Vector{"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                  "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
           Vector{"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                  "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
           Vector{"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                  "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
                  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
                  "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
       }) {
    const auto secret = crypto::SecretKey::from_seed(*from_hex(vector.seed));
    const Bytes message = *from_hex(vector.message);
    CHECK(secret.public_key() == key_of(vector.key));
    const auto signature = secret.sign(message);
    CHECK(to_hex(signature.bytes) == vector.signature);
    CHECK(crypto::verify(secret.public_key(), message, signature));
    CHECK(crypto::verify_registered(secret.public_key(), message, signature));
    CHECK(secret.clone().public_key() == secret.public_key());
  }
}

TEST_CASE("Wycheproof's verdicts are ours") {
  REQUIRE(crypto::initialise().ok());
  std::ifstream file(MRV_SOURCE_DIR "/../shared/vectors/ed25519/wycheproof_ed25519_test.json");
  if (!file) {
    MESSAGE("skipped: the Wycheproof vectors are not beside the project");
    return;
  }
  const auto vectors = nlohmann::json::parse(file);
  int count = 0;
  for (const auto& group : vectors.at("testGroups")) {
    const auto key = key_of(group.at("publicKey").at("pk").get<std::string>());
    for (const auto& test : group.at("tests")) {
      const Bytes message = *from_hex(test.at("msg").get<std::string>());
      const Bytes bytes = *from_hex(test.at("sig").get<std::string>());
      const bool valid = test.at("result") == "valid";
      ++count;
      if (bytes.size() != crypto::kSignatureSize) {
        CHECK(!valid);
        continue;
      }
      CHECK(crypto::verify(key, message, signature_of(bytes)) == valid);
      CHECK(crypto::verify_registered(key, message, signature_of(bytes)) == valid);
    }
  }
  CHECK(count == 151);
}

TEST_CASE("every bit of key, message and signature matters") {
  REQUIRE(crypto::initialise().ok());
  const auto secret = crypto::SecretKey::from_seed(Bytes(32, 9));
  Bytes message = to_bytes("one tonne");
  auto signature = secret.sign(message);
  auto key = secret.public_key();
  const auto refused_after_flip = [&](std::uint8_t& byte, unsigned bit) {
    byte = static_cast<std::uint8_t>(byte ^ 1U << bit);
    const bool refused = !crypto::verify(key, message, signature);
    byte = static_cast<std::uint8_t>(byte ^ 1U << bit);
    return refused;
  };
  for (unsigned bit = 0; bit < 8; ++bit) {
    for (auto& byte : signature.bytes) CHECK(refused_after_flip(byte, bit));
    for (auto& byte : key.bytes) CHECK(refused_after_flip(byte, bit));
    for (auto& byte : message) CHECK(refused_after_flip(byte, bit));
  }
  CHECK(crypto::verify(key, message, signature));
}

TEST_CASE("small-order, mixed-order and non-canonical keys are no keys") {
  REQUIRE(crypto::initialise().ok());
  for (const char* hex : {
           "0100000000000000000000000000000000000000000000000000000000000000",
           "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "0000000000000000000000000000000000000000000000000000000000000000",
           "0000000000000000000000000000000000000000000000000000000000000080",
           "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
           "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
           "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
           "0200000000000000000000000000000000000000000000000000000000000000",
       }) {
    CHECK_MESSAGE(!crypto::is_acceptable_public_key(key_of(hex)), hex);
  }
  // A good key plus each point of small order has order a multiple of L.
  const auto good = crypto::SecretKey::from_seed(Bytes(32, 1)).public_key();
  CHECK(crypto::is_acceptable_public_key(good));
  for (const char* hex : {"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"}) {
    const auto torsion = key_of(hex);
    crypto::PublicKey mixed;
    if (crypto_core_ed25519_add(mixed.bytes.data(), good.bytes.data(), torsion.bytes.data()) != 0) {
      continue;
    }
    CHECK(!crypto::is_acceptable_public_key(mixed));
  }
}

TEST_CASE("a signature whose commitment has mixed order is refused, registered key or not") {
  REQUIRE(crypto::initialise().ok());
  const Bytes message = to_bytes("one tonne");
  for (std::uint8_t seed = 1; seed <= 16; ++seed) {
    const Forger forger(seed);
    const crypto::PublicKey key{forger.key};
    REQUIRE(crypto::is_acceptable_public_key(key));
    // Without torsion the same construction is a signature: the refusals below have one cause.
    const auto honest = forger.sign(forger.commitment, forger.key, message);
    CHECK(crypto::verify(key, message, honest));
    CHECK(crypto::verify_registered(key, message, honest));
    for (const char* torsion : {kOrderTwo, kOrderEight}) {
      const Point mixed = plus(forger.commitment, torsion);
      REQUIRE(crypto_core_ed25519_is_valid_point(mixed.data()) == 0);
      // It satisfies the equation multiplied by the cofactor, which some verifiers use.
      const auto signature = forger.sign(mixed, forger.key, message);
      CHECK(!crypto::verify(key, message, signature));
      CHECK(!crypto::verify_registered(key, message, signature));
    }
  }
}

TEST_CASE("key and commitment of mixed order that satisfy the plain equation are refused") {
  REQUIRE(crypto::initialise().ok());
  const Bytes message = to_bytes("one tonne");
  int equations = 0;
  for (std::uint8_t seed = 1; seed <= 64; ++seed) {
    const Forger forger(seed);
    const Point mixed_key = plus(forger.key, kOrderTwo);
    const Point mixed = plus(forger.commitment, kOrderTwo);
    // [S]B - [h](A + T) = R - [h]T, which is R + T exactly where h is odd.
    if ((challenge(mixed, mixed_key, message)[0] & 1U) == 0) continue;
    ++equations;
    const auto signature = forger.sign(mixed, mixed_key, message);
    CHECK(!crypto::verify(crypto::PublicKey{mixed_key}, message, signature));
  }
  CHECK(equations > 0);
}

TEST_CASE("did:key and Multikey text is read back, and nothing else is read") {
  REQUIRE(crypto::initialise().ok());
  const auto secret = crypto::SecretKey::from_seed(Bytes(32, 3));
  const auto& key = secret.public_key();
  const std::string did = crypto::did_of(key);
  CHECK(did.starts_with("did:key:z6Mk"));
  CHECK(crypto::multikey_of(key).size() == crypto::kMultikeyTextLength);
  CHECK(*crypto::parse_did(did) == key);
  CHECK(*crypto::parse_verification_method(crypto::verification_method_of(key)) == key);
  CHECK(crypto::parse_secret_multikey(crypto::secret_multikey_of(secret))->public_key() == key);
  const std::string multikey = crypto::multikey_of(key);
  for (const std::string& text :
       {std::string(), multikey, "did:key:" + multikey.substr(1), "did:key:z" + multikey,
        "did:web:" + multikey, did + " ", did + "1", std::string("did:key:z6Mk0OIl"),
        "DID:key:" + multikey, "did:key:" + crypto::secret_multikey_of(secret)}) {
    CHECK_MESSAGE(!crypto::parse_did(text).ok(), text);
  }
  for (const std::string& text : {did, did + "#", did + "#" + multikey + "#", did + "#key-1",
                                  "#" + multikey, did + "#" + did}) {
    CHECK_MESSAGE(!crypto::parse_verification_method(text).ok(), text);
  }
}
