// Names, types, units and kinds of expressions.
#include "ledger/methodology/expression.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace mrv::methodology {
namespace {

using model::QuantityKind;

Error invalid(std::string detail) { return {"METHODOLOGY_INVALID", std::move(detail), {}}; }

constexpr std::size_t kAnyCount = 64;

struct OperatorRow {
  std::string_view name;
  Operator op;
  std::size_t items_min;
  std::size_t items_max;
};

constexpr std::array<OperatorRow, 24> kOperators = {{
    {"+", Operator::kAdd, 2, kAnyCount},
    {"-", Operator::kSubtract, 2, kAnyCount},
    {"*", Operator::kMultiply, 2, kAnyCount},
    {"/", Operator::kDivide, 2, 2},
    {"sum", Operator::kSum, 1, 1},
    {"sumproduct", Operator::kSumProduct, 2, kAnyCount},
    {"count", Operator::kCount, 1, 1},
    {"min", Operator::kMin, 2, kAnyCount},
    {"max", Operator::kMax, 2, kAnyCount},
    {"abs", Operator::kAbs, 1, 1},
    {"clamp", Operator::kClamp, 3, 3},
    {"if", Operator::kIf, 3, 3},
    {"<", Operator::kLess, 2, 2},
    {"<=", Operator::kLessEqual, 2, 2},
    {">", Operator::kGreater, 2, 2},
    {">=", Operator::kGreaterEqual, 2, 2},
    {"=", Operator::kEqual, 2, 2},
    {"!=", Operator::kNotEqual, 2, 2},
    {"and", Operator::kAnd, 2, kAnyCount},
    {"or", Operator::kOr, 2, kAnyCount},
    {"not", Operator::kNot, 1, 1},
    {"all", Operator::kAll, 1, 1},
    {"any", Operator::kAny, 1, 1},
    {"lookup", Operator::kLookup, 2, kTableKeysMax + 1},
}};

bool is_extensive(QuantityKind kind) {
  return kind == QuantityKind::stock || kind == QuantityKind::change || kind == QuantityKind::flow;
}

std::string kind_text(const Kind& kind) {
  return kind ? std::string(model::name_of(*kind)) : "pure number";
}

// The rows parameter that operands share; two different ones do not go together.
Result<std::optional<std::size_t>> common_rows(const std::vector<Node>& items) {
  std::optional<std::size_t> over;
  for (const Node& item : items) {
    if (!item.type.over) continue;
    if (over && *over != *item.type.over) {
      return invalid("operands range over different parameters");
    }
    over = item.type.over;
  }
  return over;
}

Status expect(const std::vector<Node>& items, ValueClass value, std::string_view what) {
  const bool all = std::all_of(items.begin(), items.end(),
                               [value](const Node& item) { return item.type.value == value; });
  if (!all) return invalid(std::string(what) + " needs operands of another type");
  return {};
}

// Folds operands of one unit: for sums, differences, minima.
Result<Type> alike(std::span<const Node> items, std::optional<Kind> (*combine)(Kind, Kind),
                   std::string_view what) {
  Type type = items[0].type;
  for (std::size_t i = 1; i < items.size(); ++i) {
    const Type& next = items[i].type;
    if (next.is_zero_literal) continue;
    if (type.is_zero_literal) {
      type = next;
      continue;
    }
    if (!(type.unit == next.unit)) {
      return invalid(std::string(what) + " of " + type.unit.text() + " and " + next.unit.text());
    }
    const auto kind = combine(type.kind, next.kind);
    if (!kind) {
      return invalid(std::string(what) + " of a " + kind_text(type.kind) + " and a " +
                     kind_text(next.kind));
    }
    type.kind = *kind;
  }
  return type;
}

std::optional<Kind> same_kind(Kind a, Kind b) {
  if (!a) return b;
  if (!b || *a == *b) return a;
  return std::nullopt;
}

Result<Type> product(const std::vector<Node>& items) {
  Type type = items[0].type;
  for (std::size_t i = 1; i < items.size(); ++i) {
    const Type& next = items[i].type;
    const auto kind = kind_of_product(type.kind, next.kind);
    if (!kind) {
      return invalid("product of a " + kind_text(type.kind) + " and a " + kind_text(next.kind));
    }
    type.kind = *kind;
    type.unit = type.unit.times(next.unit);
    type.is_zero_literal = false;
  }
  return type;
}

Result<Type> quotient(const std::vector<Node>& items) {
  Type type = items[0].type;
  const auto kind = kind_of_quotient(type.kind, items[1].type.kind);
  if (!kind) {
    return invalid("quotient of a " + kind_text(type.kind) + " and a " +
                   kind_text(items[1].type.kind));
  }
  type.kind = *kind;
  type.unit = type.unit.over(items[1].type.unit);
  type.is_zero_literal = false;
  return type;
}

Type boolean_type() {
  Type type;
  type.value = ValueClass::kBoolean;
  return type;
}

Result<Type> arithmetic_type(Operator op, const std::vector<Node>& items) {
  MRV_CHECK(expect(items, ValueClass::kNumber, "arithmetic"));
  switch (op) {
    case Operator::kAdd:
      return alike(items, kind_of_sum, "sum");
    case Operator::kSubtract:
      return alike(items, kind_of_difference, "difference");
    case Operator::kMultiply:
    case Operator::kSumProduct:
      return product(items);
    case Operator::kDivide:
      return quotient(items);
    default:
      return alike(items, same_kind, "comparison");
  }
}

Result<Type> comparison_type(Operator op, const std::vector<Node>& items) {
  const bool texts = items[0].type.value == ValueClass::kText;
  const bool equality = op == Operator::kEqual || op == Operator::kNotEqual;
  if (texts && equality) {
    MRV_CHECK(expect(items, ValueClass::kText, "comparison"));
    return boolean_type();
  }
  const auto common = arithmetic_type(Operator::kMin, items);
  if (!common.ok()) return common.error();
  return boolean_type();
}

// Reductions turn one value per record into one value.
Result<Type> reduction_type(Operator op, const std::vector<Node>& items) {
  const bool over_rows = std::any_of(items.begin(), items.end(),
                                     [](const Node& item) { return item.type.over.has_value(); });
  if (!over_rows) return invalid("a reduction needs one value per record");
  Type type;
  switch (op) {
    case Operator::kAll:
    case Operator::kAny:
      MRV_CHECK(expect(items, ValueClass::kBoolean, "all and any"));
      return boolean_type();
    case Operator::kCount:
      type.kind = QuantityKind::count;
      return type;
    case Operator::kSum:
      MRV_CHECK(expect(items, ValueClass::kNumber, "sum"));
      return items[0].type;
    default:
      return arithmetic_type(Operator::kSumProduct, items);
  }
}

Result<Type> conditional_type(const std::vector<Node>& items) {
  if (items[0].type.value != ValueClass::kBoolean) return invalid("if needs a condition first");
  if (items[1].type.value != items[2].type.value) return invalid("if yields two types");
  if (items[1].type.value != ValueClass::kNumber) return items[1].type;
  return alike(std::span(items).subspan(1), same_kind, "choice");
}

Result<Type> type_of(Operator op, const std::vector<Node>& items) {
  switch (op) {
    case Operator::kSum:
    case Operator::kSumProduct:
    case Operator::kCount:
    case Operator::kAll:
    case Operator::kAny:
      return reduction_type(op, items);
    case Operator::kLess:
    case Operator::kLessEqual:
    case Operator::kGreater:
    case Operator::kGreaterEqual:
    case Operator::kEqual:
    case Operator::kNotEqual:
      return comparison_type(op, items);
    case Operator::kAnd:
    case Operator::kOr:
    case Operator::kNot:
      MRV_CHECK(expect(items, ValueClass::kBoolean, "and, or, not"));
      return boolean_type();
    case Operator::kIf:
      return conditional_type(items);
    default:
      return arithmetic_type(op, items);
  }
}

// "parameter.field", or "parameter" where it has one field "value".
std::optional<Node> field_node(const std::string& text, const Program& program) {
  const auto point = text.find('.');
  const std::string name = text.substr(0, point);
  const std::string wanted = point == std::string::npos ? "value" : text.substr(point + 1);
  for (std::size_t p = 0; p < program.parameters.size(); ++p) {
    const auto& compiled = program.parameters[p];
    if (compiled.parameter.name != name) continue;
    for (std::size_t f = 0; f < compiled.fields.size(); ++f) {
      const auto& field = compiled.fields[f];
      if (field.field.name != wanted) continue;
      Node node;
      node.op = Operator::kField;
      node.first = p;
      node.field = f;
      node.type.value =
          field.field.type == model::FieldType::number ? ValueClass::kNumber : ValueClass::kText;
      node.type.unit = field.unit;
      node.type.kind = field.field.kind;
      if (compiled.parameter.shape == model::ParameterShape::rows) node.type.over = p;
      return node;
    }
  }
  return std::nullopt;
}

Result<Node> leaf(const std::string& text, const Program& program) {
  for (std::size_t d = 0; d < program.definitions.size(); ++d) {
    if (program.definitions[d].name != text) continue;
    Node node;
    node.op = Operator::kDefinition;
    node.first = d;
    node.type = program.definitions[d].node.type;
    return node;
  }
  if (auto field = field_node(text, program)) return *std::move(field);
  auto number = Rational::parse(text);
  if (!number.ok()) return invalid("unknown name " + text);
  Node node;
  node.type.is_zero_literal = number->is_zero();
  node.literal = *std::move(number);
  return node;
}

// ["quantity", number, unit, kind]
Result<Node> quantity(const codec::Expression& expression) {
  const auto& items = expression.items;
  const bool form = items.size() == 3 && std::all_of(items.begin(), items.end(),
                                                     [](const auto& item) { return item.is_leaf; });
  if (!form) return invalid("quantity takes a number, a unit and a kind");
  Node node;
  auto number = Rational::parse(items[0].text);
  if (!number.ok()) return invalid("not a number: " + items[0].text);
  node.literal = *std::move(number);
  auto unit = parse_unit(items[1].text);
  if (!unit.ok()) return invalid(unit.error().detail);
  node.type.unit = *std::move(unit);
  for (std::size_t k = 0; k < model::EnumNames<QuantityKind>::kCount; ++k) {
    const auto kind = static_cast<QuantityKind>(k);
    if (model::name_of(kind) == items[2].text) node.type.kind = kind;
  }
  if (!node.type.kind) return invalid("unknown kind " + items[2].text);
  return node;
}

Result<Node> text_literal(const codec::Expression& expression) {
  if (expression.items.size() != 1 || !expression.items[0].is_leaf) {
    return invalid("text takes one text");
  }
  Node node;
  node.op = Operator::kTextLiteral;
  node.type.value = ValueClass::kText;
  node.text = expression.items[0].text;
  return node;
}

// ["lookup", table, key…]
// NOLINTNEXTLINE(misc-no-recursion): the expression's depth was bounded when it was read
Result<Node> lookup(const codec::Expression& expression, const Program& program) {
  const auto& tables = program.document.tables;
  const auto& name = expression.items[0];
  const auto found = std::find_if(tables.begin(), tables.end(),
                                  [&](const auto& table) { return table.name == name.text; });
  if (!name.is_leaf || found == tables.end()) return invalid("unknown table " + name.text);
  Node node;
  node.op = Operator::kLookup;
  node.first = static_cast<std::size_t>(found - tables.begin());
  node.type.unit = program.table_units[node.first];
  node.type.kind = found->kind;
  for (std::size_t i = 1; i < expression.items.size(); ++i) {
    MRV_TRY(Node key, type_expression(expression.items[i], program));
    node.items.push_back(std::move(key));
  }
  MRV_CHECK(expect(node.items, ValueClass::kText, "lookup"));
  if (node.items.size() != static_cast<std::size_t>(found->keys)) {
    return invalid("table " + name.text + " has another number of keys");
  }
  MRV_TRY(node.type.over, common_rows(node.items));
  return node;
}

}  // namespace

