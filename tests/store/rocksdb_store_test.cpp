// What only a store on disk can show: opening modes, the lock, and damage to its files.
#include "ledger/store/rocksdb_store.h"

#include <fstream>

#include <doctest/doctest.h>

#include "tests/store/batches.h"

namespace mrv::store {
namespace {

namespace fs = std::filesystem;

std::string open_name(const std::string& path, OpenMode mode) {
  const auto opened = open_rocksdb_store({path, mode, 0});
  return opened.ok() ? "" : std::string(opened.error().name);
}

std::unique_ptr<Store> open(const std::string& path, OpenMode mode) {
  auto opened = open_rocksdb_store({path, mode, 0});
  REQUIRE_MESSAGE(opened.ok(), opened.error().detail);
  return *std::move(opened);
}

// A closed database with `count` single-entry batches, all still in its write-ahead log.
void make_database(const std::string& path, std::uint64_t count) {
  auto store = open(path, OpenMode::kCreate);
  for (std::uint64_t n = 1; n <= count; ++n) {
    REQUIRE(store->commit(entries_batch(n, n - 1, 1)).ok());
  }
  REQUIRE(store->close().ok());
}

std::vector<fs::path> files_with(const std::string& path, std::string_view extension) {
  std::vector<fs::path> out;
  for (const auto& file : fs::directory_iterator(path)) {
    if (file.path().extension() == extension) out.push_back(file.path());
  }
  return out;
}

fs::path largest_log(const std::string& path) {
  fs::path largest;
  for (const fs::path& file : files_with(path, ".log")) {
    if (largest.empty() || fs::file_size(file) > fs::file_size(largest)) largest = file;
  }
  REQUIRE_FALSE(largest.empty());
  return largest;
}

void flip_bit(const fs::path& file, std::uint64_t offset) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekg(static_cast<std::streamoff>(offset));
  const auto byte = static_cast<char>(stream.get() ^ 0x10);
  stream.seekp(static_cast<std::streamoff>(offset));
  stream.put(byte);
  REQUIRE(stream.good());
}

std::uint64_t size_of(const Store& store) {
  const auto latest = store.reader().latest();
  REQUIRE(latest.ok());
  return latest->has_value() ? latest->value().size.value() : 0;
}

}  // namespace

TEST_CASE("create refuses an existing database and open a missing one") {
  const ScratchDirectory scratch;
  CHECK(open_name(scratch.db(), OpenMode::kMustExist) == "STORE_MISSING");
  CHECK(open_name(scratch.db(), OpenMode::kCreate).empty());
  CHECK(open_name(scratch.db(), OpenMode::kCreate) == "STORE_EXISTS");
  CHECK(open_name(scratch.db(), OpenMode::kMustExist).empty());
  CHECK_FALSE(open_name((scratch.path() / "no" / "such" / "parent").string(), OpenMode::kMustExist)
                  .empty());
}

TEST_CASE("a second open is refused while the first lives") {
  const ScratchDirectory scratch;
  auto store = open(scratch.db(), OpenMode::kCreate);
  CHECK(open_name(scratch.db(), OpenMode::kMustExist) == "STORE_LOCKED");
  REQUIRE(store->close().ok());
  CHECK(open_name(scratch.db(), OpenMode::kMustExist).empty());
}

TEST_CASE("everything is there after many restarts") {
  const ScratchDirectory scratch;
  open(scratch.db(), OpenMode::kCreate).reset();
  for (std::uint64_t n = 1; n <= 10; ++n) {
    const auto store = open(scratch.db(), OpenMode::kMustExist);
    REQUIRE(size_of(*store) == n - 1);
    REQUIRE(store->commit(entries_batch(n, n - 1, 1)).ok());
  }
  const auto store = open(scratch.db(), OpenMode::kMustExist);
  for (std::uint64_t i = 0; i < 10; ++i) {
    const auto entry = store->reader().entry(EntryIndex(i));
    REQUIRE(entry.ok());
    CHECK(*entry == text_bytes("entry " + std::to_string(i)));
  }
}

TEST_CASE("a bit flipped in the middle of the write-ahead log is refused") {
  for (const std::uint64_t eighth : {2U, 3U, 4U, 5U, 6U}) {
    CAPTURE(eighth);
    const ScratchDirectory scratch;
    make_database(scratch.db(), 40);
    const fs::path log = largest_log(scratch.db());
    flip_bit(log, fs::file_size(log) * eighth / 8);
    CHECK(open_name(scratch.db(), OpenMode::kMustExist) == "STORE_CORRUPT");
  }
}

