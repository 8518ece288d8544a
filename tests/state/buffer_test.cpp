// ReleaseBuffer, DeclareDefault, RepayPool: the pool gives back, pays for others, and is paid back.
#include <doctest/doctest.h>

#include "ledger/state/obligations.h"
#include "tests/support/integrity_world.h"
#include "tests/support/pointers.h"

using namespace mrv;
using model::ObligationState;
using model::SerialRange;
using test::IntegrityWorld;
using test::kObligation;
using test::Runs;

namespace {

constexpr std::int64_t kSecondMs = 1'000;

struct BufferWorld : IntegrityWorld {
  model::BatchId batch = add_batch(1, project, 2025, 40, 10);
  model::BatchId older = add_batch(2, neighbour, 2024, 40, 10);

  BufferWorld() {
    integrity().release_after_seconds = 60;
    integrity().release_share = model::DecimalText{"0.55"};
    integrity().obligation_seconds = 100;
    store();
  }

  std::string release(Units quantity) {
    return told(registry, model::ReleaseBuffer{batch, quantity, "no loss in ten years"});
  }
  model::ObligationId reversed(Units quantity,
                               model::ReversalKind kind = model::ReversalKind::intentional) {
    model::RecordReversal body;
    body.project = project;
    body.report = report;
    body.kind = kind;
    body.quantity = quantity;
    body.cause = "logging";
    REQUIRE(act(registry, body).ok());
    return model::ObligationId::of(digest());
  }
  std::string declare_default(const model::ObligationId& id) {
    auto verdict = govern(model::DeclareDefault{id, "nothing came"});
    test::check_conservation(state());
    return told(verdict);
  }
  using IntegrityWorld::told;
  std::string repay(const model::PartyId& by, const model::ObligationId& id,
                    std::vector<model::Leg> legs) {
    return told(by, model::RepayPool{id, std::move(legs)});
  }
  static model::Leg units(const model::BatchId& of, Units quantity) {
    return {of, std::nullopt, std::nullopt, quantity};
  }
};

constexpr const char* kNotAllowed = "RELEASE_NOT_ALLOWED/credentialSubject/batch";

std::string of_obligation(const char* name) { return std::string(name) + kObligation; }

}  // namespace

TEST_CASE("the lowest buffer serials go to the project's developer, kept as a transfer") {
  BufferWorld world;
  world.pass(60 * kSecondMs);
  REQUIRE(world.release(3).empty());
  CHECK(world.runs(world.batch) == Runs{"1-33 active", "34-40 buffer"});
  CHECK(world.pool() == 17);
  CHECK(world.batch_row(world.batch).released == 3);
  const auto row =
      world.get<model::TransferRow>(codec::transfer_key(model::TransferId::of(world.digest())));
  CHECK(row.kind == model::MovementKind::released);
  CHECK(row.state == model::TransferState::settled);
  CHECK(row.from == world.registry);
  CHECK(row.to == world.developer);
  CHECK(row.serials == std::vector<SerialRange>{{world.batch, 31, 33}});
  CHECK(row.cause == world.batch.text());
  REQUIRE(row.settled.has_value());
  CHECK(world.state().get(codec::settled_transfer_key(world.batch, *row.settled)) ==
        codec::transfer_key(row.id));
  // Released units are like any others.
  model::Retire retire;
  retire.legs = {{world.batch, 1, 33, std::nullopt}};
  retire.beneficiary = model::Beneficiary{model::Organisation{"B", "CN", {}, {}}, {}};
  CHECK(world.told(world.developer, retire).empty());
}

TEST_CASE("the project may have another developer than the one that the batch was issued to") {
  BufferWorld world;
  auto project = world.project_row();
  project.developer = world.other;
  world.put(codec::project_key(project.id), project);
  world.pass(60 * kSecondMs);
  REQUIRE(world.release(1).empty());
  CHECK(world.get<model::HoldingRow>(codec::holding_key(world.other, world.batch)).active == 1);
}

