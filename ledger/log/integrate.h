// Appending leaves: old edge and new leaf hashes in, new tiles and root out. No I/O.
//
//   level 1   [h0 h1 … ]              open: hashes of full level-0 tiles
//   level 0   [tile 0 full][tile 1 full][l l l … open]
//
// The edge is the open tile of every level, which is all that an append reads and what the store
// keeps as one small row per level. Results do not depend on how leaves are split into batches.
#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdint>
#include <span>
#include <vector>

#include "crypto/rfc6962.h"
#include "ledger/log/tile.h"

namespace mrv::log {

// Hashes of the open tile per level, lowest first; the last level is never empty.
struct Edge {
  std::vector<std::vector<Hash>> levels;
  friend bool operator==(const Edge&, const Edge&) = default;
};

struct FullTile {
  unsigned level = 0;
  std::uint64_t index = 0;
  std::vector<Hash> hashes;
};

// Root of a full subtree whose 2^k leaves are given. Precondition: a power of two of them.
inline Hash full_subtree_root(std::vector<Hash> hashes) {
  assert(std::has_single_bit(hashes.size()));
  while (hashes.size() > 1) {
    for (std::size_t i = 0; i < hashes.size() / 2; ++i) {
      hashes[i] = crypto::node_hash(hashes[2 * i], hashes[2 * i + 1]);
    }
    hashes.resize(hashes.size() / 2);
  }
  return hashes[0];
}

// The tree's root, from the right: the open tiles' hashes are the roots of full subtrees that
// shrink from the top level down, each tile again split into powers of two.
inline Hash root_of_edge(const Edge& edge) {
  std::optional<Hash> root;
  for (const auto& level : edge.levels) {
    std::size_t end = level.size();
    while (end > 0) {
      const std::size_t size = end & (~end + 1);  // lowest set bit
      const auto first = level.begin() + static_cast<std::ptrdiff_t>(end - size);
      const Hash part = full_subtree_root({first, first + static_cast<std::ptrdiff_t>(size)});
      root = root ? crypto::node_hash(part, *root) : part;
      end -= size;
    }
  }
  return root.value_or(crypto::empty_root());
}

// Appends leaves to the edge of a tree of `size` leaves and answers the tiles they completed,
// lowest level and index first. Precondition: the edge is that tree's.
template <unsigned Height>
std::vector<FullTile> integrate(Edge& edge, std::uint64_t size, std::span<const Hash> leaves) {
  using Geometry = TileGeometry<Height>;
  std::vector<FullTile> completed;
  std::vector<Hash> carried(leaves.begin(), leaves.end());
  for (unsigned level = 0; !carried.empty(); ++level) {
    if (edge.levels.size() <= level) edge.levels.emplace_back();
    auto& open = edge.levels[level];
    assert(open.size() == Geometry::open_width(size, level));
    std::uint64_t index = Geometry::hashes_at(size, level) / Geometry::kWidth;
    std::vector<Hash> parents;
    for (const Hash& hash : carried) {
      open.push_back(hash);
      if (open.size() < Geometry::kWidth) continue;
      parents.push_back(full_subtree_root(open));
      completed.push_back({level, index, std::move(open)});
      open.clear();
      ++index;
    }
    carried = std::move(parents);
  }
  return completed;
}

// A tile's hashes as stored and served: one after another.
inline Bytes tile_bytes(std::span<const Hash> hashes) {
  Bytes bytes;
  bytes.reserve(hashes.size() * kHashSize);
  for (const Hash& hash : hashes) bytes.insert(bytes.end(), hash.begin(), hash.end());
  return bytes;
}

// Errors: TILE_MALFORMED (no whole number of hashes).
inline Result<std::vector<Hash>> tile_hashes(ByteView bytes) {
  if (bytes.size() % kHashSize != 0) {
    return Error{"TILE_MALFORMED", "a tile is a whole number of hashes", {}};
  }
  std::vector<Hash> hashes(bytes.size() / kHashSize);
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    const auto part = bytes.subspan(i * kHashSize, kHashSize);
    std::copy(part.begin(), part.end(), hashes[i].begin());
  }
  return hashes;
}

}  // namespace mrv::log
