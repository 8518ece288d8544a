// Two retirements of one batch, and what befalls them one act after the other.
#pragma once

#include "ledger/node/certificate.h"
#include "ledger/node/status.h"
#include "tests/support/ccs_flow.h"

namespace mrv::test {

struct StatusFlow {
  LedgerWorld world;
  CcsFlow flow;
  model::RetirementId bought;   // 1,000 units
  model::RetirementId damaged;  // 50 units

  explicit StatusFlow(const std::string& root) : flow(world, root) {
    flow.run_to_issuance();
    flow.transfer("developer", "buyer", 5'000);
    bought = flow.retire("buyer", 1'000);
    damaged = flow.retire("buyer", 50);
  }

  [[nodiscard]] model::RetirementRow retirement(const model::RetirementId& id) {
    return *world.row<model::RetirementRow>(codec::retirement_key(id));
  }

  // The last five serials of the damaged retirement, for which its developer is liable.
  model::InvalidationId invalidate() {
    const auto last = retirement(damaged).serials.back();
    return model::InvalidationId::of(flow.approved(
        "registry",
        model::InvalidateBatch{
            last.batch, {{{last.last - 4, last.last}}}, "Tonnes of another field.", Hash{1}}));
  }
  // Three tonnes too many, wherever they are.
  model::ObligationId declare_over_issuance() {
    model::DeclareOverIssuance act;
    act.batches = {flow.batch};
    act.quantity = 3;
    act.party = world.party("developer");
    act.deadline = TimestampMs{4'000'000'000'000};
    act.reason = "One delivery was counted twice.";
    act.digest = Hash{2};
    return model::ObligationId::of(flow.approved("registry", act));
  }
  void make_good(const model::ObligationId& obligation, Units quantity) {
    world.pass(kMsPerSecond);
    model::Cancel act;
    act.kind = model::CancellationKind::compensation;
    act.legs = {{flow.batch, std::nullopt, std::nullopt, quantity}};
    act.reason = "Made good.";
    act.obligation = obligation;
    LedgerWorld::expect(world.submit("developer", "developer", act));
  }
  model::StatementId withdraw_statement() {
    const auto report = world.row<model::ReportRow>(codec::report_key(flow.report));
    const auto id = report->statements.front();
    const auto statement = world.row<model::StatementRow>(codec::statement_key(id));
    const std::string vvb = statement->vvb == world.party("vvb1") ? "vvb1" : "vvb2";
    LedgerWorld::expect(
        world.submit(vvb, vvb, model::WithdrawStatement{id, "The site visit was not dated."}));
    return id;
  }

  static std::string policy_text() { return "log " + LedgerWorld::vkey("log") + "\nquorum none\n"; }
  TreeSize size() { return world.node().reader()->published().size; }
  codec::StatusProof proof(const model::RetirementId& id,
                           std::optional<TreeSize> from = std::nullopt) {
    const auto built = node::build_status(*world.node().reader(), id, from);
    need(built.ok(), built.ok() ? "" : built.error().detail);
    return *built;
  }
  std::string status(const model::RetirementId& id, std::optional<TreeSize> from = std::nullopt) {
    return *codec::encode_status_proof(proof(id, from));
  }
  std::string certificate(const model::RetirementId& id) {
    const auto built = node::build_certificate(*world.node().reader(), id, policy_text());
    need(built.ok(), built.ok() ? "" : built.error().detail);
    return *codec::encode_certificate(*built);
  }
};

}  // namespace mrv::test
