// Arithmetic of small fractions on 64 and 128 bits, without allocation. An operation answers
// nothing where its result is not small; the caller then calculates with integers of any length.
//
// Both operands are in lowest terms, and so is every result: common factors are taken out before
// they are multiplied in, so no greatest common divisor of more than 64 bits is ever needed.
#pragma once

#include <array>
#include <cassert>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string_view>

#include "ledger/base/rational.h"

namespace mrv {

// Holds the sum of two products of small sides: 2 · kSmallSideMax² < 2^127.
__extension__ using Wide = __int128;
static_assert(2 * kSmallSideBitsMax + 1 <= 127);

inline std::uint64_t magnitude(std::int64_t side) {
  return static_cast<std::uint64_t>(side < 0 ? -side : side);
}

// gcd(value, denominator); 1 where value is 0 and the denominator 1. The remainder first: values
// are often much longer than denominators, and the binary method would walk all their bits.
inline std::int64_t common_factor(std::uint64_t value, std::int64_t denominator) {
  if (denominator == 1) return 1;
  const auto modulus = static_cast<std::uint64_t>(denominator);
  return static_cast<std::int64_t>(std::gcd(value % modulus, modulus));
}

inline std::int64_t common_factor(Wide value, std::int64_t denominator) {
  if (denominator == 1) return 1;
  const Wide remainder = value % denominator;
  return common_factor(magnitude(static_cast<std::int64_t>(remainder)), denominator);
}

inline std::optional<SmallFraction> if_small(Wide numerator, Wide denominator) {
  if (numerator > kSmallSideMax || numerator < -kSmallSideMax || denominator > kSmallSideMax) {
    return std::nullopt;
  }
  return SmallFraction{static_cast<std::int64_t>(numerator),
                       static_cast<std::int64_t>(denominator)};
}

// With a = p/(g·u) and b = q/(g·v), u and v without common factor, the sum is (p·v + q·u)/(g·u·v),
// and only factors of g can be common to both sides of it.
inline std::optional<SmallFraction> small_sum(SmallFraction a, SmallFraction b) {
  const std::int64_t shared = a.denominator == b.denominator
                                  ? a.denominator
                                  : common_factor(magnitude(a.denominator), b.denominator);
  const std::int64_t u = a.denominator / shared;
  const std::int64_t v = b.denominator / shared;
  const Wide numerator = Wide{a.numerator} * v + Wide{b.numerator} * u;
  const std::int64_t factor = common_factor(numerator, shared);
  if (factor == 1) return if_small(numerator, Wide{a.denominator} * v);
  return if_small(numerator / factor, Wide{a.denominator / factor} * v);
}

inline SmallFraction small_negated(SmallFraction a) { return {-a.numerator, a.denominator}; }

inline std::optional<SmallFraction> small_product(SmallFraction a, SmallFraction b) {
  const std::int64_t left = common_factor(magnitude(a.numerator), b.denominator);
  const std::int64_t right = common_factor(magnitude(b.numerator), a.denominator);
  return if_small(Wide{a.numerator / left} * (b.numerator / right),
                  Wide{a.denominator / right} * (b.denominator / left));
}

// Precondition: b is not zero.
inline std::optional<SmallFraction> small_quotient(SmallFraction a, SmallFraction b) {
  assert(b.numerator != 0);
  const SmallFraction reciprocal = b.numerator < 0 ? SmallFraction{-b.denominator, -b.numerator}
                                                   : SmallFraction{b.denominator, b.numerator};
  return small_product(a, reciprocal);
}

inline std::strong_ordering small_order(SmallFraction a, SmallFraction b) {
  if (a.denominator == b.denominator) return a.numerator <=> b.numerator;
  return Wide{a.numerator} * b.denominator <=> Wide{b.numerator} * a.denominator;
}

// Toward minus infinity.
inline SmallFraction small_floor(SmallFraction a) {
  if (a.denominator == 1) return a;
  const std::int64_t quotient = a.numerator / a.denominator;
  return {quotient - (a.numerator < 0 ? 1 : 0), 1};
}

// The everyday spellings of Rational::parse, at most kSmallDigitsMax digits on either side of the
// mark. Nothing for every other text, be it longer or malformed.
inline constexpr std::size_t kSmallDigitsMax = 18;
std::optional<SmallFraction> read_small(std::string_view text);

// Canonical text, written into the buffer.
inline constexpr std::size_t kSmallTextBytesMax = 40;  // "-", 19 digits, "/", 19 digits
using SmallTextBuffer = std::array<char, kSmallTextBytesMax>;
std::string_view write_small(SmallFraction a, SmallTextBuffer& buffer);

}  // namespace mrv
