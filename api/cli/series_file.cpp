// Readings from cells to lines, and from lines to a disclosure.
#include "api/cli/series_file.h"

#include <array>
#include <optional>

#include "api/cli/csv_records.h"
#include "api/cli/line_reader.h"
#include "crypto/secret.h"
#include "ledger/codec/scalar_text.h"
#include "ledger/log/leaf_stream.h"

namespace mrv::cli {

namespace {

constexpr std::array<std::string_view, 3> kColumns = {"at", "value", "unit"};
// Longer than any reading's or summary's line.
constexpr std::size_t kLineBytesMax = 1'024;

// Random bytes are asked of the system for many salts at once.
class SaltSource {
 public:
  codec::Salt next() {
    if (used_ == bytes_.size()) {
      crypto::fill_random(bytes_);
      used_ = 0;
    }
    const auto first = bytes_.begin() + static_cast<std::ptrdiff_t>(used_);
    used_ += codec::kSaltBytesMin;
    return {Bytes(first, first + codec::kSaltBytesMin)};
  }

 private:
  std::array<std::uint8_t, 256 * codec::kSaltBytesMin> bytes_{};
  std::size_t used_ = bytes_.size();
};

class SeriesMaker {
 public:
  SeriesMaker(std::istream& csv, const SeriesOptions& options, const KeepLine& keep)
      : records_(csv), options_(options), keep_(keep) {}

  Result<codec::SeriesSummary> run() {
    MRV_CHECK(read_header());
    for (;;) {
      MRV_TRY(const auto cells, records_.next());
      if (!cells) break;
      MRV_CHECK(take(*cells));
    }
    if (reading_.n == 0) return Error{"CSV_MALFORMED", "the file has no readings", {}};
    const codec::SeriesSummary summary{std::string(codec::kSeriesFormat), reading_.n, tree_.root()};
    MRV_CHECK(keep_(codec::encode_summary(summary) + "\n"));
    return summary;
  }

 private:
  Status read_header() {
    MRV_TRY(const auto cells, records_.next());
    if (!cells) return Error{"CSV_MALFORMED", "the file is empty", {}};
    columns_ = cells->size();
    const bool known = columns_ >= 2 && columns_ <= kColumns.size() &&
                       std::equal(cells->begin(), cells->end(), kColumns.begin());
    if (!known) {
      return Error{"CSV_COLUMN_UNKNOWN", "the header is at,value or at,value,unit", {}};
    }
    const bool in_file = columns_ == kColumns.size();
    if (in_file && !options_.unit.empty()) {
      return Error{"UNIT_SPARE", "the file has a column unit: leave --unit out", {}};
    }
    if (!in_file && options_.unit.empty()) {
      return Error{"UNIT_MISSING", "the file has no column unit: name it with --unit", {}};
    }
    reading_.unit = options_.unit;
    return in_file ? Status() : codec::judge_unit(options_.unit);
  }

  [[nodiscard]] Error bad_cell(std::size_t column, const std::string& why) const {
    return {"CSV_CELL_INVALID",
            "row " + std::to_string(records_.row()) + ", column " + std::to_string(column + 1) +
                " (" + std::string(kColumns.at(column)) + "): " + why,
            {}};
  }

  Status take(const std::vector<std::string_view>& cells) {
    if (cells.size() != columns_) {
      return Error{"CSV_MALFORMED",
                   "row " + std::to_string(records_.row()) + " has " +
                       std::to_string(cells.size()) + " cells, the header " +
                       std::to_string(columns_),
                   {}};
    }
    if (reading_.n == options_.readings_max) {
      return Error{"CSV_TOO_LARGE",
                   "a series has at most " + std::to_string(options_.readings_max) + " readings",
                   {}};
    }
    MRV_CHECK(take_time(cells[0]));
    if (auto status = codec::from_text(cells[1], reading_.value); !status.ok()) {
      return bad_cell(1, status.error().detail);
    }
    if (columns_ == kColumns.size()) MRV_CHECK(take_unit(cells[2]));
    reading_.salt = salts_.next();
    const std::string line = codec::encode_reading(reading_);
    tree_.add(crypto::leaf_hash(as_bytes(line)));
    ++reading_.n;
    return keep_(line + "\n");
  }

