// The history, chapter by chapter.
#include "tests/support/all_acts.h"

namespace mrv::test {

AllActs::AllActs(LedgerWorld& world, std::string root)
    : world_(world), flow_(world, std::move(root)) {}

void AllActs::run() {
  flow_.integrity = integrity_policy();
  flow_.enter_parties();
  activate_rules();
  flow_.register_standards();
  flow_.register_project();
  report_with_evidence(146'000);
  accepted("developer", model::WithdrawReport{flow_.report, "a meter was read twice"});
  flow_.submit_report(146'763);
  raise_and_close();
  review_statements();
  flow_.issue();
  move_units();
  deposit_and_import();
  lock_and_leave();
  cancel_units();
  label_and_retire();
  move_by_order();
  withdraw_proposal();
  change_parties();
  lose_and_make_good();
  change_accounts();
  change_standards();
  live_through_projects();
  keep_records();
  change_governance();
}

Hash AllActs::accepted(const std::string& party, model::ActBody body) {
  LedgerWorld::expect(world_.submit(party, party, std::move(body)));
  return world_.last_digest();
}

model::TransferId AllActs::offer(Units quantity) {
  return model::TransferId::of(accepted("developer", flow_.transfer_body("buyer", quantity)));
}

void AllActs::move_units() {
  flow_.transfer("developer", "buyer", 5'000);
  accepted("buyer", model::RejectTransfer{offer(10), "not ordered"});
  accepted("developer", model::CancelTransfer{offer(20), "wrong buyer"});
  auto short_offer = flow_.transfer_body("buyer", 30);
  short_offer.expires = TimestampMs{kWorldStartMs + 60 * kMsPerSecond};
  const auto lapsing = model::TransferId::of(accepted("developer", short_offer));
  world_.pass(61 * kMsPerSecond);
  accepted("buyer", model::LapseTransfer{lapsing});
  flow_.retire("buyer", 1'000);
  auto compliance = flow_.retire_body(7);
  compliance.purpose = model::RetirementPurpose::compliance;
  accepted("buyer", compliance);
}

void AllActs::deposit_and_import() {
  model::DepositEvidence deposit;
  deposit.digests = {{Hash{1}, std::nullopt}, {Hash{2}, Hash{3}}};
  deposit.category = "calibration";
  deposit.title = "Meter certificates 2023";
  accepted("developer", deposit);
  model::OpenImport open;
  open.registry = "ACR";
  open.file_digest = Hash{4};
  open.row_count = 2;
  open.date_format = model::DateFormat::us_short;
  model::ImportSerials rows;
  rows.import = model::ImportId::of(flow_.approved("registry", open));
  model::ImportRow row;
  row.row = 1;
  row.serial = "ACR-US-100-2015-200-1001 to 1062";
  row.quantity = 62;
  row.date = "12/29/15";
  row.project = "ACR100";
  row.vintage = "2015";
  row.row_digest = Hash{5};
  rows.rows.push_back(row);
  row.row = 2;  // meets the first: refused by itself, and the refusal is part of the entry
  row.serial = "ACR-US-100-2015-200-1062 to 1063";
  row.quantity = 2;
  row.row_digest = Hash{6};
  rows.rows.push_back(row);
  accepted("registry", rows);
}

void AllActs::withdraw_proposal() {
  model::RegisterProgramme second;
  second.code = "BLUE";
  second.name.en = "Blue carbon";
  second.policy.accepted_opinions = {model::Opinion::unmodified};
  second.policy.buffer_rate = {"0.2"};
  second.policy.capacity_margin = {"1"};
  LedgerWorld::expect(world_.submit("gov1", "", second));
  LedgerWorld::expect(world_.submit(
      "gov1", "",
      model::WithdrawProposal{model::ProposalId::of(world_.last_digest()), "too early"}));
}

void AllActs::change_parties() {
  flow_.approved("developer", model::RevokeKey{LedgerWorld::public_key("developer-2"),
                                               model::RevocationReason::superseded});
  accepted("buyer", model::FreezeSelf{"a key may be lost"});
  flow_.governed(
      model::SetPartyStatus{world_.party("buyer"), model::PartyStatus::admitted, "found again"});
  flow_.transfer("developer", "buyer", 40);
}

// Units move under version 4; under version 5 a verifier becomes the developer's affiliate, after
// what it verified was issued, and serials of another registry come in.
void AllActs::keep_records() {
  flow_.governed(model::ActivateRules{4});
  flow_.transfer("developer", "buyer", 30);
  flow_.governed(model::ActivateRules{5});
  model::AmendParty amendment;
  amendment.party = world_.party("vvb1");
  amendment.affiliates = {world_.party("developer")};
  accepted("vvb1", amendment);
  model::OpenImport open;
  open.registry = "ACR";
  open.grammar = model::SerialGrammar::verra_vcu;
  open.file_digest = Hash{7};
  open.row_count = 1;
  model::ImportSerials rows;
  rows.import = model::ImportId::of(flow_.approved("registry", open));
  model::ImportRow row;
  row.row = 1;
  row.serial = "240-7863589-7889021-VCU-003-APX-IN-1-101-01042006-18032007-0";
  row.quantity = 25'433;
  row.date = "2011-03-18";
  row.project = "101";
  row.vintage = "2006";
  row.row_digest = Hash{8};
  rows.rows.push_back(row);
  accepted("registry", rows);
}

}  // namespace mrv::test
