// The file of a whole series with its salts (schemas/spec/series.md): made from a CSV file, read
// again to disclose one reading. Both pass over their input once, in O(log n) memory.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <string_view>

#include "ledger/codec/series.h"

namespace mrv::cli {

struct SeriesOptions {
  std::string unit;  // of every reading, where the file has no column `unit`
  std::int64_t readings_max = kSeriesReadingsMax;
};

// Takes the lines of the file that is kept, each with its line feed.
using KeepLine = std::function<Status(std::string_view line)>;

// `csv`: columns at,value or at,value,unit in this order. Salts come from the system's random
// source. Errors: CSV_COLUMN_UNKNOWN for another header, CSV_MALFORMED, CSV_CELL_INVALID with row
// and column, CSV_TOO_LARGE, UNIT_MISSING, UNIT_SPARE, those of judge_unit, FILE_UNREADABLE, the
// keeper's.
Result<codec::SeriesSummary> make_series(std::istream& csv, const SeriesOptions& options,
                                         const KeepLine& keep);

// The last line of a kept file. Errors: SERIES_FILE_MALFORMED, FILE_UNREADABLE.
Result<codec::SeriesSummary> read_summary(std::istream& file);

// Every line is hashed: what is answered leads to the root of the file's last line, or the file was
// changed. Errors: INTEGER_OUT_OF_RANGE, SERIES_FILE_MALFORMED, FILE_UNREADABLE.
Result<codec::DisclosedReading> disclose_reading(std::istream& file, std::int64_t index);

}  // namespace mrv::cli
