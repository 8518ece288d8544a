// More bits at each attempt.
#include "ledger/methodology/settle.h"

#include <algorithm>

namespace mrv::methodology {
namespace {

Decimal34 rounded(const Integer& bound, const ScaledEnclosure& enclosure) {
  Decimal34 decimal = round34(bound, Integer(1) << enclosure.bounds.scale);
  decimal.exponent += enclosure.exponent;
  return decimal;
}

// The next decimal of the same sign.
Decimal34 successor(const Decimal34& decimal) {
  Decimal34 next = round34(decimal.coefficient + 1, 1);
  next.exponent += decimal.exponent;
  return next;
}

}  // namespace

std::size_t next_bits(std::size_t bits, const Precisions& precisions) {
  return bits < precisions.expected ? std::min(2 * bits, precisions.expected) : 2 * bits;
}

Result<Decimal34> settle(const Precisions& precisions, const Enclose& enclose,
                         const IsHalfway& is_halfway) {
  for (std::size_t bits = kFirstBits; bits <= precisions.most; bits = next_bits(bits, precisions)) {
    MRV_TRY(const ScaledEnclosure enclosure, enclose(bits));
    const Decimal34 low = rounded(enclosure.bounds.low, enclosure);
    const Decimal34 high = rounded(enclosure.bounds.high, enclosure);
    if (low == high) return low;
    if (successor(low) != high) continue;
    if (is_halfway(low.coefficient * 10 + 5, low.exponent - 1)) {
      return (low.coefficient & 1) == 0 ? low : high;
    }
  }
  return Error{"NOT_ROUNDABLE", "the result is too near the middle between two decimals", {}};
}

}  // namespace mrv::methodology
