// The edge of the tree, in memory between batches, in the store across restarts.
#include "ledger/node/tip.h"

#include "crypto/rfc6962.h"

namespace mrv::node {

void integrate_batch(Tip& tip, store::CommitBatch& batch) {
  std::vector<Hash> leaves;
  leaves.reserve(batch.entries.size());
  for (const Bytes& entry : batch.entries) leaves.push_back(crypto::leaf_hash(entry));
  integrate_batch(tip, leaves, batch);
}

void integrate_batch(Tip& tip, std::span<const Hash> leaves, store::CommitBatch& batch) {
  const std::size_t levels_before = tip.edge.levels.size();
  const auto full = log::integrate<log::kTileHeight>(tip.edge, tip.size.value(), leaves);
  for (const auto& tile : full) {
    batch.full_tiles.push_back(
        {static_cast<std::uint8_t>(tile.level), tile.index, log::tile_bytes(tile.hashes)});
  }
  // Level 0 changes with every entry, a higher one when the one below filled a tile.
  for (std::size_t level = 0; level < tip.edge.levels.size(); ++level) {
    const bool changed = level == 0 || level >= levels_before ||
                         std::any_of(full.begin(), full.end(), [level](const auto& tile) {
                           return tile.level + 1 == level || tile.level == level;
                         });
    if (!changed) continue;
    batch.open_tiles.push_back(
        {static_cast<std::uint8_t>(level), log::tile_bytes(tip.edge.levels[level])});
  }
  tip.size = TreeSize{tip.size.value() + leaves.size()};
  tip.time = batch.time;
  tip.order_number = batch.order_number;
  batch.log_root = log::root_of_edge(tip.edge);
}

Result<Tip> read_tip(const store::StoreReader& reader) {
  Tip tip;
  MRV_TRY(const auto latest, reader.latest());
  if (!latest) return tip;
  tip.order_number = latest->order_number;
  tip.size = latest->size;
  tip.time = latest->time;
  for (unsigned level = 0; log::ProductionGeometry::hashes_at(tip.size.value(), level) > 0;
       ++level) {
    MRV_TRY(const auto bytes, reader.open_tile(static_cast<std::uint8_t>(level)));
    MRV_TRY(auto hashes, log::tile_hashes(bytes.value_or(Bytes{})));
    if (hashes.size() != log::ProductionGeometry::open_width(tip.size.value(), level)) {
      return Error{"STORE_CORRUPT", "an open tile has another width than the tree", {}};
    }
    tip.edge.levels.push_back(std::move(hashes));
  }
  if (log::root_of_edge(tip.edge) != latest->log_root) {
    return Error{"STORE_CORRUPT", "the open tiles give another root than the stored one", {}};
  }
  return tip;
}

}  // namespace mrv::node
