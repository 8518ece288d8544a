// Counting serials.
#include "ledger/state/quantity.h"

#include "ledger/state/units.h"

namespace mrv::state {
namespace {

using model::Outcome;

constexpr const char* kPointer = "/credentialSubject/legs";

Check require_one_unit(Context& context, const std::vector<model::SerialRange>& serials) {
  std::optional<model::AmountUnit> unit;
  return each_programme(context, serials, [&unit](const model::ProgrammeRow& programme) -> Check {
    if (unit && *unit != programme.unit) {
      return refuse(Outcome::UNITS_MIXED, kPointer, programme.id.text());
    }
    unit = programme.unit;
    return std::nullopt;
  });
}

}  // namespace

Check count_serials(Context& context, const std::vector<model::SerialRange>& serials, Units& out) {
  if (auto check = require_one_unit(context, serials)) return check;
  Units total = 0;
  for (const auto& range : serials) {
    const auto sum = checked_add(total, range.last - range.first + 1);
    if (!sum || *sum > kUnitsMax) return refuse(Outcome::AMOUNT_OVERFLOW, kPointer);
    total = *sum;
  }
  out = total;
  return std::nullopt;
}

}  // namespace mrv::state
