// Faults that published calculation code has had, put into our documents: their own vectors notice
// each. And data that has been turned into too many tonnes elsewhere, refused here.
#include <functional>

#include "tests/support/files.h"
#include "tests/support/small_methodology.h"

using namespace mrv;
using test::json;

namespace {

json published(const std::string& name) {
  return json::parse(test::read_source("schemas/methodologies/" + name + ".json"));
}

// Why the document no longer holds; empty where it does.
std::string judged(const json& document) {
  const auto decoded = codec::decode_methodology(document.dump());
  REQUIRE_MESSAGE(decoded.ok(), decoded.error().detail);
  const auto checked = methodology::check_document(*decoded);
  return checked.ok() ? "" : checked.error().pointer + ": " + checked.error().detail;
}

std::string with(const std::string& name, const std::string& definition, const json& expression) {
  json document = published(name);
  for (auto& each : document["definitions"]) {
    if (each["name"] != definition) continue;
    REQUIRE(each["expression"] != expression);
    each["expression"] = expression;
    return judged(document);
  }
  FAIL("no definition " << definition);
  return "";
}

bool is_noticed(const std::string& why) { return why.starts_with("/vectors/"); }

const std::string kPlots = "afforestation-net-plots-1";
const std::string kTidal = "tidal-wetland-net-default-1";

// The first vector's data after a change; what comes of it.
std::string calculated(const std::string& name, const std::function<void(json&)>& change) {
  const json document = published(name);
  const json& vector = document["vectors"][0];
  json inputs = vector["inputs"];
  change(inputs);
  std::vector<model::FactorTable> tables;
  for (const auto& table : vector["tables"]) {
    tables.push_back(*codec::decode_factor_table(table.dump()));
  }
  model::Period period;
  const auto decoded = codec::decode_methodology(document.dump());
  period = decoded->vectors[0].period;
  const auto result = test::calculated(document, inputs, period, tables);
  return result.ok() ? "" : std::string(result.error().name) + ": " + result.error().detail;
}

}  // namespace

TEST_CASE("an uncertainty deduction that a misspelt name turned into nothing") {
  CHECK(is_noticed(with(kPlots, "treeShare", "0")));
  CHECK(is_noticed(with("afforestation-net-remeasured-1", "treeShare", "0")));
  CHECK(is_noticed(with("afforestation-net-double-sampling-1", "treeShare", "0")));
  CHECK(is_noticed(with("afforestation-net-update-1", "changeShare", "0")));
}

TEST_CASE("a relative half-width divided by the stock once more, or taken from tonnes as it is") {
  const json relative = {"/", "treeHalfWidth", {"abs", "treeChange"}};
  const json again = {
      "/", relative, {"/", {"abs", "treeChange"}, {"quantity", "1", "tCO2e", "change"}}};
  CHECK(is_noticed(with(kPlots, "treeShare", {"lookup", "discount", again})));
  CHECK(with(kPlots, "treeChangeLow", {"-", "treeChange", {"*", "treeShare", relative}})
            .ends_with("/expression: difference of tCO2e and 1"));
  CHECK(is_noticed(with(
      kPlots, "treeChangeLow",
      {"-", "treeChange", {"*", "treeShare", relative, {"quantity", "1", "tCO2e", "change"}}})));
}

TEST_CASE("a deduction with the wrong sign on the baseline") {
  CHECK(is_noticed(
      with(kPlots, "baselineTreeChangeHigh",
           {"-",
            "baselineTreeChange",
            {"*", "baselineTreeShare", "coverUncertainty.baselineTrees", "baselineTreeChange"}})));
}

TEST_CASE("a baseline pool that is zero where it should count") {
  CHECK(is_noticed(with(kPlots, "baselineShrubChangeHigh", "0")));
}

TEST_CASE("an allowance that is added where nothing is deducted") {
  CHECK(is_noticed(
      with(kTidal, "adjustedNer", {"*", "ner", {"-", "1", {"-", "nerError", "allowed"}}})));
}

TEST_CASE("the first year's credits in every year") {
  CHECK(is_noticed(with(kTidal, "issued", {"prev", "year", "claimed", "claimed"})));
  CHECK(is_noticed(with(kTidal, "claimed", {"prev", "year", "ner", "ner"})));
}

TEST_CASE("a stock entered as a yearly change does not compile") {
  CHECK(with(kTidal, "treeChange", "treeStock") == "/definitions/6/kind: it yields a stock");
  CHECK(with(kPlots, "treeChange", "stockSecond").ends_with("/kind: it yields a stock"));
}

TEST_CASE("a missing number is an error, never zero, and so is a division by zero") {
  const auto missing = calculated(kTidal, [](json& inputs) { inputs["limits"].erase("ner100"); });
  CHECK(missing == "PARAMETER_MISSING: limits.ner100: is missing");
  CHECK(calculated(kTidal, [](json& inputs) { inputs.erase("fireFactors"); }) ==
        "PARAMETER_MISSING: fireFactors is missing");
  json document = test::small_document();
  test::define(document, "x", "1", "intensity", {"/", "1", {"-", "total", "total"}});
  document["definitions"][1]["unit"] = "1/tCO2e";
  CHECK(test::value_of(test::calculated(document, test::small_inputs()), "x") ==
        "CALCULATION_FAILED: x: DIVISION_BY_ZERO: a division by zero");
}

TEST_CASE("stocks where changes belong, percent, volume fractions, trips told twice") {
  CHECK(calculated("ccs-net-storage-1", [](json& inputs) {
          inputs["massMeters"][0]["fraction"] = "99.21";
        }) == "PARAMETER_INVALID: massMeters.fraction: above 1");
  CHECK(
      calculated("ccs-net-storage-1",
                 [](json& inputs) { inputs["massMeters"][0]["fraction"] = "0.9921 mCO2^3/m^3"; }) ==
      "PARAMETER_INVALID: massMeters.fraction: it is in tCO2/t (intensity), not in "
      "mCO2^3/m^3");
  CHECK(calculated("afforestation-net-remeasured-1", [](json& inputs) {
          inputs["plots"][0]["change"] =
              inputs["plots"][0]["before"].get<std::string>() + " tdm/ha stock";
        }) == "PARAMETER_INVALID: plots.change: it is in tdm/ha (change), not in tdm/ha stock");
  CHECK(calculated("tan-pu-hui-travel-1", [](json& inputs) {
          inputs["trips"].push_back(inputs["trips"][0]);
        }).starts_with("PARAMETER_INVALID: trips.trip: stands twice"));
}
