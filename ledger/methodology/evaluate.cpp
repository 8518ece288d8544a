// A tree walk: one node, one combination of members at a time.
#include "ledger/methodology/evaluate.h"

#include <algorithm>
#include <limits>

#include "ledger/methodology/axes.h"
#include "ledger/methodology/table_lookup.h"
#include "ledger/methodology/transcendental.h"

namespace mrv::methodology {
namespace {

Error failed(std::string why) { return {"CALCULATION_FAILED", std::move(why), {}}; }

// The walk is as deep as the expression, whose depth was bounded when it was read.
// NOLINTBEGIN(misc-no-recursion)

// Evaluates nodes at the members that `at_` names. Inside a group_by, `groups_` holds the records
// of its parameter that count.
class Evaluator {
 public:
  Evaluator(const Slice& slice, const std::vector<DefinitionValue>& values, Meter& meter)
      : slice_(slice),
        values_(values),
        meter_(meter),
        at_(slice.program.axes.size() + slice.program.parameters.size()),
        groups_(slice.program.parameters.size()) {}

  // A definition's values over all its axes. Errors: CALCULATION_FAILED.
  Result<DefinitionValue> all(const Node& node) {
    std::size_t count = 1;
    for (const AxisId axis : node.type.axes) {
      const std::size_t members = slice_.size_of(axis);
      if (members != 0 && count > kDefinitionValuesMax / members) {
        return failed("it has more than " + std::to_string(kDefinitionValuesMax) + " values");
      }
      count *= members;
    }
    DefinitionValue value;
    value.reserve(count);
    MRV_CHECK(each(node.type.axes, [&]() -> Status {
      MRV_TRY(Rational one, number(node));
      value.push_back(std::move(one));
      return {};
    }));
    return value;
  }

  Result<bool> flag(const Node& node) {
    switch (node.op) {
      case Operator::kIf: {
        MRV_TRY(const bool condition, flag(node.items[0]));
        return flag(node.items[condition ? 1 : 2]);
      }
      case Operator::kAnd:
      case Operator::kOr:
        return joined(node);
      case Operator::kNot: {
        MRV_TRY(const bool value, flag(node.items[0]));
        return !value;
      }
      case Operator::kAll:
      case Operator::kAny:
        return quantified(node);
      case Operator::kGroupBy:
        return in_group(node, [&] { return flag(node.items[0]); });
      default:
        return compared(node);
    }
  }

 private:
  Result<Rational> number(const Node& node) {
    switch (node.op) {
      case Operator::kLiteral:
        return node.literal;
      case Operator::kField:
        return field_number(node);
      case Operator::kDefinition:
        return values_[node.first][position_of(node.first)];
      case Operator::kRounded:
        return rounded(values_[node.first][position_of(node.first)],
                       static_cast<model::RoundDirection>(node.field), node.literal);
      case Operator::kIf: {
        MRV_TRY(const bool condition, flag(node.items[0]));
        return number(node.items[condition ? 1 : 2]);
      }
      case Operator::kSum:
      case Operator::kSumProduct:
        return summed(node);
      case Operator::kCount:
        return counted(node);
      case Operator::kLeast:
      case Operator::kGreatest:
        return extreme(node);
      case Operator::kGroupBy:
        return in_group(node, [&] { return number(node.items[0]); });
      case Operator::kAt:
        return at_member(node);
      case Operator::kPrevious:
        return previous(node);
      case Operator::kCumulate:
        return cumulated(node);
      case Operator::kLookup:
        return looked_up(node);
      default:
        return arithmetic(node);
    }
  }

  Result<std::string_view> text(const Node& node) {
    switch (node.op) {
      case Operator::kTextLiteral:
        return std::string_view(node.text);
      case Operator::kIf: {
        MRV_TRY(const bool condition, flag(node.items[0]));
        return text(node.items[condition ? 1 : 2]);
      }
      case Operator::kGroupBy:
        return in_group(node, [&] { return text(node.items[0]); });
      case Operator::kAt:
        return with_member(node, [&] { return text(node.items[1]); });
      case Operator::kPrevious:
        return at_previous(node, [&](const Node& item) { return text(item); });
      default: {
        MRV_TRY(const std::size_t record, record_of(node));
        return slice_.data.parameters[node.first].text(node.field, record);
      }
    }
  }

