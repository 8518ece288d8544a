// Foreign rows, one answer each: form, place in the file, serials, totals, and rows sent again.
#include <doctest/doctest.h>

#include "tests/support/signed_world.h"

using namespace mrv;
using model::ForeignEvent;
using model::ImportRow;
using model::Role;
using test::SignedWorld;

namespace {

constexpr std::int64_t kFileRows = 20;

struct ImportWorld : SignedWorld {
  ImportWorld() {
    party("registry", {Role::registry});
    party("dev", {Role::developer});
    import = open(1);
  }
  model::OpenImport opening(std::uint8_t file, const std::string& registry = "ACR") const {
    model::OpenImport act;
    act.registry = registry;
    act.file_digest.fill(file);
    act.row_count = kFileRows;
    return act;
  }
  model::ImportId open(std::uint8_t file) {
    const auto proposed = accept(submit("registry", "registry", opening(file)));
    accept(approve("registry-2", "registry", proposed.digest));
    return model::ImportId::of(proposed.digest);
  }
  static ImportRow range(std::int64_t row, const std::string& serial, Units quantity,
                         ForeignEvent event = ForeignEvent::retired) {
    ImportRow made;
    made.row = row;
    made.serial = serial;
    made.quantity = quantity;
    made.event = event;
    made.date = "2024-01-01";
    made.project = "ACR1";
    made.vintage = "2020";
    return made;
  }
  static ImportRow total(std::int64_t row, Units quantity, const std::string& date = "2021-01-01") {
    auto made = range(row, "", quantity, ForeignEvent::issued_total);
    made.serial.reset();
    made.date = date;
    return made;
  }
  Answer send_rows(std::vector<ImportRow> rows) {
    return submit("registry", "registry", model::ImportSerials{import, std::move(rows)});
  }
  // The refusal of one row sent alone, or nothing.
  std::string row_refusal(const ImportRow& row) {
    const auto answer = send_rows({row});
    if (answer.ok()) return {};
    CHECK(answer.name == "IMPORT_ALL_REFUSED");
    CHECK(answer.pointer == "/credentialSubject/rows");
    REQUIRE(answer.rows.size() == 1);
    CHECK(answer.rows[0].row == row.row);
    const auto& refusal = answer.rows[0].refusal;
    return std::string(model::describe_outcome(refusal.outcome).name) + refusal.pointer;
  }

  model::ImportId import;
};

}  // namespace

TEST_CASE("a file is opened by the registry, once, for a listed registry that is not this one") {
  ImportWorld world;
  const auto refused = [&](const std::string& party, const model::OpenImport& act) {
    const auto answer = world.submit(party, party, act);
    return answer.name + answer.pointer;
  };
  CHECK(refused("dev", world.opening(2)) == "ROLE_MISSING/issuer/party");
  CHECK(refused("registry", world.opening(1)) == "IMPORT_REPEATED/credentialSubject/fileDigest");
  for (const std::string other : {"TEST", "VCS"}) {
    CHECK(refused("registry", world.opening(2, other)) ==
          "FOREIGN_REGISTRY_UNKNOWN/credentialSubject/registry");
  }
  CHECK(world.submit("dev", "dev", model::ImportSerials{world.import, {ImportWorld::total(1, 1)}})
            .name == "ROLE_MISSING");
  const auto unknown =
      world.submit("registry", "registry",
                   model::ImportSerials{model::ImportId{{9}}, {ImportWorld::total(1, 1)}});
  CHECK(unknown.name == "IMPORT_UNKNOWN");
  CHECK(unknown.pointer == "/credentialSubject/import");
  CHECK(world.send_rows({}).name == "LIST_TOO_SHORT");
  CHECK(world.send_rows(std::vector(kImportRowsMax + 1, ImportWorld::total(1, 1))).name ==
        "LIST_TOO_LONG");
}

TEST_CASE("a row has its form, lies in the file and names a serial that reads") {
  ImportWorld world;
  auto both = ImportWorld::total(1, 5);
  both.serial = "ACR-1-1 to 5";
  CHECK(world.row_refusal(both) == "ROW_FORM_INVALID/credentialSubject/rows/0");
  auto neither = ImportWorld::range(1, "", 5);
  neither.serial.reset();
  CHECK(world.row_refusal(neither) == "ROW_FORM_INVALID/credentialSubject/rows/0");
  CHECK(world.row_refusal(ImportWorld::total(kFileRows + 1, 5)) ==
        "ROW_OUTSIDE_FILE/credentialSubject/rows/0/row");
  CHECK(world.row_refusal(ImportWorld::range(1, "no serial", 5)) ==
        "SERIAL_UNPARSABLE/credentialSubject/rows/0/serial");
  CHECK(world.row_refusal(ImportWorld::range(1, "ACR-1-1 to 5", 6)) ==
        "RANGE_QUANTITY_MISMATCH/credentialSubject/rows/0/quantity");
  CHECK(world.row_refusal(ImportWorld::range(kFileRows, "ACR-1-1 to 5", 5)).empty());
}

