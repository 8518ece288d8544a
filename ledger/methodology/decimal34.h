// Rounding to 34 significant decimal digits, half to even, and back to an exact rational: what
// every rounded function ends with. The digits and the range of results are those of the normal
// numbers of IEEE 754-2019 decimal128, so other decimal libraries can check them.
#pragma once

#include "ledger/base/limits.h"
#include "ledger/base/rational.h"
#include "ledger/base/rational_parts.h"

namespace mrv::methodology {

// ± coefficient · 10^exponent. Zero is {false, 0, 0}; every other coefficient has exactly
// kRoundedDigits digits, so equal values are equal members. The exponent has no limit here.
struct Decimal34 {
  bool negative = false;
  Integer coefficient = 0;
  std::int64_t exponent = 0;

  friend bool operator==(const Decimal34&, const Decimal34&) = default;
};

// The largest integer e with 10^e ≤ numerator/denominator. Precondition: both positive.
std::int64_t decimal_exponent(const Integer& numerator, const Integer& denominator);

// The decimal of 34 digits nearest to numerator/denominator; halfway between two, the one with an
// even last digit. Precondition: denominator positive.
Decimal34 round34(const Integer& numerator, const Integer& denominator);

// The same number. Errors: NUMBER_TOO_LARGE from 10^(kRoundedExponentMax + 1) on, NUMBER_TOO_SMALL
// below 10^kRoundedExponentMin where it is not zero.
Result<Rational> exactly(const Decimal34& decimal);

}  // namespace mrv::methodology
