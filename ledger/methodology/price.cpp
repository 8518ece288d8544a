// A walk over the expressions that counts instead of evaluating.
#include "ledger/methodology/price.h"

#include <algorithm>

namespace mrv::methodology {
namespace {

constexpr std::uint64_t kTooMuch = kCalculationCostMax + 1;
// Comparing keys is that much cheaper than a step of arithmetic.
constexpr std::uint64_t kRowsPerStep = 16;

// Both at most kTooMuch: neither the sum nor the product can wrap.
std::uint64_t plus(std::uint64_t a, std::uint64_t b) { return std::min(a + b, kTooMuch); }
std::uint64_t times(std::uint64_t a, std::uint64_t b) { return std::min(a * b, kTooMuch); }

std::uint64_t records_of(const Slice& slice, std::size_t parameter) {
  return std::min<std::uint64_t>(slice.records[parameter].size(), kTooMuch);
}

// Steps of evaluating the node once.
// NOLINTNEXTLINE(misc-no-recursion): depth was bounded when the expression was read
std::uint64_t steps_of(const Slice& slice, const Node& node) {
  std::uint64_t steps = 0;
  for (const Node& item : node.items) steps = plus(steps, steps_of(slice, item));
  if (is_reduction(node.op)) steps = times(steps, records_of(slice, rows_of(node)));
  if (node.op == Operator::kLookup) {
    steps = plus(steps, slice.tables[node.first]->rows.size() / kRowsPerStep);
  }
  return plus(steps, 1);
}

}  // namespace

std::uint64_t price_of(const Slice& slice) {
  std::uint64_t price = 0;
  // Choosing a slice's records looks at every record.
  for (const auto& parameter : slice.data) {
    price = plus(price, std::min<std::uint64_t>(parameter.records, kTooMuch));
  }
  for (const auto& definition : slice.program.definitions) {
    const auto over = definition.node.type.over;
    const std::uint64_t evaluations = over ? records_of(slice, *over) : 1;
    price = plus(price, times(evaluations, steps_of(slice, definition.node)));
  }
  for (const auto& check : slice.program.checks) price = plus(price, steps_of(slice, check.node));
  return price;
}

}  // namespace mrv::methodology
