// Operators, kinds, look-ups between rows, series and rounding, case by case.
#include "tests/support/small_methodology.h"

using namespace mrv;
using test::define;
using test::json;

namespace {

std::string value(const std::string& unit, const std::string& kind, const json& expression) {
  json document = test::small_document();
  define(document, "x", unit, kind, expression);
  return test::value_of(test::calculated(document, test::small_inputs()), "x");
}

std::string typed(const std::string& unit, const std::string& kind, const json& expression) {
  json document = test::small_document();
  define(document, "x", unit, kind, expression);
  const auto program = test::compiled(document);
  return program.ok() ? "" : program.error().detail;
}

json quantity(const char* number, const char* unit, const char* kind) {
  return {"quantity", number, unit, kind};
}

}  // namespace

TEST_CASE("roots, powers, exponentials and logarithms are rounded to 34 digits, then exact") {
  CHECK(value("1", "intensity", {"sqrt", "2"}) ==
        "707106781186547524400844362104849/500000000000000000000000000000000");
  CHECK(value("1", "intensity", {"sqrt", "9/4"}) == "3/2");
  CHECK(value("1", "intensity", {"exp", "0"}) == "1");
  CHECK(value("1", "intensity", {"ln", "1"}) == "0");
  CHECK(value("1", "intensity", {"pow", "8", "1/3"}) == "2");
  CHECK(value("1", "intensity", {"*", {"pow", "2", "1/2"}, "2"}) ==
        "707106781186547524400844362104849/250000000000000000000000000000000");
  CHECK(value("1", "intensity", {"sqrt", "-1"}) ==
        "CALCULATION_FAILED: x: OUTSIDE_DOMAIN: the square root of a negative number");
  CHECK(value("1", "intensity", {"exp", "1000000"})
            .starts_with("CALCULATION_FAILED: x: NUMBER_TOO_LARGE"));
}

TEST_CASE("a root halves unit and kind, and only squares have roots in units") {
  const json area = quantity("9", "t", "stock");
  CHECK(value("t", "stock", {"sqrt", {"*", area, area}}) == "9");
  CHECK(typed("t^2", "stock-squared", {"*", area, area}).empty());
  CHECK(typed("t^2", "stock", {"*", area, area}) == "it yields a stock-squared");
  CHECK(typed("t", "stock", {"/", {"*", area, area}, area}).empty());
  CHECK(typed("1", "fraction", {"/", {"*", area, area}, {"*", area, area}}).empty());
  CHECK(typed("t", "stock", {"sqrt", area}) == "square root of t");
  CHECK(typed("1", "stock", {"sqrt", quantity("9", "1", "stock")}) == "square root of a stock");
  CHECK(typed("t^3", "stock", {"*", area, area, area}) == "product of a stock-squared and a stock");
  CHECK(typed("1", "intensity", {"/", "1", {"*", area, area}}) ==
        "quotient of a pure number and a stock-squared");
  CHECK(typed("t", "stock", {"+", area, quantity("1", "t", "flow")}) ==
        "sum of a stock and a flow");
  CHECK(typed("1", "intensity", {"exp", area}) ==
        "exp, ln and pow take pure numbers, not a stock in t");
  CHECK(typed("1", "intensity", {"exp", quantity("1", "percent", "fraction")}) ==
        "exp, ln and pow take pure numbers, not a fraction in percent");
}

TEST_CASE(
    "a change entered as a stock, kilograms as tonnes, percent as a fraction do not compile") {
  const json change = quantity("1", "t", "change");
  CHECK(typed("t", "change", {"+", change, quantity("1", "t", "flow")}) ==
        "sum of a change and a flow");
  CHECK(typed("t", "stock", change) == "it yields a change");
  CHECK(typed("t", "change", {"-", quantity("5", "t", "stock"), quantity("4", "t", "stock")})
            .empty());
  CHECK(typed("t", "change", {"+", change, quantity("1", "kg", "change")}) == "sum of t and kg");
  CHECK(typed("tCO2", "change",
              {"+", quantity("1", "tC", "change"), quantity("1", "tCO2", "change")}) ==
        "sum of tC and tCO2");
  CHECK(typed("1", "fraction",
              {"+", quantity("13", "percent", "fraction"), quantity("1", "1", "fraction")}) ==
        "sum of percent and 1");
}

TEST_CASE("a field of a fraction bounds it, so that a percentage is refused") {
  json document = test::small_document();
  auto& share = document["parameters"][2]["fields"][3];
  const auto refused = [&] {
    const auto program = test::compiled(document);
    return program.ok() ? "" : program.error().pointer + ": " + program.error().detail;
  };
  CHECK(refused().empty());
  const std::string said =
      "/parameters/2/fields/3: a fraction has a min of at least 0 and a max of at most 1";
  share["max"] = "1.01";
  CHECK(refused() == said);
  share.erase("max");
  CHECK(refused() == said);
  share["max"] = "1";
  share["min"] = "-0.01";
  CHECK(refused() == said);
}

