// Names, literals and operators of an expression, and the axes that each part ranges over.
#include "ledger/methodology/expression.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "ledger/methodology/axes.h"

namespace mrv::methodology {
namespace {

using codec::Expression;
using model::QuantityKind;

Error unsound(std::string detail) { return {"METHODOLOGY_INVALID", std::move(detail), {}}; }

constexpr std::size_t kAnyCount = 64;

struct OperatorRow {
  std::string_view name;
  Operator op;
  std::size_t items_min;
  std::size_t items_max;
};

constexpr std::array<OperatorRow, 22> kOperators = {{
    {"+", Operator::kAdd, 2, kAnyCount},
    {"-", Operator::kSubtract, 2, kAnyCount},
    {"*", Operator::kMultiply, 2, kAnyCount},
    {"/", Operator::kDivide, 2, 2},
    {"min", Operator::kMin, 2, kAnyCount},
    {"max", Operator::kMax, 2, kAnyCount},
    {"abs", Operator::kAbs, 1, 1},
    {"clamp", Operator::kClamp, 3, 3},
    {"sqrt", Operator::kSqrt, 1, 1},
    {"exp", Operator::kExp, 1, 1},
    {"ln", Operator::kLn, 1, 1},
    {"pow", Operator::kPow, 2, 2},
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
}};

// `min` and `max` of one operand reduce; of several they compare.
constexpr std::array<OperatorRow, 7> kReductions = {{
    {"sum", Operator::kSum, 1, 1},
    {"sumproduct", Operator::kSumProduct, 2, kAnyCount},
    {"count", Operator::kCount, 1, 1},
    {"min", Operator::kLeast, 1, 1},
    {"max", Operator::kGreatest, 1, 1},
    {"all", Operator::kAll, 1, 1},
    {"any", Operator::kAny, 1, 1},
}};

template <std::size_t N>
const OperatorRow* find_row(const std::array<OperatorRow, N>& rows, std::string_view name) {
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [name](const OperatorRow& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

// Types one expression of one definition or check. Axes that a group_by around it binds to one
// member are single values inside.
class Typing {
 public:
  explicit Typing(Program& program) : program_(program) {}

  // NOLINTNEXTLINE(misc-no-recursion): the expression's depth was bounded when it was read
  Result<Node> run(const Expression& expression) {
    if (expression.is_leaf) return leaf(expression.text);
    const std::string& name = expression.text;
    if (name == "quantity") return quantity(expression);
    if (name == "text") return text_literal(expression);
    if (name == "lookup") return lookup(expression);
    if (name == "rounded") return rounded(expression);
    if (name == "group_by") return group_by(expression);
    if (name == "at") return at(expression);
    if (name == "prev") return previous(expression);
    if (name == "fold_cumulative") return cumulate(expression);
    const OperatorRow* reduction = find_row(kReductions, name);
    if (reduction != nullptr && operands_of(expression) <= reduction->items_max) {
      return reduce(*reduction, expression);
    }
    const OperatorRow* row = find_row(kOperators, name);
    if (row == nullptr) return unsound("unknown operator " + name);
    return apply(*row, expression);
  }

 private:
  [[nodiscard]] std::optional<AxisId> axis_named(const Expression& expression) const {
    if (!expression.is_leaf) return std::nullopt;
    for (AxisId a = 0; a < program_.axes.size(); ++a) {
      if (program_.axes[a].name == expression.text) return a;
    }
    return std::nullopt;
  }

  // A reduction's items before the axes that it names.
  [[nodiscard]] std::size_t operands_of(const Expression& expression) const {
    std::size_t count = expression.items.size();
    while (count > 0 && axis_named(expression.items[count - 1])) --count;
    return count;
  }

  // NOLINTNEXTLINE(misc-no-recursion): the expression's depth was bounded when it was read
  Status take_items(const Expression& expression, std::size_t count, Node& node) {
    for (std::size_t i = 0; i < count; ++i) {
      MRV_TRY(Node item, run(expression.items[i]));
      node.items.push_back(std::move(item));
    }
    return {};
  }

  // NOLINTNEXTLINE(misc-no-recursion): the expression's depth was bounded when it was read
  Result<Node> apply(const OperatorRow& row, const Expression& expression) {
    const std::size_t count = expression.items.size();
    if (count < row.items_min || count > row.items_max) {
      return unsound(expression.text + " takes another number of operands");
    }
    Node node;
    node.op = row.op;
    MRV_CHECK(take_items(expression, count, node));
    MRV_TRY(node.type, type_of(node.op, node.items));
    MRV_TRY(node.type.axes, common_axes(program_, node.items));
    node.type.is_zero_literal = false;
    return node;
  }

  // NOLINTNEXTLINE(misc-no-recursion): the expression's depth was bounded when it was read
  Result<Node> reduce(const OperatorRow& row, const Expression& expression) {
    const std::size_t count = operands_of(expression);
    if (count < row.items_min) return unsound(expression.text + " takes more operands");
    Node node;
    node.op = row.op;
    MRV_CHECK(take_items(expression, count, node));
    MRV_TRY(node.type, type_of(node.op, node.items));
    node.type.is_zero_literal = false;
    MRV_TRY(node.reduced, common_axes(program_, node.items));
    if (node.reduced.empty()) return unsound(expression.text + " needs values to reduce");
    node.type.axes.clear();
    if (count == expression.items.size()) return node;
    std::vector<AxisId> named;
    for (std::size_t i = count; i < expression.items.size(); ++i) {
      const AxisId axis = *axis_named(expression.items[i]);
      if (!has_axis(node.reduced, axis) || has_axis(named, axis)) {
        return unsound(expression.text + " over " + expression.items[i].text +
                       ", which its operands do not range over, or twice");
      }
      named = with_axis(named, axis);
    }
    for (const AxisId axis : node.reduced) {
      if (!has_axis(named, axis)) node.type.axes.push_back(axis);
    }
    node.reduced = std::move(named);
    return node;
  }

  // "parameter.field", or "parameter" where it has one field "value".
  [[nodiscard]] std::optional<Node> field_node(const std::string& text) const {
    const auto point = text.find('.');
    const std::string name = text.substr(0, point);
    const std::string wanted = point == std::string::npos ? "value" : text.substr(point + 1);
    for (std::size_t p = 0; p < program_.parameters.size(); ++p) {
      const auto& compiled = program_.parameters[p];
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
        node.type.axes = axes_of(program_, compiled, p);
        return node;
      }
    }
    return std::nullopt;
  }

  Result<Node> leaf(const std::string& text) const {
    for (std::size_t d = 0; d < program_.definitions.size(); ++d) {
      if (program_.definitions[d].name != text) continue;
      Node node;
      node.op = Operator::kDefinition;
      node.first = d;
      node.type = program_.definitions[d].node.type;
      node.type.axes = without_axes(node.type.axes, bound_);
      return node;
    }
    if (auto field = field_node(text)) {
      field->type.axes = without_axes(field->type.axes, bound_);
      return *std::move(field);
    }
    auto number = Rational::parse(text);
    if (!number.ok()) return unsound("unknown name " + text);
    Node node;
    node.type.is_zero_literal = number->is_zero();
    node.literal = *std::move(number);
    return node;
  }

  // ["quantity", number, unit, kind]
  static Result<Node> quantity(const Expression& expression) {
    const auto& items = expression.items;
    const bool form =
        items.size() == 3 &&
        std::all_of(items.begin(), items.end(), [](const auto& item) { return item.is_leaf; });
    if (!form) return unsound("quantity takes a number, a unit and a kind");
    Node node;
    auto number = Rational::parse(items[0].text);
    if (!number.ok()) return unsound("not a number: " + items[0].text);
    node.literal = *std::move(number);
    auto unit = parse_unit(items[1].text);
    if (!unit.ok()) return unsound(unit.error().detail);
    node.type.unit = *std::move(unit);
    for (std::size_t k = 0; k < model::EnumNames<QuantityKind>::kCount; ++k) {
      const auto kind = static_cast<QuantityKind>(k);
      if (model::name_of(kind) == items[2].text) node.type.kind = kind;
    }
    if (!node.type.kind) return unsound("unknown kind " + items[2].text);
    return node;
  }

  static Result<Node> text_literal(const Expression& expression) {
    if (expression.items.size() != 1 || !expression.items[0].is_leaf) {
      return unsound("text takes one text");
    }
    Node node;
    node.op = Operator::kTextLiteral;
    node.type.value = ValueClass::kText;
    node.text = expression.items[0].text;
    return node;
  }

  // ["lookup", table, key…]
  // NOLINTNEXTLINE(misc-no-recursion): the expression's depth was bounded when it was read
  Result<Node> lookup(const Expression& expression) {
    const auto& tables = program_.document.tables;
    if (expression.items.empty()) return unsound("lookup takes a table and keys");
    const auto& name = expression.items[0];
    const auto found = std::find_if(tables.begin(), tables.end(),
                                    [&](const auto& table) { return table.name == name.text; });
    if (!name.is_leaf || found == tables.end()) return unsound("unknown table " + name.text);
    Node node;
    node.op = Operator::kLookup;
    node.first = static_cast<std::size_t>(found - tables.begin());
    node.type.unit = program_.table_units[node.first];
    node.type.kind = found->kind;
    if (expression.items.size() - 1 != static_cast<std::size_t>(found->keys)) {
      return unsound("table " + name.text + " has another number of keys");
    }
    for (std::size_t i = 1; i < expression.items.size(); ++i) {
      MRV_TRY(Node key, run(expression.items[i]));
      const bool number = found->interpolation && i + 1 == expression.items.size();
      if (key.type.value != (number ? ValueClass::kNumber : ValueClass::kText)) {
        return unsound("a key of table " + name.text + (number ? " is a number" : " is a text"));
      }
      if (number && !key.type.is_zero_literal &&
          !(key.type.unit == program_.table_key_units[node.first])) {
        return unsound("a key of table " + name.text + " in " + key.type.unit.text());
      }
      node.items.push_back(std::move(key));
    }
    MRV_TRY(node.type.axes, common_axes(program_, node.items));
    return node;
  }

  // ["rounded", output]
  Result<Node> rounded(const Expression& expression) const {
    const auto& outputs = program_.document.outputs;
    const bool form = expression.items.size() == 1 && expression.items[0].is_leaf;
    if (!form) return unsound("rounded takes the name of an output");
    const auto output = std::find_if(outputs.begin(), outputs.end(), [&](const auto& each) {
      return each.name == expression.items[0].text;
    });
    if (output == outputs.end()) return unsound("unknown output " + expression.items[0].text);
    if (output->basis.value_or(model::RoundBasis::each) != model::RoundBasis::each) {
      return unsound("an output that is rounded on its running total");
    }
    auto node = leaf(output->definition);
    if (!node.ok()) return node;
    if (node->op != Operator::kDefinition) return unsound("its definition stands below");
    node->op = Operator::kRounded;
    node->field = static_cast<std::size_t>(output->round);
    MRV_TRY(node->literal, Rational::parse(output->step.text));
    if (node->literal.is_zero()) return unsound("a step is above zero");
    return node;
  }

  // The key fields of a group_by: of one parameter that has records, each with an axis.
  Result<Grouping> grouping_of(const Expression& expression) const {
    Grouping grouping;
    for (std::size_t i = 0; i + 1 < expression.items.size(); ++i) {
      const auto& item = expression.items[i];
      const auto key = item.is_leaf ? field_node(item.text) : std::nullopt;
      if (!key) return unsound("group_by takes fields as keys");
      const auto& parameter = program_.parameters[key->first];
      const auto axis = parameter.fields[key->field].axis;
      if (!parameter.has_records() || !axis) return unsound("no axis to group by: " + item.text);
      if (i > 0 && key->first != grouping.parameter) return unsound("keys of two parameters");
      if (has_axis(grouping.axes, *axis)) return unsound("the axis is grouped by twice");
      grouping.parameter = key->first;
      grouping.fields.push_back(key->field);
      grouping.axes.push_back(*axis);
    }
    if (grouping.fields.empty()) return unsound("group_by takes keys and a body");
    return grouping;
  }

  // ["group_by", key…, body]
  // NOLINTNEXTLINE(misc-no-recursion): the expression's depth was bounded when it was read
  Result<Node> group_by(const Expression& expression) {
    MRV_TRY(const Grouping grouping, grouping_of(expression));
    if (has_axis(grouped_, grouping.parameter)) {
      return unsound("group_by inside a group_by of the same records");
    }
    const std::vector<AxisId> outer_bound = bound_;
    const std::vector<AxisId> outer_grouped = grouped_;
    grouped_ = with_axis(grouped_, grouping.parameter);
    for (const AxisId axis : grouping.axes) bound_ = with_axis(bound_, axis);
    auto body = run(expression.items.back());
    bound_ = outer_bound;
    grouped_ = outer_grouped;
    if (!body.ok()) return body;
    if (has_axis(body->type.axes, program_.records_of(grouping.parameter))) {
      return unsound("the body of a group_by reduces its records");
    }
    Node node;
    node.op = Operator::kGroupBy;
    node.type = body->type;
    for (const AxisId axis : without_axes(grouping.axes, bound_)) {
      node.type.axes = with_axis(node.type.axes, axis);
    }
    MRV_CHECK(check_together(program_, node.type.axes));
    node.first = static_cast<std::size_t>(
        std::find(program_.groupings.begin(), program_.groupings.end(), grouping) -
        program_.groupings.begin());
    if (node.first == program_.groupings.size()) program_.groupings.push_back(grouping);
    node.items.push_back(*std::move(body));
    return node;
  }

  // ["at", axis, key, value]; the value is a name, so that reading it costs one step.
  // NOLINTNEXTLINE(misc-no-recursion): the expression's depth was bounded when it was read
  Result<Node> at(const Expression& expression) {
    MRV_TRY(Node node, along_axis(expression, Operator::kAt, 3));
    const Node& key = node.items[0];
    const Node& value = node.items[1];
    if (key.type.value != ValueClass::kText || has_axis(key.type.axes, node.first)) {
      return unsound("the key of at is a text that does not range over the axis");
    }
    const bool name = value.op == Operator::kField || value.op == Operator::kDefinition ||
                      value.op == Operator::kRounded;
    if (!name || !has_axis(value.type.axes, node.first)) {
      return unsound("the value of at is a name that ranges over the axis");
    }
    node.type = value.type;
    node.type.axes = without_axes(value.type.axes, {node.first});
    for (const AxisId axis : key.type.axes) node.type.axes = with_axis(node.type.axes, axis);
    MRV_CHECK(check_together(program_, node.type.axes));
    return node;
  }

  // ["prev", axis, value, first]
  // NOLINTNEXTLINE(misc-no-recursion): the expression's depth was bounded when it was read
  Result<Node> previous(const Expression& expression) {
    MRV_TRY(Node node, along_axis(expression, Operator::kPrevious, 3));
    MRV_TRY(node.type, type_of(Operator::kMin, node.items));
    node.type.is_zero_literal = false;
    return over_ordered(std::move(node));
  }

  // ["fold_cumulative", axis, value]
  // NOLINTNEXTLINE(misc-no-recursion): the expression's depth was bounded when it was read
  Result<Node> cumulate(const Expression& expression) {
    MRV_TRY(Node node, along_axis(expression, Operator::kCumulate, 2));
    MRV_TRY(node.type, type_of(Operator::kCumulate, node.items));
    node.type.is_zero_literal = false;
    return over_ordered(std::move(node));
  }

  // NOLINTNEXTLINE(misc-no-recursion): the expression's depth was bounded when it was read
  Result<Node> along_axis(const Expression& expression, Operator op, std::size_t count) {
    if (expression.items.size() != count) {
      return unsound(expression.text + " takes another number of operands");
    }
    const auto axis = axis_named(expression.items[0]);
    if (!axis) return unsound(expression.text + " takes an axis first");
    if (has_axis(bound_, *axis)) return unsound("inside a group_by the axis is one member");
    Node node;
    node.op = op;
    node.first = *axis;
    for (std::size_t i = 1; i < count; ++i) {
      MRV_TRY(Node item, run(expression.items[i]));
      node.items.push_back(std::move(item));
    }
    return node;
  }

  Result<Node> over_ordered(Node node) const {
    if (!program_.axes[node.first].is_ordered()) {
      return unsound(program_.axes[node.first].name + " has no order");
    }
    MRV_TRY(auto axes, common_axes(program_, node.items));
    node.type.axes = with_axis(axes, node.first);
    MRV_CHECK(check_together(program_, node.type.axes));
    return node;
  }

  Program& program_;
  std::vector<AxisId> bound_;
  std::vector<std::size_t> grouped_;  // parameters
};

}  // namespace

Result<Node> type_expression(const Expression& expression, Program& program) {
  return Typing(program).run(expression);
}

}  // namespace mrv::methodology
