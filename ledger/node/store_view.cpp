// Rows and judged indexes live in two families; the first byte of a key tells which.
#include "ledger/node/store_view.h"

#include "ledger/model/rows.h"

namespace mrv::node {

bool is_index_key(ByteView key) { return !key.empty() && key[0] >= model::kFirstIndexTag; }

template <class T>
T StoreView::believe(Result<T> result) const {
  if (result.ok()) return *std::move(result);
  if (!failure_) failure_ = result.error();
  return {};
}

std::optional<Bytes> StoreView::get(ByteView key) const {
  return believe(is_index_key(key) ? reader_.index(key) : reader_.row(key));
}

void StoreView::scan(ByteView first, ByteView end, const Visit& visit) const {
  const auto scanned = is_index_key(first) ? reader_.scan_indexes(first, end, visit)
                                           : reader_.scan_rows(first, end, visit);
  if (!scanned.ok() && !failure_) failure_ = scanned.error();
}

std::optional<std::pair<Bytes, Bytes>> StoreView::last_before(ByteView first, ByteView end) const {
  auto found = believe(is_index_key(first) ? reader_.last_index_before(first, end)
                                           : reader_.last_row_before(first, end));
  if (!found) return std::nullopt;
  return std::pair(std::move(found->key), std::move(found->value));
}

}  // namespace mrv::node
