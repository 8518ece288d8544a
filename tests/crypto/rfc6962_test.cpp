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
