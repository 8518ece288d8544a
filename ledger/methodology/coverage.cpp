// Counting combinations and filling gaps.
#include "ledger/methodology/coverage.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace mrv::methodology {
namespace {

using model::FieldType;
using model::ParameterShape;

constexpr const char* kMissing = "PARAMETER_MISSING";
constexpr const char* kInvalid = "PARAMETER_INVALID";

// A record that is asked for: its texts and dates by field; empty for numbers.
using WantedTexts = std::vector<std::string>;

std::string text_of(const WantedTexts& wanted) {
  std::string text;
  for (const auto& part : wanted) {
    if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
  }
  return text;
}

// Every number has a rule, and the texts and dates are all known.
bool can_stand_in(const CompiledParameter& parameter, const WantedTexts& wanted) {
  for (std::size_t f = 0; f < parameter.fields.size(); ++f) {
    const bool number = parameter.fields[f].field.type == FieldType::number;
    if (number ? !parameter.fields[f].field.missing : wanted[f].empty()) return false;
  }
  return true;
}

// Adds records of which all numbers are absent.
void add_records(const Coverage& coverage, const std::vector<WantedTexts>& added,
                 ParameterData& data) {
  if (added.empty()) return;
  const auto& fields = coverage.parameter.fields;
  for (std::size_t f = 0; f < fields.size(); ++f) {
    if (fields[f].field.type == FieldType::number) {
      for (std::size_t i = 0; i < added.size(); ++i) {
        data.absent[f].push_back(data.records + i);
        data.numbers[f].emplace_back();
      }
      continue;
    }
    auto& column = data.texts[f];
    if (fields[f].axis && !coverage.axes.empty()) {
      const auto& members = coverage.axes[*fields[f].axis];
      for (const auto& record : added) {
        const auto at = std::lower_bound(members.begin(), members.end(), record[f]);
        column.codes.push_back(static_cast<std::uint32_t>(at - members.begin()));
      }
      continue;
    }
    std::vector<std::string_view> texts;
    texts.reserve(data.records + added.size());
    for (const auto code : column.codes) texts.push_back(column.values[code]);
    for (const auto& record : added) texts.emplace_back(data.owned.emplace_back(record[f]));
    column = coded(texts);
  }
  data.records += added.size();
}

// The dates that a complete series has: every year (cut to the period) or whole quarter of it.
Result<std::vector<std::string>> wanted_dates(const Coverage& coverage) {
  const auto& parameter = coverage.parameter;
  const auto& field = parameter.fields[*parameter.date_field].field;
  const model::Period& period = coverage.period;
  const Place place{parameter, coverage.given, kWholeParameter};
  std::vector<std::string> dates;
  for (const std::int64_t year : years_of(period)) {
    if (field.type == FieldType::year) {
      dates.push_back(std::to_string(year));
      continue;
    }
    for (int q = 1; q <= 4; ++q) {
      const std::string text = std::to_string(year) + "-Q" + std::to_string(q);
      const auto span = span_of(FieldType::quarter, text);
      if (!span) return place.error(kInvalid, field.name, "no quarter of a year: " + text);
      if (span->to <= period.from || span->from >= period.to) continue;
      if (span->from < period.from || span->to > period.to) {
        return place.error(kInvalid, field.name,
                           "the report's period does not consist of whole quarters");
      }
      dates.push_back(text);
    }
  }
  return dates;
}

// Each date once for every name (or once, where there are no names).
Status complete_by_date(const Coverage& coverage, ParameterData& data) {
  const auto& parameter = coverage.parameter;
  const std::size_t d = *parameter.date_field;
  const std::string& field = parameter.fields[d].field.name;
  MRV_TRY(const auto dates, wanted_dates(coverage));
  std::map<std::string_view, std::set<std::string_view>> given;
  if (!parameter.complete_by) given[""];
  for (std::size_t r = 0; r < data.records; ++r) {
    const auto name = parameter.complete_by ? data.text(*parameter.complete_by, r) : "";
    if (!given[name].insert(data.text(d, r)).second) {
      return Place{parameter, coverage.given, r}.error(kInvalid, field, "given twice");
    }
  }
  std::vector<WantedTexts> added;
  for (const auto& [name, present] : given) {
    for (const auto& date : dates) {
      if (present.contains(date)) continue;
      WantedTexts wanted(parameter.fields.size());
      wanted[d] = date;
      if (parameter.complete_by) wanted[*parameter.complete_by] = name;
      // An annual value is never filled in: only series by name are, and keyed records.
      if (!parameter.complete_by || !can_stand_in(parameter, wanted)) {
        const std::string of = name.empty() ? "" : " of " + std::string(name);
        return Place{parameter, coverage.given, kWholeParameter}.error(kMissing, field,
                                                                       date + of + " is missing");
      }
      added.push_back(std::move(wanted));
    }
  }
  add_records(coverage, added, data);
  return {};
}

bool is_dated_by_slice(const Coverage& coverage) {
  return coverage.program.document.vintages == model::VintageRule::dated &&
         coverage.parameter.date_field.has_value();
}

std::size_t combinations_of_keys(const Coverage& coverage) {
  std::size_t count = 1;
  for (const std::size_t key : coverage.parameter.keys) {
    const std::size_t members = coverage.axes[*coverage.parameter.fields[key].axis].size();
    if (members != 0 && count > kDefinitionValuesMax / members) return kDefinitionValuesMax + 1;
    count *= members;
  }
  return count;
}

// The texts of the combination at `position`.
WantedTexts texts_at(const Coverage& coverage, std::size_t position) {
  const auto& parameter = coverage.parameter;
  WantedTexts wanted(parameter.fields.size());
  for (std::size_t k = parameter.keys.size(); k-- > 0;) {
    const std::size_t key = parameter.keys[k];
    const auto& members = coverage.axes[*parameter.fields[key].axis];
    wanted[key] = members[position % members.size()];
    position /= members.size();
  }
  if (is_dated_by_slice(coverage)) {
    const auto years = years_of(coverage.period);
    wanted[*parameter.date_field] = std::to_string(years[position]);
  }
  return wanted;
}

Status complete_by_keys(const Coverage& coverage, ParameterData& data) {
  const auto& parameter = coverage.parameter;
  const Place whole{parameter, coverage.given, kWholeParameter};
  const std::string& field = parameter.fields[parameter.keys[0]].field.name;
  const std::size_t years = is_dated_by_slice(coverage) ? years_of(coverage.period).size() : 1;
  const std::size_t count = combinations_of_keys(coverage);
  if (count > kDefinitionValuesMax / years) {
    return whole.error(kInvalid, field,
                       "more than " + std::to_string(kDefinitionValuesMax) + " combinations");
  }
  std::vector<bool> present(count * years);
  for (std::size_t r = 0; r < data.records; ++r) {
    const std::size_t at = combination_of(coverage, data, r);
    if (present[at]) {
      return Place{parameter, coverage.given, r}.error(
          kInvalid, field, "given twice: " + text_of(texts_at(coverage, at)));
    }
    present[at] = true;
  }
  std::vector<WantedTexts> added;
  for (std::size_t at = 0; at < present.size(); ++at) {
    if (present[at]) continue;
    WantedTexts wanted = texts_at(coverage, at);
    if (!can_stand_in(parameter, wanted)) {
      return whole.error(kMissing, field, text_of(wanted) + " is missing");
    }
    added.push_back(std::move(wanted));
  }
  add_records(coverage, added, data);
  return {};
}

// Below, at or above zero: how the texts of two records but for their dates compare.
int compare_series(const CompiledParameter& parameter, const ParameterData& data, std::size_t a,
                   std::size_t b) {
  for (std::size_t f = 0; f < parameter.fields.size(); ++f) {
    const auto& codes = data.texts[f].codes;
    if (f == parameter.date_field || codes.empty() || codes[a] == codes[b]) continue;
    return codes[a] < codes[b] ? -1 : 1;
  }
  return 0;
}

// Records by their texts, then by date: each after the one that is previous to it.
std::vector<std::size_t> by_series(const CompiledParameter& parameter, const ParameterData& data) {
  std::vector<std::size_t> order(data.records);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto& dates = data.texts[*parameter.date_field].codes;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (const int sign = compare_series(parameter, data, a, b); sign != 0) return sign < 0;
    return dates[a] != dates[b] ? dates[a] < dates[b] : a < b;
  });
  return order;
}

