// Evaluating a compiled methodology over one slice of judged data, in exact rationals. Pure;
// bounded by the price that calculate() asks before it runs and by what long numbers cost on the
// meter.
#pragma once

#include <vector>

#include "ledger/methodology/meter.h"
#include "ledger/methodology/slice.h"

namespace mrv::methodology {

// A definition's values: one for each combination of members of its axes, the last axis varying
// fastest.
using DefinitionValue = std::vector<Rational>;

// All definitions in order. Errors: CALCULATION_FAILED (the detail names the definition and why).
Result<std::vector<DefinitionValue>> evaluate_definitions(const Slice& slice, Meter& meter);

// Errors: CHECK_FAILED with the check's name, CALCULATION_FAILED.
Status evaluate_checks(const Slice& slice, const std::vector<DefinitionValue>& values,
                       Meter& meter);

// To a multiple of the step. Errors: NUMBER_TOO_LARGE.
Result<Rational> rounded(const Rational& exact, model::RoundDirection direction,
                         const Rational& step);

}  // namespace mrv::methodology
