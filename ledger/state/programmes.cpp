// Programmes, factor tables, methodologies (domain.md 2) and the approvals that policy asks for.
#include <algorithm>
#include <cassert>
#include <set>

#include "crypto/sha256.h"
#include "ledger/base/rational.h"
#include "ledger/state/authority.h"
#include "ledger/state/rules.h"

namespace mrv::state {
namespace {

using model::GovernedAct;
using model::Outcome;

// Every act of the registry that grants or creates something has a second pair of eyes.
constexpr std::int64_t kRegistryApprovals = 1;

std::int64_t policy_approvals(const model::ProgrammePolicy& policy, GovernedAct act,
                              std::int64_t otherwise) {
  const auto found = std::find_if(policy.approvals.begin(), policy.approvals.end(),
                                  [act](const auto& rule) { return rule.act == act; });
  return found == policy.approvals.end() ? otherwise : found->approvals;
}

std::int64_t programme_approvals(Context& context, const model::ProgrammeId& id, GovernedAct act,
                                 std::int64_t otherwise) {
  const auto programme = context.read<model::ProgrammeRow>(codec::programme_key(id));
  if (!programme) return otherwise;
  return policy_approvals(programme->policies.back().policy, act, otherwise);
}

std::int64_t project_approvals(Context& context, const model::ProjectId& id, GovernedAct act) {
  const auto project = context.read<model::ProjectRow>(codec::project_key(id));
  if (!project) return kRegistryApprovals;
  return programme_approvals(context, project->programme, act, kRegistryApprovals);
}

// The strictest rule of the programmes whose units the legs name.
std::int64_t legs_approvals(Context& context, const std::vector<model::Leg>& legs,
                            GovernedAct act) {
  std::int64_t needed = 0;
  for (const auto& leg : legs) {
    const auto batch = context.read<model::BatchRow>(codec::batch_key(leg.batch));
    if (batch) needed = std::max(needed, programme_approvals(context, batch->programme, act, 0));
  }
  return needed;
}

// A party that acts with a second pair of eyes changes its keys with it: one approval while the
// `approve` key of a person other than the signer's is in force.
std::int64_t key_approvals(Context& context) {
  const auto signer = context.read<model::KeyRow>(codec::key_key(context.signer()));
  if (!signer) return 0;
  const auto party = context.read<model::PartyRow>(codec::party_key(signer->party));
  if (!party) return 0;
  const bool watched =
      std::any_of(party->keys.begin(), party->keys.end(), [&](const model::KeyBytes& bytes) {
        const auto key = context.read<model::KeyRow>(codec::key_key(bytes));
        return key && key->bound.covers(context.index()) && key->person != signer->person &&
               has_purpose(*key, model::KeyPurpose::approve);
      });
  return watched ? 1 : 0;
}

// The buffer's rate is a share, the margin no less than nothing, and each act has one rule.
Check check_policy(const model::ProgrammePolicy& policy) {
  const std::string pointer = "/credentialSubject/policy/";
  const auto rate = Rational::parse(policy.buffer_rate.text);
  if (!rate.ok() || rate->is_negative() || *rate > Rational(1)) {
    return refuse(Outcome::DECIMAL_INVALID, pointer + "bufferRate", "a share between 0 and 1");
  }
  const auto margin = Rational::parse(policy.capacity_margin.text);
  if (!margin.ok() || margin->is_negative()) {
    return refuse(Outcome::DECIMAL_INVALID, pointer + "capacityMargin", "not below 0");
  }
  std::set<GovernedAct> acts;
  for (const auto& approval : policy.approvals) {
    if (!acts.insert(approval.act).second) {
      return refuse(Outcome::ITEM_REPEATED, pointer + "approvals");
    }
  }
  return std::nullopt;
}

}  // namespace

// Governance acts need the founding threshold; registry acts a second person of the registry; acts
// on a programme's units what its policy says; acts on a party's keys its second person, where it
// has one. A key that ends itself asks nobody.
ApprovalNeed approval_for(Context& context, const model::ActBody& body) {
  const auto ledger = context.ledger();
  if (!ledger) return {};
  const std::int64_t others = ledger->threshold - 1;
  if (signed_by_governance(context)) {
    const bool settles_others = std::holds_alternative<model::Approve>(body) ||
                                std::holds_alternative<model::WithdrawProposal>(body);
    return settles_others ? ApprovalNeed{} : ApprovalNeed{others, true};
  }
  const bool by_registry = std::holds_alternative<model::AdmitParty>(body) ||
                           std::holds_alternative<model::SetPartyStatus>(body) ||
                           std::holds_alternative<model::AccreditVvb>(body) ||
                           std::holds_alternative<model::OpenImport>(body) ||
                           std::holds_alternative<model::RegisterFactorTable>(body);
  if (by_registry) return {kRegistryApprovals, false};
  if (std::holds_alternative<model::BindKey>(body)) return {key_approvals(context), false};
  if (const auto* act = std::get_if<model::RevokeKey>(&body)) {
    return {act->key == context.signer() ? 0 : key_approvals(context), false};
  }
  if (const auto* act = std::get_if<model::RegisterProject>(&body)) {
    return {project_approvals(context, act->project, GovernedAct::register_project), false};
  }
  if (const auto* act = std::get_if<model::IssueCredits>(&body)) {
    const auto report = context.read<model::ReportRow>(codec::report_key(act->report));
    if (!report) return {kRegistryApprovals, false};
    return {project_approvals(context, report->project, GovernedAct::issue_credits), false};
  }
  if (const auto* act = std::get_if<model::Transfer>(&body)) {
    return {legs_approvals(context, act->legs, GovernedAct::transfer), false};
  }
  if (const auto* act = std::get_if<model::Retire>(&body)) {
    return {legs_approvals(context, act->legs, GovernedAct::retire), false};
  }
  return {};
}

Check rule(Context& context, const model::RegisterProgramme& act) {
  if (auto check = require_governance(context)) return check;
  if (!act.name.en && !act.name.zh) {
    return refuse(Outcome::NAME_MISSING, "/credentialSubject/name");
  }
  if (auto check = check_policy(act.policy)) return check;
  const Bytes code = codec::code_key("programme", act.code);
  if (context.read<model::CodeRow>(code)) {
    return refuse(Outcome::CODE_TAKEN, "/credentialSubject/code");
  }
  model::ProgrammeRow row;
  row.id = model::ProgrammeId::of(context.act().digest);
  row.entry = context.index();
  row.code = act.code;
  row.name = act.name;
  row.unit = act.unit;
  row.policies = {{{context.index().next(), std::nullopt}, act.policy}};
  context.create(codec::programme_key(row.id), row);
  context.write(code, model::CodeRow{"programme", act.code, row.id.text()});
  return std::nullopt;
}

}  // namespace mrv::state
