// RFC 6962 verification against the published vectors, good and damaged.
#include "crypto/rfc6962.h"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace mrv;

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> vector_files(const char* kind) {
  std::vector<fs::path> files;
  const fs::path folder = fs::path(MRV_SOURCE_DIR) / "../shared/vectors/rfc6962";
  if (!fs::exists(folder)) {
    MESSAGE("skipped: the RFC 6962 vectors are not beside the project");
    return files;
  }
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const bool wanted = entry.path().string().find(kind) != std::string::npos;
    if (wanted && entry.path().extension() == ".json") files.push_back(entry.path());
  }
  return files;
}

// Hashes of any length: damaged vectors hold wrong ones, which no Hash can carry.
std::optional<Hash> hash_of(const nlohmann::json& json) {
  const auto bytes = json.is_string() ? from_base64(json.get<std::string>()) : Bytes{};
  if (!bytes.ok()) return std::nullopt;
  const auto hash = to_hash(*bytes);
  if (!hash.ok()) return std::nullopt;
  return *hash;
}

std::optional<std::vector<Hash>> path_of(const nlohmann::json& json) {
  std::vector<Hash> path;
  if (json.is_null()) return path;
  for (const auto& item : json) {
    const auto hash = hash_of(item);
    if (!hash) return std::nullopt;
    path.push_back(*hash);
  }
  return path;
}

constexpr std::uint64_t kSizesMax = 130;        // two full levels of 64 leaves, and their edges
constexpr std::uint64_t kDamagedSizesMax = 64;  // every bit of these sizes' proofs is flipped

const std::vector<Hash>& leaves() {
  static const std::vector<Hash> hashes = [] {
    std::vector<Hash> made;
    for (std::uint64_t i = 0; i < kSizesMax; ++i) {
      made.push_back(crypto::leaf_hash(as_bytes("leaf " + std::to_string(i))));
    }
    return made;
  }();
  return hashes;
}

std::span<const Hash> first_leaves(std::uint64_t size) { return std::span(leaves()).first(size); }

// RFC 6962 section 2.1 word for word, by recursion on the split.
Hash defined_root(std::span<const Hash> hashes) {
  if (hashes.empty()) return crypto::empty_root();
  if (hashes.size() == 1) return hashes[0];
  std::size_t split = 1;
  while (2 * split < hashes.size()) split *= 2;
  return crypto::node_hash(defined_root(hashes.first(split)), defined_root(hashes.subspan(split)));
}

// Flips each bit of `hash` in turn and answers how often `refuses` did not hold.
template <class Refuses>
int survivors(Hash& hash, const Refuses& refuses) {
  int count = 0;
  for (std::size_t bit = 0; bit < 8 * hash.size(); ++bit) {
    const auto mask = static_cast<std::uint8_t>(1U << bit % 8);
    hash[bit / 8] = static_cast<std::uint8_t>(hash[bit / 8] ^ mask);
    if (!refuses()) ++count;
    hash[bit / 8] = static_cast<std::uint8_t>(hash[bit / 8] ^ mask);
  }
  return count;
}

}  // namespace

TEST_CASE("inclusion vectors have their stated verdicts") {
  int good = 0;
  int bad = 0;
  for (const auto& file : vector_files("inclusion")) {
    const auto test = nlohmann::json::parse(std::ifstream(file));
    const auto path = path_of(test.at("proof"));
    const auto root = hash_of(test.at("root"));
    const auto leaf = hash_of(test.at("leafHash"));
    const bool ok =
        path && root && leaf &&
        crypto::verify_inclusion(test.at("leafIdx").get<std::uint64_t>(),
                                 test.at("treeSize").get<std::uint64_t>(), *leaf, *path, *root)
            .ok();
    CHECK_MESSAGE(ok == !test.at("wantErr").get<bool>(), file.string());
    (ok ? good : bad) += 1;
  }
  MESSAGE("inclusion vectors: ", good, " accepted, ", bad, " refused");
}

TEST_CASE("consistency vectors have their stated verdicts") {
  int good = 0;
  int bad = 0;
  for (const auto& file : vector_files("consistency")) {
    const auto test = nlohmann::json::parse(std::ifstream(file));
    const auto path = path_of(test.at("proof"));
    const auto root1 = hash_of(test.at("root1"));
    const auto root2 = hash_of(test.at("root2"));
    const bool ok =
        path && root1 && root2 &&
        crypto::verify_consistency(test.at("size1").get<std::uint64_t>(),
                                   test.at("size2").get<std::uint64_t>(), *root1, *root2, *path)
            .ok();
    CHECK_MESSAGE(ok == !test.at("wantErr").get<bool>(), file.string());
    (ok ? good : bad) += 1;
  }
  MESSAGE("consistency vectors: ", good, " accepted, ", bad, " refused");
}

