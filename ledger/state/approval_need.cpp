// The number of approvals by programme policy, by the account's four eyes, by the ledger's own
// rules.
#include "ledger/state/approval_need.h"

#include <algorithm>

#include "ledger/model/act_name.h"
#include "ledger/state/act_kind.h"
#include "ledger/state/authority.h"
#include "ledger/state/policy.h"

namespace mrv::state {
namespace {

using model::GovernedAct;

// Every act of the registry that grants or creates something has a second pair of eyes.
constexpr std::int64_t kRegistryApprovals = 1;

// "SubmitProject" is governed as submit-project.
std::optional<GovernedAct> governed_act(const model::ActBody& body) {
  const std::string name = model::hyphenated(model::type_of(body));
  for (std::size_t i = 0; i < model::EnumNames<GovernedAct>::kCount; ++i) {
    const auto act = static_cast<GovernedAct>(i);
    if (model::name_of(act) == name) return act;
  }
  return std::nullopt;
}

std::optional<std::int64_t> policy_approvals(const model::ProgrammePolicy& policy,
                                             GovernedAct act) {
  const auto found = std::find_if(policy.approvals.begin(), policy.approvals.end(),
                                  [act](const auto& rule) { return rule.act == act; });
  if (found == policy.approvals.end()) return std::nullopt;
  return found->approvals;
}

// Where the programme is silent.
std::int64_t usual_approvals(const model::ActBody& body) {
  const bool by_registry =
      is_one_of<model::RegisterProject, model::IssueCredits, model::AcceptAmendment,
                model::SuspendProject, model::ResumeProject, model::Convert, model::RecordReversal,
                model::ReleaseBuffer, model::DeclareOverIssuance, model::InvalidateBatch>(body);
  if (by_registry) return kRegistryApprovals;
  const auto* note = std::get_if<model::AnnotateRetirement>(&body);
  return note != nullptr && note->beneficiary ? kRegistryApprovals : 0;
}

// The strictest of the programmes that the act touches.
std::int64_t programme_approvals(Context& context, const model::ActBody& body) {
  const std::int64_t usual = usual_approvals(body);
  const auto governed = governed_act(body);
  if (!governed) return usual;
  const auto programmes = programmes_of(context, body);
  if (programmes.empty()) return usual;
  std::int64_t needed = 0;
  for (const auto& id : programmes) {
    const auto programme = context.read<model::ProgrammeRow>(codec::programme_key(id));
    if (!programme) continue;
    const auto stated = policy_approvals(policy_of(context, *programme), *governed);
    needed = std::max(needed, stated.value_or(usual));
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

bool ends_itself(const Context& context, const model::ActBody& body) {
  const auto* act = std::get_if<model::RevokeKey>(&body);
  return act != nullptr && act->key == context.signer();
}

// Four eyes of the signing account.
std::int64_t account_approvals(Context& context, const model::ActBody& body) {
  const bool watched =
      moves_units(body) || is_one_of<model::TransferProject, model::SetAccountPolicy,
                                     model::AmendParty, model::BindKey, model::RevokeKey>(body);
  const auto& party = context.act().act.party;
  if (!watched || !party || ends_itself(context, body)) return 0;
  return account_policy(context, *party).four_eyes ? 1 : 0;
}

// Acts of the registry as such, on whatever it has before it.
bool is_registry_act(Context& context, const model::ActBody& body) {
  if (is_one_of<model::AdmitParty, model::SetPartyStatus, model::AccreditVvb, model::OpenImport,
                model::RegisterFactorTable>(body)) {
    return true;
  }
  if (!is_one_of<model::CloseFinding, model::AmendParty>(body) || !context.act().act.party) {
    return false;
  }
  const auto party = context.read<model::PartyRow>(codec::party_key(*context.act().act.party));
  return party && has_role(context, *party, model::Role::registry);
}

std::vector<model::PartyId> consents_for(Context& context, const model::ActBody& body) {
  if (const auto* lock = std::get_if<model::Lock>(&body)) return {lock->custodian};
  if (const auto* conversion = std::get_if<model::Convert>(&body)) return {conversion->holder};
  if (const auto* out = std::get_if<model::Export>(&body)) {
    const auto lock = context.read<model::LockRow>(codec::lock_key(out->lock));
    if (lock) return {lock->custodian};
  }
  return {};
}

// Programmes by whatever an act names.
class ProgrammeCollector {
 public:
  explicit ProgrammeCollector(Context& context) : context_(context) {}

  template <class Act>
  void act(const Act& act) {
    if constexpr (requires { act.programme; }) programmes_.insert(act.programme);
    if constexpr (requires { act.project; }) project(act.project);
    if constexpr (requires { act.report; }) report(act.report);
    if constexpr (requires { act.statement; }) statement(act.statement);
    if constexpr (requires { act.amendment; }) amendment(act.amendment);
    if constexpr (requires { act.batch; }) batch(act.batch);
    if constexpr (requires { act.batches; }) each_batch(act.batches);
    if constexpr (requires { act.legs; }) ranges(act.legs);
    if constexpr (requires { act.serials; }) ranges(act.serials);
    if constexpr (requires { act.transfer; }) {
      serials_of<model::TransferRow>(codec::transfer_key(act.transfer));
    }
    if constexpr (requires { act.lock; }) serials_of<model::LockRow>(codec::lock_key(act.lock));
    if constexpr (requires { act.retirement; }) {
      serials_of<model::RetirementRow>(codec::retirement_key(act.retirement));
    }
    if constexpr (requires { act.label; }) label(act.label);
    if constexpr (requires { act.obligation; }) obligation(act.obligation);
  }
  std::set<model::ProgrammeId> take() { return std::move(programmes_); }

 private:
  template <class Id>
  static const Id* named(const std::optional<Id>& id) {
    return id ? &*id : nullptr;
  }
  template <class Id>
  static const Id* named(const Id& id) {
    return &id;
  }

  void project(const model::ProjectId& id) {
    const auto row = context_.read<model::ProjectRow>(codec::project_key(id));
    if (row) programmes_.insert(row->programme);
  }
  template <class Named>
  void report(const Named& id) {
    if (named(id) == nullptr) return;
    const auto row = context_.read<model::ReportRow>(codec::report_key(*named(id)));
    if (row) project(row->project);
  }
  template <class Named>
  void statement(const Named& id) {
    // A retirement's `statement` is a text.
    if constexpr (std::is_same_v<std::decay_t<decltype(*named(id))>, model::StatementId>) {
      if (named(id) == nullptr) return;
      const auto row = context_.read<model::StatementRow>(codec::statement_key(*named(id)));
      if (row) report(row->report);
    }
  }
  void amendment(const model::AmendmentId& id) {
    const auto row = context_.read<model::AmendmentRow>(codec::amendment_key(id));
    if (row) project(row->project);
  }
  void batch(const model::BatchId& id) {
    const auto row = context_.read<model::BatchRow>(codec::batch_key(id));
    if (row) programmes_.insert(row->programme);
  }
  void each_batch(const std::vector<model::BatchId>& batches) {
    for (const auto& id : batches) batch(id);
  }
  template <class Range>
  void ranges(const std::vector<Range>& list) {
    for (const auto& range : list) batch(range.batch);
  }
  template <class Row>
  void serials_of(const Bytes& key) {
    const auto row = context_.read<Row>(key);
    if (row) ranges(row->serials);
  }
  void label(const model::LabelId& id) {
    const auto row = context_.read<model::LabelRow>(codec::label_key(id));
    if (row) ranges(row->label.serials);
  }
  template <class Named>
  void obligation(const Named& id) {
    if (named(id) == nullptr) return;
    const auto row = context_.read<model::ObligationRow>(codec::obligation_key(*named(id)));
    if (row) programmes_.insert(row->programme);
  }

  Context& context_;
  std::set<model::ProgrammeId> programmes_;
};

}  // namespace

std::set<model::ProgrammeId> programmes_of(Context& context, const model::ActBody& body) {
  ProgrammeCollector collector(context);
  std::visit([&collector](const auto& act) { collector.act(act); }, body);
  return collector.take();
}

bool moves_units(const model::ActBody& body) {
  return is_one_of<model::Transfer, model::Retire, model::Cancel, model::Lock, model::Export,
                   model::RepayPool>(body);
}

// Governance acts need the threshold; registry acts a second person of the registry; acts on a
// programme's units what its policy says; acts of a party its second person, where it wants or has
// one. A key that ends itself asks nobody.
ApprovalNeed approval_for(Context& context, const model::ActBody& body) {
  const auto ledger = context.ledger();
  if (!ledger) return {};
  if (signed_by_governance(context)) {
    const bool settles_others = is_one_of<model::Approve, model::WithdrawProposal>(body);
    return settles_others ? ApprovalNeed{} : ApprovalNeed{ledger->threshold - 1, true, {}};
  }
  if (is_registry_act(context, body)) return {kRegistryApprovals, false, {}};
  ApprovalNeed need{programme_approvals(context, body), false, consents_for(context, body)};
  if (is_one_of<model::BindKey, model::RevokeKey>(body) && !ends_itself(context, body)) {
    need.approvals = key_approvals(context);
  }
  need.approvals = std::max(need.approvals, account_approvals(context, body));
  return need;
}

}  // namespace mrv::state
