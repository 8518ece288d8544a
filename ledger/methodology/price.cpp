// A walk over the expressions that counts instead of evaluating.
#include "ledger/methodology/price.h"

#include <algorithm>

#include "ledger/methodology/transcendental.h"

namespace mrv::methodology {
namespace {

constexpr std::uint64_t kTooMuch = kCalculationCostMax + 1;
// Comparing keys is that much cheaper than a step of arithmetic.
constexpr std::uint64_t kRowsPerStep = 16;

// Both at most kTooMuch: neither the sum nor the product can wrap.
std::uint64_t plus(std::uint64_t a, std::uint64_t b) { return std::min(a + b, kTooMuch); }
std::uint64_t times(std::uint64_t a, std::uint64_t b) { return std::min(a * b, kTooMuch); }

// Counts the records of each parameter that an expression sees where it stands.
class Pricing {
 public:
  explicit Pricing(const Slice& slice) : slice_(slice), member_(slice.program.axes.size()) {
    for (const auto& records : slice.records) records_.push_back(records.size());
  }

  // Steps of evaluating the node once for each combination of members of the axes.
  std::uint64_t over(const std::vector<AxisId>& axes, const Node& node) {
    return total(node, combinations(axes));
  }

 private:
  [[nodiscard]] std::uint64_t combinations(const std::vector<AxisId>& axes) const {
    std::uint64_t count = 1;
    for (const AxisId axis : axes) {
      const std::uint64_t members = slice_.program.is_records(axis)
                                        ? records_[axis - slice_.program.axes.size()]
                                        : slice_.size_of(axis);
      count = times(count, std::min(members, kTooMuch));
    }
    return count;
  }

  // A node by itself.
  [[nodiscard]] std::uint64_t step(const Node& node) const {
    switch (node.op) {
      case Operator::kExp:
      case Operator::kLn:
      case Operator::kPow:
        return kRoundedFunctionSteps;
      case Operator::kLookup:
        return 1 + slice_.tables[node.first].values.size() / kRowsPerStep;
      default:
        return 1;
    }
  }

  // Steps of evaluating the node `count` times.
  // NOLINTNEXTLINE(misc-no-recursion): depth was bounded when the expression was read
  std::uint64_t total(const Node& node, std::uint64_t count) {
    if (count == 0) return 0;
    if (node.op == Operator::kGroupBy) return plus(count, grouped(node, count));
    std::uint64_t inner = count;
    if (is_reduction(node.op)) inner = times(inner, combinations(node.reduced));
    if (node.op == Operator::kCumulate) inner = times(inner, slice_.size_of(node.first));
    std::uint64_t steps = times(count, step(node));
    for (const Node& item : node.items) steps = plus(steps, total(item, inner));
    return steps;
  }

  // The combinations that an expression is evaluated for are all those of its axes, and the
  // grouping's are among them, but for those that a group_by around it binds to one member.
  // NOLINTNEXTLINE(misc-no-recursion): depth was bounded when the expression was read
  std::uint64_t grouped(const Node& node, std::uint64_t count) {
    std::uint64_t combinations = 1;
    for (const AxisId axis : slice_.program.groupings[node.first].axes) {
      if (!member_[axis]) combinations = times(combinations, slice_.size_of(axis));
    }
    return by_member(node, 0, (count + combinations - 1) / combinations);
  }

  // The body over the records of each member that the keys from `key` on can have.
  // NOLINTNEXTLINE(misc-no-recursion): as deep as there are keys
  std::uint64_t by_member(const Node& node, std::size_t key, std::uint64_t often) {
    const Grouping& grouping = slice_.program.groupings[node.first];
    if (key == grouping.axes.size()) return in_group(node, often);
    const AxisId axis = grouping.axes[key];
    if (member_[axis]) return by_member(node, key + 1, often);
    std::uint64_t steps = 0;
    for (std::size_t m = 0; m < slice_.size_of(axis) && steps < kTooMuch; ++m) {
      member_[axis] = m;
      steps = plus(steps, by_member(node, key + 1, often));
    }
    member_[axis].reset();
    return steps;
  }

  // NOLINTNEXTLINE(misc-no-recursion): depth was bounded when the expression was read
  std::uint64_t in_group(const Node& node, std::uint64_t often) {
    const Grouping& grouping = slice_.program.groupings[node.first];
    std::vector<std::size_t> members(slice_.program.axes.size());
    for (const AxisId axis : grouping.axes) members[axis] = *member_[axis];
    const std::uint64_t all = records_[grouping.parameter];
    records_[grouping.parameter] =
        slice_.groups[node.first].of(group_at(slice_, grouping, members)).size();
    const std::uint64_t steps = total(node.items[0], often);
    records_[grouping.parameter] = all;
    return steps;
  }

  const Slice& slice_;
  std::vector<std::uint64_t> records_;
  std::vector<std::optional<std::size_t>> member_;  // of the axes that a group_by around binds
};

}  // namespace

std::uint64_t price_of(const Slice& slice) {
  Pricing pricing(slice);
  std::uint64_t price = 0;
  // Choosing a slice's records looks at every record.
  for (const auto& parameter : slice.data.parameters) {
    price = plus(price, std::min<std::uint64_t>(parameter.records, kTooMuch));
  }
  for (const auto& definition : slice.program.definitions) {
    price = plus(price, pricing.over(definition.node.type.axes, definition.node));
  }
  for (const auto& check : slice.program.checks) {
    price = plus(price, pricing.over({}, check.node));
  }
  return price;
}

}  // namespace mrv::methodology
