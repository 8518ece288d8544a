// Boundaries for people: areas, and what GEOS says of a polygon that is not valid.
//
// Display only. What counts (validity, overlap) is decided by ledger/boundary in exact integers;
// here are floating point and an independent library, and no verdict may depend on either. GEOS is
// called in geometry.cpp and nowhere else.
//
// All functions may be called from any thread.
#pragma once

#include <span>
#include <string>

#include "crypto/result.h"
#include "ledger/boundary/boundary.h"

namespace mrv::api {

// The area on the WGS 84 ellipsoid, in hectares. Edges are what RFC 7946 says they are: straight in
// longitude and latitude, not geodesics. Squares that overlap one another count once. Errors:
// GEOMETRY_FAILED.
Result<double> area_ha(const boundary::Boundary& boundary);

// The area of what two boundaries have in common; near 0, possibly exactly 0, for the smallest
// overlaps, since GEOS computes in floating point. Errors: GEOMETRY_FAILED.
Result<double> common_area_ha(const boundary::Boundary& a, const boundary::Boundary& b);

// What GEOS has against these polygons, with the place: "Self-intersection at 109.5000000,
// 38.2000000"; empty where it has nothing against them (it refuses polygons that share an edge, and
// accepts those that span more than half of the earth). Errors: GEOMETRY_FAILED, also for rings
// that GEOS cannot take at all.
Result<std::string> validity_message(std::span<const boundary::RawPolygon> polygons);

}  // namespace mrv::api
