// Moving units, against one place per serial kept in a plain list.
#include "ledger/state/units.h"

#include <random>

#include <doctest/doctest.h>

#include "tests/support/state_world.h"

using namespace mrv;
using model::SerialRange;
using model::UnitState;
using state::Place;

namespace {

constexpr Units kSerials = 24;
const model::BatchId kBatch{{9}};

Place active(std::uint8_t holder) {
  return {UnitState::active, model::PartyId{{holder}}, std::nullopt};
}

// Runs as they must be: maximal runs of equal places.
std::vector<SerialRange> maximal_runs(const std::vector<Place>& places) {
  std::vector<SerialRange> runs;
  for (Units serial = 1; serial <= kSerials; ++serial) {
    const auto at = static_cast<std::size_t>(serial - 1);
    const bool joins = serial > 1 && places[at] == places[at - 1];
    if (joins) {
      runs.back().last = serial;
    } else {
      runs.push_back({kBatch, serial, serial});
    }
  }
  return runs;
}

void check_state(const test::StateWorld& world, const std::vector<Place>& places) {
  const auto rows = world.all<model::SerialRow>();
  const auto expected = maximal_runs(places);
  REQUIRE(rows.size() == expected.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& place = places[static_cast<std::size_t>(rows[i].first - 1)];
    CHECK(SerialRange{rows[i].batch, rows[i].first, rows[i].last} == expected[i]);
    CHECK(Place{rows[i].state, rows[i].holder, rows[i].reference} == place);
  }
  for (const auto& holding : world.all<model::HoldingRow>()) {
    std::map<UnitState, Units> totals;
    for (const auto& place : places) {
      if (place.holder == holding.holder) totals[place.state] += 1;
    }
    CHECK(holding.active == totals[UnitState::active]);
    CHECK(holding.pending == totals[UnitState::pending]);
    CHECK(holding.retired == totals[UnitState::retired]);
  }
}

}  // namespace

TEST_CASE("random moves keep every serial in one place, runs maximal and totals right") {
  std::mt19937 random(21);
  for (int program = 0; program < 25; ++program) {
    test::StateWorld world;
    std::vector<Place> places(kSerials, active(1));
    world.change([&](state::Context& context) {
      state::create_units(context, {kBatch, 1, kSerials}, active(1));
    });
    for (int step = 0; step < 40; ++step) {
      const auto first = static_cast<Units>(1 + random() % kSerials);
      const Place from = places[static_cast<std::size_t>(first - 1)];
      Units last = first;
      while (last < kSerials && places[static_cast<std::size_t>(last)] == from && random() % 4) {
        ++last;
      }
      Place to = active(static_cast<std::uint8_t>(1 + random() % 3));
      if (random() % 4 == 0) {
        to.state = UnitState::pending;
        to.reference = "trf_" + std::to_string(random() % 2);
      }
      if (random() % 9 == 0) to = {UnitState::buffer, std::nullopt, std::nullopt};
      world.change([&](state::Context& context) {
        state::move_units(context, {kBatch, first, last}, from, to);
      });
      for (Units serial = first; serial <= last; ++serial) {
        places[static_cast<std::size_t>(serial - 1)] = to;
      }
      check_state(world, places);
    }
  }
}

TEST_CASE("legs resolve lowest first, each on what the earlier ones left") {
  test::StateWorld world;
  model::BatchRow batch;
  batch.id = kBatch;
  batch.prefix = "P";
  batch.vintage = 2025;
  batch.quantity = kSerials;
  world.put(codec::batch_key(kBatch), batch);
  const model::PartyId holder{{1}};
  world.change([&](state::Context& context) {
    state::create_units(context, {kBatch, 1, kSerials}, active(1));
    state::move_units(context, {kBatch, 5, 8}, active(1), active(2));
  });
  const auto resolve = [&](const std::vector<model::Leg>& legs, std::vector<SerialRange>& out) {
    std::string name;
    world.change([&](state::Context& context) {
      const auto check = state::resolve_legs(context, holder, legs, out);
      if (check) name = std::string(model::describe_outcome(check->outcome).name);
    });
    return name;
  };
  const auto range = [](Units first, Units last) {
    return model::Leg{kBatch, first, last, std::nullopt};
  };
  const auto quantity = [](Units units) {
    return model::Leg{kBatch, std::nullopt, std::nullopt, units};
  };
  std::vector<SerialRange> out;
  CHECK(resolve({range(2, 3), quantity(4)}, out).empty());
  CHECK(out ==
        std::vector<SerialRange>{{kBatch, 2, 3}, {kBatch, 1, 1}, {kBatch, 4, 4}, {kBatch, 9, 10}});
  out.clear();
  CHECK(resolve({quantity(20)}, out).empty());
  CHECK(resolve({quantity(21)}, out) == "UNITS_NOT_HELD");
  CHECK(resolve({range(4, 5)}, out) == "UNITS_NOT_HELD");
  CHECK(resolve({range(5, 8)}, out) == "UNITS_NOT_HELD");
  CHECK(resolve({range(2, 3), range(3, 4)}, out) == "UNITS_NOT_HELD");
  CHECK(resolve({quantity(1), range(1, 1)}, out) == "UNITS_NOT_HELD");
  CHECK(resolve({range(kSerials, kSerials + 1)}, out) == "UNITS_NOT_HELD");
  CHECK(resolve({range(3, 2)}, out) == "LEG_INVALID");
  CHECK(resolve({quantity(0)}, out) == "LEG_INVALID");
  CHECK(resolve({model::Leg{kBatch, 1, std::nullopt, std::nullopt}}, out) == "LEG_INVALID");
  CHECK(resolve({model::Leg{kBatch, 1, 1, 1}}, out) == "LEG_INVALID");
  CHECK(resolve({model::Leg{model::BatchId{{1}}, 1, 1, std::nullopt}}, out) == "BATCH_UNKNOWN");
}

TEST_CASE("names reserved for later versions are no states yet") {
  constexpr Units kOne = 1;
  for (const std::string name : {"first-transferred", "omge", "share-of-proceeds", "active"}) {
    model::SerialRow row;
    row.batch = model::BatchId{{1}};
    row.first = kOne;
    row.last = kOne;
    std::string text(as_text(codec::encode_row(row)));
    const auto at = text.find("\"active\"");
    REQUIRE(at != std::string::npos);
    text.replace(at, sizeof("\"active\"") - 1, "\"" + name + "\"");
    CHECK(codec::decode_row<model::SerialRow>(as_bytes(text)).ok() == (name == "active"));
  }
}
