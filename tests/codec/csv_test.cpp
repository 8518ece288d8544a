// Strict CSV: what is read, what is refused and where, and the limits on both sides.
#include "ledger/codec/csv.h"

#include <doctest/doctest.h>

using namespace mrv;

namespace {

std::string refusal(std::string_view text, std::size_t rows_max = codec::kCsvRowsMax) {
  const auto table = codec::parse_csv(text, rows_max);
  return table.ok() ? "" : std::string(table.error().name) + ": " + table.error().detail;
}

std::string lines(std::size_t rows, const std::string& line) {
  std::string text;
  for (std::size_t i = 0; i < rows; ++i) text += line;
  return text;
}

}  // namespace

TEST_CASE("cells come out as they were written") {
  const auto table = codec::parse_csv("a,b\r\n1,\"x, \"\"y\"\"\nz\"\n , 2 \n");
  REQUIRE(table.ok());
  CHECK(table->header == std::vector<std::string>{"a", "b"});
  REQUIRE(table->rows.size() == 2);
  CHECK(table->rows[0].cells == std::vector<std::string>{"1", "x, \"y\"\nz"});
  CHECK(table->rows[0].raw == "1,\"x, \"\"y\"\"\nz\"");
  CHECK(table->rows[1].cells == std::vector<std::string>{" ", " 2 "});
  CHECK(*table->column("b") == 1);
  CHECK(table->column("c").error().name == "CSV_COLUMN_MISSING");
  CHECK(codec::parse_csv("a,a\n")->column("a").error().name == "CSV_COLUMN_REPEATED");
}

TEST_CASE("what a spreadsheet would guess at is refused with its row") {
  CHECK(refusal("").find("empty") != std::string::npos);
  CHECK(refusal("\xEF\xBB\xBF"
                "a\n1\n")
            .find("byte-order mark") != std::string::npos);
  CHECK(refusal("a\n\xFF\n").find("UTF-8") != std::string::npos);
  CHECK(refusal("a,b\n1,2\n1\n").find("row 2 has 1 cells, the header 2") != std::string::npos);
  CHECK(refusal("a\n\"x\"y\n").find("after the closing quote") != std::string::npos);
  CHECK(refusal("a\n\"x").find("does not end") != std::string::npos);
}

TEST_CASE("limits are found while reading, one below passes") {
  CHECK(refusal("a\n" + lines(3, "1\n"), 3).empty());
  CHECK(refusal("a\n" + lines(4, "1\n"), 3).starts_with("CSV_TOO_LARGE"));
  const std::string cell(codec::kCsvCellBytesMax, 'x');
  CHECK(refusal("a\n" + cell + "\n").empty());
  CHECK(refusal("a\n" + cell + "x\n").find("too long") != std::string::npos);
  CHECK(refusal(std::string(codec::kCsvColumnsMax - 1, ',') + "\n").empty());
  CHECK(refusal(std::string(codec::kCsvColumnsMax, ',') + "\n") != "");
  // Empty cells cost a byte each and much more in memory.
  const std::size_t width = codec::kCsvColumnsMax;
  const std::string row = std::string(width - 1, ',') + "\n";
  const std::size_t fit = codec::kCsvCellsMax / width;
  CHECK(refusal(row + lines(fit, row)).empty());
  CHECK(refusal(row + lines(fit + 1, row)).starts_with("CSV_TOO_LARGE"));
}