TEST_CASE("terminal rows meet no earlier terminal row, issued rows are a layer of their own") {
  ImportWorld world;
  REQUIRE(world.row_refusal(ImportWorld::range(1, "ACR-1-10 to 20", 11)).empty());
  constexpr const char* kTerminal = "SERIAL_ALREADY_TERMINAL/credentialSubject/rows/0/serial";
  constexpr const char* kOverlap = "SERIAL_OVERLAP/credentialSubject/rows/0/serial";
  CHECK(world.row_refusal(ImportWorld::range(2, "ACR-1-10 to 20", 11)) == kTerminal);
  CHECK(world.row_refusal(ImportWorld::range(2, "ACR-1-20 to 20", 1)) == kTerminal);
  CHECK(world.row_refusal(ImportWorld::range(2, "ACR-1-20 to 21", 2)) == kOverlap);
  CHECK(world.row_refusal(ImportWorld::range(2, "ACR-1-1 to 30", 30)) == kOverlap);
  using enum ForeignEvent;
  CHECK(world.row_refusal(ImportWorld::range(2, "ACR-1-10 to 20", 11, cancelled)) == kTerminal);
  CHECK(world.row_refusal(ImportWorld::range(2, "ACR-1-10 to 20", 11, issued)).empty());
  CHECK(world.row_refusal(ImportWorld::range(3, "ACR-1-10 to 20", 11, issued)) == kOverlap);
  CHECK(world.row_refusal(ImportWorld::range(3, "ACR-2-10 to 20", 11)).empty());
  CHECK(world.row_refusal(ImportWorld::range(1, "ACR-1-30 to 30", 1)) ==
        "ROW_REPEATED/credentialSubject/rows/0/row");
}

TEST_CASE("no more is terminal than was issued, once a total is known") {
  ImportWorld world;
  REQUIRE(world.row_refusal(ImportWorld::total(1, 10)).empty());
  CHECK(world.row_refusal(ImportWorld::total(2, 10)) == "TOTAL_REPEATED/credentialSubject/rows/0");
  CHECK(world.row_refusal(ImportWorld::range(2, "ACR-1-1 to 11", 11)) ==
        "ISSUED_TOTAL_EXCEEDED/credentialSubject/rows/0/quantity");
  CHECK(world.row_refusal(ImportWorld::range(2, "ACR-1-1 to 10", 10)).empty());
  CHECK(world.row_refusal(ImportWorld::range(3, "ACR-1-11 to 11", 1)) ==
        "ISSUED_TOTAL_EXCEEDED/credentialSubject/rows/0/quantity");
  CHECK(world.row_refusal(ImportWorld::total(3, 1, "2022-01-01")).empty());
  CHECK(world.row_refusal(ImportWorld::range(4, "ACR-1-11 to 11", 1)).empty());
  CHECK(world.row_refusal(ImportWorld::range(1, "ACR-1-12 to 12", 1)) ==
        "ISSUED_TOTAL_EXCEEDED/credentialSubject/rows/0/quantity");
  CHECK(world.row_refusal(ImportWorld::total(1, 3)) == "ROW_REPEATED/credentialSubject/rows/0/row");
}

TEST_CASE("sums of foreign units stay below the limit of amounts") {
  ImportWorld world;
  const std::string most = std::to_string(kUnitsMax);
  REQUIRE(world.row_refusal(ImportWorld::range(1, "ACR-1-1 to " + most, kUnitsMax)).empty());
  CHECK(world.row_refusal(ImportWorld::range(2, "ACR-2-1 to 1", 1)) ==
        "AMOUNT_OVERFLOW/credentialSubject/rows/0/serial");
}

TEST_CASE("rows that pass take effect beside rows that do not, each seeing those before it") {
  ImportWorld world;
  const auto answer = world.send_rows(
      {ImportWorld::range(1, "ACR-1-1 to 5", 5), ImportWorld::range(2, "ACR-1-5 to 6", 2),
       ImportWorld::range(3, "ACR-1-6 to 6", 1), ImportWorld::range(3, "ACR-1-7 to 7", 1)});
  REQUIRE(answer.ok());
  REQUIRE(answer.rows.size() == 2);
  CHECK(answer.rows[0].row == 2);
  CHECK(answer.rows[0].refusal.outcome == model::Outcome::SERIAL_OVERLAP);
  CHECK(answer.rows[1].refusal.outcome == model::Outcome::ROW_REPEATED);
  CHECK(answer.rows[1].refusal.pointer == "/credentialSubject/rows/3/row");
  const auto row = world.get<model::ImportStateRow>(codec::import_key(world.import));
  CHECK(row.accepted == 2);
  CHECK(row.rows_taken.size() == 2);
  CHECK(world.all<model::ForeignSerialRow>().size() == 2);
  CHECK(world.all<model::HoldingRow>().empty());
}
