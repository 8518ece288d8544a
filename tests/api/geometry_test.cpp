// Areas and messages for people, held against published figures.
#include "api/geometry.h"

#include <doctest/doctest.h>

#include "tests/boundary/shapes.h"

using namespace mrv;
using boundary::kLatitudeMax;
using boundary::kLongitudeMax;
using boundary::RawPosition;
using boundary::test::box;
using boundary::test::made;
using boundary::test::ring;

namespace {

constexpr std::int64_t kDegree = boundary::kUnitsPerDegree;

double area(const boundary::Boundary& of) {
  const auto found = api::area_ha(of);
  REQUIRE(found.ok());
  return *found;
}
double common(const boundary::Boundary& a, const boundary::Boundary& b) {
  const auto found = api::common_area_ha(a, b);
  REQUIRE(found.ok());
  return *found;
}
boundary::Boundary squares(const std::vector<RawPosition>& points, std::int64_t radius) {
  auto judged = boundary::Boundary::of_points(points, radius);
  REQUIRE(std::holds_alternative<boundary::Boundary>(judged));
  return std::get<boundary::Boundary>(std::move(judged));
}

}  // namespace

TEST_CASE("the whole earth has the area of the WGS 84 ellipsoid") {
  // 2πa² + π(b²/e)·ln((1 + e)/(1 - e)) = 510,065,621.724 km².
  const auto earth = made({{box(-kLongitudeMax, -kLatitudeMax, 0, kLatitudeMax)},
                           {box(0, -kLatitudeMax, kLongitudeMax, kLatitudeMax)}});
  CHECK(area(earth) == doctest::Approx(51'006'562'172.4).epsilon(1e-10));
}

TEST_CASE("a degree by a degree, and a field of a hectare") {
  // By numeric integration of the product of both radii of curvature and the cosine of latitude.
  CHECK(area(made({{box(0, 0, kDegree, kDegree)}})) ==
        doctest::Approx(1'230'846.3894).epsilon(1e-9));
  CHECK(area(made({{box(0, 60 * kDegree, kDegree, 61 * kDegree)}})) ==
        doctest::Approx(612'314.0879).epsilon(1e-9));
  // A metre is 9.0436·10^-6 degrees of latitude and 8.9832·10^-6 of longitude at the equator.
  CHECK(area(made({{box(0, 0, 8'983, 9'044)}})) == doctest::Approx(1.0).epsilon(1e-3));
  // However far from the equator, a small triangle is half of its rectangle to seven digits.
  const double rectangle =
      area(made({{box(kDegree * 116, kDegree * 40, kDegree * 116 + 1'000, kDegree * 40 + 1'000)}}));
  const double triangle = area(made({{ring({{kDegree * 116, kDegree * 40},
                                            {kDegree * 116 + 1'000, kDegree * 40},
                                            {kDegree * 116 + 1'000, kDegree * 40 + 1'000}})}}));
  CHECK(triangle == doctest::Approx(rectangle / 2).epsilon(1e-6));
}

TEST_CASE("holes count less, overlapping squares once") {
  const double full = area(made({{box(0, 0, 900, 900)}}));
  const double holed = area(made({{box(0, 0, 900, 900), box(300, 300, 600, 600)}}));
  const double hole = area(made({{box(300, 300, 600, 600)}}));
  CHECK(holed == doctest::Approx(full - hole).epsilon(1e-9));
  const double one = area(squares({{0, 0}}, 100));
  CHECK(area(squares({{0, 0}, {100, 0}}, 100)) == doctest::Approx(one * 1.5).epsilon(1e-6));
  CHECK(area(squares({{0, 0}, {1'000, 0}}, 100)) == doctest::Approx(one * 2).epsilon(1e-6));
}

TEST_CASE("what two boundaries have in common") {
  const auto field = made({{box(0, 0, 1'000, 1'000), box(400, 400, 600, 600)}});
  CHECK(common(field, field) == doctest::Approx(area(field)).epsilon(1e-9));
  CHECK(common(field, made({{box(500, 0, 2'000, 1'000)}})) ==
        doctest::Approx(area(field) / 2).epsilon(1e-6));
  CHECK(common(field, made({{box(1'000, 0, 2'000, 1'000)}})) == 0);
  CHECK(common(field, made({{box(400, 400, 600, 600)}})) == 0);
  CHECK(common(field, made({{box(5'000, 0, 6'000, 1'000)}})) == 0);
  // Common ground and a common edge elsewhere.
  CHECK(common(made({{box(0, 0, 10, 10)}, {box(10, 0, 20, 10)}}),
               made({{box(5, 0, 7, 10)}, {box(20, 0, 30, 10)}})) ==
        doctest::Approx(area(made({{box(5, 0, 7, 10)}}))).epsilon(1e-6));
}

TEST_CASE("GEOS says what it has against a polygon, and where") {
  const auto message = [](std::vector<boundary::RawPolygon> polygons) {
    const auto text = api::validity_message(polygons);
    return text.ok() ? *text : std::string(text.error().name);
  };
  CHECK(message({{box(0, 0, 10, 10)}}).empty());
  CHECK(
      message({{ring({{0, 0}, {4 * kDegree, 4 * kDegree}, {4 * kDegree, 0}, {0, 4 * kDegree}})}}) ==
      "Self-intersection at 2.0000000, 2.0000000");
  CHECK(message({{box(0, 0, 10, 10), box(50, 50, 60, 60)}}).starts_with("Hole lies outside shell"));
  CHECK(message({{ring({{0, 0}, {4, 4}})}}) ==
        "Too few points in geometry component at 0.0000000, 0.0000000");
  CHECK(message({{{{0, 0}, {4, 0}, {4, 4}, {1, 1}}}}) == "GEOMETRY_FAILED");
  CHECK(message({{{{0, 0}}}}) == "GEOMETRY_FAILED");
  CHECK(message({}).empty());
}
