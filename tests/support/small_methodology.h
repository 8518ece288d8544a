// A small document for tests of the language, changed as each test wants it.
#pragma once

#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "ledger/methodology/engine.h"

namespace mrv::test {

using nlohmann::json;

// Strata with an area, plots in them, and yearly readings by meter. The document calculates `total`
// out of what a test appends with define(). Vectors are not run by calculated().
inline json small_document(const std::string& vintages = "by-days") {
  return json::parse(R"({
    "format": "mrv-methodology/1", "id": "test/small", "version": "1",
    "title": {"en": "Small", "zh": "小"}, "licence": "CC0-1.0", "gwpSet": "none", "engine": "1",
    "vintages": ")" + vintages +
                     R"(",
    "axes": [{"name": "stratum", "of": "strata.stratum"}],
    "parameters": [
      {"name": "strata", "title": {"en": "Strata", "zh": "层"}, "shape": "list", "keys": ["stratum"],
       "source": "map", "conservative": "high",
       "fields": [{"name": "stratum", "type": "text", "axis": "stratum"},
                  {"name": "area", "type": "number", "unit": "ha", "kind": "intensity",
                   "min": "0"}]},
      {"name": "plots", "title": {"en": "Plots", "zh": "样地"}, "shape": "list", "unique": "plot",
       "source": "field", "conservative": "high",
       "fields": [{"name": "plot", "type": "text"},
                  {"name": "stratum", "type": "text", "axis": "stratum"},
                  {"name": "carbon", "type": "number", "column": "carbon", "unit": "tCO2e/ha",
                   "kind": "intensity"}]},
      {"name": "readings", "title": {"en": "Readings", "zh": "读数"}, "shape": "rows",
       "source": "meter", "conservative": "high",
       "fields": [{"name": "meter", "type": "text"}, {"name": "day", "type": "day"},
                  {"name": "mass", "type": "number", "unit": "tCO2e", "kind": "flow"},
                  {"name": "share", "type": "number", "unit": "1", "kind": "fraction",
                   "min": "0", "max": "1"}]}],
    "tables": [],
    "definitions": [{"name": "total", "unit": "tCO2e", "kind": "flow", "source": "-",
                     "expression": ["sum", "readings.mass"]}],
    "checks": [],
    "outputs": [{"name": "credited", "definition": "total", "round": "floor", "step": "1"}],
    "vectors": [{"name": "one", "period": {"from": "2023-01-01", "to": "2024-01-01"},
                 "inputs": {}, "tables": [],
                 "expect": [{"definition": "total", "value": "3"}]}]
  })");
}

inline json small_inputs() {
  return json::parse(R"({
    "strata": [{"stratum": "b", "area": "2"}, {"stratum": "a", "area": "3"}],
    "plots": [{"plot": "p3", "stratum": "b", "carbon": "10"},
              {"plot": "p1", "stratum": "a", "carbon": "4"},
              {"plot": "p2", "stratum": "a", "carbon": "6"}],
    "readings": [{"meter": "m", "day": "2023-02-01", "mass": "1.5", "share": "0.5"},
                 {"meter": "m", "day": "2023-03-01", "mass": "1.5", "share": "0.25"}]
  })");
}

// Appends a definition of this unit and kind above none that exists.
inline void define(json& document, const std::string& name, const std::string& unit,
                   const std::string& kind, const json& expression) {
  document["definitions"].push_back({{"name", name},
                                     {"unit", unit},
                                     {"kind", kind},
                                     {"source", "-"},
                                     {"expression", expression}});
}

// The small document as a series of yearly stocks: `total` is what a year adds to the one before.
inline json stock_series() {
  json document = small_document("series");
  document["axes"].push_back({{"name", "year"}, {"of", "stock.year"}});
  document["parameters"].push_back(json::parse(R"({
    "name": "stock", "title": {"en": "Stock", "zh": "储量"}, "shape": "rows", "keys": ["year"],
    "source": "-", "conservative": "high",
    "fields": [{"name": "year", "type": "year", "axis": "year"},
               {"name": "c", "type": "number", "unit": "tCO2e", "kind": "stock"}]})"));
  document["definitions"].clear();
  define(document, "total", "tCO2e", "change", {"-", "stock.c", {"prev", "year", "stock.c", "0"}});
  return document;
}

inline Result<methodology::Program> compiled(const json& document) {
  MRV_TRY(const auto decoded, codec::decode_methodology(document.dump()));
  return methodology::compile(decoded);
}

constexpr model::Period k2023 = {{19'358}, {19'723}};

inline Result<methodology::Calculation> calculated(
    const json& document, const json& inputs, const model::Period& period = k2023,
    const std::vector<model::FactorTable>& tables = {}) {
  MRV_TRY(const auto program, compiled(document));
  MRV_TRY(const auto decoded, codec::decode_inputs(model::RawJson{crypto::canonicalize(inputs)}));
  return methodology::calculate(program, period, decoded, tables);
}

// A definition's values in the only slice, joined by spaces; or the error's name and detail.
inline std::string value_of(const Result<methodology::Calculation>& calculation,
                            const std::string& name) {
  if (!calculation.ok()) {
    return std::string(calculation.error().name) + ": " + calculation.error().detail;
  }
  for (const auto& value : calculation->trace.at(0).values) {
    if (value.name != name) continue;
    std::string text;
    for (const auto& one : value.values) text += (text.empty() ? "" : " ") + one;
    return text;
  }
  return "no such definition";
}

}  // namespace mrv::test
