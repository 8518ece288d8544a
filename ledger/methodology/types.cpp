// Units and kinds of what an operator yields, from those of its operands.
#include <algorithm>
#include <span>

#include "ledger/methodology/expression.h"
#include "ledger/methodology/kinds.h"

namespace mrv::methodology {
namespace {

using model::QuantityKind;

Error unfit(std::string detail) { return {"METHODOLOGY_INVALID", std::move(detail), {}}; }

std::string kind_text(const Kind& kind) {
  return kind ? std::string(model::name_of(*kind)) : "pure number";
}

Status expect(const std::vector<Node>& items, ValueClass value, std::string_view what) {
  const bool all = std::all_of(items.begin(), items.end(),
                               [value](const Node& item) { return item.type.value == value; });
  if (!all) return unfit(std::string(what) + " needs operands of another type");
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
      return unfit(std::string(what) + " of " + type.unit.text() + " and " + next.unit.text());
    }
    const auto kind = combine(type.kind, next.kind);
    if (!kind) {
      return unfit(std::string(what) + " of a " + kind_text(type.kind) + " and a " +
                   kind_text(next.kind));
    }
    type.kind = *kind;
  }
  return type;
}

Result<Type> product(const std::vector<Node>& items) {
  Type type = items[0].type;
  for (std::size_t i = 1; i < items.size(); ++i) {
    const Type& next = items[i].type;
    const auto kind = kind_of_product(type.kind, next.kind);
    if (!kind) {
      return unfit("product of a " + kind_text(type.kind) + " and a " + kind_text(next.kind));
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
    return unfit("quotient of a " + kind_text(type.kind) + " and a " +
                 kind_text(items[1].type.kind));
  }
  type.kind = *kind;
  type.unit = type.unit.over(items[1].type.unit);
  type.is_zero_literal = false;
  return type;
}

// Every exponent halved; the kind of which the operand's is the square.
Result<Type> root(const Type& operand) {
  Type type = operand;
  type.is_zero_literal = false;
  for (auto& [symbol, exponent] : type.unit.exponents) {
    if (exponent % 2 != 0) return unfit("square root of " + operand.unit.text());
    exponent /= 2;
  }
  const auto kind = kind_of_root(operand.kind);
  const bool fits = kind && (operand.unit.is_one() || (operand.kind && is_square(*operand.kind)));
  if (!fits) return unfit("square root of a " + kind_text(operand.kind));
  type.kind = *kind;
  return type;
}

// exp, ln and pow: pure numbers in, a pure number or an intensity out.
Result<Type> transcendental(const std::vector<Node>& items) {
  Type type;
  for (const Node& item : items) {
    const auto& kind = item.type.kind;
    if (!item.type.unit.is_one() || (kind && (is_extensive(*kind) || is_square(*kind)))) {
      return unfit("exp, ln and pow take pure numbers, not a " + kind_text(kind) + " in " +
                   item.type.unit.text());
    }
    if (kind) type.kind = QuantityKind::intensity;
  }
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
    case Operator::kSqrt:
      return root(items[0].type);
    case Operator::kExp:
    case Operator::kLn:
    case Operator::kPow:
      return transcendental(items);
    case Operator::kSum:
    case Operator::kCumulate:
      return items[0].type;
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

Result<Type> conditional_type(const std::vector<Node>& items) {
  if (items[0].type.value != ValueClass::kBoolean) return unfit("if needs a condition first");
  if (items[1].type.value != items[2].type.value) return unfit("if yields two types");
  if (items[1].type.value != ValueClass::kNumber) return items[1].type;
  return alike(std::span(items).subspan(1), same_kind, "choice");
}

Type count_type() {
  Type type;
  type.kind = QuantityKind::count;
  return type;
}

}  // namespace

Result<Type> type_of(Operator op, const std::vector<Node>& items) {
  switch (op) {
    case Operator::kCount:
      return count_type();
    case Operator::kLess:
    case Operator::kLessEqual:
    case Operator::kGreater:
    case Operator::kGreaterEqual:
    case Operator::kEqual:
    case Operator::kNotEqual:
      return comparison_type(op, items);
    case Operator::kAll:
    case Operator::kAny:
    case Operator::kAnd:
    case Operator::kOr:
    case Operator::kNot:
      MRV_CHECK(expect(items, ValueClass::kBoolean, "and, or, not, all, any"));
      return boolean_type();
    case Operator::kIf:
      return conditional_type(items);
    default:
      return arithmetic_type(op, items);
  }
}

}  // namespace mrv::methodology
