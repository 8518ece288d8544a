// Acts as W3C Verifiable Credentials, in exactly the members of formats.md section 1.
#include "ledger/codec/act_codec.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "crypto/data_integrity.h"
#include "crypto/did_key.h"
#include "crypto/sha256.h"
#include "ledger/codec/json_codec.h"

namespace mrv::codec {
namespace {

using nlohmann::json;

constexpr std::string_view kCredentialType = "VerifiableCredential";
constexpr std::string_view kUuidPrefix = "urn:uuid:";
constexpr std::string_view kPartyPrefix = "urn:mrv:";
constexpr std::size_t kUuidTextLength = 36;

json contexts() {
  return json::array({std::string(kCredentialsContext), std::string(kActContext)});
}

// Lower-case, hyphenated; version 7 and the RFC 9562 variant.
Result<model::ActUuid> parse_uuid(std::string_view text) {
  const Error invalid{"UUID_INVALID", "an id is urn:uuid: and a lower-case UUIDv7", "/id"};
  if (!text.starts_with(kUuidPrefix)) return invalid;
  text.remove_prefix(kUuidPrefix.size());
  if (text.size() != kUuidTextLength) return invalid;
  std::string hex;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen != (text[i] == '-')) return invalid;
    if (!hyphen) hex.push_back(text[i]);
  }
  const auto bytes = from_hex(hex);
  if (!bytes.ok() || (*bytes)[6] >> 4U != 7 || (*bytes)[8] >> 6U != 2) return invalid;
  model::ActUuid uuid{};
  std::copy(bytes->begin(), bytes->end(), uuid.begin());
  return uuid;
}

std::string uuid_text(const model::ActUuid& uuid) {
  const std::string hex = to_hex(uuid);
  return std::string(kUuidPrefix) + hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" +
         hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" + hex.substr(20);
}

json unsigned_json(const model::Act& act) {
  json issuer = {{"id", to_text(act.signer)}};
  if (act.party) issuer["party"] = std::string(kPartyPrefix) + act.party->text();
  return {
      {"@context", contexts()},
      {"id", uuid_text(act.id)},
      {"type", json::array({std::string(kCredentialType), std::string(model::type_of(act.body))})},
      {"issuer", std::move(issuer)},
      {"registry", act.registry},
      {"validFrom", to_text(act.valid_from)},
      {"validUntil", to_text(act.valid_until)},
      {"credentialSubject",
       std::visit([](const auto& body) { return encode_json(body); }, act.body)}};
}

struct BodyDecoder {
  std::string_view type;
  Result<model::ActBody> (*decode)(const json& subject);
};

template <class Body>
Result<model::ActBody> decode_as(const json& subject) {
  Body body;
  MRV_CHECK(decode_into(subject, "/credentialSubject", body));
  return model::ActBody(std::move(body));
}

template <std::size_t... I>
constexpr auto body_decoders(std::index_sequence<I...> /*acts*/) {
  return std::array{BodyDecoder{std::variant_alternative_t<I, model::AnyAct>::kType,
                                &decode_as<std::variant_alternative_t<I, model::AnyAct>>}...};
}

Result<model::ActBody> decode_body(std::string_view type, const json& subject) {
  static constexpr auto kDecoders =
      body_decoders(std::make_index_sequence<std::variant_size_v<model::AnyAct>>());
  for (const auto& act : kDecoders) {
    if (act.type == type) return act.decode(subject);
  }
  return Error{"DOCUMENT_TYPE_UNKNOWN", "there is no act " + std::string(type), "/type/1"};
}

// `base`: the pointer of `object`.
Result<const json*> member(const json& object, const char* name, const std::string& base = {}) {
  const auto found = object.find(name);
  if (found == object.end()) {
    return Error{"FIELD_MISSING", "the member " + std::string(name) + " is required",
                 pointer_step(base, name)};
  }
  return &*found;
}

Result<std::string> text_member(const json& object, const char* name,
                                const std::string& base = {}) {
  MRV_TRY(const json* value, member(object, name, base));
  if (!value->is_string()) {
    return Error{"FIELD_TYPE_WRONG", "a string is expected", pointer_step(base, name)};
  }
  return value->get<std::string>();
}

// Acts carry instants in whole seconds.
Result<TimestampMs> instant_member(const json& object, const char* name) {
  MRV_TRY(const std::string text, text_member(object, name));
  TimestampMs time;
  const auto status = from_text(text, time);
  if (!status.ok() || time.value() % kMsPerSecond != 0) {
    return Error{"TIME_INVALID", "an instant is written YYYY-MM-DDThh:mm:ssZ",
                 std::string("/") + name};
  }
  return time;
}

