// Every pair of intervals over eight serials, a long random walk beside a bitset, and one result by
// many ways: what units.h writes depends on where the units are and on nothing else.
#include <array>
#include <bitset>
#include <random>

#include <doctest/doctest.h>

#include "tests/support/state_world.h"

using namespace mrv;
using model::SerialRange;
using model::UnitState;
using state::Place;

namespace {

constexpr Units kIntervalSerials = 8;

Place active_place(std::uint8_t holder) {
  return {UnitState::active, model::PartyId{{holder}}, std::nullopt};
}
Place pending() { return {UnitState::pending, model::PartyId{{1}}, "trf_1"}; }
Place in_pool() { return {UnitState::buffer, std::nullopt, std::nullopt}; }

struct Interval {
  Units first = 0;
  Units last = 0;
};

std::vector<Interval> all_intervals() {
  std::vector<Interval> intervals;
  for (Units first = 1; first <= kIntervalSerials; ++first) {
    for (Units last = first; last <= kIntervalSerials; ++last) intervals.push_back({first, last});
  }
  return intervals;
}

// Where each serial is, in a plain list.
using Plain = std::array<Place, kIntervalSerials>;

void fill(Plain& plain, const Interval& interval, const Place& place) {
  for (Units serial = interval.first; serial <= interval.last; ++serial) {
    plain[static_cast<std::size_t>(serial - 1)] = place;
  }
}

// The longest runs of equal places, as units.h must find them.
std::vector<state::PlacedRange> runs_of(const Plain& plain, const model::BatchId& batch,
                                        const Interval& part) {
  std::vector<state::PlacedRange> runs;
  for (Units serial = part.first; serial <= part.last; ++serial) {
    const Place& place = plain[static_cast<std::size_t>(serial - 1)];
    if (!runs.empty() && runs.back().place == place) {
      runs.back().range.last = serial;
    } else {
      runs.push_back({{batch, serial, serial}, place});
    }
  }
  return runs;
}

bool same(const std::vector<state::PlacedRange>& a, const std::vector<state::PlacedRange>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.range == y.range && x.place == y.place;
  });
}

// Moves whatever is in the interval to one place, run by run.
void move_all(state::Context& context, const model::BatchId& batch, const Interval& interval,
              const Place& to) {
  for (const auto& run : state::runs_in(context, {batch, interval.first, interval.last})) {
    state::move_units(context, run.range, run.place, to);
  }
}

// The rows of one batch, of one kind, as the state has them.
std::vector<model::SerialRow> stored_runs(state::Context& context, const model::BatchId& batch) {
  std::vector<model::SerialRow> rows;
  context.overlay().scan(codec::serial_key(batch, 0), codec::serial_key(batch, kUnitsMax),
                         [&](ByteView, ByteView value) {
                           rows.push_back(*codec::decode_row<model::SerialRow>(value));
                           return true;
                         });
  return rows;
}

Units units_at(const Plain& plain, const Place& place) {
  return static_cast<Units>(std::count(plain.begin(), plain.end(), place));
}

// What the state says of the batch against the plain list; false at the first difference.
bool agrees(state::Context& context, const model::BatchId& batch, const Plain& plain,
            const std::vector<Interval>& intervals) {
  const auto expected = runs_of(plain, batch, {1, kIntervalSerials});
  const auto rows = stored_runs(context, batch);
  if (rows.size() != expected.size()) return false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const SerialRange range{rows[i].batch, rows[i].first, rows[i].last};
    const Place place{rows[i].state, rows[i].holder, rows[i].reference};
    if (!(range == expected[i].range) || !(place == expected[i].place)) return false;
  }
  for (const auto& part : intervals) {
    const auto found = state::runs_in(context, {batch, part.first, part.last});
    if (!same(found, runs_of(plain, batch, part))) return false;
  }
  for (const std::uint8_t holder : std::array<std::uint8_t, 2>{1, 2}) {
    const auto holding =
        context.read<model::HoldingRow>(codec::holding_key(model::PartyId{{holder}}, batch));
    const Units said = holding ? holding->active : 0;
    if (said != units_at(plain, active_place(holder))) return false;
    if (holder == 1 && holding && holding->pending != units_at(plain, pending())) return false;
  }
  Units left = 3;
  for (const auto& range : state::lowest_buffer(context, batch, 3)) {
    for (Units serial = range.first; serial <= range.last; ++serial, --left) {
      if (!(plain[static_cast<std::size_t>(serial - 1)] == in_pool())) return false;
    }
  }
  return 3 - left == std::min<Units>(3, units_at(plain, in_pool()));
}

}  // namespace

