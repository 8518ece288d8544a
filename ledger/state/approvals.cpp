// Approve and WithdrawProposal; how a proposal is written, counted and settled.
#include <algorithm>
#include <cassert>

#include "ledger/codec/act_codec.h"
#include "ledger/state/authority.h"
#include "ledger/state/proposals.h"
#include "ledger/state/rules.h"
#include "ledger/state/rules_version.h"

namespace mrv::state {
namespace {

using model::Outcome;
using model::ProposalState;

constexpr std::uint8_t kIndexKeyEndByte = 0xFF;

// Open proposals by signing key: index tag ‖ key ‖ proposal id.
Bytes open_proposal_key(const model::KeyBytes& key, const model::ProposalId& id) {
  Bytes bytes{codec::kOpenProposalTag};
  bytes.insert(bytes.end(), key.bytes.begin(), key.bytes.end());
  bytes.insert(bytes.end(), id.bytes.begin(), id.bytes.end());
  return bytes;
}

void settle(Context& context, model::ProposalRow& proposal, ProposalState state) {
  proposal.state = state;
  proposal.settled = context.index();
  context.overlay().erase(open_proposal_key(proposal.signer, proposal.id));
  context.write(codec::proposal_key(proposal.id), proposal);
}

Check check_open(Context& context, const model::ProposalRow& proposal) {
  if (proposal.state != ProposalState::open) {
    return refuse(Outcome::PROPOSAL_CLOSED, "/credentialSubject/proposal",
                  "it is " + std::string(model::name_of(proposal.state)));
  }
  if (proposal.expires < context.recorded_at()) {
    return refuse(Outcome::PROPOSAL_EXPIRED, "/credentialSubject/proposal");
  }
  return std::nullopt;
}

// The person behind the key that signed the target: governance seat or party key.
std::optional<Hash> person_of(Context& context, const model::KeyBytes& key) {
  if (const auto seat = governance_seat(context, key)) return seat->person;
  const auto row = context.read<model::KeyRow>(codec::key_key(key));
  if (!row) return std::nullopt;
  return row->person;
}

// Whether the party, or the owner of this sub-account, is the one that must approve.
bool is_of(Context& context, const model::PartyRow& acting, const model::PartyId& asked) {
  if (acting.id == asked || acting.owner == asked) return true;
  const auto party = context.read<model::PartyRow>(codec::party_key(asked));
  return party && party->owner == acting.id;
}

// The consenting party that the signer stands for, if it is one.
std::optional<model::PartyId> consent_of(Context& context, const model::ProposalRow& proposal,
                                         const model::PartyRow& acting) {
  if (!proposal.consents) return std::nullopt;
  for (const auto& party : *proposal.consents) {
    if (is_of(context, acting, party)) return party;
  }
  return std::nullopt;
}

// A party's `approve` key: of the proposer's own party, or of one whose consent is asked for.
Check check_party_approver(Context& context, const model::ProposalRow& proposal,
                           const model::ActBody& target, model::Decision decision,
                           model::CountedApproval& out) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::approve, {}, acting)) return check;
  out.party = consent_of(context, proposal, acting.party);
  if (!out.party && !(proposal.party && is_of(context, acting.party, *proposal.party))) {
    return refuse(Outcome::APPROVER_NOT_ALLOWED, "/issuer/party");
  }
  // Whoever stole one key would otherwise bind a second person of its own and approve at once.
  const auto* unlock = std::get_if<model::Unlock>(&target);
  const bool delivers = unlock != nullptr && unlock->to == model::UnlockTo::pledgee &&
                        rules_version(context) >= kGuardRulesVersion;
  const bool moves =
      moves_units(target) || std::holds_alternative<model::Convert>(target) || delivers;
  if (decision == model::Decision::approve && acting.key.self_added && moves) {
    if (auto check = require_seasoned_key(context, acting.key)) return check;
  }
  out.person = acting.key.person;
  return std::nullopt;
}

