// The state map against its definition, over exhaustive small key sets and random large ones.
#include "ledger/map/state_map.h"

#include <map>
#include <random>

#include <doctest/doctest.h>

#include "crypto/sha256.h"

using namespace mrv;

namespace {

using Model = std::map<Hash, Hash>;

map::LeafSource source_of(const Model& model) {
  return [&model](const Hash& first, const Hash& last, const auto& visit) -> Status {
    for (auto leaf = model.lower_bound(first); leaf != model.end() && leaf->first <= last; ++leaf) {
      visit(leaf->first, leaf->second);
    }
    return {};
  };
}

// The definition, by recursion over bit positions.
std::optional<Hash> reference(const std::vector<map::Leaf>& leaves, std::size_t bit) {
  if (leaves.empty()) return std::nullopt;
  if (leaves.size() == 1) return map::leaf_hash(leaves[0].key, leaves[0].value);
  std::vector<map::Leaf> left;
  std::vector<map::Leaf> right;
  for (const auto& leaf : leaves) (map::bit_of(leaf.key, bit) ? right : left).push_back(leaf);
  const auto a = reference(left, bit + 1);
  const auto b = reference(right, bit + 1);
  if (!a) return b;
  if (!b) return a;
  return map::inner_hash(*a, *b, static_cast<std::uint8_t>(bit));
}

Hash reference_root(const Model& model) {
  std::vector<map::Leaf> leaves;
  for (const auto& [key, value] : model) leaves.push_back({key, value});
  return reference(leaves, 0).value_or(map::empty_root());
}

Bytes row_key(int n) { return to_bytes("row " + std::to_string(n)); }
Bytes row_value(int n) { return to_bytes("value " + std::to_string(n)); }

void put(Model& model, int n) { model[map::key_hash(row_key(n))] = map::value_hash(row_value(n)); }

}  // namespace

TEST_CASE("every subset of eight rows has the root of its definition at every depth") {
  for (unsigned subset = 0; subset < 256; ++subset) {
    Model model;
    for (int n = 0; n < 8; ++n) {
      if ((subset >> n & 1U) != 0) put(model, n);
    }
    const Hash expected = reference_root(model);
    for (const unsigned depth : {0U, 1U, 3U, 9U}) {
      map::StateMap state_map(depth);
      REQUIRE(state_map.rebuild(source_of(model)).ok());
      CHECK(state_map.root() == expected);
      CHECK(state_map.key_count() == model.size());
    }
  }
}

TEST_CASE("writes in any batches lead to the root of the definition, and undo leads back") {
  std::mt19937 random(7);
  for (const unsigned depth : {0U, 4U, 11U}) {
    Model model;
    map::StateMap state_map(depth);
    REQUIRE(state_map.rebuild(source_of(model)).ok());
    for (int round = 0; round < 60; ++round) {
      std::map<Hash, std::optional<Hash>> chosen;
      for (unsigned i = 0; i < 1 + random() % 20; ++i) {
        const int n = static_cast<int>(random() % 200);
        const bool erase = random() % 3 == 0;
        chosen[map::key_hash(row_key(n))] =
            erase ? std::nullopt
                  : std::optional(map::value_hash(row_value(static_cast<int>(random() % 9))));
      }
      std::vector<map::LeafWrite> writes;
      for (const auto& [key, value] : chosen) writes.push_back({key, value});
      std::shuffle(writes.begin(), writes.end(), random);
      const Hash before = state_map.root();
      auto undo = state_map.apply(writes, source_of(model));
      REQUIRE(undo.ok());
      const Hash after = state_map.root();
      state_map.undo(*undo);
      CHECK(state_map.root() == before);
      REQUIRE(state_map.apply(writes, source_of(model)).ok());
      CHECK(state_map.root() == after);
      for (const auto& [key, value] : chosen) {
        if (value) {
          model[key] = *value;
        } else {
          model.erase(key);
        }
      }
      CHECK(after == reference_root(model));
      CHECK(state_map.key_count() == model.size());
    }
  }
}