TEST_CASE("a table is read between its rows as it declares") {
  json document = test::small_document();
  document["tables"].push_back({{"name", "discount"},
                                {"series", "s"},
                                {"unit", "1"},
                                {"kind", "fraction"},
                                {"keys", "2"},
                                {"keyUnit", "percent"}});
  const auto table = codec::decode_factor_table(R"({
    "format": "mrv-factor-table/1", "series": "s", "version": "1", "title": {"en": "T", "zh": "表"},
    "validity": {"from": "2000-01-01", "to": "2100-01-01"}, "region": "CN",
    "confidence": "constructed", "unit": "1", "kind": "fraction", "source": "-",
    "keyNames": ["class", "u"],
    "rows": [{"keys": ["a", "10"], "value": "0"}, {"keys": ["b", "10"], "value": "1"},
             {"keys": ["a", "15"], "value": "0.25"}, {"keys": ["a", "30"], "value": "1"}]})");
  REQUIRE_MESSAGE(table.ok(), table.error().detail);
  const auto at = [&](const char* rule, const char* key, const char* name = "a") {
    json changed = document;
    changed["tables"][0]["interpolation"] = rule;
    define(changed, "x", "1", "fraction",
           {"lookup", "discount", {"text", name}, quantity(key, "percent", "fraction")});
    return test::value_of(test::calculated(changed, test::small_inputs(), test::k2023, {*table}),
                          "x");
  };
  const std::string none = "CALCULATION_FAILED: x: the table has no row for ";
  CHECK(at("linear", "10") == "0");
  CHECK(at("linear", "12") == "1/10");
  CHECK(at("linear", "20") == "1/2");
  CHECK(at("linear", "30") == "1");
  CHECK(at("linear", "30.000001") == none + "30.000001");
  CHECK(at("linear", "9") == none + "9");
  CHECK(at("up", "10") == "0");
  CHECK(at("up", "10.01") == "1/4");
  CHECK(at("up", "9") == "0");
  CHECK(at("up", "31") == none + "31");
  CHECK(at("down", "14.99") == "0");
  CHECK(at("down", "31") == "1");
  CHECK(at("down", "9") == none + "9");
  CHECK(at("up", "10", "b") == "1");
  CHECK(at("up", "11", "b") == none + "11");
  // A file that nobody registered may hold anything.
  auto broken = *table;
  broken.rows[1].keys.pop_back();
  json changed = document;
  define(changed, "x", "1", "fraction", {"lookup", "discount", {"text", "a"}, {"text", "10"}});
  changed["tables"][0].erase("keyUnit");
  CHECK(test::value_of(test::calculated(changed, test::small_inputs(), test::k2023, {broken}),
                       "x") == "TABLE_NOT_ALLOWED: a row of series s has other keys");
}

TEST_CASE("a series is calculated since its first year, and its period's years are reported") {
  json document = test::stock_series();
  document["outputs"].push_back({{"name", "running"},
                                 {"definition", "total"},
                                 {"round", "floor"},
                                 {"step", "1"},
                                 {"basis", "cumulative"}});
  json inputs = test::small_inputs();
  const auto add = [&](const char* year, const char* c) {
    inputs["stock"].push_back({{"year", year}, {"c", c}});
  };
  add("2022", "2.7");
  add("2021", "1.4");
  add("2023", "3.2");
  const auto result = test::calculated(document, inputs);
  CHECK(test::value_of(result, "total") == "7/5 13/10 1/2");
  REQUIRE(result.ok());
  REQUIRE(result->years.size() == 1);
  CHECK(result->years[0].year == 2023);
  CHECK(result->years[0].credited == *Rational::parse("1/2"));
  CHECK(result->years[0].outputs[0].rounded == Rational(0));
  CHECK(result->years[0].outputs[1].rounded == Rational(1));  // 3 of 3.2, less 2 of 2.7
  const auto from = [&](std::int64_t first) {
    const auto decoded = *codec::decode_inputs(model::RawJson{crypto::canonicalize(inputs)});
    const auto calculation =
        methodology::calculate(*test::compiled(document), test::k2023, decoded, {}, first);
    return calculation.ok() ? "" : calculation.error().detail;
  };
  CHECK(from(2021).empty());
  CHECK(from(2020) == "stock.year: the series begins with 2021, not with 2020");
  CHECK(from(2022) == "stock.year: the series begins with 2021, not with 2022");
  inputs["stock"].erase(0);
  CHECK(test::value_of(test::calculated(document, inputs), "total") ==
        "PARAMETER_MISSING: stock.year: 2022 is missing");
  inputs["stock"].erase(1);
  CHECK(test::value_of(test::calculated(document, inputs), "total") ==
        "PARAMETER_MISSING: stock.year: 2023 is missing");
}

TEST_CASE("a vector that is like another takes its parameters and tables from it") {
  json document = test::small_document();
  document["checks"].push_back({{"name", "small"},
                                {"that", {"<", "total", quantity("10", "tCO2e", "flow")}},
                                {"message",
                                 {{
                                      "en",
                                      "too much",
                                  },
                                  {"zh", "太多"}}}});
  auto& vectors = document["vectors"];
  vectors[0]["inputs"] = test::small_inputs();
  json other = vectors[0];
  other["name"] = "two";
  other["like"] = "one";
  other["inputs"] = {
      {"readings", {{{"meter", "m"}, {"day", "2023-05-05"}, {"mass", "11"}, {"share", "0"}}}}};
  other["expect"] = json::array();
  other["fails"] = "small";
  vectors.push_back(other);
  const auto checked = [&] {
    const auto decoded = codec::decode_methodology(document.dump());
    REQUIRE_MESSAGE(decoded.ok(), decoded.error().detail);
    const auto program = methodology::check_document(*decoded);
    return program.ok() ? "" : program.error().pointer + ": " + program.error().detail;
  };
  CHECK(checked().empty());
  vectors[1]["like"] = "two";
  CHECK(checked() == "/vectors/1/like: no vector above has this name");
  vectors[1]["like"] = "one";
  vectors[1]["inputs"]["readings"][0]["mass"] = "9";
  CHECK(checked() == "/vectors/1: the vector does not fail as it says");
  vectors.erase(1);
  CHECK(checked() == "/checks/0: no vector makes the check fail");
}
