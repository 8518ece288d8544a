// Reported texts into numbers and dates, strictly.
#include "ledger/methodology/data.h"

#include <algorithm>
#include <map>
#include <set>

#include "ledger/base/time.h"

namespace mrv::methodology {
namespace {

using model::Day;
using model::FieldType;
using model::ParameterShape;

constexpr std::int32_t kMonthsPerQuarter = 3;
constexpr std::int64_t kYearMin = 1990;
constexpr std::int64_t kYearMax = 2200;

// Where a value stands, for the reader of an error.
struct Place {
  const CompiledParameter& parameter;
  const codec::InputRecords& given;
  std::size_t record;

  [[nodiscard]] Error error(std::string_view name, const std::string& field,
                            const std::string& detail) const {
    std::string pointer = "/credentialSubject/inputs/" + parameter.parameter.name;
    if (parameter.parameter.shape == ParameterShape::rows) {
      pointer += "/" + std::to_string(record);
    }
    if (given.from_dataset) {
      return {name,
              parameter.parameter.name + ", row " + std::to_string(record + 1) + ", " + field +
                  ": " + detail,
              "/credentialSubject/datasets"};
    }
    return {name, parameter.parameter.name + "." + field + ": " + detail, pointer + "/" + field};
  }
};

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Day first_of(std::int64_t year, std::int32_t month) {
  return Day{days_of({static_cast<std::int32_t>(year), month, 1})};
}

// "2024", "2024-Q1" or "2024-03-01" as the days it spans; nothing where the text is no such date.
std::optional<model::Period> span_of(FieldType type, const std::string& text) {
  if (type == FieldType::day) {
    const auto day = parse_day(text);
    if (!day.ok()) return std::nullopt;
    return model::Period{Day{*day}, Day{*day + 1}};
  }
  if (text.size() < 4 || !is_digits(std::string_view(text).substr(0, 4))) return std::nullopt;
  const std::int64_t year = std::stoll(text.substr(0, 4));
  if (year < kYearMin || year > kYearMax) return std::nullopt;
  if (type == FieldType::year) {
    if (text.size() != 4) return std::nullopt;
    return model::Period{first_of(year, 1), first_of(year + 1, 1)};
  }
  const bool form =
      text.size() == 7 && text[4] == '-' && text[5] == 'Q' && text[6] >= '1' && text[6] <= '4';
  if (!form) return std::nullopt;
  const std::int32_t quarter = text[6] - '1';
  const std::int32_t month = quarter * kMonthsPerQuarter + 1;
  const Day end = quarter == 3 ? first_of(year + 1, 1) : first_of(year, month + kMonthsPerQuarter);
  return model::Period{first_of(year, month), end};
}

// The dates that a complete series has: every year (cut to the period) or whole quarter of it.
Result<std::set<std::string>> complete_dates(FieldType type, const model::Period& period,
                                             const Place& place, const std::string& field) {
  std::set<std::string> dates;
  for (const std::int64_t year : years_of(period)) {
    if (type == FieldType::year) {
      dates.insert(std::to_string(year));
      continue;
    }
    for (int q = 1; q <= 4; ++q) {
      const std::string text = std::to_string(year) + "-Q" + std::to_string(q);
      const auto span = span_of(FieldType::quarter, text);
      if (!span) return place.error("PARAMETER_INVALID", field, "no quarter of a year: " + text);
      if (span->to <= period.from || span->from >= period.to) continue;
      if (span->from < period.from || span->to > period.to) {
        return place.error("PARAMETER_INVALID", field,
                           "the report's period does not consist of whole quarters");
      }
      dates.insert(text);
    }
  }
  return dates;
}

Status check_range(const CompiledField& field, const Rational& number, const Place& place) {
  if (field.min && number < *field.min) {
    return place.error("PARAMETER_INVALID", field.field.name, "below " + field.field.min->text);
  }
  if (field.max && number > *field.max) {
    return place.error("PARAMETER_INVALID", field.field.name, "above " + field.field.max->text);
  }
  return {};
}

// One value of one record, into its column.
Status take_value(const CompiledField& field, std::size_t f, const std::string& text,
                  const model::Period& period, const Place& place, ParameterData& data) {
  const std::string& name = field.field.name;
  if (field.field.type == FieldType::number) {
    auto number = Rational::parse(text);
    if (!number.ok()) {
      return place.error("PARAMETER_INVALID", name, "not a number: " + text.substr(0, 64));
    }
    MRV_CHECK(check_range(field, *number, place));
    data.numbers[f].push_back(*std::move(number));
    return {};
  }
  if (text.empty() || text.size() > kNameBytesMax) {
    return place.error("PARAMETER_INVALID", name, "empty or too long");
  }
  data.texts[f].push_back(text);
  if (field.field.type == FieldType::text) return {};
  const auto span = span_of(field.field.type, text);
  if (!span) return place.error("PARAMETER_INVALID", name, "not a date of the wanted form");
  const bool annual = field.field.type == FieldType::year;
  const bool inside = annual ? span->from < period.to && period.from < span->to
                             : span->from >= period.from && span->to <= period.to;
  if (!inside) return place.error("PARAMETER_INVALID", name, "outside the report's period");
  data.years.push_back(civil_of(span->from.days).year);
  return {};
}

Status take_record(const codec::InputRecord& record, const model::Period& period,
                   const Place& place, ParameterData& data) {
  const auto& fields = place.parameter.fields;
  for (std::size_t f = 0; f < fields.size(); ++f) {
    const auto found = record.find(fields[f].field.name);
    if (found == record.end()) {
      return place.error("PARAMETER_MISSING", fields[f].field.name, "is missing");
    }
    MRV_CHECK(take_value(fields[f], f, found->second, period, place, data));
  }
  if (record.size() == fields.size()) return {};
  for (const auto& [name, value] : record) {
    const bool known = std::any_of(fields.begin(), fields.end(),
                                   [&](const auto& field) { return field.field.name == name; });
    if (!known) return place.error("PARAMETER_INVALID", name, "the methodology has no such field");
  }
  return {};
}

// Annual values: each calendar year once. Complete series: each date once for every name.
Status check_coverage(const Place& place, const model::Period& period, const ParameterData& data) {
  const auto& parameter = place.parameter;
  if (parameter.parameter.shape == ParameterShape::constant) {
    if (data.records == 1) return {};
    return place.error("PARAMETER_INVALID", "value", "a constant is given once");
  }
  const bool annual = parameter.parameter.shape == ParameterShape::annual;
  if (!annual && !parameter.complete_by) return {};
  const std::size_t d = *parameter.date_field;
  const std::string& field = parameter.fields[d].field.name;
  MRV_TRY(const auto wanted, complete_dates(parameter.fields[d].field.type, period, place, field));
  std::map<std::string, std::set<std::string>> given;
  if (annual) given[""];
  for (std::size_t r = 0; r < data.records; ++r) {
    const std::string name = annual ? "" : data.texts[*parameter.complete_by][r];
    if (!given[name].insert(data.texts[d][r]).second) {
      return Place{parameter, place.given, r}.error("PARAMETER_INVALID", field, "given twice");
    }
  }
  for (const auto& [name, dates] : given) {
    for (const auto& date : wanted) {
      if (dates.contains(date)) continue;
      const std::string of = name.empty() ? "" : " of " + name;
      return place.error("PARAMETER_MISSING", field, date + of + " is missing");
    }
  }
  return {};
}

Result<ParameterData> judge_parameter(const CompiledParameter& parameter,
                                      const model::Period& period,
                                      const codec::InputRecords& given) {
  ParameterData data;
  data.numbers.resize(parameter.fields.size());
  data.texts.resize(parameter.fields.size());
  if (given.records.size() > kDatasetRowsMax) {
    return Place{parameter, given, 0}.error("PARAMETER_INVALID", "rows", "too many");
  }
  for (std::size_t r = 0; r < given.records.size(); ++r) {
    MRV_CHECK(take_record(given.records[r], period, {parameter, given, r}, data));
    ++data.records;
  }
  MRV_CHECK(check_coverage({parameter, given, 0}, period, data));
  return data;
}

// Dates are read within these years only, and every year is calculated for itself.
Status check_period(const model::Period& period) {
  const auto years = years_of(period);
  if (years.front() >= kYearMin && years.back() <= kYearMax && years.size() <= kVintagesMax) {
    return {};
  }
  return Error{"PARAMETER_INVALID",
               "a period lies within " + std::to_string(kYearMin) + " and " +
                   std::to_string(kYearMax) + " and touches at most " +
                   std::to_string(kVintagesMax) + " years",
               "/credentialSubject/period"};
}

}  // namespace

std::vector<std::int64_t> years_of(const model::Period& period) {
  std::vector<std::int64_t> years;
  const std::int32_t last = civil_of(period.to.days - 1).year;
  for (std::int32_t year = civil_of(period.from.days).year; year <= last; ++year) {
    years.push_back(year);
  }
  return years;
}

model::Period part_in_year(const model::Period& period, std::int64_t year) {
  return {std::max(period.from, first_of(year, 1)), std::min(period.to, first_of(year + 1, 1))};
}

Result<std::vector<ParameterData>> judge_inputs(const Program& program, const model::Period& period,
                                                const codec::Inputs& inputs) {
  MRV_CHECK(check_period(period));
  std::vector<ParameterData> all;
  for (const auto& parameter : program.parameters) {
    const auto found = inputs.find(parameter.parameter.name);
    if (found == inputs.end()) {
      return Error{"PARAMETER_MISSING", parameter.parameter.name + " is missing",
                   "/credentialSubject/inputs/" + parameter.parameter.name};
    }
    MRV_TRY(ParameterData data, judge_parameter(parameter, period, found->second));
    all.push_back(std::move(data));
  }
  for (const auto& [name, given] : inputs) {
    const bool known =
        std::any_of(program.parameters.begin(), program.parameters.end(),
                    [&](const auto& parameter) { return parameter.parameter.name == name; });
    if (!known) {
      return Error{"PARAMETER_INVALID", "the methodology has no parameter " + name,
                   "/credentialSubject/inputs/" + name};
    }
  }
  return all;
}

}  // namespace mrv::methodology
