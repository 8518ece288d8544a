// Locked, guarded memory from libsodium.
#include "crypto/secret.h"

#include <cassert>

#include <sodium.h>

namespace mrv::crypto {

Secret::Secret(std::size_t size)
    : data_(static_cast<std::uint8_t*>(sodium_malloc(size))), size_(size) {
  assert(data_ != nullptr);
  sodium_memzero(data_.get(), size_);
}

void Secret::Wipe::operator()(std::uint8_t* data) const { sodium_free(data); }

void wipe(std::span<std::uint8_t> bytes) { sodium_memzero(bytes.data(), bytes.size()); }

void wipe(std::string& text) {
  sodium_memzero(text.data(), text.size());
  text.clear();
}

void fill_random(std::span<std::uint8_t> bytes) { randombytes_buf(bytes.data(), bytes.size()); }

}  // namespace mrv::crypto
