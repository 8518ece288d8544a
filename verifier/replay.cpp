// Judging each entry as the log's position says it was judged.
#include "verifier/replay.h"

#include "crypto/rfc6962.h"
#include "ledger/codec/act_codec.h"
#include "ledger/codec/act_id.h"
#include "ledger/codec/entry_codec.h"
#include "ledger/map/map_proof.h"

namespace mrv::verifier {
namespace {

// Deep enough for millions of rows; a shallow ledger pays a few megabytes.
constexpr unsigned kReplayMapDepth = 14;

}  // namespace

Replay::Replay(state::BlobSource blobs, std::optional<std::string> origin)
    : blobs_(std::move(blobs)), origin_(std::move(origin)), map_(kReplayMapDepth) {}

Error Replay::at_index(std::string_view name, const std::string& detail) const {
  return {name, "entry " + std::to_string(size_) + ": " + detail, {}};
}

Status Replay::add(ByteView bytes) {
  const auto entry = codec::decode_entry(bytes);
  if (!entry.ok()) return at_index("REPLAY_ENTRY_INVALID", entry.error().detail);
  const bool is_act = std::holds_alternative<codec::ActEntry>(*entry);
  MRV_CHECK(is_act ? add_act(bytes) : add_seal(bytes));
  const Hash leaf = crypto::leaf_hash(bytes);
  log::integrate<log::kTileHeight>(edge_, size_, std::span(&leaf, 1));
  ++size_;
  sealed_ = !is_act;
  return {};
}

Status Replay::add_act(ByteView bytes) {
  const auto entry = std::get<codec::ActEntry>(codec::decode_entry(bytes).value());
  if (entry.recorded_at < time_) return at_index("REPLAY_TIME_RUNS_BACK", "");
  const auto act = codec::decode_act(entry.document);
  if (!act.ok()) {
    return at_index("REPLAY_ENTRY_INVALID",
                    std::string(act.error().name) + ": " + act.error().detail);
  }
  if (act->canonical != entry.document) {
    return at_index("REPLAY_ENTRY_INVALID", "the document is not canonical");
  }
  // The rules hold every act against Genesis; Genesis itself is held against the log here.
  if (origin_ && act->act.registry != *origin_) {
    return at_index("REPLAY_ORIGIN_DIFFERS", "the act is signed for " + act->act.registry);
  }
  if (!ids_.insert(codec::act_id_key(act->act)).second) {
    return at_index("REPLAY_ID_REPEATED", "this id was accepted before");
  }
  const state::Recorded recorded{entry.result};
  auto verdict =
      state::apply(state_, {EntryIndex{size_}, entry.recorded_at, *act, &recorded}, blobs_);
  if (const auto* undecided = std::get_if<state::Undecided>(&verdict)) {
    return at_index("REPLAY_BLOB_MISSING", undecided->error.detail);
  }
  if (const auto* rejected = std::get_if<state::Rejected>(&verdict)) {
    return at_index("REPLAY_ACT_REFUSED",
                    std::string(model::describe_outcome(rejected->refusal.outcome).name) + " " +
                        rejected->refusal.detail);
  }
  const auto& accepted = std::get<state::Accepted>(verdict);
  if (accepted.result != entry.result) {
    return at_index("REPLAY_RESULT_DIFFERS", "the entry carries another result");
  }
  for (const Hash& digest : accepted.not_recomputed) absent_.emplace(digest, EntryIndex{size_});
  if (!accepted.not_recomputed.empty()) ++not_recomputed_;
  change(accepted.delta);
  if (const auto* genesis = std::get_if<model::Genesis>(&act->act.body)) {
    genesis_vkey_ = genesis->log_vkey;
  }
  time_ = entry.recorded_at;
  ++acts_;
  return {};
}

void Replay::change(const state::Delta& delta) {
  state_.apply(delta);
  for (const auto& [key, value] : delta) {
    if (key[0] >= model::kFirstIndexTag) continue;
    std::optional<Hash> leaf;
    if (value) leaf = map::value_hash(*value);
    changed_leaves_[map::key_hash(key)] = leaf;
  }
}

Status Replay::add_seal(ByteView bytes) {
  const auto seal = std::get<codec::SealEntry>(codec::decode_entry(bytes).value());
  if (seal.recorded_at < time_) return at_index("REPLAY_TIME_RUNS_BACK", "");
  std::vector<map::LeafWrite> writes;
  writes.reserve(changed_leaves_.size());
  for (const auto& [key, value] : changed_leaves_) writes.push_back({key, value});
  const map::LeafSource source = [this](const Hash& first, const Hash& last, const auto& visit) {
    for (auto leaf = leaves_.lower_bound(first); leaf != leaves_.end() && leaf->first <= last;
         ++leaf) {
      visit(leaf->first, leaf->second);
    }
    return Status();
  };
  MRV_TRY(const auto undo, map_.apply(writes, source));
  for (const auto& [key, value] : changed_leaves_) {
    if (value) {
      leaves_[key] = *value;
    } else {
      leaves_.erase(key);
    }
  }
  changed_leaves_.clear();
  if (sealed_ || size_ == 0) return at_index("REPLAY_SEAL_WRONG", "it seals nothing");
  const bool right = seal.tree_size.value() == size_ && seal.map_root == map_.root() &&
                     seal.map_size == map_.key_count();
  if (!right) return at_index("REPLAY_SEAL_WRONG", "the state has another root");
  time_ = seal.recorded_at;
  ++seals_;
  batch_start_ = std::exchange(next_start_, EntryIndex{size_ + 1});
  return {};
}

std::string Replay::log_vkey() const {
  std::string vkey = genesis_vkey_;
  const auto row = state_.get(codec::ledger_key());
  const auto ledger = row ? codec::decode_row<model::LedgerRow>(*row)
                          : Result<model::LedgerRow>(Error{"REPLAY_ENTRY_INVALID", {}, {}});
  if (!ledger.ok() || !ledger->log_keys) return vkey;
  for (const auto& key : *ledger->log_keys) {
    if (key.entry < batch_start_) vkey = key.vkey;
  }
  return vkey;
}

Status Replay::finish() const {
  if (!sealed_) return Error{"REPLAY_SEAL_WRONG", "the last entry is no seal", {}};
  for (const auto& [digest, index] : absent_) {
    if (state_.get(codec::removed_blob_key(digest))) continue;
    return Error{"REPLAY_BLOB_MISSING",
                 "entry " + std::to_string(index.value()) + ": " + to_hex(digest) +
                     ", and no decision of the log removed it",
                 {}};
  }
  return {};
}

}  // namespace mrv::verifier
