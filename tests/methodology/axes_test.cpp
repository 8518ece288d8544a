// What values range over: axes, records, groups, and how they go together.
#include "tests/support/small_methodology.h"

using namespace mrv;
using test::define;
using test::json;

namespace {

// The value of one more definition of the small document.
std::string axis_value(const std::string& unit, const std::string& kind, const json& expression) {
  json document = test::small_document();
  define(document, "x", unit, kind, expression);
  return test::value_of(test::calculated(document, test::small_inputs()), "x");
}

// Why the expression is refused when the document is compiled.
std::string axis_refusal(const json& expression) {
  json document = test::small_document();
  define(document, "x", "1", "intensity", expression);
  const auto program = test::compiled(document);
  return program.ok() ? "" : program.error().detail;
}

const json kPerHectare = {
    "group_by", "plots.stratum", {"/", {"sum", "plots.carbon"}, {"count", "plots.carbon"}}};

}  // namespace

TEST_CASE("a keyed field ranges over its axis, in the order of its members") {
  CHECK(axis_value("ha", "intensity", "strata.area") == "3 2");
  CHECK(axis_value("ha", "intensity", {"sum", "strata.area"}) == "5");
  CHECK(axis_value("1", "count", {"count", "strata.area"}) == "2");
  CHECK(axis_value("ha", "intensity", {"max", "strata.area"}) == "3");
  CHECK(axis_value("ha", "intensity", {"min", "strata.area"}) == "2");
}

TEST_CASE("records are grouped by the members that they name") {
  CHECK(axis_value("tCO2e/ha", "intensity", kPerHectare) == "5 10");
  CHECK(axis_value("tCO2e", "intensity", {"sumproduct", kPerHectare, "strata.area"}) == "35");
  CHECK(axis_value("1", "count", {"group_by", "plots.stratum", {"count", "plots.plot"}}) == "2 1");
  // Inside, a value over the axis is the member's own.
  CHECK(axis_value("tCO2e", "intensity",
                   {"group_by", "plots.stratum", {"*", {"sum", "plots.carbon"}, "strata.area"}}) ==
        "30 20");
}

TEST_CASE("records take a value of an axis to themselves with at") {
  CHECK(axis_value("tCO2e", "intensity",
                   {"*", "plots.carbon", {"at", "stratum", "plots.stratum", "strata.area"}}) ==
        "12 18 20");
  CHECK(axis_value("ha", "intensity", {"at", "stratum", {"text", "b"}, "strata.area"}) == "2");
  CHECK(axis_value("ha", "intensity", {"at", "stratum", {"text", "c"}, "strata.area"}) ==
        "CALCULATION_FAILED: x: no member of stratum: c");
}

TEST_CASE("a reduction takes away the axes it names, or all") {
  json document = test::small_document();
  document["axes"].push_back({{"name", "year"}, {"of", "yearly.year"}});
  document["parameters"].push_back(json::parse(R"({
    "name": "yearly", "title": {"en": "Yearly", "zh": "逐年"}, "shape": "rows",
    "keys": ["year", "stratum"], "source": "-", "conservative": "high",
    "fields": [{"name": "year", "type": "year", "axis": "year"},
               {"name": "stratum", "type": "text", "axis": "stratum"},
               {"name": "v", "type": "number", "unit": "t", "kind": "flow"}]})"));
  json inputs = test::small_inputs();
  for (const char* year : {"2024", "2023"}) {
    for (const char* stratum : {"a", "b"}) {
      const std::string number = std::string(1, year[3]) + (stratum[0] == 'a' ? "0" : "7");
      inputs["yearly"].push_back({{"year", year}, {"stratum", stratum}, {"v", number}});
    }
  }
  const auto with = [&](const json& expression) {
    json changed = document;
    define(changed, "x", "t", "flow", expression);
    return test::value_of(test::calculated(changed, inputs, {{19'358}, {20'089}}), "x");
  };
  CHECK(with("yearly.v") == "30 40 37 47");  // strata are the first axis
  CHECK(with({"sum", "yearly.v"}) == "154");
  CHECK(with({"sum", "yearly.v", "year"}) == "70 84");
  CHECK(with({"sum", "yearly.v", "stratum"}) == "67 87");
  CHECK(with({"sum", "yearly.v", "stratum", "year"}) == "154");
  CHECK(with({"prev", "year", "yearly.v", {"quantity", "1", "t", "flow"}}) == "1 30 1 37");
  CHECK(with({"fold_cumulative", "year", "yearly.v"}) == "30 70 37 84");
  CHECK(with({"fold_cumulative", "year", {"sum", "yearly.v", "stratum"}}) == "67 154");
  CHECK(with({"prev", "stratum", "yearly.v", "0"}) == "METHODOLOGY_INVALID: stratum has no order");
  CHECK(with({"sum", "yearly.v", "year", "year"}).starts_with("METHODOLOGY_INVALID"));
}

