// The net-storage document: its worked case, and every way in which data must not become tonnes.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "ledger/methodology/engine.h"
#include "tests/support/files.h"

using namespace mrv;
using nlohmann::json;

namespace {

std::string document_text() {
  return test::read_source("schemas/methodologies/ccs-net-storage-1.json");
}
json document_json() { return json::parse(document_text()); }

methodology::Program program() {
  auto document = codec::decode_methodology(document_text());
  REQUIRE(document.ok());
  auto checked = methodology::check_document(*document);
  REQUIRE_MESSAGE(checked.ok(), checked.error().detail << checked.error().pointer);
  return *std::move(checked);
}

std::vector<model::FactorTable> tables() {
  auto table = codec::decode_factor_table(test::read_source("schemas/tables/cn-grid-2023.json"));
  REQUIRE(table.ok());
  REQUIRE(methodology::check_table(*table).ok());
  return {*table};
}

model::Period year_2023() { return {{19'358}, {19'723}}; }

json inputs() { return document_json()["vectors"][0]["inputs"]; }

Result<methodology::Calculation> run(const json& given, const model::Period& period = year_2023()) {
  const auto decoded = codec::decode_inputs(model::RawJson{crypto::canonicalize(given)});
  if (!decoded.ok()) return decoded.error();
  return methodology::calculate(program(), period, *decoded, tables());
}

std::string ccs_refusal(const json& given) {
  const auto result = run(given);
  return result.ok() ? "" : std::string(result.error().name);
}

// The document with one change still decodes, but must not hold.
std::string ccs_judged(const json& document) {
  const auto decoded = codec::decode_methodology(document.dump());
  if (!decoded.ok()) return std::string(decoded.error().name);
  const auto checked = methodology::check_document(*decoded);
  return checked.ok() ? "" : checked.error().detail;
}

}  // namespace

