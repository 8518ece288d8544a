// Reported records as columns: one parameter's numbers, and its texts and dates as codes into their
// distinct values. A million records fit because nothing is kept per cell but a number or a code.
// Pure.
#pragma once

#include <list>
#include <string_view>
#include <vector>

#include "ledger/methodology/program.h"

namespace mrv::methodology {

// Values ascending; codes[record] is a position in them. Views stand in the inputs that were read,
// in `owned` of their parameter, or (of a field with an axis, once axes are settled) in the axis.
struct TextColumn {
  std::vector<std::uint32_t> codes;
  std::vector<std::string_view> values;
};

// One parameter. `numbers` and `texts` by field; the column of the other class is empty.
struct ParameterData {
  std::size_t records = 0;
  std::vector<std::vector<Rational>> numbers;
  std::vector<TextColumn> texts;
  std::vector<std::vector<std::size_t>> absent;  // by field: records without this number
  std::vector<std::int64_t> years;               // of each record; empty where there is no date
  std::list<std::string> owned;  // a list: its texts stay where they are when it moves

  // The value of a text or dated field.
  [[nodiscard]] std::string_view text(std::size_t field, std::size_t record) const {
    return texts[field].values[texts[field].codes[record]];
  }
};

// Where a value stands, for the reader of an error; kWholeParameter where it is in no record.
inline constexpr std::size_t kWholeParameter = static_cast<std::size_t>(-1);
struct Place {
  const CompiledParameter& parameter;
  const codec::InputRecords& given;
  std::size_t record;

  [[nodiscard]] Error error(std::string_view name, const std::string& field,
                            const std::string& detail) const;

 private:
  [[nodiscard]] std::string column_of(const std::string& field) const;
};

// Reads records into columns, strictly: known fields only, numbers in range and in their unit.
// Texts are sorted, dates are not judged yet. `given` must outlive the columns. Errors:
// PARAMETER_MISSING, PARAMETER_INVALID.
Result<ParameterData> read_columns(const CompiledParameter& parameter,
                                   const codec::InputRecords& given);

// Sorts the views into distinct values and codes.
TextColumn coded(const std::vector<std::string_view>& texts);

// Records in the order `positions` names: records[i] becomes what records[positions[i]] was.
void reorder(ParameterData& data, const std::vector<std::size_t>& positions);

}  // namespace mrv::methodology
