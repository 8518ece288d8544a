// Differences to what was settled before.
#include "ledger/state/settled_years.h"

#include "ledger/state/issuance.h"

namespace mrv::state {
namespace {

std::optional<model::CarryRow> carry_of(Context& context, const model::ProjectId& project,
                                        std::int64_t year) {
  return context.read<model::CarryRow>(codec::carry_key(project, year));
}

// What the earlier years have lost since they were settled.
Result<Rational> lost(Context& context, const model::ProjectId& project,
                      const std::vector<model::YearFigure>& history) {
  Rational sum;
  for (const auto& [year, exact] : history) {
    const auto row = carry_of(context, project, year);
    if (!row || !row->settled) continue;
    MRV_TRY(const Rational less, stored_number(*row->settled).minus(stored_number(exact)));
    if (less.is_negative()) continue;
    MRV_TRY(sum, sum.plus(less));
  }
  return sum;
}

}  // namespace

Result<std::vector<Rational>> additions(Context& context, const model::ProjectId& project,
                                        const std::vector<model::RecomputedVintage>& vintages,
                                        const History& history) {
  std::vector<Rational> added;
  added.reserve(vintages.size());
  for (const auto& vintage : vintages) {
    Rational figure = stored_number(vintage.exact);
    const auto row = history ? carry_of(context, project, vintage.year) : std::nullopt;
    if (row && row->settled) {
      MRV_TRY(figure, figure.minus(stored_number(*row->settled)));
    }
    added.push_back(std::move(figure));
  }
  if (!history || added.empty()) return added;
  MRV_TRY(const Rational less, lost(context, project, *history));
  MRV_TRY(added.front(), added.front().minus(less));
  return added;
}

void settle_history(Context& context, const model::ProjectId& project,
                    const std::vector<model::YearFigure>& history) {
  for (const auto& [year, exact] : history) {
    auto row = carry_of(context, project, year);
    if (!row) row = model::CarryRow{project, year, "0", "0"};
    if (row->settled && stored_number(*row->settled) <= stored_number(exact)) continue;
    row->settled = exact;
    context.write(codec::carry_key(project, year), *row);
  }
}

Result<std::string> settled_with(const model::CarryRow& before, const std::string& exact,
                                 const History& history) {
  if (history || !before.settled) return exact;
  MRV_TRY(const Rational sum, stored_number(*before.settled).plus(stored_number(exact)));
  return sum.text();
}

}  // namespace mrv::state
