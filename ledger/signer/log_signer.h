// The only holder of the log's keys: the one in force, and beforehand the one that succeeds it. It
// signs each tree with the key that the log announced for it (log_keys.h), and only after it has
// read what was committed back from the store, computed the root by a second route, proved to
// itself that the tree continues the one it signed last, and made that memory durable.
//
// Sticky: after any failure nothing more is signed until the process starts again. Not thread-safe;
// the pipeline owns it.
#pragma once

#include <string>
#include <vector>

#include "crypto/ed25519.h"
#include "ledger/signer/last_signed.h"
#include "ledger/signer/log_keys.h"
#include "ledger/store/store.h"

namespace mrv::signer {

class LogSigner {
 public:
  // Not empty; the first key signs while the log has announced none.
  LogSigner(LastSigned memory, std::vector<crypto::SecretKey> keys);
  LogSigner(LastSigned memory, crypto::SecretKey key);

  [[nodiscard]] const SignedState& last() const { return memory_.state(); }
  // Of the first key.
  [[nodiscard]] const crypto::PublicKey& public_key() const { return keys_.front().public_key(); }
  [[nodiscard]] const std::string& origin() const { return memory_.state().origin; }

  // Whether the store continues what was signed last. Errors: SIGNER_AHEAD (the store is behind:
  // an older copy was put back), SIGNER_ROOT_DIFFERS (another history), and the store's.
  Status check_store(const store::StoreReader& reader);

  // The signed note of the store's latest tree. `written` is the batch that was just committed: its
  // entries and rows are read back and compared. Errors: SIGNER_STOPPED, SIGNER_AHEAD,
  // SIGNER_ROOT_DIFFERS, SIGNER_READ_BACK_DIFFERS, SIGNER_KEY_MISSING, SIGNER_MEMORY_*, the
  // store's.
  Result<std::string> sign(const store::StoreReader& reader, const store::CommitBatch& written);

  // The same for a tree found at start-up, whose batch is gone.
  Result<std::string> sign_found(const store::StoreReader& reader);

  // Whether the next batch's tree could be signed: to be asked before anything is committed that
  // nobody could sign. Errors: SIGNER_KEY_MISSING, the store's.
  Status check_next(const store::StoreReader& reader);

 private:
  Result<std::string> sign_latest(const store::StoreReader& reader, TreeSize start);
  Result<const crypto::SecretKey*> key_for(const store::StoreReader& reader, TreeSize start);
  Status check_continues(const store::StoreReader& reader, const store::Latest& latest);
  template <class T>
  Result<T> stop_on_error(Result<T> result);

  LastSigned memory_;
  std::vector<crypto::SecretKey> keys_;
  LogKeys announced_;
  bool stopped_ = false;
};

}  // namespace mrv::signer
