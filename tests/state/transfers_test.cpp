// Transfer, Accept, Reject, Cancel, Lapse and Retire: who may, when, and that no unit is lost.
#include <doctest/doctest.h>

#include "tests/support/pointers.h"
#include "tests/support/signed_world.h"

using namespace mrv;
using model::PartyStatus;
using model::Role;
using model::TransferState;
using test::kTransfer;
using test::SignedWorld;

namespace {

struct TransfersWorld : SignedWorld {
  explicit TransfersWorld(const model::Genesis& genesis = genesis_of(2, 2)) : SignedWorld(genesis) {
    party("registry", {Role::registry});
    party("dev", {Role::developer});
    party("buyer", {Role::buyer});
    party("other", {Role::buyer});
    batch = give_units("dev", 100);
  }

  model::Transfer body(Units quantity = 10, const std::string& to = "buyer") const {
    model::Transfer act;
    act.legs = {{batch, std::nullopt, std::nullopt, quantity}};
    act.to = id(to);
    act.expires = TimestampMs{now.value() + 60'000};
    return act;
  }
  model::TransferId pending(Units quantity = 10) {
    accept(submit("dev", "dev", body(quantity)));
    return model::TransferId::of(last_digest());
  }
  template <class Act>
  std::string refused(const std::string& party, Act act) {
    const auto answer = submit(party, party, std::move(act));
    return answer.name + answer.pointer;
  }
  std::string accepted_by(const std::string& party, const model::TransferId& id) {
    return refused(party, model::AcceptTransfer{id});
  }
  std::string rejected_by(const std::string& party, const model::TransferId& id) {
    return refused(party, model::RejectTransfer{id, "a reason"});
  }
  std::string cancelled_by(const std::string& party, const model::TransferId& id) {
    return refused(party, model::CancelTransfer{id, "a reason"});
  }
  std::string lapsed_by(const std::string& party, const model::TransferId& id) {
    return refused(party, model::LapseTransfer{id});
  }
  [[nodiscard]] TransferState state_of(const model::TransferId& id) const {
    return get<model::TransferRow>(codec::transfer_key(id)).state;
  }
  [[nodiscard]] model::HoldingRow holding(const std::string& party) const {
    const auto row = find<model::HoldingRow>(codec::holding_key(id(party), batch));
    return row.value_or(model::HoldingRow{id(party), batch, 0, 0, 0, 0});
  }
  model::Retire retirement(Units quantity = 10) const {
    model::Retire act;
    act.legs = {{batch, std::nullopt, std::nullopt, quantity}};
    act.beneficiary =
        model::Beneficiary{model::Organisation{"Green Bridge", "CN", {}, {}}, std::nullopt};
    return act;
  }

  model::BatchId batch;
};

}  // namespace

TEST_CASE("a transfer goes to another admitted party that may hold, before it expires") {
  TransfersWorld world;
  world.party("vvb", {Role::vvb});
  world.applicant("new", {Role::buyer});
  const auto to = [&](const model::PartyId& id) {
    auto act = world.body();
    act.to = id;
    return world.refused("dev", act);
  };
  CHECK(to(world.id("dev")) == "RECIPIENT_IS_SENDER/credentialSubject/to");
  CHECK(to(model::PartyId{{9}}) == "PARTY_UNKNOWN/credentialSubject/to");
  for (const std::string name : {"vvb", "new", "registry"}) {
    CHECK(to(world.id(name)) == "RECIPIENT_NOT_ADMITTED/credentialSubject/to");
  }
  for (const auto status : {PartyStatus::suspended, PartyStatus::frozen, PartyStatus::closed}) {
    world.set_status("other", status);
    CHECK(to(world.id("other")) == "RECIPIENT_NOT_ADMITTED/credentialSubject/to");
  }
  auto act = world.body();
  act.expires = world.now;
  CHECK(world.refused("dev", act) == "TRANSFER_EXPIRY_INVALID/credentialSubject/expires");
  act.expires = TimestampMs{world.now.value() + 1};
  CHECK(world.refused("dev", act).empty());
}

TEST_CASE("only active units of the sender move, all legs or none") {
  TransfersWorld world;
  const auto legs = [&](std::vector<model::Leg> given, const std::string& sender = "dev") {
    auto act = world.body();
    if (sender == "buyer") act.to = world.id("other");
    act.legs = std::move(given);
    return world.refused(sender, act);
  };
  const auto quantity = [&](Units units) {
    return model::Leg{world.batch, std::nullopt, std::nullopt, units};
  };
  const auto range = [&](Units first, Units last) {
    return model::Leg{world.batch, first, last, std::nullopt};
  };
  CHECK(legs({quantity(1)}, "buyer") == "UNITS_NOT_HELD/credentialSubject/legs/0");
  CHECK(legs({quantity(101)}) == "UNITS_NOT_HELD/credentialSubject/legs/0");
  CHECK(legs({quantity(50), quantity(51)}) == "UNITS_NOT_HELD/credentialSubject/legs/1");
  CHECK(legs({range(1, 10), range(10, 20)}) == "UNITS_NOT_HELD/credentialSubject/legs/1");
  CHECK(legs({quantity(0)}) == "LEG_INVALID/credentialSubject/legs/0");
  CHECK(legs({range(5, 4)}) == "LEG_INVALID/credentialSubject/legs/0");
  CHECK(legs({{model::BatchId{{7}}, 1, 1, std::nullopt}}) ==
        "BATCH_UNKNOWN/credentialSubject/legs/0/batch");
  CHECK(legs({}) == "LIST_TOO_SHORT/credentialSubject/legs");
  CHECK(legs(std::vector(kLegsMax + 1, quantity(1))) == "LIST_TOO_LONG/credentialSubject/legs");
  CHECK(world.holding("dev").active == 100);
  CHECK(legs({range(91, 100), quantity(90)}).empty());
  CHECK(world.holding("dev").active == 0);
  CHECK(world.holding("dev").pending == 100);
  CHECK(legs({quantity(1)}) == "UNITS_NOT_HELD/credentialSubject/legs/0");
}

TEST_CASE("units of a programme that forbids it do not move, but can be retired") {
  TransfersWorld world;
  auto policy = SignedWorld::open_policy();
  policy.transferable = false;
  const auto fixed = world.give_units("dev", 10, 2, policy);
  auto act = world.body();
  act.legs.push_back({fixed, std::nullopt, std::nullopt, 1});
  CHECK(world.refused("dev", act) == "PROGRAMME_NOT_TRANSFERABLE/credentialSubject/legs");
  auto retire = world.retirement();
  retire.legs = {{fixed, std::nullopt, std::nullopt, 1}};
  CHECK(world.refused("dev", retire).empty());
}

TEST_CASE("the strictest programme among the legs says how many approve") {
  TransfersWorld world;
  auto policy = SignedWorld::open_policy();
  policy.approvals = {{model::GovernedAct::transfer, 1}, {model::GovernedAct::retire, 1}};
  const auto guarded = world.give_units("dev", 10, 2, policy);
  auto act = world.body();
  act.legs.push_back({guarded, std::nullopt, std::nullopt, 1});
  CHECK(world.accept(world.submit("dev", "dev", act)).proposal);
  act.legs.pop_back();
  CHECK(!world.accept(world.submit("dev", "dev", act)).proposal);
  auto retire = world.retirement();
  retire.legs.push_back({guarded, std::nullopt, std::nullopt, 1});
  const auto proposed = world.accept(world.submit("dev", "dev", retire));
  REQUIRE(proposed.proposal);
  CHECK(world.all<model::RetirementRow>().empty());
  CHECK(world.approve("dev-2", "dev", proposed.digest).ok());
  CHECK(world.all<model::RetirementRow>().size() == 1);
}

TEST_CASE("accept and reject are the recipient's, cancel the sender's, and each settles once") {
  TransfersWorld world;
  const model::TransferId unknown{{9}};
  for (const auto& answer :
       {world.accepted_by("buyer", unknown), world.rejected_by("buyer", unknown),
        world.cancelled_by("dev", unknown), world.lapsed_by("dev", unknown)}) {
    CHECK(answer == std::string("TRANSFER_UNKNOWN") + kTransfer);
  }
  const auto first = world.pending();
  for (const std::string stranger : {"dev", "other"}) {
    CHECK(world.accepted_by(stranger, first) == std::string("TRANSFER_NOT_YOURS") + kTransfer);
    CHECK(world.rejected_by(stranger, first) == std::string("TRANSFER_NOT_YOURS") + kTransfer);
  }
  for (const std::string stranger : {"buyer", "other", "registry"}) {
    CHECK(world.cancelled_by(stranger, first) == std::string("TRANSFER_NOT_YOURS") + kTransfer);
  }
  CHECK(world.accepted_by("buyer", first).empty());
  CHECK(world.holding("buyer").active == 10);
  const auto second = world.pending();
  CHECK(world.rejected_by("buyer", second).empty());
  const auto third = world.pending();
  CHECK(world.cancelled_by("dev", third).empty());
  CHECK(world.state_of(first) == TransferState::settled);
  CHECK(world.state_of(second) == TransferState::rejected);
  CHECK(world.state_of(third) == TransferState::cancelled);
  CHECK(world.holding("dev").active == 90);
  CHECK(world.holding("dev").pending == 0);
  for (const auto& id : {first, second, third}) {
    for (const auto& answer : {world.accepted_by("buyer", id), world.rejected_by("buyer", id),
                               world.cancelled_by("dev", id), world.lapsed_by("dev", id)}) {
      CHECK(answer == std::string("TRANSFER_SETTLED") + kTransfer);
    }
  }
}

TEST_CASE("a transfer is accepted up to its expiry and lapses, by anybody, after it") {
  TransfersWorld world;
  const auto in_time = world.pending();
  const auto late = world.pending();
  world.pass(60'000);
  CHECK(world.lapsed_by("other", late) == std::string("TRANSFER_NOT_EXPIRED") + kTransfer);
  CHECK(world.accepted_by("buyer", in_time).empty());
  world.pass(1);
  CHECK(world.accepted_by("buyer", late) == std::string("TRANSFER_EXPIRED") + kTransfer);
  // Nothing changes by time passing: the units stay pending until an entry says so.
  CHECK(world.holding("dev").pending == 10);
  CHECK(world.lapsed_by("other", late).empty());
  CHECK(world.state_of(late) == TransferState::lapsed);
  CHECK(world.holding("dev").active == 90);
}

TEST_CASE("delivery to a new counterparty waits for the ledger's delay") {
  auto genesis = SignedWorld::genesis_of(2, 2);
  genesis.delays.new_counterparty_seconds = 30;
  TransfersWorld world(genesis);
  const auto id = world.pending();
  world.pass(29'999);
  CHECK(world.accepted_by("buyer", id) == std::string("TRANSFER_DELAYED") + kTransfer);
  CHECK(world.holding("dev").pending == 10);
  world.pass(1);
  CHECK(world.accepted_by("buyer", id).empty());
}

TEST_CASE("acceptance looks at both parties again") {
  TransfersWorld world;
  const auto id = world.pending();
  for (const auto& [status, name] : {std::pair(PartyStatus::suspended, "PARTY_SUSPENDED"),
                                     std::pair(PartyStatus::frozen, "PARTY_FROZEN")}) {
    world.set_status("dev", status);
    CHECK(world.accepted_by("buyer", id) == std::string(name) + kTransfer);
    world.set_status("dev", PartyStatus::admitted);
    world.set_status("buyer", status);
    CHECK(world.accepted_by("buyer", id) == std::string(name) + "/issuer/party");
    world.set_status("buyer", PartyStatus::admitted);
  }
  world.accept(world.governed(model::AdmitParty{world.id("buyer"), {Role::vvb}, {}}));
  CHECK(world.accepted_by("buyer", id) == "RECIPIENT_NOT_ADMITTED/issuer/party");
  CHECK(world.rejected_by("buyer", id).empty());
}

TEST_CASE("the registry cancels for a sender that is frozen, and for no other") {
  TransfersWorld world;
  const auto id = world.pending();
  world.set_status("dev", PartyStatus::suspended);
  CHECK(world.cancelled_by("registry", id) == std::string("TRANSFER_NOT_YOURS") + kTransfer);
  world.set_status("dev", PartyStatus::frozen);
  CHECK(world.cancelled_by("dev", id) == "PARTY_FROZEN/issuer/party");
  CHECK(world.cancelled_by("other", id) == std::string("TRANSFER_NOT_YOURS") + kTransfer);
  CHECK(world.cancelled_by("registry", id).empty());
  CHECK(world.holding("dev").active == 100);
}

TEST_CASE("a retirement is for somebody: an organisation or a commitment, one of the two") {
  TransfersWorld world;
  const auto with = [&](std::optional<model::Beneficiary> beneficiary) {
    auto act = world.retirement();
    act.beneficiary = std::move(beneficiary);
    return world.refused("dev", act);
  };
  const model::Organisation organisation{"Green Bridge", "CN", std::nullopt, std::nullopt};
  constexpr const char* kMissing = "BENEFICIARY_MISSING/credentialSubject/beneficiary";
  CHECK(with(std::nullopt) == kMissing);
  CHECK(with(model::Beneficiary{}) == kMissing);
  CHECK(with(model::Beneficiary{organisation, Hash{1}}) == kMissing);
  CHECK(world.holding("dev").retired == 0);
  CHECK(with(model::Beneficiary{organisation, std::nullopt}).empty());
  CHECK(with(model::Beneficiary{std::nullopt, Hash{1}}).empty());
  CHECK(world.holding("dev").retired == 20);
}

TEST_CASE("purposes that need a label need it, and a claimed period has days") {
  TransfersWorld world;
  auto act = world.retirement();
  using model::RetirementPurpose;
  for (const auto purpose : {RetirementPurpose::corsia, RetirementPurpose::article6}) {
    act.purpose = purpose;
    CHECK(world.refused("dev", act) == "LABEL_REQUIRED/credentialSubject/purpose");
  }
  for (const auto purpose :
       {RetirementPurpose::voluntary, RetirementPurpose::compliance, RetirementPurpose::event,
        RetirementPurpose::product, RetirementPurpose::residual_emissions}) {
    act.purpose = purpose;
    CHECK(world.refused("dev", act).empty());
  }
  act.claim_period = model::Period{{20'000}, {20'000}};
  CHECK(world.refused("dev", act) == "PERIOD_INVALID/credentialSubject/claimPeriod");
  act.claim_period->to = {20'001};
  CHECK(world.refused("dev", act).empty());
}

TEST_CASE("a retirement states one quantity: its legs count in one unit") {
  TransfersWorld world;
  const auto policy = TransfersWorld::open_policy();
  const auto tonnes = world.give_units("dev", 10, 7, policy);
  const auto grams = world.give_units("dev", 10, 8, policy, model::AmountUnit::g);
  auto act = world.retirement();
  act.legs.push_back({grams, std::nullopt, std::nullopt, 1});
  CHECK(world.refused("dev", act) == "UNITS_MIXED/credentialSubject/legs");
  act.legs.back().batch = tonnes;
  CHECK(world.refused("dev", act).empty());
  act.legs = {{grams, std::nullopt, std::nullopt, 1}};
  CHECK(world.refused("dev", act).empty());
}

TEST_CASE("retired is terminal") {
  TransfersWorld world;
  REQUIRE(world.refused("dev", world.retirement(60)).empty());
  const auto row = world.all<model::RetirementRow>().at(0);
  CHECK(row.quantity == 60);
  REQUIRE(row.serials.size() == 1);
  CHECK(row.serials[0] == model::SerialRange{world.batch, 1, 60});
  auto again = world.retirement();
  again.legs = {{world.batch, 60, 60, std::nullopt}};
  CHECK(world.refused("dev", again) == "UNITS_NOT_HELD/credentialSubject/legs/0");
  auto move = world.body();
  move.legs = {{world.batch, 60, 61, std::nullopt}};
  CHECK(world.refused("dev", move) == "UNITS_NOT_HELD/credentialSubject/legs/0");
  CHECK(world.refused("dev", world.retirement(41)) == "UNITS_NOT_HELD/credentialSubject/legs/0");
  // Pending units are the sender's promise to another.
  const auto id = world.pending(40);
  CHECK(world.refused("dev", world.retirement(1)) == "UNITS_NOT_HELD/credentialSubject/legs/0");
  CHECK(world.accepted_by("buyer", id).empty());
  world.set_status("buyer", PartyStatus::frozen);
  CHECK(world.refused("buyer", world.retirement(1)) == "PARTY_FROZEN/issuer/party");
}

TEST_CASE("what one act retires stays below the limit of amounts") {
  TransfersWorld world;
  auto act = world.retirement();
  act.legs.clear();
  for (const auto number : {std::uint8_t{2}, std::uint8_t{3}}) {
    const auto huge = world.give_units("dev", kUnitsMax, number);
    act.legs.push_back({huge, 1, kUnitsMax, std::nullopt});
  }
  CHECK(world.refused("dev", act) == "AMOUNT_OVERFLOW/credentialSubject/legs");
  act.legs[1].last = 1;
  CHECK(world.refused("dev", act) == "AMOUNT_OVERFLOW/credentialSubject/legs");
  act.legs.pop_back();
  CHECK(world.refused("dev", act).empty());
}
