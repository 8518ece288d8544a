// Instants and days as text, strictly: UTC only, the proleptic Gregorian calendar, years 1970 to
// 9999. Pure integer arithmetic; there is no clock here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/result.h"
#include "ledger/base/types.h"

namespace mrv {

inline constexpr std::int64_t kMsPerDay = 86'400'000;

struct CivilDate {
  std::int32_t year = 1970;
  std::int32_t month = 1;
  std::int32_t day = 1;
};

// Days since 1970-01-01. Precondition: a valid date.
std::int32_t days_of(const CivilDate& date);
CivilDate civil_of(std::int32_t days);

// YYYY-MM-DD. Errors: DAY_INVALID.
std::string day_text(std::int32_t days);
Result<std::int32_t> parse_day(std::string_view text);

// YYYY-MM-DDThh:mm:ssZ; parsing takes exactly this form. Errors: TIME_INVALID.
// Precondition of writing: whole seconds.
std::string seconds_text(TimestampMs time);
Result<TimestampMs> parse_seconds(std::string_view text);

// YYYY-MM-DDThh:mm:ss.mmmZ, always with three digits (an entry's recordedAt). Errors: TIME_INVALID.
std::string milliseconds_text(TimestampMs time);
Result<TimestampMs> parse_milliseconds(std::string_view text);

}  // namespace mrv
