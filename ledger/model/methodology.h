// A methodology version and a factor table as data (schemas/spec/methodology.md): what a
// calculation is, before anything evaluates it. All numbers are texts; the identity of a document
// is the SHA-256 of its canonical bytes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/model/reports.h"

namespace mrv::model {

inline constexpr std::string_view kMethodologyFormat = "mrv-methodology/1";
inline constexpr std::string_view kFactorTableFormat = "mrv-factor-table/1";

// What a number is, beside its unit: a stock is not a change is not a flow. The squares are what
// sums of squares are made of, on the way to a root.
MRV_ENUM(QuantityKind, 10, stock, change, flow, rate, intensity, count, fraction, stock_squared,
         change_squared, flow_squared)
MRV_ENUM(ParameterShape, 4, constant, annual, rows, list)
MRV_ENUM(FieldType, 5, number, text, year, quarter, day)
MRV_ENUM(RoundDirection, 2, floor, ceil)
// Rounding a year's value by itself, or the running total.
MRV_ENUM(RoundBasis, 2, each, cumulative)
// How calendar years get their share: from dated rows, from one figure split by whole days, or from
// one calculation over all years since the first.
MRV_ENUM(VintageRule, 3, dated, by_days, series)
MRV_ENUM(Purpose, 2, crediting, inventory)
// What stands in for a number that is absent: the previous one of the same series, or a fixed one.
MRV_ENUM(MissingRule, 2, previous, value)
// How a table is read between its rows: linear, the next listed key above, the next below.
MRV_ENUM(Interpolation, 3, linear, up, down)
// How a table's numbers were come by.
MRV_ENUM(Confidence, 4, read, recomputed, retold, constructed)

// An exact number as it is written, "12", "-0.05" or "44/12" (Rational::parse).
struct NumberText {
  std::string text;
  friend bool operator==(const NumberText&, const NumberText&) = default;
};
std::string to_text(const NumberText& number);
// Errors: NUMBER_MALFORMED, NUMBER_TOO_LARGE, DIVISION_BY_ZERO.
Status from_text(std::string_view text, NumberText& out);

struct BilingualText {
  std::string en;
  std::string zh;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("en", t.en, Text{1, kNoteBytesMax, true});
    v.field("zh", t.zh, Text{1, kNoteBytesMax, true});
  }
};

// A named set that values range over: the distinct values of the field `of` ("parameter.field").
struct Axis {
  std::string name;
  std::string of;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("name", t.name, Text{1, 64});
    v.field("of", t.of, Text{3, 129});
  }
};

// `value` exactly for the rule `value`.
struct Substitute {
  MissingRule rule = MissingRule::previous;
  std::optional<NumberText> value;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("rule", t.rule, None{});
    v.field("value", t.value, None{});
  }
};

// One value a project reports. `unit` and `kind` exactly for numbers. `column` is the header cell
// of a CSV dataset that holds it. `axis`: its values are members of that axis.
struct ParameterField {
  std::string name;
  FieldType type = FieldType::number;
  std::optional<std::string> column;
  std::optional<std::string> unit;
  std::optional<QuantityKind> kind;
  std::optional<NumberText> min;
  std::optional<NumberText> max;
  std::optional<std::string> axis;
  std::optional<Substitute> missing;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("name", t.name, Text{1, 64});
    v.field("type", t.type, None{});
    v.field("column", t.column, Text{1, 64});
    v.field("unit", t.unit, Text{1, 64});
    v.field("kind", t.kind, None{});
    v.field("min", t.min, None{});
    v.field("max", t.max, None{});
    v.field("axis", t.axis, Text{1, 64});
    v.field("missing", t.missing, None{});
  }
};

