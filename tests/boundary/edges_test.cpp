// The machinery by itself: sides, contacts, the sweep, the order of touches, locating a point.
#include "ledger/boundary/edges.h"

#include <algorithm>
#include <random>
#include <set>

#include <doctest/doctest.h>

using namespace mrv::boundary;

namespace {

Edge edge(Position from, Position to) {
  Edges edges;
  add_edges({from, to}, 0, edges);
  return edges[0];
}

Edges ring(const Ring& corners, std::uint32_t number = 0) {
  Edges edges;
  add_edges(corners, number, edges);
  return edges;
}

std::vector<Position> places(const std::vector<Touch>& touches, std::size_t edge) {
  std::vector<Position> found;
  for (const auto& touch : touches) {
    if (touch.edge == edge) found.push_back(touch.at);
  }
  return found;
}

std::set<Position> touch_places(const Contact& contact) {
  return {contact.touches.begin(),
          contact.touches.begin() + static_cast<std::ptrdiff_t>(contact.touch_count)};
}

using Random = std::mt19937_64;
Position some_position(Random& random, std::int32_t size) {
  const auto part = [&] {
    return static_cast<std::int32_t>(random() % static_cast<unsigned>(size));
  };
  const auto longitude = part();
  return {longitude, part()};
}

}  // namespace

TEST_CASE("sides of the longest lines are exact") {
  const Position low{-kLongitudeMax, -kLatitudeMax};
  const Position high{kLongitudeMax, kLatitudeMax};
  CHECK(side_of(low, high, Position{0, 0}) == 0);
  CHECK(side_of(low, high, Position{0, 1}) == 1);
  CHECK(side_of(low, high, Position{1, 0}) == -1);
  CHECK(side_of(high, low, Position{0, 1}) == -1);
  CHECK(side_of(low, high, Position{2, 1}) == 0);
  CHECK(side_of(low, high, DoubledPosition{1, 1}) == 1);
  CHECK(side_of(low, high, DoubledPosition{1, 0}) == -1);
  CHECK(side_of(low, Position{kLongitudeMax, kLatitudeMax - 1}, high) == 1);
  CHECK(side_of(low, Position{-kLongitudeMax, kLatitudeMax}, high) == -1);
  CHECK(turning_of({low, {kLongitudeMax, -kLatitudeMax}, high, {-kLongitudeMax, kLatitudeMax}}) ==
        1);
  CHECK(turning_of({low, high, {0, 0}}) == 0);
}

TEST_CASE("how two edges meet") {
  const Edge along = edge({0, 0}, {8, 0});
  const auto contact = [&](Position from, Position to) {
    const Contact one = contact_of(along, edge(from, to));
    const Contact other = contact_of(edge(from, to), along);
    CHECK(one.crosses == other.crosses);
    CHECK(one.common == other.common);
    CHECK(touch_places(one) == touch_places(other));
    return one;
  };
  CHECK(contact({4, -2}, {5, 3}).crosses);
  CHECK(contact({4, -2}, {5, 3}).touch_count == 0);
  CHECK(!contact({4, 0}, {5, 3}).crosses);
  CHECK(touch_places(contact({4, 0}, {5, 3})) == std::set<Position>{{4, 0}});
  CHECK(touch_places(contact({8, 0}, {8, 3})) == std::set<Position>{{8, 0}});
  CHECK(touch_places(contact({-3, -1}, {3, 1})) == std::set<Position>{{0, 0}});
  CHECK(contact({-3, -1}, {3, 1}).crosses == false);
  CHECK(contact({9, -1}, {9, 1}).touch_count == 0);
  // On the same line: apart, end to end, overlapping, inside, equal.
  CHECK(contact({9, 0}, {12, 0}).touch_count == 0);
  CHECK(touch_places(contact({8, 0}, {12, 0})) == std::set<Position>{{8, 0}});
  CHECK(!contact({8, 0}, {12, 0}).common);
  CHECK(contact({6, 0}, {12, 0}).common);
  CHECK(contact({6, 0}, {12, 0}).same_direction);
  CHECK(touch_places(contact({6, 0}, {12, 0})) == std::set<Position>{{6, 0}, {8, 0}});
  CHECK(!contact({5, 0}, {3, 0}).same_direction);
  CHECK(contact({0, 0}, {8, 0}).common);
}

TEST_CASE("the sweep finds every pair that meets, once") {
  Random random(5);
  for (int round = 0; round < 300; ++round) {
    Edges edges;
    for (int i = 0; i < 30; ++i) {
      const Position from = some_position(random, 12);
      const Position to = some_position(random, 12);
      if (from == to) continue;
      edges.push_back(edge(from, to));
      edges.back().ring = static_cast<std::uint32_t>(edges.size());
    }
    using Pair = std::pair<std::uint32_t, std::uint32_t>;
    std::vector<Pair> found;
    each_contact(edges, [&found](const Edge& e, const Edge& f, const Contact&) {
      found.emplace_back(std::min(e.ring, f.ring), std::max(e.ring, f.ring));
      return true;
    });
    std::vector<Pair> expected;
    for (std::size_t i = 0; i < edges.size(); ++i) {
      for (std::size_t j = i + 1; j < edges.size(); ++j) {
        const Contact contact = contact_of(edges[i], edges[j]);
        if (contact.crosses || contact.touch_count > 0) {
          expected.emplace_back(edges[i].ring, edges[j].ring);
        }
      }
    }
    std::sort(found.begin(), found.end());
    std::sort(expected.begin(), expected.end());
    CHECK(found == expected);
  }
}

