// The English sentences of findings.
#include "ledger/boundary/finding.h"

#include <cassert>

#include "ledger/base/limits.h"

namespace mrv::boundary {
namespace {

std::string at_most(std::size_t number, const char* what) {
  return "a boundary has at most " + std::to_string(number) + " " + what;
}

std::string ring_of(const Place& place) {
  return "ring " + std::to_string(place.ring) + " of polygon " + std::to_string(place.polygon);
}

std::string edge_of(const Place& place) {
  return "the edge from position " + std::to_string(place.position) + " of " + ring_of(place);
}

std::string position_of(const Place& place) {
  return "position " + std::to_string(place.position) + " of " + ring_of(place);
}

std::string polygon_of(const Place& place) { return "polygon " + std::to_string(place.polygon); }

}  // namespace

std::string describe(const Finding& finding) {
  const Place& at = finding.at;
  const Place other = finding.other.value_or(Place{});
  switch (finding.flaw) {
    case Flaw::nothing_there:
      return "there is no ring, no polygon or no point where one is expected";
    case Flaw::too_many_polygons:
      return at_most(kBoundaryPolygonsMax, "polygons or points");
    case Flaw::too_many_holes:
      return at_most(kBoundaryHolesMax, "holes");
    case Flaw::too_many_positions:
      return at_most(kBoundaryPositionsMax, "positions");
    case Flaw::longitude_range:
      return position_of(at) + " has a longitude outside -180 to 180";
    case Flaw::latitude_range:
      return position_of(at) + " has a latitude outside -90 to 90";
    case Flaw::ring_too_short:
      return ring_of(at) + " has fewer than 4 positions";
    case Flaw::ring_open:
      return ring_of(at) + " does not end where it begins";
    case Flaw::edge_too_wide:
      return edge_of(at) +
             " spans more than 180 degrees of longitude; cut the polygon at the antimeridian";
    case Flaw::no_area:
      return ring_of(at) + " has no area: all its positions are on one line";
    case Flaw::ring_meets_itself:
      return edge_of(at) + " meets " + edge_of(other);
    case Flaw::rings_cross:
      return edge_of(at) + " crosses " + edge_of(other);
    case Flaw::rings_share_edge:
      return edge_of(at) + " has a stretch in common with " + edge_of(other);
    case Flaw::hole_outside:
      return ring_of(at) + " is a hole that is not inside the outer ring";
    case Flaw::holes_overlap:
      return ring_of(at) + " and " + ring_of(other) + " are holes that overlap";
    case Flaw::interior_in_pieces:
      return ring_of(at) + " touches other rings so that the interior is cut into pieces";
    case Flaw::polygons_overlap:
      return polygon_of(at) + " and " + polygon_of(other) + " overlap";
    case Flaw::points_not_accepted:
      return "the programme gives points no radius, so a boundary is made of polygons";
  }
  assert(false);
  return {};
}

}  // namespace mrv::boundary
