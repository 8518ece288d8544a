// The cell index: which stored boundaries can overlap a new one, found by key alone.
//
// The plane of longitude and latitude lies in a square of 2^32 units that is quartered again and
// again: level 0 is the whole, a cell of level L has a side of 2^(32-L) units. A polygon is entered
// under the at most 4 cells (2 by 2) that its bounding box meets at the deepest level, up to
// kCellLevelMax, at which there are no more.
//
//   key of a cell, 9 bytes:  Morton code of its low corner, 8 bytes BE  ‖  level, 1 byte
//
// Everything inside a cell therefore has keys in one contiguous range that starts with its own, and
// the cells around it (its ancestors) are one key each. Two polygons whose interiors intersect have
// a cell each of which one holds the other or is equal to it; so a look-up of cells_of(a) by
// query_of() finds every boundary that overlaps `a`, and others, which the exact test decides.
//
//   storing project P:      for each cell of cells_of(boundary): put(tag ‖ key ‖ P)
//   finding candidates:     q = query_of(cells_of(boundary))
//                           for each key of q.keys:      scan [tag ‖ key, tag ‖ successor(key))
//                           for each range of q.ranges:  scan [tag ‖ first, tag ‖ end)
//
// A candidate may come up several times. Pure functions; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "ledger/boundary/boundary.h"

namespace mrv::boundary {

// Cells of about 45 metres; deeper ones would only make look-ups longer.
inline constexpr std::uint8_t kCellLevelMax = 20;
inline constexpr std::size_t kCellsOfPolygonMax = 4;
inline constexpr std::size_t kCellsMax = kCellsOfPolygonMax * kBoundaryPolygonsMax;

struct Cell {
  std::uint64_t morton = 0;  // bits below the level are 0; longitude's bit stands above latitude's
  std::uint8_t level = 0;
  friend auto operator<=>(const Cell&, const Cell&) = default;
};

inline constexpr std::size_t kCellKeySize = 9;
using CellKey = std::array<std::uint8_t, kCellKeySize>;

// Ordered like the cells themselves.
CellKey key_of(const Cell& cell);
// The smallest 9-byte key behind `key` and all its extensions. Precondition: key_of made `key`.
CellKey successor(const CellKey& key);

// Ascending, each once, at most kCellsMax.
std::vector<Cell> cells_of(const Boundary& boundary);
// The at most kCellsOfPolygonMax of one polygon's box, ascending.
std::vector<Cell> cells_of(const Box& box);

// Keys k with first <= k < end, and all extensions of them.
struct CellKeyRange {
  CellKey first{};
  CellKey end{};
  friend bool operator==(const CellKeyRange&, const CellKeyRange&) = default;
};

struct CellQuery {
  std::vector<CellKey> keys;         // ancestors: ascending, each once, none in a range
  std::vector<CellKeyRange> ranges;  // the cells and all inside them: ascending and apart
};

CellQuery query_of(std::span<const Cell> cells);

}  // namespace mrv::boundary
