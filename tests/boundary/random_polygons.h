// Random polygons on a small grid, where touching, shared edges, collinear overlaps, shared corners
// and touching holes are the ordinary case. About half of them are valid.
#pragma once

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "ledger/boundary/boundary.h"

namespace mrv::boundary::test {

using Random = std::mt19937_64;
using RawPolygons = std::vector<RawPolygon>;

inline std::int64_t pick(Random& random, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(high - low + 1));
}
inline bool coin(Random& random, int one_in) { return pick(random, 1, one_in) == 1; }

inline RawRing closed(RawRing ring) {
  if (!ring.empty()) ring.push_back(ring.front());
  return ring;
}

class PolygonSource {
 public:
  explicit PolygonSource(std::uint64_t seed) : random_(seed) {}

  struct Case {
    RawPolygons a;
    RawPolygons b;
  };
  Case next() {
    grid_ = pick(random_, 3, 9);
    Case made;
    made.a = some_polygons();
    made.b = coin(random_, 3) ? relative_of(made.a) : some_polygons();
    const auto placement = some_placement();
    for (auto* polygons : {&made.a, &made.b}) {
      for (auto& polygon : *polygons) {
        for (auto& ring : polygon) {
          for (auto& at : ring) at = placement.moved(at);
        }
      }
    }
    return made;
  }

  Random& random() { return random_; }

 private:
  // Keeps every touch, crossing and side; both polygons of a case get the same one.
  struct Placement {
    std::int64_t xx = 1, xy = 0, yx = 0, yy = 1, dx = 0, dy = 0;
    [[nodiscard]] RawPosition moved(const RawPosition& at) const {
      return {xx * at.longitude + xy * at.latitude + dx, yx * at.longitude + yy * at.latitude + dy};
    }
  };
  Placement some_placement() {
    Placement placement;
    switch (pick(random_, 0, 3)) {
      case 0:
        break;
      case 1:  // sheared
        placement = {3, 1, 1, 2, 0, 0};
        break;
      case 2:  // mirrored and turned
        placement = {0, -1, -1, 0, 0, 0};
        break;
      default:
        placement = {pick(random_, 1, 40'000'000),
                     pick(random_, -20'000'000, 20'000'000),
                     pick(random_, -9'000'000, 9'000'000),
                     pick(random_, 1, 20'000'000),
                     0,
                     0};
        break;
    }
    if (coin(random_, 2)) {
      placement.dx = pick(random_, -700'000'000, 700'000'000);
      placement.dy = pick(random_, -400'000'000, 400'000'000);
    }
    return placement;
  }

  RawPosition some_position() { return {pick(random_, 0, grid_), pick(random_, 0, grid_)}; }

  RawPolygons some_polygons() {
    RawPolygons polygons;
    const auto count = coin(random_, 3) ? pick(random_, 2, 3) : 1;
    for (int i = 0; i < count; ++i) {
      polygons.push_back(some_polygon());
      // Beside each other rather than on top of each other.
      if (coin(random_, 3)) continue;
      const auto dx = pick(random_, -1, 1) * pick(random_, grid_ / 2, grid_);
      const auto dy = pick(random_, -1, 1) * pick(random_, grid_ / 2, grid_);
      for (auto& ring : polygons.back()) {
        for (auto& at : ring) at = {at.longitude + dx, at.latitude + dy};
      }
    }
    return polygons;
  }

  RawPolygon some_polygon() {
    switch (pick(random_, 0, 5)) {
      case 0:
        return {closed(scattered(pick(random_, 3, 5)))};
      case 1:
        return {closed(star(pick(random_, 4, 10)))};
      case 2:
        return {closed(box())};
      case 3: {
        RawPolygon holed = {closed({{0, 0}, {grid_, 0}, {grid_, grid_}, {0, grid_}})};
        const auto holes = pick(random_, 1, 3);
        for (int i = 0; i < holes; ++i) holed.push_back(closed(scattered(3)));
        return holed;
      }
      default:
        return outline();
    }
  }

  RawRing scattered(std::int64_t count) {
    RawRing ring;
    for (std::int64_t i = 0; i < count; ++i) ring.push_back(some_position());
    return ring;
  }

  RawRing box() {
    const auto west = pick(random_, 0, grid_ - 1);
    const auto south = pick(random_, 0, grid_ - 1);
    const auto east = pick(random_, west + 1, grid_);
    const auto north = pick(random_, south + 1, grid_);
    return {{west, south}, {east, south}, {east, north}, {west, north}};
  }

  // Corners by their direction from a centre.
  RawRing star(std::int64_t count) {
    const RawPosition centre{2 * pick(random_, 1, grid_ - 1) + 1,
                             2 * pick(random_, 1, grid_ - 1) + 1};
    RawRing ring = scattered(count);
    const auto half = [&](const RawPosition& at) {
      const auto y = 2 * at.latitude - centre.latitude;
      const auto x = 2 * at.longitude - centre.longitude;
      return y > 0 || (y == 0 && x > 0);
    };
    std::sort(ring.begin(), ring.end(), [&](const RawPosition& a, const RawPosition& b) {
      if (half(a) != half(b)) return half(a);
      const auto cross = (2 * a.longitude - centre.longitude) * (2 * b.latitude - centre.latitude) -
                         (2 * b.longitude - centre.longitude) * (2 * a.latitude - centre.latitude);
      return cross > 0;
    });
    return ring;
  }

