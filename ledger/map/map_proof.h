// Proofs against the state map's root (schemas/spec/map.md).
//
// The map is a compact Merkle Patricia tree over 256-bit keys:
//   key k = SHA-256(row key), value v = SHA-256(row value)
//   empty tree SHA-256(""), leaf SHA-256(k ‖ v), inner SHA-256(left ‖ right ‖ b)
// where b is the one-byte position (0 = most significant) of the first bit in which the two sides
// part. A leaf preimage has 64 bytes and an inner one 65, so neither can be read as the other.
// Pure, any thread.
#pragma once

#include <vector>

#include "crypto/bytes.h"

namespace mrv::map {

inline constexpr std::size_t kKeyBits = 256;
inline constexpr std::size_t kProofStepBytes = 1 + kHashSize;
inline constexpr std::size_t kProofBytesMax = kKeyBits * kProofStepBytes;

// One level on the way from a leaf to the root.
struct ProofStep {
  std::uint8_t bit = 0;
  Hash sibling{};
  friend bool operator==(const ProofStep&, const ProofStep&) = default;
};

// Leaf to root; bits strictly decrease.
using ProofPath = std::vector<ProofStep>;

// The leaf at which the search for an absent key ends; no leaf: the tree is empty.
struct AbsenceProof {
  bool empty_tree = false;
  Hash other_key{};
  Hash other_value{};
  ProofPath path;
};

Hash key_hash(ByteView row_key);
Hash value_hash(ByteView row_value);
Hash leaf_hash(const Hash& key, const Hash& value);
Hash inner_hash(const Hash& left, const Hash& right, std::uint8_t bit);
Hash empty_root();

// Bit `position` of the key, 0 = most significant.
inline bool bit_of(const Hash& key, std::size_t position) {
  return (static_cast<unsigned>(key[position / 8]) >> (7 - position % 8) & 1U) != 0;
}

Bytes encode_path(const ProofPath& path);
// Errors: MAP_PROOF_MALFORMED (length, or bits that do not strictly decrease).
Result<ProofPath> decode_path(ByteView bytes);

// The row (key, value) is in the map with this root. Errors: MAP_PROOF_MALFORMED,
// MAP_ROOT_MISMATCH.
Status verify_inclusion(const Hash& root, ByteView row_key, ByteView row_value,
                        const ProofPath& path);
// No row with this key is in the map. Errors: the same, and MAP_KEY_PRESENT, MAP_PROOF_OFF_PATH.
Status verify_absence(const Hash& root, ByteView row_key, const AbsenceProof& proof);

}  // namespace mrv::map
