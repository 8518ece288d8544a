// exp: take out the powers of ten, halve the rest many times, sum Taylor's series, square back
// (Brent and Zimmermann, Modern Computer Arithmetic, 4.3 and 4.4).
#include <bit>
#include <cassert>
#include <vector>

#include "ledger/methodology/enclosure.h"

namespace mrv::methodology {
namespace {

// Multiplications are what costs: one for each halving, and about three times `columns` for the
// series. With a halving for each of the cube root of the bits and as many columns as rows both
// stay near it.
struct Shape {
  std::size_t halvings = 8;
  std::size_t columns = 1;
};

Shape shape_for(std::size_t bits) {
  Shape shape;
  while (shape.halvings * shape.halvings * shape.halvings < bits) ++shape.halvings;
  const std::size_t terms = bits / (shape.halvings + std::bit_width(bits) / 2);
  while (shape.columns * shape.columns < terms) ++shape.columns;
  return shape;
}

// Taylor's series of e^x at x/2^scale <= 1/16 in `columns` columns (D. M. Smith, Efficient
// multiple-precision evaluation of elementary functions, Math. Comp. 52 (1989)): with c columns,
// column i sums y^j/(jc + i)! for y = x^c, and Horner's rule joins the columns. From below by less
// than 2 scale. Precondition: scale >= 64, columns <= scale/16.
//
// A product or quotient is rounded down, so each loses less than 1. y is wrong by less than 2. A
// term is wrong by less than e'/16 + 2 + 1 + 1 < 5, e' being the error of the one before it. A term
// y^j/k! is below 16^(-cj), so at most scale/4 + c + 2 are summed; those left out are together less
// than 6. What Horner's rule loses is less than 2. In all less than 5 (scale/4 + c + 2) + 8.
Integer taylor(const Integer& x, std::size_t scale, std::size_t columns) {
  Integer y = x;
  for (std::size_t i = 1; i < columns; ++i) y = (y * x) >> scale;
  std::vector<Integer> sums(columns);
  Integer term = Integer(1) << scale;
  for (unsigned k = 1; term != 0; ++k) {
    sums[(k - 1) % columns] += term;
    if (k % columns == 0) term = (term * y) >> scale;
    term /= k;
  }
  Integer sum = sums.back();
  for (std::size_t i = columns - 1; i-- > 0;) sum = sums[i] + ((sum * x) >> scale);
  return sum;
}

}  // namespace

// Let W = bits + guard be the working scale and h the halvings. x/2^h is exact at that scale,
// because guard > h. The series is relatively wrong by less than 2W 2^-W, its value being at
// least 1. One squaring, rounded down, at most doubles a relative error and adds less than 2^-W;
// after h of them it is less than 2^h (2W + 1) 2^-W. The value is below e^(5/2) < 2^4, so the
// absolute error is below 2^(h + 4) (2W + 1) 2^-W <= 2^-bits, since the guard is h + 4 and the
// length of 4 bits + 256 > 2W. Dropping the guard adds less than a second unit.
Integer exp_from_below(const Integer& x, std::size_t bits) {
  assert(x >= 0 && bits >= 64);
  const Shape shape = shape_for(bits);
  const std::size_t spread = 4 * bits + 256;
  const std::size_t guard = shape.halvings + 4 + std::bit_width(spread);
  const std::size_t scale = bits + guard;
  assert(2 * scale < spread && 16 * shape.columns <= scale);
  Integer value = taylor(x << (guard - shape.halvings), scale, shape.columns);
  for (std::size_t i = 0; i < shape.halvings; ++i) value = (value * value) >> scale;
  return value >> guard;
}

ScaledEnclosure enclose_exp(const Enclosure& argument, std::size_t bits) {
  assert(argument.scale == bits + kExpGuardBits);
  const Integer low_ln10 = ln10(argument.scale);
  const Integer high_ln10 = low_ln10 + kConstantError;
  Integer tens = floor_division(argument.low, low_ln10);
  // What remains beside tens · ln 10 must not be negative, or the digits would begin with 0.9….
  if (argument.low < tens * high_ln10) --tens;
  const Integer& subtract_at_most = tens < 0 ? low_ln10 : high_ln10;
  const Integer& subtract_at_least = tens < 0 ? high_ln10 : low_ln10;
  const Integer low_rest = argument.low - tens * subtract_at_most;
  const Integer high_rest = argument.high - tens * subtract_at_least;
  assert(low_rest >= 0);

  // The rest times 2^bits lies in [x, x + width]: 1 for each of the two roundings down.
  const Integer x = low_rest >> kExpGuardBits;
  const Integer width = ((high_rest - low_rest) >> kExpGuardBits) + 2;
  assert(bits_of(width) <= bits);
  const Integer low = exp_from_below(x, bits);
  // e^(a + d) <= e^a (1 + 2d) for 0 <= d <= 1, and e^a < 2^4.
  return {{low, low + kExpError + (width << 5), bits}, static_cast<std::int64_t>(tens)};
}

}  // namespace mrv::methodology
