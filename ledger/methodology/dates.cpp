// Reading dates of three lengths.
#include "ledger/methodology/dates.h"

#include <algorithm>

#include "ledger/base/time.h"

namespace mrv::methodology {

using model::Day;
using model::FieldType;

namespace {

constexpr std::int32_t kMonthsPerQuarter = 3;
constexpr std::size_t kYearDigits = 4;

Day first_of(std::int64_t year, std::int32_t month) {
  return Day{days_of({static_cast<std::int32_t>(year), month, 1})};
}

std::optional<std::int64_t> leading_year(std::string_view text) {
  if (text.size() < kYearDigits) return std::nullopt;
  std::int64_t year = 0;
  for (const char c : text.substr(0, kYearDigits)) {
    if (c < '0' || c > '9') return std::nullopt;
    year = year * 10 + (c - '0');
  }
  return year;
}

bool is_known(std::optional<std::int64_t> year) {
  return year && *year >= kYearMin && *year <= kYearMax;
}

}  // namespace

std::optional<model::Period> span_of(FieldType type, std::string_view text) {
  if (type == FieldType::day) {
    const auto day = parse_day(text);
    if (!day.ok() || !is_known(leading_year(text))) return std::nullopt;
    return model::Period{Day{*day}, Day{*day + 1}};
  }
  const auto year = leading_year(text);
  if (!is_known(year)) return std::nullopt;
  if (type == FieldType::year) {
    if (text.size() != kYearDigits) return std::nullopt;
    return model::Period{first_of(*year, 1), first_of(*year + 1, 1)};
  }
  const bool form =
      text.size() == 7 && text[4] == '-' && text[5] == 'Q' && text[6] >= '1' && text[6] <= '4';
  if (!form) return std::nullopt;
  const std::int32_t quarter = text[6] - '1';
  const std::int32_t month = quarter * kMonthsPerQuarter + 1;
  const Day end =
      quarter == 3 ? first_of(*year + 1, 1) : first_of(*year, month + kMonthsPerQuarter);
  return model::Period{first_of(*year, month), end};
}

std::string date_after(FieldType type, std::string_view text) {
  const std::int64_t year = leading_year(text).value_or(0);
  if (type == FieldType::year) return std::to_string(year + 1);
  const char quarter = text.back();
  if (quarter == '4') return std::to_string(year + 1) + "-Q1";
  return std::to_string(year) + "-Q" + static_cast<char>(quarter + 1);
}

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

std::int64_t year_of(Day day) { return civil_of(day.days).year; }

}  // namespace mrv::methodology
