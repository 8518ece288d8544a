// RecordReversal: the pool pays first for what nobody wanted, the developer for the rest.
#include <doctest/doctest.h>

#include "tests/support/integrity_world.h"

using namespace mrv;
using model::ObligationState;
using model::ReversalKind;
using model::SerialRange;
using test::IntegrityWorld;
using test::Runs;

namespace {

constexpr std::int64_t kHalfYearMs = 180LL * 86'400'000;

struct ReversalWorld : IntegrityWorld {
  model::BatchId old_own = add_batch(1, project, 2024, 40, 10);
  model::BatchId new_own = add_batch(2, project, 2025, 40, 10);
  model::BatchId oldest = add_batch(3, neighbour, 2023, 40, 10);
  model::BatchId newest = add_batch(4, neighbour, 2026, 40, 10);

  model::RecordReversal body(Units quantity,
                             ReversalKind kind = ReversalKind::unintentional) const {
    model::RecordReversal act;
    act.project = project;
    act.report = report;
    act.kind = kind;
    act.quantity = quantity;
    act.cause = "a fire";
    return act;
  }
  std::string told(const model::RecordReversal& act) { return IntegrityWorld::told(registry, act); }
  model::ReversalRow recorded(const model::RecordReversal& act) {
    REQUIRE(told(act).empty());
    return get<model::ReversalRow>(codec::reversal_key(model::ReversalId::of(digest())));
  }
};

}  // namespace

