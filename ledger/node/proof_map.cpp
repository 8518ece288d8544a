// One lock: short for readers, and writers change the top only after all reading is done.
#include "ledger/node/proof_map.h"

#include <algorithm>

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
  {
    const std::lock_guard holds_lock(holds_mutex_);
    if (!holds_.empty()) size = std::min(size, *holds_.begin());
    provable_from_ = std::max(provable_from_, size);
  }
  while (!undos_.empty() && undos_.front().first <= size) undos_.pop_front();
}

ProofMap::Hold ProofMap::hold(TreeSize size) const {
  const std::lock_guard lock(holds_mutex_);
  if (size < provable_from_) return nullptr;
  holds_.insert(size);
  return {new TreeSize(size), [this](const TreeSize* held) {
            release(*held);
            delete held;
          }};
}

void ProofMap::release(TreeSize size) const {
  const std::lock_guard lock(holds_mutex_);
  holds_.erase(holds_.find(size));
}

Result<std::vector<map::ProofPath>> ProofMap::prove(std::span<const Bytes> row_keys, TreeSize size,
                                                    const store::StoreReader& snapshot) const {
  const std::shared_lock lock(mutex_);
  // Oldest first: the first value a node had after `size` is the one it had at `size`.
  map::TopOverrides overrides;
  for (const auto& [reached, undo] : undos_) {
    if (reached <= size) continue;
    for (const auto& [node, hash] : undo.nodes) overrides.emplace(node, hash);
  }
  std::vector<map::ProofPath> paths;
  for (const Bytes& key : row_keys) {
    MRV_TRY(auto path, map_.prove_inclusion(key, leaves_of(snapshot), overrides));
    paths.push_back(std::move(path));
  }
  return paths;
}

}  // namespace mrv::node
