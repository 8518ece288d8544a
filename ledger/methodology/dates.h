// Dates of reported data: years, quarters and days as texts, and the days they span. Pure.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "ledger/model/methodology.h"

namespace mrv::methodology {

inline constexpr std::int64_t kYearMin = 1990;
inline constexpr std::int64_t kYearMax = 2200;

// "2024", "2024-Q1" or "2024-03-01" as the days it spans; nothing where the text is no such date.
std::optional<model::Period> span_of(model::FieldType type, std::string_view text);

// The year or quarter after a year or quarter. Precondition: `text` is such a date.
std::string date_after(model::FieldType type, std::string_view text);

// Calendar years that [from, to) touches, ascending. Precondition: from < to.
std::vector<std::int64_t> years_of(const model::Period& period);
// The part of the period in a calendar year.
model::Period part_in_year(const model::Period& period, std::int64_t year);
// The calendar year of a day.
std::int64_t year_of(model::Day day);

}  // namespace mrv::methodology