  // Runs `visit` for every combination of members of the axes from `from` on, in order.
  template <class F>
  Status each(const std::vector<AxisId>& axes, F&& visit, std::size_t from = 0) {
    if (from == axes.size()) return visit();
    const AxisId axis = axes[from];
    const std::size_t before = at_[axis];
    Status status;
    if (slice_.program.is_records(axis) && groups_[axis - slice_.program.axes.size()]) {
      for (const auto position : *groups_[axis - slice_.program.axes.size()]) {
        at_[axis] = position;
        status = each(axes, visit, from + 1);
        if (!status.ok()) break;
      }
    } else {
      const std::size_t size = slice_.size_of(axis);
      for (std::size_t member = 0; member < size && status.ok(); ++member) {
        at_[axis] = member;
        status = each(axes, visit, from + 1);
      }
    }
    at_[axis] = before;
    return status;
  }

  // The value's place among a definition's values.
  [[nodiscard]] std::size_t position_of(std::size_t definition) const {
    std::size_t position = 0;
    for (const AxisId axis : slice_.program.definitions[definition].node.type.axes) {
      position = position * slice_.size_of(axis) + at_[axis];
    }
    return position;
  }

  Result<std::size_t> record_of(const Node& node) const {
    const auto& parameter = slice_.program.parameters[node.first];
    const auto& records = slice_.records[node.first];
    std::size_t position = 0;
    if (parameter.has_records()) {
      position = at_[slice_.program.records_of(node.first)];
    } else {
      for (const std::size_t key : parameter.keys) {
        const AxisId axis = *parameter.fields[key].axis;
        position = position * slice_.size_of(axis) + at_[axis];
      }
    }
    if (position >= records.size()) return failed("no record of " + parameter.parameter.name);
    return records[position];
  }

  Result<Rational> field_number(const Node& node) const {
    MRV_TRY(const std::size_t record, record_of(node));
    return slice_.data.parameters[node.first].numbers[node.field][record];
  }

  Result<bool> joined(const Node& node) {
    bool all = true;
    bool any = false;
    for (const Node& item : node.items) {
      MRV_TRY(const bool value, flag(item));
      all = all && value;
      any = any || value;
    }
    return node.op == Operator::kAnd ? all : any;
  }

  Result<bool> quantified(const Node& node) {
    bool result = node.op == Operator::kAll;
    MRV_CHECK(each(node.reduced, [&]() -> Status {
      MRV_TRY(const bool value, flag(node.items[0]));
      result = node.op == Operator::kAll ? result && value : result || value;
      return {};
    }));
    return result;
  }

  Result<bool> compared(const Node& node) {
    std::strong_ordering order = std::strong_ordering::equal;
    if (node.items[0].type.value == ValueClass::kText) {
      MRV_TRY(const auto left, text(node.items[0]));
      MRV_TRY(const auto right, text(node.items[1]));
      order = left <=> right;
    } else {
      MRV_TRY(const Rational left, paid(node.items[0]));
      MRV_TRY(const Rational right, paid(node.items[1]));
      order = left <=> right;
    }
    switch (node.op) {
      case Operator::kLess:
        return order < 0;
      case Operator::kLessEqual:
        return order <= 0;
      case Operator::kGreater:
        return order > 0;
      case Operator::kGreaterEqual:
        return order >= 0;
      case Operator::kEqual:
        return order == 0;
      default:
        return order != 0;
    }
  }

  // An operand, with what its length costs.
  Result<Rational> paid(const Node& node) {
    MRV_TRY(Rational value, number(node));
    MRV_CHECK(meter_.pay(value));
    return value;
  }

