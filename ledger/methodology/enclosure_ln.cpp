// ln: take out the powers of two, then the series of atanh; where that would need many terms, a
// quotient that is nearly 1 is made with exp first, which doubles the precision at each step.
#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

#include "ledger/methodology/enclosure.h"

namespace mrv::methodology {
namespace {

// What the powers of two (up to 2^17 of them) and the sum of the parts lose.
constexpr std::size_t kGuardBits = 24;

// numerator/denominator = m · 2^twos, with 7/10 <= m <= 10/7.
struct Reduced {
  Integer numerator;
  Integer denominator;
  std::int64_t twos = 0;
};

Reduced reduced(const Integer& numerator, const Integer& denominator) {
  Reduced m{numerator, denominator, 0};
  m.twos = static_cast<std::int64_t>(bits_of(numerator)) -
           static_cast<std::int64_t>(bits_of(denominator));
  if (m.twos > 0) m.denominator <<= static_cast<std::size_t>(m.twos);
  if (m.twos < 0) m.numerator <<= static_cast<std::size_t>(-m.twos);
  // Equal lengths: 1/2 < m < 2.
  if (m.numerator * 5 > m.denominator * 7) {
    m.denominator <<= 1;
    ++m.twos;
  } else if (m.numerator * 7 < m.denominator * 5) {
    m.numerator <<= 1;
    --m.twos;
  }
  return m;
}

// ln(a/b) = 2 atanh((a - b)/(a + b)). Precondition: 1 <= a/b <= 3/2.
Enclosure series(const Integer& a, const Integer& b, std::size_t scale) {
  Enclosure half = enclose_atanh(a - b, a + b, scale);
  return {half.low << 1, half.high << 1, scale};
}

// One step from a lower bound y of ln(a/b), y >= 0: with v = exp_from_below(y) at this scale,
//   ln(a/b) = ln(v) + 2 atanh((a - v b)/(a + v b)),  and  y - kExpError <= ln(v) <= y
// in units of the last place, because v >= 1. As v <= e^y <= a/b, the second part is not negative.
// The better y is, the fewer terms its series has.
Enclosure improved(const Integer& y, const Integer& a, const Integer& b, std::size_t scale) {
  const Enclosure rest = series(a << scale, b * exp_from_below(y, scale), scale);
  return {y - kExpError + rest.low, y + rest.high, scale};
}

// ln(a/b) for 1 <= a/b <= 10/7, where the lengths of a + b and a - b differ by `zeros`: a term of
// the series brings at least 2 zeros - 2 bits, and at least 4. The smallest scale a step begins
// from is far above `zeros`, so no y is negative.
Enclosure enclose_small(const Integer& a, const Integer& b, std::size_t zeros, std::size_t scale) {
  constexpr std::size_t kTermsMax = 100;
  const std::size_t bits_per_term = std::max<std::size_t>(2 * zeros - 2, 4);
  std::vector<std::size_t> steps;
  while (scale / bits_per_term > kTermsMax) {
    steps.push_back(scale);
    scale = scale / 2 + 8;
  }
  Enclosure result = series(a, b, scale);
  for (; !steps.empty(); steps.pop_back()) {
    const Integer y = result.low << (steps.back() - result.scale);
    result = improved(y, a, b, steps.back());
  }
  return result;
}

}  // namespace

Enclosure enclose_ln(const Integer& numerator, const Integer& denominator, std::size_t bits) {
  assert(numerator > 0 && denominator > 0 && numerator != denominator);
  Reduced m = reduced(numerator, denominator);
  const bool below_one = m.numerator < m.denominator;
  if (below_one) std::swap(m.numerator, m.denominator);
  const Integer difference = m.numerator - m.denominator;
  std::size_t scale = bits + kGuardBits;
  Enclosure small{0, 0, scale};
  if (difference != 0) {
    const std::size_t zeros = bits_of(m.numerator + m.denominator) - bits_of(difference);
    // Without powers of two nothing else gives the result its size.
    if (m.twos == 0) scale += zeros;
    small = enclose_small(m.numerator, m.denominator, zeros, scale);
  }
  if (below_one) small = {-small.high, -small.low, scale};
  const Integer low_ln2 = m.twos == 0 ? Integer(0) : ln2(scale);
  const Integer high_ln2 = low_ln2 + kConstantError;
  const Integer& low_factor = m.twos < 0 ? high_ln2 : low_ln2;
  const Integer& high_factor = m.twos < 0 ? low_ln2 : high_ln2;
  return {small.low + m.twos * low_factor, small.high + m.twos * high_factor, scale};
}

}  // namespace mrv::methodology
