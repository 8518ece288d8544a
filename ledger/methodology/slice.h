// What one evaluation sees: the records of a calendar year (or all), by group where a document
// groups them, and the tables that hold for it. Pure.
#pragma once

#include <span>
#include <vector>

#include "ledger/methodology/data.h"

namespace mrv::methodology {

// A factor table with its numbers read.
struct PreparedTable {
  const model::FactorTable* table = nullptr;
  std::vector<Rational> values;
  std::vector<Rational> last_keys;  // of an interpolated table
};

// Positions of records, group after group.
struct GroupedRecords {
  std::vector<std::uint32_t> positions;
  std::vector<std::size_t> starts;  // of each group, and the end

  [[nodiscard]] std::size_t groups() const { return starts.size() - 1; }
  [[nodiscard]] std::span<const std::uint32_t> of(std::size_t group) const {
    return std::span(positions).subspan(starts[group], starts[group + 1] - starts[group]);
  }
};

struct Slice {
  const Program& program;
  const Data& data;
  std::optional<std::int64_t> year;  // absent where one slice is the whole calculation
  std::vector<PreparedTable> tables;
  std::vector<std::vector<std::uint32_t>> records;  // of each parameter, ascending
  std::vector<GroupedRecords> groups;               // of each grouping of the program

  // Members of an axis, or records of a parameter.
  [[nodiscard]] std::size_t size_of(AxisId axis) const;
};

// `period`: the slice's part of the whole. Errors: TABLE_NOT_ALLOWED, CALCULATION_FAILED.
Result<Slice> make_slice(const Program& program, const Data& data, std::optional<std::int64_t> year,
                         const model::Period& period,
                         const std::vector<model::FactorTable>& offered);

// The group of a combination of members, row-major in the order of the grouping's keys.
std::size_t group_at(const Slice& slice, const Grouping& grouping,
                     const std::vector<std::size_t>& members);

}  // namespace mrv::methodology