// The number given in the latest earlier record of the same texts, for each absent one.
Status fill_previous(const Coverage& coverage, std::size_t f, ParameterData& data) {
  const auto& parameter = coverage.parameter;
  const auto order = by_series(parameter, data);
  const auto& dates = data.texts[*parameter.date_field].codes;
  std::vector<bool> is_absent(data.records);
  for (const std::size_t record : data.absent[f]) is_absent[record] = true;
  std::vector<std::optional<std::size_t>> source(data.records);
  std::optional<std::size_t> last;     // given, of this series, at or before this date
  std::optional<std::size_t> earlier;  // given, of this series, before this date
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t record = order[i];
    const bool first = i == 0 || compare_series(parameter, data, order[i - 1], record) != 0;
    if (first) {
      last.reset();
      earlier.reset();
    } else if (dates[order[i - 1]] != dates[record]) {
      earlier = last;
    }
    if (is_absent[record]) {
      source[record] = earlier;
    } else {
      last = record;
    }
  }
  for (const std::size_t record : data.absent[f]) {
    if (!source[record]) {
      std::string texts;
      for (std::size_t t = 0; t < parameter.fields.size(); ++t) {
        if (data.texts[t].codes.empty()) continue;
        texts += (texts.empty() ? "" : ", ") + std::string(data.text(t, record));
      }
      return Error{kMissing,
                   parameter.parameter.name + "." + parameter.fields[f].field.name + " of " +
                       texts + " is missing, and there is no previous value",
                   "/credentialSubject/inputs/" + parameter.parameter.name};
    }
    data.numbers[f][record] = data.numbers[f][*source[record]];
  }
  return {};
}

}  // namespace