TEST_CASE("every row has an inclusion proof and every other key an absence proof") {
  for (const int size : {0, 1, 2, 3, 17, 120}) {
    Model model;
    for (int n = 0; n < size; ++n) put(model, n);
    for (const unsigned depth : {0U, 3U, 8U}) {
      map::StateMap state_map(depth);
      REQUIRE(state_map.rebuild(source_of(model)).ok());
      const auto source = source_of(model);
      for (int n = 0; n < 2 * size + 5; ++n) {
        const bool present = n < size;
        const auto inclusion = state_map.prove_inclusion(row_key(n), source);
        const auto absence = state_map.prove_absence(row_key(n), source);
        REQUIRE(inclusion.ok() == present);
        REQUIRE(absence.ok() == !present);
        if (present) {
          CHECK(map::verify_inclusion(state_map.root(), row_key(n), row_value(n), *inclusion).ok());
          CHECK(!map::verify_inclusion(state_map.root(), row_key(n), row_value(n + 1), *inclusion)
                     .ok());
          CHECK(inclusion.ok());
          const auto again = map::decode_path(map::encode_path(*inclusion));
          REQUIRE(again.ok());
          CHECK(*again == *inclusion);
        } else {
          CHECK(map::verify_absence(state_map.root(), row_key(n), *absence).ok());
        }
      }
    }
  }
}

TEST_CASE("a proof with any single bit changed is refused") {
  Model model;
  for (int n = 0; n < 40; ++n) put(model, n);
  map::StateMap state_map(2);
  REQUIRE(state_map.rebuild(source_of(model)).ok());
  for (int n = 0; n < 6; ++n) {
    const Bytes good = map::encode_path(*state_map.prove_inclusion(row_key(n), source_of(model)));
    for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
      Bytes bad = good;
      bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ 1U << bit % 8);
      const auto path = map::decode_path(bad);
      CHECK_FALSE((path.ok() &&
                   map::verify_inclusion(state_map.root(), row_key(n), row_value(n), *path).ok()));
    }
    for (std::size_t cut = 0; cut < good.size(); ++cut) {
      const auto path = map::decode_path(ByteView(good).first(cut));
      CHECK_FALSE((path.ok() &&
                   map::verify_inclusion(state_map.root(), row_key(n), row_value(n), *path).ok()));
    }
  }
}

TEST_CASE("an absence proof cannot be made for a key that is present") {
  Model model;
  for (int n = 0; n < 30; ++n) put(model, n);
  map::StateMap state_map(3);
  REQUIRE(state_map.rebuild(source_of(model)).ok());
  // Another key's honest absence proof does not serve a present key.
  const auto absence = state_map.prove_absence(row_key(1000), source_of(model));
  REQUIRE(absence.ok());
  for (int n = 0; n < 30; ++n) {
    CHECK(!map::verify_absence(state_map.root(), row_key(n), *absence).ok());
  }
}

TEST_CASE("a failing leaf source changes nothing") {
  Model model;
  for (int n = 0; n < 10; ++n) put(model, n);
  map::StateMap state_map(2);
  REQUIRE(state_map.rebuild(source_of(model)).ok());
  const Hash before = state_map.root();
  int calls = 0;
  const map::LeafSource failing = [&](const Hash& first, const Hash& last,
                                      const auto& visit) -> Status {
    if (++calls > 1) return Error{"STORE_READ_FAILED", "planted", {}};
    return source_of(model)(first, last, visit);
  };
  std::vector<map::LeafWrite> writes;
  for (int n = 20; n < 40; ++n) writes.push_back({map::key_hash(row_key(n)), Hash{}});
  CHECK(!state_map.apply(writes, failing).ok());
  CHECK(state_map.root() == before);
  CHECK(state_map.key_count() == 10);
}
