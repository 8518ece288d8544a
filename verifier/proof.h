// Receipts checked offline: this entry is in the tree that this checkpoint names. Pure.
#pragma once

#include "verifier/policy.h"

namespace mrv::verifier {

struct ReceiptVerdict {
  EntryIndex index;
  VerifiedCheckpoint checkpoint;
};

// `proof` is a C2SP tlog-proof. Errors: TLOG_PROOF_MALFORMED, those of verify_checkpoint,
// PROOF_INDEX_INVALID, PROOF_LENGTH_INVALID, ROOT_MISMATCH.
Result<ReceiptVerdict> verify_receipt(const Policy& policy, ByteView entry, std::string_view proof);

}  // namespace mrv::verifier
