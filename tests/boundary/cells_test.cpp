// The cell index misses no pair that overlaps, and its ranges hold what is inside a cell and
// nothing else.
#include "ledger/boundary/cells.h"

#include <algorithm>
#include <random>
#include <set>

#include "ledger/boundary/overlap.h"
#include "tests/boundary/shapes.h"

using namespace mrv;
using namespace mrv::boundary;
using boundary::test::box;
using boundary::test::made;
using boundary::test::ring;

namespace {

using Random = std::mt19937_64;

constexpr std::int64_t kSide = std::int64_t{1} << (32 - kCellLevelMax);  // of the smallest cell

bool in_range(const CellKey& key, const CellKeyRange& range) {
  return range.first <= key && key < range.end;
}

bool finds(const CellQuery& query, const Cell& cell) {
  const CellKey key = key_of(cell);
  return std::find(query.keys.begin(), query.keys.end(), key) != query.keys.end() ||
         std::any_of(query.ranges.begin(), query.ranges.end(),
                     [&key](const CellKeyRange& range) { return in_range(key, range); });
}

bool finds_any(const CellQuery& query, const std::vector<Cell>& cells) {
  return std::any_of(cells.begin(), cells.end(),
                     [&query](const Cell& cell) { return finds(query, cell); });
}

// A cell's column and row at its own level, out of its code.
std::pair<std::uint64_t, std::uint64_t> column_and_row(const Cell& cell) {
  std::uint64_t column = 0;
  std::uint64_t row = 0;
  for (unsigned bit = 0; bit < 32; ++bit) {
    row |= (cell.morton >> (2 * bit) & 1U) << bit;
    column |= (cell.morton >> (2 * bit + 1) & 1U) << bit;
  }
  return {column >> (32U - cell.level), row >> (32U - cell.level)};
}

// Whether `outer` is `inner` or one of the cells around it.
bool holds(const Cell& outer, const Cell& inner) {
  if (outer.level > inner.level) return false;
  const unsigned deeper = inner.level - outer.level;
  const auto [column, row] = column_and_row(inner);
  return column_and_row(outer) == std::pair(column >> deeper, row >> deeper);
}

Cell one_cell(std::int64_t longitude, std::int64_t latitude) {
  const auto cells = cells_of(made({{box(longitude, latitude, longitude + 1, latitude + 1)}}));
  REQUIRE(cells.size() == 1);
  return cells[0];
}

std::int64_t between(Random& random, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}

// A box of a size from a few units to most of the earth, near one of a few places.
RawPolygon random_box(Random& random) {
  const std::int64_t size = std::int64_t{1} << between(random, 1, 30);
  const auto width = between(random, 1, size);
  const auto height = std::min<std::int64_t>(between(random, 1, size), kLatitudeMax);
  const std::int64_t west = std::clamp<std::int64_t>(
      between(random, -3, 3) * (kLongitudeMax / 3) + between(random, -size, size), -kLongitudeMax,
      kLongitudeMax - width);
  const std::int64_t south = std::clamp<std::int64_t>(
      between(random, -2, 2) * (kLatitudeMax / 2) + between(random, -size, size), -kLatitudeMax,
      kLatitudeMax - height);
  return {box(west, south, west + width, south + height)};
}

}  // namespace

TEST_CASE("a polygon has the deepest 2 by 2 cells that hold its box") {
  const std::int64_t west = 100 * kSide - kLongitudeMax;
  const std::int64_t south = 200 * kSide - kLatitudeMax;
  const auto cells = [&](std::int64_t width, std::int64_t height) {
    return cells_of(made({{box(west, south, west + width, south + height)}}));
  };
  CHECK(cells(kSide, kSide).size() == 1);
  CHECK(cells(kSide, kSide)[0].level == kCellLevelMax);
  CHECK(cells(kSide + 1, kSide).size() == 2);
  CHECK(cells(2 * kSide, 2 * kSide).size() == 4);
  CHECK(cells(2 * kSide, 2 * kSide)[3].level == kCellLevelMax);
  CHECK(cells(2 * kSide + 1, 1)[0].level == kCellLevelMax - 1);
  CHECK(column_and_row(cells(1, 1)[0]) == std::pair<std::uint64_t, std::uint64_t>(100, 200));
}