TEST_CASE("every pair of moves over every pair of intervals of eight serials") {
  const auto intervals = all_intervals();
  REQUIRE(intervals.size() == 36);
  const std::array<Place, 2> first_places = {active_place(2), in_pool()};
  const std::array<Place, 4> places = {active_place(1), active_place(2), pending(), in_pool()};
  const model::BatchId batch{{7}};
  std::size_t cases = 0;
  std::size_t wrong = 0;
  test::StateWorld world;
  for (const auto& one : intervals) {
    for (const auto& other : intervals) {
      for (std::size_t pick = 0; pick < first_places.size() * places.size(); ++pick) {
        const Place& first_to = first_places[pick / places.size()];
        const Place& second_to = places[pick % places.size()];
        world.look([&](state::Context& context) {
          Plain plain;
          fill(plain, {1, kIntervalSerials}, active_place(1));
          state::create_units(context, {batch, 1, kIntervalSerials}, active_place(1));
          move_all(context, batch, one, first_to);
          fill(plain, one, first_to);
          move_all(context, batch, other, second_to);
          fill(plain, other, second_to);
          ++cases;
          const bool every_part = cases % 7 == 0;  // all 36 parts of each seventh case
          if (!agrees(context, batch, plain, every_part ? intervals : std::vector{one, other})) {
            ++wrong;
          }
        });
      }
    }
  }
  CHECK(cases == 36 * 36 * 8);
  CHECK(wrong == 0);
}

TEST_CASE("a batch created in parts, in any order, is the batch created at once") {
  const model::BatchId batch{{7}};
  const auto intervals = all_intervals();
  std::size_t cases = 0;
  test::StateWorld world;
  for (const auto& part : intervals) {
    for (const bool same_place : {true, false}) {
      world.look([&](state::Context& context) {
        const Place inner = same_place ? active_place(1) : in_pool();
        Plain plain;
        fill(plain, {1, kIntervalSerials}, active_place(1));
        fill(plain, part, inner);
        state::create_units(context, {batch, part.first, part.last}, inner);
        if (part.last < kIntervalSerials) {
          state::create_units(context, {batch, part.last + 1, kIntervalSerials}, active_place(1));
        }
        if (part.first > 1)
          state::create_units(context, {batch, 1, part.first - 1}, active_place(1));
        CHECK(agrees(context, batch, plain, intervals));
        ++cases;
      });
    }
  }
  CHECK(cases == 72);
}

TEST_CASE("a long random walk agrees with a bitset") {
  constexpr Units kMany = 64;
  using Bits = std::bitset<kMany>;
  const model::BatchId batch{{9}};
  std::mt19937 random(5);
  test::StateWorld world;
  Bits bits;  // which serials the second holder has
  world.change([&](state::Context& context) {
    state::create_units(context, {batch, 1, kMany}, active_place(1));
  });
  for (int step = 0; step < 1'500; ++step) {
    const auto a = static_cast<Units>(1 + random() % kMany);
    const auto b = static_cast<Units>(1 + random() % kMany);
    const SerialRange range{batch, std::min(a, b), std::max(a, b)};
    const bool to_second = random() % 2 == 1;
    world.change([&](state::Context& context) {
      for (const auto& run : state::runs_in(context, range)) {
        const bool second = run.place == active_place(2);
        for (Units serial = run.range.first; serial <= run.range.last; ++serial) {
          REQUIRE(bits[static_cast<std::size_t>(serial - 1)] == second);
        }
        state::move_units(context, run.range, run.place, active_place(to_second ? 2 : 1));
      }
    });
    for (Units serial = range.first; serial <= range.last; ++serial) {
      bits[static_cast<std::size_t>(serial - 1)] = to_second;
    }
    const Bits changes = (bits ^ (bits << 1)) & ~Bits(1);
    CHECK(world.all<model::SerialRow>().size() == changes.count() + 1);
    const auto holding = world.state().get(codec::holding_key(model::PartyId{{2}}, batch));
    const Units held = holding ? codec::decode_row<model::HoldingRow>(*holding)->active : 0;
    CHECK(held == static_cast<Units>(bits.count()));
  }
}

