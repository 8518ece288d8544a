// Dates as foreign registries' files write them.
#pragma once

#include <string_view>

#include "crypto/result.h"
#include "ledger/model/records.h"

namespace mrv::codec {

// iso: YYYY-MM-DD. us_short: M/D/YY or M/D/YYYY, month and day with or without a leading zero; a
// year of two digits is 1970 to 2069. One day has one value, however it was written. Errors:
// DAY_INVALID.
Result<model::Day> parse_foreign_day(model::DateFormat format, std::string_view text);

}  // namespace mrv::codec