  Result<Rational> summed(const Node& node) {
    Rational sum;
    MRV_CHECK(each(node.reduced, [&]() -> Status {
      MRV_TRY(Rational product, paid(node.items[0]));
      for (std::size_t i = 1; i < node.items.size(); ++i) {
        MRV_TRY(const Rational factor, paid(node.items[i]));
        MRV_TRY(product, product.times(factor));
        MRV_CHECK(meter_.pay(product));
      }
      MRV_TRY(sum, sum.plus(product));
      return meter_.pay(sum);
    }));
    return sum;
  }

  [[nodiscard]] Result<Rational> counted(const Node& node) {
    std::uint64_t count = 1;
    for (const AxisId axis : node.reduced) {
      const bool records = slice_.program.is_records(axis);
      const auto& group = groups_[records ? axis - slice_.program.axes.size() : 0];
      count *= records && group ? group->size() : slice_.size_of(axis);
    }
    return Rational(static_cast<std::int64_t>(count));
  }

  Result<Rational> extreme(const Node& node) {
    std::optional<Rational> best;
    MRV_CHECK(each(node.reduced, [&]() -> Status {
      MRV_TRY(Rational value, paid(node.items[0]));
      const bool better = !best || (node.op == Operator::kLeast ? value < *best : *best < value);
      if (better) best = std::move(value);
      return meter_.pay(*best);
    }));
    if (!best) return failed("min or max of nothing");
    return *std::move(best);
  }

  // Runs `body` with the records of the member alone.
  template <class F>
  auto in_group(const Node& node, F&& body) -> decltype(body()) {
    const Grouping& grouping = slice_.program.groupings[node.first];
    auto& group = groups_[grouping.parameter];
    group = slice_.groups[node.first].of(group_at(slice_, grouping, at_));
    auto result = body();
    group.reset();
    return result;
  }

  // The position of the member that a key names. Errors: CALCULATION_FAILED.
  Result<std::size_t> member_of(AxisId axis, const Node& key) {
    if (key.op == Operator::kField &&
        slice_.program.parameters[key.first].fields[key.field].axis == axis) {
      MRV_TRY(const std::size_t record, record_of(key));
      return slice_.data.parameters[key.first].texts[key.field].codes[record];
    }
    MRV_TRY(const std::string_view wanted, text(key));
    const auto& members = slice_.data.axes[axis];
    const auto found = std::lower_bound(members.begin(), members.end(), wanted);
    if (found == members.end() || *found != wanted) {
      return failed("no member of " + slice_.program.axes[axis].name + ": " + std::string(wanted));
    }
    return static_cast<std::size_t>(found - members.begin());
  }

  template <class F>
  auto with_member(const Node& node, F&& read) -> decltype(read()) {
    auto member = member_of(node.first, node.items[0]);
    if (!member.ok()) return member.error();
    const std::size_t before = at_[node.first];
    at_[node.first] = *member;
    auto result = read();
    at_[node.first] = before;
    return result;
  }

  Result<Rational> at_member(const Node& node) {
    return with_member(node, [&] { return number(node.items[1]); });
  }

  template <class F>
  auto at_previous(const Node& node, F&& read) -> decltype(read(node)) {
    if (at_[node.first] == 0) return read(node.items[1]);
    --at_[node.first];
    auto result = read(node.items[0]);
    ++at_[node.first];
    return result;
  }

  Result<Rational> previous(const Node& node) {
    return at_previous(node, [&](const Node& item) { return number(item); });
  }

  Result<Rational> cumulated(const Node& node) {
    const std::size_t last = at_[node.first];
    Rational sum;
    Status status;
    for (std::size_t member = 0; member <= last && status.ok(); ++member) {
      at_[node.first] = member;
      status = [&]() -> Status {
        MRV_TRY(const Rational value, paid(node.items[0]));
        MRV_TRY(sum, sum.plus(value));
        return meter_.pay(sum);
      }();
    }
    at_[node.first] = last;
    if (!status.ok()) return status.error();
    return sum;
  }

