// What one act's rules work with: typed rows read through the batch so far, writes into the act's
// own delta, and the facts the orderer stamped. Rules return Check: nothing when they hold, else a
// refusal.
#pragma once

#include <algorithm>
#include <cassert>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/codec/row_codec.h"
#include "ledger/codec/row_key.h"
#include "ledger/model/outcome.h"
#include "ledger/model/rows.h"
#include "ledger/state/view.h"

namespace mrv::state {

using Check = std::optional<model::Refusal>;

inline Check refuse(model::Outcome outcome, std::string pointer = {}, std::string detail = {}) {
  return model::Refusal{outcome, std::move(pointer), std::move(detail)};
}

// The JSON Pointer of a member of the act's body.
inline std::string at(std::string_view member) {
  return "/credentialSubject/" + std::string(member);
}

// Dataset blobs by digest. Admission made sure they are here; nothing means the node must stop and
// fetch, never a verdict.
using BlobSource = std::function<std::optional<Bytes>(const Hash& digest)>;

// What the log says about an act that is judged again: it was accepted, with this result. Stands in
// for datasets that nobody has any more, which the log must then say were removed by decision.
struct Recorded {
  std::optional<std::string> result;
};

// An act with its place in the sequence. `index` is the entry it becomes if accepted. `recorded`
// only where it became that entry long ago.
struct OrderedAct {
  EntryIndex index;
  TimestampMs recorded_at;
  const model::VerifiedAct& act;
  const Recorded* recorded = nullptr;
};

struct RowRefusal {
  std::int64_t row = 0;
  model::Refusal refusal;
};

// Decoded rows by key, for as long as their bytes stay the same: rows that every act reads (ledger,
// parties, keys, programmes) are decoded once, not once for each act. Changes no verdict. Not
// thread-safe.
class RowMemo {
 public:
  template <class Row>
  const Row* find(ByteView key, ByteView value) const {
    const auto found = rows_.find(to_bytes(key));
    const bool same =
        found != rows_.end() && std::equal(value.begin(), value.end(), found->second.value.begin(),
                                           found->second.value.end());
    // The first byte of a key is its row's tag, so the type is known.
    return same ? static_cast<const Row*>(found->second.row.get()) : nullptr;
  }
  template <class Row>
  void keep(ByteView key, ByteView value, const Row& row) {
    if (rows_.size() >= kRowsMax) rows_.clear();
    rows_[to_bytes(key)] = {to_bytes(value), std::make_shared<const Row>(row)};
  }

 private:
  static constexpr std::size_t kRowsMax = 4'096;
  struct Kept {
    Bytes value;
    std::shared_ptr<const void> row;
  };
  std::map<Bytes, Kept> rows_;
};

class Context {
 public:
  // All references must outlive the context; `memo` may be absent.
  Context(const StateView& view, const OrderedAct& ordered, const BlobSource& blobs,
          RowMemo* memo = nullptr)
      : overlay_(view),
        memo_(memo),
        blobs_(blobs),
        index_(ordered.index),
        recorded_at_(ordered.recorded_at),
        act_(&ordered.act),
        recorded_(ordered.recorded) {}

  // The index an act read or written here takes effect after, and the orderer's time.
  [[nodiscard]] EntryIndex index() const { return index_; }
  [[nodiscard]] TimestampMs recorded_at() const { return recorded_at_; }

  // The act whose rules run: the submitted one, or the proposed one at the entry that approves it.
  [[nodiscard]] const model::VerifiedAct& act() const { return *act_; }
  [[nodiscard]] const model::KeyBytes& signer() const { return act_->act.signer; }
  void set_act(const model::VerifiedAct& act) { act_ = &act; }
  // Of a proposed act that takes effect here: the entry that proposed it.
  [[nodiscard]] const std::optional<EntryIndex>& proposed_at() const { return proposed_at_; }
  void set_proposed_at(std::optional<EntryIndex> entry) { proposed_at_ = entry; }

