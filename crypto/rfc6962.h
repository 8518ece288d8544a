// Merkle tree hashing and proofs of RFC 6962 section 2.1 (and RFC 9162 for the verification loops).
//   leaf = SHA-256(0x00 ‖ entry), node = SHA-256(0x01 ‖ left ‖ right), empty tree = SHA-256("")
// The distinct prefixes keep a leaf from being read as a node; the tree splits at the largest power
// of two below its size, so nothing is ever duplicated. Pure, any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crypto/bytes.h"

namespace mrv::crypto {

inline constexpr std::uint8_t kLeafPrefix = 0x00;
inline constexpr std::uint8_t kNodePrefix = 0x01;
// A path never has more hashes than a tree of 2^64 leaves has levels.
inline constexpr std::size_t kProofHashesMax = 64;

Hash leaf_hash(ByteView entry);
Hash node_hash(const Hash& left, const Hash& right);
Hash empty_root();

// The root that `path` leads to; its length is a function of (index, size) and nothing else is
// accepted. Errors: PROOF_INDEX_INVALID, PROOF_LENGTH_INVALID.
Result<Hash> root_from_inclusion_proof(std::uint64_t index, std::uint64_t size, const Hash& leaf,
                                       std::span<const Hash> path);
// Adds ROOT_MISMATCH.
Status verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf,
                        std::span<const Hash> path, const Hash& root);

// Errors: PROOF_SIZE_INVALID (size1 > size2), PROOF_LENGTH_INVALID, ROOT_MISMATCH.
// size1 = 0 holds only against the empty root, with an empty proof.
Status verify_consistency(std::uint64_t size1, std::uint64_t size2, const Hash& root1,
                          const Hash& root2, std::span<const Hash> proof);

// The definitions themselves, over all leaf hashes: for small trees and as the tests' reference.
Hash root_of(std::span<const Hash> leaves);
// Precondition: index < leaves.size().
std::vector<Hash> inclusion_path(std::uint64_t index, std::span<const Hash> leaves);
// Precondition: size1 <= leaves.size(). Empty for size1 = 0 and size1 = leaves.size().
std::vector<Hash> consistency_path(std::uint64_t size1, std::span<const Hash> leaves);

}  // namespace mrv::crypto