// May the signer of this Approve count for this proposal? Fills `out`.
Check check_approver(Context& context, const model::ProposalRow& proposal,
                     const model::ActBody& target, model::Decision decision,
                     model::CountedApproval& out) {
  out.key = context.signer();
  out.entry = context.index();
  if (proposal.by_governance) {
    if (auto check = require_governance(context)) return check;
    out.person = governance_seat(context, context.signer())->person;
  } else if (auto check = check_party_approver(context, proposal, target, decision, out)) {
    return check;
  }
  const auto proposer = person_of(context, proposal.signer);
  if (context.signer() == proposal.signer || (proposer && *proposer == out.person)) {
    return refuse(Outcome::APPROVER_IS_SIGNER, "/proof/verificationMethod");
  }
  const bool counted =
      std::any_of(proposal.approvals.begin(), proposal.approvals.end(), [&](const auto& approval) {
        return approval.key == out.key || approval.person == out.person;
      });
  if (counted) return refuse(Outcome::APPROVED_ALREADY, "/proof/verificationMethod");
  return std::nullopt;
}

bool is_admitted(Context& context, const model::PartyId& id) {
  const auto party = context.read<model::PartyRow>(codec::party_key(id));
  return party && !require_admitted(context, *party, {});
}

// An approval counts as of the entry that completes the quorum: a key that is no longer in force
// has approved nothing, nor has a consenting party that is no longer admitted (the signer's own is
// judged with the act).
void drop_fallen_approvals(Context& context, model::ProposalRow& proposal) {
  std::erase_if(proposal.approvals, [&](const model::CountedApproval& approval) {
    if (proposal.by_governance) return !governance_seat(context, approval.key);
    const auto key = context.read<model::KeyRow>(codec::key_key(approval.key));
    if (!key || !key->bound.covers(context.index())) return true;
    return approval.party && !is_admitted(context, *approval.party);
  });
}

// Genesis has no proposal row: its id stands for the genesis document, and its founders are counted
// in the ledger row.
Check approve_genesis(Context& context, const model::Approve& act, model::LedgerRow ledger) {
  if (act.digest != ledger.genesis_digest) {
    return refuse(Outcome::PROPOSAL_DIGEST_DIFFERS, "/credentialSubject/digest");
  }
  if (ledger.founded) return refuse(Outcome::PROPOSAL_CLOSED, "/credentialSubject/proposal");
  if (auto check = require_governance(context)) return check;
  const auto seat = governance_seat(context, context.signer());
  const auto same_person = [&](const model::KeyBytes& founder) {
    const auto other = governance_seat(context, founder);
    return founder == context.signer() || (other && other->person == seat->person);
  };
  if (std::any_of(ledger.founders.begin(), ledger.founders.end(), same_person)) {
    return refuse(Outcome::APPROVED_ALREADY, "/proof/verificationMethod");
  }
  if (act.decision == model::Decision::reject) {
    return refuse(Outcome::APPROVER_NOT_ALLOWED, "/credentialSubject/decision",
                  "Genesis is approved or left alone");
  }
  ledger.founders.push_back(context.signer());
  if (static_cast<std::int64_t>(ledger.founders.size()) >= ledger.threshold) {
    ledger.founded = context.index();
  }
  context.write(codec::ledger_key(), ledger);
  return std::nullopt;
}

// What the target needs as of this entry; version 1 keeps to what it needed when it was proposed.
ApprovalNeed need_now(Context& context, const model::ProposalRow& proposal,
                      const model::VerifiedAct& target) {
  if (rules_version(context) < 2) return {proposal.needed, proposal.by_governance, {}};
  const model::VerifiedAct& approval = context.act();
  context.set_act(target);
  auto need = approval_for(context, target.act.body);
  context.set_act(approval);
  return need;
}

bool is_satisfied(const ApprovalNeed& need, const model::ProposalRow& proposal) {
  const auto own = std::count_if(proposal.approvals.begin(), proposal.approvals.end(),
                                 [](const auto& approval) { return !approval.party; });
  const auto consents = [&](const model::PartyId& party) {
    return std::any_of(proposal.approvals.begin(), proposal.approvals.end(),
                       [&](const auto& approval) { return approval.party == party; });
  };
  return own >= need.approvals && std::all_of(need.consents.begin(), need.consents.end(), consents);
}

// The target takes effect here, judged afresh as of this entry: its signer's key, statuses, units.
Check complete(Context& context, model::ProposalRow& proposal, const model::VerifiedAct& target) {
  const model::VerifiedAct& approval = context.act();
  context.set_act(target);
  context.set_proposed_at(proposal.entry);
  auto check = run_approved(context);
  context.set_proposed_at(std::nullopt);
  context.set_act(approval);
  if (check) {
    check->pointer = "/credentialSubject/proposal";
    return check;
  }
  settle(context, proposal, ProposalState::approved);
  return std::nullopt;
}

}  // namespace