  // Reads one row. Damage (bytes that do not decode) is remembered and reads as absent; the caller
  // of the transition must look at damage() before it believes any verdict.
  template <class Row>
  std::optional<Row> read(ByteView key) {
    const auto bytes = overlay_.get(key);
    if (!bytes) return std::nullopt;
    if (memo_ == nullptr) return decoded<Row>(*bytes);
    assert(!key.empty() && key[0] == Row::kTag);
    if (const Row* known = memo_->find<Row>(key, *bytes)) return *known;
    auto row = decoded<Row>(*bytes);
    if (row) memo_->keep(key, *bytes, *row);
    return row;
  }
  template <class Row>
  std::optional<Row> decoded(ByteView bytes) {
    auto row = codec::decode_row<Row>(bytes);
    if (!row.ok()) {
      if (!damage_) damage_ = row.error();
      return std::nullopt;
    }
    return *std::move(row);
  }
  template <class Row>
  void write(Bytes key, const Row& row) {
    auto bounds = codec::check_row(row);
    if (!bounds.ok() && !beyond_bounds_) beyond_bounds_ = std::move(bounds).error();
    overlay_.put(std::move(key), codec::encode_row(row));
  }
  // For a new object: also enters it into the creation order that listings walk. `nth` tells apart
  // objects of one kind that one entry creates.
  template <class Row>
  void create(Bytes key, const Row& row, std::uint32_t nth = 0) {
    overlay_.put(codec::created_key(Row::kTag, index_, nth), key);
    write(std::move(key), row);
  }

  Overlay& overlay() { return overlay_; }
  [[nodiscard]] const Overlay& overlay() const { return overlay_; }

  // A dataset's bytes. Missing bytes are remembered: see missing_blob(). Bytes that were removed by
  // decision are not asked for: a rule that gets nothing refuses with BLOB_MISSING, and the
  // transition makes BLOB_REMOVED of it.
  std::optional<Bytes> blob(const Hash& digest) {
    if (read<model::RemovedBlobRow>(codec::removed_blob_key(digest))) {
      removed_blob_ = digest;
      return std::nullopt;
    }
    auto bytes = find_blob(digest);
    if (!bytes && !missing_blob_) missing_blob_ = digest;
    return bytes;
  }
  // The same where the judgement can do without.
  [[nodiscard]] std::optional<Bytes> find_blob(const Hash& digest) const {
    return blobs_ ? blobs_(digest) : std::nullopt;
  }

  // In a replay: what the log says became of this act, and the datasets that were not here, for
  // which it was believed.
  [[nodiscard]] const Recorded* recorded() const { return recorded_; }
  void believe_without(const Hash& digest) { not_recomputed_.push_back(digest); }
  [[nodiscard]] const std::vector<Hash>& not_recomputed() const { return not_recomputed_; }

  // What the act's entry carries as `result`, canonical JSON.
  void set_result(std::string canonical) { result_ = std::move(canonical); }
  [[nodiscard]] const std::optional<std::string>& result() const { return result_; }
  void add_row_refusal(RowRefusal refusal) { row_refusals_.push_back(std::move(refusal)); }
  [[nodiscard]] const std::vector<RowRefusal>& row_refusals() const { return row_refusals_; }

  [[nodiscard]] const std::optional<Error>& damage() const { return damage_; }
  [[nodiscard]] const std::optional<Hash>& missing_blob() const { return missing_blob_; }
  [[nodiscard]] const std::optional<Hash>& removed_blob() const { return removed_blob_; }

  // RECORD_LIMIT_REACHED when the rules wrote a row that could not be read back: to be asked before
  // an act that passed its rules is accepted.
  [[nodiscard]] Check check_written() const {
    if (!beyond_bounds_) return std::nullopt;
    return refuse(model::Outcome::RECORD_LIMIT_REACHED, {},
                  beyond_bounds_->detail + ": " + std::string(beyond_bounds_->name));
  }

  // The ledger row; absent only before Genesis.
  std::optional<model::LedgerRow> ledger() { return read<model::LedgerRow>(codec::ledger_key()); }

  // Runs `rules` on a copy of the state that is thrown away: the full check of a proposed act.
  Check rehearse(const std::function<Check(Context&)>& rules);

 private:
  Overlay overlay_;
  RowMemo* memo_;
  const BlobSource& blobs_;
  EntryIndex index_;
  TimestampMs recorded_at_;
  const model::VerifiedAct* act_;
  std::optional<EntryIndex> proposed_at_;
  const Recorded* recorded_;
  std::optional<std::string> result_;
  std::vector<RowRefusal> row_refusals_;
  std::optional<Error> damage_;
  std::optional<Error> beyond_bounds_;
  std::optional<Hash> missing_blob_;
  std::optional<Hash> removed_blob_;
  std::vector<Hash> not_recomputed_;
};

}  // namespace mrv::state
