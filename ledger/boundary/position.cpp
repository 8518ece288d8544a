// Exact predicates: 128-bit products of differences.
#include "ledger/boundary/position.h"

#include <algorithm>
#include <cassert>

namespace mrv::boundary {
namespace {

__extension__ using Wide = __int128;

int sign_of(Wide value) { return value > 0 ? 1 : (value < 0 ? -1 : 0); }

bool within(std::int32_t a, std::int32_t b, std::int32_t c) {
  return std::min(a, b) <= c && c <= std::max(a, b);
}

}  // namespace

Box box_of(const Ring& ring) {
  assert(!ring.empty());
  Box box{ring.front(), ring.front()};
  for (const Position& each : ring) box = join(box, {each, each});
  return box;
}

Box join(const Box& a, const Box& b) {
  return {
      {std::min(a.low.longitude, b.low.longitude), std::min(a.low.latitude, b.low.latitude)},
      {std::max(a.high.longitude, b.high.longitude), std::max(a.high.latitude, b.high.latitude)}};
}

bool boxes_touch(const Box& a, const Box& b) {
  return a.low.longitude <= b.high.longitude && b.low.longitude <= a.high.longitude &&
         a.low.latitude <= b.high.latitude && b.low.latitude <= a.high.latitude;
}

bool interiors_meet(const Box& a, const Box& b) {
  return a.low.longitude < b.high.longitude && b.low.longitude < a.high.longitude &&
         a.low.latitude < b.high.latitude && b.low.latitude < a.high.latitude;
}

int side_of(Position a, Position b, DoubledPosition c) {
  const Wide along = std::int64_t{b.longitude} - a.longitude;
  const Wide up = std::int64_t{b.latitude} - a.latitude;
  return sign_of(along * (c.latitude - 2 * std::int64_t{a.latitude}) -
                 up * (c.longitude - 2 * std::int64_t{a.longitude}));
}

int side_of(Position a, Position b, Position c) { return side_of(a, b, midpoint(c, c)); }

bool between(Position a, Position b, Position c) {
  return within(a.longitude, b.longitude, c.longitude) &&
         within(a.latitude, b.latitude, c.latitude);
}

int turning_of(const Ring& ring) {
  Wide twice_area = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Position& from = ring[i];
    const Position& to = ring[(i + 1) % ring.size()];
    twice_area += Wide{from.longitude} * to.latitude - Wide{to.longitude} * from.latitude;
  }
  return sign_of(twice_area);
}

}  // namespace mrv::boundary
