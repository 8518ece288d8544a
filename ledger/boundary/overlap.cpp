// Two valid polygons have interior in common exactly where
//   1. two edges cross in a point inside both, or
//   2. they have a stretch of edge in common that runs in the same direction: the interior lies
//   left
//      of every edge, so on the same side of it, or
//   3. a stretch of an edge of one, between two places where it touches the other's edges, is
//   inside
//      the other.
//
// Each is enough. 1: the other polygon has points on both sides of the edge, and its interior is in
// one piece, so it meets the edge and with it the interior beside it. 3: an inside is open, so
// whatever borders on it from one side reaches into it.
// None means none. By 1 and 3 no edge of one enters the interior of the other; an interior in one
// piece that meets no edge of the other polygon is wholly inside or wholly outside it; were each
// inside the other they would be equal, and by 2 they are not.
#include "ledger/boundary/overlap.h"

#include "ledger/boundary/edges.h"

namespace mrv::boundary {
namespace {

Edges edges_of(const Polygon& polygon) {
  Edges edges;
  add_edges(polygon.outer, 0, edges);
  for (std::size_t i = 0; i < polygon.holes.size(); ++i) {
    add_edges(polygon.holes[i], static_cast<std::uint32_t>(i + 1), edges);
  }
  return edges;
}

bool edges_intersect(const Edges& a, const Edges& b) {
  const Meeting meeting = meet(a, b);
  return meeting.crosses || meeting.common_same ||
         any_stretch(a, meeting.on_a, b, Location::inside) ||
         any_stretch(b, meeting.on_b, a, Location::inside);
}

}  // namespace

bool interiors_intersect(const Polygon& a, const Polygon& b) {
  return interiors_meet(a.box, b.box) && edges_intersect(edges_of(a), edges_of(b));
}

bool interiors_intersect(const Boundary& a, const Boundary& b) {
  return find_overlap(a, b).has_value();
}

std::optional<OverlappingPair> find_overlap(const Boundary& a, const Boundary& b) {
  for (std::size_t i = 0; i < a.polygons().size(); ++i) {
    for (std::size_t j = 0; j < b.polygons().size(); ++j) {
      if (interiors_intersect(a.polygons()[i], b.polygons()[j])) return OverlappingPair{i, j};
    }
  }
  return std::nullopt;
}

}  // namespace mrv::boundary
