// Where the edges of two sets of rings meet, and walking along rings from one such place to the
// next: the machinery under validity and overlap.
//
// Rings that do not cross change sides only where they touch. So each stretch of a ring between two
// touching places is wholly inside the other polygon, wholly outside it, or a common stretch; its
// mid-point says which. Touching places are corners of one of the two, hence integers, and the
// mid-point is an integer in doubled coordinates.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "ledger/boundary/position.h"

namespace mrv::boundary {

// From a corner of a ring to the next one.
struct Edge {
  Position from;
  Position to;
  std::uint32_t ring = 0;   // which of the rings given
  std::uint32_t index = 0;  // of its first corner
  Box box;
};
// Ring after ring, each in its order.
using Edges = std::vector<Edge>;

// Adds the edges of one ring, as ring number `number`.
void add_edges(const Ring& ring, std::uint32_t number, Edges& edges);

// How two edges meet: corners of one that lie on the other (one may be listed twice), and whether
// they cross in a point inside both or have a stretch in common.
struct Contact {
  bool crosses = false;
  bool common = false;
  bool same_direction = false;  // of the common stretch
  std::array<Position, 4> touches{};
  std::size_t touch_count = 0;
};
Contact contact_of(const Edge& e, const Edge& f);

// Visits the pairs of edges that meet, each once, until `visit` answers false.
using VisitContact = std::function<bool(const Edge& e, const Edge& f, const Contact& contact)>;
void each_contact(const Edges& edges, const VisitContact& visit);

// A corner of the one set that lies on edge `edge` of the other, and whether a common stretch in
// opposite directions begins there (in the direction of the edge).
struct Touch {
  std::size_t edge = 0;
  Position at;
  bool starts_common = false;
};

struct Meeting {
  bool crosses = false;
  bool common_same = false;      // a common stretch in the same direction
  bool common_opposite = false;  // and in opposite directions
  // In the order of the edges and along each, each place once. Incomplete after crosses and
  // common_same: they end the search.
  std::vector<Touch> on_a;
  std::vector<Touch> on_b;
};
// Precondition: no two edges of `a`, and none of `b`, cross or have a stretch in common.
Meeting meet(const Edges& a, const Edges& b);

enum class Location : std::uint8_t { outside, on_edge, inside };
// Where a point lies with respect to the area that the rings enclose (even-odd).
Location locate(DoubledPosition point, const Edges& rings);

// Whether a stretch of `walked` between two touches is `wanted` with respect to `rings`. Common
// stretches are neither inside nor outside. Precondition: meet(walked, rings) found no crossing and
// `touches` is its list for `walked`.
bool any_stretch(const Edges& walked, const std::vector<Touch>& touches, const Edges& rings,
                 Location wanted);

}  // namespace mrv::boundary
