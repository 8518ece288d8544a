// One pass over the text, one state per cell.
#include "ledger/codec/csv.h"

#include <algorithm>

#include "crypto/utf8.h"

namespace mrv::codec {
namespace {

class CsvReader {
 public:
  explicit CsvReader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }

  Result<CsvRecord> record(std::size_t row) {
    const std::size_t start = at_;
    CsvRecord record;
    for (;;) {
      if (record.cells.size() == kCsvColumnsMax) return malformed(row, record, "too many columns");
      std::string cell;
      MRV_CHECK(at_quote() ? quoted(cell, row, record) : plain(cell, row, record));
      record.cells.push_back(std::move(cell));
      if (!at_end() && text_[at_] == ',') {
        ++at_;
        continue;
      }
      record.raw = text_.substr(start, at_ - start);
      skip_line_end();
      return record;
    }
  }

 private:
  static Error malformed(std::size_t row, const CsvRecord& record, const char* why) {
    return {"CSV_MALFORMED",
            "row " + std::to_string(row) + ", column " + std::to_string(record.cells.size() + 1) +
                ": " + why,
            {}};
  }

  [[nodiscard]] bool at_quote() const { return !at_end() && text_[at_] == '"'; }

  [[nodiscard]] bool at_line_end() const {
    return at_end() || text_[at_] == '\n' ||
           (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n');
  }

  void skip_line_end() {
    if (!at_end() && text_[at_] == '\r') ++at_;
    if (!at_end()) ++at_;
  }

  Status plain(std::string& cell, std::size_t row, const CsvRecord& record) {
    while (!at_line_end() && text_[at_] != ',') {
      if (text_[at_] == '"') return malformed(row, record, "a quote inside an unquoted cell");
      if (text_[at_] == '\r') return malformed(row, record, "a carriage return by itself");
      cell.push_back(text_[at_]);
      ++at_;
      if (cell.size() > kCsvCellBytesMax) return malformed(row, record, "the cell is too long");
    }
    return {};
  }

  Status quoted(std::string& cell, std::size_t row, const CsvRecord& record) {
    ++at_;
    for (;;) {
      if (at_end()) return malformed(row, record, "the quoted cell does not end");
      const char c = text_[at_];
      ++at_;
      if (c == '"') {
        if (!at_quote()) break;
        ++at_;
      }
      cell.push_back(c);
      if (cell.size() > kCsvCellBytesMax) return malformed(row, record, "the cell is too long");
    }
    if (!at_line_end() && text_[at_] != ',') {
      return malformed(row, record, "text after the closing quote");
    }
    return {};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::size_t> CsvTable::column(std::string_view name) const {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) {
    return Error{"CSV_COLUMN_MISSING", "there is no column " + std::string(name), {}};
  }
  if (std::find(found + 1, header.end(), name) != header.end()) {
    return Error{"CSV_COLUMN_REPEATED", "the column " + std::string(name) + " occurs twice", {}};
  }
  return static_cast<std::size_t>(found - header.begin());
}

Result<CsvTable> parse_csv(std::string_view text, std::size_t rows_max) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    return Error{"CSV_MALFORMED", "the file starts with a byte-order mark", {}};
  }
  if (crypto::utf8_error_offset(text) != text.size()) {
    return Error{"CSV_MALFORMED", "the file is not UTF-8", {}};
  }
  if (text.empty()) return Error{"CSV_MALFORMED", "the file is empty", {}};
  CsvReader reader(text);
  CsvTable table;
  MRV_TRY(CsvRecord header, reader.record(0));
  table.header = std::move(header.cells);
  while (!reader.at_end()) {
    const std::size_t row = table.rows.size() + 1;
    if (row > rows_max || row * table.header.size() > kCsvCellsMax) {
      return Error{"CSV_TOO_LARGE",
                   "a file has at most " + std::to_string(rows_max) + " rows and " +
                       std::to_string(kCsvCellsMax) + " cells",
                   {}};
    }
    MRV_TRY(CsvRecord record, reader.record(row));
    if (record.cells.size() != table.header.size()) {
      return Error{"CSV_MALFORMED",
                   "row " + std::to_string(row) + " has " + std::to_string(record.cells.size()) +
                       " cells, the header " + std::to_string(table.header.size()),
                   {}};
    }
    table.rows.push_back(std::move(record));
  }
  return table;
}

}  // namespace mrv::codec
