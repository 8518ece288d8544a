// OrderTransfer and ReverseTransfer: what governance moves, what ends with it, what can be
// followed.
#include "tests/support/pointers.h"
#include "tests/support/units_world.h"

using namespace mrv;
using model::LockState;
using model::MovementKind;
using model::PartyStatus;
using model::Role;
using model::TransferState;
using test::kMethod;
using test::kTransfer;
using test::UnitsWorld;

namespace {

constexpr const char* kTo = "/credentialSubject/to";

struct OrdersWorld : UnitsWorld {
  using UnitsWorld::UnitsWorld;

  [[nodiscard]] model::OrderTransfer order(std::vector<model::Leg> legs) const {
    return {id("dev"), id("buyer"), std::move(legs), Hash{7}, "judgment of a court"};
  }
  model::TransferRow ordered(std::vector<model::Leg> legs) {
    const auto done = governed(order(std::move(legs)));
    accept(done);
    return last_movement();
  }
  // The id is made of the order, the entry is the approval's.
  [[nodiscard]] model::TransferRow last_movement() const {
    for (const auto& row : all<model::TransferRow>()) {
      if (row.entry == EntryIndex{size() - 1}) return row;
    }
    FAIL("the last entry moved nothing");
    return {};
  }
  [[nodiscard]] static model::ReverseTransfer reversal(const model::TransferId& id) {
    return {id, Hash{8}, "sent in error"};
  }
};

}  // namespace

TEST_CASE("an order moves a frozen party's units, as a movement that can be followed") {
  OrdersWorld world;
  world.set_status("dev", PartyStatus::frozen);
  const auto proposed = world.accept(
      world.submit("gov1", "", world.order({world.quantity(10), world.range(51, 60)})));
  REQUIRE(proposed.proposal);
  CHECK(world.runs() == std::vector<std::string>{"1-100 active dev"});
  CHECK(UnitsWorld::told(world.approve("registry-2", "registry", proposed.digest)) ==
        std::string("GOVERNANCE_KEY_REQUIRED") + kMethod);
  const auto done = world.accept(world.approve("gov2", "", proposed.digest));
  CHECK(world.runs() == std::vector<std::string>{"1-10 active buyer", "11-50 active dev",
                                                 "51-60 active buyer", "61-100 active dev"});
  const auto row = world.transfer(model::TransferId::of(proposed.digest));
  CHECK(row.entry == done.index);
  CHECK(row.settled == done.index);
  CHECK(row.from == world.id("dev"));
  CHECK(row.to == world.id("buyer"));
  CHECK(row.signer == UnitsWorld::public_key("gov1"));
  CHECK(row.state == TransferState::settled);
  CHECK(row.kind == MovementKind::ordered);
  CHECK(row.cause == to_hex(Hash{7}));
  CHECK(row.serials ==
        std::vector<model::SerialRange>{{world.batch, 1, 10}, {world.batch, 51, 60}});
  CHECK(world.is_followed(row));
}

TEST_CASE("what an order is refused for, in the order of the rules") {
  OrdersWorld world;
  world.party("vvb", {Role::vvb});
  auto act = world.order({world.range(90, 101)});
  act.from = model::PartyId{{9}};
  act.to = model::PartyId{{9}};
  CHECK(world.refused("registry", act) == std::string("GOVERNANCE_KEY_REQUIRED") + kMethod);
  CHECK(world.refused_to_governance(act) == "PARTY_UNKNOWN/credentialSubject/from");
  act.from = world.id("dev");
  act.to = world.id("dev");
  CHECK(world.refused_to_governance(act) == std::string("RECIPIENT_IS_SENDER") + kTo);
  act.to = model::PartyId{{9}};
  CHECK(world.refused_to_governance(act) == std::string("PARTY_UNKNOWN") + kTo);
  world.set_status("other", PartyStatus::suspended);
  for (const std::string name : {"vvb", "registry", "other"}) {
    act.to = world.id(name);
    CHECK(world.refused_to_governance(act) == std::string("RECIPIENT_NOT_ADMITTED") + kTo);
  }
  act.to = world.id("buyer");
  const auto legs = [&](std::vector<model::Leg> given) {
    act.legs = std::move(given);
    return world.refused_to_governance(act);
  };
  const std::string first = "/credentialSubject/legs/0";
  CHECK(legs({{model::BatchId{{9}}, 1, 1, std::nullopt}}) == "BATCH_UNKNOWN" + first + "/batch");
  CHECK(legs({world.range(2, 1)}) == "LEG_INVALID" + first);
  CHECK(legs({world.quantity(0)}) == "LEG_INVALID" + first);
  CHECK(legs({{world.batch, 1, 1, 1}}) == "LEG_INVALID" + first);
  CHECK(legs({world.range(90, 101)}) == "UNITS_NOT_HELD" + first);
  CHECK(legs({world.quantity(101)}) == "UNITS_NOT_HELD" + first);
  CHECK(legs({world.range(1, 10), world.range(10, 11)}) ==
        "UNITS_NOT_HELD/credentialSubject/legs/1");
  CHECK(legs({world.range(1, 10), world.quantity(91)}) ==
        "UNITS_NOT_HELD/credentialSubject/legs/1");
  CHECK(legs({world.range(1, 10), world.quantity(90)}).empty());
}

