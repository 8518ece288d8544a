// Proofs from tiles against RFC 6962's own definitions, for every small tree and both tile heights.
#include "ledger/log/proof.h"

#include <map>

#include <doctest/doctest.h>

using namespace mrv;

namespace {

constexpr std::uint64_t kSizeMax = 130;

std::vector<Hash> leaves_of(std::uint64_t count) {
  std::vector<Hash> leaves;
  for (std::uint64_t i = 0; i < count; ++i) {
    leaves.push_back(crypto::leaf_hash(as_bytes("leaf " + std::to_string(i))));
  }
  return leaves;
}

// A log as the store keeps it: full tiles, and the edge.
template <unsigned Height>
struct SmallLog {
  log::Edge edge;
  std::uint64_t size = 0;
  std::map<std::pair<unsigned, std::uint64_t>, std::vector<Hash>> full;

  void append(std::span<const Hash> leaves) {
    for (auto& tile : log::integrate<Height>(edge, size, leaves)) {
      CHECK(tile.hashes.size() == log::TileGeometry<Height>::kWidth);
      CHECK(full.emplace(std::pair(tile.level, tile.index), std::move(tile.hashes)).second);
    }
    size += leaves.size();
  }

  log::TileSource source() const {
    return [this](unsigned level, std::uint64_t index, unsigned) -> Result<std::vector<Hash>> {
      const auto found = full.find({level, index});
      if (found != full.end()) return found->second;
      if (level < edge.levels.size()) return edge.levels[level];
      return Error{"TILE_MISSING", "", {}};
    };
  }
};

template <unsigned Height>
void check_every_size() {
  const auto leaves = leaves_of(kSizeMax);
  SmallLog<Height> log;
  for (std::uint64_t size = 0; size <= kSizeMax; ++size) {
    const std::span now(leaves.data(), size);
    const Hash root = crypto::root_of(now);
    CHECK(log::root_of_edge(log.edge) == root);
    CHECK(*log::root_from_tiles<Height>(size, log.source()) == root);
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto path = log::inclusion_proof<Height>(index, size, log.source());
      REQUIRE(path.ok());
      CHECK(*path == crypto::inclusion_path(index, now));
      CHECK(crypto::verify_inclusion(index, size, leaves[index], *path, root).ok());
    }
    for (std::uint64_t earlier = 0; earlier <= size; ++earlier) {
      const auto proof = log::consistency_proof<Height>(earlier, size, log.source());
      REQUIRE(proof.ok());
      CHECK(*proof == crypto::consistency_path(earlier, now));
      const Hash before = crypto::root_of(now.first(earlier));
      CHECK(crypto::verify_consistency(earlier, size, before, root, *proof).ok());
    }
    if (size < kSizeMax) log.append(std::span(leaves).subspan(size, 1));
  }
}

}  // namespace

TEST_CASE("proofs and roots from tiles of height 2 are RFC 6962's for every size up to 130") {
  check_every_size<2>();
}

TEST_CASE("proofs and roots from tiles of height 8 are RFC 6962's for every size up to 130") {
  check_every_size<8>();
}

TEST_CASE("tiles do not depend on how leaves are split into batches") {
  const auto leaves = leaves_of(300);
  SmallLog<2> one_by_one;
  for (const Hash& leaf : leaves) one_by_one.append({&leaf, 1});
  for (const std::uint64_t batch : {2UL, 3UL, 7UL, 16UL, 64UL, 299UL, 300UL}) {
    SmallLog<2> batched;
    for (std::uint64_t at = 0; at < leaves.size(); at += batch) {
      batched.append(std::span(leaves).subspan(at, std::min(batch, leaves.size() - at)));
    }
    CHECK(batched.full == one_by_one.full);
    CHECK(batched.edge == one_by_one.edge);
  }
}

TEST_CASE("every single-bit damage of a proof is refused for every size up to 64") {
  const auto leaves = leaves_of(64);
  for (std::uint64_t size = 1; size <= 64; ++size) {
    const std::span now(leaves.data(), size);
    const Hash root = crypto::root_of(now);
    const std::uint64_t index = size * 7 % size;
    for (const std::uint64_t at : {index, size / 2, size - 1}) {
      auto path = crypto::inclusion_path(at, now);
      for (auto& hash : path) {
        for (std::size_t bit = 0; bit < 256; ++bit) {
          hash[bit / 8] = static_cast<std::uint8_t>(hash[bit / 8] ^ 1U << bit % 8);
          CHECK(!crypto::verify_inclusion(at, size, leaves[at], path, root).ok());
          hash[bit / 8] = static_cast<std::uint8_t>(hash[bit / 8] ^ 1U << bit % 8);
        }
      }
      for (std::uint64_t other = 0; other < 2 * size; ++other) {
        if (other == at) continue;
        CHECK(!crypto::verify_inclusion(other, size, leaves[at], path, root).ok());
      }
      auto longer = path;
      longer.push_back(root);
      CHECK(!crypto::verify_inclusion(at, size, leaves[at], longer, root).ok());
      if (!path.empty()) {
        path.pop_back();
        CHECK(!crypto::verify_inclusion(at, size, leaves[at], path, root).ok());
      }
    }
  }
}

TEST_CASE("a source that shows too few hashes is an error, never a wrong proof") {
  const auto leaves = leaves_of(9);
  SmallLog<2> log;
  log.append(leaves);
  const auto good = log.source();
  const log::TileSource narrow = [&](unsigned level, std::uint64_t index,
                                     unsigned width) -> Result<std::vector<Hash>> {
    MRV_TRY(auto hashes, good(level, index, width));
    hashes.resize(hashes.size() / 2);
    return hashes;
  };
  CHECK(log::inclusion_proof<2>(1, 9, narrow).error().name == "TILE_TOO_NARROW");
  CHECK(log::inclusion_proof<2>(9, 9, good).error().name == "PROOF_INDEX_INVALID");
  CHECK(log::consistency_proof<2>(10, 9, good).error().name == "PROOF_SIZE_INVALID");
}
