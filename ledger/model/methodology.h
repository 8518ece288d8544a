// A methodology version and a factor table as data (schemas/spec/methodology.md): what a
// calculation is, before anything evaluates it. All numbers are texts; the identity of a document
// is the SHA-256 of its canonical bytes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/model/projects.h"

namespace mrv::model {

inline constexpr std::string_view kMethodologyFormat = "mrv-methodology/1";
inline constexpr std::string_view kFactorTableFormat = "mrv-factor-table/1";

// What a number is, beside its unit: a stock is not a change is not a flow.
MRV_ENUM(QuantityKind, 7, stock, change, flow, rate, intensity, count, fraction)
MRV_ENUM(ParameterShape, 3, constant, annual, rows)
MRV_ENUM(FieldType, 5, number, text, year, quarter, day)
MRV_ENUM(RoundDirection, 2, floor, ceil)
// How calendar years get their share: from dated rows, or one figure split by whole days.
MRV_ENUM(VintageRule, 2, dated, by_days)

struct BilingualText {
  std::string en;
  std::string zh;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("en", t.en, Text{1, kNoteBytesMax, true});
    v.field("zh", t.zh, Text{1, kNoteBytesMax, true});
  }
};

// One value a project reports. `unit` and `kind` exactly for numbers. `column` is the header cell
// of a CSV dataset that holds it.
struct ParameterField {
  std::string name;
  FieldType type = FieldType::number;
  std::optional<std::string> column;
  std::optional<std::string> unit;
  std::optional<QuantityKind> kind;
  std::optional<DecimalText> min;
  std::optional<DecimalText> max;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("name", t.name, Text{1, 64});
    v.field("type", t.type, None{});
    v.field("column", t.column, Text{1, 64});
    v.field("unit", t.unit, Text{1, 64});
    v.field("kind", t.kind, None{});
    v.field("min", t.min, None{});
    v.field("max", t.max, None{});
  }
};

// constant: one value for the report. annual: one value for each calendar year the period touches.
// rows: any number of records with one dated field; each counts in the calendar year of its date.
// `complete_by` names a text field: each of its values has exactly one record for every quarter (or
// year) of the period.
struct Parameter {
  std::string name;
  BilingualText title;
  ParameterShape shape = ParameterShape::constant;
  std::vector<ParameterField> fields;
  std::optional<std::string> complete_by;
  std::string source;        // instrument and quality rule
  std::string conservative;  // the direction of error that over-credits: "high" or "low"
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("name", t.name, Text{1, 64});
    v.field("title", t.title, None{});
    v.field("shape", t.shape, None{});
    v.field("fields", t.fields, Count{1, kFieldsMax});
    v.field("completeBy", t.complete_by, Text{1, 64});
    v.field("source", t.source, Text{1, kNoteBytesMax, true});
    v.field("conservative", t.conservative, Text{3, 4});
  }
};

// A factor-table series the calculation looks into: of this unit, kind and number of keys.
struct TableReference {
  std::string name;
  std::string series;
  std::string unit;
  QuantityKind kind = QuantityKind::intensity;
  std::int64_t keys = 1;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("name", t.name, Text{1, 64});
    v.field("series", t.series, Text{1, 128});
    v.field("unit", t.unit, Text{1, 64});
    v.field("kind", t.kind, None{});
    v.field("keys", t.keys, Range{1, kTableKeysMax});
  }
};

// `expression` is a prefix tree: "name", "parameter.field", a number, or [operator, operand…]. It
// may name only what stands above it, so definitions are acyclic as they are read.
struct Definition {
  std::string name;
  std::string unit;
  QuantityKind kind = QuantityKind::flow;
  RawJson expression;
  std::string source;  // where the equation comes from
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("name", t.name, Text{1, 64});
    v.field("unit", t.unit, Text{1, 64});
    v.field("kind", t.kind, None{});
    v.field("expression", t.expression, None{});
    v.field("source", t.source, Text{1, kNoteBytesMax, true});
  }
};

// Holds or the report is refused.
struct MethodologyCheck {
  std::string name;
  RawJson that;
  BilingualText message;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("name", t.name, Text{1, 64});
    v.field("that", t.that, None{});
    v.field("message", t.message, None{});
  }
};

struct MethodologyOutput {
  std::string name;
  std::string definition;
  RoundDirection round = RoundDirection::floor;
  DecimalText step;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("name", t.name, Text{1, 64});
    v.field("definition", t.definition, Text{1, 64});
    v.field("round", t.round, None{});
    v.field("step", t.step, None{});
  }
};