// constant: one value for the report. annual: one value for each calendar year the period touches.
// rows: any number of records with one dated field; each counts in the calendar year of its date.
// list: any number of records without a date.
// `keys` names fields with an axis: exactly one record for each combination of their members.
// `complete_by` names a text field: each of its values has exactly one record for every quarter (or
// year) of the period. `unique` names a text field of which no value stands twice.
struct Parameter {
  std::string name;
  BilingualText title;
  ParameterShape shape = ParameterShape::constant;
  std::vector<ParameterField> fields;
  std::optional<std::vector<std::string>> keys;
  std::optional<std::string> complete_by;
  std::optional<std::string> unique;
  std::string source;        // instrument and quality rule
  std::string conservative;  // the direction of error that over-credits: "high" or "low"
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("name", t.name, Text{1, 64});
    v.field("title", t.title, None{});
    v.field("shape", t.shape, None{});
    v.field("fields", t.fields, Count{1, kFieldsMax});
    v.field("keys", t.keys, Count{1, kAxesMax});
    v.field("completeBy", t.complete_by, Text{1, 64});
    v.field("unique", t.unique, Text{1, 64});
    v.field("source", t.source, Text{1, kNoteBytesMax, true});
    v.field("conservative", t.conservative, Text{3, 4});
  }
};

// A factor-table series the calculation looks into: of this unit, kind and number of keys. With
// `interpolation` the last key is a number of unit `key_unit`.
struct TableReference {
  std::string name;
  std::string series;
  std::string unit;
  QuantityKind kind = QuantityKind::intensity;
  std::int64_t keys = 1;
  std::optional<Interpolation> interpolation;
  std::optional<std::string> key_unit;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("name", t.name, Text{1, 64});
    v.field("series", t.series, Text{1, 128});
    v.field("unit", t.unit, Text{1, 64});
    v.field("kind", t.kind, None{});
    v.field("keys", t.keys, Range{1, kTableKeysMax});
    v.field("interpolation", t.interpolation, None{});
    v.field("keyUnit", t.key_unit, Text{1, 64});
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
  NumberText step;
  std::optional<RoundBasis> basis;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("name", t.name, Text{1, 64});
    v.field("definition", t.definition, Text{1, 64});
    v.field("round", t.round, None{});
    v.field("step", t.step, None{});
    v.field("basis", t.basis, None{});
  }
};

// The expected exact value of a definition: in a calendar year's slice, at members of its axes.
struct ExpectedValue {
  std::optional<std::int64_t> year;
  std::string definition;
  std::optional<std::vector<std::string>> at;
  std::string value;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("year", t.year, Range{1990, 2200});
    v.field("definition", t.definition, Text{1, 64});
    v.field("at", t.at, Count{1, kAxesMax});
    v.field("value", t.value, Text{1, kNoteBytesMax});
  }
};

// Inputs and what must come out: exact values, or the named check that fails. `like` names a vector
// above whose parameters (and tables, where none is given) are taken where they are not given.
struct MethodologyVector {
  std::string name;
  std::optional<std::string> like;
  Period period;
  RawJson inputs;
  std::vector<RawJson> tables;
  std::vector<ExpectedValue> expect;
  std::optional<std::string> fails;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("name", t.name, Text{1, 128});
    v.field("like", t.like, Text{1, 128});
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
  std::string engine;              // the engine version it is written for
  std::optional<Purpose> purpose;  // crediting where absent
  VintageRule vintages = VintageRule::dated;
  std::optional<std::vector<Axis>> axes;
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
    v.field("purpose", t.purpose, None{});
    v.field("vintages", t.vintages, None{});
    v.field("axes", t.axes, Count{1, kAxesMax});
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
  NumberText value;
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
  std::string region;
  Confidence confidence = Confidence::read;
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
    v.field("region", t.region, Text{1, 128});
    v.field("confidence", t.confidence, None{});
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
  std::optional<std::vector<YearFigure>>
      history;  // of a series: what is credited before the period
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("engine", t.engine, Text{1, 64});
    v.field("methodology", t.methodology, None{});
    v.field("tables", t.tables, Count{0, kTablesMax});
    v.field("traceDigest", t.trace_digest, None{});
    v.field("years", t.years, Count{1, kVintagesMax});
    v.field("history", t.history, Count{0, kSeriesYearsMax});
  }
};

}  // namespace mrv::model
