// A fuzz input read as a list of decisions; past its end every decision is 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mrv::fuzz {

class ByteSource {
 public:
  ByteSource(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }
  // Two bytes where one cannot reach all choices. Precondition: bound > 0.
  std::size_t below(std::size_t bound) {
    std::size_t value = byte();
    if (bound > 256) value = value << 8U | byte();
    return value % bound;
  }

 private:
  std::span<const std::uint8_t> rest_;
};

}  // namespace mrv::fuzz
