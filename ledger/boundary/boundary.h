// A project's boundary: one or more polygons with holes, exact, valid by construction and in one
// normal form. What "valid" means is stated in schemas/spec/boundary.md.
//
// Where it comes from: codec::decode_boundary (ledger/codec/geojson.h) reads one out of a blob.
// What it is for: interiors_intersect (overlap.h) and the cell index (cells.h).
//
// Immutable after construction; may be read from any thread.
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/base/limits.h"
#include "ledger/boundary/finding.h"
#include "ledger/boundary/position.h"

namespace mrv::boundary {

// Normal form: the outer ring runs counter-clockwise and the holes clockwise, so the interior lies
// left of every edge; no position repeats the one before it; the closing position is left out.
struct Polygon {
  Ring outer;
  std::vector<Ring> holes;
  Box box;  // of the outer ring
};

// A longitude and latitude as they were read, in 10^-7 degree, not yet known to be in range.
struct RawPosition {
  std::int64_t longitude = 0;
  std::int64_t latitude = 0;
  friend bool operator==(const RawPosition&, const RawPosition&) = default;
};
// As in GeoJSON: rings closed by repeating the first position, in either direction; the first ring
// is the outer one.
using RawRing = std::vector<RawPosition>;
using RawPolygon = std::vector<RawRing>;

class Boundary {
 public:
  // The polygons as one boundary, or the first thing that is wrong with them. At most quadratic in
  // the number of positions, hence bounded by the limits.
  static std::variant<Boundary, Finding> of_polygons(std::span<const RawPolygon> polygons);

  // Each point stands for the square with half-side `radius` (10^-7 degree of longitude and of
  // latitude) around it, cut off at the antimeridian and the poles. Equal points count once;
  // squares may overlap one another. radius 0: points are not accepted (Flaw::points_not_accepted).
  // Precondition: 0 <= radius <= kPointRadiusMax.
  static std::variant<Boundary, Finding> of_points(std::span<const RawPosition> points,
                                                   std::int64_t radius);

  // In the order in which they were given; at least one, at most kBoundaryPolygonsMax.
  [[nodiscard]] const std::vector<Polygon>& polygons() const { return polygons_; }
  // Closing positions are not counted.
  [[nodiscard]] std::size_t position_count() const;
  [[nodiscard]] Box box() const;

  // The boundary in a few bytes, for a row: what was decided from a blob must stay decidable when
  // the blob is gone. One form for each boundary, at most kBoundaryRowBytesMax:
  //   uint16 polygons, each: uint16 rings, each: uint16 positions, each: int32 longitude, int32
  //   latitude; all big-endian.
  [[nodiscard]] Bytes to_bytes() const;
  // The inverse. Counts, ranges, directions, lengths and left-over bytes are checked; that the
  // rings make valid polygons was judged when the boundary was made and is not judged again.
  // Errors: BOUNDARY_BYTES_INVALID.
  static Result<Boundary> from_bytes(ByteView bytes);

 private:
  explicit Boundary(std::vector<Polygon> polygons) : polygons_(std::move(polygons)) {}
  std::vector<Polygon> polygons_;
};

inline constexpr std::size_t kBoundaryRowBytesMax = 2 + kBoundaryPolygonsMax * 2 +
                                                    (kBoundaryPolygonsMax + kBoundaryHolesMax) * 2 +
                                                    kBoundaryPositionsMax * 8;

}  // namespace mrv::boundary
