// From a report's data to whole units (domain.md 4, 5): the calculation a claim is held against.
#pragma once

#include "ledger/methodology/data.h"
#include "ledger/methodology/engine.h"
#include "ledger/state/context.h"

namespace mrv::state {

struct Recomputation {
  methodology::Calculation calculation;
  std::vector<model::RecomputedVintage> vintages;  // exact and ceiling in the programme's unit
  std::optional<std::vector<model::YearFigure>> history;  // of a series, from version 4 on
  std::vector<Hash> tables;
};

// Reads methodology, tables and datasets, and calculates. `unit` is the programme's. Refusals:
// TABLE_NOT_ALLOWED, PARAMETER_MISSING, PARAMETER_INVALID, CHECK_FAILED, CALCULATION_FAILED,
// AMOUNT_OVERFLOW.
Check recompute(Context& context, const model::SubmitMonitoringReport& act,
                const model::ProjectRow& project, model::AmountUnit unit, Recomputation& out);

// What a series credits for the years before the period, in units of which `scale` make one of the
// document's. Errors: NUMBER_TOO_LARGE, AMOUNT_OVERFLOW.
Result<std::vector<model::YearFigure>> exact_history(const Rational& scale,
                                                     const methodology::Calculation& calculation);

// The canonical JSON that the entry carries as `result`.
std::string result_of(const model::SubmitMonitoringReport& act, const Recomputation& recomputation);

// Units that the declared capacity allows over the period, by calendar year and day:
// floor(capacity × margin × share). Errors: NUMBER_TOO_LARGE.
Result<Rational> plausible_units(const model::ProjectRow& project, const model::Period& period,
                                 const Rational& margin);

}  // namespace mrv::state
