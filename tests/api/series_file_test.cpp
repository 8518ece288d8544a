// Series made from CSV files and disclosed from the file that is kept: what is read, what is
// refused and where, both sides of every limit.
#include "api/cli/series_file.h"

#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "api/cli/csv_records.h"
#include "crypto/ed25519.h"
#include "verifier/reading.h"

using namespace mrv;

namespace {

struct Made {
  Result<codec::SeriesSummary> summary;
  std::string kept;
};

Made make(const std::string& csv, const cli::SeriesOptions& options = {}) {
  REQUIRE(crypto::initialise().ok());
  std::istringstream stream(csv);
  std::string kept;
  auto summary = cli::make_series(stream, options, [&kept](std::string_view line) {
    kept += line;
    return Status();
  });
  return {std::move(summary), kept};
}

// "NAME: detail"; empty: a series was made.
std::string refusal(const std::string& csv, const cli::SeriesOptions& options = {}) {
  const auto made = make(csv, options);
  if (made.summary.ok()) return "";
  return std::string(made.summary.error().name) + ": " + made.summary.error().detail;
}

Result<codec::DisclosedReading> disclose(const std::string& kept, std::int64_t index) {
  std::istringstream stream(kept);
  return cli::disclose_reading(stream, index);
}

std::string name_of(const Result<codec::DisclosedReading>& disclosed) {
  return disclosed.ok() ? "" : std::string(disclosed.error().name);
}

// A reading a minute.
std::string csv_of(int count) {
  std::string text = "at,value\n";
  for (int i = 0; i < count; ++i) {
    const std::string minute = std::to_string(100 + i % 60).substr(1);
    const std::string hour = std::to_string(100 + i / 60).substr(1);
    text += "2023-04-01T" + hour + ":" + minute + ":00Z," + std::to_string(i) + ".50\n";
  }
  return text;
}

const cli::SeriesOptions kTonnes{.unit = "t"};

}  // namespace

TEST_CASE("readings come out as they stand in the file, each with a salt of its own") {
  const auto made = make(
      "at,value,unit\r\n2023-04-01T00:00:00Z,12.50,t\r\n2023-04-01T00:00:00.250Z,\"-3\",\"t, "
      "\"\"dry\"\"\"\r\n2023-04-02T00:00:00Z,0,t");
  REQUIRE(made.summary.ok());
  CHECK(made.summary->count == 3);
  std::istringstream lines(made.kept);
  std::vector<codec::Reading> readings;
  std::set<Bytes> salts;
  std::string line;
  for (int n = 0; n < 3 && std::getline(lines, line); ++n) {
    readings.push_back(*codec::decode_reading(line));
    CHECK(readings.back().n == n);
    CHECK(readings.back().salt.bytes.size() == codec::kSaltBytesMin);
    salts.insert(readings.back().salt.bytes);
  }
  CHECK(salts.size() == 3);
  CHECK(readings.at(0).value.text == "12.50");
  CHECK(readings.at(1).unit == "t, \"dry\"");
  CHECK(readings.at(1).at == TimestampMs{readings.at(0).at.value() + 250});
  CHECK(readings.at(2).unit == "t");
  REQUIRE(std::getline(lines, line));
  CHECK(codec::decode_summary(line)->root == made.summary->root);
  CHECK(!std::getline(lines, line));
}

TEST_CASE("every reading of a kept file can be disclosed, over several tiles of leaves") {
  for (const int count : {1, 2, 3, 255, 256, 257, 600}) {
    const auto made = make(csv_of(count), kTonnes);
    REQUIRE(made.summary.ok());
    const Hash digest = codec::series_digest(count, made.summary->root);
    for (int index = 0; index < count; index += count > 3 ? 37 : 1) {
      const auto disclosed = disclose(made.kept, index);
      REQUIRE(disclosed.ok());
      CHECK(disclosed->reading.value.text == std::to_string(index) + ".50");
      CHECK(verifier::check_disclosure(*disclosed, digest).ok());
    }
    CHECK(name_of(disclose(made.kept, -1)) == "INTEGER_OUT_OF_RANGE");
    CHECK(name_of(disclose(made.kept, count)) == "INTEGER_OUT_OF_RANGE");
  }
}

