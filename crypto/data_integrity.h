// Signed documents: W3C Data Integrity proofs of the cryptosuite eddsa-jcs-2022 (VC Data Integrity
// EdDSA Cryptosuites v1.0, section 3.3) with did:key verification methods, under a profile narrower
// than the standard's (formats.md section 1):
//   one proof object, never a set or a chain; no proof members but the seven of the suite;
//   a proof's @context, where present, equals the document's. The standard lets the document's
//   merely start with it, which lets anyone append contexts after signing.
// What is signed is Ed25519(SHA-256(JCS(proof without proofValue)) || SHA-256(JCS(document without
// proof))): proof first, the proof exactly as it stands.
//
// This file judges the proof alone. Whether the key may sign this act is the registry's question.
// Pure functions, any thread, nothing throws.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "crypto/bytes.h"
#include "crypto/ed25519.h"
#include "crypto/result.h"

namespace mrv::crypto {

inline constexpr std::string_view kProofType = "DataIntegrityProof";
inline constexpr std::string_view kProofSuite = "eddsa-jcs-2022";
inline constexpr std::string_view kProofPurpose = "assertionMethod";

// Errors, in the order in which the checks are made. `pointer` names the member concerned.
inline constexpr std::string_view kProofDocumentInvalid = "PROOF_DOCUMENT_INVALID";
inline constexpr std::string_view kProofMissing = "PROOF_MISSING";
inline constexpr std::string_view kProofNotSingle = "PROOF_NOT_SINGLE";
inline constexpr std::string_view kProofMemberUnknown = "PROOF_MEMBER_UNKNOWN";
inline constexpr std::string_view kProofTypeUnsupported = "PROOF_TYPE_UNSUPPORTED";
inline constexpr std::string_view kProofSuiteUnsupported = "PROOF_SUITE_UNSUPPORTED";
inline constexpr std::string_view kProofPurposeInvalid = "PROOF_PURPOSE_INVALID";
inline constexpr std::string_view kProofCreatedInvalid = "PROOF_CREATED_INVALID";
inline constexpr std::string_view kProofContextMismatch = "PROOF_CONTEXT_MISMATCH";
inline constexpr std::string_view kProofMethodInvalid = "PROOF_METHOD_INVALID";
inline constexpr std::string_view kProofValueInvalid = "PROOF_VALUE_INVALID";
inline constexpr std::string_view kProofSignatureInvalid = "SIGNATURE_INVALID";
// Of signing alone:
inline constexpr std::string_view kProofPresent = "PROOF_PRESENT";
inline constexpr std::string_view kProofKeyMismatch = "PROOF_KEY_MISMATCH";

// SHA-256 of the canonical proof, then of the canonical document.
inline constexpr std::size_t kProofHashDataSize = 2 * kHashSize;
using ProofHashData = std::array<std::uint8_t, kProofHashDataSize>;

// Everything a proof says, before any signature is checked: what to look up (`key`) and what to
// verify.
struct ProofStatement {
  PublicKey key;
  Signature signature;
  ProofHashData hash_data;
  std::string created;  // YYYY-MM-DDThh:mm:ssZ, an existing date
};

// Checks the form of the proof and computes the hashes. No point arithmetic: `key` may not be a
// point. Precondition of meaning, not of safety: `document` came from parse_strict. Errors: all of
// the above up to PROOF_VALUE_INVALID.
Result<ProofStatement> read_proof(const nlohmann::json& document);

// Which part of the signature rule is still open. A key that entered the registry was checked to be
// a canonical point of prime order then; checking again costs as much as the signature itself.
enum class KeyStanding { kUnchecked, kRegistered };

// Errors: SIGNATURE_INVALID.
Status verify_statement(const ProofStatement& statement, KeyStanding standing);

// read_proof, then verify_statement. Returns the key that signed. With kRegistered the caller must
// have found the returned key in the registry before it relies on the answer.
Result<PublicKey> verify_document(const nlohmann::json& document,
                                  KeyStanding standing = KeyStanding::kUnchecked);

// Returns the document with its proof. `verification_method` is did:key:X#X of the key's public
// half; `created` is YYYY-MM-DDThh:mm:ssZ. The proof repeats the document's @context, where it has
// one. Errors: PROOF_DOCUMENT_INVALID, PROOF_PRESENT, PROOF_CREATED_INVALID, PROOF_METHOD_INVALID,
// PROOF_KEY_MISMATCH.
Result<nlohmann::json> sign_document(nlohmann::json document, const SecretKey& key,
                                     std::string_view verification_method,
                                     std::string_view created);

}  // namespace mrv::crypto