TEST_CASE("two meters and four quarters give 146,763.91899 t exactly") {
  const auto result = run(inputs());
  REQUIRE(result.ok());
  REQUIRE(result->years.size() == 1);
  CHECK(result->years[0].year == 2023);
  CHECK(result->years[0].credited == *Rational::parse("146763.91899"));
  CHECK(result->years[0].outputs[0].rounded == Rational(146'763));
  CHECK(result->years[0].outputs[2].rounded == Rational(12'969));
  const std::string trace = methodology::trace_text(result->trace);
  CHECK(trace.find("2023 stored = 15973276899/100000\n") != std::string::npos);
  CHECK(trace.find("2023 injected = 15988853899/100000\n") != std::string::npos);
}

TEST_CASE("the order of records changes no output") {
  json turned = inputs();
  std::reverse(turned["massMeters"].begin(), turned["massMeters"].end());
  std::reverse(turned["projectEmissions"].begin(), turned["projectEmissions"].end());
  const auto result = run(turned);
  REQUIRE(result.ok());
  CHECK(result->trace_digest == run(inputs())->trace_digest);
}

TEST_CASE("missing is never zero") {
  const json whole = inputs();
  for (const auto& [name, value] : whole.items()) {
    CAPTURE(name);
    json less = inputs();
    less.erase(name);
    CHECK(ccs_refusal(less) == "PARAMETER_MISSING");
  }
  json record = inputs();
  record["massMeters"][2].erase("fraction");
  CHECK(ccs_refusal(record) == "PARAMETER_MISSING");
  json quarter = inputs();
  quarter["massMeters"].erase(1);
  CHECK(ccs_refusal(quarter) == "PARAMETER_MISSING");
}

TEST_CASE("nothing is given twice, outside the period, out of range, or under another name") {
  const auto with = [](auto change) {
    json changed = inputs();
    change(changed);
    return ccs_refusal(changed);
  };
  CHECK(with([](json& j) { j["massMeters"].push_back(j["massMeters"][0]); }) ==
        "PARAMETER_INVALID");
  CHECK(with([](json& j) { j["massMeters"][0]["quarter"] = "2022-Q4"; }) == "PARAMETER_INVALID");
  CHECK(with([](json& j) { j["massMeters"][0]["quarter"] = "2023-Q5"; }) == "PARAMETER_INVALID");
  CHECK(with([](json& j) { j["massMeters"][0]["fraction"] = "99.21"; }) == "PARAMETER_INVALID");
  CHECK(with([](json& j) { j["massMeters"][0]["mass"] = "-1"; }) == "PARAMETER_INVALID");
  CHECK(with([](json& j) { j["massMeters"][0]["mass"] = "25,000.40"; }) == "PARAMETER_INVALID");
  CHECK(with([](json& j) { j["massMeters"][0]["mass"] = "1e5"; }) == "PARAMETER_INVALID");
  CHECK(with([](json& j) { j["massMeters"][0]["mass"] = 25000; }) == "PARAMETER_INVALID");
  CHECK(with([](json& j) { j["massMeters"][0]["note"] = "x"; }) == "PARAMETER_INVALID");
  CHECK(with([](json& j) { j["extra"] = "1"; }) == "PARAMETER_INVALID");
  CHECK(with([](json& j) { j["electricity"].push_back(j["electricity"][0]); }) ==
        "PARAMETER_INVALID");
  CHECK(with([](json& j) { j["received"][0]["value"] = "1"; }) == "CHECK_FAILED");
  CHECK(with([](json& j) { j["massMeters"][0]["mass"] = std::string(1'000'000, '9'); }) ==
        "PARAMETER_INVALID");
}

TEST_CASE("a period that is not whole quarters has no quarterly data") {
  json part = inputs();
  const auto result = run(part, {{19'358}, {19'722}});
  REQUIRE(!result.ok());
  CHECK(result.error().name == "PARAMETER_INVALID");
}

TEST_CASE("the factor table is the one the document names, for the period") {
  const auto given = codec::decode_inputs(model::RawJson{crypto::canonicalize(inputs())});
  const auto name = [&](std::vector<model::FactorTable> offered) {
    const auto result = methodology::calculate(program(), year_2023(), *given, offered);
    return result.ok() ? "" : std::string(result.error().name);
  };
  auto good = tables();
  CHECK(name(good).empty());
  CHECK(name({}) == "TABLE_NOT_ALLOWED");
  CHECK(name({good[0], good[0]}) == "TABLE_NOT_ALLOWED");
  auto other = good;
  other[0].series = "us-grid";
  CHECK(name(other) == "TABLE_NOT_ALLOWED");
  CHECK(name({good[0], other[0]}) == "TABLE_NOT_ALLOWED");
  other = good;
  other[0].validity.from = {19'359};
  CHECK(name(other) == "TABLE_NOT_ALLOWED");
  CHECK(name({good[0], other[0]}) == "TABLE_NOT_ALLOWED");
  other = good;
  other[0].unit = "tCO2/MWh";
  CHECK(name(other) == "TABLE_NOT_ALLOWED");
  other = good;
  other[0].rows.erase(other[0].rows.begin());
  CHECK(name(other) == "CALCULATION_FAILED");
}

TEST_CASE("a document that mixes units, kinds or names does not register") {
  const auto with = [](auto change) {
    json changed = document_json();
    change(changed);
    return ccs_judged(changed);
  };
  CHECK(with([](json&) {}).empty());
  // A volume fraction on a mass meter.
  CHECK(with([](json& j) { j["parameters"][0]["fields"][3]["unit"] = "mCO2^3/m^3"; }) ==
        "it yields mCO2^3*t/m^3, not tCO2");
  // Electricity without its factor.
  CHECK(with([](json& j) { j["definitions"][8]["expression"] = "electricity"; }) ==
        "it yields MWh, not tCO2e");
  // A stock where a flow belongs.
  CHECK(with([](json& j) { j["parameters"][3]["fields"][2]["kind"] = "stock"; }) ==
        "it yields a stock");
  CHECK(with([](json& j) { j["definitions"][3]["expression"][1] = "net"; }) == "unknown name net");
  CHECK(with([](json& j) { j["definitions"][3]["name"] = "density"; }) ==
        "the name is taken: density");
  CHECK(with([](json& j) { j["outputs"][0]["round"] = "ceil"; }) ==
        "credited is rounded down to whole units");
  CHECK(with([](json& j) { j["outputs"][0]["name"] = "tonnes"; }) ==
        "there is no output named credited");
  CHECK(with([](json& j) { j["outputs"][0]["definition"] = "stored"; }) ==
        "credited is tCO2e, kgCO2e or gCO2e");
  CHECK(with([](json& j) { j["engine"] = "2"; }) == "it is written for engine 2");
  CHECK(with([](json& j) { j["definitions"][0]["expression"][0] = "eval"; }) ==
        "unknown operator eval");
  CHECK(with([](json& j) { j["comment"] = "x"; }) == "METHODOLOGY_MALFORMED");
}

TEST_CASE("a document that its own vectors contradict does not register") {
  const auto with = [](auto change) {
    json changed = document_json();
    change(changed);
    return ccs_judged(changed);
  };
  CHECK(with([](json& j) { j["vectors"][0]["expect"][5]["value"] = "146763.919"; }) ==
        "net is 14676391899/100000, the vector expects 146763919/1000");
  CHECK(with([](json& j) { j["vectors"].erase(2); }) == "no vector makes the check fail");
  CHECK(with([](json& j) { j["vectors"][2]["inputs"]["received"][0]["value"] = "160000"; }) ==
        "the vector does not fail as it says");
  // Emissions added instead of deducted.
  CHECK(with([](json& j) {
          j["definitions"][11]["expression"] = json::parse(
              R"(["+",["*","stored","warmingPotential"],"baseline","emissions","leakage"])");
        }) == "net is 17270161899/100000, the vector expects 14676391899/100000");
}