  Result<Rational> looked_up(const Node& node) {
    const PreparedTable& table = slice_.tables[node.first];
    const auto interpolation = slice_.program.document.tables[node.first].interpolation;
    const std::size_t texts = node.items.size() - (interpolation ? 1 : 0);
    std::vector<std::string_view> keys;
    for (std::size_t i = 0; i < texts; ++i) {
      MRV_TRY(const std::string_view key, text(node.items[i]));
      keys.push_back(key);
    }
    if (!interpolation) return row_of(table, keys);
    MRV_TRY(const Rational last, paid(node.items.back()));
    return between_rows(table, keys, last, *interpolation);
  }

  Result<Rational> arithmetic(const Node& node) {
    MRV_TRY(Rational result, paid(node.items[0]));
    switch (node.op) {
      case Operator::kAbs:
        return result.is_negative() ? result.negated() : result;
      case Operator::kSqrt:
        return rounded_sqrt(result);
      case Operator::kExp:
        return rounded_exp(result, meter_);
      case Operator::kLn:
        return rounded_ln(result, meter_);
      case Operator::kClamp: {
        MRV_TRY(const Rational low, paid(node.items[1]));
        MRV_TRY(const Rational high, paid(node.items[2]));
        if (high < low) return failed("clamp with an empty range");
        return std::min(std::max(result, low), high);
      }
      default:
        break;
    }
    for (std::size_t i = 1; i < node.items.size(); ++i) {
      MRV_TRY(const Rational next, paid(node.items[i]));
      MRV_TRY(result, combined(node.op, result, next));
      MRV_CHECK(meter_.pay(result));
    }
    return result;
  }

  Result<Rational> combined(Operator op, const Rational& a, const Rational& b) {
    switch (op) {
      case Operator::kAdd:
        return a.plus(b);
      case Operator::kSubtract:
        return a.minus(b);
      case Operator::kMultiply:
        return a.times(b);
      case Operator::kDivide:
        return a.over(b);
      case Operator::kPow:
        return rounded_pow(a, b, meter_);
      case Operator::kMin:
        return std::min(a, b);
      default:
        return std::max(a, b);
    }
  }

  const Slice& slice_;
  const std::vector<DefinitionValue>& values_;
  Meter& meter_;
  std::vector<std::size_t> at_;  // of each axis, and of each parameter's records
  std::vector<std::optional<std::span<const std::uint32_t>>> groups_;  // of each parameter
};

// NOLINTEND(misc-no-recursion)

Error failed_in(const std::string& name, const Error& error) {
  const bool named = error.name == "CALCULATION_FAILED";
  return failed(name + ": " + (named ? "" : std::string(error.name) + ": ") + error.detail);
}

}  // namespace

Result<std::vector<DefinitionValue>> evaluate_definitions(const Slice& slice, Meter& meter) {
  std::vector<DefinitionValue> values;
  values.reserve(slice.program.definitions.size());
  Evaluator evaluator(slice, values, meter);
  for (const auto& definition : slice.program.definitions) {
    auto value = evaluator.all(definition.node);
    if (!value.ok()) return failed_in(definition.name, value.error());
    values.push_back(*std::move(value));
  }
  return values;
}

Status evaluate_checks(const Slice& slice, const std::vector<DefinitionValue>& values,
                       Meter& meter) {
  Evaluator evaluator(slice, values, meter);
  for (std::size_t c = 0; c < slice.program.checks.size(); ++c) {
    const auto& check = slice.program.checks[c];
    const auto holds = evaluator.flag(check.node);
    if (!holds.ok()) return failed_in(check.name, holds.error());
    if (*holds) continue;
    return Error{"CHECK_FAILED", check.name + ": " + slice.program.document.checks[c].message.en,
                 "/credentialSubject/inputs"};
  }
  return {};
}

Result<Rational> rounded(const Rational& exact, model::RoundDirection direction,
                         const Rational& step) {
  MRV_TRY(const Rational steps, exact.over(step));
  const bool down = direction == model::RoundDirection::floor;
  return (down ? steps.floor() : steps.ceil()).times(step);
}

}  // namespace mrv::methodology
