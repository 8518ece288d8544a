// ACR's public history through the import rules: what is accepted, and what one altered row does.
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "ledger/codec/acr_files.h"
#include "ledger/codec/foreign_serial.h"
#include "tests/support/state_world.h"

using namespace mrv;
using model::ImportRow;
using model::Outcome;

namespace {

constexpr const char* kFolder = MRV_SOURCE_DIR "/../shared/data/acr/";

std::optional<std::string> read_file(const std::string& name) {
  std::ifstream file(kFolder + name, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct History {
  std::vector<ImportRow> retirements;
  std::vector<ImportRow> issuances;
};

// The files, read once; nothing where they are absent.
const std::optional<History>& history() {
  static const std::optional<History> loaded = []() -> std::optional<History> {
    static const auto retirements = read_file("ACR_retirements.csv");
    static const auto issuances = read_file("ACR_issuances.csv");
    if (!retirements || !issuances) return std::nullopt;
    auto retired = codec::read_acr_retirements(*retirements, to_bytes("salt"));
    auto issued = codec::read_acr_issuances(*issuances);
    REQUIRE(retired.ok());
    REQUIRE(issued.ok());
    return History{*std::move(retired), *std::move(issued)};
  }();
  if (!loaded) MESSAGE("skipped: the ACR files are not beside the project");
  return loaded;
}

// A ledger with one registry party and one open import for each file given.
class ImportLedger {
 public:
  model::ImportId open(std::uint8_t file, std::int64_t rows) {
    model::OpenImport act;
    act.registry = "ACR";
    act.file_digest.fill(file);
    act.row_count = rows;
    act.date_format = model::DateFormat::us_short;
    REQUIRE(run(act).ok());
    return model::ImportId::of(world_.digest());
  }

  // Imports in chunks of the largest size an act may have; answers every refused row.
  std::vector<state::RowRefusal> import(const model::ImportId& id,
                                        const std::vector<ImportRow>& rows) {
    std::vector<state::RowRefusal> refused;
    for (std::size_t at = 0; at < rows.size(); at += kImportRowsMax) {
      const auto end = std::min(rows.size(), at + kImportRowsMax);
      model::ImportSerials act;
      act.import = id;
      act.rows.assign(rows.begin() + static_cast<std::ptrdiff_t>(at),
                      rows.begin() + static_cast<std::ptrdiff_t>(end));
      auto verdict = run(act);
      for (auto& row : verdict.rows) refused.push_back(std::move(row));
    }
    return refused;
  }

  template <class Body>
  test::StateWorld::Verdict run(Body body) {
    return world_.run(registry_, std::move(body));
  }

 private:
  test::StateWorld world_;
  model::PartyId registry_ = world_.party(2, {model::Role::registry});
};

codec::ForeignSerial serial_of(const ImportRow& row) {
  const auto serial =
      codec::parse_foreign_serial(model::SerialGrammar::acr_car_art, row.serial.value());
  REQUIRE(serial.ok());
  return *serial;
}

ImportRow lengthened(ImportRow row, bool with_quantity) {
  const auto serial = serial_of(row);
  row.serial = serial.prefix + "-" + codec::serial_number_text(serial.first) + " to " +
               codec::serial_number_text(serial.last + 1);
  if (with_quantity) row.quantity += 1;
  return row;
}

// Rows of other prefixes, projects and vintages cannot meet a row's range or totals, so a case
// needs only the rows that share its prefix or its (project, vintage).
std::map<std::string, std::vector<std::size_t>> groups(const std::vector<ImportRow>& rows,
                                                       bool by_prefix) {
  std::map<std::string, std::vector<std::size_t>> result;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto name =
        by_prefix ? serial_of(rows[i]).prefix : rows[i].project + "/" + rows[i].vintage;
    result[name].push_back(i);
  }
  return result;
}

std::set<std::size_t> related_rows(const std::vector<ImportRow>& rows, std::size_t at) {
  static const auto by_prefix = groups(rows, true);
  static const auto by_vintage = groups(rows, false);
  std::set<std::size_t> related;
  const auto& same_prefix = by_prefix.at(serial_of(rows[at]).prefix);
  related.insert(same_prefix.begin(), same_prefix.end());
  const auto& same_vintage = by_vintage.at(rows[at].project + "/" + rows[at].vintage);
  related.insert(same_vintage.begin(), same_vintage.end());
  return related;
}

// The issued totals of the projects and vintages of those rows.
std::vector<ImportRow> related_totals(const std::vector<ImportRow>& rows, std::size_t at,
                                      const std::vector<ImportRow>& issuances) {
  static const auto by_vintage = groups(issuances, false);
  std::set<std::size_t> related;
  for (const std::size_t i : related_rows(rows, at)) {
    const auto same = by_vintage.find(rows[i].project + "/" + rows[i].vintage);
    if (same != by_vintage.end()) related.insert(same->second.begin(), same->second.end());
  }
  std::vector<ImportRow> totals;
  for (const std::size_t i : related) totals.push_back(issuances[i]);
  return totals;
}

std::vector<ImportRow> with_row_lengthened(const std::vector<ImportRow>& rows, std::size_t at) {
  std::vector<ImportRow> result;
  for (const std::size_t i : related_rows(rows, at)) {
    result.push_back(i == at ? lengthened(rows[i], true) : rows[i]);
  }
  return result;
}

}  // namespace

TEST_CASE("every row of ACR's retirements is accepted, once") {
  if (!history()) return;
  const auto& rows = history()->retirements;
  ImportLedger ledger;
  const auto import = ledger.open(1, static_cast<std::int64_t>(rows.size()));
  CHECK(rows.size() == 2'637);
  CHECK(ledger.import(import, rows).empty());
  Units tonnes = 0;
  std::map<std::string, Units> by_year;
  for (const auto& row : rows) {
    tonnes += row.quantity;
    by_year["20" + row.date.substr(row.date.size() - 2)] += row.quantity;
  }
  CHECK(tonnes == 13'912'689);
  CHECK(by_year.size() == 18);
  // The same file again: every row names the entry and row that came first.
  const auto refused = ledger.import(import, rows);
  REQUIRE(refused.size() == rows.size());
  for (const auto& row : refused) {
    CHECK(row.refusal.outcome == Outcome::SERIAL_ALREADY_TERMINAL);
    CHECK(row.refusal.detail.ends_with("row " + std::to_string(row.row)));
  }
  // One serial more is a wrong count; with the count raised too it meets nothing or an earlier row.
  for (const auto& row : rows) {
    const auto longer = ledger.run(model::ImportSerials{import, {lengthened(row, false)}});
    REQUIRE(longer.rows.size() == 1);
    CHECK(longer.rows[0].refusal.outcome == Outcome::RANGE_QUANTITY_MISMATCH);
    const auto larger = ledger.run(model::ImportSerials{import, {lengthened(row, true)}});
    REQUIRE(larger.rows.size() == 1);
    CHECK(larger.rows[0].refusal.outcome == Outcome::SERIAL_OVERLAP);
  }
}

TEST_CASE("a file is opened once, and only for a registry on the list") {
  ImportLedger ledger;
  const auto import = ledger.open(1, 10);
  model::OpenImport again;
  again.registry = "ACR";
  again.file_digest.fill(1);
  again.row_count = 10;
  const auto repeated = ledger.run(again);
  REQUIRE(repeated.check);
  CHECK(repeated.check->outcome == Outcome::IMPORT_REPEATED);
  CHECK(repeated.check->detail.find(import.text()) != std::string::npos);
  again.file_digest.fill(2);
  again.registry = "TEST";
  CHECK(ledger.run(again).check->outcome == Outcome::FOREIGN_REGISTRY_UNKNOWN);
  again.registry = "XYZ";
  CHECK(ledger.run(again).check->outcome == Outcome::FOREIGN_REGISTRY_UNKNOWN);
}

TEST_CASE(
    "one lengthened row in a fresh ledger loses exactly one row where it meets its neighbour") {
  if (!history()) return;
  const auto& rows = history()->retirements;
  std::map<std::string, int> losses;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    ImportLedger ledger;
    const auto import = ledger.open(1, static_cast<std::int64_t>(rows.size()));
    const auto refused = ledger.import(import, with_row_lengthened(rows, at));
    REQUIRE(refused.size() <= 1);
    if (refused.empty()) {
      losses["none"] += 1;
      continue;
    }
    const bool itself = refused[0].row == rows[at].row;
    const auto name = model::describe_outcome(refused[0].refusal.outcome).name;
    losses[(itself ? "itself " : "neighbour ") + std::string(name)] += 1;
  }
  CHECK(losses["itself SERIAL_OVERLAP"] == 1'656);
  CHECK(losses["neighbour SERIAL_OVERLAP"] == 403);
  CHECK(losses["neighbour SERIAL_ALREADY_TERMINAL"] == 28);
  CHECK(losses["none"] == 550);
  CHECK(losses.size() == 4);
}

TEST_CASE("with the issued totals known, a lengthened row cannot exceed them") {
  if (!history()) return;
  const auto& rows = history()->retirements;
  const auto& issuances = history()->issuances;
  CHECK(issuances.size() == 1'053);
  {
    ImportLedger ledger;
    const auto totals = ledger.open(2, static_cast<std::int64_t>(issuances.size()));
    CHECK(ledger.import(totals, issuances).empty());
    const auto import = ledger.open(1, static_cast<std::int64_t>(rows.size()));
    CHECK(ledger.import(import, rows).empty());
  }
  int exceeded = 0;
  for (std::size_t at = 0; at < rows.size(); ++at) {
    ImportLedger ledger;
    const auto totals = ledger.open(2, static_cast<std::int64_t>(issuances.size()));
    REQUIRE(ledger.import(totals, related_totals(rows, at, issuances)).empty());
    const auto import = ledger.open(1, static_cast<std::int64_t>(rows.size()));
    const auto refused = ledger.import(import, with_row_lengthened(rows, at));
    for (const auto& row : refused) {
      if (row.refusal.outcome != Outcome::ISSUED_TOTAL_EXCEEDED) continue;
      exceeded += 1;
      CHECK(refused.size() == 1);
    }
  }
  CHECK(exceeded == 211);
}
