// Completeness of reported data: each year, each quarter, each combination of keys exactly once;
// and what stands in for what is not there. Internal to judge_inputs().
#pragma once

#include "ledger/methodology/data.h"

namespace mrv::methodology {

// What the coverage of one parameter is judged by.
struct Coverage {
  const Program& program;
  const model::Period& period;
  const CompiledParameter& parameter;
  const codec::InputRecords& given;
  const std::vector<std::vector<std::string>>& axes;
};

// Refuses what is there twice or not at all; a record whose every number has a rule for what is
// missing is added, all its numbers absent. By date: before the axes are settled. By keys: after.
// Errors: PARAMETER_MISSING, PARAMETER_INVALID.
Status complete_dates(const Coverage& coverage, ParameterData& data);
Status complete_keys(const Coverage& coverage, ParameterData& data);

// Position of a record among the combinations of its keys, row-major in the order of the axes;
// under dated vintages after all those of earlier years. Precondition: the parameter has keys.
std::size_t combination_of(const Coverage& coverage, const ParameterData& data, std::size_t record);

// Fills absent numbers by their rules and lists them. Precondition: the records are in their final
// order. Errors: PARAMETER_MISSING where there is no previous value.
Status substitute(const Coverage& coverage, std::size_t position, ParameterData& data,
                  std::vector<Substitution>& substituted);

}  // namespace mrv::methodology