std::optional<Kind> kind_of_sum(Kind a, Kind b) {
  if (a == QuantityKind::stock && b == QuantityKind::change) return a;
  if (a == QuantityKind::change && b == QuantityKind::stock) return b;
  return same_kind(a, b);
}

// The difference of two stocks is a change: the one place where a change comes from.
std::optional<Kind> kind_of_difference(Kind a, Kind b) {
  if (a == QuantityKind::stock && b == QuantityKind::stock) return QuantityKind::change;
  if (a == QuantityKind::stock && b == QuantityKind::change) return a;
  return same_kind(a, b);
}

std::optional<Kind> kind_of_product(Kind a, Kind b) {
  if (!a) return b;
  if (!b) return a;
  if (is_extensive(*a) && is_extensive(*b)) return std::nullopt;
  if (is_extensive(*a)) return a;
  if (is_extensive(*b)) return b;
  if (a == QuantityKind::fraction) return b;
  if (b == QuantityKind::fraction) return a;
  return QuantityKind::intensity;
}

std::optional<Kind> kind_of_quotient(Kind a, Kind b) {
  if (!b) return a;
  if (!a) return QuantityKind::intensity;
  if (is_extensive(*a) && is_extensive(*b)) {
    return a == b ? Kind(QuantityKind::fraction) : Kind(QuantityKind::intensity);
  }
  if (is_extensive(*a)) return a;
  if (b == QuantityKind::fraction) return a;
  return QuantityKind::intensity;
}

// NOLINTNEXTLINE(misc-no-recursion): the expression's depth was bounded when it was read
Result<Node> type_expression(const codec::Expression& expression, const Program& program) {
  if (expression.is_leaf) return leaf(expression.text, program);
  if (expression.text == "quantity") return quantity(expression);
  if (expression.text == "text") return text_literal(expression);
  const auto row = std::find_if(kOperators.begin(), kOperators.end(),
                                [&](const OperatorRow& r) { return r.name == expression.text; });
  if (row == kOperators.end()) return invalid("unknown operator " + expression.text);
  if (expression.items.size() < row->items_min || expression.items.size() > row->items_max) {
    return invalid(expression.text + " takes another number of operands");
  }
  if (row->op == Operator::kLookup) return lookup(expression, program);
  Node node;
  node.op = row->op;
  for (const auto& item : expression.items) {
    MRV_TRY(Node operand, type_expression(item, program));
    node.items.push_back(std::move(operand));
  }
  MRV_TRY(node.type, type_of(node.op, node.items));
  MRV_TRY(node.type.over, common_rows(node.items));
  if (is_reduction(node.op)) node.type.over.reset();
  node.type.is_zero_literal = false;
  return node;
}

}  // namespace mrv::methodology
