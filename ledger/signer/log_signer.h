// The only holder of the log key. It signs a tree only after it has read what was committed back
// from the store, computed the root by a second route, proved to itself that the tree continues the
// one it signed last, and made that memory durable.
//
// Sticky: after any failure nothing more is signed until the process starts again. Not thread-safe;
// the pipeline owns it.
#pragma once

#include <string>

#include "crypto/ed25519.h"
#include "ledger/signer/last_signed.h"
#include "ledger/store/store.h"

namespace mrv::signer {

class LogSigner {
 public:
  LogSigner(LastSigned memory, crypto::SecretKey key)
      : memory_(std::move(memory)), key_(std::move(key)) {}

  [[nodiscard]] const SignedState& last() const { return memory_.state(); }
  [[nodiscard]] const crypto::PublicKey& public_key() const { return key_.public_key(); }
  [[nodiscard]] const std::string& origin() const { return memory_.state().origin; }

  // Whether the store continues what was signed last. Errors: SIGNER_AHEAD (the store is behind:
  // an older copy was put back), SIGNER_ROOT_DIFFERS (another history), and the store's.
  Status check_store(const store::StoreReader& reader);

  // The signed note of the store's latest tree. `written` is the batch that was just committed: its
  // entries and rows are read back and compared. Errors: SIGNER_STOPPED, SIGNER_AHEAD,
  // SIGNER_ROOT_DIFFERS, SIGNER_READ_BACK_DIFFERS, SIGNER_MEMORY_*, the store's.
  Result<std::string> sign(const store::StoreReader& reader, const store::CommitBatch& written);

  // The same for a tree found at start-up, whose batch is gone.
  Result<std::string> sign_found(const store::StoreReader& reader);

 private:
  Result<std::string> sign_latest(const store::StoreReader& reader);
  Status check_continues(const store::StoreReader& reader, const store::Latest& latest);
  template <class T>
  Result<T> stop_on_error(Result<T> result);

  LastSigned memory_;
  crypto::SecretKey key_;
  bool stopped_ = false;
};

}  // namespace mrv::signer
