// Inclusion and consistency proofs, and the root by a second route, from stored tiles (RFC 6962
// section 2.1).
//
// Every proof is a list of subtree roots; a subtree that is full and aligned is found inside one
// tile, any other is combined from such ones. Tiles are asked for at most once per call. Pure but
// for the source.
#pragma once

#include <bit>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "ledger/log/integrate.h"

namespace mrv::log {

// The hashes of tile (level, index), of which at least `width` are wanted.
using TileSource =
    std::function<Result<std::vector<Hash>>(unsigned level, std::uint64_t index, unsigned width)>;

template <unsigned Height>
class TileReader {
 public:
  using Geometry = TileGeometry<Height>;

  // `source` must outlive the reader; it shows a tree of at least `size` leaves.
  TileReader(std::uint64_t size, const TileSource& source) : size_(size), source_(source) {}

  // Root over the leaves [first, first + 2^power), aligned to its own size.
  Result<Hash> full_subtree(std::uint64_t first, unsigned power) {
    const unsigned level = power / Height;
    const unsigned inside = power % Height;
    const std::uint64_t at = first >> (Height * level);
    MRV_TRY(const std::vector<Hash>* tile, read(level, at / Geometry::kWidth));
    const std::uint64_t offset = at % Geometry::kWidth;
    const std::uint64_t count = std::uint64_t{1} << inside;
    if (offset + count > tile->size()) {
      return Error{"TILE_TOO_NARROW", "a tile has fewer hashes than the tree", {}};
    }
    const auto begin = tile->begin() + static_cast<std::ptrdiff_t>(offset);
    return full_subtree_root({begin, begin + static_cast<std::ptrdiff_t>(count)});
  }

  // Root over the leaves [first, end): full subtrees of falling size, joined from the right.
  // Precondition: first < end and `first` is aligned to the largest of them.
  Result<Hash> subtree(std::uint64_t first, std::uint64_t end) {
    std::vector<Hash> parts;
    while (first < end) {
      const auto power = static_cast<unsigned>(std::bit_width(end - first) - 1);
      MRV_TRY(const Hash part, full_subtree(first, power));
      parts.push_back(part);
      first += std::uint64_t{1} << power;
    }
    Hash root = parts.back();
    for (std::size_t i = parts.size() - 1; i-- > 0;) root = crypto::node_hash(parts[i], root);
    return root;
  }

 private:
  Result<const std::vector<Hash>*> read(unsigned level, std::uint64_t index) {
    const auto key = std::pair(level, index);
    const auto found = tiles_.find(key);
    if (found != tiles_.end()) return &found->second;
    const std::uint64_t whole = Geometry::hashes_at(size_, level);
    const std::uint64_t left = whole - std::min(whole, index * Geometry::kWidth);
    const auto width = static_cast<unsigned>(std::min(left, Geometry::kWidth));
    MRV_TRY(std::vector<Hash> hashes, source_(level, index, width));
    return &tiles_.emplace(key, std::move(hashes)).first->second;
  }

  std::uint64_t size_;
  const TileSource& source_;
  std::map<std::pair<unsigned, std::uint64_t>, std::vector<Hash>> tiles_;
};

// Largest power of two below size; size >= 2.
inline std::uint64_t split_point(std::uint64_t size) { return std::bit_floor(size - 1); }

// Errors: PROOF_INDEX_INVALID and the source's.
template <unsigned Height>
Result<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size,
                                          const TileSource& source) {
  if (index >= size) {
    return Error{"PROOF_INDEX_INVALID", "the index is not below the tree size", {}};
  }
  TileReader<Height> reader(size, source);
  std::vector<Hash> path;
  std::uint64_t first = 0;
  std::uint64_t end = size;
  while (end - first > 1) {
    const std::uint64_t middle = first + split_point(end - first);
    const bool left = index < middle;
    MRV_TRY(const Hash sibling, left ? reader.subtree(middle, end) : reader.subtree(first, middle));
    path.push_back(sibling);
    (left ? end : first) = middle;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

// Errors: PROOF_SIZE_INVALID and the source's.
template <unsigned Height>
Result<std::vector<Hash>> consistency_proof(std::uint64_t size1, std::uint64_t size2,
                                            const TileSource& source) {
  if (size1 > size2) {
    return Error{"PROOF_SIZE_INVALID", "the first tree is larger than the second", {}};
  }
  std::vector<Hash> proof;
  if (size1 == 0 || size1 == size2) return proof;
  TileReader<Height> reader(size2, source);
  std::uint64_t first = 0;
  std::uint64_t end = size2;
  // Down to the part that both trees have whole; `whole`: it is the first tree itself.
  bool whole = true;
  while (size1 != end) {
    const std::uint64_t middle = first + split_point(end - first);
    if (size1 <= middle) {
      MRV_TRY(const Hash right, reader.subtree(middle, end));
      proof.push_back(right);
      end = middle;
    } else {
      MRV_TRY(const Hash left, reader.subtree(first, middle));
      proof.push_back(left);
      first = middle;
      whole = false;
    }
  }
  if (!whole) {
    MRV_TRY(const Hash common, reader.subtree(first, end));
    proof.push_back(common);
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

// The root of a tree of `size` leaves from its tiles alone: O(log n) hashes read.
template <unsigned Height>
Result<Hash> root_from_tiles(std::uint64_t size, const TileSource& source) {
  if (size == 0) return crypto::empty_root();
  return TileReader<Height>(size, source).subtree(0, size);
}

}  // namespace mrv::log
