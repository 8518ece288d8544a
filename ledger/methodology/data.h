// What a project reported, judged against the parameters: numbers read, ranges and dates checked,
// nothing missing and nothing extra. Pure.
#pragma once

#include <vector>

#include "ledger/methodology/program.h"

namespace mrv::methodology {

// The records of one parameter, by field. Numbers stand in `numbers`, everything else in `texts`.
struct ParameterData {
  std::size_t records = 0;
  std::vector<std::vector<Rational>> numbers;
  std::vector<std::vector<std::string>> texts;
  std::vector<std::int64_t> years;  // of each record; empty for constants
};

// Precondition: period.from < period.to. Errors: PARAMETER_MISSING, PARAMETER_INVALID (also for a
// period outside the years 1990 to 2200 or of more than kVintagesMax of them); the pointer lies
// below /credentialSubject/inputs, a dataset's detail names the record.
Result<std::vector<ParameterData>> judge_inputs(const Program& program, const model::Period& period,
                                                const codec::Inputs& inputs);

// Calendar years that [from, to) touches, ascending. Precondition: from < to.
std::vector<std::int64_t> years_of(const model::Period& period);
// The part of the period in a calendar year.
model::Period part_in_year(const model::Period& period, std::int64_t year);

}  // namespace mrv::methodology