  Status take_time(std::string_view cell) {
    TimestampMs at;
    if (auto status = codec::from_text(cell, at); !status.ok()) {
      return bad_cell(0, status.error().detail);
    }
    if (reading_.n > 0 && at <= reading_.at) {
      return bad_cell(0, "not later than the reading before");
    }
    reading_.at = at;
    return {};
  }

  // Most readings have the unit of the one before.
  Status take_unit(std::string_view cell) {
    if (cell == reading_.unit && reading_.n > 0) return {};
    if (auto status = codec::judge_unit(cell); !status.ok()) {
      return bad_cell(2, status.error().detail);
    }
    reading_.unit = cell;
    return {};
  }

  CsvRecords records_;
  const SeriesOptions& options_;
  const KeepLine& keep_;
  std::size_t columns_ = 0;
  SaltSource salts_;
  codec::Reading reading_;  // the one read last, but with the next one's index
  log::RootOfStream tree_;
};

Error malformed(const std::string& why) {
  return {"SERIES_FILE_MALFORMED", why + ": not as `mrv series make` left it", {}};
}

// Lines of a kept file without their line feeds.
class KeptLines {
 public:
  explicit KeptLines(std::istream& file) : lines_(file, kLineBytesMax) {}

  Result<std::string_view> next() {
    const auto line = lines_.next();
    if (!line.ok()) {
      if (line.error().name == "LINE_TOO_LONG") return malformed(line.error().detail);
      return line.error();
    }
    if (!*line || !(*line)->ends_with('\n')) return malformed("the file is cut off");
    return (*line)->substr(0, (*line)->size() - 1);
  }

 private:
  LineReader lines_;
};

}  // namespace

Result<codec::SeriesSummary> make_series(std::istream& csv, const SeriesOptions& options,
                                         const KeepLine& keep) {
  return SeriesMaker(csv, options, keep).run();
}

Result<codec::SeriesSummary> read_summary(std::istream& file) {
  file.clear();
  file.seekg(0, std::ios::end);
  const std::streamoff size = file.tellg();
  const auto tail = std::min(size, static_cast<std::streamoff>(kLineBytesMax));
  file.seekg(-tail, std::ios::end);
  std::string text(static_cast<std::size_t>(std::max<std::streamoff>(tail, 0)), '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file) return Error{"FILE_UNREADABLE", "the file cannot be read", {}};
  if (!text.ends_with('\n')) return malformed("the last line is missing");
  text.pop_back();
  const auto feed = text.rfind('\n');
  auto summary = codec::decode_summary(text.substr(feed == std::string::npos ? 0 : feed + 1));
  if (!summary.ok()) return malformed("the last line: " + summary.error().detail);
  return summary;
}

Result<codec::DisclosedReading> disclose_reading(std::istream& file, std::int64_t index) {
  MRV_TRY(const auto summary, read_summary(file));
  if (index < 0 || index >= summary.count) {
    return Error{"INTEGER_OUT_OF_RANGE",
                 "the series has the indexes 0 to " + std::to_string(summary.count - 1),
                 {}};
  }
  file.seekg(0);
  KeptLines lines(file);
  log::RootOfStream tree;
  log::PathOfStream path(static_cast<std::uint64_t>(index),
                         static_cast<std::uint64_t>(summary.count));
  std::optional<codec::Reading> reading;
  for (std::int64_t n = 0; n < summary.count; ++n) {
    MRV_TRY(const std::string_view line, lines.next());
    const Hash leaf = crypto::leaf_hash(as_bytes(line));
    tree.add(leaf);
    path.add(leaf);
    if (n != index) continue;
    const auto decoded = codec::decode_reading(line);
    if (!decoded.ok()) return malformed("reading " + std::to_string(n));
    reading = *decoded;
  }
  MRV_TRY(const std::string_view last, lines.next());
  const bool ends =
      last == codec::encode_summary(summary) && file.peek() == std::istream::traits_type::eof();
  if (!ends || tree.root() != summary.root || reading->n != index) {
    return malformed("the readings are not those of its last line");
  }
  return codec::DisclosedReading{std::string(codec::kReadingFormat),
                                 *std::move(reading),
                                 index,
                                 summary.count,
                                 summary.root,
                                 path.path()};
}

}  // namespace mrv::cli
