// Lines joined to records: a line feed ends a record where the quotes before it are even.
#include "api/cli/csv_records.h"

#include <algorithm>

#include "crypto/utf8.h"

namespace mrv::cli {

Error CsvRecords::malformed(const std::string& why) const {
  return {"CSV_MALFORMED", "row " + std::to_string(row()) + ": " + why, {}};
}

Status CsvRecords::read_record() {
  record_.clear();
  ++rows_;
  const std::string too_long =
      "the record has more than " + std::to_string(kCsvRecordBytesMax) + " bytes";
  for (bool quoted = true; quoted;) {
    const auto line = lines_.next();
    if (!line.ok()) {
      return line.error().name == "LINE_TOO_LONG" ? malformed(too_long) : line.error();
    }
    if (!*line) return {};  // a quoted cell that does not end is the reader's to name
    record_ += **line;
    if (record_.size() > kCsvRecordBytesMax + 1) return malformed(too_long);
    quoted = std::count(record_.begin(), record_.end(), '"') % 2 != 0;
  }
  return {};
}

Status CsvRecords::check_utf8() const {
  const std::size_t bad = crypto::utf8_error_offset(record_);
  if (bad == record_.size()) return {};
  bool quoted = false;
  std::size_t column = 1;
  for (const char c : std::string_view(record_).substr(0, bad)) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) ++column;
  }
  return Error{"CSV_MALFORMED",
               "row " + std::to_string(row()) + ", column " + std::to_string(column) +
                   ": the cell is not UTF-8",
               {}};
}

Result<std::optional<std::vector<std::string_view>>> CsvRecords::next() {
  using Cells = std::optional<std::vector<std::string_view>>;
  MRV_CHECK(read_record());
  if (record_.empty()) return Cells();
  MRV_CHECK(check_utf8());
  auto reader = codec::CsvReader::open(record_, row());
  if (!reader.ok()) return malformed(reader.error().detail);
  reader_.emplace(*std::move(reader));
  MRV_TRY(auto cells, reader_->next());
  return Cells(std::move(cells));
}

}  // namespace mrv::cli