TEST_CASE("the sweep ends when it is told to") {
  const Edges edges = ring({{0, 0}, {4, 0}, {4, 4}});
  int visits = 0;
  each_contact(edges, [&visits](const Edge&, const Edge&, const Contact&) {
    ++visits;
    return false;
  });
  CHECK(visits == 1);
}

TEST_CASE("touches come in the order of the edge, in whichever direction it runs") {
  // Teeth whose tips touch the long edge in (2, y), and one whose side lies along it.
  const Ring teeth = {{9, 1},  {9, 20}, {2, 18}, {5, 16}, {2, 14}, {5, 12},
                      {2, 10}, {2, 8},  {5, 6},  {2, 4},  {5, 2}};
  const std::vector<Position> down = {{2, 18}, {2, 14}, {2, 10}, {2, 8}, {2, 4}};
  for (const bool falls : {true, false}) {
    Edges line = {falls ? edge({2, 19}, {2, 3}) : edge({2, 3}, {2, 19})};
    const Meeting meeting = meet(line, ring(teeth));
    CHECK(!meeting.crosses);
    CHECK(meeting.common_same == falls);
    if (falls) continue;
    CHECK(meeting.common_opposite);
    auto expected = down;
    std::reverse(expected.begin(), expected.end());
    CHECK(places(meeting.on_a, 0) == expected);
    for (const auto& touch : meeting.on_a)
      CHECK(touch.starts_common == (touch.at == Position{2, 8}));
  }
  Ring mirrored = teeth;
  std::reverse(mirrored.begin(), mirrored.end());
  const Meeting meeting = meet({edge({2, 19}, {2, 3})}, ring(mirrored));
  CHECK(!meeting.common_same);
  CHECK(places(meeting.on_a, 0) == down);
  for (const auto& touch : meeting.on_a)
    CHECK(touch.starts_common == (touch.at == Position{2, 10}));
}

TEST_CASE("a stretch is judged between its own touches, and each ring from its own beginning") {
  // The area west of the teeth; of the line's stretches only some are inside.
  const Edges area = ring({{0, 0}, {10, 0}, {10, 10}, {5, 5}, {0, 10}});
  const Edges through = {edge({0, 8}, {10, 2})};
  const Meeting meeting = meet(through, area);
  CHECK(!meeting.crosses);
  CHECK(places(meeting.on_a, 0) == std::vector<Position>{{0, 8}, {5, 5}, {10, 2}});
  CHECK(any_stretch(through, meeting.on_a, area, Location::inside));
  CHECK(!any_stretch(through, meeting.on_a, area, Location::outside));
  const Edges over = {edge({0, 10}, {10, 10})};
  const Meeting above = meet(over, area);
  CHECK(any_stretch(over, above.on_a, area, Location::outside));
  CHECK(!any_stretch(over, above.on_a, area, Location::inside));
  // The first ring is outside, the second inside, and nothing touches.
  Edges two = ring({{20, 20}, {22, 20}, {22, 22}});
  add_edges({{2, 2}, {3, 2}, {3, 3}}, 1, two);
  CHECK(any_stretch(two, meet(two, area).on_a, area, Location::inside));
}

TEST_CASE("a point is inside, outside or on the edge, whatever corner its ray meets") {
  // A ring with horizontal edges, corners on one height, and a hole.
  Edges rings = ring({{0, 0}, {4, 4}, {8, 4}, {12, 0}, {16, 4}, {16, 12}, {8, 8}, {0, 12}});
  add_edges({{4, 6}, {4, 8}, {6, 8}, {6, 6}}, 1, rings);
  const auto at = [&](std::int64_t x, std::int64_t y) { return locate({2 * x, 2 * y}, rings); };
  CHECK(at(2, 4) == Location::inside);
  CHECK(at(1, 8) == Location::inside);
  CHECK(at(10, 4) == Location::inside);
  CHECK(at(5, 4) == Location::on_edge);
  CHECK(at(8, 4) == Location::on_edge);
  CHECK(at(5, 7) == Location::outside);
  CHECK(at(4, 7) == Location::on_edge);
  CHECK(at(5, 6) == Location::on_edge);
  CHECK(at(7, 7) == Location::inside);
  CHECK(at(8, 2) == Location::outside);
  CHECK(at(-1, 4) == Location::outside);
  CHECK(at(-1, 0) == Location::outside);
  CHECK(at(8, 12) == Location::outside);
  CHECK(at(17, 4) == Location::outside);
  CHECK(at(14, 2) == Location::on_edge);
  CHECK(locate({29, 4}, rings) == Location::outside);
  CHECK(locate({27, 4}, rings) == Location::inside);
}
