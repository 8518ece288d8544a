// Findings to repayment as signed documents, with everybody who must stand behind each of them.
#include <doctest/doctest.h>

#include "tests/support/conservation.h"
#include "tests/support/signed_project.h"

using namespace mrv;
using model::KeyPurpose;
using test::SignedProject;
using test::SignedWorld;

namespace {

constexpr Units kFlowBuffer = 7'339;  // five in a hundred of the shipped data's tonnes, rounded up

struct FlowWorld : SignedProject {
  explicit FlowWorld(const model::Genesis& genesis = genesis_of(2, 2)) : SignedProject(genesis) {
    auto body = programme_body();
    model::IntegrityPolicy integrity;
    integrity.obligation_seconds = 60;
    integrity.release_after_seconds = 30;
    integrity.release_share = model::DecimalText{"0.1"};
    body.policy.integrity = integrity;
    body.policy.lifecycle = model::LifecyclePolicy{};
    body.policy.lifecycle->review_required = true;
    register_standards(body);
    register_project();
    submit_report(report_body());
    bind("vvb1", "vvb1-3", {KeyPurpose::review});
  }

  model::StatementId stated() {
    return model::StatementId::of(accept(submit("vvb1", "vvb1", statement())).digest);
  }
  void issue() {
    const auto id = stated();
    accept(
        submit("vvb1-3", "vvb1", model::ReviewVerification{id, model::Decision::approve, "read"}));
    accept(submit("registry", "registry", model::IssueCredits{report}));
    batch = all<model::BatchRow>().at(0).id;
  }
  model::ObligationId reversed(Units quantity, model::ReversalKind kind) {
    model::RecordReversal body;
    body.project = project;
    body.report = report;
    body.kind = kind;
    body.quantity = quantity;
    body.cause = "a leak";
    return model::ObligationId::of(proposed_and_approved(body));
  }
  // The registry's act waits for its second person, and changes nothing until then.
  Hash proposed_and_approved(const model::ActBody& body) {
    const auto proposed = accept(submit("registry", "registry", body));
    REQUIRE(proposed.proposal.has_value());
    CHECK(approve("registry", "registry", proposed.digest).name == "KEY_PURPOSE_MISSING");
    accept(approve("registry-2", "registry", proposed.digest));
    return proposed.digest;
  }
  model::ObligationRow obligation(const model::ObligationId& id) const {
    return get<model::ObligationRow>(codec::obligation_key(id));
  }
  model::RepayPool repayment(const model::ObligationId& id, Units quantity) const {
    return {id, {{batch, std::nullopt, std::nullopt, quantity}}};
  }
  Units pool() const { return get<model::PoolRow>(codec::pool_key(programme)).units; }

  model::BatchId batch;
};

}  // namespace

TEST_CASE("a finding is raised, answered and closed before a statement can be made") {
  FlowWorld world;
  model::RaiseFinding raise;
  raise.report = world.report;
  raise.kind = model::FindingKind::CAR;
  raise.text = "which meter was read?";
  raise.deadline = TimestampMs{SignedWorld::kFirstMs + 86'400'000};
  const auto id = model::FindingId::of(world.accept(world.submit("vvb1", "vvb1", raise)).digest);
  CHECK(world.refused("vvb1", world.statement()) == "FINDING_OPEN/credentialSubject/report");
  CHECK(world.refused("dev", model::AnswerFinding{id, "the second", {}}).empty());
  // The registry closes it with two persons; the verifier alone.
  const auto by_registry =
      world.accept(world.submit("registry", "registry", model::CloseFinding{id, "seen"}));
  CHECK(by_registry.proposal.has_value());
  CHECK(world.refused("vvb1", model::CloseFinding{id, "seen"}).empty());
  CHECK(world.approve("registry-2", "registry", by_registry.digest).name == "FINDING_CLOSED");
  world.issue();
  CHECK(world.get<model::BatchRow>(codec::batch_key(world.batch)).buffer == kFlowBuffer);
}

TEST_CASE("an unreviewed statement issues nothing, and its own signer reviews nothing") {
  FlowWorld world;
  const auto id = world.stated();
  const model::ReviewVerification review{id, model::Decision::approve, "read"};
  CHECK(world.refused("registry", model::IssueCredits{world.report}) ==
        "STATEMENTS_MISSING/credentialSubject/report");
  CHECK(world.submit("vvb1", "vvb1", review).name == "KEY_PURPOSE_MISSING");
  CHECK(world.submit("vvb1-2", "vvb1", review).name == "KEY_PURPOSE_MISSING");
  CHECK(world.submit("vvb1-3", "vvb1", review).ok());
  CHECK(world.refused("registry", model::IssueCredits{world.report}).empty());
}

