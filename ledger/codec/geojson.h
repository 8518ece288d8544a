// The boundary blob: a GeoJSON text (RFC 7946) -> a boundary, exactly.
//
//   blob       = geometry | Feature of a geometry | FeatureCollection of exactly one Feature
//   geometry   = Polygon | MultiPolygon | Point | MultiPoint
//   position   = [longitude, latitude] or [longitude, latitude, altitude]; the altitude is ignored
//
// Strict JSON (canonical_json.h) within kBoundaryLimits; coordinates are JSON numbers that are read
// from their decimal text, never through a binary fraction, and rounded half-even to 10^-7 degree.
// Members that RFC 7946 does not define are ignored, except that `crs` must name WGS 84.
// schemas/spec/boundary.md has every rule. There is no writer: a blob is kept as its author wrote
// it.
//
// Every error is BOUNDARY_INVALID; `detail` says why in English, `pointer` where in the blob.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crypto/canonical_json.h"
#include "ledger/base/limits.h"
#include "ledger/boundary/boundary.h"

namespace mrv::codec {

inline constexpr std::string_view kBoundaryInvalid = "BOUNDARY_INVALID";

// How a blob is read, foreign members included.
inline constexpr crypto::JsonLimits kBoundaryLimits{
    .body_bytes_max = kBoundaryBytesMax,
    .depth_max = 32,
    .string_bytes_max = std::size_t{8} << 10,
    .array_items_max = 4'096,
    .values_max = kBoundaryValuesMax,
    .integers_only = false,
    .refuse_control_text = true,
    .numbers_as_text = true,
};

// What a blob says before geometry is judged: polygons or points, never both.
struct BoundaryShape {
  bool has_points = false;
  std::vector<boundary::RawPolygon> polygons;
  std::vector<boundary::RawPosition> points;
  // JSON Pointer of the coordinates, and whether they are those of a Multi… geometry: what a place
  // of a finding is turned into a pointer with.
  std::string coordinates_pointer;
  bool is_multi = false;
  // positions_by_decimals[d]: positions whose longer number is written with d decimals, the last
  // element those with more. Only for a hint about where a file comes from.
  std::vector<std::size_t> positions_by_decimals;
};

Result<BoundaryShape> read_boundary_shape(std::string_view blob);

// The second step by itself, for a program that says in its own words what it finds.
std::variant<boundary::Boundary, boundary::Finding> judge_shape(const BoundaryShape& shape,
                                                                std::int64_t point_radius);
// Where in the blob a finding is.
std::string pointer_of(const BoundaryShape& shape, const boundary::Finding& finding);

// The boundary of a blob. `point_radius` is the programme's, in 10^-7 degree; 0 refuses points.
// Precondition: 0 <= point_radius <= kPointRadiusMax.
Result<boundary::Boundary> decode_boundary(std::string_view blob, std::int64_t point_radius);

// A JSON number's text as an integer of 10^-7, rounded half-even; up to ±99,999,999,999 (whatever
// is beyond is no coordinate). Errors: BOUNDARY_INVALID, also for texts and exponents beyond
// kCoordinateTextBytesMax and kCoordinateExponentMax.
Result<std::int64_t> parse_coordinate(std::string_view text);

}  // namespace mrv::codec
