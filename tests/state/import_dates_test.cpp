// Dates of imported rows are days, read in the format the import names.
#include <doctest/doctest.h>

#include "ledger/base/time.h"
#include "ledger/codec/foreign_day.h"
#include "tests/support/state_world.h"

using namespace mrv;
using model::DateFormat;

namespace {

std::string day(DateFormat format, const std::string& text) {
  const auto parsed = codec::parse_foreign_day(format, text);
  return parsed.ok() ? day_text(parsed->days) : std::string(parsed.error().name);
}

struct ImportDatesWorld : test::StateWorld {
  model::PartyId registry = party(2, {model::Role::registry});

  model::ImportId open(std::uint8_t file, DateFormat format) {
    model::OpenImport act;
    act.registry = "ACR";
    act.file_digest.fill(file);
    act.row_count = 100'000;
    act.date_format = format;
    REQUIRE(run(registry, act).ok());
    return model::ImportId::of(digest());
  }
  // The outcome of one issued total, or of one retired range where a serial is given.
  std::string import(const model::ImportId& id, const std::string& date,
                     const std::optional<std::string>& serial = std::nullopt) {
    model::ImportRow row;
    row.row = ++row_;
    row.serial = serial;
    row.event = serial ? model::ForeignEvent::retired : model::ForeignEvent::issued_total;
    row.quantity = 62;
    row.date = date;
    row.project = "ACR100";
    row.vintage = "2015";
    const auto verdict = run(registry, model::ImportSerials{id, {row}});
    if (verdict.rows.empty()) return verdict.name();
    const auto& refusal = verdict.rows[0].refusal;
    return std::string(model::describe_outcome(refusal.outcome).name) + refusal.pointer;
  }

 private:
  std::int64_t row_ = 0;
};

}  // namespace

TEST_CASE("a day has one value, however its file writes it") {
  for (const char* text : {"1/2/2024", "01/02/2024", "1/2/24", "01/2/24"}) {
    CHECK(day(DateFormat::us_short, text) == "2024-01-02");
  }
  CHECK(day(DateFormat::us_short, "12/29/15") == "2015-12-29");
  CHECK(day(DateFormat::us_short, "2/29/2024") == "2024-02-29");
  CHECK(day(DateFormat::us_short, "1/1/69") == "2069-01-01");
  CHECK(day(DateFormat::us_short, "1/1/70") == "1970-01-01");
  CHECK(day(DateFormat::iso, "2024-01-02") == "2024-01-02");
}

TEST_CASE("what is no day in the format is none at all") {
  for (const char* text :
       {"13/1/2024", "2/29/2023", "0/1/24", "1/0/24", "1/2/024", "1/2/2", "1/2", "1/2/24/", "1//24",
        "/1/24", "001/2/24", "-1/2/24", "1/2/24 ", "2024-01-02", "", "a/b/cd"}) {
    CAPTURE(text);
    CHECK(day(DateFormat::us_short, text) == "DAY_INVALID");
  }
  CHECK(day(DateFormat::iso, "1/2/2024") == "DAY_INVALID");
}

TEST_CASE("a total counts once, however its date is written") {
  ImportDatesWorld world;
  const auto import = world.open(1, DateFormat::us_short);
  CHECK(world.import(import, "1/2/2024").empty());
  const std::string repeated = "TOTAL_REPEATED/credentialSubject/rows/0";
  CHECK(world.import(import, "01/02/2024") == repeated);
  CHECK(world.import(import, "1/2/24") == repeated);
  CHECK(world.import(world.open(2, DateFormat::iso), "2024-01-02") == repeated);
  CHECK(world.import(import, "2/1/2024").empty());
}

TEST_CASE("a row whose date is none is refused, whatever the row is of") {
  ImportDatesWorld world;
  const auto import = world.open(1, DateFormat::us_short);
  const std::string invalid = "ROW_DATE_INVALID/credentialSubject/rows/0/date";
  CHECK(world.import(import, "13/1/2024") == invalid);
  CHECK(world.import(import, "2024-01-02") == invalid);
  const std::string serial = "ACR-US-100-2015-200-1001 to 1062";
  CHECK(world.import(import, "12/32/15", serial) == invalid);
  CHECK(world.import(import, "12/29/15", serial).empty());
}

TEST_CASE("the totals of one project and vintage are bounded") {
  ImportDatesWorld world;
  const auto import = world.open(1, DateFormat::iso);
  model::ForeignTotalsRow row{"ACR", "ACR100", "2015", {}, 0};
  for (std::size_t i = 0; i < kForeignTotalsMax; ++i) {
    row.totals.push_back({{static_cast<std::int32_t>(i)}, 1, EntryIndex{1}, 1});
  }
  const Bytes key = codec::foreign_totals_key("ACR", "ACR100", "2015");
  world.put(key, row);
  CHECK(world.import(import, "2024-01-02") == "LIST_TOO_LONG/credentialSubject/rows/0");
  row.totals.pop_back();
  world.put(key, row);
  CHECK(world.import(import, "2024-01-02").empty());
}
