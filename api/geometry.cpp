// Areas by Green's theorem on the ellipsoid; unions, intersections and validity messages by GEOS.
//
// The area between the equator and latitude φ, for each radian of longitude, is
//   q(φ) = a² (1 - e²) / 2 · ( sin φ / (1 - e² sin² φ) + atanh(e sin φ) / e )
// (Snyder, Map Projections: A Working Manual, USGS Professional Paper 1395, equation 3-12). The
// area of a ring is the integral of q(φ) dλ around it, along edges that are straight in λ and φ.
#include "api/geometry.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <memory>
#include <numbers>
#include <vector>

#include <geos_c.h>

#include "ledger/boundary/overlap.h"

namespace mrv::api {
namespace {

using boundary::Boundary;
using boundary::Polygon;

constexpr double kSemiMajorAxis = 6'378'137.0;  // of WGS 84, metres
constexpr double kFlattening = 1 / 298.257223563;
constexpr double kSquareMetresPerHectare = 10'000;
constexpr double kRadiansPerUnit = std::numbers::pi / 180 / boundary::kUnitsPerDegree;

// In 10^-7 degree.
struct Point {
  double longitude = 0;
  double latitude = 0;
};

// q(φ), m² for each radian of longitude.
double area_to_equator(double latitude) {
  const double e2 = kFlattening * (2 - kFlattening);
  const double e = std::sqrt(e2);
  const double s = std::sin(latitude * kRadiansPerUnit);
  return kSemiMajorAxis * kSemiMajorAxis * (1 - e2) / 2 *
         (s / (1 - e2 * s * s) + std::atanh(e * s) / e);
}

// The mean of q along an edge, less `base`: Gauss-Legendre on pieces of at most a degree of
// latitude.
double mean_along(double from, double to, double base) {
  constexpr std::array<std::array<double, 2>, 5> kNodes = {
      {{0.0, 0.5688888888888889},
       {-0.5384693101056831, 0.4786286704993665},
       {0.5384693101056831, 0.4786286704993665},
       {-0.9061798459386640, 0.2369268850561891},
       {0.9061798459386640, 0.2369268850561891}}};
  const int pieces = 1 + static_cast<int>(std::abs(to - from) / boundary::kUnitsPerDegree);
  const double width = (to - from) / pieces;
  double sum = 0;
  for (int i = 0; i < pieces; ++i) {
    const double middle = from + (i + 0.5) * width;
    for (const auto& [at, weight] : kNodes) {
      sum += weight / 2 * (area_to_equator(middle + at * width / 2) - base);
    }
  }
  return sum / pieces;
}

// In m², without a sign.
double ring_area(const std::vector<Point>& ring) {
  double sum = 0;
  // Around a closed ring any constant integrates to nothing; with this one the sum loses no digits.
  const double base = ring.empty() ? 0 : area_to_equator(ring.front().latitude);
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Point& from = ring[i];
    const Point& to = ring[(i + 1) % ring.size()];
    sum += (to.longitude - from.longitude) * kRadiansPerUnit *
           mean_along(from.latitude, to.latitude, base);
  }
  return std::abs(sum);
}

std::vector<Point> points_of(const boundary::Ring& ring) {
  std::vector<Point> points;
  points.reserve(ring.size() + 1);
  for (const auto& at : ring) {
    points.push_back({static_cast<double>(at.longitude), static_cast<double>(at.latitude)});
  }
  return points;
}

double polygon_area(const Polygon& polygon) {
  double area = ring_area(points_of(polygon.outer));
  for (const auto& hole : polygon.holes) area -= ring_area(points_of(hole));
  return area;
}

// One GEOS context and what is made in it.
class Geos {
 public:
  using Geometry = std::unique_ptr<GEOSGeometry, std::function<void(GEOSGeometry*)>>;

  Geos() : handle_(GEOS_init_r()) {
    GEOSContext_setErrorMessageHandler_r(
        handle_,
        [](const char* message, void* self) { static_cast<Geos*>(self)->message_ = message; },
        this);
  }
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;
  ~Geos() { GEOS_finish_r(handle_); }

