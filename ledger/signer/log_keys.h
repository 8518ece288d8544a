// Which key signs a tree (schemas/spec/registry.md 3, SucceedLogKey): the one that the log
// announced last before the batch that the tree adds, at first Genesis' own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/store/store.h"

namespace mrv::signer {

// Where the batch begins that ends the stored tree of `size`; every batch ends in a seal.
// Errors: the store's, STORE_CORRUPT.
Result<TreeSize> batch_start(const store::StoreReader& reader, TreeSize size);

// Remembers what it read last; not thread-safe.
class LogKeys {
 public:
  // The vkey that signs the tree of the batch that begins at `start`. Nothing for a log without a
  // registry, and before Genesis is there. Errors: the store's, STORE_CORRUPT.
  Result<std::optional<std::string>> vkey_for(const store::StoreReader& reader, TreeSize start);

 private:
  struct Announced {
    EntryIndex entry;
    std::string vkey;
  };
  Status read(const store::StoreReader& reader, const Bytes& row);

  Bytes row_;                         // of the ledger, as it was read last
  std::vector<Announced> announced_;  // Genesis' first
};

}  // namespace mrv::signer
