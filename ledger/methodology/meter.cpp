// Counting, with an answer when it is too much.
#include "ledger/methodology/meter.h"

#include <algorithm>

#include "ledger/base/limits.h"

namespace mrv::methodology {
namespace {

// Beyond the limit all counts are alike, so a sum never wraps.
std::uint64_t capped(std::uint64_t count) { return std::min(count, kCalculationCostMax + 1); }

}  // namespace

Status Meter::reserve(std::uint64_t steps) {
  steps_ = capped(steps_ + capped(steps));
  if (steps_ <= kCalculationCostMax) return {};
  return Error{"CALCULATION_FAILED",
               "it would cost more than " + std::to_string(kCalculationCostMax) + " steps",
               {}};
}

Status Meter::pay(const Rational& number) {
  const std::uint64_t length = number.bits() / kDigitBits;
  return count_digits(length * (length + kWordUnits));
}

Status Meter::pay_rounded_function(std::size_t bits) {
  const std::uint64_t length = bits / kArgumentBits;
  return count_digits(kArgumentUnit * length * length);
}

Status Meter::count_digits(std::uint64_t digits) {
  if (digits == 0) return {};
  digits_ = capped(digits_ + capped(digits));
  if (digits_ <= kCalculationCostMax) return {};
  return Error{"CALCULATION_FAILED", "it works on numbers of too many digits", {}};
}

}  // namespace mrv::methodology
