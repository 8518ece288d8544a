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

// What an expression yields. `over`: one value for each record of that rows parameter. A number
// without kind is a pure literal and takes the kind of what it meets; a literal zero fits any unit.
struct Type {
  ValueClass value = ValueClass::kNumber;
  Unit unit;
  std::optional<model::QuantityKind> kind;
  bool is_zero_literal = false;
  std::optional<std::size_t> over;
};

enum class Operator : std::uint8_t {
  kLiteral,
  kTextLiteral,
  kField,
  kDefinition,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kSum,
  kSumProduct,
  kCount,
  kMin,
  kMax,
  kAbs,
  kClamp,
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
  kAll,
  kAny,
  kLookup,
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
  std::size_t first = 0;  // parameter, definition or table
  std::size_t field = 0;
  std::vector<Node> items;
};

// Turns one value for each record into one value.
bool is_reduction(Operator op);
// The rows parameter a reduction's operands range over. Precondition: a reduction that compiled.
std::size_t rows_of(const Node& reduction);

struct CompiledDefinition {
  std::string name;
  Node node;
};

struct CompiledField {
  model::ParameterField field;
  Unit unit;
  std::optional<Rational> min;
  std::optional<Rational> max;
};

struct CompiledParameter {
  model::Parameter parameter;
  std::vector<CompiledField> fields;
  std::optional<std::size_t> date_field;
  std::optional<std::size_t> complete_by;
};

struct CompiledOutput {
  std::string name;
  std::size_t definition = 0;
  model::RoundDirection round = model::RoundDirection::floor;
  Rational step;
};

struct Program {
  model::Methodology document;
  std::vector<CompiledParameter> parameters;
  std::vector<Unit> table_units;
  std::vector<CompiledDefinition> definitions;
  std::vector<CompiledDefinition> checks;
  std::vector<CompiledOutput> outputs;
  std::size_t credited = 0;  // position in `outputs`
  std::optional<std::size_t> buffer_base;
  // What a unit of the credited output is in tonnes: 1, 1/1,000 or 1/1,000,000.
  Rational tonnes_per_unit;
  std::size_t nodes = 0;  // of all expressions
};

// Errors: METHODOLOGY_INVALID with the pointer of the part that does not hold.
Result<Program> compile(const model::Methodology& document);

}  // namespace mrv::methodology
