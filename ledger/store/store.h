// The store: everything the node keeps, committed batch by batch, all or nothing.
//
// Store and StoreReader hold the checks and the layout; an implementation supplies four reads and
// one atomic write over ordered families of byte strings (keys.h). Two exist: rocksdb_store.h and
// memory_store.h; one conformance suite runs over both.
//
// Errors of every read: STORE_CORRUPT (a record does not decode or a checksum fails),
// STORE_READ_FAILED (the environment), STORE_CLOSED.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/base/types.h"
#include "ledger/log/proof.h"
#include "ledger/map/state_map.h"

namespace mrv::store {

enum class Family : std::uint8_t;

struct TileWrite {
  std::uint8_t level = 0;
  std::uint64_t index = 0;
  Bytes hashes;
};

// The rightmost, not yet full tile of a level; empty `hashes` removes it.
struct OpenTile {
  std::uint8_t level = 0;
  Bytes hashes;
};

// `value` absent removes the row. `previous` is the value before this batch (absent: no row) and
// goes into the history; the caller vouches for it.
struct RowWrite {
  Bytes key;
  std::optional<Bytes> value;
  std::optional<Bytes> previous;
};

// A query index: no history, can be rebuilt from the log.
struct IndexWrite {
  Bytes key;
  std::optional<Bytes> value;
};

using LeafWrite = map::LeafWrite;

// Where the act of a (party, id) went, and the digest that tells a repeat from a different act.
struct ActId {
  EntryIndex index;
  Hash digest{};
  friend bool operator==(const ActId&, const ActId&) = default;
};

struct ActIdWrite {
  Bytes key;
  EntryIndex index;
  Hash digest{};
};

struct CommitBatch {
  OrderNumber order_number;
  TreeSize size_before;
  TimestampMs time;
  std::vector<Bytes> entries;  // indexes size_before, size_before + 1, …
  std::vector<TileWrite> full_tiles;
  std::vector<OpenTile> open_tiles;
  std::vector<RowWrite> rows;  // each key at most once
  std::vector<IndexWrite> indexes;
  std::vector<LeafWrite> leaves;
  std::vector<ActIdWrite> act_ids;
  Hash log_root{};
  Hash map_root{};
  std::uint64_t map_key_count = 0;
};

// What the last committed batch left behind.
struct Latest {
  OrderNumber order_number;
  TreeSize size;
  TimestampMs time;
  Hash log_root{};
  Hash map_root{};
  std::uint64_t map_key_count = 0;
  friend bool operator==(const Latest&, const Latest&) = default;
};

struct KeyValue {
  Bytes key;
  Bytes value;
  friend bool operator==(const KeyValue&, const KeyValue&) = default;
};

struct StoredCheckpoint {
  TreeSize size;
  std::string note;
  friend bool operator==(const StoredCheckpoint&, const StoredCheckpoint&) = default;
};

// Reads only. All functions are const and may be called from any thread; a visitor may read on.
// A reader of Store::reader() sees the latest data at each call; one of Store::snapshot() sees the
// moment it was taken.
class StoreReader {
 public:
  // Answers false to end the scan. The views live until it returns.
  using Visit = std::function<bool(ByteView key, ByteView value)>;
  using VisitLeaf = std::function<void(const Hash& key, const Hash& value)>;
  using VisitCheckpoint = std::function<bool(TreeSize size, std::string_view note)>;

  StoreReader() = default;
  StoreReader(const StoreReader&) = delete;
  StoreReader& operator=(const StoreReader&) = delete;
  virtual ~StoreReader() = default;

  // Nothing before the first commit.
  [[nodiscard]] Result<std::optional<Latest>> latest() const;
  [[nodiscard]] Result<std::optional<Bytes>> entry(EntryIndex index) const;
  [[nodiscard]] Result<std::optional<Bytes>> full_tile(std::uint8_t level,
                                                       std::uint64_t index) const;
  [[nodiscard]] Result<std::optional<Bytes>> open_tile(std::uint8_t level) const;
  [[nodiscard]] Result<std::optional<Bytes>> row(ByteView key) const;
  // The row as it was when the tree had `size` entries; a size beyond the latest means now.
  [[nodiscard]] Result<std::optional<Bytes>> row_at(ByteView key, TreeSize size) const;
  [[nodiscard]] Result<std::optional<Bytes>> index(ByteView key) const;
  [[nodiscard]] Result<std::optional<ActId>> act_id(ByteView key) const;
  [[nodiscard]] Result<std::optional<std::string>> checkpoint(TreeSize size) const;
  [[nodiscard]] Result<std::optional<StoredCheckpoint>> latest_checkpoint() const;

