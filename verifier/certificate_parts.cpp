// Each part of a certificate by itself.
#include "verifier/certificate_parts.h"

#include <algorithm>
#include <set>

#include "crypto/rfc6962.h"
#include "ledger/codec/act_codec.h"
#include "ledger/map/map_proof.h"

namespace mrv::verifier {
namespace {

using model::KeyPurpose;
using model::Role;

// Entry bytes, if their path leads to the checkpoint's root.
Result<Bytes> included_entry(const codec::CertificateEntry& part, const log::Checkpoint& checkpoint,
                             const std::string& at) {
  const auto bytes = from_base64(part.entry);
  if (!bytes.ok()) return Error{"CERTIFICATE_MALFORMED", "not base64", at + "/entry"};
  std::vector<Hash> path;
  for (const auto& text : part.path) {
    const auto hash = hash_from_base64(text);
    if (!hash.ok()) return Error{"CERTIFICATE_MALFORMED", "not a hash", at + "/path"};
    path.push_back(*hash);
  }
  const auto included = crypto::verify_inclusion(part.index.value(), checkpoint.size.value(),
                                                 crypto::leaf_hash(*bytes), path, checkpoint.root);
  if (included.ok()) return *bytes;
  return Error{
      "CERTIFICATE_ENTRY_NOT_INCLUDED",
      "entry " + std::to_string(part.index.value()) + ": " + std::string(included.error().name),
      at};
}

Result<ProvedAct> proved_act(const codec::CertificateEntry& part, const log::Checkpoint& checkpoint,
                             const std::string& at) {
  MRV_TRY(const Bytes bytes, included_entry(part, checkpoint, at));
  const auto entry = codec::decode_entry(bytes);
  const auto* act_entry = entry.ok() ? std::get_if<codec::ActEntry>(&*entry) : nullptr;
  if (act_entry == nullptr) {
    return Error{"CERTIFICATE_ENTRY_INVALID", "the entry is not an act", at + "/entry"};
  }
  auto act = codec::decode_act(act_entry->document);
  if (!act.ok()) {
    return Error{"CERTIFICATE_SIGNATURE_INVALID",
                 std::string(act.error().name) + ": " + act.error().detail, at + "/entry"};
  }
  if (act->act.registry != checkpoint.origin) {
    return Error{"CERTIFICATE_ENTRY_INVALID", "the document is addressed to another ledger", at};
  }
  return ProvedAct{part.role, part.index, *act_entry, *std::move(act)};
}

// What signing an act of this type takes. No roles: any party in good standing.
struct Authority {
  KeyPurpose purpose = KeyPurpose::initiate;
  std::vector<Role> roles;
};

Authority authority_for(const model::ActBody& body) {
  if (std::holds_alternative<model::Approve>(body)) return {KeyPurpose::approve, {}};
  if (std::holds_alternative<model::IssueCredits>(body) ||
      std::holds_alternative<model::RegisterProject>(body)) {
    return {KeyPurpose::initiate, {Role::registry}};
  }
  if (std::holds_alternative<model::SubmitVerificationStatement>(body) ||
      std::holds_alternative<model::ValidateProject>(body)) {
    return {KeyPurpose::initiate, {Role::vvb}};
  }
  if (std::holds_alternative<model::SubmitMonitoringReport>(body) ||
      std::holds_alternative<model::SubmitProject>(body)) {
    return {KeyPurpose::initiate, {Role::developer}};
  }
  if (std::holds_alternative<model::RegisterMethodology>(body) ||
      std::holds_alternative<model::ActivateMethodology>(body)) {
    return {KeyPurpose::initiate, {Role::standard}};
  }
  if (std::holds_alternative<model::RegisterFactorTable>(body)) {
    return {KeyPurpose::initiate, {Role::standard, Role::authority}};
  }
  return {};
}

Error not_authorised(const ProvedAct& act, const char* why) {
  return {"CERTIFICATE_KEY_NOT_AUTHORISED",
          "entry " + std::to_string(act.index.value()) + ": " + why, "/entries"};
}

bool is_governance_act(const CertificateParts& parts, const ProvedAct& act) {
  if (act.act.act.party) return false;
  const auto ledger = parts.row<model::LedgerRow>(codec::ledger_key(), "the ledger");
  if (!ledger.ok()) return false;
  return std::any_of(ledger->governance.begin(), ledger->governance.end(), [&](const auto& seat) {
    return seat.key == act.act.act.signer && seat.in_force.covers(act.index);
  });
}

// The key was bound to the party with the purpose, and the party had a role, at that index.
Status check_authority(const CertificateParts& parts, const ProvedAct& act) {
  if (is_governance_act(parts, act)) return {};
  const Authority needed = authority_for(act.act.act.body);
  MRV_TRY(const auto key, parts.row<model::KeyRow>(codec::key_key(act.act.act.signer), "a key"));
  if (!act.act.act.party || key.party != *act.act.act.party) {
    return not_authorised(act, "the key belongs to another party");
  }
  if (!key.bound.covers(act.index)) return not_authorised(act, "the key was not in force");
  if (std::find(key.purposes.begin(), key.purposes.end(), needed.purpose) == key.purposes.end()) {
    return not_authorised(act, "the key has another purpose");
  }
  MRV_TRY(const auto party, parts.row<model::PartyRow>(codec::party_key(key.party), "a party"));
  for (const auto& standing : party.standings) {
    if (!standing.in_force.covers(act.index)) continue;
    if (standing.status != model::PartyStatus::admitted) break;
    const bool has_role = needed.roles.empty() ||
                          std::any_of(needed.roles.begin(), needed.roles.end(), [&](Role role) {
                            return std::find(standing.roles.begin(), standing.roles.end(), role) !=
                                   standing.roles.end();
                          });
    if (has_role) return {};
  }
  return not_authorised(act, "the party had no standing for it");
}

// The checkpoint's last entry, stating the map root that every row is proved against.
Result<codec::SealEntry> proved_seal(const codec::Certificate& certificate,
                                     const log::Checkpoint& checkpoint) {
  MRV_TRY(const Bytes bytes, included_entry(certificate.seal, checkpoint, "/seal"));
  const auto entry = codec::decode_entry(bytes);
  const auto* seal = entry.ok() ? std::get_if<codec::SealEntry>(&*entry) : nullptr;
  const bool last = seal != nullptr && seal->tree_size.value() == certificate.seal.index.value() &&
                    seal->tree_size.next() == checkpoint.size;
  if (!last) {
    return Error{"CERTIFICATE_SEAL_INVALID", "the seal is not the checkpoint's last entry",
                 "/seal"};
  }
  return *seal;
}

Status prove_rows(const codec::SealEntry& seal, CertificateParts& parts) {
  for (std::size_t i = 0; i < parts.certificate.state.size(); ++i) {
    const auto& part = parts.certificate.state[i];
    const std::string at = "/state/" + std::to_string(i);
    const auto key = from_base64(part.key);
    const auto value = from_base64(part.value);
    const auto proof = from_base64(part.proof);
    if (!key.ok() || !value.ok() || !proof.ok()) {
      return Error{"CERTIFICATE_MALFORMED", "not base64", at};
    }
    const auto path = map::decode_path(*proof);
    const auto proved = path.ok() ? map::verify_inclusion(seal.map_root, *key, *value, *path)
                                  : Status(path.error());
    if (!proved.ok()) {
      return Error{"CERTIFICATE_ROW_NOT_PROVED", part.row + ": " + std::string(proved.error().name),
                   at};
    }
    if (!parts.rows.emplace(*key, *value).second) {
      return Error{"CERTIFICATE_MALFORMED", "a row stands twice", at};
    }
  }
  return {};
}

}  // namespace

Result<CertificateParts> prove_parts(const Policy& policy, std::string_view text) {
  CertificateParts parts;
  MRV_TRY(parts.certificate, codec::decode_certificate(text));
  MRV_TRY(parts.checkpoint, verify_checkpoint(policy, parts.certificate.checkpoint));
  const log::Checkpoint& checkpoint = parts.checkpoint.checkpoint;
  std::set<EntryIndex> indexes;
  for (std::size_t i = 0; i < parts.certificate.entries.size(); ++i) {
    const std::string at = "/entries/" + std::to_string(i);
    MRV_TRY(ProvedAct act, proved_act(parts.certificate.entries[i], checkpoint, at));
    if (!indexes.insert(act.index).second) {
      return Error{"CERTIFICATE_MALFORMED", "an entry stands twice", at};
    }
    parts.acts.push_back(std::move(act));
  }
  MRV_TRY(const auto seal, proved_seal(parts.certificate, checkpoint));
  MRV_CHECK(prove_rows(seal, parts));
  for (const auto& act : parts.acts) MRV_CHECK(check_authority(parts, act));
  return parts;
}

}  // namespace mrv::verifier
