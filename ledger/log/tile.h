// Tile geometry and paths (C2SP tlog-tiles; schemas/spec/log.md).
//
// A tile of height H at level L holds up to 2^H hashes: its entry i is the root of the full subtree
// over the leaves [(n·2^H + i)·2^(H·L), (n·2^H + i + 1)·2^(H·L)). Height 8 is the format; height 2
// lets tests reach deep geometry with dozens of leaves. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "ledger/base/types.h"

namespace mrv::log {

inline constexpr unsigned kTileHeight = 8;
inline constexpr std::uint64_t kTileWidth = std::uint64_t{1} << kTileHeight;
inline constexpr std::size_t kTileBytes = kTileWidth * kHashSize;
inline constexpr unsigned kTileLevelMax = 63;
static_assert(kTileBytes == 8'192);

template <unsigned Height>
struct TileGeometry {
  static_assert(Height >= 1 && Height <= 16);
  static constexpr std::uint64_t kWidth = std::uint64_t{1} << Height;

  // How many whole hashes level `level` has in a tree of `size` leaves.
  static constexpr std::uint64_t hashes_at(std::uint64_t size, unsigned level) {
    return Height * level >= 64 ? 0 : size >> (Height * level);
  }
  // Width of the open tile of a level; 0 where there is none.
  static constexpr unsigned open_width(std::uint64_t size, unsigned level) {
    return static_cast<unsigned>(hashes_at(size, level) % kWidth);
  }
};

using ProductionGeometry = TileGeometry<kTileHeight>;

// What a tile path names. `level` is nothing for an entry bundle; `width` nothing for a full tile.
struct TilePath {
  std::optional<unsigned> level;
  std::uint64_t index = 0;
  std::optional<unsigned> width;
  friend bool operator==(const TilePath&, const TilePath&) = default;
};

// "tile/<L>/<N>[.p/<W>]" or "tile/entries/<N>[.p/<W>]"; N in groups of three digits, all but the
// last prefixed x (1234067 -> x001/x234/067).
std::string tile_path(const TilePath& path);
// Refuses every other spelling. Errors: TILE_PATH_INVALID.
Result<TilePath> parse_tile_path(std::string_view text);

}  // namespace mrv::log
