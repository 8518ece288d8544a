// Judging polygons as they were read: the first flaw, or the polygon in normal form. Used by
// Boundary alone.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "ledger/boundary/boundary.h"

namespace mrv::boundary {

// A ring's corners in the order in which they were given, repetitions left out, and for each the
// number that it had.
struct NumberedRing {
  Ring ring;
  std::vector<std::size_t> numbers;
};

// Counts and limits over all polygons, before anything is looked at.
std::optional<Finding> judge_counts(std::span<const RawPolygon> polygons);

// Positions in range. Precondition: none.
std::optional<Flaw> judge_position(const RawPosition& position);

// A polygon by itself. `polygon` gets the normal form where there is no finding.
std::optional<Finding> judge_polygon(const RawPolygon& raw, std::size_t number, Polygon& polygon);

// Polygons of one boundary against each other.
std::optional<Finding> judge_together(std::span<const Polygon> polygons);

}  // namespace mrv::boundary
