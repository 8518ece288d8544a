// Map hashing and proof verification.
#include "ledger/map/map_proof.h"

#include <algorithm>

#include "crypto/sha256.h"

namespace mrv::map {
namespace {

Error malformed(const char* why) { return {"MAP_PROOF_MALFORMED", why, {}}; }

Status check_bits(const ProofPath& path) {
  if (path.size() > kKeyBits) return malformed("more steps than a key has bits");
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (path[i].bit >= path[i - 1].bit) return malformed("the bits do not strictly decrease");
  }
  return {};
}

Hash climb(const Hash& key, Hash hash, const ProofPath& path) {
  for (const auto& step : path) {
    hash = bit_of(key, step.bit) ? inner_hash(step.sibling, hash, step.bit)
                                 : inner_hash(hash, step.sibling, step.bit);
  }
  return hash;
}

Status check_root(const Hash& computed, const Hash& root) {
  if (computed == root) return {};
  return Error{"MAP_ROOT_MISMATCH", "the proof does not lead to this root", {}};
}

}  // namespace

Hash key_hash(ByteView row_key) { return crypto::sha256(row_key); }
Hash value_hash(ByteView row_value) { return crypto::sha256(row_value); }

Hash leaf_hash(const Hash& key, const Hash& value) {
  std::array<std::uint8_t, 2 * kHashSize> bytes{};
  std::copy(key.begin(), key.end(), bytes.begin());
  std::copy(value.begin(), value.end(), bytes.begin() + kHashSize);
  return crypto::sha256(bytes);
}

Hash inner_hash(const Hash& left, const Hash& right, std::uint8_t bit) {
  std::array<std::uint8_t, 2 * kHashSize + 1> bytes{};
  std::copy(left.begin(), left.end(), bytes.begin());
  std::copy(right.begin(), right.end(), bytes.begin() + kHashSize);
  bytes.back() = bit;
  return crypto::sha256(bytes);
}

Hash empty_root() { return crypto::sha256({}); }

Bytes encode_path(const ProofPath& path) {
  Bytes bytes;
  bytes.reserve(path.size() * kProofStepBytes);
  for (const auto& step : path) {
    bytes.push_back(step.bit);
    bytes.insert(bytes.end(), step.sibling.begin(), step.sibling.end());
  }
  return bytes;
}

Result<ProofPath> decode_path(ByteView bytes) {
  if (bytes.size() > kProofBytesMax || bytes.size() % kProofStepBytes != 0) {
    return malformed("the length is no whole number of steps");
  }
  ProofPath path(bytes.size() / kProofStepBytes);
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto step = bytes.subspan(i * kProofStepBytes, kProofStepBytes);
    path[i].bit = step[0];
    std::copy(step.begin() + 1, step.end(), path[i].sibling.begin());
  }
  MRV_CHECK(check_bits(path));
  return path;
}

Status verify_inclusion(const Hash& root, ByteView row_key, ByteView row_value,
                        const ProofPath& path) {
  MRV_CHECK(check_bits(path));
  const Hash key = key_hash(row_key);
  return check_root(climb(key, leaf_hash(key, value_hash(row_value)), path), root);
}

Status verify_absence(const Hash& root, ByteView row_key, const AbsenceProof& proof) {
  if (proof.empty_tree) {
    if (!proof.path.empty()) return malformed("an empty tree has no path");
    return check_root(empty_root(), root);
  }
  MRV_CHECK(check_bits(proof.path));
  const Hash key = key_hash(row_key);
  if (key == proof.other_key) return Error{"MAP_KEY_PRESENT", "the key is the leaf's own", {}};
  // The search for `key` takes the same turns as the one for the other leaf.
  const bool same_turns =
      std::all_of(proof.path.begin(), proof.path.end(), [&](const ProofStep& step) {
        return bit_of(key, step.bit) == bit_of(proof.other_key, step.bit);
      });
  if (!same_turns) {
    return Error{"MAP_PROOF_OFF_PATH", "the other leaf does not lie on the key's path", {}};
  }
  return check_root(
      climb(proof.other_key, leaf_hash(proof.other_key, proof.other_value), proof.path), root);
}

}  // namespace mrv::map
