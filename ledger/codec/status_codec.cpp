// Status proofs as strict canonical JSON.
#include "ledger/codec/status_codec.h"

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "ledger/codec/json_codec.h"

namespace mrv::codec {
namespace {

Error status_malformed(const Error& error) {
  return {"STATUS_MALFORMED", std::string(error.name) + ": " + error.detail, error.pointer};
}

Error status_too_large() { return {"STATUS_TOO_LARGE", "16 MiB and 4,096 rows are the most", {}}; }

}  // namespace

Result<std::string> encode_status_proof(const StatusProof& proof) {
  std::string text = crypto::canonicalize(encode_json(proof));
  const bool fits =
      text.size() <= kCertificateBytesMax && proof.state.size() <= kCertificatePartsMax;
  if (!fits) return status_too_large();
  return text;
}

Result<StatusProof> decode_status_proof(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.size() > kCertificateBytesMax) return status_too_large();
  const auto parsed = crypto::parse_strict(text, crypto::kCertificateLimits);
  if (!parsed.ok()) return status_malformed(parsed.error());
  auto proof = decode_json<StatusProof>(*parsed, "");
  if (!proof.ok()) return status_malformed(proof.error());
  if (proof->format != kStatusFormat) {
    return Error{"STATUS_MALFORMED", "the format is not " + std::string(kStatusFormat), "/format"};
  }
  MRV_TRY(const std::string canonical, encode_status_proof(*proof));
  if (canonical != text) {
    return Error{"STATUS_MALFORMED", "the text is not in its canonical form", {}};
  }
  return proof;
}

}  // namespace mrv::codec