TEST_CASE("the whole earth is cells of level 1, and a look-up with it finds everything") {
  const Boundary earth = made({{ring({{-kLongitudeMax, -kLatitudeMax},
                                      {0, -kLatitudeMax},
                                      {kLongitudeMax, -kLatitudeMax},
                                      {kLongitudeMax, kLatitudeMax},
                                      {0, kLatitudeMax},
                                      {-kLongitudeMax, kLatitudeMax}})}});
  const auto cells = cells_of(earth);
  CHECK(cells == std::vector<Cell>{{0, 1}, {std::uint64_t{1} << 63, 1}});
  const CellQuery query = query_of(cells);
  CHECK(query.keys == std::vector<CellKey>{CellKey{}});
  CHECK(finds(query, one_cell(-kLongitudeMax, -kLatitudeMax)));
  CHECK(finds(query, one_cell(kLongitudeMax - 1, kLatitudeMax - 1)));
}

TEST_CASE("keys as they are stored") {
  CHECK(to_hex(key_of({0, 0})) == "000000000000000000");
  CHECK(to_hex(key_of(one_cell(-kLongitudeMax, -kLatitudeMax))) == "000000000000000014");
  CHECK(to_hex(key_of(one_cell(0, 0))) == "2d9b6492f600000014");
  const auto site = cells_of(made({{box(1'095'000'000, 382'000'000, 1'096'000'000, 383'000'000)}}));
  REQUIRE(site.size() == 4);
  CHECK(to_hex(key_of(site[0])) == "98f09400000000000c");
  CHECK(to_hex(key_of(site[3])) == "98f09700000000000c");
  CHECK(to_hex(successor(key_of({0, 0}))) == "000000000000000001");
  const CellQuery all = query_of(std::vector<Cell>{{0, 0}});
  REQUIRE(all.ranges.size() == 1);
  CHECK(to_hex(all.ranges[0].first) == "000000000000000000");
  CHECK(to_hex(all.ranges[0].end) == "ffffffffffffffffff");
  CHECK(all.keys.empty());
}

TEST_CASE("a range holds a cell and the cells inside it, the keys the cells around it") {
  Random random(1);
  for (int i = 0; i < 20'000; ++i) {
    const auto a = cells_of(made({random_box(random)}));
    const auto b = cells_of(made({random_box(random)}));
    for (const Cell& cell : a) {
      const CellQuery query = query_of(std::vector<Cell>{cell});
      REQUIRE(query.ranges.size() == 1);
      REQUIRE(query.keys.size() == cell.level);
      for (const Cell& other : b) {
        CHECK(in_range(key_of(other), query.ranges[0]) == holds(cell, other));
        const bool around = std::binary_search(query.keys.begin(), query.keys.end(), key_of(other));
        CHECK(around == (other != cell && holds(other, cell)));
      }
    }
  }
}

TEST_CASE("a look-up's keys and ranges are ascending, apart, and each once") {
  Random random(2);
  for (int i = 0; i < 2'000; ++i) {
    std::vector<Cell> cells;
    for (int k = 0; k < 6; ++k) {
      const auto more = cells_of(made({random_box(random)}));
      cells.insert(cells.end(), more.begin(), more.end());
    }
    const CellQuery query = query_of(cells);
    CHECK(std::set<CellKey>(query.keys.begin(), query.keys.end()).size() == query.keys.size());
    CHECK(std::is_sorted(query.keys.begin(), query.keys.end()));
    for (std::size_t k = 0; k < query.ranges.size(); ++k) {
      CHECK(query.ranges[k].first < query.ranges[k].end);
      if (k > 0) CHECK(query.ranges[k - 1].end <= query.ranges[k].first);
      for (const CellKey& key : query.keys) CHECK(!in_range(key, query.ranges[k]));
    }
    for (const Cell& cell : cells) CHECK(finds(query, cell));
  }
}