TEST_CASE("an order reaches pending and locked units, and what held them ends") {
  OrdersWorld world;
  const auto kept = world.transferred("dev", "other", {world.range(1, 10)}, false);
  const auto hit =
      world.transferred("dev", "other", {world.range(11, 20), world.range(41, 50)}, false);
  auto pledge = world.lock_body({world.range(21, 30), world.range(61, 70)});
  pledge.pledgee = world.id("other");
  const auto hit_lock = world.locked(pledge);
  const auto kept_lock = world.locked(world.lock_body({world.range(71, 80)}));
  // A quantity finds active units alone.
  CHECK(world.refused_to_governance(world.order({world.quantity(51)})) ==
        "UNITS_NOT_HELD/credentialSubject/legs/0");
  const auto row = world.ordered({world.range(15, 25), world.quantity(7)});
  CHECK(row.serials ==
        std::vector<model::SerialRange>{{world.batch, 15, 25}, {world.batch, 31, 37}});
  CHECK(world.runs() == std::vector<std::string>{"1-10 pending dev", "11-14 active dev",
                                                 "15-25 active buyer", "26-30 active dev",
                                                 "31-37 active buyer", "38-70 active dev",
                                                 "71-80 locked dev", "81-100 active dev"});
  CHECK(world.transfer(kept).state == TransferState::pending);
  CHECK(world.transfer(hit).state == TransferState::ended);
  CHECK(world.transfer(hit).settled == row.entry);
  CHECK(!world.is_followed(world.transfer(hit)));
  CHECK(world.lock(hit_lock).state == LockState::ended);
  CHECK(world.lock(hit_lock).ended == row.entry);
  CHECK(!world.in_custody(hit_lock));
  CHECK(world.lock(kept_lock).state == LockState::in_force);
  CHECK(world.in_custody(kept_lock));
  CHECK(world.refused("other", model::AcceptTransfer{hit}) ==
        std::string("TRANSFER_SETTLED") + kTransfer);
  CHECK(world.refused("bank", model::Unlock{hit_lock, model::UnlockTo::holder, "over"}) ==
        "LOCK_ENDED/credentialSubject/lock");
  CHECK(world.refused("other", model::AcceptTransfer{kept}).empty());
}

TEST_CASE("an order reaches nothing that is another's, in the pool, or gone") {
  OrdersWorld world;
  world.transferred("dev", "other", {world.range(1, 10)});
  model::Retire retire;
  retire.legs = {world.range(11, 20)};
  retire.beneficiary =
      model::Beneficiary{model::Organisation{"Green Bridge", "CN", {}, {}}, std::nullopt};
  world.accept(world.submit("dev", "dev", retire));
  model::Cancel cancel;
  cancel.legs = {world.range(31, 40)};
  cancel.reason = "a reason";
  world.accept(world.submit("dev", "dev", cancel));
  world.change([&](state::Context& context) {
    state::move_units(context, {world.batch, 51, 60},
                      {model::UnitState::active, world.id("dev"), std::nullopt},
                      {model::UnitState::buffer, std::nullopt, std::nullopt});
  });
  for (const auto& leg : {world.range(10, 10), world.range(20, 21), world.range(40, 41),
                          world.range(60, 61), world.range(50, 51), world.range(21, 31)}) {
    CHECK(world.refused_to_governance(world.order({leg})) ==
          "UNITS_NOT_HELD/credentialSubject/legs/0");
  }
  CHECK(world.refused_to_governance(world.order({world.range(21, 30)})).empty());
}

TEST_CASE("units of a programme that forbids transfers move by order") {
  OrdersWorld world(UnitsWorld::genesis_of(2, 2), UnitsWorld::fixed_policy());
  CHECK(world.ordered({world.quantity(10)}).to == world.id("buyer"));
}

