// Roots and paths of passing leaves against RFC 6962's own definitions, around every tile's edge.
#include "ledger/log/leaf_stream.h"

#include <doctest/doctest.h>

using namespace mrv;

namespace {

std::vector<Hash> leaves_of(std::uint64_t count) {
  std::vector<Hash> leaves;
  for (std::uint64_t i = 0; i < count; ++i) {
    leaves.push_back(crypto::leaf_hash(as_bytes("leaf " + std::to_string(i))));
  }
  return leaves;
}

std::vector<Hash> streamed_path(std::uint64_t index, std::span<const Hash> leaves) {
  log::PathOfStream path(index, leaves.size());
  for (const Hash& leaf : leaves) path.add(leaf);
  return path.path();
}

}  // namespace

TEST_CASE("the root of a stream is that of its leaves, asked for at any time") {
  const auto leaves = leaves_of(2 * log::kTileWidth + 3);
  log::RootOfStream stream;
  log::RootOfStream asked_once;
  CHECK(stream.root() == crypto::empty_root());
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    stream.add(leaves[i]);
    asked_once.add(leaves[i]);
    CHECK(stream.size() == i + 1);
    CHECK(asked_once.size() == i + 1);
    CHECK(stream.root() == crypto::root_of(std::span(leaves).first(i + 1)));
  }
  CHECK(asked_once.root() == crypto::root_of(leaves));
}

TEST_CASE("the path of a stream is that of the definition, for every index of every small tree") {
  const auto leaves = leaves_of(70);
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    const auto now = std::span(leaves).first(size);
    for (std::size_t index = 0; index < size; ++index) {
      CHECK(streamed_path(index, now) == crypto::inclusion_path(index, now));
    }
  }
}

TEST_CASE("paths over several tiles of leaves hold") {
  const auto leaves = leaves_of(log::kTileWidth * 5 + 1);
  for (const std::size_t size : {log::kTileWidth - 1, log::kTileWidth, log::kTileWidth + 1,
                                 log::kTileWidth * 4, log::kTileWidth * 5 + 1}) {
    const auto now = std::span(leaves).first(size);
    for (const std::size_t index : {std::size_t{0}, std::size_t{1}, size / 2, size - 2, size - 1}) {
      CHECK(streamed_path(index, now) == crypto::inclusion_path(index, now));
    }
  }
}
