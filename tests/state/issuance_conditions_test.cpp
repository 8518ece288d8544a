// What version 2 asks of an issuance beside the statements, in its order, and what version 1 did
// not ask.
#include <doctest/doctest.h>

#include "ledger/state/obligations.h"
#include "tests/support/verification_world.h"

using namespace mrv;
using model::FindingKind;
using test::VerificationWorld;

namespace {

struct ConditionsWorld : VerificationWorld {
  model::ObligationId owing(const model::PartyId& party, std::int64_t due_in_ms) {
    state::NewObligation what;
    what.party = party;
    what.programme = programme.id;
    what.quantity = 5;
    what.deadline = TimestampMs{now.value() + due_in_ms};
    model::VerifiedAct act;
    act.digest[0] = ++opened_;
    model::ObligationId id;
    change([&](state::Context& context) {
      context.set_act(act);
      id = state::open_obligation(context, what);
    });
    return id;
  }
  void set_developer(model::PartyStatus status) {
    auto row = get<model::PartyRow>(codec::party_key(developer));
    row.standings.back().status = status;
    put(codec::party_key(row.id), row);
  }

 private:
  std::uint8_t opened_ = 0;
};

std::string at_report(const char* name) { return std::string(name) + "/credentialSubject/report"; }

}  // namespace

TEST_CASE("an issuance names its first obstacle: developer, debt, finding, statements") {
  ConditionsWorld world;
  const auto finding = world.raised(FindingKind::CAR);
  const auto owed = world.owing(world.developer, 0);
  world.pass(1);
  world.set_developer(model::PartyStatus::closed);
  CHECK(world.issue() == at_report("DEVELOPER_NOT_ELIGIBLE"));
  world.set_developer(model::PartyStatus::admitted);
  CHECK(world.issue() == at_report("OBLIGATION_OVERDUE"));
  world.change([&](state::Context& context) {
    auto row = *context.read<model::ObligationRow>(codec::obligation_key(owed));
    state::discharge(context, row, state::Debt::owed, row.owed);
  });
  CHECK(world.issue() == at_report("FINDING_OPEN"));
  REQUIRE(world.close(world.vvb, finding).empty());
  CHECK(world.issue() == at_report("STATEMENTS_MISSING"));
  world.stated(world.vvb);
  CHECK(world.issue().empty());
}

TEST_CASE("only a debt of the developer itself that is late holds up its issuance") {
  ConditionsWorld world;
  world.stated(world.vvb);
  world.owing(world.other, -1);
  world.owing(world.developer, 10);
  CHECK(world.issue().empty());
}

TEST_CASE("a verifier counts only while it is independent of the developer of that entry") {
  ConditionsWorld world;
  world.stated(world.vvb, 40);
  world.affiliate(world.other, world.vvb);
  auto project = world.project_row();
  project.developer = world.other;
  world.put(codec::project_key(project.id), project);
  CHECK(world.issue() == at_report("STATEMENTS_MISSING"));
  // Its figure binds all the same.
  world.stated(world.second_vvb, 90);
  REQUIRE(world.issue().empty());
  CHECK(world.all<model::BatchRow>()[0].quantity == 40);
  CHECK(world.all<model::BatchRow>()[0].developer == world.other);
}

TEST_CASE("version 1 looked at independence when a statement was made, and kept no signer") {
  ConditionsWorld world;
  world.set_rules(1);
  const auto id = world.stated(world.vvb);
  CHECK(!world.get<model::StatementRow>(codec::statement_key(id)).signer);
  world.affiliate(world.vvb, world.developer);
  REQUIRE(world.run(world.registry, model::IssueCredits{world.report}).ok());
  const auto batch = world.all<model::BatchRow>()[0];
  CHECK(batch.buffer == 25);
  CHECK(!batch.issued_at);
  CHECK(test::keys_under(world.state(), codec::kPoolBatchTag).empty());
}