  // The outline of a random set of grid squares that grew from one: rings with corners in common.
  RawPolygon outline() {
    std::set<std::pair<std::int64_t, std::int64_t>> squares = {{grid_ / 2, grid_ / 2}};
    const auto steps = pick(random_, 1, grid_ * grid_);
    for (int i = 0; i < steps; ++i) {
      auto from = std::next(squares.begin(),
                            pick(random_, 0, static_cast<std::int64_t>(squares.size()) - 1));
      auto [x, y] = *from;
      (coin(random_, 2) ? x : y) += coin(random_, 2) ? 1 : -1;
      if (x >= 0 && y >= 0 && x < grid_ && y < grid_) squares.insert({x, y});
    }
    return rings_of(squares);
  }

  RawPolygon rings_of(const std::set<std::pair<std::int64_t, std::int64_t>>& squares) {
    using Point = std::pair<std::int64_t, std::int64_t>;
    std::multimap<Point, Point> edges;  // the squares lie left of them
    const auto add = [&](Point from, Point to, Point beyond) {
      if (!squares.contains(beyond)) edges.insert({from, to});
    };
    for (const auto& [x, y] : squares) {
      add({x, y}, {x + 1, y}, {x, y - 1});
      add({x + 1, y}, {x + 1, y + 1}, {x + 1, y});
      add({x + 1, y + 1}, {x, y + 1}, {x, y + 1});
      add({x, y + 1}, {x, y}, {x - 1, y});
    }
    RawPolygon rings;
    const bool cut = !coin(random_, 4);  // where a ring comes back to a corner, or let it touch
    while (!edges.empty()) {
      std::vector<Point> way = {edges.begin()->first};
      do {
        auto [first, last] = edges.equal_range(way.back());
        if (std::next(first) != last && coin(random_, 2)) ++first;
        way.push_back(first->second);
        edges.erase(first);
        const auto again = std::find(way.begin(), std::prev(way.end()), way.back());
        if (cut && again != std::prev(way.end())) {
          rings.push_back(ring_of({again, way.end()}));
          way.erase(std::next(again), way.end());
        }
      } while (way.size() > 1 && way.back() != way.front());
      if (way.size() > 1) rings.push_back(ring_of(way));
    }
    // The ring of the westernmost corner is an outer one.
    const auto west = [&](std::size_t ring) {
      std::int64_t lowest = rings[ring].front().longitude;
      for (const auto& at : rings[ring]) lowest = std::min<std::int64_t>(lowest, at.longitude);
      return std::pair(lowest, ring);
    };
    std::vector<std::pair<std::int64_t, std::size_t>> order;
    for (std::size_t i = 0; i < rings.size(); ++i) order.push_back(west(i));
    std::sort(order.begin(), order.end());
    std::vector<RawRing> sorted;
    for (const auto& [lowest, ring] : order) sorted.push_back(std::move(rings[ring]));
    return sorted;
  }

  // Corners on straight stretches stay or go, at random.
  RawRing ring_of(const std::vector<std::pair<std::int64_t, std::int64_t>>& way) {
    const bool keep_all = coin(random_, 2);
    RawRing ring;
    for (std::size_t i = 0; i + 1 < way.size(); ++i) {
      const auto& before = way[i == 0 ? way.size() - 2 : i - 1];
      const auto& after = way[i + 1];
      const bool straight = before.first == after.first || before.second == after.second;
      if (straight && !keep_all) continue;
      ring.push_back({way[i].first, way[i].second});
    }
    return closed(std::move(ring));
  }

  // Polygons made from others, so that they meet them in every way.
  RawPolygons relative_of(const RawPolygons& others) {
    const RawPolygon& one = others[static_cast<std::size_t>(
        pick(random_, 0, static_cast<std::int64_t>(others.size()) - 1))];
    switch (pick(random_, 0, 5)) {
      case 0:
        return {one};
      case 1: {  // what fills its holes
        RawPolygons fillings;
        for (std::size_t i = 1; i < one.size(); ++i) fillings.push_back({one[i]});
        return fillings.empty() ? RawPolygons{one} : fillings;
      }
      case 2: {  // what lies around it
        RawPolygon around = {
            closed({{-1, -1}, {grid_ + 1, -1}, {grid_ + 1, grid_ + 1}, {-1, grid_ + 1}})};
        if (!one.empty()) around.push_back(one[0]);
        return {around};
      }
      case 3: {  // the same, moved by a step
        RawPolygon moved = one;
        const auto dx = pick(random_, -1, 1);
        const auto dy = pick(random_, -1, 1);
        for (auto& ring : moved) {
          for (auto& at : ring) at = {at.longitude + dx, at.latitude + dy};
        }
        return {moved};
      }
      case 4: {  // the other way round, from another corner on
        RawPolygon turned = one;
        for (auto& ring : turned) {
          if (ring.empty()) continue;
          ring.pop_back();
          std::reverse(ring.begin(), ring.end());
          const auto by = pick(random_, 0, static_cast<std::int64_t>(ring.size()) - 1);
          std::rotate(ring.begin(), ring.begin() + by, ring.end());
          ring = closed(ring);
        }
        return {turned};
      }
      default: {  // with one corner elsewhere
        RawPolygon bent = one;
        if (bent.empty() || bent[0].size() < 3) return {bent};
        RawRing& ring = bent[0];
        ring.pop_back();
        ring[static_cast<std::size_t>(
            pick(random_, 0, static_cast<std::int64_t>(ring.size()) - 1))] = some_position();
        ring = closed(ring);
        return {bent};
      }
    }
  }

  Random random_;
  std::int64_t grid_ = 5;
};

}  // namespace mrv::boundary::test
