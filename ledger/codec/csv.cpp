// One pass over the text; a cell is a view of it unless quotes were doubled.
#include "ledger/codec/csv.h"

#include <algorithm>

#include "crypto/utf8.h"

namespace mrv::codec {
Result<CsvReader> CsvReader::open(std::string_view text, std::size_t row) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    return Error{"CSV_MALFORMED", "the file starts with a byte-order mark", {}};
  }
  if (crypto::utf8_error_offset(text) != text.size()) {
    return Error{"CSV_MALFORMED", "the file is not UTF-8", {}};
  }
  if (text.empty()) return Error{"CSV_MALFORMED", "the file is empty", {}};
  return CsvReader(text, row);
}

Error CsvReader::malformed(std::size_t column, const char* why) const {
  return {"CSV_MALFORMED",
          "row " + std::to_string(row_) + ", column " + std::to_string(column + 1) + ": " + why,
          {}};
}

bool CsvReader::at_line_end() const {
  return at_end() || text_[at_] == '\n' ||
         (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n');
}

void CsvReader::skip_line_end() {
  if (!at_end() && text_[at_] == '\r') ++at_;
  if (!at_end()) ++at_;
}

Result<std::vector<std::string_view>> CsvReader::next() {
  const std::size_t start = at_;
  unescaped_.clear();
  std::vector<std::string_view> cells;
  for (;;) {
    if (cells.size() == kCsvColumnsMax) return malformed(cells.size(), "too many columns");
    MRV_TRY(const std::string_view cell, at_quote() ? quoted(cells.size()) : plain(cells.size()));
    cells.push_back(cell);
    if (at_end() || text_[at_] != ',') break;
    ++at_;
  }
  raw_ = text_.substr(start, at_ - start);
  skip_line_end();
  ++row_;
  return cells;
}

Result<std::string_view> CsvReader::plain(std::size_t column) {
  const std::size_t start = at_;
  while (!at_line_end() && text_[at_] != ',') {
    if (text_[at_] == '"') return malformed(column, "a quote inside an unquoted cell");
    if (text_[at_] == '\r') return malformed(column, "a carriage return by itself");
    ++at_;
    if (at_ - start > kCsvCellBytesMax) return malformed(column, "the cell is too long");
  }
  return text_.substr(start, at_ - start);
}

Result<std::string_view> CsvReader::quoted(std::size_t column) {
  ++at_;
  std::string& cell = unescaped_.emplace_back();
  for (;;) {
    if (at_end()) return malformed(column, "the quoted cell does not end");
    const char c = text_[at_];
    ++at_;
    if (c == '"') {
      if (!at_quote()) break;
      ++at_;
    }
    cell.push_back(c);
    if (cell.size() > kCsvCellBytesMax) return malformed(column, "the cell is too long");
  }
  if (!at_line_end() && text_[at_] != ',') {
    return malformed(column, "text after the closing quote");
  }
  return std::string_view(cell);
}

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
  MRV_TRY(CsvReader reader, CsvReader::open(text));
  CsvTable table;
  MRV_TRY(const auto header, reader.next());
  table.header.assign(header.begin(), header.end());
  while (!reader.at_end()) {
    const std::size_t row = table.rows.size() + 1;
    if (row > rows_max || row * table.header.size() > kCsvCellsMax) {
      return Error{"CSV_TOO_LARGE",
                   "a file has at most " + std::to_string(rows_max) + " rows and " +
                       std::to_string(kCsvCellsMax) + " cells",
                   {}};
    }
    MRV_TRY(const auto cells, reader.next());
    if (cells.size() != table.header.size()) {
      return Error{"CSV_MALFORMED",
                   "row " + std::to_string(row) + " has " + std::to_string(cells.size()) +
                       " cells, the header " + std::to_string(table.header.size()),
                   {}};
    }
    table.rows.push_back({{cells.begin(), cells.end()}, reader.raw()});
  }
  return table;
}

}  // namespace mrv::codec
