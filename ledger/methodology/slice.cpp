// Choosing records and tables.
#include "ledger/methodology/slice.h"

#include <algorithm>
#include <map>

namespace mrv::methodology {
namespace {

Error not_allowed(std::string detail) {
  return {"TABLE_NOT_ALLOWED", std::move(detail), "/credentialSubject/tables"};
}

bool covers(const model::FactorTable& table, const model::Period& period) {
  return table.validity.from <= period.from && period.to <= table.validity.to;
}

// The last keys as numbers, ascending where the other keys are equal.
Status read_last_keys(PreparedTable& prepared) {
  std::map<std::vector<std::string>, Rational> last;
  for (const auto& row : prepared.table->rows) {
    auto key = Rational::parse(row.keys.back());
    if (!key.ok()) return not_allowed("a key is no number: " + row.keys.back());
    const std::vector<std::string> others(row.keys.begin(), row.keys.end() - 1);
    const auto before = last.find(others);
    if (before != last.end() && *key <= before->second) {
      return not_allowed("keys do not ascend: " + row.keys.back());
    }
    last.insert_or_assign(others, *key);
    prepared.last_keys.push_back(*std::move(key));
  }
  return {};
}

Result<PreparedTable> prepare(const model::TableReference& wanted, const Unit& unit,
                              const model::FactorTable& table) {
  const auto given = parse_unit(table.unit);
  const bool fits = given.ok() && *given == unit && table.kind == wanted.kind &&
                    table.key_names.size() == static_cast<std::size_t>(wanted.keys);
  const bool whole = std::all_of(table.rows.begin(), table.rows.end(), [&](const auto& row) {
    return row.keys.size() == table.key_names.size();
  });
  if (!whole) return not_allowed("a row of series " + wanted.series + " has other keys");
  if (!fits) {
    return not_allowed("the table of series " + wanted.series + " is in " + table.unit + ", not " +
                       wanted.unit);
  }
  PreparedTable prepared{&table, {}, {}};
  for (const auto& row : table.rows) {
    MRV_TRY(Rational value, Rational::parse(row.value.text));
    prepared.values.push_back(std::move(value));
  }
  if (wanted.interpolation) MRV_CHECK(read_last_keys(prepared));
  return prepared;
}

// Exactly one offered table of each series must cover the slice.
Result<std::vector<PreparedTable>> choose_tables(const Program& program,
                                                 const model::Period& period,
                                                 const std::vector<model::FactorTable>& offered) {
  std::vector<PreparedTable> chosen;
  for (std::size_t i = 0; i < program.document.tables.size(); ++i) {
    const auto& wanted = program.document.tables[i];
    const model::FactorTable* found = nullptr;
    for (const auto& table : offered) {
      if (table.series != wanted.series || !covers(table, period)) continue;
      if (found != nullptr) return not_allowed("two tables of series " + wanted.series);
      found = &table;
    }
    if (found == nullptr) {
      return not_allowed("no table of series " + wanted.series + " that covers the period");
    }
    MRV_TRY(PreparedTable prepared, prepare(wanted, program.table_units[i], *found));
    chosen.push_back(std::move(prepared));
  }
  return chosen;
}

std::vector<std::uint32_t> select_records(const ParameterData& data,
                                          std::optional<std::int64_t> year) {
  std::vector<std::uint32_t> selected;
  const bool all = !year || data.years.empty();
  selected.reserve(all ? data.records : 0);
  for (std::uint32_t r = 0; r < data.records; ++r) {
    if (all || data.years[r] == *year) selected.push_back(r);
  }
  return selected;
}

// Counting sort by group.
Result<GroupedRecords> group_records(const Slice& slice, const Grouping& grouping) {
  const auto& data = slice.data.parameters[grouping.parameter];
  const auto& records = slice.records[grouping.parameter];
  std::size_t groups = 1;
  for (const AxisId axis : grouping.axes) {
    const std::size_t members = slice.size_of(axis);
    if (members != 0 && groups > kDefinitionValuesMax / members) {
      return Error{"CALCULATION_FAILED",
                   "more than " + std::to_string(kDefinitionValuesMax) + " groups",
                   {}};
    }
    groups *= members;
  }
  const auto group_of = [&](std::size_t record) {
    std::size_t group = 0;
    for (std::size_t k = 0; k < grouping.fields.size(); ++k) {
      group =
          group * slice.size_of(grouping.axes[k]) + data.texts[grouping.fields[k]].codes[record];
    }
    return group;
  };
  GroupedRecords grouped;
  grouped.starts.assign(groups + 1, 0);
  for (const auto record : records) ++grouped.starts[group_of(record) + 1];
  for (std::size_t g = 0; g < groups; ++g) grouped.starts[g + 1] += grouped.starts[g];
  std::vector<std::size_t> next(grouped.starts.begin(), grouped.starts.end() - 1);
  grouped.positions.resize(records.size());
  for (std::uint32_t position = 0; position < records.size(); ++position) {
    grouped.positions[next[group_of(records[position])]++] = position;
  }
  return grouped;
}

}  // namespace

std::size_t Slice::size_of(AxisId axis) const {
  if (!program.is_records(axis)) return data.axes[axis].size();
  return records[axis - program.axes.size()].size();
}

Result<Slice> make_slice(const Program& program, const Data& data, std::optional<std::int64_t> year,
                         const model::Period& period,
                         const std::vector<model::FactorTable>& offered) {
  MRV_TRY(auto tables, choose_tables(program, period, offered));
  Slice slice{program, data, year, std::move(tables), {}, {}};
  for (const auto& parameter : data.parameters) {
    slice.records.push_back(select_records(parameter, year));
  }
  std::size_t size = 0;
  for (const auto& grouping : program.groupings) {
    MRV_TRY(GroupedRecords grouped, group_records(slice, grouping));
    size += grouped.starts.size() + grouped.positions.size();
    if (size > kGroupingsSizeMax) {
      return Error{
          "CALCULATION_FAILED",
          "groups and grouped records come to more than " + std::to_string(kGroupingsSizeMax),
          {}};
    }
    slice.groups.push_back(std::move(grouped));
  }
  return slice;
}

std::size_t group_at(const Slice& slice, const Grouping& grouping,
                     const std::vector<std::size_t>& members) {
  std::size_t group = 0;
  for (const AxisId axis : grouping.axes) group = group * slice.size_of(axis) + members[axis];
  return group;
}

}  // namespace mrv::methodology
