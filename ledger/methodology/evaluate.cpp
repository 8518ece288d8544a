// A tree walk: one node, one record at a time.
#include "ledger/methodology/evaluate.h"

#include <algorithm>
#include <numeric>

namespace mrv::methodology {
namespace {

struct Value {
  Rational number;
  bool flag = false;
  std::string text;
};

Value number_value(Rational number) { return {std::move(number), false, {}}; }
Value flag_value(bool flag) { return {{}, flag, {}}; }

class Evaluator {
 public:
  Evaluator(const Slice& slice, const std::vector<DefinitionValue>& values, Meter& meter)
      : slice_(slice), values_(values), meter_(meter) {}

  // `at`: position among the slice's records of the parameter that the node ranges over.
  // NOLINTNEXTLINE(misc-no-recursion): depth was bounded when the expression was read
  Result<Value> run(const Node& node, std::size_t at) const {
    switch (node.op) {
      case Operator::kLiteral:
        return number_value(node.literal);
      case Operator::kTextLiteral:
        return Value{{}, false, node.text};
      case Operator::kField:
        return field(node, at);
      case Operator::kDefinition: {
        const auto& value = values_[node.first];
        return number_value(node.type.over ? value[at] : value[0]);
      }
      case Operator::kSum:
      case Operator::kSumProduct:
      case Operator::kCount:
      case Operator::kAll:
      case Operator::kAny:
        return reduce(node);
      case Operator::kIf: {
        MRV_TRY(const Value condition, run(node.items[0], at));
        return run(node.items[condition.flag ? 1 : 2], at);
      }
      case Operator::kLookup:
        return lookup(node, at);
      default:
        return combine(node, at);
    }
  }

  [[nodiscard]] std::size_t records_of(std::size_t parameter) const {
    return slice_.records[parameter].size();
  }

 private:
  Result<Value> field(const Node& node, std::size_t at) const {
    const auto& data = slice_.data[node.first];
    const auto& records = slice_.records[node.first];
    const std::size_t position = node.type.over ? at : 0;
    if (position >= records.size()) {
      return Error{"CALCULATION_FAILED", "no record of " + parameter_name(node.first), {}};
    }
    const std::size_t record = records[position];
    if (node.type.value == ValueClass::kText) {
      return Value{{}, false, data.texts[node.field][record]};
    }
    return number_value(data.numbers[node.field][record]);
  }

  // NOLINTNEXTLINE(misc-no-recursion): depth was bounded when the expression was read
  Result<Value> lookup(const Node& node, std::size_t at) const {
    std::vector<std::string> keys;
    for (const Node& item : node.items) {
      MRV_TRY(Value key, run(item, at));
      keys.push_back(std::move(key.text));
    }
    const auto& rows = slice_.tables[node.first]->rows;
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const auto& candidate) { return candidate.keys == keys; });
    if (row == rows.end()) {
      return Error{"CALCULATION_FAILED", "the table has no row for " + keys[0], {}};
    }
    MRV_TRY(Rational factor, Rational::parse(row->value.text));
    return number_value(std::move(factor));
  }

  // NOLINTNEXTLINE(misc-no-recursion): depth was bounded when the expression was read
  Result<Value> reduce(const Node& node) const {
    const std::size_t records = records_of(rows_of(node));
    if (node.op == Operator::kCount) {
      return number_value(Rational(static_cast<std::int64_t>(records)));
    }
    if (node.op == Operator::kAll || node.op == Operator::kAny) {
      const bool wanted = node.op == Operator::kAny;
      for (std::size_t at = 0; at < records; ++at) {
        MRV_TRY(const Value value, run(node.items[0], at));
        if (value.flag == wanted) return flag_value(wanted);
      }
      return flag_value(!wanted);
    }
    Rational sum;
    for (std::size_t at = 0; at < records; ++at) {
      Rational product(1);
      for (const Node& item : node.items) {
        MRV_TRY(const Value value, run(item, at));
        MRV_TRY(product, product.times(value.number));
        MRV_CHECK(meter_.pay(product));
      }
      MRV_TRY(sum, sum.plus(product));
      MRV_CHECK(meter_.pay(sum));
    }
    return number_value(std::move(sum));
  }

  // NOLINTNEXTLINE(misc-no-recursion): depth was bounded when the expression was read
  Result<Value> combine(const Node& node, std::size_t at) const {
    std::vector<Value> operands;
    for (const Node& item : node.items) {
      MRV_TRY(Value value, run(item, at));
      MRV_CHECK(meter_.pay(value.number));
      operands.push_back(std::move(value));
    }
    switch (node.op) {
      case Operator::kAnd:
        return flag_value(
            std::all_of(operands.begin(), operands.end(), [](const Value& v) { return v.flag; }));
      case Operator::kOr:
        return flag_value(
            std::any_of(operands.begin(), operands.end(), [](const Value& v) { return v.flag; }));
      case Operator::kNot:
        return flag_value(!operands[0].flag);
      case Operator::kLess:
      case Operator::kLessEqual:
      case Operator::kGreater:
      case Operator::kGreaterEqual:
      case Operator::kEqual:
      case Operator::kNotEqual:
        return compare(node, operands);
      default:
        return arithmetic(node.op, operands);
    }
  }

