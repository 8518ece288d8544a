// Secret bytes: in locked memory with guard pages, wiped when released, never copied, never
// printed.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "crypto/bytes.h"

namespace mrv::crypto {

// Fixed-size secret. Precondition of construction: crypto::initialise() succeeded.
class Secret {
 public:
  explicit Secret(std::size_t size);
  Secret(Secret&&) = default;
  Secret& operator=(Secret&&) = default;

  [[nodiscard]] std::span<std::uint8_t> bytes() { return {data_.get(), size_}; }
  [[nodiscard]] ByteView bytes() const { return {data_.get(), size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Wipe {
    void operator()(std::uint8_t* data) const;
  };
  std::unique_ptr<std::uint8_t, Wipe> data_;
  std::size_t size_;
};

// From the system's random source. Precondition: crypto::initialise() succeeded.
void fill_random(std::span<std::uint8_t> bytes);

// Overwrites memory in a way the compiler may not remove.
void wipe(std::span<std::uint8_t> bytes);
void wipe(std::string& text);

}  // namespace mrv::crypto
