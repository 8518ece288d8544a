// What a project reported, judged against the parameters: numbers read, ranges and dates checked,
// axes settled, nothing missing that no rule replaces, and nothing extra. Pure.
#pragma once

#include <vector>

#include "ledger/methodology/columns.h"
#include "ledger/methodology/dates.h"

namespace mrv::methodology {

// A number that stood in for one that was not given.
struct Substitution {
  std::size_t parameter = 0;
  std::size_t field = 0;
  std::size_t record = 0;
  Rational value;
};

// Records of keyed parameters stand in the order of their keys (under dated vintages by year
// first), all others in ascending order of their fields.
struct Data {
  Data() = default;
  Data(Data&&) = default;
  Data& operator=(Data&&) = default;
  Data(const Data&) = delete;  // columns view the axes' members
  Data& operator=(const Data&) = delete;
  ~Data() = default;

  std::vector<ParameterData> parameters;
  std::vector<std::vector<std::string>> axes;  // members, ascending
  std::vector<Substitution> substituted;       // by parameter, field, record
};

// Precondition: period.from < period.to. `inputs` must outlive the data. `first_year`: the year in
// which a series must begin, where it is known. Errors: PARAMETER_MISSING, PARAMETER_INVALID (also
// for a period outside the years 1990 to 2200 or of more than kVintagesMax of them); the pointer
// lies below /credentialSubject/inputs, a dataset's detail names row and column.
Result<Data> judge_inputs(const Program& program, const model::Period& period,
                          const codec::Inputs& inputs,
                          std::optional<std::int64_t> first_year = std::nullopt);

}  // namespace mrv::methodology
