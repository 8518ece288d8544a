// Strong integers. An entry index is not a tree size is not an order number: index is 0-based, size
// counts, and an order number is also spent on acts that are rejected.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "crypto/bytes.h"
#include "crypto/result.h"

namespace mrv {

template <class Tag, class Rep = std::uint64_t>
class StrongInteger {
 public:
  using rep = Rep;
  constexpr StrongInteger() = default;
  constexpr explicit StrongInteger(Rep value) : value_(value) {}
  [[nodiscard]] constexpr Rep value() const { return value_; }
  [[nodiscard]] constexpr StrongInteger next() const { return StrongInteger(value_ + 1); }
  friend constexpr auto operator<=>(StrongInteger, StrongInteger) = default;

 private:
  Rep value_ = 0;
};

using EntryIndex = StrongInteger<struct EntryIndexTag>;
using TreeSize = StrongInteger<struct TreeSizeTag>;
using OrderNumber = StrongInteger<struct OrderNumberTag>;
// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
using TimestampMs = StrongInteger<struct TimestampMsTag, std::int64_t>;

// An amount in the programme's unit (t, kg or g of CO2e). Never negative in a valid state;
// arithmetic goes through checked_add / checked_sub, which answer nothing on overflow.
using Units = std::int64_t;

constexpr std::optional<Units> checked_add(Units a, Units b) {
  Units sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}
constexpr std::optional<Units> checked_sub(Units a, Units b) {
  Units difference = 0;
  if (__builtin_sub_overflow(a, b, &difference)) return std::nullopt;
  return difference;
}

// Serial numbers of foreign registries do not fit 64 bits.
__extension__ using Serial = unsigned __int128;

}  // namespace mrv
