// Keys, roles, seats, and approvals counted person by person.
#include "verifier/certificate_authority.h"

#include <algorithm>

#include "ledger/state/policy.h"

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
  if (is_one_of<model::RegisterProgramme, model::AmendProgramme, model::OrderTransfer,
                model::ReverseTransfer>(body)) {
    return {KeyPurpose::initiate, {}, false, true};
  }
  if (is_one_of<model::ActivateMethodology>(body)) {
    return {KeyPurpose::initiate, {Role::standard}, true, true};
  }
  if (is_one_of<model::IssueCredits, model::RegisterProject, model::AcceptAmendment,
                model::ReleaseBuffer>(body)) {
    return {KeyPurpose::initiate, {Role::registry}};
  }
  if (is_one_of<model::SubmitVerificationStatement, model::ValidateProject>(body)) {
    return {KeyPurpose::initiate, {Role::vvb}};
  }
  if (is_one_of<model::SubmitMonitoringReport, model::SubmitProject, model::AmendProject,
                model::RenewCreditingPeriod, model::TransferProject, model::AcceptProject,
                model::CompleteProject>(body)) {
    return {KeyPurpose::initiate, {Role::developer}};
  }
  if (is_one_of<model::ReviewVerification>(body)) return {KeyPurpose::review, {Role::vvb}};
  if (is_one_of<model::RegisterMethodology>(body)) return {KeyPurpose::initiate, {Role::standard}};
  if (is_one_of<model::RegisterFactorTable, model::Label>(body)) {
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

// A sub-account has no keys: its owner's act for it while it is admitted.
Status check_account(CertificateParts& parts, const ProvedAct& act, const model::KeyRow& key,
                     EntryIndex at) {
  const auto& named = *act.act.act.party;
  if (key.party == named) return {};
  MRV_TRY(const auto account, parts.row<model::PartyRow>(codec::party_key(named), "an account"));
  if (account.owner != key.party) return not_authorised(act, "the key belongs to another party");
  return check_standing(account, {}, act, at);
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
  MRV_CHECK(check_account(parts, act, key, at));
  if (!key.bound.covers(at)) return not_authorised(act, "the key was not in force");
  if (!contains(key.purposes, needed.purpose)) {
    return not_authorised(act, "the key has another purpose");
  }
  MRV_TRY(const auto party, parts.row<model::PartyRow>(codec::party_key(key.party), "a party"));
  MRV_CHECK(check_standing(party, needed, act, at));
  return key.person;
}

// Whether the party is the one that is asked, or one of the two is the other's sub-account.
Result<bool> stands_for(CertificateParts& parts, const std::optional<model::PartyId>& party,
                        const std::optional<model::PartyId>& asked) {
  if (party == asked) return true;
  if (!party || !asked) return false;
  for (const auto& [account, owner] : {std::pair(*party, *asked), std::pair(*asked, *party)}) {
    const Bytes key = codec::party_key(account);
    if (!parts.rows().contains(key)) continue;
    MRV_TRY(const auto row, parts.row<model::PartyRow>(key, "an account"));
    if (row.owner == owner) return true;
  }
  return false;
}

// The Approve that a proposal counts, by its entry: of the signer's own side, or of the party whose
// consent it is.
Result<const ProvedAct*> counted_approval(CertificateParts& parts, const ProvedAct& act,
                                          const model::CountedApproval& counted,
                                          const std::string& what) {
  const ProvedAct* const approval = parts.at(counted.entry);
  const auto* body =
      approval == nullptr ? nullptr : std::get_if<model::Approve>(&approval->act.act.body);
  if (body == nullptr) return missing_entry("an approval of " + what);
  const auto& asked = counted.party ? counted.party : act.act.act.party;
  MRV_TRY(const bool own, stands_for(parts, approval->act.act.party, asked));
  const bool right = body->digest == act.act.digest &&
                     body->proposal == model::ProposalId::of(act.act.digest) &&
                     body->decision == model::Decision::approve && act.index < approval->index &&
                     approval->act.act.signer == counted.key && own;
  if (!right) return broken("an approval of " + what + " approves something else");
  parts.ask(*approval);
  return approval;
}

// The signer and everyone who approved are different persons, in force when they approved and still
// where the act took effect.
Status check_persons(CertificateParts& parts, const ProvedAct& act,
                     const model::ProposalRow& proposal, EntryIndex effect,
                     const std::string& what) {
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
    const auto still = authorised_person(parts, *approval, effect);
    if (!still.ok()) return still.error();
  }
  return {};
}

