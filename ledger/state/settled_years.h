// What a project's years have been settled with, so that no tonne of a year issues twice
// (schemas/spec/registry.md 9; from rules version 4 on, before it nothing is kept).
//
// A report of a series restates whole years, those before its period too. What it adds is the
// difference to what earlier issuances counted for the year; where an earlier year has lost since,
// the loss comes off the first year that is reported. An earlier year never adds anything.
#pragma once

#include <optional>
#include <vector>

#include "ledger/base/rational.h"
#include "ledger/state/context.h"

namespace mrv::state {

using History = std::optional<std::vector<model::YearFigure>>;

// What each of the reported years adds, in the order of `vintages`. `history` is that of the
// report; without one each year adds its own figure. Errors: NUMBER_TOO_LARGE.
Result<std::vector<Rational>> additions(Context& context, const model::ProjectId& project,
                                        const std::vector<model::RecomputedVintage>& vintages,
                                        const History& history);

// The report issues: its earlier years stand at what it says of them, or at the less that they
// stood at before.
void settle_history(Context& context, const model::ProjectId& project,
                    const std::vector<model::YearFigure>& history);

// The figure that a reported year stands at from here on. Errors: NUMBER_TOO_LARGE.
Result<std::string> settled_with(const model::CarryRow& before, const std::string& exact,
                                 const History& history);

}  // namespace mrv::state
