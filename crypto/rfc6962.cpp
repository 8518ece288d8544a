// RFC 6962 hashing, proof verification, and the definitions as a reference.
#include "crypto/rfc6962.h"

#include <bit>
#include <cassert>

#include "crypto/sha256.h"

namespace mrv::crypto {
namespace {

Error length_error() { return {"PROOF_LENGTH_INVALID", "the proof has the wrong length", {}}; }
Error root_error() { return {"ROOT_MISMATCH", "the proof does not lead to this root", {}}; }

// Largest power of two below size; size >= 2.
std::uint64_t split_point(std::uint64_t size) { return std::bit_floor(size - 1); }

}  // namespace

Hash leaf_hash(ByteView entry) {
  Sha256 sha;
  sha.update({&kLeafPrefix, 1});
  return sha.update(entry).finish();
}

Hash node_hash(const Hash& left, const Hash& right) {
  std::array<std::uint8_t, 1 + 2 * kHashSize> bytes{};
  bytes[0] = kNodePrefix;
  std::copy(left.begin(), left.end(), bytes.begin() + 1);
  std::copy(right.begin(), right.end(), bytes.begin() + 1 + kHashSize);
  return sha256(bytes);
}

Hash empty_root() { return sha256({}); }

Result<Hash> root_from_inclusion_proof(std::uint64_t index, std::uint64_t size, const Hash& leaf,
                                       std::span<const Hash> path) {
  if (index >= size) {
    return Error{"PROOF_INDEX_INVALID", "the index is not below the tree size", {}};
  }
  // `node` and `last` walk up from the leaf and from the rightmost leaf.
  std::uint64_t node = index;
  std::uint64_t last = size - 1;
  Hash hash = leaf;
  for (const Hash& sibling : path) {
    if (last == 0) return length_error();
    if ((node & 1U) != 0 || node == last) {
      hash = node_hash(sibling, hash);
      // A right edge without sibling climbs without hashing.
      while ((node & 1U) == 0 && node != 0) {
        node >>= 1U;
        last >>= 1U;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    node >>= 1U;
    last >>= 1U;
  }
  if (last != 0) return length_error();
  return hash;
}

Status verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf,
                        std::span<const Hash> path, const Hash& root) {
  MRV_TRY(const Hash computed, root_from_inclusion_proof(index, size, leaf, path));
  if (computed != root) return root_error();
  return {};
}

Status verify_consistency(std::uint64_t size1, std::uint64_t size2, const Hash& root1,
                          const Hash& root2, std::span<const Hash> proof) {
  if (size1 > size2) {
    return Error{"PROOF_SIZE_INVALID", "the first tree is larger than the second", {}};
  }
  if (size1 == size2 || size1 == 0) {
    if (!proof.empty()) return length_error();
    const bool holds = size1 == size2 ? root1 == root2 : root1 == empty_root();
    if (holds && (size1 != 0 || size2 != 0 || root2 == empty_root())) return {};
    return root_error();
  }
  std::uint64_t node = size1 - 1;
  std::uint64_t last = size2 - 1;
  while ((node & 1U) != 0) {
    node >>= 1U;
    last >>= 1U;
  }
  std::size_t next = 0;
  // A first size that is a power of two is itself a node of the second tree: the proof leaves it
  // out.
  Hash first_hash = root1;
  if (node != 0) {
    if (proof.empty()) return length_error();
    first_hash = proof[0];
    next = 1;
  }
  Hash second_hash = first_hash;
  for (; next < proof.size(); ++next) {
    if (last == 0) return length_error();
    const Hash& sibling = proof[next];
    if ((node & 1U) != 0 || node == last) {
      first_hash = node_hash(sibling, first_hash);
      second_hash = node_hash(sibling, second_hash);
      while ((node & 1U) == 0 && node != 0) {
        node >>= 1U;
        last >>= 1U;
      }
    } else {
      second_hash = node_hash(second_hash, sibling);
    }
    node >>= 1U;
    last >>= 1U;
  }
  if (last != 0) return length_error();
  if (first_hash != root1 || second_hash != root2) return root_error();
  return {};
}

// The definitions recurse to the depth of the tree, at most 64.
// NOLINTBEGIN(misc-no-recursion)
Hash root_of(std::span<const Hash> leaves) {
  if (leaves.empty()) return empty_root();
  if (leaves.size() == 1) return leaves[0];
  const auto k = split_point(leaves.size());
  return node_hash(root_of(leaves.first(k)), root_of(leaves.subspan(k)));
}

std::vector<Hash> inclusion_path(std::uint64_t index, std::span<const Hash> leaves) {
  assert(index < leaves.size());
  if (leaves.size() == 1) return {};
  const auto k = split_point(leaves.size());
  const bool left = index < k;
  auto path =
      left ? inclusion_path(index, leaves.first(k)) : inclusion_path(index - k, leaves.subspan(k));
  path.push_back(left ? root_of(leaves.subspan(k)) : root_of(leaves.first(k)));
  return path;
}

namespace {

// SUBPROOF of RFC 6962; `whole` = the first tree's root is known to the verifier.
std::vector<Hash> subproof(std::uint64_t size1, std::span<const Hash> leaves, bool whole) {
  if (size1 == leaves.size()) {
    return whole ? std::vector<Hash>{} : std::vector<Hash>{root_of(leaves)};
  }
  const auto k = split_point(leaves.size());
  if (size1 <= k) {
    auto proof = subproof(size1, leaves.first(k), whole);
    proof.push_back(root_of(leaves.subspan(k)));
    return proof;
  }
  auto proof = subproof(size1 - k, leaves.subspan(k), false);
  proof.push_back(root_of(leaves.first(k)));
  return proof;
}

}  // namespace

// NOLINTEND(misc-no-recursion)

std::vector<Hash> consistency_path(std::uint64_t size1, std::span<const Hash> leaves) {
  assert(size1 <= leaves.size());
  if (size1 == 0) return {};
  return subproof(size1, leaves, true);
}

}  // namespace mrv::crypto
