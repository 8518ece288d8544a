// The whole ledger over again from its entries: every signature, every rule, every map root, every
// log root. What the operator's database says plays no part. Pure but for the blob source.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

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

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Hash log_root() const { return log::root_of_edge(edge_); }
  // Root of the state after the last seal.
  [[nodiscard]] Hash map_root() const { return map_.root(); }
  [[nodiscard]] std::uint64_t acts() const { return acts_; }
  [[nodiscard]] std::uint64_t seals() const { return seals_; }
  [[nodiscard]] const state::MemoryState& state() const { return state_; }
  // Whether the last entry was a seal: a tree that is published ends in one.
  [[nodiscard]] bool sealed() const { return sealed_; }

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
  TimestampMs time_;
  bool sealed_ = false;
};

}  // namespace mrv::verifier
