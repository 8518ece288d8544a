// One thread takes what waits, numbers it, and hands it to the sink.
#include "ledger/order/embedded_orderer.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace mrv::order {
namespace {

using Waiting = std::deque<std::unique_ptr<Submission>>;

Error orderer_stopped() {
  return {"ORDERER_STOPPED", "the node is shutting down or has failed", {}};
}

void abandon_all(Waiting& waiting, const Error& error) {
  for (const auto& submission : waiting) submission->abandon(error);
  waiting.clear();
}

class EmbeddedOrderer final : public Orderer {
 public:
  explicit EmbeddedOrderer(EmbeddedOrdererOptions options) : clock_(std::move(options.clock)) {
    status_.last_number = options.last_number;
    status_.last_time = options.last_time;
  }
  ~EmbeddedOrderer() override { stop_and_join(); }

  [[nodiscard]] Status submit(std::unique_ptr<Submission>&& submission) override {
    {
      const std::lock_guard lock(mutex_);
      if (!takes_submissions()) return orderer_stopped();
      if (waiting_.size() >= kOrderQueueMax) {
        return Error{"ORDERER_QUEUE_FULL", "try again later", {}};
      }
      waiting_.push_back(std::move(submission));
    }
    changed_.notify_one();
    return {};
  }

  [[nodiscard]] Status start(BatchSink& sink) override {
    const std::lock_guard lock(mutex_);
    if (status_.state == OrdererState::kStopped) return orderer_stopped();
    if (status_.state != OrdererState::kIdle) return Error{"ORDERER_STARTED", {}, {}};
    try {
      thread_ = std::thread([this, &sink] { run(sink); });
    } catch (const std::system_error& error) {
      return Error{"ORDERER_START_FAILED", error.what(), {}};
    }
    status_.state = OrdererState::kRunning;
    return {};
  }

  void stop() override { stop_and_join(); }

  [[nodiscard]] OrdererStatus status() const override {
    const std::lock_guard lock(mutex_);
    OrdererStatus status = status_;
    status.waiting = waiting_.size();
    return status;
  }

 private:
  // Under mutex_.
  [[nodiscard]] bool takes_submissions() const {
    return status_.state == OrdererState::kIdle || status_.state == OrdererState::kRunning;
  }

  void stop_and_join() {
    Waiting never_started;
    {
      const std::lock_guard lock(mutex_);
      if (status_.state == OrdererState::kRunning) status_.state = OrdererState::kStopping;
      if (status_.state == OrdererState::kIdle) {
        status_.state = OrdererState::kStopped;
        never_started.swap(waiting_);
      }
    }
    changed_.notify_all();
    abandon_all(never_started, orderer_stopped());
    const std::lock_guard joining(joining_);
    if (thread_.joinable()) thread_.join();
  }

  void run(BatchSink& sink) {
    while (std::optional<OrderedBatch> batch = next_batch()) {
      if (Status status = sink.accept(*batch); !status.ok()) {
        fail(*batch, status.error());
        return;
      }
    }
  }

  // Waits for work; nothing once stopped and drained.
  std::optional<OrderedBatch> next_batch() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock,
                  [this] { return !waiting_.empty() || status_.state == OrdererState::kStopping; });
    if (waiting_.empty()) {
      status_.state = OrdererState::kStopped;
      return std::nullopt;
    }
    OrderedBatch batch;
    const std::size_t count = std::min(waiting_.size(), kBatchActsMax);
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
    std::move(waiting_.begin(), end, std::back_inserter(batch.submissions));
    waiting_.erase(waiting_.begin(), end);
    lock.unlock();

    const TimestampMs now = clock_();

    lock.lock();
    status_.last_number = status_.last_number.next();
    status_.last_time = std::max(status_.last_time, now);
    batch.number = status_.last_number;
    batch.time = status_.last_time;
    return batch;
  }

  void fail(OrderedBatch& batch, const Error& error) {
    Waiting waiting;
    {
      const std::lock_guard lock(mutex_);
      status_.state = OrdererState::kFailed;
      status_.failure = error;
      waiting.swap(waiting_);
    }
    const Error unknown{"ORDER_UNKNOWN", std::string(error.name) + ": " + error.detail, {}};
    for (const auto& submission : batch.submissions) {
      if (submission) submission->abandon(unknown);
    }
    abandon_all(waiting, orderer_stopped());
  }

  const std::function<TimestampMs()> clock_;
  mutable std::mutex mutex_;  // guards status_, waiting_, and the start of thread_
  std::condition_variable changed_;
  OrdererStatus status_;  // `waiting` is filled in by status()
  Waiting waiting_;
  std::mutex joining_;  // one thread joins at a time
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Orderer> make_embedded_orderer(EmbeddedOrdererOptions options) {
  return std::make_unique<EmbeddedOrderer>(std::move(options));
}

}  // namespace mrv::order