TEST_CASE("a release waits as long and gives as much as policy says") {
  BufferWorld world;
  CHECK(world.told(world.developer, model::ReleaseBuffer{world.batch, 1, "x"}) ==
        "ROLE_MISSING/issuer/party");
  CHECK(world.told(world.registry, model::ReleaseBuffer{model::BatchId{{99}}, 1, "x"}) ==
        "BATCH_UNKNOWN/credentialSubject/batch");
  world.pass(60 * kSecondMs - 1);
  CHECK(world.release(1) == kNotAllowed);
  world.pass(1);
  CHECK(world.release(6) == kNotAllowed);  // floor(0.55 × 10)
  CHECK(world.release(5).empty());
  CHECK(world.release(1) == kNotAllowed);
}

TEST_CASE("without both parts of the policy nothing is released") {
  for (const bool after : {false, true}) {
    BufferWorld world;
    world.pass(60 * kSecondMs);
    if (after) {
      world.integrity().release_after_seconds.reset();
    } else {
      world.integrity().release_share.reset();
    }
    world.store();
    CHECK(world.release(1) == kNotAllowed);
    world.policy().integrity.reset();
    world.store();
    CHECK(world.release(1) == kNotAllowed);
  }
}

TEST_CASE("nothing is released to a project or a developer that something stands against") {
  BufferWorld world;
  world.pass(60 * kSecondMs);
  for (const auto state : {model::ProjectState::suspended, model::ProjectState::withdrawn}) {
    world.set_project_state(state);
    CHECK(world.release(1) == kNotAllowed);
  }
  world.set_project_state(model::ProjectState::completed);
  CHECK(world.release(1).empty());
  world.set_project_state(model::ProjectState::registered);
  const auto with = [&](model::PartyStatus status, std::vector<model::Role> roles) {
    auto row = world.get<model::PartyRow>(codec::party_key(world.developer));
    row.standings.back().status = status;
    row.standings.back().roles = std::move(roles);
    world.put(codec::party_key(row.id), row);
    return world.release(1);
  };
  CHECK(with(model::PartyStatus::closed, {model::Role::developer}) == kNotAllowed);
  CHECK(with(model::PartyStatus::admitted, {model::Role::buyer}) == kNotAllowed);
  CHECK(with(model::PartyStatus::frozen, {model::Role::developer}).empty());
  world.reversed(1);
  CHECK(world.release(1) == kNotAllowed);
}

TEST_CASE("a release takes no more than the batch still has in the pool") {
  BufferWorld world;
  world.pass(60 * kSecondMs);
  world.reversed(7, model::ReversalKind::unintentional);
  CHECK(world.runs(world.batch) == Runs{"1-30 active", "31-37 cancelled rev", "38-40 buffer"});
  CHECK(world.release(4) == "UNITS_NOT_HELD/credentialSubject/quantity");
  CHECK(world.release(3).empty());
  CHECK(world.runs(world.batch) == Runs{"1-30 active", "31-37 cancelled rev", "38-40 active"});
  // An empty batch no longer stands in the order of the pool.
  CHECK(test::keys_under(world.state(), codec::kPoolBatchTag).size() == 1);
}

TEST_CASE("a batch of version 1 counts its time from the rules that know it") {
  BufferWorld world;
  auto row = world.batch_row(world.batch);
  row.issued_at.reset();
  world.put(codec::batch_key(row.id), row);
  world.pass(120 * kSecondMs);
  CHECK(world.release(1) == kNotAllowed);
  auto ledger = world.get<model::LedgerRow>(codec::ledger_key());
  ledger.rules_since = world.now;
  world.put(codec::ledger_key(), ledger);
  world.pass(60 * kSecondMs - 1);
  CHECK(world.release(1) == kNotAllowed);
  world.pass(1);
  CHECK(world.release(1).empty());
}

