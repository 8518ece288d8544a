// Reading a proof never accepts a form outside the profile, never depends on how the document was
// formatted, and no altered document verifies under the seed documents' keys by accident.
// fuzz-links: mrv_crypto
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "crypto/data_integrity.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mrv::crypto;
  static const bool kReady = initialise().ok();
  require(kReady);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto document = parse_strict(text, kDocumentLimits);
  if (!document.ok()) return 0;

  const auto statement = read_proof(*document);
  const auto strict = verify_document(*document);
  const auto registered = verify_document(*document, KeyStanding::kRegistered);
  if (!statement.ok()) {
    require(strict.error().name == statement.error().name);
    require(registered.error().name == statement.error().name);
    return 0;
  }
  // What the full rule accepts, the rule for registered keys accepts.
  require(!strict.ok() || registered.ok());

  const nlohmann::json& proof = document->at("proof");
  require(proof.at("type") == kProofType && proof.at("cryptosuite") == kProofSuite);
  require(proof.at("proofPurpose") == kProofPurpose && proof.size() <= 7);
  require(!proof.contains("@context") || proof.at("@context") == document->at("@context"));

  const auto again = parse_strict(canonicalize(*document), kDocumentLimits);
  if (again.ok()) require(read_proof(*again)->hash_data == statement->hash_data);

  // An appended member changes the signed bytes.
  nlohmann::json altered = *document;
  altered["appended"] = true;
  if (*document != altered) require(!verify_document(altered).ok() || !strict.ok());
  return 0;
}
