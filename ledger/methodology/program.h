// A methodology document, understood: every name resolved, every expression typed, every unit and
// kind checked. What compiles can fail later only on the data. Pure; immutable after compile().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/base/rational.h"
#include "ledger/codec/methodology_codec.h"
#include "ledger/methodology/unit.h"

namespace mrv::methodology {

// The engine's own version: part of every result. A document names the one it was written for.
inline constexpr std::string_view kEngineVersion = "1";

// The output that credits come from, and the one a buffer is taken of.
inline constexpr std::string_view kCreditedOutput = "credited";
inline constexpr std::string_view kBufferBaseOutput = "bufferBase";

enum class ValueClass : std::uint8_t { kNumber, kBoolean, kText };

// An axis by number: the declared ones in their order, then for each parameter its records.
using AxisId = std::size_t;

// What an expression yields: one value for each combination of members of `axes` (ascending). A
// number without kind is a pure literal and takes the kind of what it meets; a literal zero fits
// any unit.
struct Type {
  ValueClass value = ValueClass::kNumber;
  Unit unit;
  std::optional<model::QuantityKind> kind;
  bool is_zero_literal = false;
  std::vector<AxisId> axes;
};

enum class Operator : std::uint8_t {
  kLiteral,
  kTextLiteral,
  kField,
  kDefinition,
  kRounded,  // of definition `first`: `literal` is the step, `field` the direction
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kMin,
  kMax,
  kAbs,
  kClamp,
  kSqrt,
  kExp,
  kLn,
  kPow,
  kIf,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kEqual,
  kNotEqual,
  kAnd,
  kOr,
  kNot,
  // Over `reduced` axes.
  kSum,
  kSumProduct,
  kCount,
  kLeast,
  kGreatest,
  kAll,
  kAny,
  kGroupBy,   // of grouping `first`: items are the body
  kAt,        // axis `first`: items are key and value
  kPrevious,  // axis `first`: items are value and what stands at the first member
  kCumulate,  // axis `first`: items are the value
  kLookup,    // table `first`: items are keys
};

// Move-only: a tree has one owner.
struct Node {
  Node() = default;
  Node(Node&&) = default;
  Node& operator=(Node&&) = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  ~Node() = default;

  Operator op = Operator::kLiteral;
  Type type;
  Rational literal;
  std::string text;       // of a text literal
  std::size_t first = 0;  // parameter, definition, table, grouping or axis
  std::size_t field = 0;
  std::vector<AxisId> reduced;
  std::vector<Node> items;
};

bool is_reduction(Operator op);

// Records of a parameter by the members that their key fields name.
struct Grouping {
  std::size_t parameter = 0;
  std::vector<std::size_t> fields;
  std::vector<AxisId> axes;  // of each field
  friend bool operator==(const Grouping&, const Grouping&) = default;
};

struct CompiledAxis {
  std::string name;
  std::size_t parameter = 0;  // whose field gives the members
  std::size_t field = 0;
  model::FieldType type = model::FieldType::text;
  [[nodiscard]] bool is_ordered() const { return type != model::FieldType::text; }
};

struct CompiledDefinition {
  std::string name;
  Node node;
};

struct CompiledField {
  model::ParameterField field;
  Unit unit;
  std::optional<Rational> min;
  std::optional<Rational> max;
  std::optional<AxisId> axis;
  std::optional<Rational> substitute;  // of the rule `value`
};

struct CompiledParameter {
  model::Parameter parameter;
  std::vector<CompiledField> fields;
  std::optional<std::size_t> date_field;
  std::optional<std::size_t> complete_by;
  std::optional<std::size_t> unique;
  std::vector<std::size_t> keys;  // fields, in the order of their axes
  [[nodiscard]] bool has_records() const {
    return keys.empty() && (parameter.shape == model::ParameterShape::rows ||
                            parameter.shape == model::ParameterShape::list);
  }
};

struct CompiledOutput {
  std::string name;
  std::size_t definition = 0;
  model::RoundDirection round = model::RoundDirection::floor;
  model::RoundBasis basis = model::RoundBasis::each;
  Rational step;
  bool is_reported = true;  // in the years of a result; else it ranges over axes, and is traced
};

struct Program {
  model::Methodology document;
  std::vector<CompiledAxis> axes;
  std::vector<CompiledParameter> parameters;
  std::vector<Unit> table_units;
  std::vector<Unit> table_key_units;  // of an interpolated last key
  std::vector<Grouping> groupings;
  std::vector<CompiledDefinition> definitions;
  std::vector<CompiledDefinition> checks;
  std::vector<CompiledOutput> outputs;
  std::optional<std::size_t> credited;  // position in `outputs`; an inventory has none
  std::optional<std::size_t> buffer_base;
  // What a unit of the credited output is in tonnes: 1, 1/1,000 or 1/1,000,000.
  Rational tonnes_per_unit;
  std::size_t nodes = 0;  // of all expressions

  [[nodiscard]] AxisId records_of(std::size_t parameter) const { return axes.size() + parameter; }
  [[nodiscard]] bool is_records(AxisId axis) const { return axis >= axes.size(); }
  // The axis of a series that its years are. Precondition: a series that compiled.
  [[nodiscard]] AxisId year_axis() const;
};

// Errors: METHODOLOGY_INVALID with the pointer of the part that does not hold.
Result<Program> compile(const model::Methodology& document);

}  // namespace mrv::methodology
