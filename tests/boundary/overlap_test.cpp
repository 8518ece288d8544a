// Ground in common or not: each way in which two polygons can meet.
#include "ledger/boundary/overlap.h"

#include <algorithm>

#include "tests/boundary/shapes.h"

using namespace mrv;
using namespace mrv::boundary;
using boundary::test::box;
using boundary::test::made;
using boundary::test::ring;

namespace {

// Either way round, and with both polygons turned and mirrored.
bool overlap(const std::vector<RawPolygon>& a, const std::vector<RawPolygon>& b) {
  const bool answer = interiors_intersect(made(a), made(b));
  const auto moved = [](std::vector<RawPolygon> polygons, auto move) {
    for (auto& polygon : polygons) {
      for (auto& each : polygon) {
        for (auto& at : each) at = move(at);
        std::reverse(each.begin(), each.end());
      }
    }
    return made(std::move(polygons));
  };
  const auto turn = [](RawPosition at) { return RawPosition{-at.latitude, at.longitude}; };
  const auto mirror = [](RawPosition at) { return RawPosition{-at.longitude, at.latitude}; };
  const auto shear = [](RawPosition at) {
    return RawPosition{3 * at.longitude + at.latitude, at.longitude + 2 * at.latitude};
  };
  const auto far = [](RawPosition at) {
    return RawPosition{at.longitude + kLongitudeMax - 1'000, at.latitude - kLatitudeMax + 1'000};
  };
  CHECK(interiors_intersect(made(b), made(a)) == answer);
  CHECK(interiors_intersect(moved(a, turn), moved(b, turn)) == answer);
  CHECK(interiors_intersect(moved(b, mirror), moved(a, mirror)) == answer);
  CHECK(interiors_intersect(moved(a, shear), moved(b, shear)) == answer);
  CHECK(interiors_intersect(moved(b, far), moved(a, far)) == answer);
  return answer;
}

}  // namespace

TEST_CASE("polygons that lie apart do not overlap") {
  CHECK(!overlap({{box(0, 0, 4, 4)}}, {{box(6, 0, 9, 4)}}));
  // Boxes overlap, polygons do not.
  CHECK(!overlap({{ring({{0, 0}, {9, 0}, {0, 9}})}}, {{ring({{9, 9}, {9, 2}, {2, 9}})}}));
  CHECK(!overlap({{ring({{0, 0}, {9, 0}, {9, 1}, {1, 1}, {1, 9}, {0, 9}})}}, {{box(2, 2, 8, 8)}}));
}

TEST_CASE("crossing polygons overlap") {
  CHECK(overlap({{box(0, 0, 4, 4)}}, {{box(2, 2, 9, 9)}}));
  CHECK(overlap({{box(0, 2, 9, 4)}}, {{box(2, 0, 4, 9)}}));
  CHECK(overlap({{ring({{0, 0}, {10, 0}, {5, 10}})}}, {{ring({{0, 7}, {10, 7}, {5, -3}})}}));
}

TEST_CASE("neighbours that share an edge, a part of one or a corner do not overlap") {
  CHECK(!overlap({{box(0, 0, 4, 4)}}, {{box(4, 0, 8, 4)}}));
  CHECK(!overlap({{box(0, 0, 4, 4)}}, {{box(4, 2, 8, 9)}}));
  CHECK(!overlap({{box(0, 0, 4, 4)}}, {{box(4, 1, 8, 3)}}));
  CHECK(!overlap({{box(0, 0, 4, 4)}}, {{box(4, 4, 8, 8)}}));
  CHECK(!overlap({{box(0, 0, 4, 4)}}, {{ring({{4, 2}, {8, 0}, {8, 9}})}}));
  // A shared line with corners in different places.
  CHECK(!overlap({{ring({{0, 0}, {4, 0}, {4, 1}, {4, 3}, {4, 8}, {0, 8}})}},
                 {{ring({{4, 0}, {8, 0}, {8, 8}, {4, 8}, {4, 5}, {4, 2}})}}));
  // Interlocking.
  CHECK(!overlap({{ring({{0, 0}, {6, 0}, {6, 2}, {2, 2}, {2, 4}, {6, 4}, {6, 6}, {0, 6}})}},
                 {{ring({{2, 2}, {9, 2}, {9, 4}, {2, 4}})}}));
}

TEST_CASE("equal polygons overlap, however they are written") {
  CHECK(overlap({{box(0, 0, 4, 4)}}, {{box(0, 0, 4, 4)}}));
  CHECK(overlap({{box(0, 0, 4, 4)}}, {{ring({{4, 4}, {0, 4}, {0, 2}, {0, 0}, {3, 0}, {4, 0}})}}));
  CHECK(overlap({{box(0, 0, 9, 9), box(3, 3, 6, 6)}}, {{box(0, 0, 9, 9), box(3, 3, 6, 6)}}));
}

TEST_CASE("one inside the other overlaps") {
  CHECK(overlap({{box(0, 0, 9, 9)}}, {{box(3, 3, 6, 6)}}));
  CHECK(overlap({{box(0, 0, 9, 9)}}, {{box(0, 0, 6, 6)}}));
  CHECK(overlap({{box(0, 0, 9, 9)}}, {{box(0, 3, 9, 6)}}));
  // Every corner of the inner one on an edge of the outer one.
  CHECK(overlap({{box(0, 0, 8, 8)}}, {{ring({{4, 0}, {8, 4}, {4, 8}, {0, 4}})}}));
  CHECK(overlap({{box(0, 0, 9, 9), box(3, 3, 6, 6)}}, {{box(1, 1, 2, 2)}}));
}

