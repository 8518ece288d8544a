// Positions on the earth as integers of 10^-7 degree (about a centimetre), and the exact arithmetic
// on them that everything else of this folder is made of.
//
// The bound: a longitude is within ±1.8·10^9 and a latitude within ±0.9·10^9, so both fit 32 bits
// and the difference of two fits 33. Twice a position (a mid-point) needs one bit more. A cross
// product is then the difference of two products below 2^66: 128-bit integers hold it with room to
// spare, and its sign is exact. No rounding, no epsilon, no floating point anywhere.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

namespace mrv::boundary {

inline constexpr std::int32_t kUnitsPerDegree = 10'000'000;
inline constexpr std::int32_t kLongitudeMax = 180 * kUnitsPerDegree;
inline constexpr std::int32_t kLatitudeMax = 90 * kUnitsPerDegree;

struct Position {
  std::int32_t longitude = 0;
  std::int32_t latitude = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

// Twice a position: where the mid-point of two positions is exact.
struct DoubledPosition {
  std::int64_t longitude = 0;
  std::int64_t latitude = 0;
};
constexpr DoubledPosition midpoint(Position a, Position b) {
  return {std::int64_t{a.longitude} + b.longitude, std::int64_t{a.latitude} + b.latitude};
}

// The corners of a ring in order; the edge from the last back to the first is implied.
using Ring = std::vector<Position>;

// The smallest axis-parallel rectangle that holds something; both corners belong to it.
struct Box {
  Position low;
  Position high;
  friend bool operator==(const Box&, const Box&) = default;
};

// Precondition: the ring is not empty.
Box box_of(const Ring& ring);
Box join(const Box& a, const Box& b);
// Whether the rectangles have anything in common; whether more than a side or corner.
bool boxes_touch(const Box& a, const Box& b);
bool interiors_meet(const Box& a, const Box& b);

// Which side of the line from `a` to `b` the position `c` lies on: 1 left, -1 right, 0 on the line.
int side_of(Position a, Position b, Position c);
int side_of(Position a, Position b, DoubledPosition c);

// Whether `c`, on the line through `a` and `b`, lies between them; either end counts.
// Precondition: side_of(a, b, c) == 0.
bool between(Position a, Position b, Position c);

// 1 for a ring that runs counter-clockwise, -1 for clockwise, 0 where it encloses as much area in
// one direction as in the other (no simple ring does).
int turning_of(const Ring& ring);

}  // namespace mrv::boundary
