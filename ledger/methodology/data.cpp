// Judging columns: dates, members of axes, completeness, order.
#include "ledger/methodology/data.h"

#include <algorithm>
#include <numeric>

#include "ledger/methodology/coverage.h"

namespace mrv::methodology {
namespace {

using model::FieldType;

constexpr const char* kParameterInvalid = "PARAMETER_INVALID";

// What one judgement works on.
struct Judgement {
  const Program& program;
  const model::Period& period;
  const codec::Inputs& inputs;
  Data& data;

  [[nodiscard]] Place place(std::size_t p, std::size_t record) const {
    const auto& parameter = program.parameters[p];
    return {parameter, inputs.find(parameter.parameter.name)->second, record};
  }
  [[nodiscard]] Coverage coverage(std::size_t p) const {
    const auto& parameter = program.parameters[p];
    return {program, period, parameter, inputs.find(parameter.parameter.name)->second, data.axes};
  }
  [[nodiscard]] bool is_series() const {
    return program.document.vintages == model::VintageRule::series;
  }
};

// A column's first record with this code, for the reader of an error.
std::size_t first_record(const TextColumn& column, std::size_t code) {
  const auto found = std::find(column.codes.begin(), column.codes.end(), code);
  return static_cast<std::size_t>(found - column.codes.begin());
}

bool is_inside(const Judgement& judgement, FieldType type, const model::Period& span) {
  const model::Period& period = judgement.period;
  if (type == FieldType::year) {
    return span.from < period.to && (judgement.is_series() || period.from < span.to);
  }
  return span.to <= period.to && (judgement.is_series() || span.from >= period.from);
}

// Every distinct date once.
Status check_dates(const Judgement& judgement, std::size_t p) {
  const auto& parameter = judgement.program.parameters[p];
  if (!parameter.date_field) return {};
  const auto& field = parameter.fields[*parameter.date_field].field;
  const auto& column = judgement.data.parameters[p].texts[*parameter.date_field];
  for (std::size_t code = 0; code < column.values.size(); ++code) {
    const auto span = span_of(field.type, column.values[code]);
    const char* why = nullptr;
    if (!span) {
      why = "not a date of the wanted form";
    } else if (!is_inside(judgement, field.type, *span)) {
      why = "outside the report's period";
    }
    if (why != nullptr) {
      return judgement.place(p, first_record(column, code))
          .error(kParameterInvalid, field.name, why);
    }
  }
  return {};
}

Status check_unique(const Judgement& judgement, std::size_t p) {
  const auto& parameter = judgement.program.parameters[p];
  if (!parameter.unique) return {};
  const auto& column = judgement.data.parameters[p].texts[*parameter.unique];
  if (column.values.size() == column.codes.size()) return {};
  std::vector<bool> seen(column.values.size());
  std::size_t record = 0;
  while (!seen[column.codes[record]]) seen[column.codes[record++]] = true;
  return judgement.place(p, record).error(
      kParameterInvalid, parameter.fields[*parameter.unique].field.name,
      "stands twice: " + std::string(column.values[column.codes[record]]));
}

Status check_members(const Judgement& judgement, AxisId a) {
  const CompiledAxis& axis = judgement.program.axes[a];
  const auto& members = judgement.data.axes[a];
  const std::string& field =
      judgement.program.parameters[axis.parameter].fields[axis.field].field.name;
  const Place place = judgement.place(axis.parameter, kWholeParameter);
  const std::size_t max = axis.type == FieldType::year ? kSeriesYearsMax : kAxisMembersMax;
  if (members.size() > max) {
    return place.error(kParameterInvalid, field,
                       "axis " + axis.name + " has more than " + std::to_string(max) + " members");
  }
  if (axis.type != FieldType::year && axis.type != FieldType::quarter) return {};
  for (std::size_t m = 1; m < members.size(); ++m) {
    const std::string wanted = date_after(axis.type, members[m - 1]);
    if (members[m] == wanted) continue;
    return place.error("PARAMETER_MISSING", field, wanted + " is missing");
  }
  return {};
}

// The years of a series: through the last one of the period, from no later than its first.
Status check_series(const Judgement& judgement, std::optional<std::int64_t> first_year) {
  if (!judgement.is_series()) return {};
  const AxisId a = judgement.program.year_axis();
  const CompiledAxis& axis = judgement.program.axes[a];
  const auto& members = judgement.data.axes[a];
  const auto years = years_of(judgement.period);
  const Place place = judgement.place(axis.parameter, kWholeParameter);
  const std::string& field =
      judgement.program.parameters[axis.parameter].fields[axis.field].field.name;
  const std::string first = std::to_string(first_year.value_or(years.front()));
  const std::string last = std::to_string(years.back());
  if (members.empty() || members.back() != last) {
    return place.error("PARAMETER_MISSING", field, last + " is missing");
  }
  const bool begins = first_year ? members.front() == first : members.front() <= first;
  if (!begins) {
    return place.error(first < members.front() ? "PARAMETER_MISSING" : kParameterInvalid, field,
                       "the series begins with " + members.front() + ", not with " + first);
  }
  return {};
}

// Codes of a column into positions among the members of its axis.
Status settle_column(const Judgement& judgement, std::size_t p, std::size_t f) {
  const auto& field = judgement.program.parameters[p].fields[f];
  auto& column = judgement.data.parameters[p].texts[f];
  const auto& members = judgement.data.axes[*field.axis];
  std::vector<std::uint32_t> member_of(column.values.size());
  for (std::size_t code = 0; code < column.values.size(); ++code) {
    const auto at = std::lower_bound(members.begin(), members.end(), column.values[code]);
    if (at == members.end() || *at != column.values[code]) {
      return judgement.place(p, first_record(column, code))
          .error(
              kParameterInvalid, field.field.name,
              "no member of axis " + *field.field.axis + ": " + std::string(column.values[code]));
    }
    member_of[code] = static_cast<std::uint32_t>(at - members.begin());
  }
  for (auto& code : column.codes) code = member_of[code];
  column.values.assign(members.begin(), members.end());
  return {};
}

Status settle_axes(const Judgement& judgement, std::optional<std::int64_t> first_year) {
  const Program& program = judgement.program;
  for (AxisId a = 0; a < program.axes.size(); ++a) {
    const auto& from = judgement.data.parameters[program.axes[a].parameter].texts;
    const auto& values = from[program.axes[a].field].values;
    judgement.data.axes.emplace_back(values.begin(), values.end());
    MRV_CHECK(check_members(judgement, a));
  }
  MRV_CHECK(check_series(judgement, first_year));
  for (std::size_t p = 0; p < program.parameters.size(); ++p) {
    for (std::size_t f = 0; f < program.parameters[p].fields.size(); ++f) {
      if (program.parameters[p].fields[f].axis) MRV_CHECK(settle_column(judgement, p, f));
    }
  }
  return {};
}

// Below, at or above zero: record a stands before record b, is equal, or stands behind it.
int compare(const ParameterData& data, std::size_t a, std::size_t b) {
  for (std::size_t f = 0; f < data.texts.size(); ++f) {
    if (const auto& codes = data.texts[f].codes; !codes.empty()) {
      if (codes[a] != codes[b]) return codes[a] < codes[b] ? -1 : 1;
      continue;
    }
    const auto order = data.numbers[f][a] <=> data.numbers[f][b];
    if (order != 0) return order < 0 ? -1 : 1;
  }
  return 0;
}

void order_records(const Judgement& judgement, std::size_t p) {
  auto& data = judgement.data.parameters[p];
  std::vector<std::size_t> positions(data.records);
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  if (judgement.program.parameters[p].keys.empty()) {
    std::sort(positions.begin(), positions.end(), [&](std::size_t a, std::size_t b) {
      const int order = compare(data, a, b);
      return order != 0 ? order < 0 : a < b;
    });
  } else {
    const Coverage coverage = judgement.coverage(p);
    for (std::size_t r = 0; r < data.records; ++r) {
      positions[combination_of(coverage, data, r)] = r;
    }
  }
  reorder(data, positions);
}

void set_years(const CompiledParameter& parameter, ParameterData& data) {
  if (!parameter.date_field) return;
  const auto& column = data.texts[*parameter.date_field];
  std::vector<std::int64_t> year_of_code;
  year_of_code.reserve(column.values.size());
  for (const auto value : column.values) {
    const auto span = span_of(parameter.fields[*parameter.date_field].field.type, value);
    year_of_code.push_back(year_of(span->from));
  }
  data.years.reserve(column.codes.size());
  for (const auto code : column.codes) data.years.push_back(year_of_code[code]);
}

// Dates are read within these years only, and every year is calculated for itself.
Status check_period(const model::Period& period) {
  const auto years = years_of(period);
  if (years.front() >= kYearMin && years.back() <= kYearMax && years.size() <= kVintagesMax) {
    return {};
  }
  return Error{kParameterInvalid,
               "a period lies within " + std::to_string(kYearMin) + " and " +
                   std::to_string(kYearMax) + " and touches at most " +
                   std::to_string(kVintagesMax) + " years",
               "/credentialSubject/period"};
}

Status check_known(const Program& program, const codec::Inputs& inputs) {
  for (const auto& [name, given] : inputs) {
    const bool known =
        std::any_of(program.parameters.begin(), program.parameters.end(),
                    [&](const auto& parameter) { return parameter.parameter.name == name; });
    if (known) continue;
    return Error{kParameterInvalid, "the methodology has no parameter " + name,
                 "/credentialSubject/inputs/" + name};
  }
  return {};
}

Status read_all(const Judgement& judgement) {
  for (const auto& parameter : judgement.program.parameters) {
    const std::string& name = parameter.parameter.name;
    const auto found = judgement.inputs.find(name);
    if (found == judgement.inputs.end()) {
      return Error{"PARAMETER_MISSING", name + " is missing", "/credentialSubject/inputs/" + name};
    }
    MRV_TRY(ParameterData columns, read_columns(parameter, found->second));
    judgement.data.parameters.push_back(std::move(columns));
  }
  return {};
}

}  // namespace

Result<Data> judge_inputs(const Program& program, const model::Period& period,
                          const codec::Inputs& inputs, std::optional<std::int64_t> first_year) {
  MRV_CHECK(check_period(period));
  Data data;
  const Judgement judgement{program, period, inputs, data};
  MRV_CHECK(read_all(judgement));
  MRV_CHECK(check_known(program, inputs));
  for (std::size_t p = 0; p < program.parameters.size(); ++p) {
    MRV_CHECK(check_dates(judgement, p));
    MRV_CHECK(check_unique(judgement, p));
    MRV_CHECK(complete_dates(judgement.coverage(p), data.parameters[p]));
  }
  MRV_CHECK(settle_axes(judgement, first_year));
  for (std::size_t p = 0; p < program.parameters.size(); ++p) {
    auto& columns = data.parameters[p];
    MRV_CHECK(complete_keys(judgement.coverage(p), columns));
    set_years(program.parameters[p], columns);
    order_records(judgement, p);
    MRV_CHECK(substitute(judgement.coverage(p), p, columns, data.substituted));
  }
  return data;
}

}  // namespace mrv::methodology