TEST_CASE("corners on corners: only the ground decides") {
  // Through two corners of the other, no edge crossed.
  CHECK(overlap({{box(0, 0, 8, 8)}}, {{ring({{0, 0}, {8, 8}, {9, 12}, {-3, 2}})}}));
  CHECK(overlap({{ring({{0, 0}, {4, -4}, {8, 0}, {4, 4}})}}, {{ring({{4, -4}, {9, 9}, {4, 4}})}}));
  CHECK(!overlap({{ring({{0, 0}, {4, -4}, {4, 4}})}}, {{ring({{4, -4}, {9, 9}, {4, 4}})}}));
  // A corner that touches from inside and from outside.
  CHECK(overlap({{box(0, 0, 8, 8)}}, {{ring({{8, 4}, {2, 6}, {2, 2}})}}));
  CHECK(!overlap({{box(0, 0, 8, 8)}}, {{ring({{8, 4}, {12, 2}, {12, 6}})}}));
}

TEST_CASE("a polygon that fills or lies in another's hole does not overlap it") {
  const RawPolygon holed = {box(0, 0, 9, 9), box(3, 3, 6, 6)};
  CHECK(!overlap({holed}, {{box(3, 3, 6, 6)}}));
  CHECK(!overlap({holed}, {{box(4, 4, 5, 5)}}));
  CHECK(!overlap({holed}, {{ring({{3, 3}, {6, 4}, {4, 6}})}}));
  CHECK(overlap({holed}, {{box(3, 3, 7, 6)}}));
  CHECK(overlap({holed}, {{box(2, 2, 7, 7)}}));
  CHECK(overlap({holed}, {{box(1, 1, 8, 8), box(3, 3, 6, 6)}}));
  CHECK(!overlap({holed}, {{box(-9, -9, 18, 18), box(0, 0, 9, 9)}, {box(3, 3, 6, 6)}}));
}

TEST_CASE("an edge that passes where a hole touches the outer ring") {
  // The hole of the first touches its southern edge in (10, 0); the second comes through there.
  const RawPolygon pinched = {box(0, 0, 20, 20), ring({{10, 0}, {18, 10}, {10, 18}, {2, 10}})};
  CHECK(overlap({pinched}, {{ring({{9, -5}, {11, -5}, {11, 5}, {9, 5}})}}));
  CHECK(!overlap({pinched}, {{ring({{10, 0}, {12, 10}, {8, 10}})}}));
  CHECK(!overlap({pinched}, {{ring({{10, 0}, {12, -5}, {8, -5}})}}));
  // Straight through the point, pinched there itself by a hole: still the ground is shared.
  const RawPolygon through = {ring({{10, -15}, {10, 15}, {-10, 15}, {-10, -15}}),
                              ring({{10, 0}, {9, 1}, {-5, 0}, {9, -1}})};
  CHECK(overlap({pinched}, {through}));
}

TEST_CASE("the pair that overlaps is named") {
  const Boundary a = made({{box(0, 0, 4, 4)}, {box(10, 0, 14, 4)}, {box(20, 0, 24, 4)}});
  const Boundary b = made({{box(4, 0, 10, 4)}, {box(23, 0, 29, 4)}});
  const auto pair = find_overlap(a, b);
  REQUIRE(pair);
  CHECK(pair->in_a == 2);
  CHECK(pair->in_b == 1);
  CHECK(!find_overlap(b, made({{box(0, 5, 30, 9)}})));
}

TEST_CASE("the whole earth is within the arithmetic") {
  constexpr std::int64_t kEast = kLongitudeMax;
  constexpr std::int64_t kNorth = kLatitudeMax;
  const std::vector<RawPolygon> north = {
      {ring({{-kEast, -kNorth}, {0, -1}, {kEast, kNorth}, {0, kNorth}, {-kEast, kNorth}})}};
  const std::vector<RawPolygon> south = {
      {ring({{-kEast, -kNorth}, {0, -kNorth}, {kEast, -kNorth}, {kEast, kNorth}, {0, -1}})}};
  CHECK(!interiors_intersect(made(north), made(south)));
  // One unit of latitude in the middle of the earth's longest line.
  const std::vector<RawPolygon> beyond = {
      {ring({{-kEast, -kNorth}, {0, -kNorth}, {kEast, -kNorth}, {kEast, kNorth}, {0, 0}})}};
  CHECK(interiors_intersect(made(north), made(beyond)));
}

TEST_CASE("a point that lies beside a long edge by the smallest possible distance is told apart") {
  // The edge from (0, 0) to (1799999999, 899999999); its neighbours in the grid differ from it by a
  // cross product of 1.
  const RawPolygon below = {
      ring({{0, 0}, {900'000'001, 450'000'000}, {1'799'999'999, 899'999'999}, {1'799'999'999, 0}})};
  const RawPolygon above = {ring({{0, 0}, {1'799'999'999, 899'999'999}, {0, 899'999'999}})};
  const bool left = side_of(Position{0, 0}, Position{1'799'999'999, 899'999'999},
                            Position{900'000'001, 450'000'000}) > 0;
  CHECK(interiors_intersect(made({below}), made({above})) == left);
}
