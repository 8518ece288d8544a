// Civil calendar arithmetic on integers.
#include "ledger/base/time.h"

#include <array>
#include <cassert>

namespace mrv {
namespace {

constexpr std::int32_t kYearMin = 1970;
constexpr std::int32_t kYearMax = 9999;
constexpr std::int32_t kDaysPerEra = 146'097;  // 400 years
constexpr std::int32_t kEpochShift = 719'468;  // days from 0000-03-01 to 1970-01-01

bool is_leap(std::int32_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

std::int32_t days_in_month(std::int32_t year, std::int32_t month) {
  constexpr std::array<std::int32_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays.at(static_cast<std::size_t>(month - 1));
}

// Reads `count` digits at `at`; -1 when one is no digit.
std::int32_t digits(std::string_view text, std::size_t at, std::size_t count) {
  std::int32_t value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

std::string padded(std::int64_t value, std::size_t width) {
  std::string text = std::to_string(value);
  return std::string(width > text.size() ? width - text.size() : 0, '0') + text;
}

Error time_error() {
  return {"TIME_INVALID", "an instant is written YYYY-MM-DDThh:mm:ssZ in UTC", {}};
}

// The part YYYY-MM-DDThh:mm:ss, in milliseconds.
Result<std::int64_t> parse_stem(std::string_view text) {
  const auto day = parse_day(text.substr(0, 10));
  if (!day.ok() || text[10] != 'T' || text[13] != ':' || text[16] != ':') return time_error();
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return time_error();
  }
  return *day * kMsPerDay + ((hour * 60LL + minute) * 60 + second) * 1000;
}

std::string stem_text(std::int64_t ms) {
  assert(ms >= 0);
  const auto second = ms / 1000 % 86'400;
  return day_text(static_cast<std::int32_t>(ms / kMsPerDay)) + "T" + padded(second / 3600, 2) +
         ":" + padded(second / 60 % 60, 2) + ":" + padded(second % 60, 2);
}

}  // namespace

std::int32_t days_of(const CivilDate& date) {
  // March-based years, so that the leap day comes last.
  const std::int32_t year = date.month <= 2 ? date.year - 1 : date.year;
  const std::int32_t era = year / 400;
  const std::int32_t year_of_era = year - era * 400;
  const std::int32_t month = (date.month + 9) % 12;
  const std::int32_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  const std::int32_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - kEpochShift;
}

CivilDate civil_of(std::int32_t days) {
  assert(days >= 0);
  const std::int32_t shifted = days + kEpochShift;
  const std::int32_t era = shifted / kDaysPerEra;
  const std::int32_t day_of_era = shifted - era * kDaysPerEra;
  const std::int32_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int32_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int32_t month = (5 * day_of_year + 2) / 153;
  CivilDate date;
  date.day = day_of_year - (153 * month + 2) / 5 + 1;
  date.month = month < 10 ? month + 3 : month - 9;
  date.year = year_of_era + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

std::string day_text(std::int32_t days) {
  const CivilDate date = civil_of(days);
  return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2);
}

Result<std::int32_t> parse_day(std::string_view text) {
  const Error invalid{"DAY_INVALID", "a day is written YYYY-MM-DD", {}};
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return invalid;
  const CivilDate date{digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)};
  if (date.year < kYearMin || date.year > kYearMax || date.month < 1 || date.month > 12) {
    return invalid;
  }
  if (date.day < 1 || date.day > days_in_month(date.year, date.month)) return invalid;
  return days_of(date);
}

std::string seconds_text(TimestampMs time) {
  assert(time.value() % 1000 == 0);
  return stem_text(time.value()) + "Z";
}

Result<TimestampMs> parse_seconds(std::string_view text) {
  if (text.size() != 20 || text[19] != 'Z') return time_error();
  MRV_TRY(const std::int64_t ms, parse_stem(text));
  return TimestampMs{ms};
}

std::string milliseconds_text(TimestampMs time) {
  return stem_text(time.value()) + "." + padded(time.value() % 1000, 3) + "Z";
}

Result<TimestampMs> parse_milliseconds(std::string_view text) {
  if (text.size() != 24 || text[23] != 'Z' || text[19] != '.') return time_error();
  MRV_TRY(const std::int64_t ms, parse_stem(text));
  const auto fraction = digits(text, 20, 3);
  if (fraction < 0) return time_error();
  return TimestampMs{ms + fraction};
}

}  // namespace mrv
