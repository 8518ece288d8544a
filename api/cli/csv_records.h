// Records of a CSV file of any length, in the memory of one record.
#pragma once

#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/cli/line_reader.h"
#include "ledger/codec/csv.h"

namespace mrv::cli {

inline constexpr std::size_t kCsvRecordBytesMax = 128UL * 1024;

// Strict as codec::CsvReader, which reads each record. Not copyable; the stream must outlive it.
class CsvRecords {
 public:
  explicit CsvRecords(std::istream& stream) : lines_(stream, kCsvRecordBytesMax) {}

  // The cells of the next record, valid until the next call; nothing at the end. Errors:
  // CSV_MALFORMED with row and, where there is one, column (from 1; the header is row 0);
  // FILE_UNREADABLE.
  Result<std::optional<std::vector<std::string_view>>> next();
  // Of the record read last.
  [[nodiscard]] std::size_t row() const { return rows_ - 1; }

 private:
  [[nodiscard]] Error malformed(const std::string& why) const;
  // The record's text; empty at the end.
  Status read_record();
  [[nodiscard]] Status check_utf8() const;

  LineReader lines_;
  std::string record_;
  std::optional<codec::CsvReader> reader_;  // of record_
  std::size_t rows_ = 0;                    // that were begun
};

}  // namespace mrv::cli