// Approvals of the signer's own side, and one of each party that has to consent.
Status check_numbers(CertificateParts& parts, const model::ProposalRow& proposal,
                     std::int64_t needed, const std::vector<model::PartyId>& consents,
                     const std::string& what) {
  const auto& approvals = proposal.approvals;
  const auto own = std::count_if(approvals.begin(), approvals.end(),
                                 [](const auto& counted) { return !counted.party; });
  MRV_TRY(const auto ledger, parts.row<model::LedgerRow>(codec::ledger_key(), "the ledger"));
  // Version 1 keeps to the number of the proposal's own entry, later versions judge it again.
  const std::int64_t stated = ledger.rules_version < 2 ? proposal.needed : 0;
  if (own < needed || own < stated) return broken(what + " has too few approvals");
  for (const auto& party : consents) {
    const bool consented =
        std::any_of(approvals.begin(), approvals.end(),
                    [&party](const auto& counted) { return counted.party == party; });
    if (!consented) return broken(what + " lacks a party's consent");
  }
  return {};
}

}  // namespace

Result<Hash> person_of(CertificateParts& parts, const ProvedAct& act) {
  return authorised_person(parts, act, act.index);
}

Status check_authority(CertificateParts& parts, const ProvedAct& act) {
  const auto person = person_of(parts, act);
  return person.ok() ? Status() : Status(person.error());
}

Status check_effect(CertificateParts& parts, const ProvedAct& act, EntryIndex effect,
                    std::int64_t needed, const std::string& what,
                    const std::vector<model::PartyId>& consents) {
  if (act.index == effect) {
    const bool alone = needed == 0 && consents.empty();
    return alone ? Status() : Status(broken(what + " took effect without approval"));
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
  MRV_CHECK(check_numbers(parts, proposal, needed, consents, what));
  MRV_CHECK(check_persons(parts, act, proposal, effect, what));
  // It is judged afresh where it takes effect: the signer must still have the authority.
  const auto person = authorised_person(parts, act, effect);
  return person.ok() ? Status() : Status(person.error());
}

bool takes_effect_at(const CertificateParts& parts, const ProvedAct& act, EntryIndex effect) {
  if (act.index == effect) return true;
  const ProvedAct* const completing = parts.at(effect);
  if (completing == nullptr) return false;
  const auto* const approve = std::get_if<model::Approve>(&completing->act.act.body);
  return approve != nullptr && approve->proposal == model::ProposalId::of(act.act.digest);
}

Result<std::int64_t> programme_approvals(const CertificateParts& parts,
                                         const model::ProgrammeRow& programme,
                                         model::GovernedAct governed, EntryIndex effect,
                                         const std::string& what, std::int64_t usual) {
  const ProvedAct* const at = parts.at(effect);
  if (at == nullptr) return missing_entry(what);
  const auto& policy = state::policy_at(programme, at->index, at->entry.recorded_at);
  for (const auto& rule : policy.approvals) {
    if (rule.act == governed) return rule.approvals;
  }
  return usual;
}

Result<std::int64_t> approvals_needed(CertificateParts& parts, const ProvedAct& act,
                                      EntryIndex effect) {
  if (!act.act.act.party) {
    MRV_TRY(const auto ledger, parts.row<model::LedgerRow>(codec::ledger_key(), "the ledger"));
    std::int64_t threshold = ledger.threshold;
    for (const auto& earlier : ledger.thresholds.value_or(std::vector<model::ThresholdFrom>{})) {
      if (earlier.from <= effect) threshold = earlier.threshold;
    }
    return threshold - 1;
  }
  return std::int64_t{std::holds_alternative<model::RegisterFactorTable>(act.act.act.body) ? 1 : 0};
}

}  // namespace mrv::verifier
