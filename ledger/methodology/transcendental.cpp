// Why every loop here ends. ln x for rational x > 0 other than 1, and e^x for rational x other than
// 0, are transcendental (Lindemann and Weierstrass), so they are never halfway between two
// decimals. x^(a/b) in lowest terms is rational only where x is the b-th power of a rational r, and
// then it is r^a, which power_is_halfway compares exactly; else it is no decimal of any length.
// Around a value that is not halfway, narrow enough enclosures contain nothing that is.
//
// How narrow: arguments of n bits in all can be made so that a result agrees with a number that is
// halfway to about 2n bits (the convergents of a continued fraction do it), and to little more by
// any search that can be carried out. Only where 2n + 2,048 bits did not decide would the answer be
// NOT_ROUNDABLE.
#include "ledger/methodology/transcendental.h"

#include <algorithm>
#include <utility>

#include "ledger/methodology/enclosure.h"
#include "ledger/methodology/settle.h"

namespace mrv::methodology {
namespace {

Error undefined(const char* detail) { return {"OUTSIDE_DOMAIN", detail, {}}; }
// Where the value is so far outside the range of results that it is not worth computing.
Error far_too_large() { return {"NUMBER_TOO_LARGE", "the result is far too large", {}}; }
Error far_too_small() { return {"NUMBER_TOO_SMALL", "the result is far too near to zero", {}}; }

// Doubling goes on from `expected`, so the last precision tried is above half of `most`. The 113
// bits of the result, the width of an enclosure and what a search may gain are within 256.
Precisions precisions_for(std::size_t argument_bits) {
  return {2 * argument_bits + 256, 4 * argument_bits + 4'096};
}

bool never(const Integer&, std::int64_t) { return false; }

ScaledEnclosure enclose_exp_of(const RationalParts& x, std::size_t bits) {
  const std::size_t scale = bits + kExpGuardBits;
  const Integer low = floor_division(x.numerator << scale, x.denominator);
  return enclose_exp({low, low + 1, scale}, bits);
}

// Bits to which ln x must be finer than the result of x^y, beyond kExpGuardBits: y ln x is below
// 2^14 or is refused, and the enclosure of ln x may be a few hundred units wide.
constexpr std::size_t kPowGuardBits = 24;

// y ln x, at `scale`, from an enclosure of ln x; y positive.
Enclosure product(const RationalParts& y, const Enclosure& ln_x, std::size_t scale) {
  const Integer divisor = y.denominator << ln_x.scale;
  return {floor_division((ln_x.low * y.numerator) << scale, divisor),
          floor_division((ln_x.high * y.numerator) << scale, divisor) + 1, scale};
}

Result<ScaledEnclosure> enclose_pow(const RationalParts& x, const RationalParts& y,
                                    std::size_t bits) {
  const std::size_t scale = bits + kExpGuardBits;
  const Enclosure exponent =
      product(y, enclose_ln(x.numerator, x.denominator, scale + kPowGuardBits), scale);
  const Integer limit = Integer(kExponentCertainlyTooLarge) << scale;
  if (exponent.low >= limit) return far_too_large();
  if (exponent.high <= -limit) return far_too_small();
  return enclose_exp(exponent, bits);
}

// The largest c with c^degree <= value; degree >= 1.
Integer integer_root(const Integer& value, unsigned degree) {
  Integer root = 0;
  for (std::size_t bit = bits_of(value) / degree + 1; bit-- > 0;) {
    const Integer candidate = root + (Integer(1) << bit);
    if (pow(candidate, degree) <= value) root = candidate;
  }
  return root;
}

// base^degree = value, without building a power much longer than the value.
bool is_power(const Integer& value, const Integer& base, unsigned degree) {
  if (base != 0 && (bits_of(base) - 1) * degree >= bits_of(value)) return false;
  return pow(base, degree) == value;
}

// x^(a/b) = digits · 10^exponent exactly, for x > 0 other than 1, a > 0 and `digits` with 35
// digits, the last one 5. It is so only for x = r^b and digits · 10^exponent = r^a, because a and b
// have no common divisor. Then r = c · 10^k with c^a = digits and k a = exponent, because digits is
// not a multiple of 10. As digits is a multiple of 5, so is c, hence a <= 50. As r is not 1, one
// side of x has more than b bits.
bool power_is_halfway(const RationalParts& x, const RationalParts& y, const Integer& digits,
                      std::int64_t exponent) {
  constexpr unsigned kHalfwayPowerMax = 50;
  if (y.numerator > kHalfwayPowerMax || y.denominator > kRationalBitsMax) return false;
  const auto a = static_cast<unsigned>(y.numerator);
  const auto b = static_cast<unsigned>(y.denominator);
  if (exponent % static_cast<std::int64_t>(a) != 0) return false;
  const Integer c = integer_root(digits, a);
  if (!is_power(digits, c, a)) return false;
  const std::int64_t k = exponent / static_cast<std::int64_t>(a);
  const Integer tens = power_of_ten(static_cast<std::size_t>(k < 0 ? -k : k));
  RationalParts r{k < 0 ? c : Integer(c * tens), k < 0 ? tens : Integer(1)};
  const Integer divisor = gcd(r.numerator, r.denominator);
  return is_power(x.numerator, r.numerator / divisor, b) &&
         is_power(x.denominator, r.denominator / divisor, b);
}

// Small whole powers are made exactly: faster than ln and exp, and the same digits.
constexpr std::size_t kExactPowerBitsMax = 4'096;

bool is_small_power(const RationalParts& x, const RationalParts& y) {
  const std::size_t bits = std::max(bits_of(x.numerator), bits_of(x.denominator));
  return y.denominator == 1 && y.numerator <= kExactPowerBitsMax / bits;
}

// x^y for x > 0 other than 1 and y other than 0.
Result<Decimal34> positive_power(RationalParts x, RationalParts y, std::size_t argument_bits) {
  if (y.numerator < 0) {
    std::swap(x.numerator, x.denominator);
    y.numerator = -y.numerator;
  }
  if (is_small_power(x, y)) {
    const auto degree = static_cast<unsigned>(y.numerator);
    return round34(pow(x.numerator, degree), pow(x.denominator, degree));
  }
  return settle(
      precisions_for(argument_bits), [&](std::size_t bits) { return enclose_pow(x, y, bits); },
      [&](const Integer& digits, std::int64_t exponent) {
        return power_is_halfway(x, y, digits, exponent);
      });
}

}  // namespace

// With s chosen so that r = floor(sqrt(x · 10^2s)) has 34 digits, comparing 4 x · 10^2s with
// (2r + 1)² says on which side of r + 1/2 the root is. All of it is exact.
Result<Rational> rounded_sqrt(const Rational& x) {
  if (x.is_negative()) return undefined("the square root of a negative number");
  if (x.is_zero()) return x;
  auto [numerator, denominator] = RationalParts::of(x);
  const std::int64_t leading = decimal_exponent(numerator, denominator);
  const std::int64_t half = leading >= 0 ? leading / 2 : -((1 - leading) / 2);
  const std::int64_t exponent = half - (kRoundedDigits - 1);
  const Integer tens = power_of_ten(static_cast<std::size_t>(exponent < 0 ? -exponent : exponent));
  (exponent < 0 ? numerator : denominator) *= tens * tens;
  const Integer root = sqrt(Integer(numerator / denominator));
  const Integer twice_middle = 2 * root + 1;
  const int above = Integer(numerator << 2).compare(twice_middle * twice_middle * denominator);
  // r, r + 1/2 or r + 1 rounds as the root does.
  const int side = (above > 0 ? 1 : 0) - (above < 0 ? 1 : 0);
  Decimal34 result = round34(twice_middle + side, 2);
  result.exponent += exponent;
  return exactly(result);
}

Result<Rational> rounded_exp(const Rational& x, Meter& meter) {
  if (x.is_zero()) return Rational(1);
  if (x >= Rational(kExponentCertainlyTooLarge)) return far_too_large();
  if (x <= Rational(-kExponentCertainlyTooLarge)) return far_too_small();
  MRV_CHECK(meter.pay_rounded_function(x.bits()));
  const RationalParts parts = RationalParts::of(x);
  const auto enclose = [&](std::size_t bits) { return enclose_exp_of(parts, bits); };
  MRV_TRY(const Decimal34 result, settle(precisions_for(x.bits()), enclose, never));
  return exactly(result);
}

// ln x = -ln(1/x), and settle() wants a positive value.
Result<Rational> rounded_ln(const Rational& x, Meter& meter) {
  if (x.is_negative() || x.is_zero()) return undefined("the logarithm of a number not above zero");
  if (x == Rational(1)) return Rational();
  MRV_CHECK(meter.pay_rounded_function(x.bits()));
  RationalParts parts = RationalParts::of(x);
  const bool negative = parts.numerator < parts.denominator;
  if (negative) std::swap(parts.numerator, parts.denominator);
  const auto enclose = [&](std::size_t bits) {
    return ScaledEnclosure{enclose_ln(parts.numerator, parts.denominator, bits), 0};
  };
  MRV_TRY(Decimal34 result, settle(precisions_for(x.bits()), enclose, never));
  result.negative = negative;
  return exactly(result);
}

Result<Rational> rounded_pow(const Rational& x, const Rational& y, Meter& meter) {
  if (y.is_zero()) return Rational(1);
  const RationalParts exponent = RationalParts::of(y);
  if (x.is_zero()) {
    if (y.is_negative()) return undefined("zero to a negative power");
    return x;
  }
  if (x.is_negative() && exponent.denominator != 1) {
    return undefined("a negative number to a power that is not whole");
  }
  const bool negative = x.is_negative() && (exponent.numerator & 1) != 0;
  RationalParts base = RationalParts::of(x);
  base.numerator = abs(base.numerator);
  if (base.numerator == base.denominator) return Rational(negative ? -1 : 1);
  const std::size_t bits = x.bits() + y.bits();
  MRV_CHECK(meter.pay_rounded_function(bits));
  MRV_TRY(Decimal34 result, positive_power(std::move(base), exponent, bits));
  result.negative = negative;
  return exactly(result);
}

}  // namespace mrv::methodology
