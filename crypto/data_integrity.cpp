// The proof is judged from its form inward: members, suite, context, key, and the signature last.
#include "crypto/data_integrity.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "crypto/did_key.h"
#include "crypto/sha256.h"

namespace mrv::crypto {
namespace {

using nlohmann::json;

constexpr char kContextMember[] = "@context";
constexpr char kProofMember[] = "proof";
constexpr char kProofValueMember[] = "proofValue";
constexpr char kMultibaseBase58[] = "z";
constexpr std::array<std::string_view, 7> kProofMembers = {
    kContextMember,       "type",         "cryptosuite",    "created",
    "verificationMethod", "proofPurpose", kProofValueMember};

Error proof_error(std::string_view name, std::string detail, std::string_view member = {}) {
  std::string pointer = "/proof";
  if (!member.empty()) pointer.append("/").append(member);
  return Error{name, std::move(detail), std::move(pointer)};
}

// The member's text, or null where it is absent or not a string.
const std::string* text_member(const json& object, std::string_view name) {
  const auto member = object.find(name);
  return member != object.end() && member->is_string() ? &member->get_ref<const std::string&>()
                                                       : nullptr;
}

Status require_text(const json& proof, std::string_view member, std::string_view expected,
                    std::string_view error_name) {
  const std::string* text = text_member(proof, member);
  if (text != nullptr && *text == expected) return {};
  return proof_error(error_name, "only \"" + std::string(expected) + "\" is accepted", member);
}

// Exactly YYYY-MM-DDThh:mm:ssZ, a day that exists, no leap second.
bool is_timestamp(std::string_view text) {
  constexpr std::string_view kShape = "0000-00-00T00:00:00Z";
  if (text.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == '0' ? !digit : text[i] != kShape[i]) return false;
  }
  const auto number = [&](std::size_t at, std::size_t length) {
    unsigned value = 0;
    for (const char c : text.substr(at, length))
      value = value * 10 + static_cast<unsigned>(c - '0');
    return value;
  };
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(number(0, 4))),
                                         std::chrono::month(number(5, 2)),
                                         std::chrono::day(number(8, 2))};
  return date.ok() && number(11, 2) < 24 && number(14, 2) < 60 && number(17, 2) < 60;
}

Status check_members(const json& proof) {
  for (const auto& [name, value] : proof.get_ref<const json::object_t&>()) {
    if (std::find(kProofMembers.begin(), kProofMembers.end(), name) == kProofMembers.end()) {
      return proof_error(kProofMemberUnknown,
                         "the proof has a member that the suite does not know");
    }
  }
  return {};
}

Status check_context(const json& document, const json& proof) {
  const auto signed_context = proof.find(kContextMember);
  if (signed_context == proof.end()) return {};
  const auto context = document.find(kContextMember);
  if (context != document.end() && *context == *signed_context) return {};
  return proof_error(kProofContextMismatch, "the proof's @context is not that of the document",
                     kContextMember);
}

Result<PublicKey> read_method(std::string_view method) {
  auto key = parse_verification_method(method);
  if (key.ok()) return key;
  return proof_error(kProofMethodInvalid, std::move(key).error().detail, "verificationMethod");
}

Result<Signature> read_proof_value(const json& proof) {
  const std::string* text = text_member(proof, kProofValueMember);
  if (text == nullptr || !text->starts_with(kMultibaseBase58)) {
    return proof_error(kProofValueInvalid, "proofValue is not base58btc with the prefix z",
                       kProofValueMember);
  }
  const auto bytes = from_base58(std::string_view(*text).substr(1));
  Signature signature;
  if (!bytes.ok() || bytes->size() != kSignatureSize) {
    return proof_error(kProofValueInvalid, "proofValue is not 64 bytes in base58btc",
                       kProofValueMember);
  }
  std::copy(bytes->begin(), bytes->end(), signature.bytes.begin());
  return signature;
}

