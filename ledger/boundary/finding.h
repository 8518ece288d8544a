// What can be wrong with a boundary, and where: by name, so that a program can say it in any
// language, and as an English sentence.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace mrv::boundary {

enum class Flaw : std::uint8_t {
  nothing_there,        // no polygon and no point; a polygon without a ring
  too_many_polygons,    // or points: kBoundaryPolygonsMax
  too_many_holes,       // kBoundaryHolesMax
  too_many_positions,   // kBoundaryPositionsMax
  longitude_range,      // outside -180 to 180
  latitude_range,       // outside -90 to 90
  ring_too_short,       // fewer than 4 positions, the closing one included
  ring_open,            // the last position is not the first
  edge_too_wide,        // more than 180 degrees of longitude: to be cut at the antimeridian
  no_area,              // all positions of the ring on one line
  ring_meets_itself,    // the ring crosses, touches or runs back along itself
  rings_cross,          // two rings of a polygon cross
  rings_share_edge,     // two rings of a polygon have a stretch in common
  hole_outside,         // a hole is not inside its polygon's outer ring
  holes_overlap,        // two holes of a polygon have interior in common
  interior_in_pieces,   // touching rings cut the polygon's interior apart
  polygons_overlap,     // two polygons of the boundary have interior in common
  points_not_accepted,  // points where the programme gives no radius
};

// Counted from 0 as in the coordinates of a GeoJSON MultiPolygon: ring 0 is the outer one. For
// points `polygon` counts the points.
struct Place {
  std::size_t polygon = 0;
  std::size_t ring = 0;
  std::size_t position = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

struct Finding {
  Flaw flaw = Flaw::nothing_there;
  Place at;
  std::optional<Place> other;  // the second party of a crossing, touch or overlap
  friend bool operator==(const Finding&, const Finding&) = default;
};

// One English sentence, with the places in words.
std::string describe(const Finding& finding);

}  // namespace mrv::boundary
