// What every store must do, run over the store in memory and the store on disk.
#include <map>
#include <random>
#include <thread>

#include <doctest/doctest.h>

#include "ledger/base/limits.h"
#include "ledger/log/tile.h"
#include "ledger/store/memory_store.h"
#include "ledger/store/rocksdb_store.h"
#include "tests/store/batches.h"

namespace mrv::store {
namespace {

struct MemoryFixture {
  MemoryFixture() { open(); }
  void open() {
    auto opened = open_memory_store(disk);
    REQUIRE(opened.ok());
    store = *std::move(opened);
  }
  void reopen() {
    store.reset();
    open();
  }
  std::shared_ptr<MemoryDisk> disk = MemoryDisk::create();
  std::unique_ptr<Store> store;
};

struct RocksdbFixture {
  RocksdbFixture() { open(OpenMode::kCreate); }
  void open(OpenMode mode) {
    auto opened = open_rocksdb_store({scratch.db(), mode, 0});
    REQUIRE_MESSAGE(opened.ok(), opened.error().detail);
    store = *std::move(opened);
  }
  void reopen() {
    store.reset();
    open(OpenMode::kMustExist);
  }
  ScratchDirectory scratch;
  std::unique_ptr<Store> store;
};

// The value of a read that must succeed and find something.
template <class T>
T found(Result<std::optional<T>> result) {
  REQUIRE(result.ok());
  REQUIRE(result.value().has_value());
  return *result.value();
}

template <class T>
bool absent(const Result<std::optional<T>>& result) {
  REQUIRE(result.ok());
  return !result.value().has_value();
}

void must(const Status& status) {
  REQUIRE_MESSAGE(status.ok(), status.error().name << " " << status.error().detail);
}

std::string name_of(const Status& status) {
  return status.ok() ? "" : std::string(status.error().name);
}

std::vector<std::string> rows_in(const StoreReader& reader, std::string_view first,
                                 std::string_view end) {
  std::vector<std::string> out;
  must(reader.scan_rows(as_bytes(first), as_bytes(end), [&](ByteView key, ByteView value) {
    out.push_back(std::string(as_text(key)) + "=" + std::string(as_text(value)));
    return true;
  }));
  return out;
}

CommitBatch rows_batch(std::uint64_t number, std::uint64_t size_before,
                       std::vector<RowWrite> rows) {
  CommitBatch batch = entries_batch(number, size_before, 1);
  batch.rows = std::move(rows);
  return batch;
}

}  // namespace

#define STORES MemoryFixture, RocksdbFixture

TEST_CASE_TEMPLATE("a new store is empty in every read", Fixture, STORES) {
  Fixture f;
  const StoreReader& reader = f.store->reader();
  CHECK(absent(reader.latest()));
  CHECK(absent(reader.entry(EntryIndex(0))));
  CHECK(absent(reader.full_tile(0, 0)));
  CHECK(absent(reader.open_tile(0)));
  CHECK(absent(reader.row(as_bytes("a"))));
  CHECK(absent(reader.row_at(as_bytes("a"), TreeSize(0))));
  CHECK(absent(reader.index(as_bytes("a"))));
  CHECK(absent(reader.act_id(as_bytes("a"))));
  CHECK(absent(reader.checkpoint(TreeSize(0))));
  CHECK(absent(reader.latest_checkpoint()));
  CHECK(absent(reader.last_row_before(as_bytes("a"), as_bytes("z"))));
  CHECK(rows_in(reader, "", "z").empty());
}

TEST_CASE_TEMPLATE("a commit is read back in every family, also after a restart", Fixture, STORES) {
  Fixture f;
  CommitBatch batch = entries_batch(7, 0, 3);
  batch.time = TimestampMs(-5);
  batch.full_tiles = {{0, 4, filled_hashes(256, 1)}, {1, 4, filled_hashes(256, 2)}};
  batch.open_tiles = {{0, filled_hashes(3, 3)}, {1, filled_hashes(1, 4)}};
  batch.rows = {{text_bytes("row"), text_bytes("value"), std::nullopt}};
  batch.indexes = {{text_bytes("index"), text_bytes("to")}};
  batch.leaves = {{filled_hash(5), filled_hash(6)}};
  batch.act_ids = {{text_bytes("act"), EntryIndex(2), filled_hash(7)}};
  batch.log_root = filled_hash(8);
  batch.map_root = filled_hash(9);
  batch.map_key_count = 1;
  must(f.store->commit(batch));
  must(f.store->put_checkpoint(TreeSize(3), "note"));

  for (int pass = 0; pass < 2; ++pass) {
    CAPTURE(pass);
    const StoreReader& reader = f.store->reader();
    const Latest expected{OrderNumber(7), TreeSize(3),    TimestampMs(-5),
                          filled_hash(8), filled_hash(9), 1};
    CHECK(found(reader.latest()) == expected);
    CHECK(found(reader.entry(EntryIndex(0))) == text_bytes("entry 0"));
    CHECK(found(reader.entry(EntryIndex(2))) == text_bytes("entry 2"));
    CHECK(absent(reader.entry(EntryIndex(3))));
    CHECK(found(reader.full_tile(0, 4)) == filled_hashes(256, 1));
    CHECK(found(reader.full_tile(1, 4)) == filled_hashes(256, 2));
    CHECK(absent(reader.full_tile(0, 5)));
    CHECK(found(reader.open_tile(0)) == filled_hashes(3, 3));
    CHECK(found(reader.open_tile(1)) == filled_hashes(1, 4));
    CHECK(found(reader.row(as_bytes("row"))) == text_bytes("value"));
    CHECK(found(reader.index(as_bytes("index"))) == text_bytes("to"));
    CHECK(absent(reader.index(as_bytes("row"))));
    CHECK(found(reader.act_id(as_bytes("act"))) == ActId{EntryIndex(2), filled_hash(7)});
    CHECK(found(reader.checkpoint(TreeSize(3))) == "note");
    CHECK(found(reader.latest_checkpoint()) == StoredCheckpoint{TreeSize(3), "note"});
    int leaves = 0;
    must(reader.scan_leaves(Hash{}, filled_hash(0xff), [&](const Hash& key, const Hash& value) {
      ++leaves;
      CHECK(key == filled_hash(5));
      CHECK(value == filled_hash(6));
    }));
    CHECK(leaves == 1);
    f.reopen();
  }
}

TEST_CASE_TEMPLATE("absent values remove rows, indexes, leaves and open tiles", Fixture, STORES) {
  Fixture f;
  CommitBatch batch = entries_batch(1, 0, 1);
  batch.open_tiles = {{0, filled_hashes(1, 1)}};
  batch.rows = {{text_bytes("row"), text_bytes("v"), std::nullopt}};
  batch.indexes = {{text_bytes("index"), text_bytes("v")}};
  batch.leaves = {{filled_hash(1), filled_hash(2)}};
  must(f.store->commit(batch));
  batch = entries_batch(2, 1, 1);
  batch.open_tiles = {{0, {}}};
  batch.rows = {{text_bytes("row"), std::nullopt, text_bytes("v")}};
  batch.indexes = {{text_bytes("index"), std::nullopt}};
  batch.leaves = {{filled_hash(1), std::nullopt}};
  must(f.store->commit(batch));
  const StoreReader& reader = f.store->reader();
  CHECK(absent(reader.open_tile(0)));
  CHECK(absent(reader.row(as_bytes("row"))));
  CHECK(absent(reader.index(as_bytes("index"))));
  bool any = false;
  must(
      reader.scan_leaves(Hash{}, filled_hash(0xff), [&](const Hash&, const Hash&) { any = true; }));
  CHECK_FALSE(any);
}

TEST_CASE_TEMPLATE("an order number not above the stored one is refused and stops the store",
                   Fixture, STORES) {
  for (const std::uint64_t number : {0U, 4U, 5U}) {
    CAPTURE(number);
    Fixture f;
    must(f.store->commit(entries_batch(5, 0, 1)));
    CHECK_FALSE(f.store->stopped());
    CHECK(name_of(f.store->commit(entries_batch(number, 1, 1))) == "ORDER_NUMBER_NOT_NEXT");
    CHECK(f.store->stopped());
    CHECK(name_of(f.store->commit(entries_batch(6, 1, 1))) == "STORE_STOPPED");
    CHECK(name_of(f.store->put_checkpoint(TreeSize(1), "n")) == "STORE_STOPPED");
    CHECK(found(f.store->reader().latest()).order_number == OrderNumber(5));
    f.reopen();
    must(f.store->commit(entries_batch(6, 1, 1)));
  }
}

TEST_CASE_TEMPLATE("order numbers may skip, because rejected acts spend them too", Fixture,
                   STORES) {
  Fixture f;
  must(f.store->commit(entries_batch(5, 0, 1)));
  must(f.store->commit(entries_batch(9, 1, 0)));
  CHECK(found(f.store->reader().latest()).order_number == OrderNumber(9));
  CHECK(found(f.store->reader().latest()).size == TreeSize(1));
}

TEST_CASE_TEMPLATE("a batch that does not start at the stored size is refused", Fixture, STORES) {
  for (const std::uint64_t size : {0U, 1U, 3U}) {
    CAPTURE(size);
    Fixture f;
    must(f.store->commit(entries_batch(1, 0, 2)));
    CHECK(name_of(f.store->commit(entries_batch(2, size, 1))) == "SIZE_NOT_NEXT");
    CHECK(name_of(f.store->commit(entries_batch(2, 2, 1))) == "STORE_STOPPED");
    CHECK(absent(f.store->reader().entry(EntryIndex(2))));
  }
  Fixture fresh;
  CHECK(name_of(fresh.store->commit(entries_batch(1, 1, 1))) == "SIZE_NOT_NEXT");
}

TEST_CASE_TEMPLATE("a batch of impossible shape is refused whole", Fixture, STORES) {
  const std::vector<std::pair<const char*, std::function<void(CommitBatch&)>>> damages = {
      {"an empty entry", [](CommitBatch& b) { b.entries[0].clear(); }},
      {"a long entry", [](CommitBatch& b) { b.entries[0].resize(kEntryBytesMax + 1); }},
      {"an empty full tile", [](CommitBatch& b) { b.full_tiles = {{0, 0, {}}}; }},
      {"a torn full tile", [](CommitBatch& b) { b.full_tiles = {{0, 0, Bytes(33)}}; }},
      {"a wide full tile",
       [](CommitBatch& b) { b.full_tiles = {{0, 0, Bytes(log::kTileBytes + kHashSize)}}; }},
      {"a torn open tile", [](CommitBatch& b) { b.open_tiles = {{0, Bytes(31)}}; }},
      {"a row twice",
       [](CommitBatch& b) {
         b.rows = {{text_bytes("a"), {}, {}}, {text_bytes("b"), {}, {}}, {text_bytes("a"), {}, {}}};
       }},
      {"rows without entries",
       [](CommitBatch& b) {
         b.entries.clear();
         b.rows = {{text_bytes("a"), text_bytes("v"), {}}};
       }},
      {"leaves without entries",
       [](CommitBatch& b) {
         b.entries.clear();
         b.leaves = {{Hash{}, Hash{}}};
       }},
      {"an act id beyond the entries",
       [](CommitBatch& b) { b.act_ids = {{text_bytes("a"), EntryIndex(1), Hash{}}}; }},
  };
  for (const auto& [what, damage] : damages) {
    CAPTURE(what);
    Fixture f;
    CommitBatch batch = entries_batch(1, 0, 1);
    damage(batch);
    CHECK(name_of(f.store->commit(batch)) == "COMMIT_BATCH_INVALID");
    CHECK(absent(f.store->reader().latest()));
    CHECK(absent(f.store->reader().entry(EntryIndex(0))));
  }
}

TEST_CASE_TEMPLATE("the longest entry and the widest tile are accepted", Fixture, STORES) {
  Fixture f;
  CommitBatch batch = entries_batch(1, 0, 1);
  batch.entries[0].resize(kEntryBytesMax);
  batch.full_tiles = {{0, 0, Bytes(log::kTileBytes)}};
  must(f.store->commit(batch));
  CHECK(found(f.store->reader().entry(EntryIndex(0))).size() == kEntryBytesMax);
}

TEST_CASE_TEMPLATE("row_at gives every past value of a row", Fixture, STORES) {
  Fixture f;
  // Sizes:            0 -> 2 -> 3 -> 6 -> 7 -> 8
  // Value of "k":     none   a    a   none  b (empty)
  const Bytes key = text_bytes("k");
  CommitBatch batch = entries_batch(1, 0, 2);
  batch.rows = {{key, text_bytes("a"), std::nullopt}};
  must(f.store->commit(batch));
  must(f.store->commit(entries_batch(2, 2, 1)));
  batch = entries_batch(3, 3, 3);
  batch.rows = {{key, std::nullopt, text_bytes("a")}};
  must(f.store->commit(batch));
  batch = entries_batch(4, 6, 1);
  batch.rows = {{key, text_bytes("b"), std::nullopt}};
  must(f.store->commit(batch));
  batch = entries_batch(5, 7, 1);
  batch.rows = {{key, Bytes(), text_bytes("b")}};
  must(f.store->commit(batch));

  const auto at = [&](std::uint64_t size) {
    auto value = f.store->reader().row_at(key, TreeSize(size));
    REQUIRE(value.ok());
    return *value;
  };
  CHECK_FALSE(at(0).has_value());
  CHECK(at(2) == text_bytes("a"));
  CHECK(at(3) == text_bytes("a"));
  CHECK_FALSE(at(6).has_value());
  CHECK(at(7) == text_bytes("b"));
  CHECK(at(8) == Bytes());
  CHECK(at(~std::uint64_t{0}) == Bytes());
}

TEST_CASE_TEMPLATE("the history of a row is not that of a longer key with the same start", Fixture,
                   STORES) {
  Fixture f;
  const Bytes shorter = text_bytes("k");
  Bytes longer = shorter;
  longer.insert(longer.end(), 7, 0);
  longer.push_back(9);  // "k" and the big-endian 9: where a record of "k" at size 9 would lie
  must(f.store->commit(rows_batch(1, 0, {{shorter, text_bytes("s"), std::nullopt}})));
  must(f.store->commit(rows_batch(2, 1, {{longer, text_bytes("1"), std::nullopt}})));
  must(f.store->commit(rows_batch(3, 2, {{longer, text_bytes("2"), text_bytes("1")}})));
  CHECK(found(f.store->reader().row_at(shorter, TreeSize(1))) == text_bytes("s"));
  CHECK(found(f.store->reader().row_at(shorter, TreeSize(2))) == text_bytes("s"));
  CHECK(absent(f.store->reader().row_at(longer, TreeSize(1))));
  CHECK(found(f.store->reader().row_at(longer, TreeSize(2))) == text_bytes("1"));
}

TEST_CASE_TEMPLATE("row_at agrees with a full copy kept at every size", Fixture, STORES) {
  Fixture f;
  std::mt19937 random(42);
  std::map<std::string, std::string> now;
  std::vector<std::map<std::string, std::string>> past = {now};
  const std::vector<std::string> keys = {"a", "aa", "aaa", "b", std::string(9, '\0'), "z"};
  for (std::uint64_t number = 1; number <= 60; ++number) {
    std::vector<RowWrite> rows;
    for (const std::string& key : keys) {
      if (random() % 3 != 0) continue;
      RowWrite write{text_bytes(key), std::nullopt, std::nullopt};
      if (now.contains(key)) write.previous = text_bytes(now[key]);
      now.erase(key);
      if (random() % 4 != 0) {
        now[key] = std::to_string(random());
        write.value = text_bytes(now[key]);
      }
      rows.push_back(std::move(write));
    }
    must(f.store->commit(rows_batch(number, number - 1, std::move(rows))));
    past.push_back(now);
  }
  for (std::uint64_t size = 0; size < past.size(); ++size) {
    for (const std::string& key : keys) {
      const auto value = f.store->reader().row_at(as_bytes(key), TreeSize(size));
      REQUIRE(value.ok());
      const auto expected = past[size].find(key);
      REQUIRE(value->has_value() == (expected != past[size].end()));
      if (value->has_value()) REQUIRE(as_text(**value) == expected->second);
    }
  }
}

TEST_CASE_TEMPLATE("scans cover first to end without the end, ascending, until told to stop",
                   Fixture, STORES) {
  Fixture f;
  must(f.store->commit(rows_batch(1, 0,
                                  {{text_bytes("c"), text_bytes("3"), std::nullopt},
                                   {text_bytes("a"), text_bytes("1"), std::nullopt},
                                   {text_bytes("b"), text_bytes("2"), std::nullopt},
                                   {Bytes{0xff, 0xff}, text_bytes("4"), std::nullopt}})));
  const StoreReader& reader = f.store->reader();
  using Rows = std::vector<std::string>;
  CHECK(rows_in(reader, "a", "c") == Rows{"a=1", "b=2"});
  CHECK(rows_in(reader, "", "b") == Rows{"a=1"});
  CHECK(rows_in(reader, "aa", "d") == Rows{"b=2", "c=3"});
  CHECK(rows_in(reader, "b", "b").empty());
  CHECK(rows_in(reader, "c", "a").empty());
  CHECK(rows_in(reader, "d", "\xff\xff\xff").size() == 1);

  int visits = 0;
  must(reader.scan_rows(as_bytes("a"), as_bytes("z"), [&](ByteView, ByteView) {
    ++visits;
    return visits < 2;
  }));
  CHECK(visits == 2);
}

TEST_CASE_TEMPLATE("last_row_before finds the greatest key of the range", Fixture, STORES) {
  Fixture f;
  CommitBatch batch = rows_batch(1, 0,
                                 {{text_bytes("a"), text_bytes("1"), std::nullopt},
                                  {text_bytes("b"), text_bytes("2"), std::nullopt},
                                  {text_bytes("d"), text_bytes("4"), std::nullopt}});
  batch.indexes = {{text_bytes("c"), text_bytes("3")}};
  must(f.store->commit(batch));
  const StoreReader& reader = f.store->reader();
  const auto last = [&](std::string_view first, std::string_view end) {
    return reader.last_row_before(as_bytes(first), as_bytes(end));
  };
  CHECK(found(last("a", "d")) == KeyValue{text_bytes("b"), text_bytes("2")});
  CHECK(found(last("a", "b")).key == text_bytes("a"));
  CHECK(found(last("a", "zz")).key == text_bytes("d"));
  CHECK(absent(last("bb", "d")));
  CHECK(absent(last("", "a")));
  CHECK(absent(last("d", "d")));
  CHECK(absent(last("d", "a")));
  CHECK(found(reader.last_index_before(as_bytes(""), as_bytes("z"))).key == text_bytes("c"));
  CHECK(absent(reader.last_index_before(as_bytes(""), as_bytes("c"))));
}

TEST_CASE_TEMPLATE("empty keys, values and bounds are byte strings like any other", Fixture,
                   STORES) {
  Fixture f;
  CommitBatch batch = rows_batch(1, 0, {{Bytes(), Bytes(), std::nullopt}});
  batch.rows.push_back({text_bytes("a"), text_bytes("1"), std::nullopt});
  must(f.store->commit(batch));
  must(f.store->put_checkpoint(TreeSize(1), ""));
  const StoreReader& reader = f.store->reader();
  const ByteView nothing;
  CHECK(found(reader.row(nothing)).empty());
  CHECK(found(reader.row_at(nothing, TreeSize(1))).empty());
  CHECK(absent(reader.row_at(nothing, TreeSize(0))));
  CHECK(found(reader.last_row_before(nothing, as_bytes("b"))).key == text_bytes("a"));
  CHECK(found(reader.last_row_before(nothing, as_bytes("a"))).key.empty());
  CHECK(absent(reader.last_row_before(nothing, nothing)));
  CHECK(found(reader.checkpoint(TreeSize(1))).empty());
  int visits = 0;
  must(reader.scan_rows(nothing, as_bytes("b"), [&](ByteView, ByteView) { return ++visits > 0; }));
  CHECK(visits == 2);
}

TEST_CASE_TEMPLATE("indexes are scanned like rows and apart from them", Fixture, STORES) {
  Fixture f;
  CommitBatch batch = rows_batch(1, 0, {{text_bytes("b"), text_bytes("row"), std::nullopt}});
  batch.indexes = {{text_bytes("a"), text_bytes("1")}, {text_bytes("c"), text_bytes("2")}};
  must(f.store->commit(batch));
  std::string seen;
  must(f.store->reader().scan_indexes(as_bytes("a"), as_bytes("z"), [&](ByteView key, ByteView v) {
    seen += std::string(as_text(key)) + std::string(as_text(v));
    return true;
  }));
  CHECK(seen == "a1c2");
}

TEST_CASE_TEMPLATE("scan_leaves includes both ends", Fixture, STORES) {
  Fixture f;
  CommitBatch batch = entries_batch(1, 0, 1);
  for (const int byte : {0x00, 0x10, 0x20, 0xff}) {
    batch.leaves.push_back({filled_hash(static_cast<std::uint8_t>(byte)), filled_hash(1)});
  }
  must(f.store->commit(batch));
  const auto seen = [&](std::uint8_t first, std::uint8_t last) {
    std::vector<int> out;
    must(f.store->reader().scan_leaves(
        filled_hash(first), filled_hash(last),
        [&](const Hash& key, const Hash&) { out.push_back(key[0]); }));
    return out;
  };
  CHECK(seen(0x00, 0xff) == std::vector<int>{0x00, 0x10, 0x20, 0xff});
  CHECK(seen(0x10, 0x20) == std::vector<int>{0x10, 0x20});
  CHECK(seen(0x11, 0x1f).empty());
  CHECK(seen(0x20, 0x10).empty());
}

TEST_CASE_TEMPLATE("checkpoints are kept by size and the greatest is the latest", Fixture, STORES) {
  Fixture f;
  must(f.store->put_checkpoint(TreeSize(0), "zero"));
  must(f.store->commit(entries_batch(1, 0, 300)));
  must(f.store->put_checkpoint(TreeSize(256), "256"));
  must(f.store->put_checkpoint(TreeSize(2), "two"));
  must(f.store->put_checkpoint(TreeSize(256), "256, cosigned"));
  const StoreReader& reader = f.store->reader();
  CHECK(found(reader.latest_checkpoint()) == StoredCheckpoint{TreeSize(256), "256, cosigned"});
  CHECK(found(reader.checkpoint(TreeSize(0))) == "zero");
  CHECK(absent(reader.checkpoint(TreeSize(3))));
  std::vector<std::uint64_t> sizes;
  must(reader.scan_checkpoints(TreeSize(1), TreeSize(256), [&](TreeSize size, std::string_view) {
    sizes.push_back(size.value());
    return true;
  }));
  CHECK(sizes == std::vector<std::uint64_t>{2});
  sizes.clear();
  must(reader.scan_checkpoints(TreeSize(0), TreeSize(257), [&](TreeSize size, std::string_view) {
    sizes.push_back(size.value());
    return sizes.size() < 2;
  }));
  CHECK(sizes == std::vector<std::uint64_t>{0, 2});
}

TEST_CASE_TEMPLATE("a checkpoint beyond the stored size is refused and changes nothing", Fixture,
                   STORES) {
  Fixture f;
  must(f.store->commit(entries_batch(1, 0, 2)));
  CHECK(name_of(f.store->put_checkpoint(TreeSize(3), "n")) == "CHECKPOINT_AHEAD");
  CHECK(absent(f.store->reader().latest_checkpoint()));
  must(f.store->put_checkpoint(TreeSize(2), "n"));
}

TEST_CASE_TEMPLATE("a snapshot keeps its moment while the reader follows", Fixture, STORES) {
  Fixture f;
  must(f.store->commit(rows_batch(1, 0, {{text_bytes("k"), text_bytes("1"), std::nullopt}})));
  const auto snapshot = f.store->snapshot();
  must(f.store->commit(rows_batch(2, 1,
                                  {{text_bytes("k"), std::nullopt, text_bytes("1")},
                                   {text_bytes("l"), text_bytes("2"), std::nullopt}})));
  must(f.store->put_checkpoint(TreeSize(2), "n"));
  using Rows = std::vector<std::string>;
  CHECK(found(snapshot->latest()).size == TreeSize(1));
  CHECK(rows_in(*snapshot, "", "z") == Rows{"k=1"});
  CHECK(found(snapshot->row_at(as_bytes("k"), TreeSize(1))) == text_bytes("1"));
  CHECK(found(snapshot->last_row_before(as_bytes("a"), as_bytes("z"))).key == text_bytes("k"));
  CHECK(absent(snapshot->latest_checkpoint()));
  CHECK(found(f.store->reader().latest()).size == TreeSize(2));
  CHECK(rows_in(f.store->reader(), "", "z") == Rows{"l=2"});
}

TEST_CASE_TEMPLATE("a visitor may read on", Fixture, STORES) {
  Fixture f;
  must(f.store->commit(rows_batch(1, 0, {{text_bytes("k"), text_bytes("1"), std::nullopt}})));
  int nested = 0;
  must(f.store->reader().scan_rows(as_bytes("a"), as_bytes("z"), [&](ByteView key, ByteView) {
    CHECK(found(f.store->reader().row(key)) == text_bytes("1"));
    ++nested;
    return true;
  }));
  CHECK(nested == 1);
}

TEST_CASE_TEMPLATE("close refuses while a snapshot lives, then ends all use", Fixture, STORES) {
  Fixture f;
  must(f.store->commit(entries_batch(1, 0, 1)));
  auto snapshot = f.store->snapshot();
  CHECK(name_of(f.store->close()) == "STORE_SNAPSHOT_OPEN");
  must(f.store->commit(entries_batch(2, 1, 1)));
  snapshot.reset();
  must(f.store->close());
  must(f.store->close());
  CHECK(name_of(f.store->commit(entries_batch(3, 2, 1))) == "STORE_STOPPED");
  const auto entry = f.store->reader().entry(EntryIndex(0));
  REQUIRE_FALSE(entry.ok());
  CHECK(entry.error().name == "STORE_CLOSED");
  f.reopen();
  CHECK(found(f.store->reader().latest()).size == TreeSize(2));
}

TEST_CASE_TEMPLATE("readers on other threads see whole batches only", Fixture, STORES) {
  Fixture f;
  constexpr std::uint64_t kBatches = 60;
  std::atomic<bool> done = false;
  std::atomic<bool> torn = false;
  std::atomic<std::uint64_t> looks = 0;
  const auto look = [&] {
    while (!done || looks < 2) {
      const auto snapshot = f.store->snapshot();
      const auto latest = snapshot->latest();
      const auto row = snapshot->row(as_bytes("k"));
      if (!latest.ok() || !row.ok() || latest->has_value() != row->has_value()) {
        torn = true;
      } else if (latest->has_value() &&
                 as_text(**row) != std::to_string(latest->value().order_number.value())) {
        torn = true;
      }
      ++looks;
    }
  };
  std::thread first(look);
  std::thread second(look);
  Status status;
  for (std::uint64_t n = 1; n <= kBatches && status.ok(); ++n) {
    std::optional<Bytes> previous;
    if (n > 1) previous = text_bytes(std::to_string(n - 1));
    status = f.store->commit(
        rows_batch(n, n - 1, {{text_bytes("k"), text_bytes(std::to_string(n)), previous}}));
  }
  done = true;
  first.join();
  second.join();
  CHECK(status.ok());
  CHECK_FALSE(torn);
}

}  // namespace mrv::store