TEST_CASE("a transfer is undone while all of it is where it went") {
  OrdersWorld world;
  const auto id = world.transferred("dev", "buyer", {world.range(1, 10), world.range(21, 30)});
  const auto proposed = world.accept(world.submit("gov1", "", OrdersWorld::reversal(id)));
  REQUIRE(proposed.proposal);
  world.set_status("dev", PartyStatus::frozen);
  world.set_status("buyer", PartyStatus::frozen);
  const auto done = world.accept(world.approve("gov2", "", proposed.digest));
  CHECK(world.runs() == std::vector<std::string>{"1-100 active dev"});
  CHECK(world.transfer(id).state == TransferState::reversed);
  CHECK(world.is_followed(world.transfer(id)));
  const auto row = world.transfer(model::TransferId::of(proposed.digest));
  CHECK(row.entry == done.index);
  CHECK(row.settled == done.index);
  CHECK(row.from == world.id("buyer"));
  CHECK(row.to == world.id("dev"));
  CHECK(row.serials == world.transfer(id).serials);
  CHECK(row.kind == MovementKind::reversed);
  CHECK(row.cause == id.text());
  CHECK(row.state == TransferState::settled);
  CHECK(world.is_followed(row));
  CHECK(world.refused_to_governance(OrdersWorld::reversal(id)) ==
        std::string("TRANSFER_NOT_SETTLED") + kTransfer);
}

TEST_CASE("what the undoing of a transfer is refused for, in the order of the rules") {
  OrdersWorld world;
  const auto refused = [&](const model::TransferId& id) {
    return world.refused_to_governance(OrdersWorld::reversal(id));
  };
  CHECK(world.refused("registry", OrdersWorld::reversal(model::TransferId{{9}})) ==
        std::string("GOVERNANCE_KEY_REQUIRED") + kMethod);
  CHECK(refused(model::TransferId{{9}}) == std::string("TRANSFER_UNKNOWN") + kTransfer);
  const auto pending = world.transferred("dev", "buyer", {world.range(1, 10)}, false);
  CHECK(refused(pending) == std::string("TRANSFER_NOT_SETTLED") + kTransfer);
  world.accept(world.submit("buyer", "buyer", model::RejectTransfer{pending, "no"}));
  CHECK(refused(pending) == std::string("TRANSFER_NOT_SETTLED") + kTransfer);
  const auto id = world.transferred("dev", "buyer", {world.range(1, 10), world.range(21, 30)});
  // One unit of it gone on, offered, locked or used is enough.
  const std::string not_held = std::string("UNITS_NOT_HELD") + kTransfer;
  const auto gone = world.transferred("buyer", "other", {world.range(30, 30)});
  CHECK(refused(id) == not_held);
  world.governed(OrdersWorld::reversal(gone));
  const auto offered = world.transferred("buyer", "other", {world.range(5, 5)}, false);
  CHECK(refused(id) == not_held);
  world.accept(world.submit("buyer", "buyer", model::CancelTransfer{offered, "no"}));
  // Nobody gives units to an account that is closed or may not hold any.
  const auto stands = [&](PartyStatus status, Role role) {
    auto row = world.row_of("dev");
    row.standings.back().status = status;
    row.standings.back().roles = {role};
    world.put(codec::party_key(row.id), row);
  };
  const auto offered_again = world.transferred("buyer", "other", {world.range(5, 5)}, false);
  stands(PartyStatus::closed, Role::developer);
  CHECK(refused(id) == std::string("RECIPIENT_NOT_ADMITTED") + kTransfer);
  stands(PartyStatus::admitted, Role::vvb);
  CHECK(refused(id) == std::string("RECIPIENT_NOT_ADMITTED") + kTransfer);
  stands(PartyStatus::suspended, Role::developer);
  CHECK(refused(id) == not_held);
  world.accept(world.submit("buyer", "buyer", model::CancelTransfer{offered_again, "no"}));
  CHECK(refused(id).empty());
}

TEST_CASE("orders, deliveries and undoings can themselves be undone") {
  OrdersWorld world;
  const auto order = world.ordered({world.range(1, 10)});
  world.accept(world.governed(OrdersWorld::reversal(order.id)));
  const auto undone = world.last_movement();
  CHECK(undone.cause == order.id.text());
  CHECK(world.runs() == std::vector<std::string>{"1-100 active dev"});
  world.accept(world.governed(OrdersWorld::reversal(undone.id)));
  CHECK(world.runs()[0] == "1-10 active buyer");
  CHECK(world.transfer(undone.id).state == TransferState::reversed);

  auto pledge = world.lock_body({world.range(11, 20)});
  pledge.pledgee = world.id("other");
  const auto lock = world.locked(pledge);
  const auto delivered = world.accept(
      world.submit("bank", "bank", model::Unlock{lock, model::UnlockTo::pledgee, "default"}));
  world.accept(world.governed(OrdersWorld::reversal(model::TransferId::of(delivered.digest))));
  CHECK(world.runs() == std::vector<std::string>{"1-10 active buyer", "11-100 active dev"});
  CHECK(world.lock(lock).state == LockState::delivered);
}
