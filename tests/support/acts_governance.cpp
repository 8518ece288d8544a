// Accounts, standards and governance.
#include "tests/support/all_acts.h"

namespace mrv::test {

// The world was founded under the first version, so the log holds entries of both.
void AllActs::activate_rules() { flow_.governed(model::ActivateRules{2}); }

void AllActs::change_accounts() {
  world_.register_party("trader", {model::Role::buyer});
  accepted("trader", model::SetAccountPolicy{false, true, {world_.party("buyer")}});
  model::OpenAccount account;
  account.name.en = "Clients of the trader";
  account.name.zh = "交易商客户账户";
  accepted("trader", account);
  model::AmendParty amendment;
  amendment.party = world_.party("trader");
  amendment.name = model::Name{"Trader and Sons", "贸易公司"};
  amendment.country = "CN";
  amendment.kyc_digest = Hash{9};
  flow_.approved("registry", amendment);
}

void AllActs::change_standards() {
  model::AmendProgramme amendment;
  amendment.programme = flow_.programme;
  amendment.name = model::Name{"Storage", "封存"};
  amendment.policy = world_.row<model::ProgrammeRow>(codec::programme_key(flow_.programme))
                         ->policies.back()
                         .policy;
  amendment.policy.lifecycle.emplace();
  amendment.policy.lifecycle->review_required = true;
  amendment.policy.lifecycle->signed_evidence = {"meter-data"};
  flow_.governed(amendment);
  constexpr std::int32_t kDay2034 = 23'376;
  accepted("standard", model::RetireMethodology{flow_.methodology, model::Day{kDay2034}});
}

// Last, because the log goes on under its next key.
void AllActs::change_governance() {
  flow_.governed(model::RemoveBlob{flow_.blob("a photograph"), "it showed a person"});
  model::ChangeGovernance change;
  change.add = {{LedgerWorld::public_key("gov3"), LedgerWorld::person("gov3")}};
  change.threshold = 2;
  flow_.governed(change);
  flow_.governed(model::SucceedLogKey{LedgerWorld::vkey("log-2")});
}

}  // namespace mrv::test
