// The typed reads of StoreReader over the byte-string reads of an implementation.
#include <algorithm>

#include "ledger/store/keys.h"
#include "ledger/store/store.h"

namespace mrv::store {
namespace {

// The least byte string above `key`: turns an inclusive bound into an exclusive one.
Bytes just_after(ByteView key) {
  Bytes next = to_bytes(key);
  next.push_back(0);
  return next;
}

bool before(ByteView a, ByteView b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

Error corrupt(const char* what) { return {"STORE_CORRUPT", what, {}}; }

}  // namespace

Result<std::optional<Bytes>> StoreReader::meta(std::string_view name) const {
  return do_get(Family::kMeta, meta_key(name));
}

Result<std::optional<Latest>> StoreReader::latest() const {
  MRV_TRY(const auto stored, meta("latest"));
  if (!stored) return std::optional<Latest>();
  MRV_TRY(const Latest latest, decode_latest(*stored));
  return std::optional(latest);
}

Result<std::optional<Bytes>> StoreReader::entry(EntryIndex index) const {
  return do_get(Family::kEntries, be64(index.value()));
}

Result<std::optional<Bytes>> StoreReader::full_tile(std::uint8_t level, std::uint64_t index) const {
  return do_get(Family::kTiles, full_tile_key(level, index));
}

Result<std::optional<Bytes>> StoreReader::open_tile(std::uint8_t level) const {
  return do_get(Family::kTiles, open_tile_key(level));
}

Result<std::optional<Bytes>> StoreReader::row(ByteView key) const {
  return do_get(Family::kRows, key);
}

Result<std::optional<Bytes>> StoreReader::row_at(ByteView key, TreeSize size) const {
  // The row first: a batch that lands between the two reads is at or above `size` and so leaves a
  // history record, which wins. The other way round it would go unseen.
  MRV_TRY(auto current, row(key));
  const Bytes first = history_key(key, size);
  const Bytes last = history_key(key, TreeSize(~std::uint64_t{0}));
  std::optional<Bytes> record;
  MRV_CHECK(do_scan(Family::kHistory, first, just_after(last), [&](ByteView at, ByteView value) {
    // Records of longer row keys that start with these bytes lie in between; theirs are longer.
    if (at.size() != first.size()) return true;
    record = to_bytes(value);
    return false;
  }));
  if (!record) return current;
  return decode_history(*record);
}

Result<std::optional<Bytes>> StoreReader::index(ByteView key) const {
  return do_get(Family::kIndexes, key);
}

Result<std::optional<ActId>> StoreReader::act_id(ByteView key) const {
  MRV_TRY(const auto stored, do_get(Family::kActIds, key));
  if (!stored) return std::optional<ActId>();
  MRV_TRY(const ActId act_id, decode_act_id(*stored));
  return std::optional(act_id);
}

Result<std::optional<std::string>> StoreReader::checkpoint(TreeSize size) const {
  MRV_TRY(const auto stored, do_get(Family::kCheckpoints, be64(size.value())));
  if (!stored) return std::optional<std::string>();
  return std::optional(std::string(as_text(*stored)));
}

Result<std::optional<StoredCheckpoint>> StoreReader::latest_checkpoint() const {
  const Bytes end = just_after(be64(~std::uint64_t{0}));
  MRV_TRY(const auto found, do_last(Family::kCheckpoints, be64(0), end));
  if (!found) return std::optional<StoredCheckpoint>();
  if (found->key.size() != kBe64Size) return corrupt("the key of a checkpoint");
  return std::optional(
      StoredCheckpoint{TreeSize(read_be64(found->key)), std::string(as_text(found->value))});
}

Status StoreReader::scan_rows(ByteView first, ByteView end, const Visit& visit) const {
  if (!before(first, end)) return {};
  return do_scan(Family::kRows, first, end, visit);
}

Status StoreReader::scan_indexes(ByteView first, ByteView end, const Visit& visit) const {
  if (!before(first, end)) return {};
  return do_scan(Family::kIndexes, first, end, visit);
}

Result<std::optional<KeyValue>> StoreReader::last_row_before(ByteView first, ByteView end) const {
  if (!before(first, end)) return std::optional<KeyValue>();
  return do_last(Family::kRows, first, end);
}

Result<std::optional<KeyValue>> StoreReader::last_index_before(ByteView first, ByteView end) const {
  if (!before(first, end)) return std::optional<KeyValue>();
  return do_last(Family::kIndexes, first, end);
}

Status StoreReader::scan_leaves(const Hash& first, const Hash& last, const VisitLeaf& visit) const {
  if (last < first) return {};
  bool sound = true;
  MRV_CHECK(do_scan(Family::kLeaves, first, just_after(last), [&](ByteView at, ByteView stored) {
    const Result<Hash> key = to_hash(at);
    const Result<Hash> value = to_hash(stored);
    sound = key.ok() && value.ok();
    if (sound) visit(key.value(), value.value());
    return sound;
  }));
  if (!sound) return corrupt("a leaf of the state map");
  return {};
}

Status StoreReader::scan_checkpoints(TreeSize from, TreeSize to,
                                     const VisitCheckpoint& visit) const {
  if (from >= to) return {};
  bool sound = true;
  MRV_CHECK(do_scan(Family::kCheckpoints, be64(from.value()), be64(to.value()),
                    [&](ByteView key, ByteView note) {
                      sound = key.size() == kBe64Size;
                      return sound && visit(TreeSize(read_be64(key)), as_text(note));
                    }));
  if (!sound) return corrupt("the key of a checkpoint");
  return {};
}

log::TileSource tile_source(const StoreReader& reader) {
  return
      [&reader](unsigned level, std::uint64_t index, unsigned width) -> Result<std::vector<Hash>> {
        const auto tile_level = static_cast<std::uint8_t>(level);
        MRV_TRY(auto bytes, reader.full_tile(tile_level, index));
        if (!bytes) {
          MRV_TRY(bytes, reader.open_tile(tile_level));
        }
        if (!bytes) return corrupt("a tile is missing");
        auto hashes = log::tile_hashes(*bytes);
        if (!hashes.ok() || hashes->size() < width) return corrupt("a tile has too few hashes");
        return hashes;
      };
}

}  // namespace mrv::store
