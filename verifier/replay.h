// The whole ledger over again from its entries: every signature, every rule, every map root, every
// log root. What the operator's database says plays no part. Pure but for the blob source.
//
// Where a dataset is not here, the entry's recorded result stands in for the calculation, and the
// act counts as not recomputed. That is believed only of datasets that the log itself removes by a
// later decision: finish() says whether it does.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "ledger/log/integrate.h"
#include "ledger/map/state_map.h"
#include "ledger/state/transition.h"

namespace mrv::verifier {

class Replay {
 public:
  // `blobs` gives the datasets that acts name by digest. `origin`: of the log that these are said
  // to be the entries of; without one, what Genesis says is believed.
  explicit Replay(state::BlobSource blobs, std::optional<std::string> origin = std::nullopt);

  // The next entry. Errors, each naming the index: REPLAY_ENTRY_INVALID (bytes or signature),
  // REPLAY_ORIGIN_DIFFERS (an act signed for another log),
  // REPLAY_ACT_REFUSED (the rules refuse what the log accepted), REPLAY_RESULT_DIFFERS,
  // REPLAY_ID_REPEATED, REPLAY_TIME_RUNS_BACK, REPLAY_SEAL_WRONG, REPLAY_BLOB_MISSING.
  Status add(ByteView entry);

  // After the last entry. Errors: REPLAY_SEAL_WRONG (it is no seal), REPLAY_BLOB_MISSING (a dataset
  // was not here, and no decision of the log removed it).
  [[nodiscard]] Status finish() const;

  // The vkey that signs the tree that ends with the last seal: the one that the log announced last
  // before the batch of that seal, at first Genesis' own. Empty before Genesis.
  [[nodiscard]] std::string log_vkey() const;

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Hash log_root() const { return log::root_of_edge(edge_); }
  // Root of the state after the last seal.
  [[nodiscard]] Hash map_root() const { return map_.root(); }
  [[nodiscard]] std::uint64_t acts() const { return acts_; }
  [[nodiscard]] std::uint64_t seals() const { return seals_; }
  [[nodiscard]] const state::MemoryState& state() const { return state_; }
  // Acts whose recorded result was believed.
  [[nodiscard]] std::uint64_t not_recomputed() const { return not_recomputed_; }

 private:
  Status add_act(ByteView bytes);
  Status add_seal(ByteView bytes);
  [[nodiscard]] Error at_index(std::string_view name, const std::string& detail) const;
  void change(const state::Delta& delta);

  state::BlobSource blobs_;
  std::optional<std::string> origin_;
  state::MemoryState state_;
  map::StateMap map_;
  std::map<Hash, Hash> leaves_;                         // as of the last seal
  std::map<Hash, std::optional<Hash>> changed_leaves_;  // since
  std::set<Bytes> ids_;
  log::Edge edge_;
  std::uint64_t size_ = 0;
  std::uint64_t acts_ = 0;
  std::uint64_t seals_ = 0;
  std::uint64_t not_recomputed_ = 0;
  std::map<Hash, EntryIndex>
      absent_;  // datasets that were not here, and the first act to need each
  std::string genesis_vkey_;
  EntryIndex batch_start_;  // of the batch that the last seal ended
  EntryIndex next_start_;
  TimestampMs time_;
  bool sealed_ = false;
};

}  // namespace mrv::verifier