Status read_issuer(const json& document, model::Act& act) {
  MRV_TRY(const json* issuer, member(document, "issuer"));
  if (!issuer->is_object()) {
    return Error{"FIELD_TYPE_WRONG", "issuer is an object", "/issuer"};
  }
  for (const auto& item : issuer->items()) {
    if (item.key() != "id" && item.key() != "party") {
      return Error{"FIELD_UNKNOWN", "the member is not part of issuer",
                   pointer_step("/issuer", item.key())};
    }
  }
  MRV_TRY(const std::string id, text_member(*issuer, "id", "/issuer"));
  if (auto status = from_text(id, act.signer); !status.ok()) {
    return Error{"KEY_INVALID", status.error().detail, "/issuer/id"};
  }
  const auto party = issuer->find("party");
  if (party == issuer->end()) return {};
  const Error invalid{"ID_INVALID", "issuer.party is urn:mrv:pty_…", "/issuer/party"};
  if (!party->is_string()) return invalid;
  const auto& text = party->get_ref<const std::string&>();
  if (!text.starts_with(kPartyPrefix)) return invalid;
  auto parsed = model::PartyId::parse(std::string_view(text).substr(kPartyPrefix.size()));
  if (!parsed.ok()) return invalid;
  act.party = *parsed;
  return {};
}

Status refuse_unknown_members(const json& document) {
  constexpr std::array<std::string_view, 9> kMembers = {
      "@context", "credentialSubject", "id",        "issuer", "proof", "registry",
      "type",     "validFrom",         "validUntil"};
  for (const auto& item : document.items()) {
    if (std::find(kMembers.begin(), kMembers.end(), item.key()) == kMembers.end()) {
      return Error{"FIELD_UNKNOWN", "the member is not part of an act",
                   pointer_step("", item.key())};
    }
  }
  return {};
}

Result<model::Act> read_act(const json& document) {
  if (!document.is_object()) return Error{"FIELD_TYPE_WRONG", "an act is an object", ""};
  MRV_CHECK(refuse_unknown_members(document));
  MRV_TRY(const json* context, member(document, "@context"));
  if (*context != contexts()) {
    return Error{"DOCUMENT_CONTEXT_INVALID", "exactly the two contexts of an act", "/@context"};
  }
  MRV_TRY(const json* type, member(document, "type"));
  if (!type->is_array() || type->size() != 2 || (*type)[0] != kCredentialType ||
      !(*type)[1].is_string()) {
    return Error{"DOCUMENT_TYPE_UNKNOWN", "type is [\"VerifiableCredential\", act]", "/type"};
  }
  model::Act act;
  MRV_TRY(const std::string id, text_member(document, "id"));
  MRV_TRY(act.id, parse_uuid(id));
  MRV_CHECK(read_issuer(document, act));
  MRV_TRY(act.registry, text_member(document, "registry"));
  MRV_TRY(act.valid_from, instant_member(document, "validFrom"));
  MRV_TRY(act.valid_until, instant_member(document, "validUntil"));
  MRV_TRY(const json* subject, member(document, "credentialSubject"));
  MRV_TRY(act.body, decode_body((*type)[1].get_ref<const std::string&>(), *subject));
  return act;
}

Result<model::VerifiedAct> assemble(const json& document) {
  model::VerifiedAct verified;
  MRV_TRY(verified.act, read_act(document));
  verified.canonical = crypto::canonicalize(document);
  if (verified.canonical.size() > kDocumentBytesMax) {
    return Error{
        "DOCUMENT_TOO_LARGE",
        "the canonical document has " + std::to_string(verified.canonical.size()) + " bytes",
        {}};
  }
  verified.digest = crypto::sha256(as_bytes(verified.canonical));
  return verified;
}

}  // namespace

std::string unsigned_document(const model::Act& act) {
  return crypto::canonicalize(unsigned_json(act));
}

Result<std::string> sign_act(const model::Act& act, const crypto::SecretKey& key,
                             TimestampMs created) {
  MRV_TRY(
      const json secured,
      crypto::sign_document(unsigned_json(act), key,
                            crypto::verification_method_of(key.public_key()), to_text(created)));
  return crypto::canonicalize(secured);
}

Result<model::VerifiedAct> decode_act(std::string_view body, bool key_is_registered) {
  MRV_TRY(const json document, crypto::parse_strict(body, crypto::kDocumentLimits));
  MRV_TRY(model::VerifiedAct verified, assemble(document));
  const auto standing =
      key_is_registered ? crypto::KeyStanding::kRegistered : crypto::KeyStanding::kUnchecked;
  MRV_TRY(const crypto::PublicKey key, crypto::verify_document(document, standing));
  if (key.bytes != verified.act.signer.bytes) {
    return Error{"PROOF_KEY_MISMATCH", "issuer.id is the did:key of the signing key", "/issuer/id"};
  }
  return verified;
}

Result<model::VerifiedAct> decode_trusted_act(std::string_view canonical) {
  MRV_TRY(const json document, crypto::parse_strict(canonical, crypto::kDocumentLimits));
  return assemble(document);
}

}  // namespace mrv::codec
