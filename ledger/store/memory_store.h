// A store in memory, for tests: what a disk would keep outlives the store, and commits can be made
// to fail.
#pragma once

#include <cstdint>
#include <memory>

#include "ledger/store/store.h"

namespace mrv::store {

// Which commit fails, and how. Checkpoints count as commits.
struct CommitFault {
  std::uint64_t call = 1;  // the first to fail, counted from when the fault is set: 1 is the next
  bool sticky = false;     // all later ones fail too, also after opening again
  bool applied = false;    // the data has arrived although the answer is an error
};

// What survives a restart. Only one open store may use it at a time (STORE_LOCKED). Thread-safe.
class MemoryDisk {
 public:
  static std::shared_ptr<MemoryDisk> create();
  virtual ~MemoryDisk() = default;

  virtual void set_fault(const CommitFault& fault) = 0;
  virtual void clear_fault() = 0;
  // While true, commits answer STORE_SPACE_LOW.
  virtual void set_space_low(bool low) = 0;

 private:
  friend class MemoryDiskData;
  MemoryDisk() = default;
};

// Opens the store on a disk made by MemoryDisk::create(), empty or used. Errors: STORE_LOCKED.
Result<std::unique_ptr<Store>> open_memory_store(std::shared_ptr<MemoryDisk> disk);

}  // namespace mrv::store