TEST_CASE("runs and their indexes do not remember by which way the units came") {
  const model::BatchId batch{{3}};
  const std::array<Place, 4> places = {active_place(1), active_place(2), pending(), in_pool()};
  std::mt19937 random(11);
  using Rows = std::map<Bytes, Bytes>;
  // Serials and the two indexes of runs; a holding stays behind with nothing in it.
  const auto kept = [](const state::MemoryState& state) {
    Rows rows;
    for (const auto& [key, value] : state.rows()) {
      const bool is_run = key[0] == model::SerialRow::kTag || key[0] == codec::kActiveRunTag ||
                          key[0] == codec::kPoolRunTag;
      if (is_run) rows[key] = value;
    }
    return rows;
  };
  for (int round = 0; round < 60; ++round) {
    Plain target;
    for (auto& place : target) place = places[random() % places.size()];
    std::optional<Rows> first_way;
    for (int way = 0; way < 4; ++way) {
      test::StateWorld world;
      world.change([&](state::Context& context) {
        state::create_units(context, {batch, 1, kIntervalSerials}, active_place(1));
        for (int detour = 0; detour < 6 * way; ++detour) {
          const auto at = static_cast<Units>(1 + random() % kIntervalSerials);
          const Units last =
              std::min<Units>(kIntervalSerials, at + static_cast<Units>(random() % 4));
          move_all(context, batch, {at, last}, places[random() % places.size()]);
        }
        std::array<Units, kIntervalSerials> order = {1, 2, 3, 4, 5, 6, 7, 8};
        std::shuffle(order.begin(), order.end(), random);
        for (const Units serial : order) {
          move_all(context, batch, {serial, serial}, target[static_cast<std::size_t>(serial - 1)]);
        }
      });
      auto rows = kept(world.state());
      if (!first_way) first_way = std::move(rows);
      CHECK(*first_way == kept(world.state()));
    }
  }
}

TEST_CASE("the parts of a range end at its ends and at their number") {
  const model::BatchId batch{{3}};
  test::StateWorld world;
  world.look([&](state::Context& context) {
    CHECK(state::runs_in(context, {batch, 1, 8}).empty());
    state::create_units(context, {batch, 1, 8}, active_place(1));
    state::move_units(context, {batch, 3, 4}, active_place(1), active_place(2));
    const auto runs = state::runs_in(context, {batch, 2, 20});
    REQUIRE(runs.size() == 3);
    CHECK(runs[0].range == SerialRange{batch, 2, 2});
    CHECK(runs[1].range == SerialRange{batch, 3, 4});
    CHECK(runs[2].range == SerialRange{batch, 5, 8});
    CHECK(state::runs_in(context, {batch, 2, 20}, 2).size() == 2);
    CHECK(state::runs_in(context, {batch, 2, 20}, 0).empty());
    CHECK(state::runs_in(context, {batch, 9, 20}).empty());
  });
}

TEST_CASE("buffer runs that an older ledger never indexed are found once they are indexed") {
  const model::BatchId batch{{3}};
  test::StateWorld world;
  world.look([&](state::Context& context) {
    state::create_units(context, {batch, 1, 8}, active_place(1));
    state::move_units(context, {batch, 2, 3}, active_place(1), in_pool());
    state::move_units(context, {batch, 7, 8}, active_place(1), in_pool());
    for (const Units last : {3, 8}) context.overlay().erase(codec::pool_run_key(batch, last));
    REQUIRE(state::lowest_buffer(context, batch, 9).empty());
    state::index_buffer(context, batch);
    CHECK(state::lowest_buffer(context, batch, 3) ==
          std::vector<SerialRange>{{batch, 2, 3}, {batch, 7, 7}});
    CHECK(state::lowest_buffer(context, batch, 9) ==
          std::vector<SerialRange>{{batch, 2, 3}, {batch, 7, 8}});
    CHECK(state::lowest_buffer(context, batch, 0).empty());
  });
}
