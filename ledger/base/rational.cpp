// Rational arithmetic: small operands first, boost::multiprecision integers where that is not
// enough. No file but those of Rational names Boost; the integer type is named in rational_parts.h.
#include "ledger/base/rational.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <limits>

#include <boost/multiprecision/cpp_int.hpp>

#include "ledger/base/rational_errors.h"
#include "ledger/base/rational_parts.h"
#include "ledger/base/rational_small.h"

namespace mrv {

std::size_t bits_of(const Integer& value) {
  return value == 0 ? 0 : boost::multiprecision::msb(abs(value)) + 1;
}

Integer power_of_ten(std::size_t exponent) {
  return boost::multiprecision::pow(Integer(10), static_cast<unsigned>(exponent));
}

Integer floor_division(const Integer& numerator, const Integer& denominator) {
  Integer quotient = numerator / denominator;
  if (numerator < 0 && quotient * denominator != numerator) --quotient;
  return quotient;
}

RationalParts RationalParts::of(const Rational& rational) {
  RationalParts scratch;
  return rational.sides(scratch);
}

Result<Rational> RationalParts::joined() const { return Rational::make({numerator, denominator}); }

Rational::Rational(std::int64_t value) : small_{value, 1} {
  if (value < -kSmallSideMax) *this = canonical({value, 1});
}

Rational Rational::canonical(RationalParts parts) {
  if (bits_of(parts.numerator) <= kSmallSideBitsMax &&
      bits_of(parts.denominator) <= kSmallSideBitsMax) {
    return Rational(SmallFraction{static_cast<std::int64_t>(parts.numerator),
                                  static_cast<std::int64_t>(parts.denominator)});
  }
  Rational big(SmallFraction{parts.numerator.sign(), 1});
  big.big_ = std::make_shared<const RationalParts>(std::move(parts));
  return big;
}

Result<Rational> Rational::make(RationalParts parts) {
  assert(parts.denominator != 0);
  if (parts.denominator < 0) {
    parts.numerator = -parts.numerator;
    parts.denominator = -parts.denominator;
  }
  const Integer divisor = gcd(parts.numerator, parts.denominator);
  if (divisor != 1) {
    parts.numerator /= divisor;
    parts.denominator /= divisor;
  }
  if (bits_of(parts.numerator) > kRationalBitsMax ||
      bits_of(parts.denominator) > kRationalBitsMax) {
    return number_too_large();
  }
  return canonical(std::move(parts));
}

const RationalParts& Rational::sides(RationalParts& scratch) const {
  if (big_) return *big_;
  scratch = {small_.numerator, small_.denominator};
  return scratch;
}

Result<Rational> Rational::plus(const Rational& other) const {
  if (!big_ && !other.big_) {
    if (const auto sum = small_sum(small_, other.small_)) return Rational(*sum);
  }
  return plus_long(other);
}

Result<Rational> Rational::minus(const Rational& other) const {
  if (!big_ && !other.big_) {
    const auto difference = small_sum(small_, small_negated(other.small_));
    if (difference) return Rational(*difference);
  }
  return plus_long(other.negated());
}

Result<Rational> Rational::times(const Rational& other) const {
  if (!big_ && !other.big_) {
    if (const auto product = small_product(small_, other.small_)) return Rational(*product);
  }
  return times_long(other);
}

Result<Rational> Rational::over(const Rational& other) const {
  if (other.is_zero()) return division_by_zero();
  if (!big_ && !other.big_) {
    if (const auto quotient = small_quotient(small_, other.small_)) return Rational(*quotient);
  }
  return over_long(other);
}

Result<Rational> Rational::plus_long(const Rational& other) const {
  RationalParts mine;
  RationalParts others;
  const RationalParts& a = sides(mine);
  const RationalParts& b = other.sides(others);
  return make(
      {a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator});
}

Result<Rational> Rational::times_long(const Rational& other) const {
  RationalParts mine;
  RationalParts others;
  const RationalParts& a = sides(mine);
  const RationalParts& b = other.sides(others);
  return make({a.numerator * b.numerator, a.denominator * b.denominator});
}

Result<Rational> Rational::over_long(const Rational& other) const {
  RationalParts mine;
  RationalParts others;
  const RationalParts& a = sides(mine);
  const RationalParts& b = other.sides(others);
  return make({a.numerator * b.denominator, a.denominator * b.numerator});
}

Rational Rational::negated() const {
  if (!big_) return Rational(small_negated(small_));
  return canonical({-big_->numerator, big_->denominator});
}

std::size_t Rational::bits() const {
  if (big_) return std::max(bits_of(big_->numerator), bits_of(big_->denominator));
  const auto sides = magnitude(small_.numerator) | static_cast<std::uint64_t>(small_.denominator);
  return static_cast<std::size_t>(std::bit_width(sides));
}

Rational Rational::floor() const {
  if (!big_) return Rational(small_floor(small_));
  return canonical({floor_division(big_->numerator, big_->denominator), 1});
}

Rational Rational::ceil() const { return negated().floor().negated(); }

Result<Units> Rational::to_units() const {
  constexpr Units smallest = std::numeric_limits<Units>::min();
  static_assert(smallest + 1 == -kSmallSideMax, "the one amount that is not small");
  const bool whole = big_ ? big_->denominator == 1 : small_.denominator == 1;
  if (!whole) return Error{"NUMBER_NOT_INTEGER", "a whole number is expected", {}};
  if (!big_) return small_.numerator;
  if (big_->numerator == smallest) return smallest;
  return number_too_large();
}

bool operator==(const Rational& a, const Rational& b) {
  if (a.small_ != b.small_) return false;
  if (a.big_ == b.big_) return true;
  return a.big_ && b.big_ && a.big_->numerator == b.big_->numerator &&
         a.big_->denominator == b.big_->denominator;
}

std::strong_ordering operator<=>(const Rational& a, const Rational& b) {
  if (!a.big_ && !b.big_) return small_order(a.small_, b.small_);
  RationalParts small_a;
  RationalParts small_b;
  const RationalParts& left = a.sides(small_a);
  const RationalParts& right = b.sides(small_b);
  const Integer scaled = left.numerator * right.denominator;
  return scaled.compare(right.numerator * left.denominator) <=> 0;
}

}  // namespace mrv