// Precondition: both are objects that can be canonicalised.
ProofHashData hash_data_of(const json& document, const json& proof) {
  const Hash proof_hash = sha256(as_bytes(canonicalize_without(proof, kProofValueMember)));
  const Hash document_hash = sha256(as_bytes(canonicalize_without(document, kProofMember)));
  ProofHashData data;
  std::copy(document_hash.begin(), document_hash.end(),
            std::copy(proof_hash.begin(), proof_hash.end(), data.begin()));
  return data;
}

Status check_document(const json& document) {
  if (!document.is_object()) {
    return Error{kProofDocumentInvalid, "the document is not a JSON object", ""};
  }
  if (const Status status = check_canonicalizable(document); !status.ok()) {
    return Error{kProofDocumentInvalid, status.error().detail, ""};
  }
  return {};
}

// The one proof object. Precondition: document is an object.
Result<const json*> find_proof(const json& document) {
  const auto proof = document.find(kProofMember);
  if (proof == document.end()) return proof_error(kProofMissing, "the document has no proof");
  if (!proof->is_object()) return proof_error(kProofNotSingle, "the proof is not one object");
  return &*proof;
}

}  // namespace

Result<ProofStatement> read_proof(const nlohmann::json& document) {
  MRV_CHECK(check_document(document));
  MRV_TRY(const json* proof, find_proof(document));
  MRV_CHECK(check_members(*proof));
  MRV_CHECK(require_text(*proof, "type", kProofType, kProofTypeUnsupported));
  MRV_CHECK(require_text(*proof, "cryptosuite", kProofSuite, kProofSuiteUnsupported));
  MRV_CHECK(require_text(*proof, "proofPurpose", kProofPurpose, kProofPurposeInvalid));
  const std::string* created = text_member(*proof, "created");
  if (created == nullptr || !is_timestamp(*created)) {
    return proof_error(kProofCreatedInvalid, "created is not YYYY-MM-DDThh:mm:ssZ", "created");
  }
  MRV_CHECK(check_context(document, *proof));
  const std::string* method = text_member(*proof, "verificationMethod");
  if (method == nullptr) {
    return proof_error(kProofMethodInvalid, "verificationMethod is not a string",
                       "verificationMethod");
  }
  MRV_TRY(const PublicKey key, read_method(*method));
  MRV_TRY(const Signature signature, read_proof_value(*proof));
  return ProofStatement{key, signature, hash_data_of(document, *proof), *created};
}

Status verify_statement(const ProofStatement& statement, KeyStanding standing) {
  const bool holds =
      standing == KeyStanding::kRegistered
          ? verify_registered(statement.key, statement.hash_data, statement.signature)
          : verify(statement.key, statement.hash_data, statement.signature);
  if (holds) return {};
  return proof_error(kProofSignatureInvalid,
                     "the signature does not fit the document and its proof", kProofValueMember);
}

Result<PublicKey> verify_document(const nlohmann::json& document, KeyStanding standing) {
  MRV_TRY(const ProofStatement statement, read_proof(document));
  MRV_CHECK(verify_statement(statement, standing));
  return statement.key;
}

Result<nlohmann::json> sign_document(nlohmann::json document, const SecretKey& key,
                                     std::string_view verification_method,
                                     std::string_view created) {
  MRV_CHECK(check_document(document));
  if (document.contains(kProofMember)) {
    return proof_error(kProofPresent, "the document already has a proof");
  }
  if (!is_timestamp(created)) {
    return proof_error(kProofCreatedInvalid, "created is not YYYY-MM-DDThh:mm:ssZ", "created");
  }
  MRV_TRY(const PublicKey named, read_method(verification_method));
  if (named != key.public_key()) {
    return proof_error(kProofKeyMismatch, "verificationMethod names another key",
                       "verificationMethod");
  }
  json proof = {{"type", kProofType},
                {"cryptosuite", kProofSuite},
                {"created", created},
                {"verificationMethod", verification_method},
                {"proofPurpose", kProofPurpose}};
  if (const auto context = document.find(kContextMember); context != document.end()) {
    proof[kContextMember] = *context;
  }
  const Signature signature = sign(key, hash_data_of(document, proof));
  proof[kProofValueMember] = kMultibaseBase58 + to_base58(signature.bytes);
  document[kProofMember] = std::move(proof);
  return document;
}

}  // namespace mrv::crypto