TEST_CASE("a reversal is recorded by the registry, of a known project, on one basis of its own") {
  ReversalWorld world;
  const auto act = world.body(1);
  CHECK(world.IntegrityWorld::told(world.developer, act) == "ROLE_MISSING/issuer/party");
  auto broken = act;
  broken.project = model::ProjectId{{99}};
  broken.report.reset();
  CHECK(world.told(broken) == "PROJECT_UNKNOWN/credentialSubject/project");
  broken = world.body(1'000);
  broken.statement = model::StatementId{{1}};
  CHECK(world.told(broken) == "REVERSAL_BASIS_INVALID/credentialSubject");
  broken.report.reset();
  CHECK(world.told(broken) == "STATEMENT_UNKNOWN/credentialSubject/statement");
  broken.statement.reset();
  CHECK(world.told(broken) == "REVERSAL_BASIS_INVALID/credentialSubject");
  broken.report = model::ReportId{{99}};
  CHECK(world.told(broken) == "REPORT_UNKNOWN/credentialSubject/report");
  broken.report = world.add_report(2, world.neighbour);
  CHECK(world.told(broken) == "REVERSAL_BASIS_INVALID/credentialSubject/report");
  broken.report = world.report;
  CHECK(world.told(broken) == "REVERSAL_TOO_LARGE/credentialSubject/quantity");
  CHECK(world.all<model::ReversalRow>().empty());
}

TEST_CASE("a statement is a basis when it is of a report of the project") {
  ReversalWorld world;
  model::StatementRow statement;
  statement.id = model::StatementId{{1}};
  statement.report = world.report;
  statement.vvb = world.vvb;
  statement.verified = {{2025, 10}};
  world.put(codec::statement_key(statement.id), statement);
  auto act = world.body(1);
  act.report.reset();
  act.statement = statement.id;
  CHECK(world.told(act).empty());
  statement.report = world.add_report(2, world.neighbour);
  world.put(codec::statement_key(statement.id), statement);
  CHECK(world.told(act) == "REVERSAL_BASIS_INVALID/credentialSubject/statement");
}

TEST_CASE("no more is lost than was issued and not lost before") {
  ReversalWorld world;
  CHECK(world.told(world.body(81, ReversalKind::intentional)) ==
        "REVERSAL_TOO_LARGE/credentialSubject/quantity");
  CHECK(world.told(world.body(50, ReversalKind::intentional)).empty());
  CHECK(world.told(world.body(31)) == "REVERSAL_TOO_LARGE/credentialSubject/quantity");
  CHECK(world.told(world.body(30)).empty());
  CHECK(world.project_row().reversed == 80);
  CHECK(world.told(world.body(1)) == "REVERSAL_TOO_LARGE/credentialSubject/quantity");
}

TEST_CASE("the pool pays with the project's own units first, oldest vintage and lowest serial") {
  ReversalWorld world;
  auto row = world.recorded(world.body(4));
  CHECK(row.cancelled == std::vector<SerialRange>{{world.old_own, 31, 34}});
  CHECK(!row.obligation);
  CHECK(world.pool() == 36);
  CHECK(world.runs(world.old_own) == Runs{"1-30 active", "31-34 cancelled rev", "35-40 buffer"});
  row = world.recorded(world.body(19));
  CHECK(row.cancelled == std::vector<SerialRange>{{world.old_own, 35, 40},
                                                  {world.new_own, 31, 40},
                                                  {world.oldest, 31, 33}});
  CHECK(world.pool() == 17);
  CHECK(world.runs(world.old_own) ==
        Runs{"1-30 active", "31-34 cancelled rev", "35-40 cancelled rev"});
  CHECK(world.project_row().reversed == 23);
  // No holding has changed, and nothing is owed.
  CHECK(world.get<model::HoldingRow>(codec::holding_key(world.developer, world.old_own)).active ==
        30);
  CHECK(world.all<model::ObligationRow>().empty());
}

TEST_CASE("batches of one vintage pay in the order in which they were created") {
  ReversalWorld world;
  // Its id is lower than that of the other batch of the vintage, which came first.
  const auto sibling = world.add_batch(0, world.neighbour, 2023, 10, 5);
  const auto row = world.recorded(world.body(32));
  CHECK(row.cancelled == std::vector<SerialRange>{{world.old_own, 31, 40},
                                                  {world.new_own, 31, 40},
                                                  {world.oldest, 31, 40},
                                                  {sibling, 6, 7}});
}

TEST_CASE("what the pool cannot pay, the developer owes") {
  ReversalWorld world;
  const auto row = world.recorded(world.body(45));
  CHECK(world.pool() == 0);
  REQUIRE(row.obligation.has_value());
  const auto owed = world.obligation(*row.obligation);
  CHECK(owed.party == world.developer);
  CHECK(owed.project == world.project);
  CHECK(owed.programme == world.programme.id);
  CHECK(owed.cause == model::ObligationCause::reversal);
  CHECK(owed.batches.empty());
  CHECK(owed.quantity == 5);
  CHECK(owed.owed == 5);
  CHECK(owed.owed_to_pool == 0);
  CHECK(owed.opened_at == world.now);
  CHECK(owed.deadline.value() == world.now.value() + kHalfYearMs);
  // An empty pool leaves all of it.
  const auto next = world.recorded(world.body(3));
  CHECK(next.cancelled.empty());
  CHECK(world.obligation(*next.obligation).owed == 3);
}

TEST_CASE("what the developer wanted it owes itself, within the time that policy gives") {
  ReversalWorld world;
  world.integrity().obligation_seconds = 60;
  world.store();
  const auto row = world.recorded(world.body(7, ReversalKind::intentional));
  CHECK(row.cancelled.empty());
  CHECK(world.pool() == 40);
  CHECK(world.obligation(*row.obligation).owed == 7);
  CHECK(world.obligation(*row.obligation).deadline.value() == world.now.value() + 60'000);
  CHECK(world.runs(world.old_own) == Runs{"1-30 active", "31-40 buffer"});
}

TEST_CASE("it is the developer of the day that owes, not the one that the units went to") {
  ReversalWorld world;
  auto project = world.project_row();
  project.developer = world.other;
  world.put(codec::project_key(project.id), project);
  const auto row = world.recorded(world.body(1, ReversalKind::intentional));
  CHECK(world.obligation(*row.obligation).party == world.other);
}

TEST_CASE("a programme without a pool leaves a reversal to the developer") {
  ReversalWorld world;
  world.add_programme(2);
  const auto project = world.add_project(9, world.developer, 2);
  world.add_batch(9, project, 2025, 10, 0);
  auto act = world.body(4);
  act.project = project;
  act.report = world.add_report(9, project);
  const auto row = world.recorded(act);
  CHECK(row.cancelled.empty());
  CHECK(world.obligation(*row.obligation).owed == 4);
  CHECK(world.pool() == 40);
}

TEST_CASE("a reversal of more ranges than its record holds is recorded in parts") {
  // Each range of the pool is a batch of its own.
  IntegrityWorld world;
  for (std::size_t i = 0; i < kSerialRangesMax + 1; ++i) {
    model::BatchRow row;
    row.id.bytes = {1, static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i)};
    row.report = world.report;
    row.project = world.project;
    row.programme = world.programme.id;
    row.developer = world.developer;
    row.vintage = 2025;
    row.prefix = "P";
    row.quantity = 1;
    row.buffer = 1;
    world.change([&](state::Context& context) {
      row.entry = context.index();
      context.write(codec::batch_key(row.id), row);
      state::index_batch(context, row);
      state::create_units(context, {row.id, 1, 1}, IntegrityWorld::in_pool());
      REQUIRE(!state::grow_pool(context, row.programme, 1, {}));
    });
  }
  model::RecordReversal act;
  act.project = world.project;
  act.report = world.report;
  act.quantity = static_cast<Units>(kSerialRangesMax + 1);
  act.cause = "a flood";
  const auto refused = world.run(world.registry, act);
  CHECK(IntegrityWorld::told(refused) == "LIST_TOO_LONG/credentialSubject/quantity");
  act.quantity = static_cast<Units>(kSerialRangesMax);
  REQUIRE(world.run(world.registry, act).ok());
  CHECK(world.all<model::ReversalRow>()[0].cancelled.size() == kSerialRangesMax);
  CHECK(world.pool() == 1);
}
