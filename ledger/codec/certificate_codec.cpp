// Certificates as strict canonical JSON.
#include "ledger/codec/certificate_codec.h"

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "ledger/codec/json_codec.h"

namespace mrv::codec {
namespace {

Error malformed(const Error& error) {
  return {"CERTIFICATE_MALFORMED", std::string(error.name) + ": " + error.detail, error.pointer};
}

Error too_large() {
  return {"CERTIFICATE_TOO_LARGE", "ask for a certificate of a narrower range", {}};
}

}  // namespace

Result<std::string> encode_certificate(const Certificate& certificate) {
  std::string text = crypto::canonicalize(encode_json(certificate));
  const bool fits = text.size() <= kCertificateBytesMax &&
                    certificate.entries.size() + certificate.state.size() <= kCertificatePartsMax;
  if (!fits) return too_large();
  return text;
}

Result<Certificate> decode_certificate(std::string_view text) {
  if (text.size() > kCertificateBytesMax) return too_large();
  const auto parsed = crypto::parse_strict(text, crypto::kCertificateLimits);
  if (!parsed.ok()) return malformed(parsed.error());
  auto certificate = decode_json<Certificate>(*parsed, "");
  if (!certificate.ok()) return malformed(certificate.error());
  if (certificate->format != kCertificateFormat) {
    return Error{"CERTIFICATE_MALFORMED", "the format is not " + std::string(kCertificateFormat),
                 "/format"};
  }
  return certificate;
}

}  // namespace mrv::codec
