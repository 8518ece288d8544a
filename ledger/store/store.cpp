// The checks of Store, and a batch spelled out as records.
#include "ledger/store/store.h"

#include <algorithm>

#include "ledger/base/limits.h"
#include "ledger/log/tile.h"
#include "ledger/store/keys.h"

namespace mrv::store {
namespace {

Error invalid(std::string detail) { return {"COMMIT_BATCH_INVALID", std::move(detail), {}}; }

Error has_stopped() { return {"STORE_STOPPED", "a write failed before; open the store again", {}}; }

bool whole_hashes(const Bytes& hashes) {
  return hashes.size() % kHashSize == 0 && hashes.size() <= log::kTileBytes;
}

// A key written twice would leave its history to the order of the writes.
bool keys_repeat(const std::vector<RowWrite>& rows) {
  std::vector<ByteView> keys;
  keys.reserve(rows.size());
  for (const RowWrite& row : rows) keys.emplace_back(row.key);
  const auto less = [](ByteView a, ByteView b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  };
  std::sort(keys.begin(), keys.end(), less);
  return std::adjacent_find(keys.begin(), keys.end(), [](ByteView a, ByteView b) {
           return std::equal(a.begin(), a.end(), b.begin(), b.end());
         }) != keys.end();
}

Status check_contents(const CommitBatch& batch) {
  for (const Bytes& entry : batch.entries) {
    if (entry.empty() || entry.size() > kEntryBytesMax) return invalid("the size of an entry");
  }
  for (const TileWrite& tile : batch.full_tiles) {
    if (tile.hashes.empty() || !whole_hashes(tile.hashes)) return invalid("a full tile");
  }
  for (const OpenTile& tile : batch.open_tiles) {
    if (!whole_hashes(tile.hashes)) return invalid("an open tile");
  }
  // State changes through entries alone, and two batches of one size would share history keys.
  const bool changes_state = !batch.rows.empty() || !batch.leaves.empty();
  if (batch.entries.empty() && changes_state) return invalid("rows without entries");
  if (keys_repeat(batch.rows)) return invalid("a row twice");
  const std::uint64_t size = batch.size_before.value() + batch.entries.size();
  for (const ActIdWrite& act_id : batch.act_ids) {
    if (act_id.index.value() >= size) return invalid("an act id beyond the last entry");
  }
  return {};
}

Bytes hash_bytes(const Hash& hash) { return {hash.begin(), hash.end()}; }

Latest latest_after(const CommitBatch& batch) {
  Latest latest;
  latest.order_number = batch.order_number;
  latest.size = TreeSize(batch.size_before.value() + batch.entries.size());
  latest.time = batch.time;
  latest.log_root = batch.log_root;
  latest.map_root = batch.map_root;
  latest.map_key_count = batch.map_key_count;
  return latest;
}

void append_log(const CommitBatch& batch, std::vector<RecordWrite>& out) {
  std::uint64_t index = batch.size_before.value();
  for (const Bytes& entry : batch.entries) out.push_back({Family::kEntries, be64(index++), entry});
  for (const TileWrite& tile : batch.full_tiles) {
    out.push_back({Family::kTiles, full_tile_key(tile.level, tile.index), tile.hashes});
  }
  for (const OpenTile& tile : batch.open_tiles) {
    std::optional<Bytes> hashes;
    if (!tile.hashes.empty()) hashes = tile.hashes;
    out.push_back({Family::kTiles, open_tile_key(tile.level), std::move(hashes)});
  }
}

void append_state(const CommitBatch& batch, std::vector<RecordWrite>& out) {
  for (const RowWrite& row : batch.rows) {
    out.push_back({Family::kRows, row.key, row.value});
    out.push_back(
        {Family::kHistory, history_key(row.key, batch.size_before), encode_history(row.previous)});
  }
  for (const LeafWrite& leaf : batch.leaves) {
    std::optional<Bytes> value;
    if (leaf.value) value = hash_bytes(*leaf.value);
    out.push_back({Family::kLeaves, hash_bytes(leaf.key), std::move(value)});
  }
  for (const IndexWrite& index : batch.indexes) {
    out.push_back({Family::kIndexes, index.key, index.value});
  }
  for (const ActIdWrite& act_id : batch.act_ids) {
    out.push_back({Family::kActIds, act_id.key, encode_act_id({act_id.index, act_id.digest})});
  }
}

std::vector<RecordWrite> records_of(const CommitBatch& batch) {
  std::vector<RecordWrite> out;
  out.reserve(batch.entries.size() + batch.full_tiles.size() + batch.open_tiles.size() +
              2 * batch.rows.size() + batch.leaves.size() + batch.indexes.size() +
              batch.act_ids.size() + 1);
  append_log(batch, out);
  append_state(batch, out);
  out.push_back({Family::kMeta, meta_key("latest"), encode_latest(latest_after(batch))});
  return out;
}

}  // namespace

Status Store::check_batch(const CommitBatch& batch) const {
  MRV_TRY(const auto latest, reader().latest());
  if (latest && batch.order_number <= latest->order_number) {
    return Error{"ORDER_NUMBER_NOT_NEXT",
                 "stored is " + std::to_string(latest->order_number.value()) + ", given " +
                     std::to_string(batch.order_number.value()),
                 {}};
  }
  const TreeSize size = latest ? latest->size : TreeSize(0);
  if (batch.size_before != size) {
    return Error{"SIZE_NOT_NEXT",
                 "stored is " + std::to_string(size.value()) + ", given " +
                     std::to_string(batch.size_before.value()),
                 {}};
  }
  MRV_CHECK(check_contents(batch));
  return do_room();
}

Status Store::commit(const CommitBatch& batch) {
  const std::lock_guard lock(writing_);
  if (stopped_) return has_stopped();
  Status status = check_batch(batch);
  if (status.ok()) status = do_write(records_of(batch));
  if (!status.ok()) stopped_ = true;
  return status;
}

Status Store::put_checkpoint(TreeSize size, const std::string& note) {
  const std::lock_guard lock(writing_);
  if (stopped_) return has_stopped();
  MRV_TRY(const auto latest, reader().latest());
  const TreeSize stored = latest ? latest->size : TreeSize(0);
  if (size > stored) {
    return Error{
        "CHECKPOINT_AHEAD",
        "stored is " + std::to_string(stored.value()) + ", given " + std::to_string(size.value()),
        {}};
  }
  Status status = do_write({{Family::kCheckpoints, be64(size.value()), to_bytes(note)}});
  if (!status.ok()) stopped_ = true;
  return status;
}

Status Store::close() {
  const std::lock_guard lock(writing_);
  if (closed_) return {};
  MRV_CHECK(do_close());
  stopped_ = true;
  closed_ = true;
  return {};
}

Status Store::write_format() {
  const std::lock_guard lock(writing_);
  return do_write({{Family::kMeta, meta_key("format"), to_bytes(kStoreFormat)}});
}

Status Store::check_format() const {
  MRV_TRY(const auto format, reader().meta("format"));
  if (format && as_text(*format) == kStoreFormat) return {};
  return Error{
      "STORE_FORMAT_UNKNOWN", format ? std::string(as_text(*format)) : "no format record", {}};
}

}  // namespace mrv::store