  static Result<Value> compare(const Node& node, const std::vector<Value>& operands) {
    const bool texts = node.items[0].type.value == ValueClass::kText;
    const auto order =
        texts ? operands[0].text <=> operands[1].text : operands[0].number <=> operands[1].number;
    switch (node.op) {
      case Operator::kLess:
        return flag_value(order < 0);
      case Operator::kLessEqual:
        return flag_value(order <= 0);
      case Operator::kGreater:
        return flag_value(order > 0);
      case Operator::kGreaterEqual:
        return flag_value(order >= 0);
      case Operator::kEqual:
        return flag_value(order == 0);
      default:
        return flag_value(order != 0);
    }
  }

  Result<Value> arithmetic(Operator op, const std::vector<Value>& operands) const {
    Rational result = operands[0].number;
    if (op == Operator::kAbs) {
      return number_value(result.is_negative() ? result.negated() : result);
    }
    if (op == Operator::kClamp) {
      const Rational& low = operands[1].number;
      const Rational& high = operands[2].number;
      if (high < low) return Error{"CALCULATION_FAILED", "clamp with an empty range", {}};
      return number_value(std::min(std::max(result, low), high));
    }
    for (std::size_t i = 1; i < operands.size(); ++i) {
      const Rational& next = operands[i].number;
      switch (op) {
        case Operator::kAdd: {
          MRV_TRY(result, result.plus(next));
          break;
        }
        case Operator::kSubtract: {
          MRV_TRY(result, result.minus(next));
          break;
        }
        case Operator::kMultiply: {
          MRV_TRY(result, result.times(next));
          break;
        }
        case Operator::kDivide: {
          MRV_TRY(result, result.over(next));
          break;
        }
        case Operator::kMin:
          result = std::min(result, next);
          break;
        default:
          result = std::max(result, next);
          break;
      }
      MRV_CHECK(meter_.pay(result));
    }
    return number_value(std::move(result));
  }

  [[nodiscard]] std::string parameter_name(std::size_t parameter) const {
    return slice_.program.parameters[parameter].parameter.name;
  }

  const Slice& slice_;
  const std::vector<DefinitionValue>& values_;
  Meter& meter_;
};

Error failed(const std::string& name, const Error& error) {
  return {"CALCULATION_FAILED", name + ": " + std::string(error.name) + ": " + error.detail, {}};
}

}  // namespace

std::vector<std::vector<std::size_t>> select_records(const Program& program,
                                                     const std::vector<ParameterData>& data,
                                                     std::optional<std::int64_t> year) {
  std::vector<std::vector<std::size_t>> selected(data.size());
  for (std::size_t p = 0; p < data.size(); ++p) {
    const bool dated = program.parameters[p].date_field.has_value();
    for (std::size_t r = 0; r < data[p].records; ++r) {
      if (!year || !dated || data[p].years[r] == *year) selected[p].push_back(r);
    }
  }
  return selected;
}

Result<std::vector<DefinitionValue>> evaluate_definitions(const Slice& slice, Meter& meter) {
  std::vector<DefinitionValue> values;
  values.reserve(slice.program.definitions.size());
  const Evaluator evaluator(slice, values, meter);
  for (const auto& definition : slice.program.definitions) {
    const auto over = definition.node.type.over;
    const std::size_t count = over ? evaluator.records_of(*over) : 1;
    DefinitionValue value;
    for (std::size_t at = 0; at < count; ++at) {
      auto one = evaluator.run(definition.node, at);
      if (!one.ok()) return failed(definition.name, one.error());
      value.push_back(std::move(one->number));
    }
    values.push_back(std::move(value));
  }
  return values;
}

Status evaluate_checks(const Slice& slice, const std::vector<DefinitionValue>& values,
                       Meter& meter) {
  const Evaluator evaluator(slice, values, meter);
  for (std::size_t c = 0; c < slice.program.checks.size(); ++c) {
    const auto& check = slice.program.checks[c];
    const auto holds = evaluator.run(check.node, 0);
    if (!holds.ok()) return failed(check.name, holds.error());
    if (holds->flag) continue;
    return Error{"CHECK_FAILED", check.name + ": " + slice.program.document.checks[c].message.en,
                 "/credentialSubject/inputs"};
  }
  return {};
}

}  // namespace mrv::methodology
