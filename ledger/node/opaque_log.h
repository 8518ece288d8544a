// A log of opaque entries: the same store, orderer, tiles and signer, without rules, state or seals
// (formats.md 2). Entries are strictly deduplicated by id.
#pragma once

#include "ledger/node/pipeline.h"

namespace mrv::node {

// One entry on its way. The id is 1 to kOpaqueIdBytesMax bytes; the answer is the index it has.
inline constexpr std::size_t kOpaqueIdBytesMax = 64;
class OpaqueSubmission final : public order::Submission {
 public:
  using OnIndex = std::function<void(Result<EntryIndex>)>;
  OpaqueSubmission(Bytes id, Bytes entry, OnIndex on_index)
      : id_(std::move(id)), entry_(std::move(entry)), on_index_(std::move(on_index)) {}
  void abandon(const Error& error) override {
    if (on_index_) on_index_(error);
  }
  [[nodiscard]] const Bytes& id() const { return id_; }
  Bytes take_entry() { return std::move(entry_); }
  OnIndex take_answer() { return std::exchange(on_index_, nullptr); }

 private:
  Bytes id_;
  Bytes entry_;
  OnIndex on_index_;
};

class OpaqueLog final : public order::BatchSink {
 public:
  // All must outlive the log.
  OpaqueLog(store::Store& store, signer::LogSigner& signer, Tip tip)
      : store_(store), signer_(signer), tip_(std::move(tip)) {}

  // Durable, integrated and signed on return; every submission answered. An id that was accepted
  // with the same bytes answers its index again; with other bytes ID_REUSED.
  Status accept(order::OrderedBatch& batch) override;

  [[nodiscard]] TreeSize size() const { return tip_.size; }
  // The signed note of the last batch.
  [[nodiscard]] const std::string& checkpoint() const { return checkpoint_; }

 private:
  store::Store& store_;
  signer::LogSigner& signer_;
  Tip tip_;
  std::string checkpoint_;
};

}  // namespace mrv::node
