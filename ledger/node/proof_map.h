// The state map, provable at the published seal while later batches already change it.
//
// Every apply() keeps what it overwrote until a seal at or beyond it is published, so a proof
// against the published root reads the present top through those overrides and the leaves through
// the snapshot taken at that seal. Thread-safe.
#pragma once

#include <deque>
#include <shared_mutex>

#include "ledger/map/state_map.h"
#include "ledger/store/store.h"

namespace mrv::node {

class ProofMap {
 public:
  explicit ProofMap(map::StateMap map) : map_(std::move(map)) {}

  struct Root {
    Hash root{};
    std::uint64_t keys = 0;
  };
  [[nodiscard]] Root root() const;

  // The leaves of the tree before are read from `reader`; `size` is the tree size the writes lead
  // to. Errors: the store's; then nothing has changed.
  Result<Root> apply(std::span<const map::LeafWrite> writes, const store::StoreReader& reader,
                     TreeSize size);

  // Seals up to this size are published: what led to them need not be undone any more.
  void published(TreeSize size);

  // Against the root at `size`, which must be the last published one; `snapshot` was taken there.
  // Errors: MAP_KEY_ABSENT and the store's.
  Result<map::ProofPath> prove(ByteView row_key, TreeSize size,
                               const store::StoreReader& snapshot) const;

 private:
  mutable std::shared_mutex mutex_;
  map::StateMap map_;
  std::deque<std::pair<TreeSize, map::TopUndo>> undos_;
};

}  // namespace mrv::node
