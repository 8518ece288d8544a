// Keys, roles, seats, and approvals counted person by person.
#include "verifier/certificate_authority.h"

#include <algorithm>

namespace mrv::verifier {
namespace {

using model::KeyPurpose;
using model::Role;

// What signing an act of this type takes. No roles: any party in good standing.
struct Authority {
  KeyPurpose purpose = KeyPurpose::initiate;
  std::vector<Role> roles;
  bool by_party = true;
  bool by_governance = false;
};

template <class... Body>
bool is_one_of(const model::ActBody& body) {
  return (std::holds_alternative<Body>(body) || ...);
}

Authority authority_for(const model::ActBody& body) {
  if (is_one_of<model::Approve>(body)) return {KeyPurpose::approve, {}, true, true};
  if (is_one_of<model::RegisterProgramme>(body)) return {KeyPurpose::initiate, {}, false, true};
  if (is_one_of<model::ActivateMethodology>(body)) {
    return {KeyPurpose::initiate, {Role::standard}, true, true};
  }
  if (is_one_of<model::IssueCredits, model::RegisterProject>(body)) {
    return {KeyPurpose::initiate, {Role::registry}};
  }
  if (is_one_of<model::SubmitVerificationStatement, model::ValidateProject>(body)) {
    return {KeyPurpose::initiate, {Role::vvb}};
  }
  if (is_one_of<model::SubmitMonitoringReport, model::SubmitProject>(body)) {
    return {KeyPurpose::initiate, {Role::developer}};
  }
  if (is_one_of<model::RegisterMethodology>(body)) return {KeyPurpose::initiate, {Role::standard}};
  if (is_one_of<model::RegisterFactorTable>(body)) {
    return {KeyPurpose::initiate, {Role::standard, Role::authority}};
  }
  return {};
}

Error not_authorised(const ProvedAct& act, const char* why) {
  return {"CERTIFICATE_KEY_NOT_AUTHORISED",
          "entry " + std::to_string(act.index.value()) + ": " + why, "/entries"};
}

template <class List, class Item>
bool contains(const List& list, const Item& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

// Answers the seat's person.
Result<Hash> governance_person(CertificateParts& parts, const ProvedAct& act, EntryIndex at) {
  MRV_TRY(const auto ledger, parts.row<model::LedgerRow>(codec::ledger_key(), "the ledger"));
  for (const auto& seat : ledger.governance) {
    if (seat.key == act.act.act.signer && seat.in_force.covers(at)) return seat.person;
  }
  return not_authorised(act, "the key has no seat in governance");
}

Status check_standing(const model::PartyRow& party, const Authority& needed, const ProvedAct& act,
                      EntryIndex at) {
  for (const auto& standing : party.standings) {
    if (!standing.in_force.covers(at)) continue;
    if (standing.status != model::PartyStatus::admitted) break;
    const bool has_role = needed.roles.empty() ||
                          std::any_of(needed.roles.begin(), needed.roles.end(),
                                      [&](Role role) { return contains(standing.roles, role); });
    if (has_role) return {};
  }
  return not_authorised(act, "the party had no standing for it");
}

// The key was bound to the party with the purpose, and the party had a role, at the index `at`.
// Answers the person who holds the key.
Result<Hash> authorised_person(CertificateParts& parts, const ProvedAct& act, EntryIndex at) {
  const Authority needed = authority_for(act.act.act.body);
  if (!act.act.act.party) {
    if (!needed.by_governance) return not_authorised(act, "the act is a party's");
    return governance_person(parts, act, at);
  }
  if (!needed.by_party) return not_authorised(act, "the act is governance's");
  MRV_TRY(const auto key, parts.row<model::KeyRow>(codec::key_key(act.act.act.signer), "a key"));
  if (key.party != *act.act.act.party) {
    return not_authorised(act, "the key belongs to another party");
  }
  if (!key.bound.covers(at)) return not_authorised(act, "the key was not in force");
  if (!contains(key.purposes, needed.purpose)) {
    return not_authorised(act, "the key has another purpose");
  }
  MRV_TRY(const auto party, parts.row<model::PartyRow>(codec::party_key(key.party), "a party"));
  MRV_CHECK(check_standing(party, needed, act, at));
  return key.person;
}

// The Approve that a proposal counts, by its entry.
Result<const ProvedAct*> counted_approval(CertificateParts& parts, const ProvedAct& act,
                                          const model::CountedApproval& counted,
                                          const std::string& what) {
  const ProvedAct* const approval = parts.at(counted.entry);
  const auto* body =
      approval == nullptr ? nullptr : std::get_if<model::Approve>(&approval->act.act.body);
  if (body == nullptr) return missing_entry("an approval of " + what);
  const bool right =
      body->digest == act.act.digest && body->proposal == model::ProposalId::of(act.act.digest) &&
      body->decision == model::Decision::approve && act.index < approval->index &&
      approval->act.act.signer == counted.key && approval->act.act.party == act.act.act.party;
  if (!right) return broken("an approval of " + what + " approves something else");
  parts.ask(*approval);
  return approval;
}

// The signer and everyone who approved are different persons.
Status check_persons(CertificateParts& parts, const ProvedAct& act,
                     const model::ProposalRow& proposal, const std::string& what) {
  std::set<Hash> persons;
  MRV_TRY(const Hash signer, authorised_person(parts, act, act.index));
  persons.insert(signer);
  for (const auto& counted : proposal.approvals) {
    MRV_TRY(const auto* const approval, counted_approval(parts, act, counted, what));
    if (proposal.expires < approval->entry.recorded_at) {
      return broken("an approval of " + what + " came too late");
    }
    MRV_TRY(const Hash person, authorised_person(parts, *approval, approval->index));
    if (person != counted.person || !persons.insert(person).second) {
      return broken(what + " was approved twice by one person");
    }
  }
  return {};
}

}  // namespace

Status check_authority(CertificateParts& parts, const ProvedAct& act) {
  const auto person = authorised_person(parts, act, act.index);
  return person.ok() ? Status() : Status(person.error());
}

Status check_effect(CertificateParts& parts, const ProvedAct& act, EntryIndex effect,
                    std::int64_t needed, const std::string& what) {
  if (act.index == effect) {
    return needed == 0 ? Status() : Status(broken(what + " took effect without approval"));
  }
  MRV_TRY(const auto proposal,
          parts.row<model::ProposalRow>(codec::proposal_key(model::ProposalId::of(act.act.digest)),
                                        what));
  const bool settled =
      proposal.state == model::ProposalState::approved && proposal.settled == effect &&
      proposal.digest == act.act.digest && proposal.entry == act.index &&
      proposal.document.canonical == act.act.canonical && proposal.signer == act.act.act.signer &&
      proposal.party == act.act.act.party &&
      proposal.by_governance == !act.act.act.party.has_value() && !proposal.approvals.empty() &&
      proposal.approvals.back().entry == effect;
  if (!settled) return broken(what + " was not approved at that entry");
  const auto counted = static_cast<std::int64_t>(proposal.approvals.size());
  if (proposal.needed < needed || counted < proposal.needed) {
    return broken(what + " has too few approvals");
  }
  MRV_CHECK(check_persons(parts, act, proposal, what));
  // It is judged afresh where it takes effect: the signer must still have the authority.
  const auto person = authorised_person(parts, act, effect);
  return person.ok() ? Status() : Status(person.error());
}

Result<std::int64_t> approvals_needed(CertificateParts& parts, const ProvedAct& act) {
  if (!act.act.act.party) {
    MRV_TRY(const auto ledger, parts.row<model::LedgerRow>(codec::ledger_key(), "the ledger"));
    return ledger.threshold - 1;
  }
  return std::int64_t{std::holds_alternative<model::RegisterFactorTable>(act.act.act.body) ? 1 : 0};
}

}  // namespace mrv::verifier