TEST_CASE("a log damaged in its middle is cut there only where nothing acknowledged is lost") {
  const ScratchDirectory scratch;
  make_database(scratch.db(), 40);
  const fs::path log = largest_log(scratch.db());
  flip_bit(log, fs::file_size(log) / 2);
  std::uint64_t in_front = 0;
  const auto open_with = [&](std::uint64_t acknowledged) {
    RocksdbOptions options{scratch.db(), OpenMode::kMustExist, 0};
    options.holds_everything = [&in_front, acknowledged](const StoreReader& reader) -> Status {
      const auto latest = reader.latest();
      if (!latest.ok()) return latest.error();
      in_front = (*latest)->size.value();
      if (in_front >= acknowledged) return {};
      return Error{"SIGNER_AHEAD", "more was signed", {}};
    };
    return open_rocksdb_store(options);
  };
  const auto refused = open_with(40);
  REQUIRE(!refused.ok());
  CHECK(refused.error().name == "STORE_CORRUPT");
  CHECK(refused.error().detail.find("SIGNER_AHEAD more was signed") != std::string::npos);
  REQUIRE(in_front > 0);
  REQUIRE(in_front < 40);
  const std::uint64_t whole = in_front;
  CHECK(!open_with(whole + 1).ok());  // and again: asking changed nothing
  {
    const auto opened = open_with(whole);
    REQUIRE(opened.ok());
    CHECK(size_of(**opened) == whole);
    CHECK((*opened)->commit(entries_batch(whole + 1, whole, 1)).ok());
  }
  // What was cut off is gone, and what came after it stands.
  CHECK(size_of(*open(scratch.db(), OpenMode::kMustExist)) == whole + 1);
}

TEST_CASE("a torn last record of the write-ahead log is dropped and the rest is whole") {
  const ScratchDirectory scratch;
  make_database(scratch.db(), 40);
  const fs::path log = largest_log(scratch.db());
  fs::resize_file(log, fs::file_size(log) - 37);
  const auto store = open(scratch.db(), OpenMode::kMustExist);
  CHECK(size_of(*store) == 39);
  const auto entry = store->reader().entry(EntryIndex(38));
  REQUIRE(entry.ok());
  CHECK(entry->has_value());
  CHECK(store->commit(entries_batch(40, 39, 1)).ok());
}

TEST_CASE("a lost CURRENT or MANIFEST is refused") {
  for (const char* prefix : {"CURRENT", "MANIFEST"}) {
    CAPTURE(prefix);
    const ScratchDirectory scratch;
    make_database(scratch.db(), 3);
    for (const auto& file : fs::directory_iterator(scratch.db())) {
      if (file.path().filename().string().starts_with(prefix)) fs::remove(file.path());
    }
    CHECK_FALSE(open_name(scratch.db(), OpenMode::kMustExist).empty());
  }
}

TEST_CASE("a bit flipped in a table file is an error, never another value") {
  std::size_t refused = 0;
  for (std::uint64_t step = 0; step < 12; ++step) {
    CAPTURE(step);
    const ScratchDirectory scratch;
    make_database(scratch.db(), 40);
    open(scratch.db(), OpenMode::kMustExist).reset();  // recovery moves the log into tables
    const std::vector<fs::path> tables = files_with(scratch.db(), ".sst");
    REQUIRE_FALSE(tables.empty());
    for (const fs::path& table : tables) flip_bit(table, fs::file_size(table) * step / 12);

    auto opened = open_rocksdb_store({scratch.db(), OpenMode::kMustExist, 0});
    if (!opened.ok()) {
      CHECK(opened.error().name == "STORE_CORRUPT");
      ++refused;
      continue;
    }
    for (std::uint64_t i = 0; i < 40; ++i) {
      const auto entry = (*opened)->reader().entry(EntryIndex(i));
      if (!entry.ok()) {
        CHECK(entry.error().name == "STORE_CORRUPT");
        ++refused;
        break;
      }
      REQUIRE(*entry == text_bytes("entry " + std::to_string(i)));
    }
  }
  CHECK(refused > 0);
}

TEST_CASE("a commit below the free-space floor is refused") {
  const ScratchDirectory scratch;
  auto opened = open_rocksdb_store({scratch.db(), OpenMode::kCreate, ~std::uint64_t{0}});
  REQUIRE(opened.ok());
  const Status room = (*opened)->room();
  REQUIRE_FALSE(room.ok());
  CHECK(room.error().name == "STORE_SPACE_LOW");
  const Status status = (*opened)->commit(entries_batch(1, 0, 1));
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().name == "STORE_SPACE_LOW");
}

}  // namespace mrv::store
