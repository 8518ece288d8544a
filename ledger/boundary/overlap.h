// Whether two boundaries have ground in common: exact, in integers, so that every replica and every
// other implementation agrees.
//
// Interiors intersect where some point is inside both. Common edges, stretches of edges and corners
// are none; a polygon that exactly fills another's hole does not overlap it; equal polygons and one
// inside the other do.
//
// Cost: polygons are first compared by their boxes, so boundaries that lie apart cost next to
// nothing. For two polygons of n and m positions whose boxes overlap it is O((n + m) log (n + m))
// in the ordinary case: 0.1 to 3 ms for 2,000 positions each. It is O(n · m) where the edges are
// made so that their boxes all overlap: 75 ms for 2,000 positions each. So a caller bounds how many
// candidates it compares (cells.h).
#pragma once

#include <cstddef>
#include <optional>

#include "ledger/boundary/boundary.h"

namespace mrv::boundary {

bool interiors_intersect(const Boundary& a, const Boundary& b);
bool interiors_intersect(const Polygon& a, const Polygon& b);

// The first pair of polygons that overlap, by a's order and then b's: for the refusal's detail.
struct OverlappingPair {
  std::size_t in_a = 0;
  std::size_t in_b = 0;
};
std::optional<OverlappingPair> find_overlap(const Boundary& a, const Boundary& b);

}  // namespace mrv::boundary
