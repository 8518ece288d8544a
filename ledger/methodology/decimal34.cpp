// One division with remainder says the digits and which way to round.
#include "ledger/methodology/decimal34.h"

#include <cassert>

namespace mrv::methodology {
namespace {

constexpr int kDigits = kRoundedDigits;

// 10^33: the smallest coefficient.
const Integer& smallest() {
  static const Integer power = power_of_ten(kDigits - 1);
  return power;
}

const Integer& beyond() {
  static const Integer power = power_of_ten(kDigits);
  return power;
}

// Where each side stands when numerator/denominator is divided by 10^exponent.
RationalParts scaled(const Integer& numerator, const Integer& denominator, std::int64_t exponent) {
  if (exponent <= 0) {
    return {numerator * power_of_ten(static_cast<std::size_t>(-exponent)), denominator};
  }
  return {numerator, denominator * power_of_ten(static_cast<std::size_t>(exponent))};
}

// decimal_exponent or one beside it: the quotient lies between 2^(d-1) and 2^(d+1), where d is the
// difference of the lengths, and 30103/100000 is log10(2) to 5·10^-9.
std::int64_t estimated_exponent(const Integer& numerator, const Integer& denominator) {
  const auto difference = static_cast<std::int64_t>(bits_of(numerator)) -
                          static_cast<std::int64_t>(bits_of(denominator));
  const std::int64_t product = (difference - 1) * 30'103;
  return product / 100'000 - (product < 0 ? 1 : 0);
}

// The integer quotient at the one exponent that gives it 34 digits; what is over decides the
// rounding.
struct Quotient {
  Integer digits;
  Integer remainder;
  Integer divisor;
  std::int64_t exponent = 0;
};

Quotient leading_digits(const Integer& numerator, const Integer& denominator) {
  Quotient quotient;
  quotient.exponent = estimated_exponent(numerator, denominator) - (kDigits - 1);
  while (true) {
    RationalParts parts = scaled(numerator, denominator, quotient.exponent);
    divide_qr(parts.numerator, parts.denominator, quotient.digits, quotient.remainder);
    quotient.divisor = std::move(parts.denominator);
    if (quotient.digits >= beyond()) {
      ++quotient.exponent;
    } else if (quotient.digits < smallest()) {
      --quotient.exponent;
    } else {
      return quotient;
    }
  }
}

bool rounds_up(const Quotient& quotient) {
  const int against_half = Integer(quotient.remainder << 1).compare(quotient.divisor);
  return against_half > 0 || (against_half == 0 && (quotient.digits & 1) != 0);
}

}  // namespace

std::int64_t decimal_exponent(const Integer& numerator, const Integer& denominator) {
  assert(numerator > 0 && denominator > 0);
  return leading_digits(numerator, denominator).exponent + (kDigits - 1);
}

Decimal34 round34(const Integer& numerator, const Integer& denominator) {
  assert(denominator > 0);
  if (numerator == 0) return {};
  Quotient quotient = leading_digits(abs(numerator), denominator);
  if (rounds_up(quotient)) ++quotient.digits;
  if (quotient.digits == beyond()) {
    quotient.digits = smallest();
    ++quotient.exponent;
  }
  return {numerator < 0, std::move(quotient.digits), quotient.exponent};
}

Result<Rational> exactly(const Decimal34& decimal) {
  const std::int64_t leading = decimal.exponent + (kDigits - 1);
  if (decimal.coefficient == 0) return Rational();
  if (leading > kRoundedExponentMax) {
    return Error{"NUMBER_TOO_LARGE",
                 "the result is not below 10^" + std::to_string(kRoundedExponentMax + 1),
                 {}};
  }
  if (leading < kRoundedExponentMin) {
    return Error{"NUMBER_TOO_SMALL",
                 "the result is nearer to zero than 10^" + std::to_string(kRoundedExponentMin),
                 {}};
  }
  const Integer digits = decimal.negative ? Integer(-decimal.coefficient) : decimal.coefficient;
  // digits / 10^-exponent, in either direction.
  return scaled(digits, 1, -decimal.exponent).joined();
}

}  // namespace mrv::methodology