std::size_t combination_of(const Coverage& coverage, const ParameterData& data,
                           std::size_t record) {
  const auto& parameter = coverage.parameter;
  std::size_t position = 0;
  if (is_dated_by_slice(coverage)) {
    const auto span = span_of(FieldType::year, data.text(*parameter.date_field, record));
    position = static_cast<std::size_t>(year_of(span->from) - year_of(coverage.period.from));
  }
  for (const std::size_t key : parameter.keys) {
    position = position * coverage.axes[*parameter.fields[key].axis].size() +
               data.texts[key].codes[record];
  }
  return position;
}

Status complete_dates(const Coverage& coverage, ParameterData& data) {
  const auto& parameter = coverage.parameter;
  if (parameter.parameter.shape == ParameterShape::constant) {
    if (data.records == 1) return {};
    return Place{parameter, coverage.given, kWholeParameter}.error(kInvalid, "value",
                                                                   "a constant is given once");
  }
  const bool by_date =
      parameter.parameter.shape == ParameterShape::annual || parameter.complete_by.has_value();
  return by_date ? complete_by_date(coverage, data) : Status();
}

Status complete_keys(const Coverage& coverage, ParameterData& data) {
  return coverage.parameter.keys.empty() ? Status() : complete_by_keys(coverage, data);
}

Status substitute(const Coverage& coverage, std::size_t position, ParameterData& data,
                  std::vector<Substitution>& substituted) {
  for (std::size_t f = 0; f < coverage.parameter.fields.size(); ++f) {
    if (data.absent[f].empty()) continue;
    const auto& constant = coverage.parameter.fields[f].substitute;
    if (constant) {
      for (const std::size_t record : data.absent[f]) data.numbers[f][record] = *constant;
    } else {
      MRV_CHECK(fill_previous(coverage, f, data));
    }
    for (const std::size_t record : data.absent[f]) {
      substituted.push_back({position, f, record, data.numbers[f][record]});
    }
  }
  return {};
}

}  // namespace mrv::methodology
