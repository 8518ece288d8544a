// The seam to whatever puts acts in order: submissions go in from any thread, numbered batches come
// out one after the other at one sink.
//
// Every submission the orderer has taken is answered exactly once: by the sink, or by abandon().
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "crypto/result.h"
#include "ledger/base/types.h"

namespace mrv::order {

// Submissions waiting for their batch; one more is answered ORDERER_QUEUE_FULL.
inline constexpr std::size_t kOrderQueueMax = 4'000;
inline constexpr std::size_t kBatchActsMax = 1'000;

// One act on its way, and whoever waits for its outcome. What it carries is between the caller and
// the sink; the orderer only knows how to give it up.
class Submission {
 public:
  Submission() = default;
  Submission(const Submission&) = delete;
  Submission& operator=(const Submission&) = delete;
  virtual ~Submission() = default;

  // No outcome will come. ORDER_UNKNOWN: the act was in a batch that failed and may or may not have
  // been recorded; ask again by (party, id). ORDERER_STOPPED: it never reached a batch.
  // Called without a lock held, on the orderer's thread or the one that stops it. Must not throw.
  virtual void abandon(const Error& error) = 0;
};

struct OrderedBatch {
  OrderNumber number;                                    // one more than that of the batch before
  TimestampMs time;                                      // never below that of the batch before
  std::vector<std::unique_ptr<Submission>> submissions;  // 1 to kBatchActsMax, in arrival order
};

// Receives each batch once, in order, without gaps, on one thread at a time.
class BatchSink {
 public:
  virtual ~BatchSink() = default;

  // Returns when the batch is durable and each submission is answered, or moved out of the batch to
  // be answered later. A number already processed is recognised by the sink and skipped.
  // An error ends the orderer: it abandons what is still in `batch.submissions`, so the sink must
  // have answered none of those.
  [[nodiscard]] virtual Status accept(OrderedBatch& batch) = 0;
};

enum class OrdererState { kIdle, kRunning, kStopping, kStopped, kFailed };

struct OrdererStatus {
  OrdererState state = OrdererState::kIdle;
  std::size_t waiting = 0;       // submissions not yet in a batch
  OrderNumber last_number;       // of the last batch handed to the sink, or the start value
  TimestampMs last_time;         // likewise
  std::optional<Error> failure;  // what the sink answered, in kFailed
};

class Orderer {
 public:
  virtual ~Orderer() = default;

  // Takes the submission, from any thread, also before start(). On a refusal it is left with the
  // caller, whose answer this is: ORDERER_QUEUE_FULL (try again later), ORDERER_STOPPED.
  [[nodiscard]] virtual Status submit(std::unique_ptr<Submission>&& submission) = 0;

  // Once only (ORDERER_STARTED); ORDERER_STOPPED after stop(); ORDERER_START_FAILED where the
  // system gives no thread. The sink must outlive the orderer's stop().
  [[nodiscard]] virtual Status start(BatchSink& sink) = 0;

  // Takes nothing new, hands what is queued to the sink, and returns when that is done. Without a
  // sink the queue is abandoned. May be called again, and from any thread but the sink's.
  virtual void stop() = 0;

  [[nodiscard]] virtual OrdererStatus status() const = 0;
};

}  // namespace mrv::order
