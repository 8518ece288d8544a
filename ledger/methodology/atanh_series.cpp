// atanh t = t + t³/3 + t⁵/5 + …, term by term for any t and by binary splitting for 1/n.
#include "ledger/methodology/atanh_series.h"

#include <array>
#include <cassert>

namespace mrv::methodology {
namespace {

// The sum of 1/((2i + 1) n^(2(i - first + 1))) over first <= i < last, exactly: sum / (odd ·
// power), with odd the product of all 2i + 1 and power that of one n² for each i.
struct Partial {
  Integer sum;
  Integer odd;
  Integer power;
};

// NOLINTNEXTLINE(misc-no-recursion): halves its range, so it is as deep as the range has bits
Partial partial_sum(unsigned n, std::size_t first, std::size_t last) {
  if (last - first == 1) return {1, 2 * first + 1, Integer(n) * n};
  const std::size_t middle = first + (last - first) / 2;
  const Partial left = partial_sum(n, first, middle);
  const Partial right = partial_sum(n, middle, last);
  return {left.sum * right.odd * right.power + right.sum * left.odd, left.odd * right.odd,
          left.power * right.power};
}

// atanh(1/n) · 2^scale from below by less than 2. The terms left out are together less than
// 1/n^(2 terms) <= 2^(-2 terms (bits_of(n) - 1)) <= 2^-scale: less than 1. Rounding down is less
// than the other 1.
Integer atanh_of_reciprocal(unsigned n, std::size_t scale) {
  const std::size_t gain = 2 * (bits_of(n) - 1);
  const std::size_t terms = scale / gain + 1;
  const Partial partial = partial_sum(n, 0, terms);
  // atanh(1/n) is the sum of 1/((2i + 1) n^(2i + 1)): n times what partial_sum counts.
  return ((partial.sum * n) << scale) / (partial.odd * partial.power);
}

// ln 2 and ln 10 are sums of multiples of atanh(1/31), atanh(1/49) and atanh(1/161).
using Weights = std::array<unsigned, 3>;
constexpr Weights kLn2 = {14, 10, 6};
constexpr Weights kLn10 = {46, 34, 20};

// From below by less than kConstantError: the sum of at most 100 values, each less than 2 too
// small, is less than 200 · 2^-8 units too small once it is shifted, and the shift drops less
// than 1.
Integer weighted(const Weights& weights, std::size_t scale) {
  constexpr unsigned kGuardBits = 8;
  const std::size_t fine = scale + kGuardBits;
  return (weights[0] * atanh_of_reciprocal(31, fine) + weights[1] * atanh_of_reciprocal(49, fine) +
          weights[2] * atanh_of_reciprocal(161, fine)) >>
         kGuardBits;
}

// Nearly every calculation ends within this scale. Shifting the kept constant down keeps the bound:
// c <= x·2^k < c + 2 gives floor(c/2^j) <= x·2^(k-j) < floor(c/2^j) + 1 + 1.
constexpr std::size_t kKeptScale = 1'024;

}  // namespace

Enclosure enclose_atanh(const Integer& numerator, const Integer& denominator, std::size_t scale) {
  assert(numerator >= 0 && numerator * 5 <= denominator);
  // t, t² and each power of t are rounded down. The power t^(2i+1) is wrong by less than 2: for i =
  // 0 by less than 1, and then, with t <= 1/5, by less than 2t² + t^(2i-1) (2t + 1) + 1 <= 0.08 +
  // 0.28 + 1. A term, which is that power divided by 2i + 1 >= 3, is then wrong by less than 2 too.
  const Integer t = (numerator << scale) / denominator;
  const Integer square = (t * t) >> scale;
  Integer power = t;
  Integer sum = t;
  unsigned odd = 1;
  while (power != 0) {
    odd += 2;
    power = (power * square) >> scale;
    sum += power / odd;
  }
  // The first power that is 0 stands for less than 2; all terms behind it are together less than 1.
  const Integer error = odd + 1;
  return {sum, sum + error, scale};
}

Integer ln2(std::size_t scale) {
  static const Integer kept = weighted(kLn2, kKeptScale);
  return scale <= kKeptScale ? kept >> (kKeptScale - scale) : weighted(kLn2, scale);
}

Integer ln10(std::size_t scale) {
  static const Integer kept = weighted(kLn10, kKeptScale);
  return scale <= kKeptScale ? kept >> (kKeptScale - scale) : weighted(kLn10, scale);
}

}  // namespace mrv::methodology
