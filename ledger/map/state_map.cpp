// The top of the tree in memory, buckets from the leaf source.
#include "ledger/map/state_map.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <map>

namespace mrv::map {
namespace {

// First bit in which two different keys part.
std::size_t parting_bit(const Hash& a, const Hash& b) {
  std::size_t byte = 0;
  while (a[byte] == b[byte]) ++byte;
  const auto difference = static_cast<std::uint8_t>(a[byte] ^ b[byte]);
  return 8 * byte + static_cast<std::size_t>(std::countl_zero(difference));
}

// Hash of the subtree over sorted leaves: neighbours part at some bit, and the tree over a run
// splits at the smallest of them. A stack of open left parts, one per level, gives the same without
// recursion.
std::optional<Hash> subtree_hash(std::span<const Leaf> leaves) {
  if (leaves.empty()) return std::nullopt;
  struct Open {
    Hash hash;
    std::size_t bit;  // where this left part meets what follows
  };
  std::vector<Open> open;
  Hash hash = leaf_hash(leaves[0].key, leaves[0].value);
  for (std::size_t i = 1; i < leaves.size(); ++i) {
    const std::size_t bit = parting_bit(leaves[i - 1].key, leaves[i].key);
    while (!open.empty() && open.back().bit > bit) {
      hash = inner_hash(open.back().hash, hash, static_cast<std::uint8_t>(open.back().bit));
      open.pop_back();
    }
    open.push_back({hash, bit});
    hash = leaf_hash(leaves[i].key, leaves[i].value);
  }
  while (!open.empty()) {
    hash = inner_hash(open.back().hash, hash, static_cast<std::uint8_t>(open.back().bit));
    open.pop_back();
  }
  return hash;
}

// Steps from the leaf at `at` up to the root of the subtree over sorted leaves.
ProofPath subtree_path(std::span<const Leaf> leaves, std::size_t at) {
  ProofPath downward;
  while (leaves.size() > 1) {
    const std::size_t bit = parting_bit(leaves.front().key, leaves.back().key);
    const auto split = std::partition_point(
        leaves.begin(), leaves.end(), [&](const Leaf& leaf) { return !bit_of(leaf.key, bit); });
    const auto left = static_cast<std::size_t>(split - leaves.begin());
    const bool in_left = at < left;
    const auto sibling = in_left ? leaves.subspan(left) : leaves.first(left);
    downward.push_back({static_cast<std::uint8_t>(bit), *subtree_hash(sibling)});
    leaves = in_left ? leaves.first(left) : leaves.subspan(left);
    if (!in_left) at -= left;
  }
  std::reverse(downward.begin(), downward.end());
  return downward;
}

// The leaf at which a search for `key` ends.
std::size_t search_end(std::span<const Leaf> leaves, const Hash& key) {
  std::size_t first = 0;
  std::size_t size = leaves.size();
  while (size > 1) {
    const auto part = leaves.subspan(first, size);
    const std::size_t bit = parting_bit(part.front().key, part.back().key);
    const auto split = std::partition_point(
        part.begin(), part.end(), [&](const Leaf& leaf) { return !bit_of(leaf.key, bit); });
    const auto left = static_cast<std::size_t>(split - part.begin());
    if (bit_of(key, bit)) {
      first += left;
      size -= left;
    } else {
      size = left;
    }
  }
  return first;
}

// Sorted leaves with sorted writes merged over them.
std::vector<Leaf> merged(const std::vector<Leaf>& leaves, std::span<const LeafWrite> writes) {
  std::vector<Leaf> result;
  result.reserve(leaves.size() + writes.size());
  auto leaf = leaves.begin();
  for (const auto& write : writes) {
    for (; leaf != leaves.end() && leaf->key < write.key; ++leaf) result.push_back(*leaf);
    if (leaf != leaves.end() && leaf->key == write.key) ++leaf;
    if (write.value) result.push_back({write.key, *write.value});
  }
  result.insert(result.end(), leaf, leaves.end());
  return result;
}

}  // namespace

StateMap::StateMap(unsigned depth) : depth_(depth), nodes_(std::size_t{2} << depth) {
  assert(depth <= kTopDepthMax);
}

unsigned StateMap::depth_for(std::uint64_t key_count) {
  unsigned depth = kTopDepthMin;
  while (depth < kTopDepthMax && (key_count >> depth) > kBucketKeysAverage) ++depth;
  return depth;
}

std::size_t StateMap::bucket_of(const Hash& key) const {
  std::size_t prefix = 0;
  for (std::size_t i = 0; i < 4; ++i) prefix = prefix << 8U | key[i];
  return (std::size_t{1} << depth_) + (prefix >> (32 - depth_));
}

Hash StateMap::bucket_first(std::size_t bucket) const {
  const std::size_t prefix = (bucket - (std::size_t{1} << depth_)) << (32 - depth_);
  Hash key{};
  for (std::size_t i = 0; i < 4; ++i) {
    key[i] = static_cast<std::uint8_t>(prefix >> (24 - 8 * i));
  }
  return key;
}

Hash StateMap::bucket_last(std::size_t bucket) const {
  Hash key = bucket_first(bucket);
  for (std::size_t bit = depth_; bit < kKeyBits; ++bit) {
    key[bit / 8] = static_cast<std::uint8_t>(key[bit / 8] | 0x80U >> bit % 8);
  }
  return key;
}

Result<std::vector<Leaf>> StateMap::read_bucket(std::size_t bucket,
                                                const LeafSource& source) const {
  std::vector<Leaf> leaves;
  MRV_CHECK(source(bucket_first(bucket), bucket_last(bucket),
                   [&](const Hash& key, const Hash& value) { leaves.push_back({key, value}); }));
  return leaves;
}

std::optional<Hash> StateMap::combine(std::size_t node) const {
  const auto& left = nodes_[2 * node];
  const auto& right = nodes_[2 * node + 1];
  if (!left) return right;
  if (!right) return left;
  const auto level = std::bit_width(node) - 1;
  return inner_hash(*left, *right, static_cast<std::uint8_t>(level));
}

Status StateMap::rebuild(const LeafSource& source) {
  const std::size_t buckets = std::size_t{1} << depth_;
  std::fill(nodes_.begin(), nodes_.end(), std::nullopt);
  key_count_ = 0;
  // One ordered pass over all leaves, cut into buckets as it goes.
  Hash last{};
  last.fill(0xFF);
  std::vector<Leaf> leaves;
  std::size_t bucket = buckets;
  const auto close = [&] {
    nodes_[bucket] = subtree_hash(leaves);
    leaves.clear();
  };
  MRV_CHECK(source(Hash{}, last, [&](const Hash& key, const Hash& value) {
    const std::size_t here = bucket_of(key);
    if (here != bucket) {
      close();
      bucket = here;
    }
    leaves.push_back({key, value});
    ++key_count_;
  }));
  close();
  for (std::size_t node = buckets; node-- > 1;) nodes_[node] = combine(node);
  return {};
}

Result<TopUndo> StateMap::apply(std::span<const LeafWrite> writes, const LeafSource& source) {
  std::vector<LeafWrite> sorted(writes.begin(), writes.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const LeafWrite& a, const LeafWrite& b) { return a.key < b.key; });
  // Read and hash first, change afterwards: an error leaves the map as it was.
  std::map<std::size_t, std::optional<Hash>> changed;
  std::uint64_t key_count = key_count_;
  for (std::size_t i = 0; i < sorted.size();) {
    const std::size_t bucket = bucket_of(sorted[i].key);
    std::size_t end = i + 1;
    while (end < sorted.size() && bucket_of(sorted[end].key) == bucket) ++end;
    MRV_TRY(const std::vector<Leaf> before, read_bucket(bucket, source));
    const auto after = merged(before, std::span(sorted).subspan(i, end - i));
    key_count = key_count - before.size() + after.size();
    changed[bucket] = subtree_hash(after);
    i = end;
  }
  TopUndo undo{{}, key_count_};
  const auto replace = [&](std::size_t node, const std::optional<Hash>& hash) {
    if (nodes_[node] == hash) return;
    undo.nodes.emplace_back(node, nodes_[node]);
    nodes_[node] = hash;
  };
  std::vector<std::size_t> level;
  for (const auto& [bucket, hash] : changed) {
    replace(bucket, hash);
    level.push_back(bucket);
  }
  // Parents of a sorted level come out sorted, neighbours together.
  while (!level.empty() && level.front() > 1) {
    std::vector<std::size_t> parents;
    for (const std::size_t node : level) {
      if (parents.empty() || parents.back() != node / 2) parents.push_back(node / 2);
    }
    for (const std::size_t node : parents) replace(node, combine(node));
    level = std::move(parents);
  }
  key_count_ = key_count;
  return undo;
}

