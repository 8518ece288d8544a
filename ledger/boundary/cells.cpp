// Morton codes of cells, and the key ranges of a look-up.
#include "ledger/boundary/cells.h"

#include <algorithm>
#include <cassert>
#include <set>

namespace mrv::boundary {
namespace {

constexpr unsigned kWorldBits = 32;

// A cell by its column and row among those of its level.
Cell cell_at(std::uint64_t column, std::uint64_t row, std::uint8_t level) {
  Cell cell{0, level};
  for (unsigned bit = 0; bit < level; ++bit) {
    cell.morton |= (row >> bit & 1U) << (2 * bit);
    cell.morton |= (column >> bit & 1U) << (2 * bit + 1);
  }
  if (level > 0) cell.morton <<= 2 * (kWorldBits - level);
  return cell;
}

// The cells of one level that a stretch of the axis meets: its ends are corners of a box, and a box
// that ends on the border of a cell has nothing inside the next one.
struct Span {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  Span(std::int32_t low, std::int32_t high, std::int32_t offset, std::uint8_t level)
      : first(index(low, offset, level)), last(index(high - 1, offset, level)) {}
  static std::uint64_t index(std::int32_t at, std::int32_t offset, std::uint8_t level) {
    return static_cast<std::uint64_t>(std::int64_t{at} + offset) >> (kWorldBits - level);
  }
};

void add_cells(const Box& box, std::vector<Cell>& cells) {
  assert(box.low.longitude < box.high.longitude && box.low.latitude < box.high.latitude);
  for (std::uint8_t level = kCellLevelMax;; --level) {
    const Span columns(box.low.longitude, box.high.longitude, kLongitudeMax, level);
    const Span rows(box.low.latitude, box.high.latitude, kLatitudeMax, level);
    if (columns.last - columns.first > 1 || rows.last - rows.first > 1) continue;
    for (std::uint64_t column = columns.first; column <= columns.last; ++column) {
      for (std::uint64_t row = rows.first; row <= rows.last; ++row) {
        cells.push_back(cell_at(column, row, level));
      }
    }
    return;
  }
}

// The first Morton code behind a cell; nothing for the whole plane.
std::uint64_t cells_below(std::uint8_t level) {
  return level == 0 ? 0 : std::uint64_t{1} << (2 * (kWorldBits - level));
}

Cell parent_of(const Cell& cell) {
  const auto level = static_cast<std::uint8_t>(cell.level - 1);
  return {level == 0 ? 0 : cell.morton & ~(cells_below(level) - 1), level};
}

CellKey end_of(const Cell& cell) {
  if (cell.level > 0) return key_of({cell.morton + cells_below(cell.level), 0});
  CellKey end{};
  end.fill(0xFF);
  return end;
}

}  // namespace

CellKey key_of(const Cell& cell) {
  CellKey key{};
  for (std::size_t i = 0; i < 8; ++i) {
    key[i] = static_cast<std::uint8_t>(cell.morton >> (56 - 8 * i));
  }
  key[8] = cell.level;
  return key;
}

CellKey successor(const CellKey& key) {
  CellKey next = key;
  ++next[8];  // a level is far below 255
  return next;
}

std::vector<Cell> cells_of(const Boundary& boundary) {
  std::vector<Cell> cells;
  for (const Polygon& polygon : boundary.polygons()) add_cells(polygon.box, cells);
  std::sort(cells.begin(), cells.end());
  cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
  return cells;
}

std::vector<Cell> cells_of(const Box& box) {
  std::vector<Cell> cells;
  add_cells(box, cells);
  std::sort(cells.begin(), cells.end());
  return cells;
}

CellQuery query_of(std::span<const Cell> cells) {
  CellQuery query;
  std::set<CellKey> keys;
  std::vector<Cell> sorted(cells.begin(), cells.end());
  std::sort(sorted.begin(), sorted.end());
  for (const Cell& cell : sorted) {
    const CellKeyRange range{key_of(cell), end_of(cell)};
    // A cell comes before all that is inside it.
    if (!query.ranges.empty() && range.first < query.ranges.back().end) continue;
    query.ranges.push_back(range);
    for (Cell each = cell; each.level > 0;) {
      each = parent_of(each);
      keys.insert(key_of(each));
    }
  }
  query.keys.assign(keys.begin(), keys.end());
  return query;
}

}  // namespace mrv::boundary
