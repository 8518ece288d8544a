// The strict signature rule on libsodium.
#include "crypto/ed25519.h"

#include <algorithm>
#include <atomic>
#include <cassert>

#include <sodium.h>

namespace mrv::crypto {
namespace {

static_assert(kPublicKeySize == crypto_sign_PUBLICKEYBYTES);
static_assert(kSignatureSize == crypto_sign_BYTES);
static_assert(kSeedSize == crypto_sign_SEEDBYTES);

// Set by initialise(): libsodium recomputes R and compares it bytewise, so that R = [S]B - [h]A
// follows. With A of prime order, R is then of prime order and canonical by itself.
std::atomic<bool> r_is_implied{false};

bool is_valid_point(const std::uint8_t* point) {
  return crypto_core_ed25519_is_valid_point(point) == 1;
}

bool sodium_verify(const PublicKey& key, ByteView message, const Signature& signature) {
  return crypto_sign_verify_detached(signature.bytes.data(), message.data(), message.size(),
                                     key.bytes.data()) == 0;
}

// base + (0, -1) = (-x, -y): negate y modulo p = 2^255 - 19 and flip the sign bit of x.
std::array<std::uint8_t, 32> plus_order_two(std::array<std::uint8_t, 32> point) {
  const bool sign = (point[31] & 0x80U) != 0;
  point[31] = static_cast<std::uint8_t>(point[31] & 0x7FU);
  std::array<std::uint8_t, 32> p{};
  p.fill(0xFF);
  p[0] = 0xED;
  p[31] = 0x7F;
  int borrow = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    int digit = p[i] - point[i] - borrow;
    borrow = digit < 0 ? 1 : 0;
    if (digit < 0) digit += 256;
    point[i] = static_cast<std::uint8_t>(digit);
  }
  if (!sign) point[31] = static_cast<std::uint8_t>(point[31] | 0x80U);
  return point;
}

// Two points of order 2L that an unpatched libsodium takes for prime-order ones.
bool point_check_refuses_mixed_order() {
  std::array<std::uint8_t, 32> scalar{};
  for (const std::uint8_t factor : {std::uint8_t{1}, std::uint8_t{2}}) {
    scalar[0] = factor;
    std::array<std::uint8_t, 32> point{};
    if (crypto_scalarmult_ed25519_base_noclamp(point.data(), scalar.data()) != 0) return false;
    if (!is_valid_point(point.data())) return false;
    if (is_valid_point(plus_order_two(point).data())) return false;
  }
  return true;
}

// A signature over `message` by the key of `seed` with the commitment `r_point`, whose prime-order
// part is [nonce]B: S = nonce + h a, with h computed over r_point as it stands.
Signature signature_with_commitment(const std::array<std::uint8_t, 32>& seed, const PublicKey& key,
                                    const std::array<std::uint8_t, 32>& nonce,
                                    const std::array<std::uint8_t, 32>& r_point, ByteView message) {
  crypto_hash_sha512_state state;
  std::array<std::uint8_t, 64> digest{};
  crypto_hash_sha512_init(&state);
  crypto_hash_sha512_update(&state, r_point.data(), r_point.size());
  crypto_hash_sha512_update(&state, key.bytes.data(), key.bytes.size());
  crypto_hash_sha512_update(&state, message.data(), message.size());
  crypto_hash_sha512_final(&state, digest.data());
  std::array<std::uint8_t, 32> h{};
  crypto_core_ed25519_scalar_reduce(h.data(), digest.data());
  std::array<std::uint8_t, 64> expanded{};
  crypto_hash_sha512(expanded.data(), seed.data(), seed.size());
  expanded[0] &= 248U;
  expanded[31] &= 127U;
  expanded[31] |= 64U;
  std::array<std::uint8_t, 64> wide{};
  std::copy_n(expanded.begin(), 32, wide.begin());
  std::array<std::uint8_t, 32> a{};
  crypto_core_ed25519_scalar_reduce(a.data(), wide.data());
  std::array<std::uint8_t, 32> s{};
  crypto_core_ed25519_scalar_mul(s.data(), h.data(), a.data());
  crypto_core_ed25519_scalar_add(s.data(), s.data(), nonce.data());
  Signature signature;
  std::copy(r_point.begin(), r_point.end(), signature.bytes.begin());
  std::copy(s.begin(), s.end(), signature.bytes.begin() + 32);
  return signature;
}

// A signature whose R carries a small-order part passes cofactored verification only. If libsodium
// refuses it, and accepts the same construction without that part, it compares R bytewise.
bool verification_compares_r() {
  const std::array<std::uint8_t, 1> message = {'r'};
  std::array<std::uint8_t, 32> seed{};
  seed[0] = 1;
  std::array<std::uint8_t, 64> secret{};
  PublicKey key;
  crypto_sign_seed_keypair(key.bytes.data(), secret.data(), seed.data());
  std::array<std::uint8_t, 32> nonce{};
  nonce[0] = 7;
  std::array<std::uint8_t, 32> r_point{};
  if (crypto_scalarmult_ed25519_base_noclamp(r_point.data(), nonce.data()) != 0) return false;
  const auto good = signature_with_commitment(seed, key, nonce, r_point, message);
  const auto mixed = signature_with_commitment(seed, key, nonce, plus_order_two(r_point), message);
  return sodium_verify(key, message, good) && !sodium_verify(key, message, mixed);
}

}  // namespace

Status initialise() {
  if (sodium_init() < 0) return Error{"CRYPTO_UNSAFE", "libsodium cannot be initialised", {}};
  if (!point_check_refuses_mixed_order()) {
    return Error{"CRYPTO_UNSAFE",
                 "this libsodium takes mixed-order points for valid ones (CVE-2025-69277); "
                 "install 1.0.18-1+deb12u1 or later",
                 {}};
  }
  r_is_implied = verification_compares_r();
  return {};
}

SecretKey::SecretKey() : secret_(crypto_sign_SECRETKEYBYTES) {}

SecretKey SecretKey::generate() {
  SecretKey key;
  crypto_sign_keypair(key.public_key_.bytes.data(), key.secret_.bytes().data());
  return key;
}

SecretKey SecretKey::from_seed(ByteView seed) {
  assert(seed.size() == kSeedSize);
  SecretKey key;
  crypto_sign_seed_keypair(key.public_key_.bytes.data(), key.secret_.bytes().data(), seed.data());
  return key;
}

ByteView SecretKey::seed() const { return secret_.bytes().first(kSeedSize); }

Signature SecretKey::sign(ByteView message) const {
  Signature signature;
  crypto_sign_detached(signature.bytes.data(), nullptr, message.data(), message.size(),
                       secret_.bytes().data());
  return signature;
}

Signature sign(const SecretKey& key, ByteView message) { return key.sign(message); }

bool is_acceptable_public_key(const PublicKey& key) { return is_valid_point(key.bytes.data()); }

bool verify(const PublicKey& key, ByteView message, const Signature& signature) {
  return is_acceptable_public_key(key) && is_valid_point(signature.bytes.data()) &&
         sodium_verify(key, message, signature);
}

bool verify_registered(const PublicKey& key, ByteView message, const Signature& signature) {
  if (!r_is_implied && !is_valid_point(signature.bytes.data())) return false;
  return sodium_verify(key, message, signature);
}

}  // namespace mrv::crypto
