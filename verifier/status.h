// Whether a status proof shows what became of a retirement by its tree
// (schemas/spec/certificate.md), without asking anybody.
//
// In this order, each with a named reason: form and limits, checkpoint and quorum, the question,
// the seal and every row under it, what the tree is to an earlier one, the serials, the summary.
// What is missing is a refusal, and so is what proves nothing. That the rows follow from the
// entries the log answers for, or the witnesses that re-execute the state. Pure; precondition:
// crypto::initialise() succeeded.
#pragma once

#include <optional>
#include <string_view>

#include "ledger/codec/status_codec.h"
#include "verifier/policy.h"

namespace mrv::verifier {

// What the file must be about. Of a question left open the file's own answer is taken.
struct StatusQuestion {
  std::optional<model::RetirementId> retirement;
  std::optional<log::Checkpoint> earlier;  // verified, of the same ledger: a certificate's
};

struct StatusVerdict {
  codec::StatusSummary status;
  VerifiedCheckpoint checkpoint;
  std::size_t rows = 0;
  std::optional<TreeSize> earlier;  // of the tree that was asked about
  bool continues = false;           // proved to be that tree, or to continue it
};

// That the proof holds; whether the retirement stands is what it says. A file without `consistency`
// holds against an earlier tree too, and does not continue it as far as this file shows. Errors:
// STATUS_MALFORMED, STATUS_TOO_LARGE, those of verify_checkpoint, STATUS_OTHER_RETIREMENT,
// STATUS_OTHER_LEDGER, STATUS_ENTRY_NOT_INCLUDED, STATUS_SEAL_INVALID, STATUS_ROLE_WRONG,
// STATUS_ROW_NOT_PROVED, STATUS_TREE_OLDER, STATUS_NOT_CONSISTENT, STATUS_PART_MISSING,
// STATUS_SUMMARY_DIFFERS, STATUS_PART_SPARE.
Result<StatusVerdict> verify_status(const Policy& policy, std::string_view text,
                                    const StatusQuestion& question);

// Of the retirement of this certificate, at its tree or later. Errors: those of verify_certificate,
// then as above.
Result<StatusVerdict> verify_status_of_certificate(const Policy& policy, std::string_view text,
                                                   std::string_view certificate);

}  // namespace mrv::verifier