  [[nodiscard]] GEOSContextHandle_t handle() const { return handle_; }
  [[nodiscard]] Error failed() const { return {"GEOMETRY_FAILED", "GEOS: " + message_, {}}; }

  // Null where GEOS refused; takes what it is given.
  [[nodiscard]] Geometry hold(GEOSGeometry* geometry) const {
    return {geometry, [handle = handle_](GEOSGeometry* g) { GEOSGeom_destroy_r(handle, g); }};
  }

  Result<Geometry> ring(const std::vector<Point>& points) {
    std::vector<double> numbers;
    for (const Point& at : points) numbers.insert(numbers.end(), {at.longitude, at.latitude});
    auto* sequence = GEOSCoordSeq_copyFromBuffer_r(handle_, numbers.data(),
                                                   static_cast<unsigned>(points.size()), 0, 0);
    if (sequence == nullptr) return failed();
    return held(GEOSGeom_createLinearRing_r(handle_, sequence));
  }
  // Of closed rings, the first the outer one.
  Result<Geometry> polygon(const std::vector<std::vector<Point>>& rings) {
    std::vector<Geometry> made;
    for (const auto& points : rings) {
      MRV_TRY(Geometry one, ring(points));
      made.push_back(std::move(one));
    }
    if (made.empty()) return held(GEOSGeom_createEmptyPolygon_r(handle_));
    std::vector<GEOSGeometry*> holes;
    for (std::size_t i = 1; i < made.size(); ++i) holes.push_back(made[i].release());
    return held(GEOSGeom_createPolygon_r(handle_, made[0].release(), holes.data(),
                                         static_cast<unsigned>(holes.size())));
  }
  Result<Geometry> multi_polygon(std::vector<Geometry> polygons) {
    std::vector<GEOSGeometry*> parts;
    parts.reserve(polygons.size());
    for (auto& each : polygons) parts.push_back(each.release());
    return held(GEOSGeom_createCollection_r(handle_, GEOS_MULTIPOLYGON, parts.data(),
                                            static_cast<unsigned>(parts.size())));
  }
  Result<Geometry> held(GEOSGeometry* geometry) const {
    if (geometry == nullptr) return failed();
    return hold(geometry);
  }

  Result<std::vector<Point>> points(const GEOSGeometry* of_ring) {
    const auto* sequence = GEOSGeom_getCoordSeq_r(handle_, of_ring);
    unsigned size = 0;
    if (sequence == nullptr || GEOSCoordSeq_getSize_r(handle_, sequence, &size) == 0) {
      return failed();
    }
    std::vector<double> numbers(2UL * size);
    if (GEOSCoordSeq_copyToBuffer_r(handle_, sequence, numbers.data(), 0, 0) == 0) return failed();
    std::vector<Point> points;
    for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
      points.push_back({numbers[i], numbers[i + 1]});
    }
    return points;
  }

 private:
  GEOSContextHandle_t handle_;
  std::string message_ = "no reason given";
};

// All of a boundary as one geometry without overlaps.
Result<Geos::Geometry> union_of(Geos& geos, const Boundary& boundary) {
  std::vector<Geos::Geometry> polygons;
  for (const Polygon& polygon : boundary.polygons()) {
    std::vector<std::vector<Point>> rings = {points_of(polygon.outer)};
    for (const auto& hole : polygon.holes) rings.push_back(points_of(hole));
    for (auto& ring : rings) ring.push_back(ring.front());
    MRV_TRY(Geos::Geometry one, geos.polygon(rings));
    polygons.push_back(std::move(one));
  }
  MRV_TRY(const Geos::Geometry all, geos.multi_polygon(std::move(polygons)));
  return geos.held(GEOSUnaryUnion_r(geos.handle(), all.get()));
}