TEST_CASE("two series of the same readings have nothing in common") {
  const auto one = make(csv_of(50), kTonnes);
  const auto two = make(csv_of(50), kTonnes);
  CHECK(one.summary->root != two.summary->root);
  std::set<std::string> salts;
  for (const auto& kept : {one.kept, two.kept}) {
    std::istringstream lines(kept);
    std::string line;
    while (std::getline(lines, line)) {
      const auto reading = codec::decode_reading(line);
      if (reading.ok()) salts.insert(to_hex(reading->salt.bytes));
    }
  }
  CHECK(salts.size() == 100);
}

TEST_CASE("bad cells are named by row and column") {
  const std::string head = "at,value,unit\n2023-04-01T00:00:00Z,1,t\n";
  const auto cell = [&head](const std::string& row) { return refusal(head + row + "\n"); };
  CHECK(cell("2023-04-01T00:15:00Z,1,t").empty());
  for (const char* at : {"2023-04-01 00:15:00", "1.4.2023", "2023-04-01T00:15:00+08:00", ""}) {
    CHECK(cell(std::string(at) + ",1,t").starts_with("CSV_CELL_INVALID: row 2, column 1 (at): "));
  }
  CHECK(cell("2023-04-01T00:00:00Z,1,t") ==
        "CSV_CELL_INVALID: row 2, column 1 (at): not later than the reading before");
  CHECK(cell("2023-03-31T23:59:59Z,1,t") ==
        "CSV_CELL_INVALID: row 2, column 1 (at): not later than the reading before");
  for (const char* value : {"", "1e3", "\"1,5\"", "1/2", "-0", "n/a", " 1"}) {
    CHECK(cell("2023-04-01T00:15:00Z," + std::string(value) + ",t")
              .starts_with("CSV_CELL_INVALID: row 2, column 2 (value): "));
  }
  for (const std::string& unit : {std::string(), std::string(65, 'u'), std::string("\"a\nb\""),
                                  std::string("a\tb"), std::string("\xE2\x80\x8B")}) {
    CHECK(cell("2023-04-01T00:15:00Z,1," + unit)
              .starts_with("CSV_CELL_INVALID: row 2, column 3 (unit): "));
  }
  CHECK(cell("2023-04-01T00:15:00Z,1,\xFF") ==
        "CSV_MALFORMED: row 2, column 3: the cell is not UTF-8");
  CHECK(cell("2023-04-01T00:15:00Z,\"a,\xFF\",t") ==
        "CSV_MALFORMED: row 2, column 2: the cell is not UTF-8");
  CHECK(cell("2023-04-01T00:15:00Z,1") == "CSV_MALFORMED: row 2 has 2 cells, the header 3");
  CHECK(cell("") == "CSV_MALFORMED: row 2 has 1 cells, the header 3");
  CHECK(cell("2023-04-01T00:15:00Z,\"1\"2,t").starts_with("CSV_MALFORMED: row 2, column 2: "));
  CHECK(cell("2023-04-01T00:15:00Z,\"1").starts_with("CSV_MALFORMED: row 2, column 2: "));
}

TEST_CASE("a file has the columns at, value and unit, or --unit instead of the last") {
  const std::string row = "2023-04-01T00:00:00Z,1\n";
  CHECK(refusal("") == "CSV_MALFORMED: the file is empty");
  CHECK(refusal("at,value\n", kTonnes) == "CSV_MALFORMED: the file has no readings");
  CHECK(refusal("at,value\n" + row, kTonnes).empty());
  CHECK(refusal("at,value\n" + row).starts_with("UNIT_MISSING"));
  CHECK(refusal("at,value\n" + row, {.unit = "a\tb"}).starts_with("JSON_CONTROL_CHARACTER"));
  CHECK(refusal("at,value,unit\n", kTonnes).starts_with("UNIT_SPARE"));
  for (const char* header : {"at", "value,at", "at,value,unit,more", "At,value", "at,value,",
                             "2023-04-01T00:00:00Z,1"}) {
    CHECK(refusal(std::string(header) + "\n" + row, kTonnes).starts_with("CSV_COLUMN_UNKNOWN"));
  }
  CHECK(refusal("\xEF\xBB\xBF"
                "at,value\n" +
                    row,
                kTonnes)
            .find("byte-order") != std::string::npos);
}

