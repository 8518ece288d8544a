// SHA-256 on OpenSSL's low-level calls; their deprecation concerns providers, not correctness.
#include "crypto/sha256.h"

#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

namespace mrv::crypto {
namespace {

SHA256_CTX* context_of(std::uint8_t* state) { return reinterpret_cast<SHA256_CTX*>(state); }

}  // namespace

Hash sha256(ByteView bytes) {
  SHA256_CTX context;
  Hash hash{};
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(hash.data(), &context);
  return hash;
}

Sha256::Sha256() {
  static_assert(sizeof(SHA256_CTX) <= kStateBytes);
  SHA256_Init(context_of(state_.data()));
}

Sha256& Sha256::update(ByteView bytes) {
  SHA256_Update(context_of(state_.data()), bytes.data(), bytes.size());
  return *this;
}

Hash Sha256::finish() {
  Hash hash{};
  SHA256_Final(hash.data(), context_of(state_.data()));
  SHA256_Init(context_of(state_.data()));
  return hash;
}

}  // namespace mrv::crypto