void StateMap::undo(const TopUndo& undo) {
  for (auto change = undo.nodes.rbegin(); change != undo.nodes.rend(); ++change) {
    nodes_[change->first] = change->second;
  }
  key_count_ = undo.key_count;
}

Hash StateMap::root() const { return nodes_[1].value_or(empty_root()); }

const std::optional<Hash>& StateMap::node_at(std::size_t node,
                                             const TopOverrides& overrides) const {
  const auto found = overrides.find(node);
  return found == overrides.end() ? nodes_[node] : found->second;
}

void StateMap::append_top_path(std::size_t bucket, const TopOverrides& overrides,
                               ProofPath& path) const {
  for (std::size_t node = bucket; node > 1; node /= 2) {
    const auto& sibling = node_at(node ^ 1U, overrides);
    if (!sibling) continue;
    path.push_back({static_cast<std::uint8_t>(std::bit_width(node / 2) - 1), *sibling});
  }
}

Result<ProofPath> StateMap::prove_inclusion(ByteView row_key, const LeafSource& source,
                                            const TopOverrides& overrides) const {
  const Hash key = key_hash(row_key);
  const std::size_t bucket = bucket_of(key);
  MRV_TRY(const std::vector<Leaf> leaves, read_bucket(bucket, source));
  const auto found = std::lower_bound(leaves.begin(), leaves.end(), key,
                                      [](const Leaf& leaf, const Hash& k) { return leaf.key < k; });
  if (found == leaves.end() || found->key != key) {
    return Error{"MAP_KEY_ABSENT", "there is no such row", {}};
  }
  ProofPath path = subtree_path(leaves, static_cast<std::size_t>(found - leaves.begin()));
  append_top_path(bucket, overrides, path);
  return path;
}

Result<AbsenceProof> StateMap::prove_absence(ByteView row_key, const LeafSource& source,
                                             const TopOverrides& overrides) const {
  AbsenceProof proof;
  const Hash key = key_hash(row_key);
  if (!node_at(1, overrides)) {
    proof.empty_tree = true;
    return proof;
  }
  // Down the top, turning aside where the key's side is empty: there is no inner node, so no step.
  std::size_t node = 1;
  for (unsigned level = 0; level < depth_; ++level) {
    const std::size_t wanted = 2 * node + (bit_of(key, level) ? 1U : 0U);
    node = node_at(wanted, overrides) ? wanted : wanted ^ 1U;
  }
  MRV_TRY(const std::vector<Leaf> leaves, read_bucket(node, source));
  assert(!leaves.empty());
  const std::size_t at = search_end(leaves, key);
  if (leaves[at].key == key) return Error{"MAP_KEY_PRESENT", "there is such a row", {}};
  proof.other_key = leaves[at].key;
  proof.other_value = leaves[at].value;
  proof.path = subtree_path(leaves, at);
  append_top_path(node, overrides, proof.path);
  return proof;
}

}  // namespace mrv::map
