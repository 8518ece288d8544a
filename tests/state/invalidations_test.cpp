// DeclareOverIssuance and InvalidateBatch: what is still here is cancelled, what has left is owed.
#include <doctest/doctest.h>

#include "tests/support/integrity_world.h"

using namespace mrv;
using model::SerialRange;
using model::SerialSpan;
using model::UnitState;
using test::IntegrityWorld;
using test::Runs;

namespace {

struct InvalidationWorld : IntegrityWorld {
  model::BatchId batch = add_batch(1, project, 2025, 100, 20);
  model::BatchId second = add_batch(2, project, 2026, 50, 10);
  model::BatchId foreign_project = add_batch(3, neighbour, 2025, 30, 0);

  model::DeclareOverIssuance declaration(std::vector<model::BatchId> batches,
                                         Units quantity) const {
    model::DeclareOverIssuance act;
    act.batches = std::move(batches);
    act.quantity = quantity;
    act.party = developer;
    act.deadline = TimestampMs{now.value() + 1};
    act.reason = "an error in the inputs";
    return act;
  }
  std::string declare(std::vector<model::BatchId> batches, Units quantity) {
    return told(registry, declaration(std::move(batches), quantity));
  }
  std::string invalidate(const model::BatchId& of,
                         std::optional<std::vector<SerialSpan>> ranges = std::nullopt) {
    return told(registry, model::InvalidateBatch{of, std::move(ranges), "fraud", Hash{1}});
  }
  model::InvalidationRow invalidation() const {
    return get<model::InvalidationRow>(
        codec::invalidation_key(model::InvalidationId::of(digest())));
  }
};

}  // namespace