  // Keys with first <= key < end, ascending. Nothing is visited unless first < end.
  [[nodiscard]] Status scan_rows(ByteView first, ByteView end, const Visit& visit) const;
  [[nodiscard]] Status scan_indexes(ByteView first, ByteView end, const Visit& visit) const;
  // The greatest key with first <= key < end.
  [[nodiscard]] Result<std::optional<KeyValue>> last_row_before(ByteView first, ByteView end) const;
  [[nodiscard]] Result<std::optional<KeyValue>> last_index_before(ByteView first,
                                                                  ByteView end) const;
  // first <= key <= last, ascending: the shape of map::LeafSource.
  [[nodiscard]] Status scan_leaves(const Hash& first, const Hash& last,
                                   const VisitLeaf& visit) const;
  // from <= size < to, ascending.
  [[nodiscard]] Status scan_checkpoints(TreeSize from, TreeSize to,
                                        const VisitCheckpoint& visit) const;

 private:
  friend class Store;
  [[nodiscard]] Result<std::optional<Bytes>> meta(std::string_view name) const;

  [[nodiscard]] virtual Result<std::optional<Bytes>> do_get(Family family, ByteView key) const = 0;
  // Precondition of both: first < end.
  [[nodiscard]] virtual Status do_scan(Family family, ByteView first, ByteView end,
                                       const Visit& visit) const = 0;
  [[nodiscard]] virtual Result<std::optional<KeyValue>> do_last(Family family, ByteView first,
                                                                ByteView end) const = 0;
};

// The log's tiles as a store holds them: full tiles, and the open one of each level. `reader` must
// outlive the source.
log::TileSource tile_source(const StoreReader& reader);

// One change of one record; no value removes it.
struct RecordWrite {
  Family family{};
  Bytes key;
  std::optional<Bytes> value;
};

// Thread-safe: writes are taken one after the other; reads never wait for them.
class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  // All or nothing, and durable on return.
  //
  // Refusals that leave the data as it was: ORDER_NUMBER_NOT_NEXT (not above the stored number),
  // SIZE_NOT_NEXT (size_before is not the stored size), COMMIT_BATCH_INVALID (the detail says
  // what), STORE_SPACE_LOW. STORE_COMMIT_FAILED leaves the outcome unknown until the store is
  // opened again. After any of these every further write answers STORE_STOPPED: the caller's
  // picture and the data have parted, and only a fresh start brings them together.
  [[nodiscard]] Status commit(const CommitBatch& batch);

  // Stores the note of a tree size, in place of an earlier one of that size. Durable on return.
  // CHECKPOINT_AHEAD (size above the stored size) leaves everything as it was; after
  // STORE_COMMIT_FAILED the store has stopped.
  [[nodiscard]] Status put_checkpoint(TreeSize size, const std::string& note);

  // STORE_SPACE_LOW below the free-space floor: ask before taking in work, because a commit that
  // meets the floor stops the store.
  [[nodiscard]] Status room() const { return do_room(); }

  [[nodiscard]] bool stopped() const { return stopped_.load(); }

  // The snapshot must be gone before close() and before the store is destroyed.
  [[nodiscard]] virtual std::unique_ptr<StoreReader> snapshot() const = 0;
  [[nodiscard]] virtual const StoreReader& reader() const = 0;

  // Ends the use of the data; no read may be running. STORE_SNAPSHOT_OPEN while snapshots live.
  // A second close is a no-op. Destroying the store closes it.
  [[nodiscard]] Status close();

 protected:
  // What a new store gets, and what an opened one must show (STORE_FORMAT_UNKNOWN).
  [[nodiscard]] Status write_format();
  [[nodiscard]] Status check_format() const;

 private:
  [[nodiscard]] Status check_batch(const CommitBatch& batch) const;

  // Atomic and durable on return; an error is STORE_COMMIT_FAILED.
  [[nodiscard]] virtual Status do_write(const std::vector<RecordWrite>& writes) = 0;
  [[nodiscard]] virtual Status do_room() const = 0;
  [[nodiscard]] virtual Status do_close() = 0;

  std::mutex writing_;
  std::atomic<bool> stopped_ = false;
  bool closed_ = false;
};

}  // namespace mrv::store
