// Strict CSV (RFC 4180): comma, double quotes, LF or CRLF, UTF-8 without byte-order mark. Quoted
// cells may hold line breaks. Anything a spreadsheet would guess at is refused with its row and
// column; nothing is trimmed, converted or repaired.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"

namespace mrv::codec {

inline constexpr std::size_t kCsvCellBytesMax = 32UL * 1024;
inline constexpr std::size_t kCsvColumnsMax = 512;
inline constexpr std::size_t kCsvRowsMax = 1'000'000;
// Bounds memory: an empty cell costs a byte in the file and much more once it is read.
inline constexpr std::size_t kCsvCellsMax = 4'000'000;

struct CsvRecord {
  std::vector<std::string> cells;
  std::string_view raw;  // the record's own bytes, without its line end; views the parsed text
};

struct CsvTable {
  std::vector<std::string> header;
  std::vector<CsvRecord> rows;  // as many cells as the header, each

  // Position of a header cell. Errors: CSV_COLUMN_MISSING, CSV_COLUMN_REPEATED.
  [[nodiscard]] Result<std::size_t> column(std::string_view name) const;
};

// Reads record by record, holding one at a time. Not thread-safe.
class CsvReader {
 public:
  // `text` must outlive the reader; its first record is called row `row`. Errors: CSV_MALFORMED for
  // what cannot be a file at all (empty, a byte-order mark, not UTF-8).
  static Result<CsvReader> open(std::string_view text, std::size_t row = 0);

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  // The cells of the next record, valid until the next call. Precondition: !at_end(). Errors:
  // CSV_MALFORMED.
  Result<std::vector<std::string_view>> next();
  // The bytes of the record read last, without its line end.
  [[nodiscard]] std::string_view raw() const { return raw_; }

 private:
  CsvReader(std::string_view text, std::size_t row) : text_(text), row_(row) {}
  [[nodiscard]] Error malformed(std::size_t column, const char* why) const;
  [[nodiscard]] bool at_quote() const { return !at_end() && text_[at_] == '"'; }
  [[nodiscard]] bool at_line_end() const;
  void skip_line_end();
  Result<std::string_view> plain(std::size_t column);
  Result<std::string_view> quoted(std::size_t column);

  std::string_view text_;
  std::string_view raw_;
  std::size_t at_ = 0;
  std::size_t row_;
  std::deque<std::string> unescaped_;  // cells of this record that held doubled quotes
};

// `text` must outlive the table. Errors: CSV_MALFORMED (the detail names row and column, from 1;
// the header is row 0), CSV_TOO_LARGE, found while reading: nothing is kept beyond the limit.
Result<CsvTable> parse_csv(std::string_view text, std::size_t rows_max = kCsvRowsMax);

}  // namespace mrv::codec
