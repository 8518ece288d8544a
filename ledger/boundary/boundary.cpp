// Making boundaries, and the bytes of one.
#include "ledger/boundary/boundary.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include "ledger/boundary/validity.h"

namespace mrv::boundary {
namespace {

Position clipped(std::int64_t longitude, std::int64_t latitude) {
  return {
      static_cast<std::int32_t>(std::clamp<std::int64_t>(longitude, -kLongitudeMax, kLongitudeMax)),
      static_cast<std::int32_t>(std::clamp<std::int64_t>(latitude, -kLatitudeMax, kLatitudeMax))};
}

Polygon square_around(const RawPosition& centre, std::int64_t radius) {
  const Position low = clipped(centre.longitude - radius, centre.latitude - radius);
  const Position high = clipped(centre.longitude + radius, centre.latitude + radius);
  return {
      {low, {high.longitude, low.latitude}, high, {low.longitude, high.latitude}}, {}, {low, high}};
}

void put_count(std::size_t count, Bytes& out) {
  assert(count <= std::numeric_limits<std::uint16_t>::max());
  out.push_back(static_cast<std::uint8_t>(count >> 8U));
  out.push_back(static_cast<std::uint8_t>(count));
}

void put_coordinate(std::int32_t coordinate, Bytes& out) {
  const auto bits = static_cast<std::uint32_t>(coordinate);
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(bits >> static_cast<unsigned>(shift)));
  }
}

void put_ring(const Ring& ring, Bytes& out) {
  put_count(ring.size(), out);
  for (const Position& each : ring) {
    put_coordinate(each.longitude, out);
    put_coordinate(each.latitude, out);
  }
}

Error invalid(const char* why) { return {"BOUNDARY_BYTES_INVALID", why, {}}; }

class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) : rest_(bytes) {}
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

  Result<std::size_t> count(std::size_t min, std::size_t max) {
    MRV_TRY(const std::uint32_t value, integer(2));
    if (value < min || value > max) return invalid("a count is out of bounds");
    return std::size_t{value};
  }
  // A ring that runs in the direction wanted, and hence has an area.
  Result<Ring> ring(int turning) {
    MRV_TRY(const std::size_t size, count(3, kBoundaryPositionsMax));
    Ring ring;
    for (std::size_t i = 0; i < size; ++i) {
      MRV_TRY(const std::uint32_t longitude, integer(4));
      MRV_TRY(const std::uint32_t latitude, integer(4));
      const Position at{static_cast<std::int32_t>(longitude), static_cast<std::int32_t>(latitude)};
      if (judge_position({at.longitude, at.latitude})) return invalid("a position is out of range");
      ring.push_back(at);
    }
    if (turning_of(ring) != turning) return invalid("a ring runs the wrong way");
    return ring;
  }

 private:
  Result<std::uint32_t> integer(std::size_t size) {
    if (rest_.size() < size) return invalid("the bytes end too early");
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value = value << 8U | rest_[i];
    rest_ = rest_.subspan(size);
    return value;
  }
  ByteView rest_;
};

Result<Polygon> read_polygon(ByteReader& reader) {
  MRV_TRY(const std::size_t rings, reader.count(1, kBoundaryHolesMax + 1));
  Polygon polygon;
  MRV_TRY(polygon.outer, reader.ring(1));
  polygon.box = box_of(polygon.outer);
  for (std::size_t i = 1; i < rings; ++i) {
    MRV_TRY(Ring hole, reader.ring(-1));
    polygon.holes.push_back(std::move(hole));
  }
  return polygon;
}

}  // namespace

std::variant<Boundary, Finding> Boundary::of_polygons(std::span<const RawPolygon> polygons) {
  if (const auto finding = judge_counts(polygons)) return *finding;
  std::vector<Polygon> judged(polygons.size());
  for (std::size_t p = 0; p < polygons.size(); ++p) {
    if (const auto finding = judge_polygon(polygons[p], p, judged[p])) return *finding;
  }
  if (const auto finding = judge_together(judged)) return *finding;
  return Boundary(std::move(judged));
}

std::variant<Boundary, Finding> Boundary::of_points(std::span<const RawPosition> points,
                                                    std::int64_t radius) {
  assert(radius >= 0 && radius <= kPointRadiusMax);
  if (points.empty()) return Finding{};
  if (radius == 0) return Finding{Flaw::points_not_accepted, {}, {}};
  if (points.size() > kBoundaryPolygonsMax) {
    return Finding{Flaw::too_many_polygons, {kBoundaryPolygonsMax, 0, 0}, {}};
  }
  std::vector<Polygon> squares;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (const auto flaw = judge_position(points[i])) return Finding{*flaw, {i, 0, 0}, {}};
    const auto end = points.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(points.begin(), end, points[i]) != end) continue;
    squares.push_back(square_around(points[i], radius));
  }
  return Boundary(std::move(squares));
}

std::size_t Boundary::position_count() const {
  std::size_t count = 0;
  for (const Polygon& polygon : polygons_) {
    count += polygon.outer.size();
    for (const Ring& hole : polygon.holes) count += hole.size();
  }
  return count;
}

Box Boundary::box() const {
  Box box = polygons_.front().box;
  for (const Polygon& polygon : polygons_) box = join(box, polygon.box);
  return box;
}

Bytes Boundary::to_bytes() const {
  Bytes out;
  put_count(polygons_.size(), out);
  for (const Polygon& polygon : polygons_) {
    put_count(1 + polygon.holes.size(), out);
    put_ring(polygon.outer, out);
    for (const Ring& hole : polygon.holes) put_ring(hole, out);
  }
  return out;
}

Result<Boundary> Boundary::from_bytes(ByteView bytes) {
  if (bytes.size() > kBoundaryRowBytesMax) return invalid("there are too many bytes");
  ByteReader reader(bytes);
  MRV_TRY(const std::size_t size, reader.count(1, kBoundaryPolygonsMax));
  std::vector<Polygon> polygons;
  for (std::size_t i = 0; i < size; ++i) {
    MRV_TRY(Polygon polygon, read_polygon(reader));
    polygons.push_back(std::move(polygon));
  }
  if (!reader.at_end()) return invalid("bytes are left over");
  return Boundary(std::move(polygons));
}

}  // namespace mrv::boundary