TEST_CASE("an over-issuance is declared by the registry, on known batches of one programme") {
  InvalidationWorld world;
  world.add_programme(2);
  const auto strange = world.add_batch(9, world.add_project(9, world.developer, 2), 2025, 10, 0);
  auto act = world.declaration({world.batch}, 1'000);
  CHECK(world.told(world.developer, act) == "ROLE_MISSING/issuer/party");
  act.party = model::PartyId{{99}};
  act.deadline = world.now;
  act.batches = {world.batch, model::BatchId{{99}}};
  CHECK(world.told(world.registry, act) == "BATCH_UNKNOWN/credentialSubject/batches/1");
  act.batches = {world.batch, strange, world.batch};
  CHECK(world.told(world.registry, act) == "UNITS_MIXED/credentialSubject/batches/1");
  act.batches = {world.batch, world.second, world.batch};
  CHECK(world.told(world.registry, act) == "ITEM_REPEATED/credentialSubject/batches/2");
  act.batches = {world.batch};
  CHECK(world.told(world.registry, act) == "PARTY_UNKNOWN/credentialSubject/party");
  act.party = world.developer;
  CHECK(world.told(world.registry, act) == "DEADLINE_INVALID/credentialSubject/deadline");
  act.deadline = TimestampMs{world.now.value() + 1};
  CHECK(world.told(world.registry, act) == "OVER_ISSUANCE_TOO_LARGE/credentialSubject/quantity");
  CHECK(world.all<model::ObligationRow>().empty());
  act.quantity = 100;
  CHECK(world.told(world.registry, act).empty());
}

TEST_CASE("an obligation is put on a party that can act or will again") {
  InvalidationWorld world;
  const auto with = [&](model::PartyStatus status) {
    auto row = world.get<model::PartyRow>(codec::party_key(world.buyer));
    row.standings.back().status = status;
    world.put(codec::party_key(world.buyer), row);
    auto act = world.declaration({world.batch}, 1);
    act.party = world.buyer;
    return world.told(world.registry, act);
  };
  CHECK(with(model::PartyStatus::applied) == "PARTY_NOT_ADMITTED/credentialSubject/party");
  CHECK(with(model::PartyStatus::closed) == "PARTY_CLOSED/credentialSubject/party");
  CHECK(with(model::PartyStatus::suspended).empty());
  CHECK(with(model::PartyStatus::frozen).empty());
  CHECK(with(model::PartyStatus::admitted).empty());
}

TEST_CASE("a declaration opens an obligation that names the batches, and moves no unit") {
  InvalidationWorld world;
  const auto before = world.runs(world.batch);
  REQUIRE(world.declare({world.batch, world.second}, 120).empty());
  const auto row = world.obligation(model::ObligationId::of(world.digest()));
  CHECK(row.party == world.developer);
  CHECK(row.cause == model::ObligationCause::over_issuance);
  CHECK(row.batches == std::vector<model::BatchId>{world.batch, world.second});
  CHECK(row.project == world.project);
  CHECK(row.quantity == 120);
  CHECK(row.owed == 120);
  CHECK(row.deadline.value() == world.now.value() + 1);
  CHECK(world.runs(world.batch) == before);
  // Taken from the batches in the order named.
  CHECK(world.batch_row(world.batch).declared == 100);
  CHECK(world.batch_row(world.second).declared == 20);
  CHECK(world.declare({world.batch}, 1) == "OVER_ISSUANCE_TOO_LARGE/credentialSubject/quantity");
  CHECK(world.declare({world.second, world.batch}, 31) ==
        "OVER_ISSUANCE_TOO_LARGE/credentialSubject/quantity");
  REQUIRE(world.declare({world.batch, world.second, world.foreign_project}, 31).empty());
  CHECK(!world.obligation(model::ObligationId::of(world.digest())).project);
  CHECK(world.batch_row(world.batch).declared == 100);
  CHECK(world.batch_row(world.second).declared == 50);
  CHECK(world.batch_row(world.foreign_project).declared == 1);
}

TEST_CASE("a batch lists every obligation that ever named it") {
  InvalidationWorld world;
  using Ids = std::vector<model::ObligationId>;
  CHECK(!world.batch_row(world.batch).obligations);
  REQUIRE(world.declare({world.batch, world.second}, 100).empty());
  const auto first = model::ObligationId::of(world.digest());
  // The second batch is named, though nothing of it was declared.
  CHECK(!world.batch_row(world.second).declared);
  CHECK(world.batch_row(world.second).obligations == Ids{first});
  world.retire({world.batch, 1, 5}, world.developer);
  REQUIRE(world.invalidate(world.batch, {{{1, 10}}}).empty());
  const auto second = model::ObligationId::of(world.digest());
  CHECK(world.obligation(second).owed == 5);
  CHECK(world.batch_row(world.batch).obligations == Ids{first, second});
  // Nothing had gone, so nothing is owed.
  REQUIRE(world.invalidate(world.batch, {{{11, 20}}}).empty());
  CHECK(world.batch_row(world.batch).obligations == Ids{first, second});
}

TEST_CASE("what was invalidated can no longer be declared") {
  InvalidationWorld world;
  REQUIRE(world.declare({world.batch}, 60).empty());
  REQUIRE(world.invalidate(world.batch, {{{1, 70}}}).empty());
  // 60 declared and 70 invalidated are more than 100: nothing is left, and nothing less.
  CHECK(world.declare({world.batch}, 1) == "OVER_ISSUANCE_TOO_LARGE/credentialSubject/quantity");
  CHECK(world.declare({world.batch, world.second}, 51) ==
        "OVER_ISSUANCE_TOO_LARGE/credentialSubject/quantity");
  CHECK(world.declare({world.batch, world.second}, 50).empty());
}

TEST_CASE("ranges to invalidate lie in the batch, ascend, and were never invalidated") {
  InvalidationWorld world;
  const auto at = [](const char* name, int i) {
    return std::string(name) + "/credentialSubject/ranges/" + std::to_string(i);
  };
  CHECK(world.told(world.buyer, model::InvalidateBatch{world.batch, {}, "x", {}}) ==
        "ROLE_MISSING/issuer/party");
  CHECK(world.invalidate(model::BatchId{{99}}, {{{2, 1}}}) ==
        "BATCH_UNKNOWN/credentialSubject/batch");
  CHECK(world.invalidate(world.batch, {{{2, 1}}}) == at("LEG_INVALID", 0));
  CHECK(world.invalidate(world.batch, {{{1, 101}}}) == at("LEG_INVALID", 0));
  CHECK(world.invalidate(world.batch, {{{1, 5}, {5, 6}}}) == at("LEG_INVALID", 1));
  CHECK(world.invalidate(world.batch, {{{5, 6}, {1, 2}}}) == at("LEG_INVALID", 1));
  REQUIRE(world.invalidate(world.batch, {{{1, 2}, {3, 3}, {5, 100}}}).empty());
  constexpr const char* kAlready = "INVALIDATED_ALREADY/credentialSubject/ranges";
  CHECK(world.invalidate(world.batch) == kAlready);
  CHECK(world.invalidate(world.batch, {{{4, 5}}}) == kAlready);
  CHECK(world.invalidate(world.batch, {{{2, 4}}}) == kAlready);
  CHECK(world.invalidate(world.batch, {{{3, 3}}}) == kAlready);
  // Where it lies comes before what became of it.
  CHECK(world.invalidate(world.batch, {{{3, 3}, {2, 2}}}) == at("LEG_INVALID", 1));
  CHECK(world.invalidate(world.batch, {{{4, 4}}}).empty());
  CHECK(world.batch_row(world.batch).invalidated == 100);
  CHECK(world.batch_row(world.batch).invalidations->size() == 2);
  CHECK(world.invalidate(world.batch, {{{4, 4}}}) == kAlready);
}

TEST_CASE("an invalidated batch is cancelled as far as it is here; claims on it end") {
  InvalidationWorld world;
  const auto transfer = world.offer(
      world.developer, {{world.batch, 1, 10, std::nullopt}, {world.second, 1, 5, std::nullopt}});
  const auto lock = world.lock(world.developer, {{world.batch, 21, 30}, {world.second, 11, 15}});
  world.retire({world.batch, 31, 35}, world.developer);
  world.move({world.batch, 36, 37}, world.active(world.developer),
             {UnitState::cancelled, world.developer, "can_1"});
  world.move({world.batch, 41, 50}, world.active(world.developer), world.active(world.buyer));
  REQUIRE(world.invalidate(world.batch).empty());
  CHECK(world.get<model::TransferRow>(codec::transfer_key(transfer)).state ==
        model::TransferState::ended);
  CHECK(world.get<model::LockRow>(codec::lock_key(lock)).state == model::LockState::ended);
  CHECK(world.runs(world.batch) == Runs{"1-30 cancelled inv", "31-35 retired ret",
                                        "36-37 cancelled can", "38-40 cancelled inv",
                                        "41-50 cancelled inv", "51-80 cancelled inv",
                                        "81-100 cancelled inv"});
  CHECK(world.runs(world.second) == Runs{"1-40 active", "41-50 buffer"});
  const auto row = world.invalidation();
  CHECK(row.ranges == std::vector<SerialSpan>{{1, 100}});
  CHECK(row.cancelled == 93);
  CHECK(row.gone == 5);
  CHECK(world.pool() == 10);
  CHECK(world.batch_row(world.batch).invalidated == 100);
  const auto holding = [&](const model::PartyId& party) {
    return world.get<model::HoldingRow>(codec::holding_key(party, world.batch));
  };
  CHECK(holding(world.developer).active == 0);
  CHECK(holding(world.developer).pending == 0);
  CHECK(holding(world.developer).locked == 0);
  CHECK(holding(world.developer).retired == 5);
  CHECK(holding(world.buyer).active == 0);
}

TEST_CASE("only what lies in the ranges is cancelled; the rest of a claim goes back") {
  InvalidationWorld world;
  const auto transfer = world.offer(world.developer, {{world.batch, 1, 10, std::nullopt}});
  REQUIRE(world.invalidate(world.batch, {{{5, 6}, {79, 82}}}).empty());
  CHECK(world.get<model::TransferRow>(codec::transfer_key(transfer)).state ==
        model::TransferState::ended);
  CHECK(world.runs(world.batch) == Runs{"1-4 active", "5-6 cancelled inv", "7-78 active",
                                        "79-80 cancelled inv", "81-82 cancelled inv",
                                        "83-100 buffer"});
  CHECK(world.invalidation().cancelled == 6);
  CHECK(!world.invalidation().obligation);
  CHECK(world.pool() == 28);
}

TEST_CASE("for units that have left, the party that policy makes liable owes as many") {
  InvalidationWorld world;
  world.move({world.batch, 1, 2}, world.active(world.developer),
             {UnitState::exported, world.developer, "exp_1"});
  world.move({world.batch, 3, 5}, world.active(world.developer),
             {UnitState::converted, world.developer, "cnv_1"});
  world.retire({world.batch, 6, 9}, world.developer);
  REQUIRE(world.invalidate(world.batch, {{{1, 4}}}).empty());
  auto row = world.invalidation();
  CHECK(row.cancelled == 0);
  CHECK(row.gone == 4);
  auto owed = world.obligation(row.obligation.value());
  CHECK(owed.party == world.developer);
  CHECK(owed.cause == model::ObligationCause::invalidation);
  CHECK(owed.batches == std::vector<model::BatchId>{world.batch});
  CHECK(owed.project == world.project);
  CHECK(owed.quantity == 4);
  CHECK(owed.deadline.value() == world.now.value() + 180LL * 86'400'000);
  // What has left stays what it is.
  CHECK(world.runs(world.batch)[0] == "1-2 exported exp");
  world.integrity().liable = model::Liable::registry;
  world.store();
  REQUIRE(world.invalidate(world.batch, {{{5, 7}}}).empty());
  CHECK(world.obligation(world.invalidation().obligation.value()).party == world.registry);
}

TEST_CASE("the developer that the units were issued to is liable, whoever has the project now") {
  InvalidationWorld world;
  world.retire({world.batch, 1, 1}, world.developer);
  auto project = world.project_row();
  project.developer = world.other;
  world.put(codec::project_key(project.id), project);
  REQUIRE(world.invalidate(world.batch).empty());
  CHECK(world.obligation(world.invalidation().obligation.value()).party == world.developer);
}

TEST_CASE("a batch of very many runs is invalidated in parts") {
  IntegrityWorld world;
  const auto quantity = static_cast<Units>(2 * kSerialRangesMax);
  const auto batch = world.add_batch(1, world.project, 2025, quantity, 0);
  world.change([&](state::Context& context) {
    for (Units serial = 2; serial < quantity; serial += 2) {
      state::move_units(context, {batch, serial, serial}, IntegrityWorld::active(world.developer),
                        IntegrityWorld::active(world.buyer));
    }
  });
  const auto invalidate = [&](Units first, Units last) {
    const model::InvalidateBatch act{batch, {{{first, last}}}, "fraud", {}};
    return IntegrityWorld::told(world.run(world.registry, act));
  };
  const auto half = static_cast<Units>(kSerialRangesMax);
  CHECK(invalidate(1, half + 1) == "LIST_TOO_LONG/credentialSubject/ranges");
  CHECK(invalidate(1, half).empty());
  CHECK(invalidate(half + 1, quantity).empty());
  test::check_conservation(world.state());
}

TEST_CASE("a batch is invalidated a thousand times at most") {
  static_assert(kInvalidationsMax == 1'000);
  InvalidationWorld world;
  const auto invalidated_before = [&](std::size_t times) {
    auto row = world.batch_row(world.batch);
    row.invalidations.emplace(times, model::InvalidationId{{99}});
    world.put(codec::batch_key(row.id), row);
    return world.invalidate(world.batch, {{{1, 1}}});
  };
  CHECK(invalidated_before(kInvalidationsMax) == "RECORD_LIMIT_REACHED");
  CHECK(invalidated_before(kInvalidationsMax - 1).empty());
}
