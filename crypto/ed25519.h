// Ed25519 (RFC 8032) under one strict rule, on which every version of libsodium and every
// independent verifier agree:
//   the signature has 64 bytes, libsodium verifies it, and both the public key A and the
//   commitment R are canonical points of the prime-order subgroup.
// Versions of libsodium differ in what they accept beyond that rule, so the rule is the format.
// Pure but for key generation; any thread, after initialise().
#pragma once

#include <array>
#include <compare>

#include "crypto/bytes.h"
#include "crypto/secret.h"

namespace mrv::crypto {

inline constexpr std::size_t kPublicKeySize = 32;
inline constexpr std::size_t kSignatureSize = 64;
inline constexpr std::size_t kSeedSize = 32;

struct PublicKey {
  std::array<std::uint8_t, kPublicKeySize> bytes{};
  friend auto operator<=>(const PublicKey&, const PublicKey&) = default;
};

struct Signature {
  std::array<std::uint8_t, kSignatureSize> bytes{};
  friend bool operator==(const Signature&, const Signature&) = default;
};

// Must succeed before anything else of crypto/ is used. Refuses a libsodium whose point check lets
// mixed-order points through (CVE-2025-69277), and learns whether its verification compares R
// bytewise. Errors: CRYPTO_UNSAFE. Idempotent.
Status initialise();

class SecretKey {
 public:
  // From the system's random source.
  static SecretKey generate();
  // Precondition: seed.size() == kSeedSize.
  static SecretKey from_seed(ByteView seed);

  [[nodiscard]] const PublicKey& public_key() const { return public_key_; }
  [[nodiscard]] ByteView seed() const;
  [[nodiscard]] Signature sign(ByteView message) const;
  // A second handle on the same key, in memory of its own.
  [[nodiscard]] SecretKey clone() const { return from_seed(seed()); }

 private:
  SecretKey();
  Secret secret_;
  PublicKey public_key_;
};

Signature sign(const SecretKey& key, ByteView message);

// Canonical encoding of a point of the prime-order subgroup. Checked once, when a key enters the
// ledger.
bool is_acceptable_public_key(const PublicKey& key);

// The strict rule in full.
bool verify(const PublicKey& key, ByteView message, const Signature& signature);

// The strict rule for a key that passed is_acceptable_public_key before: A is not checked again,
// and R only where the linked libsodium does not imply it. Same verdicts as verify() for such keys.
bool verify_registered(const PublicKey& key, ByteView message, const Signature& signature);

}  // namespace mrv::crypto
