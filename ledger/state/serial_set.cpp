// Joining and looking up.
#include "ledger/state/serial_set.h"

#include <algorithm>
#include <cassert>

namespace mrv::state {

void SerialSet::add(const model::SerialRange& range) {
  assert(range.first <= range.last);
  auto& ranges = ranges_[range.batch];
  Units first = range.first;
  Units last = range.last;
  auto next = ranges.upper_bound(first);
  if (next != ranges.begin() && std::prev(next)->second + 1 >= first) --next;
  while (next != ranges.end() && next->first <= last + 1) {
    first = std::min(first, next->first);
    last = std::max(last, next->second);
    next = ranges.erase(next);
  }
  ranges.emplace(first, last);
}

bool SerialSet::touches(const model::SerialRange& range) const {
  const auto ranges = ranges_.find(range.batch);
  if (ranges == ranges_.end()) return false;
  const auto above = ranges->second.upper_bound(range.last);
  return above != ranges->second.begin() && range.first <= std::prev(above)->second;
}

std::optional<Units> SerialSet::first_outside(const model::SerialRange& range) const {
  const auto ranges = ranges_.find(range.batch);
  if (ranges == ranges_.end()) return range.first;
  const auto above = ranges->second.upper_bound(range.first);
  if (above == ranges->second.begin()) return range.first;
  const Units last = std::prev(above)->second;
  if (range.last <= last) return std::nullopt;
  return std::max(range.first, last + 1);
}

}  // namespace mrv::state
