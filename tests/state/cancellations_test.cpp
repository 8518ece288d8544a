// Cancel: the kinds, who signs each, and what a compensation makes good.
#include "ledger/state/obligations.h"
#include "tests/support/pointers.h"
#include "tests/support/units_world.h"

using namespace mrv;
using model::CancellationKind;
using model::ObligationState;
using model::PartyStatus;
using model::Role;
using test::kMethod;
using test::kObligation;
using test::UnitsWorld;

namespace {

constexpr const char* kKind = "CANCELLATION_KIND_INVALID/credentialSubject/kind";

struct CancellationsWorld : UnitsWorld {
  using UnitsWorld::UnitsWorld;

  [[nodiscard]] model::Cancel cancel(CancellationKind kind, std::vector<model::Leg> legs) const {
    model::Cancel act;
    act.kind = kind;
    act.legs = std::move(legs);
    act.reason = "a reason";
    return act;
  }
  [[nodiscard]] model::Cancel administrative(std::vector<model::Leg> legs) const {
    auto act = cancel(CancellationKind::administrative, std::move(legs));
    act.holder = id("dev");
    return act;
  }
  // An open obligation of `party` about batches of the first programme.
  model::ObligationId owed(const std::string& party, Units quantity,
                           std::vector<model::BatchId> batches = {}) {
    state::NewObligation what;
    what.party = id(party);
    what.programme = model::ProgrammeId{{1}};
    what.cause = model::ObligationCause::over_issuance;
    what.batches = std::move(batches);
    what.quantity = quantity;
    what.deadline = TimestampMs{now.value() + 1'000};
    model::ObligationId opened;
    change([&](state::Context& context) {
      model::VerifiedAct act;
      act.digest = crypto::sha256(as_bytes("obligation " + std::to_string(obligations_++)));
      const auto& before = context.act();
      context.set_act(act);
      opened = state::open_obligation(context, what);
      context.set_act(before);
    });
    return opened;
  }
  [[nodiscard]] model::Cancel compensation(const model::ObligationId& obligation,
                                           std::vector<model::Leg> legs) const {
    auto act = cancel(CancellationKind::compensation, std::move(legs));
    act.obligation = obligation;
    return act;
  }
  [[nodiscard]] model::ObligationRow obligation(const model::ObligationId& obligation) const {
    return get<model::ObligationRow>(codec::obligation_key(obligation));
  }

 private:
  int obligations_ = 0;
};

}  // namespace

TEST_CASE("a holder cancels units, and they never move again") {
  CancellationsWorld world;
  const auto done = world.accept(world.submit(
      "dev", "dev",
      world.cancel(CancellationKind::mitigation, {world.range(11, 20), world.quantity(15)})));
  const auto row = world.get<model::CancellationRow>(
      codec::cancellation_key(model::CancellationId::of(done.digest)));
  CHECK(row.entry == done.index);
  CHECK(row.holder == world.id("dev"));
  CHECK(row.kind == CancellationKind::mitigation);
  CHECK(row.quantity == 25);
  CHECK(row.serials == std::vector<model::SerialRange>{
                           {world.batch, 11, 20}, {world.batch, 1, 10}, {world.batch, 21, 25}});
  CHECK(!row.obligation);
  CHECK(world.runs() == std::vector<std::string>{"1-25 cancelled dev", "26-100 active dev"});
  CHECK(world.all<model::SerialRow>()[0].reference == row.id.text());
  CHECK(world.holding("dev").active == 75);
  CHECK(world.refused("dev", world.cancel(CancellationKind::voluntary, {world.range(25, 26)})) ==
        "UNITS_NOT_HELD/credentialSubject/legs/0");
  CHECK(world.refused("dev", world.cancel(CancellationKind::voluntary, {world.range(26, 26)}))
            .empty());
  // Another cancellation, so another run.
  CHECK(world.runs()[1] == "26-26 cancelled dev");
}

TEST_CASE("a kind goes with what belongs to it and nothing else") {
  CancellationsWorld world;
  const auto obligation = world.owed("dev", 10);
  for (const auto kind : {CancellationKind::reversal, CancellationKind::invalidation}) {
    CHECK(world.refused("dev", world.cancel(kind, {world.quantity(1)})) == kKind);
  }
  for (const auto kind : {CancellationKind::voluntary, CancellationKind::mitigation,
                          CancellationKind::compensation}) {
    const bool pays = kind == CancellationKind::compensation;
    auto act = world.cancel(kind, {world.quantity(1)});
    if (!pays) act.obligation = obligation;
    CHECK(world.refused("dev", act) == "CANCELLATION_KIND_INVALID/credentialSubject/obligation");
    act.obligation = pays ? std::optional(obligation) : std::nullopt;
    act.holder = world.id("dev");
    CHECK(world.refused("dev", act) == "CANCELLATION_KIND_INVALID/credentialSubject/holder");
    act.holder.reset();
    CHECK(world.refused("dev", act).empty());
  }
  auto act = world.administrative({world.quantity(1)});
  act.obligation = obligation;
  CHECK(world.refused_to_governance(act) ==
        "CANCELLATION_KIND_INVALID/credentialSubject/obligation");
  act.obligation.reset();
  act.holder.reset();
  CHECK(world.refused_to_governance(act) == "CANCELLATION_KIND_INVALID/credentialSubject/holder");
}

TEST_CASE("what a cancellation is refused for, in the order of the rules") {
  auto genesis = UnitsWorld::genesis_of(2, 2);
  genesis.delays.new_key_seconds = 100;
  CancellationsWorld world(genesis);
  world.pass(200'000);
  world.bind("dev", "dev-new", {model::KeyPurpose::initiate});
  const auto grams =
      world.give_units("dev", 10, 8, UnitsWorld::open_policy(), model::AmountUnit::g);
  auto act =
      world.cancel(CancellationKind::reversal, {world.quantity(101), {grams, 1, 1, std::nullopt}});
  CHECK(UnitsWorld::told(world.submit("dev-new", "dev", act)) ==
        std::string("KEY_TOO_NEW") + kMethod);
  CHECK(world.refused("dev", act) == kKind);
  act.kind = CancellationKind::voluntary;
  CHECK(world.refused("dev", act) == "UNITS_NOT_HELD/credentialSubject/legs/0");
  act.legs[0].quantity = 1;
  CHECK(world.refused("dev", act) == "UNITS_MIXED/credentialSubject/legs");
  act.legs.pop_back();
  const auto huge = world.give_units("dev", kUnitsMax, 2);
  act.legs.push_back({huge, 1, kUnitsMax, std::nullopt});
  CHECK(world.refused("dev", act) == "AMOUNT_OVERFLOW/credentialSubject/legs");
  act.legs[1].last = kUnitsMax - 1;
  CHECK(world.refused("dev", act).empty());
  world.set_status("dev", PartyStatus::frozen);
  CHECK(world.refused("dev", act) == "PARTY_FROZEN/issuer/party");
}

TEST_CASE("governance cancels for a holder that it names, by as many seats as it needs") {
  CancellationsWorld world;
  const auto act = world.administrative({world.quantity(10)});
  for (const std::string name : {"dev", "registry"}) {
    CHECK(world.refused(name, act) == std::string("GOVERNANCE_KEY_REQUIRED") + kMethod);
  }
  auto unknown = act;
  unknown.holder = model::PartyId{{9}};
  CHECK(world.refused_to_governance(unknown) == "PARTY_UNKNOWN/credentialSubject/holder");
  auto too_many = act;
  too_many.legs = {world.quantity(101)};
  CHECK(world.refused_to_governance(too_many) == "UNITS_NOT_HELD/credentialSubject/legs/0");
  // Only active units, of a frozen holder too.
  world.transferred("dev", "buyer", {world.range(1, 5)}, false);
  auto pending = act;
  pending.legs = {world.range(5, 6)};
  CHECK(world.refused_to_governance(pending) == "UNITS_NOT_HELD/credentialSubject/legs/0");
  world.set_status("dev", PartyStatus::frozen);
  CHECK(world.governed(act).ok());
  const auto row = world.all<model::CancellationRow>().at(0);
  CHECK(row.holder == world.id("dev"));
  CHECK(row.kind == CancellationKind::administrative);
  CHECK(world.runs() ==
        std::vector<std::string>{"1-5 pending dev", "6-15 cancelled dev", "16-100 active dev"});
  // A kind of holders is not governance's.
  CHECK(
      world.refused_to_governance(world.cancel(CancellationKind::voluntary, {world.quantity(1)})) ==
      "KEY_UNKNOWN/proof/verificationMethod");
}

TEST_CASE("a compensation makes good what its signer owes, until nothing is owed") {
  CancellationsWorld world;
  const auto owed = world.owed("dev", 30);
  const auto part =
      world.accept(world.submit("dev", "dev", world.compensation(owed, {world.quantity(29)})));
  const auto row = world.get<model::CancellationRow>(
      codec::cancellation_key(model::CancellationId::of(part.digest)));
  CHECK(row.kind == CancellationKind::compensation);
  CHECK(row.obligation == owed);
  CHECK(world.obligation(owed).owed == 1);
  CHECK(world.obligation(owed).state == ObligationState::open);
  CHECK(world.refused("dev", world.compensation(owed, {world.quantity(2)})) ==
        "OBLIGATION_EXCEEDED/credentialSubject/legs");
  const auto last =
      world.accept(world.submit("dev", "dev", world.compensation(owed, {world.quantity(1)})));
  CHECK(world.obligation(owed).owed == 0);
  CHECK(world.obligation(owed).state == ObligationState::discharged);
  CHECK(world.obligation(owed).discharged == last.index);
  CHECK(world.refused("dev", world.compensation(owed, {world.quantity(1)})) ==
        std::string("OBLIGATION_CLOSED") + kObligation);
  CHECK(world.holding("dev").active == 70);
}

TEST_CASE("what a compensation is refused for, in the order of the rules") {
  CancellationsWorld world;
  const auto foreign = world.give_units("dev", 100, 2);
  const auto others = world.owed("buyer", 5);
  const auto owed = world.owed("dev", 5);
  const auto unknown = model::ObligationId{{9}};
  auto act = world.compensation(unknown, {{foreign, std::nullopt, std::nullopt, 101}});
  CHECK(world.refused("dev", act) == std::string("OBLIGATION_UNKNOWN") + kObligation);
  act.obligation = others;
  CHECK(world.refused("dev", act) == std::string("OBLIGATION_NOT_YOURS") + kObligation);
  act.obligation = owed;
  CHECK(world.refused("dev", act) == "UNITS_NOT_HELD/credentialSubject/legs/0");
  act.legs[0].quantity = 6;
  CHECK(world.refused("dev", act) == "COMPENSATION_NOT_ACCEPTED/credentialSubject/legs");
  act.legs = {world.quantity(6)};
  const auto about = world.owed("other", 1, {world.batch});
  CHECK(world.refused("dev", act) == "COMPENSATION_NOT_ACCEPTED/credentialSubject/legs");
  world.change([&](state::Context& context) {
    auto row = *context.read<model::ObligationRow>(codec::obligation_key(about));
    state::discharge(context, row, state::Debt::owed, 1);
  });
  CHECK(world.refused("dev", act) == "OBLIGATION_EXCEEDED/credentialSubject/legs");
  CHECK(world.obligation(owed).owed == 5);
  act.legs = {world.quantity(5)};
  CHECK(world.refused("dev", act).empty());
}

TEST_CASE("policy and four eyes may ask for a second person who cancels") {
  CancellationsWorld world(UnitsWorld::genesis_of(2, 2),
                           UnitsWorld::policy_with(model::GovernedAct::cancel, 1));
  const auto act = world.cancel(CancellationKind::voluntary, {world.quantity(1)});
  const auto proposed = world.accept(world.submit("dev", "dev", act));
  REQUIRE(proposed.proposal);
  world.accept(world.approve("dev-2", "dev", proposed.digest));
  CHECK(world.holding("dev").active == 99);
  CancellationsWorld plain;
  CHECK(!plain
             .accept(plain.submit("dev", "dev",
                                  plain.cancel(CancellationKind::voluntary, {plain.quantity(1)})))
             .proposal);
  plain.four_eyes("dev");
  CHECK(plain
            .accept(plain.submit("dev", "dev",
                                 plain.cancel(CancellationKind::voluntary, {plain.quantity(1)})))
            .proposal);
}
