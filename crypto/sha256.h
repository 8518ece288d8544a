// SHA-256 (FIPS 180-4), computed by OpenSSL's low-level code: on machines with SHA instructions it
// is several times faster than libsodium's portable one. Pure, any thread.
#pragma once

#include <array>
#include <cstddef>

#include "crypto/bytes.h"

namespace mrv::crypto {

Hash sha256(ByteView bytes);

// Hashes a message given in pieces, in order. Not copyable: one message, one object.
class Sha256 {
 public:
  Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  ~Sha256() = default;

  Sha256& update(ByteView bytes);
  // Ends the message; the object may then start another.
  Hash finish();

 private:
  static constexpr std::size_t kStateBytes = 128;  // at least sizeof(SHA256_CTX), asserted
  alignas(16) std::array<std::uint8_t, kStateBytes> state_{};
};

}  // namespace mrv::crypto
