// The state map over leaves kept elsewhere: only the hashes of the top of the tree stay in memory.
//
//            1                 node 1 is the root; node i has children 2i and 2i+1
//        2       3             nodes [2^d, 2^(d+1)) are the buckets: all leaves whose keys share
//      4   5   6   7  (d = 2)  their first d bits, hashed as a subtree of their own
//
// A node holds the hash of its subtree, or nothing when that is empty; an inner hash is formed only
// where both sides hold something, which is exactly where a compact Patricia tree has a node. So
// the root does not depend on d. Changing leaves re-hashes their buckets from a scan of the leaf
// source, then the way up.
//
// Pure: leaves come through LeafSource; no I/O, no threads of its own. Not thread-safe; the
// pipeline owns it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "ledger/map/map_proof.h"

namespace mrv::map {

inline constexpr unsigned kTopDepthMax = 22;
// A young ledger grows while it runs and the depth does not: 4 MiB keep buckets small up to a
// million keys.
inline constexpr unsigned kTopDepthMin = 16;
inline constexpr std::size_t kBucketKeysAverage = 4;

struct Leaf {
  Hash key{};
  Hash value{};
};

// A new value for a key, or its removal.
struct LeafWrite {
  Hash key{};
  std::optional<Hash> value;
};

// Visits the leaves with first <= key <= last in key order.
using LeafSource =
    std::function<Status(const Hash& first, const Hash& last,
                         const std::function<void(const Hash& key, const Hash& value)>& visit)>;

// The hashes an apply() replaced: (node, hash before). Undoing newest first restores the earlier
// tree.
struct TopUndo {
  std::vector<std::pair<std::size_t, std::optional<Hash>>> nodes;
  std::uint64_t key_count = 0;
};

// Top hashes as they were at an earlier root: what the undo lists since then replaced. A node that
// is not listed is unchanged.
using TopOverrides = std::map<std::size_t, std::optional<Hash>>;

class StateMap {
 public:
  // `depth` = d above; depth_for() chooses it so that buckets average kBucketKeysAverage keys.
  explicit StateMap(unsigned depth);
  static unsigned depth_for(std::uint64_t key_count);

  // Hashes every bucket from the source, then the top. On an error the map must not be used.
  Status rebuild(const LeafSource& source);

  // Applies writes over what `source` shows (the source still holds the old leaves). Writes may
  // come in any order; a key at most once. Answers what it replaced. On an error nothing has
  // changed.
  Result<TopUndo> apply(std::span<const LeafWrite> writes, const LeafSource& source);
  void undo(const TopUndo& undo);

  [[nodiscard]] Hash root() const;
  [[nodiscard]] std::uint64_t key_count() const { return key_count_; }
  [[nodiscard]] unsigned depth() const { return depth_; }

  // Proofs against the present root, or the earlier one that `overrides` describe; `source` shows
  // the leaves of that root. Errors: MAP_KEY_ABSENT, MAP_KEY_PRESENT, and the source's.
  Result<ProofPath> prove_inclusion(ByteView row_key, const LeafSource& source,
                                    const TopOverrides& overrides = {}) const;
  Result<AbsenceProof> prove_absence(ByteView row_key, const LeafSource& source,
                                     const TopOverrides& overrides = {}) const;

 private:
  [[nodiscard]] std::size_t bucket_of(const Hash& key) const;
  [[nodiscard]] Hash bucket_first(std::size_t bucket) const;
  [[nodiscard]] Hash bucket_last(std::size_t bucket) const;
  Result<std::vector<Leaf>> read_bucket(std::size_t bucket, const LeafSource& source) const;
  [[nodiscard]] std::optional<Hash> combine(std::size_t node) const;
  [[nodiscard]] const std::optional<Hash>& node_at(std::size_t node,
                                                   const TopOverrides& overrides) const;
  void append_top_path(std::size_t bucket, const TopOverrides& overrides, ProofPath& path) const;

  unsigned depth_;
  std::uint64_t key_count_ = 0;
  std::vector<std::optional<Hash>> nodes_;
};

}  // namespace mrv::map
