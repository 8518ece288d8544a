// Obligations: opened, made good part by part, found while they are open and no longer.
#include "ledger/state/obligations.h"

#include <doctest/doctest.h>

#include "tests/support/integrity_world.h"

using namespace mrv;
using model::ObligationCause;
using model::ObligationState;
using model::SerialRange;
using state::Debt;
using test::IntegrityWorld;

namespace {

constexpr std::int64_t kDayMs = 86'400'000;

struct ObligationsWorld : IntegrityWorld {
  model::BatchId batch = add_batch(1, project, 2025, 100, 20);
  model::BatchId later = add_batch(2, neighbour, 2026, 100, 0);

  // Of the developer, due in a day.
  model::ObligationId open(Units quantity, std::vector<model::BatchId> batches = {},
                           std::optional<model::PartyId> by = std::nullopt) {
    state::NewObligation what;
    what.party = by.value_or(developer);
    what.programme = programme.id;
    what.batches = std::move(batches);
    what.quantity = quantity;
    what.deadline = TimestampMs{now.value() + kDayMs};
    // An id of its own for each: the digest of the act that opens it.
    model::VerifiedAct act;
    act.digest[0] = ++opened_;
    model::ObligationId id;
    change([&](state::Context& context) {
      context.set_act(act);
      id = state::open_obligation(context, what);
    });
    test::check_conservation(state());
    return id;
  }

  std::string read(const model::ObligationId& id, const model::PartyId& by) {
    state::Check check;
    look([&](state::Context& context) {
      model::ObligationRow row;
      check = state::read_obligation(context, id, by, row);
      if (!check) CHECK(row.id == id);
    });
    return check ? std::string(model::describe_outcome(check->outcome).name) + check->pointer : "";
  }
  std::string compensates(const model::ObligationId& id, const std::vector<SerialRange>& serials,
                          Debt debt = Debt::owed) {
    state::Check check;
    look([&](state::Context& context) {
      check = state::check_compensation(context, obligation(id), serials, debt);
    });
    return check ? std::string(model::describe_outcome(check->outcome).name) + check->pointer : "";
  }
  void discharge(const model::ObligationId& id, Units units, Debt debt = Debt::owed) {
    change([&](state::Context& context) {
      auto row = *context.read<model::ObligationRow>(codec::obligation_key(id));
      state::discharge(context, row, debt, units);
    });
    test::check_conservation(state());
  }
  bool is_open(const model::PartyId& party) {
    bool found = false;
    look([&](state::Context& context) { found = state::has_open_obligation(context, party); });
    return found;
  }
  bool is_overdue(const model::PartyId& party) {
    bool found = false;
    look([&](state::Context& context) { found = state::has_overdue_obligation(context, party); });
    return found;
  }

 private:
  std::uint8_t opened_ = 0;
};

constexpr const char* kNotAccepted = "COMPENSATION_NOT_ACCEPTED/credentialSubject/legs";
constexpr const char* kExceeded = "OBLIGATION_EXCEEDED/credentialSubject/legs";

}  // namespace

TEST_CASE("an obligation is open until both parts are zero, and found while it is open") {
  ObligationsWorld world;
  CHECK(!world.is_open(world.developer));
  const auto id = world.open(10, {world.batch});
  auto row = world.obligation(id);
  CHECK(row.quantity == 10);
  CHECK(row.owed == 10);
  CHECK(row.owed_to_pool == 0);
  CHECK(row.state == ObligationState::open);
  CHECK(row.opened_at == world.now);
  CHECK(world.is_open(world.developer));
  CHECK(!world.is_open(world.other));
  world.discharge(id, 4);
  CHECK(world.obligation(id).owed == 6);
  CHECK(world.is_open(world.developer));
  row = world.obligation(id);
  row.owed = 5;
  row.owed_to_pool = 1;
  world.put(codec::obligation_key(id), row);
  world.discharge(id, 5);
  CHECK(world.is_open(world.developer));
  world.discharge(id, 1, Debt::owed_to_pool);
  CHECK(world.obligation(id).state == ObligationState::discharged);
  CHECK(world.obligation(id).discharged.has_value());
  CHECK(!world.is_open(world.developer));
}

TEST_CASE("an obligation is overdue after its deadline, and never once it is made good") {
  ObligationsWorld world;
  const auto id = world.open(10);
  world.pass(kDayMs);
  CHECK(!world.is_overdue(world.developer));
  world.pass(1);
  CHECK(world.is_overdue(world.developer));
  CHECK(!world.is_overdue(world.other));
  const auto young = world.open(1);
  CHECK(world.is_overdue(world.developer));
  world.discharge(id, 10);
  CHECK(!world.is_overdue(world.developer));
  CHECK(world.is_open(world.developer));
  world.discharge(young, 1);
}

