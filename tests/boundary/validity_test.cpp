// What is a boundary and what is not; each flaw with the place where it is.
#include <algorithm>
#include <string>

#include "tests/boundary/shapes.h"

using namespace mrv;
using namespace mrv::boundary;
using boundary::test::box;
using boundary::test::finding_of;
using boundary::test::flaw_of;
using boundary::test::made;
using boundary::test::ring;

namespace {

constexpr std::int64_t kEast = kLongitudeMax;
constexpr std::int64_t kNorth = kLatitudeMax;

// A ring of `count` positions, the closing one included: a row of teeth.
RawRing teeth(std::size_t count) {
  RawRing result;
  const auto size = static_cast<std::int64_t>(count) - 2;
  for (std::int64_t i = 0; i < size; ++i) result.push_back({i, 1 + i % 2});
  result.push_back({size / 2, -100'000});
  result.push_back(result.front());
  return result;
}

}  // namespace

TEST_CASE(
    "a ring may run in either direction and begin anywhere; the normal form is one direction") {
  const RawRing counter = ring({{0, 0}, {4, 0}, {4, 3}});
  const RawRing clockwise = ring({{4, 3}, {4, 0}, {0, 0}});
  const Boundary a = made({{counter}});
  const Boundary b = made({{clockwise}});
  CHECK(turning_of(a.polygons()[0].outer) == 1);
  CHECK(turning_of(b.polygons()[0].outer) == 1);
  const Boundary holed = made({{box(0, 0, 9, 9), box(2, 2, 3, 3)}});
  REQUIRE(holed.polygons()[0].holes.size() == 1);
  CHECK(turning_of(holed.polygons()[0].holes[0]) == -1);
  CHECK(holed.polygons()[0].box == Box{{0, 0}, {9, 9}});
}

TEST_CASE("positions that repeat the one before are left out") {
  const RawRing repeated = {{0, 0}, {0, 0}, {4, 0}, {4, 0}, {4, 3}, {0, 0}, {0, 0}};
  CHECK(made({{repeated}}).position_count() == 3);
  CHECK(flaw_of({{{{0, 0}, {0, 0}, {4, 0}, {0, 0}}}}) == Flaw::no_area);
  CHECK(flaw_of({{{{0, 0}, {0, 0}, {0, 0}, {0, 0}}}}) == Flaw::no_area);
}

TEST_CASE("nothing is no boundary") {
  CHECK(flaw_of({}) == Flaw::nothing_there);
  CHECK(flaw_of({RawPolygon{}}) == Flaw::nothing_there);
  CHECK(flaw_of({{RawRing{}}}) == Flaw::ring_too_short);
}

TEST_CASE("a ring has four positions and ends where it begins") {
  CHECK(flaw_of({{{{0, 0}, {4, 0}, {0, 0}}}}) == Flaw::ring_too_short);
  CHECK(made({{{{0, 0}, {4, 0}, {4, 3}, {0, 0}}}}).position_count() == 3);
  const Finding open = finding_of({{{{0, 0}, {4, 0}, {4, 3}, {0, 1}}}});
  CHECK(open.flaw == Flaw::ring_open);
  CHECK(open.at == Place{0, 0, 3});
}

TEST_CASE("positions are on the earth") {
  CHECK(made({{box(-kEast, -kNorth, 0, kNorth), box(-10, -10, -5, -5)},
              {box(0, -kNorth, kEast, kNorth)}})
            .box() == Box{{-kLongitudeMax, -kLatitudeMax}, {kLongitudeMax, kLatitudeMax}});
  CHECK(finding_of({{ring({{0, 0}, {kEast + 1, 0}, {5, 5}})}}) ==
        Finding{Flaw::longitude_range, {0, 0, 1}, {}});
  CHECK(flaw_of({{ring({{0, 0}, {-kEast - 1, 0}, {5, 5}})}}) == Flaw::longitude_range);
  CHECK(finding_of({{ring({{0, 0}, {5, 0}, {5, kNorth + 1}})}}) ==
        Finding{Flaw::latitude_range, {0, 0, 2}, {}});
  CHECK(flaw_of({{ring({{0, 0}, {5, 0}, {5, -kNorth - 1}})}}) == Flaw::latitude_range);
}

TEST_CASE("an edge spans at most 180 degrees of longitude") {
  CHECK(made({{ring({{-kEast, 0}, {0, 0}, {0, 5}, {-kEast, 5}})}}).position_count() == 4);
  CHECK(made({{ring({{-5, 0}, {kEast - 5, 0}, {9, 5}})}}).position_count() == 3);
  const Finding wide = finding_of({{ring({{-5, 0}, {kEast - 4, 0}, {9, 5}})}});
  CHECK(wide == Finding{Flaw::edge_too_wide, {0, 0, 0}, {}});
  CHECK(flaw_of({{ring({{5, 0}, {-kEast + 4, 0}, {-9, 5}})}}) == Flaw::edge_too_wide);
  CHECK(made({{ring({{5, 0}, {-kEast + 5, 0}, {-9, 5}})}}).position_count() == 3);
}

TEST_CASE("a ring on one line has no area") {
  CHECK(finding_of({{ring({{0, 0}, {3, 3}, {9, 9}, {1, 1}})}}) ==
        Finding{Flaw::no_area, {0, 0, 0}, {}});
  CHECK(flaw_of({{box(0, 0, 9, 9), ring({{2, 2}, {4, 4}, {6, 6}})}}) == Flaw::no_area);
}

TEST_CASE("a ring does not cross, touch or run back along itself") {
  const Finding bow = finding_of({{ring({{0, 0}, {4, 4}, {4, 0}, {0, 4}})}});
  CHECK(bow == Finding{Flaw::ring_meets_itself, {0, 0, 0}, Place{0, 0, 2}});
  CHECK(describe(bow) ==
        "the edge from position 0 of ring 0 of polygon 0 meets the edge from position 2 of ring 0 "
        "of polygon 0");
  // A corner on an edge, a corner twice, a spike out, a spike in, an edge twice.
  CHECK(flaw_of({{ring({{0, 0}, {8, 0}, {8, 8}, {4, 0}, {0, 8}})}}) == Flaw::ring_meets_itself);
  CHECK(flaw_of({{ring({{0, 0}, {4, 2}, {8, 0}, {8, 4}, {4, 2}, {0, 4}})}}) ==
        Flaw::ring_meets_itself);
  CHECK(flaw_of({{ring({{0, 0}, {8, 0}, {12, 0}, {8, 0}, {8, 8}})}}) == Flaw::ring_meets_itself);
  CHECK(flaw_of({{ring({{0, 0}, {8, 0}, {6, 0}, {8, 8}})}}) == Flaw::ring_meets_itself);
  CHECK(flaw_of({{ring({{0, 0}, {4, 0}, {4, 4}, {0, 0}, {4, 0}, {4, 4}})}}) ==
        Flaw::ring_meets_itself);
  // Corners on a straight line are fine.
  CHECK(made({{ring({{0, 0}, {4, 0}, {8, 0}, {8, 8}, {4, 4}})}}).position_count() == 5);
}

TEST_CASE("the place of a flaw counts positions as they were given") {
  const RawRing bow = {{0, 0}, {0, 0}, {4, 4}, {4, 4}, {4, 0}, {0, 4}, {0, 0}};
  CHECK(finding_of({{box(50, 50, 60, 60)}, {bow}}) ==
        Finding{Flaw::ring_meets_itself, {1, 0, 0}, Place{1, 0, 4}});
}

TEST_CASE("rings of a polygon may touch in points and do nothing else") {
  const RawRing outer = box(0, 0, 10, 10);
  CHECK(made({{outer, ring({{5, 0}, {7, 4}, {3, 4}})}}).polygons().size() == 1);
  CHECK(made({{outer, ring({{0, 0}, {7, 4}, {3, 4}})}}).polygons().size() == 1);
  CHECK(made({{outer, box(1, 1, 4, 4), box(4, 4, 7, 7)}}).polygons().size() == 1);
  CHECK(flaw_of({{outer, ring({{5, -1}, {7, 4}, {3, 4}})}}) == Flaw::rings_cross);
  CHECK(flaw_of({{outer, ring({{4, 0}, {6, 0}, {5, 4}})}}) == Flaw::rings_share_edge);
  CHECK(flaw_of({{outer, box(1, 1, 4, 4), box(4, 2, 7, 3)}}) == Flaw::rings_share_edge);
  CHECK(flaw_of({{outer, outer}}) == Flaw::rings_share_edge);
  CHECK(flaw_of({{outer, box(1, 1, 4, 4), box(3, 3, 7, 7)}}) == Flaw::rings_cross);
}

TEST_CASE("a hole is inside the outer ring") {
  const RawRing outer = box(0, 0, 10, 10);
  CHECK(finding_of({{outer, box(2, 2, 3, 3), box(12, 2, 14, 4)}}) ==
        Finding{Flaw::hole_outside, {0, 2, 0}, {}});
  CHECK(flaw_of({{outer, box(-5, -5, 15, 15)}}) == Flaw::hole_outside);
  CHECK(flaw_of({{outer, ring({{10, 5}, {12, 4}, {12, 6}})}}) == Flaw::hole_outside);
  // Out through one corner of the outer ring and back through another, crossing no edge.
  const RawRing notched = ring({{0, 0}, {20, 0}, {20, 20}, {14, 10}, {6, 10}, {0, 20}});
  CHECK(flaw_of({{notched, ring({{14, 10}, {10, 15}, {6, 10}, {10, 2}})}}) == Flaw::hole_outside);
}

TEST_CASE("holes lie apart") {
  const RawRing outer = box(0, 0, 20, 20);
  CHECK(finding_of({{outer, box(2, 2, 10, 10), box(4, 4, 6, 6)}}) ==
        Finding{Flaw::holes_overlap, {0, 1, 0}, Place{0, 2, 0}});
  CHECK(flaw_of({{outer, box(4, 4, 6, 6), box(2, 2, 10, 10)}}) == Flaw::holes_overlap);
  // One in the other, touching in a corner only.
  CHECK(flaw_of({{outer, box(2, 2, 10, 10), ring({{2, 2}, {6, 3}, {3, 6}})}}) ==
        Flaw::holes_overlap);
}

TEST_CASE("the interior is in one piece") {
  const RawRing outer = box(0, 0, 10, 10);
  // A hole from side to side; two holes that together reach from side to side; a ring of holes.
  CHECK(flaw_of({{outer, ring({{0, 5}, {5, 4}, {10, 5}, {5, 6}})}}) == Flaw::interior_in_pieces);
  CHECK(flaw_of({{outer, ring({{0, 5}, {3, 4}, {5, 5}, {3, 6}}),
                  ring({{5, 5}, {7, 4}, {10, 5}, {7, 6}})}}) == Flaw::interior_in_pieces);
  const RawRing south = ring({{2, 2}, {5, 1}, {8, 2}});
  const RawRing east = ring({{8, 2}, {9, 5}, {5, 8}});
  const RawRing west = ring({{5, 8}, {1, 5}, {2, 2}});
  CHECK(flaw_of({{outer, south, east, west}}) == Flaw::interior_in_pieces);
  CHECK(made({{outer, south, east}}).polygons()[0].holes.size() == 2);
  // Three holes that meet in one point leave it whole.
  CHECK(made({{outer, ring({{5, 5}, {4, 1}, {6, 1}}), ring({{5, 5}, {9, 4}, {9, 6}}),
               ring({{5, 5}, {1, 6}, {1, 4}})}})
            .polygons()[0]
            .holes.size() == 3);
}

TEST_CASE("polygons of one boundary may share edges and corners but no ground") {
  CHECK(made({{box(0, 0, 5, 5)}, {box(5, 0, 9, 5)}, {box(9, 5, 12, 8)}}).polygons().size() == 3);
  CHECK(made({{box(0, 0, 9, 9), box(3, 3, 6, 6)}, {box(3, 3, 6, 6)}}).polygons().size() == 2);
  CHECK(finding_of({{box(0, 0, 5, 5)}, {box(8, 0, 9, 5)}, {box(4, 0, 7, 5)}}) ==
        Finding{Flaw::polygons_overlap, {0, 0, 0}, Place{2, 0, 0}});
  CHECK(flaw_of({{box(0, 0, 5, 5)}, {box(0, 0, 5, 5)}}) == Flaw::polygons_overlap);
}

TEST_CASE("a boundary has at most so many polygons") {
  std::vector<RawPolygon> polygons;
  for (std::int64_t i = 0; i < std::int64_t{kBoundaryPolygonsMax}; ++i) {
    polygons.push_back({box(10 * i, 0, 10 * i + 5, 5)});
  }
  CHECK(made(polygons).polygons().size() == kBoundaryPolygonsMax);
  polygons.push_back({box(-10, 0, -5, 5)});
  CHECK(flaw_of(polygons) == Flaw::too_many_polygons);
}

TEST_CASE("a boundary has at most so many holes, over all its polygons") {
  RawPolygon first = {box(0, 0, 10 * std::int64_t{kBoundaryHolesMax} + 10, 10)};
  for (std::int64_t i = 1; i < std::int64_t{kBoundaryHolesMax}; ++i) {
    first.push_back(box(10 * i, 2, 10 * i + 5, 7));
  }
  RawPolygon second = {box(0, 20, 10, 30), box(2, 22, 4, 24)};
  CHECK(made({first, second}).polygons().size() == 2);
  second.push_back(box(6, 26, 8, 28));
  CHECK(finding_of({first, second}) == Finding{Flaw::too_many_holes, {1, 2, 0}, {}});
}

TEST_CASE("a boundary has at most so many positions, over all its rings") {
  const RawRing small = box(-50, 0, -40, 5);
  CHECK(made({{small}, {teeth(kBoundaryPositionsMax - small.size())}}).polygons().size() == 2);
  CHECK(finding_of({{small}, {teeth(kBoundaryPositionsMax - small.size() + 1)}}) ==
        Finding{Flaw::too_many_positions, {1, 0, 0}, {}});
  CHECK(made({{teeth(kBoundaryPositionsMax)}}).position_count() == kBoundaryPositionsMax - 1);
}

TEST_CASE("every flaw has a sentence of its own") {
  std::vector<std::string> sentences;
  for (int i = 0; i <= static_cast<int>(Flaw::points_not_accepted); ++i) {
    sentences.push_back(describe({static_cast<Flaw>(i), {1, 2, 3}, Place{4, 5, 6}}));
    CHECK(!sentences.back().empty());
  }
  std::sort(sentences.begin(), sentences.end());
  CHECK(std::adjacent_find(sentences.begin(), sentences.end()) == sentences.end());
}