TEST_CASE("a series has at most so many readings") {
  CHECK(cli::SeriesOptions{}.readings_max == kSeriesReadingsMax);
  CHECK(refusal(csv_of(7), {.unit = "t", .readings_max = 7}).empty());
  CHECK(refusal(csv_of(8), {.unit = "t", .readings_max = 7}) ==
        "CSV_TOO_LARGE: a series has at most 7 readings");
}

TEST_CASE("what cannot be kept is no series") {
  std::istringstream stream(csv_of(3));
  int lines = 0;
  const auto made = cli::make_series(stream, kTonnes, [&lines](std::string_view) -> Status {
    return ++lines < 4 ? Status() : Error{"FILE_UNWRITABLE", "full", {}};
  });
  REQUIRE(!made.ok());
  CHECK(made.error().name == "FILE_UNWRITABLE");
}

TEST_CASE("a kept file that was changed discloses nothing") {
  const auto made = make(csv_of(20), kTonnes);
  const std::string& kept = made.kept;
  REQUIRE(disclose(kept, 5).ok());
  const auto name = [](const std::string& text) { return name_of(disclose(text, 5)); };
  const auto replaced = [&kept](const std::string& from, const std::string& to) {
    std::string text = kept;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  CHECK(name("") == "SERIES_FILE_MALFORMED");
  CHECK(name("\n") == "SERIES_FILE_MALFORMED");
  CHECK(name(csv_of(20)) == "SERIES_FILE_MALFORMED");
  CHECK(name(kept.substr(0, kept.size() - 1)) == "SERIES_FILE_MALFORMED");
  CHECK(name(kept + "\n") == "SERIES_FILE_MALFORMED");
  const auto last = kept.rfind('\n', kept.size() - 2) + 1;
  CHECK(name(kept.substr(0, last)) == "SERIES_FILE_MALFORMED");
  CHECK(name(kept.substr(last)) == "SERIES_FILE_MALFORMED");
  CHECK(name(kept + kept.substr(last)) == "SERIES_FILE_MALFORMED");
  CHECK(name(kept.substr(kept.find('\n') + 1)) == "SERIES_FILE_MALFORMED");
  CHECK(name(replaced("\"5.50\"", "\"5.51\"")) == "SERIES_FILE_MALFORMED");
  CHECK(name(replaced("\"9.50\"", "\"9.51\"")) == "SERIES_FILE_MALFORMED");
  CHECK(name(replaced("\"count\":\"20\"", "\"count\":\"19\"")) == "SERIES_FILE_MALFORMED");
  CHECK(name(replaced("\"count\":\"20\"", "\"count\":\"21\"")) == "SERIES_FILE_MALFORMED");
  CHECK(name(replaced("mrv-series/1", "mrv-series/2")) == "SERIES_FILE_MALFORMED");
  CHECK(name(replaced("\"t\"", "\"" + std::string(1'100, 't') + "\"")) == "SERIES_FILE_MALFORMED");
}

TEST_CASE("records and lines are as long as they may be, and no longer") {
  const auto rows = [](const std::string& text) {
    std::istringstream stream(text);
    cli::CsvRecords records(stream);
    std::string found;
    for (;;) {
      const auto cells = records.next();
      if (!cells.ok()) return found + cells.error().detail;
      if (!*cells) return found;
      found += std::to_string(records.row()) + ":" + std::to_string((*cells)->size()) + " ";
    }
  };
  CHECK(rows("a,b\n\"x\ny\n\",\"\"\"\"\n\nc") == "0:2 1:2 2:1 3:1 ");
  // Four cells and their commas.
  const std::string cell(cli::kCsvRecordBytesMax / 4 - 1, 'x');
  const std::string longest = cell + "," + cell + "," + cell + "," + cell + "y";
  REQUIRE(longest.size() == cli::kCsvRecordBytesMax);
  CHECK(rows("a\n" + longest + "\n") == "0:1 1:4 ");
  CHECK(rows("a\n" + longest) == "0:1 1:4 ");
  CHECK(rows("a\n" + longest + "y\n") == "0:1 row 1: the record has more than 131072 bytes");
  const std::string lines = "\"" + cell + "\n" + cell + "\n" + cell + "\n";
  CHECK(rows("a\n" + lines + lines + "\"\n") == "0:1 row 1: the record has more than 131072 bytes");
  std::istringstream failing("a\n");
  failing.setstate(std::ios::badbit);
  cli::CsvRecords records(failing);
  CHECK(records.next().error().name == "FILE_UNREADABLE");
}
