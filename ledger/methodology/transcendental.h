// The rounded functions of the calculation engine: square root, exponential, natural logarithm and
// power of exact rationals. Each answers the decimal of 34 significant digits nearest to the exact
// mathematical value (halfway: the one with an even last digit), as an exact rational again. The
// definition leaves no freedom, so every engine has the same digits (schemas/spec/methodology.md,
// "Rounded functions").
//
// Numbers are without unit. A result is 0 or has 10^kRoundedExponentMin <= |result| <
// 10^(kRoundedExponentMax + 1); one that is not is NUMBER_TOO_LARGE or NUMBER_TOO_SMALL, never
// infinity or 0. OUTSIDE_DOMAIN names an argument for which there is no value. Work is paid on the
// meter before it is done, by the length of the arguments alone; above the meter's limit the error
// is CALCULATION_FAILED, as everywhere. Pure; time and memory are bounded by what was paid.
#pragma once

#include "ledger/base/rational.h"
#include "ledger/methodology/meter.h"

namespace mrv::methodology {

// The steps of one node of exp, ln or pow in the price of a calculation, besides those of its
// operands; a sqrt is one step, like every other node.
inline constexpr std::uint64_t kRoundedFunctionSteps = 32;

// Errors: OUTSIDE_DOMAIN for x < 0; range.
Result<Rational> rounded_sqrt(const Rational& x);

// Errors: range; the meter's; NOT_ROUNDABLE (see transcendental.cpp: no such argument is known).
Result<Rational> rounded_exp(const Rational& x, Meter& meter);

// Errors: OUTSIDE_DOMAIN for x <= 0; otherwise as rounded_exp.
Result<Rational> rounded_ln(const Rational& x, Meter& meter);

// x^y. A whole y is rounded like any other (x·x is exact, x^2 has 34 digits). x^0 is 1 for every x,
// and 0^y is 0 for y > 0. Errors: OUTSIDE_DOMAIN for 0 to a negative power and for negative x with
// a y that is not whole; otherwise as rounded_exp.
Result<Rational> rounded_pow(const Rational& x, const Rational& y, Meter& meter);

}  // namespace mrv::methodology