TEST_CASE("what does not go together is refused when the document is read") {
  const std::string together =
      "records go together with no other axis: reduce them with group_by, or take the other value "
      "to them with at";
  CHECK(axis_refusal({"+", "plots.carbon", "strata.area"}).starts_with("sum of tCO2e/ha and ha"));
  CHECK(axis_refusal({"*", "plots.carbon", "strata.area"}) == together);
  CHECK(axis_refusal({"*", "plots.carbon", "readings.share"}) == together);
  CHECK(axis_refusal({"group_by", "plots.stratum", "plots.carbon"}) ==
        "the body of a group_by reduces its records");
  CHECK(axis_refusal({"group_by", "plots.plot", {"count", "plots.plot"}}) ==
        "no axis to group by: plots.plot");
  CHECK(axis_refusal({"group_by", "strata.stratum", {"count", "strata.area"}}) ==
        "no axis to group by: strata.stratum");
  CHECK(
      axis_refusal(
          {"group_by", "plots.stratum", {"group_by", "plots.stratum", {"count", "plots.plot"}}}) ==
      "group_by inside a group_by of the same records");
  CHECK(axis_refusal({"group_by",
                      "plots.stratum",
                      {"sum", {"at", "stratum", "plots.stratum", "strata.area"}}}) ==
        "inside a group_by the axis is one member");
  CHECK(axis_refusal({"sum", "1"}) == "sum needs values to reduce");
  CHECK(axis_refusal({"at", "stratum", "plots.stratum", {"abs", "strata.area"}}) ==
        "the value of at is a name that ranges over the axis");
  CHECK(axis_refusal({"at", "stratum", "plots.carbon", "strata.area"}) ==
        "the key of at is a text that does not range over the axis");
  CHECK(axis_refusal({"at", "plots", "plots.stratum", "strata.area"}) == "at takes an axis first");
}

TEST_CASE("an output over an axis is rounded member by member, and may be counted on rounded") {
  json document = test::small_document();
  document["definitions"].clear();
  define(document, "each", "tCO2e", "flow",
         {"group_by",
          "plots.stratum",
          {"*", {"sum", {"/", "plots.carbon", "3"}}, {"quantity", "1", "ha", "flow"}}});
  define(document, "total", "tCO2e", "flow", {"sum", {"rounded", "byStratum"}});
  document["outputs"].push_back(
      {{"name", "byStratum"}, {"definition", "each"}, {"round", "ceil"}, {"step", "0.5"}});
  const auto result = test::calculated(document, test::small_inputs());
  CHECK(test::value_of(result, "each") == "10/3 10/3");
  CHECK(test::value_of(result, "total") == "7");
  REQUIRE(result.ok());
  CHECK(result->years[0].outputs.size() == 1);
  const auto trace = methodology::trace_text(result->trace);
  CHECK(trace.find("period axis stratum = [\"a\",\"b\"]\n") == 0);
  CHECK(trace.find("period output byStratum = 7/2, 7/2\n") != std::string::npos);
}

TEST_CASE("rows reported in another order give the same bytes") {
  json document = test::small_document();
  define(document, "each", "tCO2e/ha", "intensity", "plots.carbon");
  json inputs = test::small_inputs();
  const auto digest = test::calculated(document, inputs)->trace_digest;
  for (const char* name : {"plots", "strata", "readings"}) {
    std::reverse(inputs[name].begin(), inputs[name].end());
    CHECK(test::calculated(document, inputs)->trace_digest == digest);
  }
}
