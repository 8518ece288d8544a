// Enclosures of ln and exp in fixed point: a lower and an upper bound that hold whatever the
// precision, and that close in on the value as it is raised.
#pragma once

#include "ledger/methodology/atanh_series.h"

namespace mrv::methodology {

// From here on e^X and e^-X are far outside the range of results, which ends at e^14,149 and
// e^-14,145.
inline constexpr int kExponentCertainlyTooLarge = 15'000;

// ln(numerator/denominator), relatively as narrow as about 2^-bits. Precondition: both positive,
// not equal; bits >= 64.
Enclosure enclose_ln(const Integer& numerator, const Integer& denominator, std::size_t bits);

// bounds times 10^exponent; the bounds lie near [1, 10].
struct ScaledEnclosure {
  Enclosure bounds;
  std::int64_t exponent = 0;
};

// Guard bits by which the argument of exp must be finer than the result.
inline constexpr std::size_t kExpGuardBits = 20;

// e^X for every X in `argument`. Precondition: |X| < 2^14; argument.scale = bits + kExpGuardBits;
// bits >= 64; the argument is not wider than 2^-8.
ScaledEnclosure enclose_exp(const Enclosure& argument, std::size_t bits);

// v with v <= e^(x/2^bits) · 2^bits < v + kExpError. Precondition: 0 <= x/2^bits < 5/2; bits >= 64.
inline constexpr unsigned kExpError = 2;
Integer exp_from_below(const Integer& x, std::size_t bits);

}  // namespace mrv::methodology
