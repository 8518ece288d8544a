// The state map, provable at the published seal while later batches already change it.
//
// Every apply() keeps what it overwrote until a seal at or beyond it is published, so a proof
// against the published root reads the present top through those overrides and the leaves through
// the snapshot taken at that seal. Whoever makes many proofs against one root holds it: newer seals
// may be published meanwhile, and what leads back from them is kept until the hold ends.
// Thread-safe.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <vector>

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

  // Keeps the root at `size` provable as long as it lives; the map must outlive it. Null: a newer
  // one was published, and what led to it is gone.
  using Hold = std::shared_ptr<const TreeSize>;
  [[nodiscard]] Hold hold(TreeSize size) const;

  // Against the root at `size`, the last published or a held one; `snapshot` was taken there. The
  // paths of all keys, in their order. Errors: MAP_KEY_ABSENT and the store's.
  Result<std::vector<map::ProofPath>> prove(std::span<const Bytes> row_keys, TreeSize size,
                                            const store::StoreReader& snapshot) const;

 private:
  void release(TreeSize size) const;

  mutable std::shared_mutex mutex_;
  map::StateMap map_;
  std::deque<std::pair<TreeSize, map::TopUndo>> undos_;

  mutable std::mutex holds_mutex_;  // taken last
  mutable std::multiset<TreeSize> holds_;
  TreeSize provable_from_;  // what led to this size and below is gone
};

}  // namespace mrv::node
