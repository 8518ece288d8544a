// The fault switch of the store in memory.
#include "ledger/store/memory_store.h"

#include <doctest/doctest.h>

#include "tests/store/batches.h"

namespace mrv::store {
namespace {

std::unique_ptr<Store> open(const std::shared_ptr<MemoryDisk>& disk) {
  auto opened = open_memory_store(disk);
  REQUIRE(opened.ok());
  return *std::move(opened);
}

std::string name_of(const Status& status) {
  return status.ok() ? "" : std::string(status.error().name);
}

std::uint64_t size_of(const Store& store) {
  const auto latest = store.reader().latest();
  REQUIRE(latest.ok());
  return latest->has_value() ? latest->value().size.value() : 0;
}

}  // namespace

TEST_CASE("the k-th commit fails, before or after the data arrived, and only a restart goes on") {
  for (std::uint64_t k = 1; k <= 4; ++k) {
    for (const bool applied : {false, true}) {
      CAPTURE(k);
      CAPTURE(applied);
      const auto disk = MemoryDisk::create();
      auto store = open(disk);
      disk->set_fault({.call = k, .sticky = false, .applied = applied});
      for (std::uint64_t n = 1; n < k; ++n) CHECK(store->commit(entries_batch(n, n - 1, 1)).ok());
      CHECK(name_of(store->commit(entries_batch(k, k - 1, 1))) == "STORE_COMMIT_FAILED");
      CHECK(name_of(store->commit(entries_batch(k, k - 1, 1))) == "STORE_STOPPED");
      CHECK(name_of(store->commit(entries_batch(k + 1, k, 1))) == "STORE_STOPPED");

      store.reset();
      store = open(disk);
      const std::uint64_t size = applied ? k : k - 1;
      CHECK(size_of(*store) == size);
      CHECK(store->commit(entries_batch(k + 1, size, 1)).ok());
    }
  }
}

TEST_CASE("a sticky fault outlives restarts until it is cleared") {
  const auto disk = MemoryDisk::create();
  auto store = open(disk);
  disk->set_fault({.call = 1, .sticky = true, .applied = false});
  for (int restart = 0; restart < 3; ++restart) {
    CHECK(name_of(store->commit(entries_batch(1, 0, 1))) == "STORE_COMMIT_FAILED");
    store.reset();
    store = open(disk);
  }
  disk->clear_fault();
  CHECK(store->commit(entries_batch(1, 0, 1)).ok());
}

TEST_CASE("a failed checkpoint stops the store like a failed commit") {
  const auto disk = MemoryDisk::create();
  auto store = open(disk);
  disk->set_fault({.call = 1, .sticky = false, .applied = false});
  CHECK(name_of(store->put_checkpoint(TreeSize(0), "n")) == "STORE_COMMIT_FAILED");
  CHECK(name_of(store->commit(entries_batch(1, 0, 1))) == "STORE_STOPPED");
}

TEST_CASE("low space is told by room() and refuses a commit") {
  const auto disk = MemoryDisk::create();
  auto store = open(disk);
  CHECK(store->room().ok());
  disk->set_space_low(true);
  CHECK(name_of(store->room()) == "STORE_SPACE_LOW");
  CHECK(name_of(store->commit(entries_batch(1, 0, 1))) == "STORE_SPACE_LOW");
  disk->set_space_low(false);
  CHECK(name_of(store->commit(entries_batch(1, 0, 1))) == "STORE_STOPPED");
  CHECK(size_of(*store) == 0);
}

TEST_CASE("a disk in memory serves one store at a time") {
  const auto disk = MemoryDisk::create();
  auto store = open(disk);
  const auto second = open_memory_store(disk);
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().name == "STORE_LOCKED");
  CHECK(store->close().ok());
  CHECK(open_memory_store(disk).ok());
}

}  // namespace mrv::store