TEST_CASE("the empty tree, a leaf and a node hash as RFC 6962 says") {
  CHECK(to_hex(crypto::empty_root()) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(crypto::leaf_hash({})) ==
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  CHECK(crypto::node_hash(Hash{}, crypto::empty_root()) !=
        crypto::node_hash(crypto::empty_root(), Hash{}));
}

TEST_CASE("sizes beyond any real tree are judged without overflow") {
  const std::uint64_t huge = ~std::uint64_t{0};
  CHECK(!crypto::verify_inclusion(huge, huge, Hash{}, {}, Hash{}).ok());
  CHECK(!crypto::verify_inclusion(huge - 1, huge, Hash{}, std::vector<Hash>(64), Hash{}).ok());
  CHECK(!crypto::verify_consistency(huge - 1, huge, Hash{}, Hash{}, std::vector<Hash>(64)).ok());
  CHECK(!crypto::verify_consistency(2, 1, Hash{}, Hash{}, {}).ok());
}

TEST_CASE("roots are those of the definition for every size") {
  for (std::uint64_t size = 0; size <= kSizesMax; ++size) {
    CHECK(crypto::root_of(first_leaves(size)) == defined_root(first_leaves(size)));
  }
}

TEST_CASE("every leaf of every size is proved by its path and by no other length of it") {
  for (std::uint64_t size = 1; size <= kSizesMax; ++size) {
    const Hash root = defined_root(first_leaves(size));
    for (std::uint64_t index = 0; index < size; ++index) {
      auto path = crypto::inclusion_path(index, first_leaves(size));
      const auto verified = [&] {
        return crypto::verify_inclusion(index, size, leaves()[index], path, root);
      };
      REQUIRE(verified().ok());
      path.push_back(root);
      REQUIRE(verified().error().name == "PROOF_LENGTH_INVALID");
      path.pop_back();
      if (path.empty()) continue;
      path.pop_back();
      REQUIRE(verified().error().name == "PROOF_LENGTH_INVALID");
    }
    const auto beyond = crypto::verify_inclusion(size, size, leaves()[0], {}, root);
    REQUIRE(beyond.error().name == "PROOF_INDEX_INVALID");
  }
}

TEST_CASE("a leaf's path proves it at no other index and proves no other leaf") {
  for (std::uint64_t size = 1; size <= kDamagedSizesMax; ++size) {
    const Hash root = defined_root(first_leaves(size));
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto path = crypto::inclusion_path(index, first_leaves(size));
      for (std::uint64_t other = 0; other < size; ++other) {
        if (other == index) continue;
        REQUIRE(!crypto::verify_inclusion(other, size, leaves()[index], path, root).ok());
        REQUIRE(!crypto::verify_inclusion(index, size, leaves()[other], path, root).ok());
      }
    }
  }
}

TEST_CASE("every pair of sizes is consistent by its proof and by no other length of it") {
  std::vector<Hash> roots;
  for (std::uint64_t size = 0; size <= kSizesMax; ++size) {
    roots.push_back(defined_root(first_leaves(size)));
  }
  for (std::uint64_t size2 = 0; size2 <= kSizesMax; ++size2) {
    for (std::uint64_t size1 = 0; size1 <= size2; ++size1) {
      auto proof = crypto::consistency_path(size1, first_leaves(size2));
      const auto verified = [&] {
        return crypto::verify_consistency(size1, size2, roots[size1], roots[size2], proof);
      };
      REQUIRE(verified().ok());
      REQUIRE(proof.empty() == (size1 == 0 || size1 == size2));
      if (size1 != size2) {
        const auto swapped =
            crypto::verify_consistency(size2, size1, roots[size2], roots[size1], proof);
        REQUIRE(swapped.error().name == "PROOF_SIZE_INVALID");
        if (size1 != 0) {
          const auto exchanged =
              crypto::verify_consistency(size1, size2, roots[size2], roots[size1], proof);
          REQUIRE(exchanged.error().name == "ROOT_MISMATCH");
        }
      }
      proof.push_back(roots[1]);
      REQUIRE(verified().error().name == "PROOF_LENGTH_INVALID");
      proof.pop_back();
      if (proof.empty()) continue;
      proof.pop_back();
      REQUIRE(verified().error().name == "PROOF_LENGTH_INVALID");
    }
  }
}

TEST_CASE("any flipped bit of leaf, path or root undoes an inclusion proof") {
  for (std::uint64_t size = 1; size <= kDamagedSizesMax; ++size) {
    Hash root = defined_root(first_leaves(size));
    for (std::uint64_t index = 0; index < size; ++index) {
      auto path = crypto::inclusion_path(index, first_leaves(size));
      Hash leaf = leaves()[index];
      const auto refuses = [&] {
        const auto verified = crypto::verify_inclusion(index, size, leaf, path, root);
        return !verified.ok() && verified.error().name == "ROOT_MISMATCH";
      };
      REQUIRE(!refuses());
      int count = survivors(leaf, refuses) + survivors(root, refuses);
      for (Hash& hash : path) count += survivors(hash, refuses);
      REQUIRE(count == 0);
    }
  }
}

TEST_CASE("any flipped bit of a root or of the proof undoes a consistency proof") {
  for (std::uint64_t size2 = 1; size2 <= kDamagedSizesMax; ++size2) {
    Hash root2 = defined_root(first_leaves(size2));
    for (std::uint64_t size1 = 0; size1 <= size2; ++size1) {
      auto proof = crypto::consistency_path(size1, first_leaves(size2));
      Hash root1 = defined_root(first_leaves(size1));
      const auto refuses = [&] {
        const auto verified = crypto::verify_consistency(size1, size2, root1, root2, proof);
        return !verified.ok() && verified.error().name == "ROOT_MISMATCH";
      };
      REQUIRE(!refuses());
      int count = survivors(root1, refuses);
      // Anything continues the empty tree, so nothing then speaks for the second root.
      if (size1 != 0) count += survivors(root2, refuses);
      for (Hash& hash : proof) count += survivors(hash, refuses);
      REQUIRE(count == 0);
    }
  }
}
