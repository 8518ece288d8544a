// Overlay and in-memory views.
#include "ledger/state/view.h"

namespace mrv::state {

std::optional<Bytes> Overlay::get(ByteView key) const {
  const auto found = delta_.find(to_bytes(key));
  if (found != delta_.end()) return found->second;
  return beneath_.get(key);
}

void Overlay::scan(ByteView first, ByteView end, const Visit& visit) const {
  auto own = delta_.lower_bound(to_bytes(first));
  const auto own_end = delta_.lower_bound(to_bytes(end));
  bool going = true;
  // Own writes that sort before `limit` (or all, without one) are visited first.
  const auto drain_before = [&](const Bytes* limit) {
    while (going && own != own_end && (limit == nullptr || own->first < *limit)) {
      if (own->second) going = visit(own->first, *own->second);
      ++own;
    }
  };
  beneath_.scan(first, end, [&](ByteView key, ByteView value) {
    const Bytes here = to_bytes(key);
    drain_before(&here);
    if (!going) return false;
    if (own != own_end && own->first == here) {
      if (own->second) going = visit(own->first, *own->second);
      ++own;
      return going;
    }
    going = visit(key, value);
    return going;
  });
  drain_before(nullptr);
}

std::optional<std::pair<Bytes, Bytes>> Overlay::last_before(ByteView first, ByteView end) const {
  Bytes limit = to_bytes(end);
  auto own = delta_.lower_bound(limit);
  const auto own_first = delta_.lower_bound(to_bytes(first));
  for (;;) {
    const auto below = beneath_.last_before(first, limit);
    const bool has_own = own != own_first;
    const auto candidate = has_own ? std::prev(own) : own;
    if (has_own && (!below || candidate->first >= below->first)) {
      if (candidate->second) return std::pair(candidate->first, *candidate->second);
      limit = candidate->first;  // deleted here: look further down on both sides
      own = candidate;
      continue;
    }
    return below;
  }
}

void Overlay::merge(const Delta& delta) {
  for (const auto& [key, value] : delta) delta_[key] = value;
}

std::optional<Bytes> MemoryState::get(ByteView key) const {
  const auto found = rows_.find(to_bytes(key));
  if (found == rows_.end()) return std::nullopt;
  return found->second;
}

void MemoryState::scan(ByteView first, ByteView end, const Visit& visit) const {
  const auto stop = rows_.lower_bound(to_bytes(end));
  for (auto row = rows_.lower_bound(to_bytes(first)); row != stop; ++row) {
    if (!visit(row->first, row->second)) return;
  }
}

std::optional<std::pair<Bytes, Bytes>> MemoryState::last_before(ByteView first,
                                                                ByteView end) const {
  const auto stop = rows_.lower_bound(to_bytes(end));
  if (stop == rows_.begin()) return std::nullopt;
  const auto row = std::prev(stop);
  if (row->first < to_bytes(first)) return std::nullopt;
  return std::pair(row->first, row->second);
}

void MemoryState::apply(const Delta& delta) {
  for (const auto& [key, value] : delta) {
    if (value) {
      rows_[key] = *value;
    } else {
      rows_.erase(key);
    }
  }
}

}  // namespace mrv::state
