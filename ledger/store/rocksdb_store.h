// The store on disk, over RocksDB (7.8 and later).
//
// One write-ahead log, written with fdatasync before a commit returns. Recovery drops a torn last
// record, which nobody was told about, and refuses any other damage; what no engine can see (a log
// deleted, or cut at a record, or an older copy put back) the signer's memory finds. Checksums are
// verified on every read. One process at a time.
//
// Memory: the block cache and the memtables have fixed ceilings, and index and filter blocks count
// against the cache, so it does not grow with the ledger.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "ledger/store/store.h"

namespace mrv::store {

inline constexpr std::size_t kBlockCacheBytes = 64UL * 1024 * 1024;
inline constexpr std::size_t kMemtableBytes = 64UL * 1024 * 1024;  // of all families together
inline constexpr std::uint64_t kWalBytesMax = 256ULL * 1024 * 1024;
inline constexpr int kOpenFilesMax = 512;
// Below this much free space nothing is committed: a full disk leaves no room to compact or to
// repair.
inline constexpr std::uint64_t kFreeSpaceFloorBytes = 1024ULL * 1024 * 1024;

enum class OpenMode {
  kCreate,     // STORE_EXISTS if there is one
  kMustExist,  // STORE_MISSING if there is none
};

struct RocksdbOptions {
  std::string path;  // the directory; kCreate makes it, its parent must exist
  OpenMode mode = OpenMode::kMustExist;
  std::uint64_t free_space_floor = kFreeSpaceFloorBytes;
  // May a log of writes that is damaged in its middle be cut there (as a power cut leaves it, where
  // later sectors reached the disk and earlier ones did not)? Asked with what stands in front of
  // the damage, before anything is changed: whether that holds all that was acknowledged. Empty:
  // never.
  std::function<Status(const StoreReader&)> holds_everything = nullptr;
};

// Errors: STORE_EXISTS, STORE_MISSING, STORE_LOCKED (open elsewhere), STORE_CORRUPT (damage that
// recovery refuses; the log of writes is left as it was), STORE_FORMAT_UNKNOWN, STORE_OPEN_FAILED.
Result<std::unique_ptr<Store>> open_rocksdb_store(const RocksdbOptions& options);

}  // namespace mrv::store