TEST_CASE("default is declared by governance, of what is overdue, from a reversal, and once") {
  BufferWorld world;
  const auto id = world.reversed(15);
  CHECK(world.told(world.registry, model::DeclareDefault{id, "x"}) ==
        "GOVERNANCE_KEY_REQUIRED/proof/verificationMethod");
  CHECK(world.declare_default(model::ObligationId{{99}}) == of_obligation("OBLIGATION_UNKNOWN"));
  world.pass(100 * kSecondMs);
  CHECK(world.declare_default(id) == of_obligation("OBLIGATION_NOT_OVERDUE"));
  world.pass(1);
  REQUIRE(world.declare_default(id).empty());
  CHECK(world.declare_default(id) == of_obligation("OBLIGATION_NOT_COVERED"));
  auto row = world.obligation(id);
  row.cause = model::ObligationCause::over_issuance;
  row.defaulted.reset();
  world.put(codec::obligation_key(id), row);
  CHECK(world.declare_default(id) == of_obligation("OBLIGATION_NOT_COVERED"));
  row.deadline = world.now;
  world.put(codec::obligation_key(id), row);
  CHECK(world.declare_default(id) == of_obligation("OBLIGATION_NOT_OVERDUE"));
  world.change([&](state::Context& context) {
    auto owed = *context.read<model::ObligationRow>(codec::obligation_key(id));
    owed.owed = 0;
    state::discharge(context, owed, state::Debt::owed_to_pool, owed.owed_to_pool);
  });
  CHECK(world.declare_default(id) == of_obligation("OBLIGATION_CLOSED"));
}

TEST_CASE("after a default the pool has paid in its order and is owed what it paid") {
  BufferWorld world;
  const auto id = world.reversed(15);
  world.pass(100 * kSecondMs + 1);
  REQUIRE(world.declare_default(id).empty());
  auto row = world.obligation(id);
  CHECK(row.owed == 0);
  CHECK(row.owed_to_pool == 15);
  CHECK(row.quantity == 15);
  CHECK(row.defaulted.has_value());
  CHECK(row.state == ObligationState::open);
  CHECK(world.pool() == 5);
  // The project's own units first, then the oldest of the programme.
  CHECK(world.runs(world.batch) == Runs{"1-30 active", "31-40 cancelled obl"});
  CHECK(world.runs(world.older) == Runs{"1-30 active", "31-35 cancelled obl", "36-40 buffer"});
}

TEST_CASE("a pool that cannot pay all leaves the rest as it was owed") {
  BufferWorld world;
  const auto id = world.reversed(26);
  world.pass(100 * kSecondMs + 1);
  REQUIRE(world.declare_default(id).empty());
  CHECK(world.obligation(id).owed == 6);
  CHECK(world.obligation(id).owed_to_pool == 20);
  CHECK(world.pool() == 0);
  const auto second = world.reversed(1);
  world.pass(100 * kSecondMs + 1);
  REQUIRE(world.declare_default(second).empty());
  CHECK(world.obligation(second).owed == 1);
  CHECK(world.declare_default(second) == of_obligation("OBLIGATION_NOT_COVERED"));
}

TEST_CASE("the obliged party pays the pool back, and its units are the pool's") {
  BufferWorld world;
  const auto id = world.reversed(15);
  world.pass(100 * kSecondMs + 1);
  REQUIRE(world.declare_default(id).empty());
  CHECK(world.repay(world.developer, id, {world.units(world.batch, 6)}).empty());
  CHECK(world.obligation(id).owed_to_pool == 9);
  CHECK(world.pool() == 11);
  CHECK(world.runs(world.batch) == Runs{"1-6 buffer", "7-30 active", "31-40 cancelled obl"});
  // Kept as a transfer, so that units which the pool gives out again can be followed.
  const auto row =
      world.get<model::TransferRow>(codec::transfer_key(model::TransferId::of(world.digest())));
  CHECK(row.kind == model::MovementKind::repaid);
  CHECK(row.state == model::TransferState::settled);
  CHECK(row.from == world.developer);
  CHECK(row.to == world.developer);
  CHECK(row.serials == std::vector<SerialRange>{{world.batch, 1, 6}});
  CHECK(row.cause == id.text());
  REQUIRE(row.settled.has_value());
  CHECK(world.state().get(codec::settled_transfer_key(world.batch, *row.settled)) ==
        codec::transfer_key(row.id));
  CHECK(world.repay(world.developer, id, {world.units(world.batch, 10)}) ==
        "OBLIGATION_EXCEEDED/credentialSubject/legs");
  CHECK(world.repay(world.developer, id, {world.units(world.batch, 9)}).empty());
  CHECK(world.obligation(id).state == ObligationState::discharged);
  CHECK(world.pool() == 20);
  // The batch stands in the pool's order again: it pays next.
  world.reversed(3, model::ReversalKind::unintentional);
  CHECK(world.runs(world.batch)[0] == "1-3 cancelled rev");
  CHECK(world.runs(world.batch)[1] == "4-15 buffer");
}

