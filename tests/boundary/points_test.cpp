// Boundaries of points, and the bytes of a boundary.
#include <limits>

#include "ledger/boundary/overlap.h"
#include "tests/boundary/shapes.h"

using namespace mrv;
using namespace mrv::boundary;
using boundary::test::box;
using boundary::test::made;

namespace {

Boundary squares(const std::vector<RawPosition>& points, std::int64_t radius) {
  auto judged = Boundary::of_points(points, radius);
  REQUIRE(std::holds_alternative<Boundary>(judged));
  return std::get<Boundary>(std::move(judged));
}
Finding refused(const std::vector<RawPosition>& points, std::int64_t radius) {
  const auto judged = Boundary::of_points(points, radius);
  REQUIRE(std::holds_alternative<Finding>(judged));
  return std::get<Finding>(judged);
}

std::string refused_bytes(const Bytes& bytes) {
  const auto read = Boundary::from_bytes(bytes);
  return read.ok() ? "read" : std::string(read.error().name);
}

}  // namespace

TEST_CASE("a point stands for the square around it") {
  const Boundary square = squares({{100, 200}}, 30);
  CHECK(square.box() == Box{{70, 170}, {130, 230}});
  CHECK(turning_of(square.polygons()[0].outer) == 1);
  CHECK(interiors_intersect(square, made({{box(129, 200, 150, 210)}})));
  CHECK(!interiors_intersect(square, made({{box(130, 200, 150, 210)}})));
  CHECK(interiors_intersect(square, squares({{159, 200}}, 30)));
  CHECK(!interiors_intersect(square, squares({{160, 200}}, 30)));
}

TEST_CASE("squares end at the antimeridian and the poles") {
  CHECK(squares({{kLongitudeMax, kLatitudeMax}}, 5).box() ==
        Box{{kLongitudeMax - 5, kLatitudeMax - 5}, {kLongitudeMax, kLatitudeMax}});
  CHECK(squares({{-kLongitudeMax, -kLatitudeMax}}, kPointRadiusMax).box() ==
        Box{{-kLongitudeMax, -kLatitudeMax},
            {-kLongitudeMax + kUnitsPerDegree, -kLatitudeMax + kUnitsPerDegree}});
}

TEST_CASE("equal points count once, and squares of one boundary may overlap") {
  CHECK(squares({{0, 0}, {1, 0}, {0, 0}}, 5).polygons().size() == 2);
}

TEST_CASE("points need a radius, a place on the earth and an end") {
  CHECK(refused({{0, 0}}, 0).flaw == Flaw::points_not_accepted);
  CHECK(refused({}, 5).flaw == Flaw::nothing_there);
  CHECK(refused({{0, 0}, {kLongitudeMax + 1, 0}}, 5) ==
        Finding{Flaw::longitude_range, {1, 0, 0}, {}});
  CHECK(refused({{0, kLatitudeMax + 1}}, 5).flaw == Flaw::latitude_range);
  std::vector<RawPosition> points;
  for (std::int64_t i = 0; i < std::int64_t{kBoundaryPolygonsMax}; ++i) points.push_back({i, i});
  CHECK(squares(points, 5).polygons().size() == kBoundaryPolygonsMax);
  points.push_back({-1, -1});
  CHECK(refused(points, 5).flaw == Flaw::too_many_polygons);
}

TEST_CASE("a boundary comes back from its bytes") {
  const Boundary boundary =
      made({{box(-kLongitudeMax, -kLatitudeMax, 0, 0), box(-9, -9, -5, -5)}, {box(1, 2, 3, 4)}});
  const Bytes bytes = boundary.to_bytes();
  CHECK(bytes.size() == 2 + 2 * 2 + 3 * 2 + 12 * 8);
  const auto read = Boundary::from_bytes(bytes);
  REQUIRE(read.ok());
  CHECK(read->to_bytes() == bytes);
  CHECK(read->polygons()[0].box == boundary.polygons()[0].box);
  CHECK(read->polygons()[0].holes == boundary.polygons()[0].holes);
  CHECK(read->polygons()[1].outer == boundary.polygons()[1].outer);
}

TEST_CASE("bytes that no boundary has are refused") {
  const Bytes good = made({{
                              box(1, 2, 3, 4),
                          }})
                         .to_bytes();
  REQUIRE(refused_bytes(good) == "read");
  for (std::size_t size = 0; size < good.size(); ++size) {
    CHECK(refused_bytes(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))) ==
          "BOUNDARY_BYTES_INVALID");
  }
  Bytes more = good;
  more.push_back(0);
  CHECK(refused_bytes(more) == "BOUNDARY_BYTES_INVALID");
  CHECK(refused_bytes({0, 0}) == "BOUNDARY_BYTES_INVALID");
  Bytes many = good;
  many[1] = kBoundaryPolygonsMax + 1;
  CHECK(refused_bytes(many) == "BOUNDARY_BYTES_INVALID");
  Bytes ringless = good;
  ringless[3] = 0;
  CHECK(refused_bytes(ringless) == "BOUNDARY_BYTES_INVALID");
  // Of four positions the second and the fourth change places: the ring runs clockwise.
  Bytes turned = good;
  std::swap_ranges(turned.begin() + 14, turned.begin() + 22, turned.begin() + 30);
  CHECK(refused_bytes(turned) == "BOUNDARY_BYTES_INVALID");
  // A longitude beyond the antimeridian.
  Bytes far = good;
  far[14] = 0x7F;
  CHECK(refused_bytes(far) == "BOUNDARY_BYTES_INVALID");
  CHECK(refused_bytes(Bytes(kBoundaryRowBytesMax + 1)) == "BOUNDARY_BYTES_INVALID");
}
