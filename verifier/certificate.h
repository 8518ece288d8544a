// Whether a certificate proves what it says (formats.md 7), without asking anybody.
//
// In this order, each with a named reason: form and limits, checkpoint and quorum, inclusion of
// every entry, every document's signature, the seal and every state row under it, each key's
// authority at that index, the links from retirement back to report, the tonnes, the summary.
// Nothing is optional and nothing is spare: what is missing is a refusal, and so is what proves
// nothing. What a row says of a signed entry is held against the entry; what only rows say (keys,
// parties, accreditations, seats) the log answers for, or the witnesses that re-execute it. Pure.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "ledger/codec/certificate_codec.h"
#include "verifier/policy.h"

namespace mrv::verifier {

struct CertificateOptions {
  // Datasets by digest, where the verifier has them: then the tonnes are recomputed.
  std::function<std::optional<Bytes>(const Hash& digest)> datasets;
  bool require_recomputation = false;
};

struct CertificateVerdict {
  codec::CertificateSummary summary;
  VerifiedCheckpoint checkpoint;
  std::size_t entries = 0;
  std::size_t rows = 0;
  // "recomputed", or "not recomputed: <why>", for each report the serials come from.
  std::vector<std::string> recomputations;
};

// Errors: CERTIFICATE_MALFORMED, CERTIFICATE_TOO_LARGE, those of verify_checkpoint,
// CERTIFICATE_ENTRY_NOT_INCLUDED, CERTIFICATE_ENTRY_INVALID, CERTIFICATE_SIGNATURE_INVALID,
// CERTIFICATE_KEY_NOT_AUTHORISED, CERTIFICATE_SEAL_INVALID, CERTIFICATE_ROW_NOT_PROVED,
// CERTIFICATE_ROLE_WRONG, CERTIFICATE_PART_MISSING, CERTIFICATE_PART_SPARE,
// CERTIFICATE_LINK_BROKEN, CERTIFICATE_TONNES_DIFFER, CERTIFICATE_NOT_RECOMPUTED,
// CERTIFICATE_SUMMARY_DIFFERS.
Result<CertificateVerdict> verify_certificate(const Policy& policy, std::string_view text,
                                              const CertificateOptions& options);

}  // namespace mrv::verifier