TEST_CASE("a repayment is judged: whose it is, what the legs are, what they are good for") {
  BufferWorld world;
  const auto id = world.reversed(15);
  const auto legs = std::vector<model::Leg>{world.units(world.batch, 1)};
  CHECK(world.repay(world.developer, model::ObligationId{{99}}, legs) ==
        of_obligation("OBLIGATION_UNKNOWN"));
  CHECK(world.repay(world.other, id, legs) == of_obligation("OBLIGATION_NOT_YOURS"));
  CHECK(world.repay(world.developer, id, {world.units(world.older, 1)}) ==
        "UNITS_NOT_HELD/credentialSubject/legs/0");
  CHECK(world.repay(world.developer, id, {world.units(model::BatchId{{99}}, 1)}) ==
        "BATCH_UNKNOWN/credentialSubject/legs/0/batch");
  CHECK(world.repay(world.developer, id, {{world.batch, 2, 1, std::nullopt}}) ==
        "LEG_INVALID/credentialSubject/legs/0");
  // Nothing is owed to the pool as long as it has not paid.
  CHECK(world.repay(world.developer, id, legs) == "OBLIGATION_EXCEEDED/credentialSubject/legs");
  world.integrity().compensation_vintage_from = 2026;
  world.store();
  CHECK(world.repay(world.developer, id, legs) ==
        "COMPENSATION_NOT_ACCEPTED/credentialSubject/legs");
  auto key = world.get<model::KeyRow>(codec::key_key(world.key_of(world.developer)));
  key.self_added = true;
  key.bound_at = world.now;
  world.put(codec::key_key(key.key), key);
  auto ledger = world.get<model::LedgerRow>(codec::ledger_key());
  ledger.delays.new_key_seconds = 1;
  world.put(codec::ledger_key(), ledger);
  CHECK(world.repay(world.developer, model::ObligationId{{99}}, legs) ==
        "KEY_TOO_NEW/proof/verificationMethod");
  world.pass(kSecondMs);
  CHECK(world.repay(world.developer, model::ObligationId{{99}}, legs) ==
        of_obligation("OBLIGATION_UNKNOWN"));
}

TEST_CASE("what was made good cannot be repaid again") {
  BufferWorld world;
  const auto id = world.reversed(2);
  world.pass(100 * kSecondMs + 1);
  REQUIRE(world.declare_default(id).empty());
  REQUIRE(world.repay(world.developer, id, {world.units(world.batch, 2)}).empty());
  CHECK(world.repay(world.developer, id, {world.units(world.batch, 2)}) ==
        of_obligation("OBLIGATION_CLOSED"));
}

TEST_CASE("a pool takes no more units than an amount can be") {
  BufferWorld world;
  const auto id = world.reversed(2);
  world.pass(100 * kSecondMs + 1);
  REQUIRE(world.declare_default(id).empty());
  const Bytes key = codec::pool_key(world.programme.id);
  const model::RepayPool repay{id, {world.units(world.batch, 2)}};
  const auto before = world.state().get(key);
  world.put(key, model::PoolRow{world.programme.id, kUnitsMax - 1});
  CHECK(world.told(world.run(world.developer, repay)) == "AMOUNT_OVERFLOW/credentialSubject/legs");
  world.put(key, model::PoolRow{world.programme.id, kUnitsMax - 2});
  CHECK(world.told(world.run(world.developer, repay)).empty());
}