TEST_CASE("from a reversal over default and repayment to a release, each by whom it takes") {
  FlowWorld world;
  world.issue();
  REQUIRE(world.pool() == kFlowBuffer);
  const auto id = world.reversed(100, model::ReversalKind::intentional);
  CHECK(world.obligation(id).owed == 100);
  CHECK(world.pool() == kFlowBuffer);
  // Governance declares default, not before the deadline.
  const model::DeclareDefault declaration{id, "nothing came"};
  CHECK(world.refused("registry", declaration) ==
        "GOVERNANCE_KEY_REQUIRED/proof/verificationMethod");
  CHECK(world.submit("gov1", "", declaration).name == "OBLIGATION_NOT_OVERDUE");
  world.pass(60'001);
  world.accept(world.governed(declaration));
  CHECK(world.obligation(id).owed_to_pool == 100);
  CHECK(world.pool() == kFlowBuffer - 100);
  // A release waits for the debt.
  const model::ReleaseBuffer release{world.batch, 10, "nothing was lost since"};
  CHECK(world.refused("registry", release) == "RELEASE_NOT_ALLOWED/credentialSubject/batch");
  CHECK(world.refused("dev", world.repayment(id, 101)) ==
        "OBLIGATION_EXCEEDED/credentialSubject/legs");
  CHECK(world.refused("dev", world.repayment(id, 100)).empty());
  CHECK(world.obligation(id).state == model::ObligationState::discharged);
  CHECK(world.pool() == kFlowBuffer);
  world.proposed_and_approved(release);
  CHECK(world.pool() == kFlowBuffer - 10);
  test::check_conservation(world.state());
}

TEST_CASE("a second person repays where the account has four eyes, with a key of some age") {
  auto genesis = SignedWorld::genesis_of(2, 2);
  genesis.delays.new_key_seconds = 3'000;
  FlowWorld world(genesis);
  world.issue();
  const auto id = world.reversed(100, model::ReversalKind::intentional);
  world.pass(60'001);
  world.accept(world.governed(model::DeclareDefault{id, "nothing came"}));
  model::AccountPolicyRow policy;
  policy.party = world.id("dev");
  policy.versions.emplace_back();
  policy.versions[0].four_eyes = true;
  world.put(codec::account_policy_key(policy.party), policy);
  const auto proposed = world.accept(world.submit("dev", "dev", world.repayment(id, 40)));
  REQUIRE(proposed.proposal.has_value());
  CHECK(world.obligation(id).owed_to_pool == 100);
  CHECK(world.approve("dev-2", "dev", proposed.digest).name == "KEY_TOO_NEW");
  world.pass(3'000'000);
  CHECK(world.approve("dev-2", "dev", proposed.digest).ok());
  CHECK(world.obligation(id).owed_to_pool == 60);
  // What was proposed before the debt was smaller is judged when it is approved.
  const auto late = world.accept(world.submit("dev", "dev", world.repayment(id, 60)));
  const auto first = world.accept(world.submit("dev", "dev", world.repayment(id, 60)));
  CHECK(world.approve("dev-2", "dev", first.digest).ok());
  CHECK(world.approve("dev-2", "dev", late.digest).name == "OBLIGATION_CLOSED");
  test::check_conservation(world.state());
}

TEST_CASE("what the registry declares or invalidates two of its persons sign") {
  FlowWorld world;
  world.issue();
  model::DeclareOverIssuance declaration;
  declaration.batches = {world.batch};
  declaration.quantity = 5;
  declaration.party = world.id("dev");
  declaration.deadline = TimestampMs{world.now.value() + 60'000};
  declaration.reason = "a unit was mistaken";
  const auto owed = model::ObligationId::of(world.proposed_and_approved(declaration));
  CHECK(world.obligation(owed).owed == 5);
  model::Retire retire;
  retire.legs = {{world.batch, 1, 10, std::nullopt}};
  retire.beneficiary = model::Beneficiary{model::Organisation{"B", "CN", {}, {}}, {}};
  world.accept(world.submit("dev", "dev", retire));
  const auto digest = world.proposed_and_approved(
      model::InvalidateBatch{world.batch, {{{5, 20}}}, "fraud", Hash{1}});
  const auto row =
      world.get<model::InvalidationRow>(codec::invalidation_key(model::InvalidationId::of(digest)));
  CHECK(row.gone == 6);
  CHECK(row.cancelled == 10);
  CHECK(world.obligation(row.obligation.value()).owed == 6);
  test::check_conservation(world.state());
}

TEST_CASE("a programme says how many approve what its registry does about lost tonnes") {
  FlowWorld world;
  world.issue();
  auto row = world.get<model::ProgrammeRow>(codec::programme_key(world.programme));
  row.policies[0].policy.approvals.push_back({model::GovernedAct::record_reversal, 0});
  row.policies[0].policy.approvals.push_back({model::GovernedAct::repay_pool, 1});
  world.put(codec::programme_key(row.id), row);
  model::RecordReversal body;
  body.project = world.project;
  body.report = world.report;
  body.kind = model::ReversalKind::unintentional;
  body.quantity = kFlowBuffer + 1;
  body.cause = "a leak";
  const auto answer = world.accept(world.submit("registry", "registry", body));
  CHECK(!answer.proposal);
  const auto id = model::ObligationId::of(answer.digest);
  CHECK(world.obligation(id).owed == 1);
  CHECK(world.pool() == 0);
}
