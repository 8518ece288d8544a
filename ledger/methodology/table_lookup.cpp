// Scanning rows; their number is part of a look-up's price.
#include "ledger/methodology/table_lookup.h"

#include <algorithm>

namespace mrv::methodology {
namespace {

// Whether the row's first keys are these.
bool starts_with(const model::FactorRow& row, const std::vector<std::string_view>& keys) {
  return std::equal(keys.begin(), keys.end(), row.keys.begin());
}

Error no_row(std::string detail) {
  return {"CALCULATION_FAILED", "the table has no row for " + std::move(detail), {}};
}

}  // namespace

Result<Rational> row_of(const PreparedTable& table, const std::vector<std::string_view>& keys) {
  const auto& rows = table.table->rows;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (starts_with(rows[r], keys)) return table.values[r];
  }
  std::string named;
  for (const auto key : keys) named += (named.empty() ? "" : ", ") + std::string(key);
  return no_row(std::move(named));
}

Result<Rational> between_rows(const PreparedTable& table, const std::vector<std::string_view>& keys,
                              const Rational& last, model::Interpolation interpolation) {
  std::optional<std::size_t> below;  // the greatest key that is not above
  std::optional<std::size_t> above;  // the smallest key that is not below
  const auto& rows = table.table->rows;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (!starts_with(rows[r], keys)) continue;
    if (table.last_keys[r] <= last) below = r;
    if (!above && table.last_keys[r] >= last) above = r;
  }
  const bool found = (below || interpolation == model::Interpolation::up) &&
                     (above || interpolation == model::Interpolation::down);
  if (!found) return no_row(last.decimal(6));
  if (interpolation == model::Interpolation::up) return table.values[*above];
  if (interpolation == model::Interpolation::down) return table.values[*below];
  if (*below == *above) return table.values[*below];
  const Rational& low = table.last_keys[*below];
  MRV_TRY(const Rational whole, table.last_keys[*above].minus(low));
  MRV_TRY(const Rational part, last.minus(low));
  MRV_TRY(const Rational share, part.over(whole));
  MRV_TRY(const Rational rise, table.values[*above].minus(table.values[*below]));
  MRV_TRY(const Rational gained, rise.times(share));
  return table.values[*below].plus(gained);
}

}  // namespace mrv::methodology
