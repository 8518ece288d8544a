// No document and no data can hold up the sequence: periods are bounded, work is priced before it
// runs, and long numbers cost what they take.
#include "ledger/methodology/price.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "ledger/methodology/engine.h"
#include "tests/support/files.h"

using namespace mrv;
using nlohmann::json;

namespace {

constexpr const char* kSmall = R"({
  "format": "mrv-methodology/1", "id": "test/small", "version": "1",
  "title": {"en": "Small", "zh": "小"}, "licence": "CC0-1.0", "gwpSet": "none", "engine": "1",
  "vintages": "dated",
  "parameters": [{
    "name": "p", "title": {"en": "Readings", "zh": "读数"}, "shape": "rows",
    "source": "a meter", "conservative": "low",
    "fields": [{"name": "year", "type": "year"},
               {"name": "v", "type": "number", "unit": "tCO2e", "kind": "flow"},
               {"name": "f", "type": "number", "unit": "1", "kind": "intensity"}]}],
  "tables": [],
  "definitions": [
    {"name": "each", "unit": "tCO2e", "kind": "flow", "source": "-", "expression": "p.v"},
    {"name": "total", "unit": "tCO2e", "kind": "flow", "source": "-",
     "expression": ["sum", "each"]}],
  "checks": [],
  "outputs": [{"name": "credited", "definition": "total", "round": "floor", "step": "1"}],
  "vectors": [{"name": "one", "period": {"from": "2023-01-01", "to": "2024-01-01"},
               "inputs": {"p": [{"year": "2023", "v": "3", "f": "1"}]}, "tables": [],
               "expect": [{"year": "2023", "definition": "total", "value": "3"}]}]
})";

// `each` takes p.v, yet an evaluation could take `other`: priced, never run.
json document(const json& other) {
  json made = json::parse(kSmall);
  made["definitions"][0]["expression"] =
      json::array({"if", {"=", {"text", "a"}, {"text", "a"}}, "p.v", other});
  return made;
}

model::Methodology decoded(const json& document) {
  auto methodology = codec::decode_methodology(document.dump());
  REQUIRE_MESSAGE(methodology.ok(), methodology.error().detail << methodology.error().pointer);
  return *std::move(methodology);
}

methodology::Program program(const json& document) {
  auto compiled = methodology::compile(decoded(document));
  REQUIRE_MESSAGE(compiled.ok(), compiled.error().detail << compiled.error().pointer);
  return *std::move(compiled);
}

std::string price_judged(const json& document) {
  const auto checked = methodology::check_document(decoded(document));
  return checked.ok() ? "" : checked.error().detail;
}

constexpr model::Period kYear2023 = {{19'358}, {19'723}};
constexpr model::Period kTwoYears = {{19'358}, {20'089}};

codec::Inputs readings(std::size_t count, const std::string& year = "2023",
                       const std::string& fraction = "1") {
  codec::Inputs inputs;
  for (std::size_t i = 0; i < count; ++i) {
    inputs["p"].records.push_back({{"year", year}, {"v", "1"}, {"f", fraction}});
  }
  return inputs;
}

std::string refusal(const methodology::Program& program, const model::Period& period,
                    const codec::Inputs& inputs) {
  const auto result = methodology::calculate(program, period, inputs, {});
  if (result.ok()) return "";
  return std::string(result.error().name) + ": " + result.error().detail;
}

constexpr const char* kTooDear = "CALCULATION_FAILED: it would cost more than 20000000 steps";

}  // namespace

TEST_CASE("a period is of years that dates are read in, and not of too many") {
  json old = json::parse(test::read_source("schemas/methodologies/ccs-net-storage-1.json"));
  const auto with = [&](const char* from, const char* to) {
    old["vectors"][0]["period"] = {{"from", from}, {"to", to}};
    return price_judged(old);
  };
  const std::string outside =
      "PARAMETER_INVALID: a period lies within 1990 and 2200 and touches at most 20 years";
  CHECK(with("1985-01-01", "1986-01-01") == outside);
  CHECK(with("2201-01-01", "2202-01-01") == outside);
  CHECK(with("9998-01-01", "9999-01-01") == outside);
  CHECK(with("2000-01-01", "2020-01-02") == outside);
  CHECK(with("2000-01-01", "2020-01-01") != outside);
  CHECK(with("2023-01-01", "2024-01-01").empty());
}

TEST_CASE("a reduction inside a value for each record is priced at the square of the records") {
  const auto dear = program(document({"sum", "p.v"}));
  // R records to look through, R × (6 + R) for `each`, R + 1 for `total`.
  const auto inputs = readings(3);
  const auto data = methodology::judge_inputs(dear, kYear2023, inputs);
  const auto slice = methodology::make_slice(dear, *data, 2023, kYear2023, {});
  CHECK(methodology::price_of(*slice) == 3 + 3 * 9 + 4);
  CHECK(refusal(dear, kYear2023, readings(4'468)).empty());
  CHECK(refusal(dear, kYear2023, readings(4'469)) == kTooDear);
}

TEST_CASE("all slices are priced together") {
  const auto dear = program(document({"sum", "p.v"}));
  auto inputs = readings(3'200);
  CHECK(refusal(dear, kTwoYears, inputs).empty());
  const auto next = readings(3'200, "2024");
  auto& records = inputs["p"].records;
  records.insert(records.end(), next.at("p").records.begin(), next.at("p").records.end());
  CHECK(refusal(dear, kTwoYears, inputs) == kTooDear);
}

TEST_CASE("no depth of reductions makes the price wrap") {
  json deep = "p.v";
  for (int i = 0; i < 10; ++i) deep = json::array({"sum", {"+", "p.v", deep}});
  CHECK(refusal(program(document(deep)), kYear2023, readings(100'000)) == kTooDear);
}

TEST_CASE("the vectors of a document cost together what one report may") {
  json deep = "p.v";
  for (int i = 0; i < 5; ++i) deep = json::array({"sum", {"+", "p.v", deep}});
  json made = document(deep);
  json& vectors = made["vectors"];
  for (int i = 1; i < 13; ++i) vectors[0]["inputs"]["p"].push_back(vectors[0]["inputs"]["p"][0]);
  vectors[0]["expect"][0]["value"] = "39";
  CHECK(price_judged(made).empty());
  vectors.push_back(vectors[0]);
  CHECK(price_judged(made) == kTooDear);
}

TEST_CASE("long numbers cost more than short ones") {
  json made = json::parse(kSmall);
  made["definitions"][0]["expression"] = {"*", "p.v", "p.f", "p.f", "p.f", "p.f"};
  const auto long_product = program(made);
  CHECK(refusal(long_product, kYear2023, readings(1'000)).empty());
  CHECK(refusal(long_product, kYear2023, readings(5, "2023", std::string(4'000, '9'))).empty());
  CHECK(refusal(long_product, kYear2023, readings(100, "2023", std::string(4'000, '9'))) ==
        "CALCULATION_FAILED: each: it works on numbers of too many digits");
}

TEST_CASE("denominators that explode end in a name, not in time and memory") {
  const auto sum = program(json::parse(kSmall));
  const auto harmonic = [&](int last) {
    codec::Inputs inputs;
    for (int n = 1; n <= last; ++n) {
      inputs["p"].records.push_back(
          {{"year", "2023"}, {"v", "1/" + std::to_string(n)}, {"f", "1"}});
    }
    return refusal(sum, kYear2023, inputs);
  };
  CHECK(harmonic(800).empty());
  CHECK(harmonic(5'000) == "CALCULATION_FAILED: total: it works on numbers of too many digits");
}