TEST_CASE("no pair of boxes of a small grid is missed") {
  // Half a cell wide steps, over the middle line of the plane where the coarsest cells meet.
  constexpr std::int64_t kStep = kSide / 2;
  constexpr int kSteps = 6;
  const std::int64_t west = (std::int64_t{1} << 31) - kLongitudeMax - 3 * kStep;
  const std::int64_t south = (std::int64_t{1} << 30) - kLatitudeMax - 3 * kStep;
  std::vector<Boundary> boxes;
  std::vector<std::vector<Cell>> cells;
  for (int w = 0; w < kSteps; ++w) {
    for (int e = w + 1; e <= kSteps; ++e) {
      for (int s = 0; s < kSteps; ++s) {
        for (int n = s + 1; n <= kSteps; ++n) {
          boxes.push_back(made(
              {{box(west + w * kStep, south + s * kStep, west + e * kStep, south + n * kStep)}}));
          cells.push_back(cells_of(boxes.back()));
        }
      }
    }
  }
  std::size_t overlapping = 0;
  std::size_t found = 0;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const CellQuery query = query_of(cells[i]);
    for (std::size_t j = 0; j < boxes.size(); ++j) {
      const bool meets = interiors_meet(boxes[i].box(), boxes[j].box());
      const bool hit = finds_any(query, cells[j]);
      if (meets && !hit) FAIL_CHECK("missed: boxes " << i << " and " << j);
      overlapping += meets ? 1 : 0;
      found += hit ? 1 : 0;
    }
  }
  // It also leaves something out.
  CHECK(overlapping > 50'000);
  CHECK(found < boxes.size() * boxes.size());
}

TEST_CASE("no random pair is missed, and few that lie far apart are found") {
  Random random(3);
  std::size_t overlapping = 0;
  std::size_t found_apart = 0;
  std::size_t apart = 0;
  for (int i = 0; i < 50'000; ++i) {
    const Boundary a = made({random_box(random)});
    const Boundary b = made({random_box(random)});
    const bool hit = finds_any(query_of(cells_of(a)), cells_of(b));
    if (interiors_intersect(a, b)) {
      ++overlapping;
      if (!hit) FAIL_CHECK("missed: random pair " << i);
    } else {
      ++apart;
      found_apart += hit ? 1 : 0;
    }
  }
  CHECK(overlapping > 200);
  CHECK(found_apart * 4 < apart);
}

TEST_CASE("neighbours on the border of a cell are not even candidates") {
  const std::int64_t border = 100 * kSide - kLongitudeMax;
  const Boundary west = made({{box(border - kSide, 0, border, 10)}});
  const Boundary east = made({{box(border, 0, border + kSide, 10)}});
  CHECK(!finds_any(query_of(cells_of(west)), cells_of(east)));
}

TEST_CASE("a boundary has at most four cells for each polygon, each cell once") {
  std::vector<RawPolygon> polygons;
  for (std::int64_t i = 0; i < std::int64_t{kBoundaryPolygonsMax}; ++i) {
    polygons.push_back({box((2 * i + 1) * kSide * 2 - 5, -5, (2 * i + 1) * kSide * 2 + 5, 5)});
  }
  const auto cells = cells_of(made(polygons));
  CHECK(cells.size() <= kCellsMax);
  CHECK(std::is_sorted(cells.begin(), cells.end()));
  CHECK(std::adjacent_find(cells.begin(), cells.end()) == cells.end());
  CHECK(cells_of(made({{box(0, 0, 3, 3)}, {box(3, 0, 5, 3)}})).size() == 1);
}