// A calendar year's expected exact value of a definition.
struct ExpectedValue {
  std::int64_t year = 0;
  std::string definition;
  std::string value;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("year", t.year, Range{1990, 2200});
    v.field("definition", t.definition, Text{1, 64});
    v.field("value", t.value, Text{1, kNoteBytesMax});
  }
};

// Inputs and what must come out: exact values, or the named check that fails.
struct MethodologyVector {
  std::string name;
  Period period;
  RawJson inputs;
  std::vector<RawJson> tables;
  std::vector<ExpectedValue> expect;
  std::optional<std::string> fails;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("name", t.name, Text{1, 128});
    v.field("period", t.period, None{});
    v.field("inputs", t.inputs, None{});
    v.field("tables", t.tables, Count{0, kTablesMax});
    v.field("expect", t.expect, Count{0, 200});
    v.field("fails", t.fails, Text{1, 64});
  }
};

struct Methodology {
  std::string format;
  std::string id;
  std::string version;
  BilingualText title;
  std::string licence;
  std::string gwp_set;
  std::string engine;  // the engine version it is written for
  VintageRule vintages = VintageRule::dated;
  std::vector<Parameter> parameters;
  std::vector<TableReference> tables;
  std::vector<Definition> definitions;
  std::vector<MethodologyCheck> checks;
  std::vector<MethodologyOutput> outputs;
  std::vector<MethodologyVector> vectors;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("format", t.format, Text{1, 64});
    v.field("id", t.id, Text{1, 128});
    v.field("version", t.version, Text{1, 64});
    v.field("title", t.title, None{});
    v.field("licence", t.licence, Text{1, 64});
    v.field("gwpSet", t.gwp_set, Text{1, 64});
    v.field("engine", t.engine, Text{1, 64});
    v.field("vintages", t.vintages, None{});
    v.field("parameters", t.parameters, Count{1, kParametersMax});
    v.field("tables", t.tables, Count{0, kTablesMax});
    v.field("definitions", t.definitions, Count{1, kDefinitionsMax});
    v.field("checks", t.checks, Count{0, kChecksMax});
    v.field("outputs", t.outputs, Count{1, kOutputsMax});
    v.field("vectors", t.vectors, Count{1, kVectorsMax});
  }
};

struct FactorRow {
  std::vector<std::string> keys;
  DecimalText value;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("keys", t.keys, Count{1, kTableKeysMax});
    v.field("value", t.value, None{});
  }
};

// One version of a series of factors, for the days of `validity`.
struct FactorTable {
  std::string format;
  std::string series;
  std::string version;
  BilingualText title;
  Period validity;
  std::string unit;
  QuantityKind kind = QuantityKind::intensity;
  std::string source;
  std::vector<std::string> key_names;
  std::vector<FactorRow> rows;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("format", t.format, Text{1, 64});
    v.field("series", t.series, Text{1, 128});
    v.field("version", t.version, Text{1, 64});
    v.field("title", t.title, None{});
    v.field("validity", t.validity, None{});
    v.field("unit", t.unit, Text{1, 64});
    v.field("kind", t.kind, None{});
    v.field("source", t.source, Text{1, kNoteBytesMax, true});
    v.field("keyNames", t.key_names, Count{1, kTableKeysMax});
    v.field("rows", t.rows, Count{1, kTableRowsMax});
  }
};

// What a recomputation came to, as it stands in an entry's `result`.
struct ResultOutput {
  std::string name;
  std::string exact;    // p/q
  std::string rounded;  // p/q
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("name", t.name, Text{1, 64});
    v.field("exact", t.exact, Text{1, kResultBytesMax});
    v.field("rounded", t.rounded, Text{1, kResultBytesMax});
  }
};
struct ResultYear {
  std::int64_t year = 0;
  std::vector<ResultOutput> outputs;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("year", t.year, Range{1990, 2200});
    v.field("outputs", t.outputs, Count{1, kOutputsMax});
  }
};
struct CalculationResult {
  std::string engine;
  Hash methodology{};
  std::vector<Hash> tables;
  Hash trace_digest{};
  std::vector<ResultYear> years;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("engine", t.engine, Text{1, 64});
    v.field("methodology", t.methodology, None{});
    v.field("tables", t.tables, Count{0, kTablesMax});
    v.field("traceDigest", t.trace_digest, None{});
    v.field("years", t.years, Count{1, kVintagesMax});
  }
};

}  // namespace mrv::model
