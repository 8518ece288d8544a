// One lock: short for readers, and writers change the top only after all reading is done.
#include "ledger/node/proof_map.h"

#include <mutex>

namespace mrv::node {
namespace {

map::LeafSource leaves_of(const store::StoreReader& reader) {
  return [&reader](const Hash& first, const Hash& last, const auto& visit) {
    return reader.scan_leaves(first, last, visit);
  };
}

}  // namespace

ProofMap::Root ProofMap::root() const {
  const std::shared_lock lock(mutex_);
  return {map_.root(), map_.key_count()};
}

Result<ProofMap::Root> ProofMap::apply(std::span<const map::LeafWrite> writes,
                                       const store::StoreReader& reader, TreeSize size) {
  const std::unique_lock lock(mutex_);
  MRV_TRY(map::TopUndo undo, map_.apply(writes, leaves_of(reader)));
  undos_.emplace_back(size, std::move(undo));
  return Root{map_.root(), map_.key_count()};
}

void ProofMap::published(TreeSize size) {
  const std::unique_lock lock(mutex_);
  while (!undos_.empty() && undos_.front().first <= size) undos_.pop_front();
}

Result<map::ProofPath> ProofMap::prove(ByteView row_key, TreeSize size,
                                       const store::StoreReader& snapshot) const {
  const std::shared_lock lock(mutex_);
  // Oldest first: the first value a node had after `size` is the one it had at `size`.
  map::TopOverrides overrides;
  for (const auto& [reached, undo] : undos_) {
    if (reached <= size) continue;
    for (const auto& [node, hash] : undo.nodes) overrides.emplace(node, hash);
  }
  return map_.prove_inclusion(row_key, leaves_of(snapshot), overrides);
}

}  // namespace mrv::node
