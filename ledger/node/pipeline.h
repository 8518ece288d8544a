// The one commit sequence: a batch of ordered acts becomes entries, rows, a seal, tiles, one
// durable commit, one signature, one published checkpoint (architecture.md 5, steps 4 to 10).
#pragma once

#include <memory>

#include "ledger/node/publisher.h"
#include "ledger/node/tip.h"
#include "ledger/order/orderer.h"
#include "ledger/signer/log_signer.h"

namespace mrv::node {

// An act on its way, and who waits for the answer.
class ActSubmission final : public order::Submission {
 public:
  ActSubmission(model::VerifiedAct act, OnAnswer on_answer)
      : act_(std::move(act)), on_answer_(std::move(on_answer)) {}
  void abandon(const Error& error) override {
    if (on_answer_) on_answer_(Failed{error});
  }

  [[nodiscard]] const model::VerifiedAct& act() const { return act_; }
  // Whoever takes it answers; abandon() then has nobody to tell.
  OnAnswer take_answer() { return std::exchange(on_answer_, nullptr); }

 private:
  model::VerifiedAct act_;
  OnAnswer on_answer_;
};

// Told of each blob that a batch decided to remove, once that is durable.
using RemoveBlob = std::function<Status(const Hash& digest)>;

class Pipeline final : public order::BatchSink {
 public:
  // All must outlive the pipeline. `tip` is where the store stands. `remove_blob` may be empty.
  Pipeline(store::Store& store, ProofMap& map, signer::LogSigner& signer, Publisher& publisher,
           state::BlobSource blobs, OnStop on_stop, Tip tip, RemoveBlob remove_blob = {})
      : store_(store),
        map_(map),
        signer_(signer),
        publisher_(publisher),
        blobs_(std::move(blobs)),
        on_stop_(std::move(on_stop)),
        tip_(std::move(tip)),
        remove_blob_(std::move(remove_blob)) {}

  // An error stops the orderer; nothing was signed beyond what is durable, and a fresh start finds
  // out what was committed. Nothing is committed any more once a checkpoint could not be shown.
  Status accept(order::OrderedBatch& batch) override;

 private:
  struct Work;
  Status run_guarded(order::OrderedBatch& batch, Work& work);
  Status run(order::OrderedBatch& batch, Work& work);
  Status judge(order::OrderedBatch& batch, Work& work);
  Status judge_one(ActSubmission& submission, Work& work);
  Status answer_repeat(ActSubmission& submission, const store::ActId& known, Work& work);
  Status write_rows(Work& work);
  Status remove_blobs(const store::CommitBatch& batch) const;

  store::Store& store_;
  ProofMap& map_;
  signer::LogSigner& signer_;
  Publisher& publisher_;
  state::BlobSource blobs_;
  OnStop on_stop_;
  Tip tip_;
  RemoveBlob remove_blob_;
  state::RowMemo memo_;
};

}  // namespace mrv::node
