// Evaluating a compiled methodology over judged data, one calendar year (or the whole period) at a
// time, in exact rationals. Pure; bounded by the price that calculate() asks before it runs and by
// what large numbers cost on the meter.
#pragma once

#include <vector>

#include "ledger/methodology/data.h"
#include "ledger/methodology/meter.h"

namespace mrv::methodology {

// A definition's value: one number, or one for each record of the slice.
using DefinitionValue = std::vector<Rational>;

// What one evaluation sees.
struct Slice {
  const Program& program;
  const std::vector<ParameterData>& data;
  std::vector<const model::FactorTable*> tables;  // as in program.document.tables
  std::vector<std::vector<std::size_t>> records;  // of each parameter
};

// The records that count in `year`, or all of them where it is absent.
std::vector<std::vector<std::size_t>> select_records(const Program& program,
                                                     const std::vector<ParameterData>& data,
                                                     std::optional<std::int64_t> year);

// All definitions in order. Errors: CALCULATION_FAILED (the detail names the definition and why).
Result<std::vector<DefinitionValue>> evaluate_definitions(const Slice& slice, Meter& meter);

// Errors: CHECK_FAILED with the check's name, CALCULATION_FAILED.
Status evaluate_checks(const Slice& slice, const std::vector<DefinitionValue>& values,
                       Meter& meter);

}  // namespace mrv::methodology
