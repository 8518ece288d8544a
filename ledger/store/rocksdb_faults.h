// For fault tests only: the disk store over a file system that misbehaves.
#pragma once

#include <memory>

#include "ledger/store/rocksdb_store.h"

namespace rocksdb {
class FileSystem;
}

namespace mrv::store {

struct RocksdbFaults {
  std::shared_ptr<rocksdb::FileSystem> file_system;  // null: the real one
  bool sync_writes = true;  // false breaks durability: the control that a power-cut test can fail
  std::size_t memtable_bytes = kMemtableBytes;  // less: flushes and new logs under a small load
};

// As open_rocksdb_store().
Result<std::unique_ptr<Store>> open_rocksdb_store(const RocksdbOptions& options,
                                                  const RocksdbFaults& faults);

}  // namespace mrv::store
