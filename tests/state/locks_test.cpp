// Lock and Unlock: consent of the custodian, who ends a lock, and whose the units are then.
#include "tests/support/pointers.h"
#include "tests/support/units_world.h"

using namespace mrv;
using model::LockState;
using model::PartyStatus;
using model::ProposalState;
using model::Role;
using model::UnlockTo;
using test::kLock;
using test::kMethod;
using test::UnitsWorld;

namespace {

model::Unlock unlock(const model::LockId& lock, UnlockTo to = UnlockTo::holder) {
  return {lock, to, "paid back"};
}

TimestampMs after(const UnitsWorld& world, std::int64_t ms) {
  return TimestampMs{world.now.value() + ms};
}

}  // namespace

TEST_CASE("units are locked where the custodian consents, and stay their holder's") {
  UnitsWorld world;
  auto act = world.lock_body({world.range(11, 20), world.quantity(15)});
  act.until = after(world, 60'000);
  act.pledgee = world.id("buyer");
  const auto proposed = world.accept(world.submit("dev", "dev", act));
  REQUIRE(proposed.proposal);
  CHECK(world.all<model::LockRow>().empty());
  CHECK(world.holding("dev").active == 100);
  const auto consent = world.accept(world.approve("bank-2", "bank", proposed.digest));
  const auto row = world.lock(model::LockId::of(proposed.digest));
  CHECK(row.entry == consent.index);
  CHECK(row.holder == world.id("dev"));
  CHECK(row.custodian == world.id("bank"));
  CHECK(row.pledgee == world.id("buyer"));
  CHECK(row.until == act.until);
  CHECK(row.state == LockState::in_force);
  CHECK(!row.ended);
  CHECK(row.serials == std::vector<model::SerialRange>{
                           {world.batch, 11, 20}, {world.batch, 1, 10}, {world.batch, 21, 25}});
  CHECK(world.holding("dev").active == 75);
  CHECK(world.holding("dev").locked == 25);
  CHECK(world.holding("bank").locked == 0);
  CHECK(world.runs() == std::vector<std::string>{"1-25 locked dev", "26-100 active dev"});
  CHECK(world.all<model::SerialRow>()[0].reference == row.id.text());
  CHECK(world.in_custody(row.id));
  // What is locked neither moves nor is used.
  model::Transfer move;
  move.legs = {world.range(1, 1)};
  move.to = world.id("buyer");
  move.expires = after(world, 1);
  CHECK(world.refused("dev", move) == "UNITS_NOT_HELD/credentialSubject/legs/0");
  CHECK(world.refused("dev", world.lock_body({world.range(25, 26)})) ==
        "UNITS_NOT_HELD/credentialSubject/legs/0");
}

TEST_CASE("what a lock is refused for, in the order of the rules") {
  auto genesis = UnitsWorld::genesis_of(2, 2);
  genesis.delays.new_key_seconds = 100;
  UnitsWorld world(genesis);
  world.party("vvb", {Role::vvb});
  world.pass(200'000);
  world.bind("dev", "dev-new", {model::KeyPurpose::initiate});
  const auto fixed = world.give_units("dev", 10, 2, UnitsWorld::fixed_policy());
  // Everything is wrong with it at first; each step repairs what was named.
  auto act = world.lock_body({{fixed, std::nullopt, std::nullopt, 11}});
  act.custodian = model::PartyId{{9}};
  act.pledgee = model::PartyId{{9}};
  act.until = world.now;
  CHECK(UnitsWorld::told(world.submit("bank-2", "bank", act)) ==
        std::string("KEY_PURPOSE_MISSING") + kMethod);
  CHECK(UnitsWorld::told(world.submit("dev-new", "dev", act)) ==
        std::string("KEY_TOO_NEW") + kMethod);
  CHECK(world.refused("dev", act) == "PARTY_UNKNOWN/credentialSubject/custodian");
  constexpr const char* kCustodian = "CUSTODIAN_NOT_ALLOWED/credentialSubject/custodian";
  for (const std::string name : {"dev", "other", "registry"}) {
    act.custodian = world.id(name);
    CHECK(world.refused("dev", act) == kCustodian);
  }
  act.custodian = world.id("bank");
  for (const auto status : {PartyStatus::suspended, PartyStatus::frozen}) {
    world.set_status("bank", status);
    CHECK(world.refused("dev", act) == kCustodian);
  }
  world.set_status("bank", PartyStatus::admitted);
  constexpr const char* kPledgee = "/credentialSubject/pledgee";
  act.pledgee = model::PartyId{{9}};
  CHECK(world.refused("dev", act) == std::string("PARTY_UNKNOWN") + kPledgee);
  world.set_status("other", PartyStatus::suspended);
  for (const std::string name : {"dev", "bank", "vvb", "registry", "other"}) {
    act.pledgee = world.id(name);
    CHECK(world.refused("dev", act) == std::string("RECIPIENT_NOT_ADMITTED") + kPledgee);
  }
  act.pledgee = world.id("buyer");
  CHECK(world.refused("dev", act) == "DEADLINE_INVALID/credentialSubject/until");
  act.until = after(world, 1);
  CHECK(world.refused("dev", act) == "UNITS_NOT_HELD/credentialSubject/legs/0");
  act.legs[0].quantity = 10;
  CHECK(world.refused("dev", act) == "PROGRAMME_NOT_TRANSFERABLE/credentialSubject/legs");
  // Without anybody to deliver to, units that never change hands can be set aside.
  act.pledgee.reset();
  CHECK(world.accept(world.submit("dev", "dev", act)).proposal);
}

TEST_CASE("the custodian consents by an approving key of a person of its own") {
  UnitsWorld world;
  auto same_person = UnitsWorld::declared("bank-of-dev", {model::KeyPurpose::approve});
  same_person.person = UnitsWorld::person("dev");
  world.accept(world.signed_off("bank", "bank", model::BindKey{world.id("bank"), same_person}));
  const auto proposed =
      world.accept(world.submit("dev", "dev", world.lock_body({world.quantity(1)})));
  const auto by = [&](const std::string& signer, const std::string& party) {
    return UnitsWorld::told(world.approve(signer, party, proposed.digest));
  };
  CHECK(by("buyer-2", "buyer") == "APPROVER_NOT_ALLOWED/issuer/party");
  CHECK(by("registry-2", "registry") == "APPROVER_NOT_ALLOWED/issuer/party");
  CHECK(by("bank", "bank") == std::string("KEY_PURPOSE_MISSING") + kMethod);
  CHECK(by("bank-of-dev", "bank") == std::string("APPROVER_IS_SIGNER") + kMethod);
  // The holder's own second person is not who is asked.
  CHECK(by("dev-2", "dev").empty());
  CHECK(world.proposal_state(proposed.digest) == ProposalState::open);
  CHECK(by("bank-2", "bank").empty());
  CHECK(world.proposal_state(proposed.digest) == ProposalState::approved);
  CHECK(world.holding("dev").locked == 1);

  const auto unwanted =
      world.accept(world.submit("dev", "dev", world.lock_body({world.quantity(1)})));
  world.accept(world.decide("bank-2", "bank", unwanted.digest, model::Decision::reject));
  CHECK(world.proposal_state(unwanted.digest) == ProposalState::rejected);
  CHECK(world.holding("dev").locked == 1);
  CHECK(UnitsWorld::told(world.approve("bank-2", "bank", unwanted.digest)) ==
        "PROPOSAL_CLOSED/credentialSubject/proposal");
}

TEST_CASE("a custodian's key that its own party added consents when it is seasoned") {
  auto genesis = UnitsWorld::genesis_of(2, 2);
  genesis.delays.new_key_seconds = 100;
  UnitsWorld world(genesis);
  world.pass(200'000);
  world.bind("bank", "bank-new", {model::KeyPurpose::approve});
  const auto proposed =
      world.accept(world.submit("dev", "dev", world.lock_body({world.quantity(1)})));
  world.pass(99'999);
  CHECK(UnitsWorld::told(world.approve("bank-new", "bank", proposed.digest)) ==
        std::string("KEY_TOO_NEW") + kMethod);
  world.pass(1);
  CHECK(world.approve("bank-new", "bank", proposed.digest).ok());
  CHECK(world.holding("dev").locked == 1);
}

TEST_CASE("policy's and four eyes' approvals are asked for beside the consent, of the own party") {
  for (const bool four_eyes : {false, true}) {
    UnitsWorld world(UnitsWorld::genesis_of(2, 2),
                     UnitsWorld::policy_with(model::GovernedAct::lock, four_eyes ? 0 : 1));
    if (four_eyes) world.four_eyes("dev");
    const auto proposed =
        world.accept(world.submit("dev", "dev", world.lock_body({world.quantity(1)})));
    world.accept(world.approve("bank-2", "bank", proposed.digest));
    CHECK(world.proposal_state(proposed.digest) == ProposalState::open);
    CHECK(UnitsWorld::told(world.approve("bank-2", "bank", proposed.digest)) ==
          std::string("APPROVED_ALREADY") + kMethod);
    CHECK(world.holding("dev").locked == 0);
    world.accept(world.approve("dev-2", "dev", proposed.digest));
    CHECK(world.holding("dev").locked == 1);
  }
}

TEST_CASE("a consent counts while its key is in force and its party admitted") {
  UnitsWorld world(UnitsWorld::genesis_of(2, 2),
                   UnitsWorld::policy_with(model::GovernedAct::lock, 1));
  world.bind("bank", "bank-3", {model::KeyPurpose::approve});
  const auto proposed =
      world.accept(world.submit("dev", "dev", world.lock_body({world.quantity(1)})));
  const auto state = [&] { return world.proposal_state(proposed.digest); };
  world.accept(world.approve("bank-2", "bank", proposed.digest));
  world.accept(world.governed(
      model::RevokeKey{UnitsWorld::public_key("bank-2"), model::RevocationReason::compromised}));
  world.accept(world.approve("dev-2", "dev", proposed.digest));
  CHECK(state() == ProposalState::open);
  CHECK(world.holding("dev").locked == 0);
  world.accept(world.approve("bank-3", "bank", proposed.digest));
  CHECK(state() == ProposalState::approved);
  CHECK(world.holding("dev").locked == 1);

  // The same where the custodian is suspended at the entry that would complete it.
  const auto second =
      world.accept(world.submit("dev", "dev", world.lock_body({world.quantity(1)})));
  world.accept(world.approve("bank-3", "bank", second.digest));
  for (const auto status : {PartyStatus::suspended, PartyStatus::frozen}) {
    world.set_status("bank", status);
    CHECK(world.approve("bank-3", "bank", second.digest).name ==
          (status == PartyStatus::frozen ? "PARTY_FROZEN" : "PARTY_SUSPENDED"));
  }
  world.accept(world.approve("dev-2", "dev", second.digest));
  CHECK(world.proposal_state(second.digest) == ProposalState::open);
  CHECK(world.holding("dev").locked == 1);
  world.set_status("bank", PartyStatus::admitted);
  world.accept(world.approve("bank-3", "bank", second.digest));
  CHECK(world.proposal_state(second.digest) == ProposalState::approved);
  CHECK(world.holding("dev").locked == 2);
}

TEST_CASE("the lock is judged afresh where it takes effect") {
  UnitsWorld world;
  auto act = world.lock_body({world.range(1, 10)});
  act.until = after(world, 1'000);
  const auto proposed = world.accept(world.submit("dev", "dev", act));
  const auto consent = [&] { return world.approve("bank-2", "bank", proposed.digest); };
  const auto retired = world.transferred("dev", "buyer", {world.range(5, 5)});
  CHECK(UnitsWorld::told(consent()) == "UNITS_NOT_HELD/credentialSubject/proposal");
  world.transferred("buyer", "dev", {world.range(5, 5)});
  world.set_status("dev", PartyStatus::frozen);
  CHECK(UnitsWorld::told(consent()) == "PARTY_FROZEN/credentialSubject/proposal");
  world.set_status("dev", PartyStatus::admitted);
  world.accept(world.governed(model::AdmitParty{world.id("bank"), {Role::buyer}, {}}));
  CHECK(UnitsWorld::told(consent()) == "CUSTODIAN_NOT_ALLOWED/credentialSubject/proposal");
  world.accept(world.governed(model::AdmitParty{world.id("bank"), {Role::custodian}, {}}));
  world.pass(1'000);
  CHECK(UnitsWorld::told(consent()) == "DEADLINE_INVALID/credentialSubject/proposal");
  world.pass(-1);
  CHECK(consent().ok());
  CHECK(world.transfer(retired).state == model::TransferState::settled);
}

TEST_CASE("the custodian gives units back at any time, the holder after the lock's end") {
  UnitsWorld world;
  const model::LockId unknown{{9}};
  CHECK(world.refused("bank", unlock(unknown)) == std::string("LOCK_UNKNOWN") + kLock);
  auto act = world.lock_body({world.range(1, 10)});
  act.until = after(world, 1'000);
  const auto timed = world.locked(act);
  act.until.reset();
  act.legs = {world.range(11, 20)};
  const auto endless = world.locked(act);
  const std::string not_yours = std::string("LOCK_NOT_YOURS") + kLock;
  for (const std::string stranger : {"dev", "other", "registry"}) {
    CHECK(world.refused(stranger, unlock(timed)) == not_yours);
  }
  world.pass(1'000);  // now = until: not yet
  CHECK(world.refused("dev", unlock(timed)) == not_yours);
  world.pass(1);
  CHECK(world.refused("dev", unlock(timed, UnlockTo::pledgee)) == not_yours);
  CHECK(world.refused("dev", unlock(endless)) == not_yours);
  CHECK(world.refused("other", unlock(timed)) == not_yours);
  const auto ended = world.accept(world.submit("dev", "dev", unlock(timed)));
  CHECK(world.lock(timed).state == LockState::released);
  CHECK(world.lock(timed).ended == ended.index);
  CHECK(!world.in_custody(timed));
  CHECK(world.in_custody(endless));
  CHECK(world.refused("bank", unlock(endless)).empty());
  CHECK(world.runs() == std::vector<std::string>{"1-100 active dev"});
  CHECK(world.all<model::TransferRow>().empty());
  // Who may is asked first, whether it is over second.
  CHECK(world.refused("other", unlock(timed)) == not_yours);
  CHECK(world.refused("dev", unlock(timed)) == std::string("LOCK_ENDED") + kLock);
  CHECK(world.refused("bank", unlock(timed, UnlockTo::pledgee)) ==
        std::string("LOCK_ENDED") + kLock);
}

TEST_CASE("a custodian gives units back to a holder that is frozen, itself only while admitted") {
  UnitsWorld world;
  const auto first = world.locked(world.lock_body({world.range(1, 10)}));
  const auto second = world.locked(world.lock_body({world.range(11, 20)}));
  world.set_status("dev", PartyStatus::frozen);
  CHECK(world.refused("bank", unlock(first)).empty());
  CHECK(world.runs()[0] == "1-10 active dev");
  world.set_status("bank", PartyStatus::suspended);
  CHECK(world.refused("bank", unlock(second)) == "PARTY_SUSPENDED/issuer/party");
  // A custodian that lost the role still ends the locks it has.
  world.set_status("bank", PartyStatus::admitted);
  world.accept(world.governed(model::AdmitParty{world.id("bank"), {Role::buyer}, {}}));
  CHECK(world.refused("bank", unlock(second)).empty());
}

TEST_CASE("a pledge goes to the pledgee that the lock named, as a movement that can be followed") {
  UnitsWorld world;
  auto act = world.lock_body({world.range(1, 10), world.range(21, 30)});
  act.pledgee = world.id("buyer");
  const auto pledged = world.locked(act);
  const auto plain = world.locked(world.lock_body({world.range(41, 50)}));
  CHECK(world.refused("bank", unlock(plain, UnlockTo::pledgee)) ==
        "LOCK_NOT_YOURS/credentialSubject/to");
  for (const auto status : {PartyStatus::suspended, PartyStatus::frozen}) {
    world.set_status("buyer", status);
    CHECK(world.refused("bank", unlock(pledged, UnlockTo::pledgee)) ==
          std::string("RECIPIENT_NOT_ADMITTED") + kLock);
  }
  world.set_status("buyer", PartyStatus::admitted);
  const auto done = world.accept(world.submit("bank", "bank", unlock(pledged, UnlockTo::pledgee)));
  CHECK(world.lock(pledged).state == LockState::delivered);
  CHECK(world.lock(pledged).ended == done.index);
  CHECK(!world.in_custody(pledged));
  CHECK(world.runs() == std::vector<std::string>{"1-10 active buyer", "11-20 active dev",
                                                 "21-30 active buyer", "31-40 active dev",
                                                 "41-50 locked dev", "51-100 active dev"});
  const auto row = world.transfer(model::TransferId::of(done.digest));
  CHECK(row.entry == done.index);
  CHECK(row.settled == done.index);
  CHECK(row.from == world.id("dev"));
  CHECK(row.to == world.id("buyer"));
  CHECK(row.signer == UnitsWorld::public_key("bank"));
  CHECK(row.serials == world.lock(pledged).serials);
  CHECK(row.state == model::TransferState::settled);
  CHECK(row.kind == model::MovementKind::delivered);
  CHECK(row.cause == pledged.text());
  CHECK(world.is_followed(row));
  CHECK(world.refused("bank", unlock(pledged)) == std::string("LOCK_ENDED") + kLock);
}

TEST_CASE("a pledge is delivered only where units may change their holder by then") {
  UnitsWorld world;
  auto act = world.lock_body({world.quantity(10)});
  act.pledgee = world.id("buyer");
  const auto pledged = world.locked(act);
  const auto key =
      codec::programme_key(world.get<model::BatchRow>(codec::batch_key(world.batch)).programme);
  auto programme = world.get<model::ProgrammeRow>(key);
  programme.policies[0].policy = UnitsWorld::fixed_policy();
  world.put(key, programme);
  CHECK(world.refused("bank", unlock(pledged, UnlockTo::pledgee)) ==
        std::string("PROGRAMME_NOT_TRANSFERABLE") + kLock);
  CHECK(world.refused("bank", unlock(pledged)).empty());
}

TEST_CASE("policy may ask the custodian for a second person to unlock") {
  UnitsWorld world(UnitsWorld::genesis_of(2, 2),
                   UnitsWorld::policy_with(model::GovernedAct::unlock, 1));
  auto act = world.lock_body({world.quantity(10)});
  act.pledgee = world.id("buyer");
  const auto pledged = world.locked(act);
  const auto proposed =
      world.accept(world.submit("bank", "bank", unlock(pledged, UnlockTo::pledgee)));
  REQUIRE(proposed.proposal);
  CHECK(world.lock(pledged).state == LockState::in_force);
  CHECK(UnitsWorld::told(world.approve("dev-2", "dev", proposed.digest)) ==
        "APPROVER_NOT_ALLOWED/issuer/party");
  const auto done = world.accept(world.approve("bank-2", "bank", proposed.digest));
  const auto row = world.transfer(model::TransferId::of(proposed.digest));
  CHECK(row.entry == done.index);
  CHECK(row.signer == UnitsWorld::public_key("bank"));
}