model::ProposalId propose(Context& context, const ApprovalNeed& need) {
  const auto& act = context.act();
  const auto ledger = context.ledger();
  assert(ledger);
  model::ProposalRow row;
  row.id = model::ProposalId::of(act.digest);
  row.entry = context.index();
  row.digest = act.digest;
  row.document = model::RawJson{act.canonical};
  row.signer = act.act.signer;
  row.party = act.act.party;
  row.by_governance = need.by_governance;
  row.needed = need.approvals;
  if (!need.consents.empty()) row.consents = need.consents;
  row.expires =
      TimestampMs{context.recorded_at().value() + ledger->delays.proposal_seconds * kMsPerSecond};
  context.create(codec::proposal_key(row.id), row);
  context.overlay().put(open_proposal_key(row.signer, row.id), Bytes{});
  return row.id;
}

void revoke_proposals_of(Context& context, const model::KeyBytes& key) {
  const Bytes first = open_proposal_key(key, model::ProposalId{});
  Bytes end = first;
  std::fill(end.end() - static_cast<std::ptrdiff_t>(model::kIdSize), end.end(), kIndexKeyEndByte);
  std::vector<Bytes> open;
  context.overlay().scan(first, end, [&](ByteView found, ByteView) {
    open.push_back(to_bytes(found));
    return true;
  });
  for (const Bytes& found : open) {
    model::ProposalId id;
    std::copy(found.end() - static_cast<std::ptrdiff_t>(model::kIdSize), found.end(),
              id.bytes.begin());
    auto proposal = context.read<model::ProposalRow>(codec::proposal_key(id));
    if (proposal) settle(context, *proposal, ProposalState::revoked);
  }
}

Check rule(Context& context, const model::Approve& act) {
  const auto ledger = context.ledger();
  assert(ledger);
  if (act.proposal == model::ProposalId::of(ledger->genesis_digest)) {
    return approve_genesis(context, act, *ledger);
  }
  if (!ledger->founded) return refuse(Outcome::NOT_FOUNDED);
  auto proposal = context.read<model::ProposalRow>(codec::proposal_key(act.proposal));
  if (!proposal) return refuse(Outcome::PROPOSAL_UNKNOWN, "/credentialSubject/proposal");
  if (auto check = check_open(context, *proposal)) return check;
  if (act.digest != proposal->digest) {
    return refuse(Outcome::PROPOSAL_DIGEST_DIFFERS, "/credentialSubject/digest");
  }
  drop_fallen_approvals(context, *proposal);
  const auto target = codec::decode_trusted_act(proposal->document.canonical);
  assert(target.ok());
  model::CountedApproval approval;
  if (auto check = check_approver(context, *proposal, target->act.body, act.decision, approval)) {
    return check;
  }
  if (act.decision == model::Decision::reject) {
    settle(context, *proposal, ProposalState::rejected);
    return std::nullopt;
  }
  proposal->approvals.push_back(approval);
  if (is_satisfied(need_now(context, *proposal, *target), *proposal)) {
    return complete(context, *proposal, *target);
  }
  context.write(codec::proposal_key(proposal->id), *proposal);
  return std::nullopt;
}

Check rule(Context& context, const model::WithdrawProposal& act) {
  auto proposal = context.read<model::ProposalRow>(codec::proposal_key(act.proposal));
  if (!proposal) return refuse(Outcome::PROPOSAL_UNKNOWN, "/credentialSubject/proposal");
  if (proposal->party) {
    ActingParty acting;
    if (auto check = require_key(context, acting)) return check;
    if (!is_of(context, acting.party, *proposal->party)) {
      return refuse(Outcome::APPROVER_NOT_ALLOWED, "/issuer/party");
    }
  } else if (auto check = require_governance(context)) {
    return check;
  }
  if (proposal->state != ProposalState::open) {
    return refuse(Outcome::PROPOSAL_CLOSED, "/credentialSubject/proposal");
  }
  settle(context, *proposal, ProposalState::withdrawn);
  return std::nullopt;
}

}  // namespace mrv::state
