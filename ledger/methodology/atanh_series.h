// The inverse hyperbolic tangent in fixed point with a bound on its error, and the two constants
// that come from it: what every logarithm here is made of.
//
// A number is kept in fixed point as an integer n and a scale s: n/2^s. Every error below is
// counted in units of the last place, 2^-s. Sources: R. P. Brent and P. Zimmermann, Modern Computer
// Arithmetic (2010), sections 4.4 and 4.9; the formulas for ln 2 and ln 10 are Machin-like ones of
// D. H. Lehmer's kind.
#pragma once

#include "ledger/base/rational_parts.h"

namespace mrv::methodology {

// A real number between low/2^scale and high/2^scale, both included.
struct Enclosure {
  Integer low;
  Integer high;
  std::size_t scale = 0;
};

// atanh(numerator/denominator). Precondition: 0 <= numerator/denominator <= 1/5. The width is at
// most 2 (terms) + 2, with at most scale/4 + 2 terms.
Enclosure enclose_atanh(const Integer& numerator, const Integer& denominator, std::size_t scale);

// c with c <= ln 2 · 2^scale < c + kConstantError, and the same for ln 10.
inline constexpr unsigned kConstantError = 2;
Integer ln2(std::size_t scale);
Integer ln10(std::size_t scale);

}  // namespace mrv::methodology
