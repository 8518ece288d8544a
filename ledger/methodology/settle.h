// Correct rounding by Ziv's strategy: enclose the value ever more narrowly until both ends round to
// the same 34 digits (A. Ziv, Fast evaluation of elementary mathematical functions with correctly
// rounded last bit, ACM TOMS 17 (1991)). The answer is that of the exact value, whatever the
// enclosures are, so two engines that share nothing but the definition agree on every digit.
#pragma once

#include <functional>

#include "ledger/methodology/decimal34.h"
#include "ledger/methodology/enclosure.h"

namespace mrv::methodology {

// Relative precision of the first attempt: 34 digits are 113 bits, so about one value in 2^35 needs
// a second one.
inline constexpr std::size_t kFirstBits = 160;

// An enclosure of the value, relatively as narrow as about 2^-bits.
using Enclose = std::function<Result<ScaledEnclosure>(std::size_t bits)>;

// Is the value exactly digits · 10^exponent, a number halfway between two decimals?
using IsHalfway = std::function<bool(const Integer& digits, std::int64_t exponent)>;

// Precisions to try. `expected` is where even made-up arguments are decided; `most` is the last.
struct Precisions {
  std::size_t expected = 0;
  std::size_t most = 0;
};

// The precision to try after `bits`: twice as many, but `expected` is not jumped over.
std::size_t next_bits(std::size_t bits, const Precisions& precisions);

// The value to 34 digits, half to even. It ends because the value either is halfway between two
// decimals, which `is_halfway` says, or lies at a distance from every such number, which some
// precision shows. Errors: those of `enclose`; NOT_ROUNDABLE where no precision up to the most
// shows it. Precondition: the value is positive.
Result<Decimal34> settle(const Precisions& precisions, const Enclose& enclose,
                         const IsHalfway& is_halfway);

}  // namespace mrv::methodology