// Of the polygons in a geometry of any kind, m². Collections do not nest in what GEOS answers here.
Result<double> area_of(Geos& geos, const GEOSGeometry* geometry) {
  double area = 0;
  const int parts = GEOSGetNumGeometries_r(geos.handle(), geometry);
  for (int i = 0; i < parts; ++i) {
    const auto* part = GEOSGetGeometryN_r(geos.handle(), geometry, i);
    const bool is_polygon = GEOSGeomTypeId_r(geos.handle(), part) == GEOS_POLYGON;
    if (!is_polygon || GEOSisEmpty_r(geos.handle(), part) != 0) continue;
    MRV_TRY(const auto outer, geos.points(GEOSGetExteriorRing_r(geos.handle(), part)));
    area += ring_area(outer);
    const int holes = GEOSGetNumInteriorRings_r(geos.handle(), part);
    for (int k = 0; k < holes; ++k) {
      MRV_TRY(const auto hole, geos.points(GEOSGetInteriorRingN_r(geos.handle(), part, k)));
      area -= ring_area(hole);
    }
  }
  return area;
}

bool overlaps_itself(const Boundary& boundary) {
  const auto& polygons = boundary.polygons();
  for (std::size_t i = 0; i < polygons.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (interiors_intersect(polygons[i], polygons[j])) return true;
    }
  }
  return false;
}

std::string place_text(double longitude, double latitude) {
  constexpr std::size_t kRoom = 64;
  std::array<char, kRoom> text{};
  const int size =
      std::snprintf(text.data(), text.size(), "%.7f, %.7f", longitude / boundary::kUnitsPerDegree,
                    latitude / boundary::kUnitsPerDegree);
  return {text.data(), static_cast<std::size_t>(std::max(size, 0))};
}

}  // namespace

Result<double> area_ha(const Boundary& boundary) {
  double area = 0;
  if (overlaps_itself(boundary)) {
    Geos geos;
    MRV_TRY(const Geos::Geometry all, union_of(geos, boundary));
    MRV_TRY(area, area_of(geos, all.get()));
  } else {
    for (const Polygon& polygon : boundary.polygons()) area += polygon_area(polygon);
  }
  return area / kSquareMetresPerHectare;
}

Result<double> common_area_ha(const Boundary& a, const Boundary& b) {
  Geos geos;
  MRV_TRY(const Geos::Geometry of_a, union_of(geos, a));
  MRV_TRY(const Geos::Geometry of_b, union_of(geos, b));
  MRV_TRY(const Geos::Geometry common,
          geos.held(GEOSIntersection_r(geos.handle(), of_a.get(), of_b.get())));
  MRV_TRY(const double area, area_of(geos, common.get()));
  return area / kSquareMetresPerHectare;
}

Result<std::string> validity_message(std::span<const boundary::RawPolygon> polygons) {
  Geos geos;
  std::vector<Geos::Geometry> made;
  for (const auto& raw : polygons) {
    std::vector<std::vector<Point>> rings;
    for (const auto& ring : raw) {
      auto& points = rings.emplace_back();
      for (const auto& at : ring) {
        points.push_back({static_cast<double>(at.longitude), static_cast<double>(at.latitude)});
      }
    }
    MRV_TRY(Geos::Geometry one, geos.polygon(rings));
    made.push_back(std::move(one));
  }
  MRV_TRY(const Geos::Geometry all, geos.multi_polygon(std::move(made)));
  char* reason = nullptr;
  GEOSGeometry* where = nullptr;
  const char valid = GEOSisValidDetail_r(geos.handle(), all.get(), 0, &reason, &where);
  const auto place = geos.hold(where);
  std::string text = reason == nullptr ? "" : reason;
  GEOSFree_r(geos.handle(), reason);
  if (valid == 2) return geos.failed();
  if (valid == 1) return std::string();
  double longitude = 0;
  double latitude = 0;
  const bool known = place != nullptr && GEOSGeomGetX_r(geos.handle(), where, &longitude) == 1 &&
                     GEOSGeomGetY_r(geos.handle(), where, &latitude) == 1;
  return known ? text + " at " + place_text(longitude, latitude) : text;
}

}  // namespace mrv::api