TEST_CASE("whose obligation it is comes after whether it is open, and that after whether it is") {
  ObligationsWorld world;
  constexpr const char* kAt = "/credentialSubject/obligation";
  CHECK(world.read(model::ObligationId{{200}}, world.buyer) ==
        std::string("OBLIGATION_UNKNOWN") + kAt);
  const auto id = world.open(10);
  CHECK(world.read(id, world.developer).empty());
  CHECK(world.read(id, world.buyer) == std::string("OBLIGATION_NOT_YOURS") + kAt);
  world.discharge(id, 10);
  CHECK(world.read(id, world.buyer) == std::string("OBLIGATION_CLOSED") + kAt);
  CHECK(world.read(id, world.developer) == std::string("OBLIGATION_CLOSED") + kAt);
}

TEST_CASE("for a party that may hold no units anybody may make good") {
  ObligationsWorld world;
  for (const auto& party : {world.vvb, world.registry}) {
    const auto id = world.open(10, {}, party);
    CHECK(world.read(id, world.buyer).empty());
    CHECK(world.read(id, world.developer).empty());
  }
}

TEST_CASE("only units of the programme, of an accepted vintage and beyond doubt compensate") {
  ObligationsWorld world;
  const auto id = world.open(10);
  CHECK(world.compensates(id, {{world.batch, 1, 10}}).empty());
  CHECK(world.compensates(id, {{world.batch, 1, 5}, {world.later, 1, 5}}).empty());
  SUBCASE("another programme") {
    world.add_programme(2);
    const auto project = world.add_project(9, world.developer, 2);
    const auto foreign = world.add_batch(9, project, 2025, 10, 0);
    CHECK(world.compensates(id, {{world.batch, 1, 1}, {foreign, 1, 1}}) == kNotAccepted);
  }
  SUBCASE("a vintage on either side of the first accepted one") {
    world.integrity().compensation_vintage_from = 2026;
    world.store();
    CHECK(world.compensates(id, {{world.batch, 1, 1}}) == kNotAccepted);
    CHECK(world.compensates(id, {{world.later, 1, 1}}).empty());
  }
  SUBCASE("a batch of which anything was invalidated") {
    auto row = world.batch_row(world.batch);
    row.invalidations = {model::InvalidationId{{1}}};
    world.put(codec::batch_key(row.id), row);
    CHECK(world.compensates(id, {{world.batch, 1, 1}}) == kNotAccepted);
  }
  SUBCASE("a batch under another open obligation, until that is made good") {
    const auto doubt = world.open(3, {world.batch, world.later});
    CHECK(world.compensates(id, {{world.batch, 1, 1}}) == kNotAccepted);
    CHECK(world.compensates(id, {{world.later, 1, 1}}) == kNotAccepted);
    // Its own batches compensate it.
    CHECK(world.compensates(doubt, {{world.batch, 1, 3}}).empty());
    const auto more = world.open(3, {world.batch});
    CHECK(world.compensates(doubt, {{world.batch, 1, 3}}) == kNotAccepted);
    world.discharge(more, 3);
    world.discharge(doubt, 3);
    CHECK(world.compensates(id, {{world.batch, 1, 1}}).empty());
  }
}

TEST_CASE("no more units compensate than are owed, each part by itself") {
  ObligationsWorld world;
  const auto id = world.open(10);
  auto row = world.obligation(id);
  row.owed = 7;
  row.owed_to_pool = 3;
  world.put(codec::obligation_key(id), row);
  CHECK(world.compensates(id, {{world.batch, 1, 7}}).empty());
  CHECK(world.compensates(id, {{world.batch, 1, 8}}) == kExceeded);
  CHECK(world.compensates(id, {{world.batch, 1, 6}, {world.later, 1, 2}}) == kExceeded);
  CHECK(world.compensates(id, {{world.batch, 1, 3}}, Debt::owed_to_pool).empty());
  CHECK(world.compensates(id, {{world.batch, 1, 4}}, Debt::owed_to_pool) == kExceeded);
  // What they are comes before how many.
  world.integrity().compensation_vintage_from = 2026;
  world.store();
  CHECK(world.compensates(id, {{world.batch, 1, 50}}) == kNotAccepted);
  CHECK(world.compensates(id, {{world.later, 1, 50}}) == kExceeded);
}
