// The embedded orderer: order, limits, and that everyone is answered exactly once.
#include "ledger/order/embedded_orderer.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

namespace mrv::order {
namespace {

// Collects the answers: by submission, the name of each ("" for the sink's own).
class Answers {
 public:
  explicit Answers(std::size_t count) : names_(count) {}
  void add(std::size_t id, std::string name) {
    const std::lock_guard lock(mutex_);
    names_.at(id).push_back(std::move(name));
    ++total_;
    changed_.notify_all();
  }
  void wait_for(std::size_t total) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return total_ >= total; });
  }
  std::vector<std::string> of(std::size_t id) {
    const std::lock_guard lock(mutex_);
    return names_.at(id);
  }
  std::size_t total() {
    const std::lock_guard lock(mutex_);
    return total_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::vector<std::string>> names_;
  std::size_t total_ = 0;
};

class Numbered final : public Submission {
 public:
  Numbered(Answers& answers, std::size_t id) : answers_(answers), id_(id) {}
  void abandon(const Error& error) override { answers_.add(id_, std::string(error.name)); }
  void answer() { answers_.add(id_, ""); }
  [[nodiscard]] std::size_t id() const { return id_; }

 private:
  Answers& answers_;
  std::size_t id_;
};

struct SeenBatch {
  std::uint64_t number;
  std::int64_t time;
  std::vector<std::size_t> ids;
};

// Answers and remembers; `before` may hold a batch back or fail it.
class RecordingSink final : public BatchSink {
 public:
  std::function<Status(const OrderedBatch&)> before = [](const OrderedBatch&) { return Status(); };
  std::vector<SeenBatch> seen;  // read after stop()

  Status accept(OrderedBatch& batch) override {
    MRV_CHECK(before(batch));
    SeenBatch record{batch.number.value(), batch.time.value(), {}};
    for (const auto& submission : batch.submissions) {
      auto& numbered = dynamic_cast<Numbered&>(*submission);
      record.ids.push_back(numbered.id());
      numbered.answer();
    }
    seen.push_back(std::move(record));
    return {};
  }
};

// A door that a sink waits at until the test opens it.
class Gate {
 public:
  void arrive_and_wait() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
  }
  void wait_for_arrival() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return arrived_ > 0; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0;
  bool open_ = false;
};

std::unique_ptr<Orderer> make(
    std::uint64_t last_number = 0, std::int64_t last_time = 0,
    std::function<TimestampMs()> clock = [] { return TimestampMs(1); }) {
  return make_embedded_orderer(
      {OrderNumber(last_number), TimestampMs(last_time), std::move(clock)});
}

std::string submit(Orderer& orderer, Answers& answers, std::size_t id) {
  const Status status = orderer.submit(std::make_unique<Numbered>(answers, id));
  return status.ok() ? "" : std::string(status.error().name);
}

}  // namespace

TEST_CASE("batches hold at most kBatchActsMax, in arrival order and without gaps") {
  for (const std::size_t count : {std::size_t{1}, kBatchActsMax - 1, kBatchActsMax,
                                  kBatchActsMax + 1, 2 * kBatchActsMax + 5}) {
    CAPTURE(count);
    Answers answers(count);
    RecordingSink sink;
    const auto orderer = make(41);
    for (std::size_t id = 0; id < count; ++id) REQUIRE(submit(*orderer, answers, id).empty());
    CHECK(orderer->status().waiting == count);
    REQUIRE(orderer->start(sink).ok());
    orderer->stop();

    std::size_t next = 0;
    for (std::size_t i = 0; i < sink.seen.size(); ++i) {
      CHECK(sink.seen[i].number == 42 + i);
      const bool last = i + 1 == sink.seen.size();
      if (!last) CHECK(sink.seen[i].ids.size() == kBatchActsMax);
      for (const std::size_t id : sink.seen[i].ids) REQUIRE(id == next++);
    }
    CHECK(next == count);
    CHECK(sink.seen.size() == (count + kBatchActsMax - 1) / kBatchActsMax);
    CHECK(answers.total() == count);
    CHECK(orderer->status().last_number == OrderNumber(41 + sink.seen.size()));
    CHECK(orderer->status().state == OrdererState::kStopped);
  }
}

TEST_CASE("what arrives during a batch forms the next one") {
  Answers answers(4);
  RecordingSink sink;
  Gate gate;
  sink.before = [&](const OrderedBatch& batch) {
    if (batch.number == OrderNumber(1)) gate.arrive_and_wait();
    return Status();
  };
  const auto orderer = make();
  REQUIRE(orderer->start(sink).ok());
  CHECK(submit(*orderer, answers, 0).empty());
  gate.wait_for_arrival();
  for (std::size_t id = 1; id < 4; ++id) CHECK(submit(*orderer, answers, id).empty());
  CHECK(orderer->status().waiting == 3);
  gate.open();
  answers.wait_for(4);
  orderer->stop();
  REQUIRE(sink.seen.size() == 2);
  CHECK(sink.seen[0].ids == std::vector<std::size_t>{0});
  CHECK(sink.seen[1].ids == std::vector<std::size_t>{1, 2, 3});
}

TEST_CASE("time never runs back, neither below the start value nor between batches") {
  Answers answers(5);
  RecordingSink sink;
  const std::vector<std::int64_t> ticks = {50, 120, 90, 120, 200};
  std::size_t tick = 0;
  const auto orderer = make(0, 100, [&] { return TimestampMs(ticks[tick++]); });
  REQUIRE(orderer->start(sink).ok());
  for (std::size_t id = 0; id < 5; ++id) {
    CHECK(submit(*orderer, answers, id).empty());
    answers.wait_for(id + 1);  // one batch each
  }
  orderer->stop();
  std::vector<std::int64_t> times;
  for (const SeenBatch& batch : sink.seen) times.push_back(batch.time);
  CHECK(times == std::vector<std::int64_t>{100, 120, 120, 120, 200});
  CHECK(orderer->status().last_time == TimestampMs(200));
}

TEST_CASE("one submission beyond kOrderQueueMax is refused and left with the caller") {
  Answers answers(kOrderQueueMax + 1);
  RecordingSink sink;
  const auto orderer = make();
  for (std::size_t id = 0; id < kOrderQueueMax; ++id) {
    REQUIRE(submit(*orderer, answers, id).empty());
  }
  std::unique_ptr<Submission> extra = std::make_unique<Numbered>(answers, kOrderQueueMax);
  const Status status = orderer->submit(std::move(extra));
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().name == "ORDERER_QUEUE_FULL");
  CHECK(extra != nullptr);  // NOLINT(bugprone-use-after-move): a refusal does not take it
  REQUIRE(orderer->start(sink).ok());
  answers.wait_for(kOrderQueueMax);
  CHECK(orderer->submit(std::move(extra)).ok());
  orderer->stop();
  CHECK(answers.total() == kOrderQueueMax + 1);
}

TEST_CASE("a failing sink ends the orderer and everyone is answered once") {
  Answers answers(5);
  RecordingSink sink;
  Gate gate;
  sink.before = [&](const OrderedBatch& batch) -> Status {
    if (batch.number == OrderNumber(1)) return {};
    gate.arrive_and_wait();
    return Error{"STORE_COMMIT_FAILED", "disk", {}};
  };
  const auto orderer = make();
  REQUIRE(orderer->start(sink).ok());
  CHECK(submit(*orderer, answers, 0).empty());
  answers.wait_for(1);
  CHECK(submit(*orderer, answers, 1).empty());
  gate.wait_for_arrival();
  CHECK(submit(*orderer, answers, 2).empty());
  CHECK(submit(*orderer, answers, 3).empty());
  gate.open();
  answers.wait_for(4);

  using Names = std::vector<std::string>;
  CHECK(submit(*orderer, answers, 4) == "ORDERER_STOPPED");
  orderer->stop();
  CHECK(answers.of(0) == Names{""});
  CHECK(answers.of(1) == Names{"ORDER_UNKNOWN"});
  CHECK(answers.of(2) == Names{"ORDERER_STOPPED"});
  CHECK(answers.of(3) == Names{"ORDERER_STOPPED"});
  CHECK(answers.of(4).empty());
  const OrdererStatus status = orderer->status();
  CHECK(status.state == OrdererState::kFailed);
  REQUIRE(status.failure.has_value());
  CHECK(status.failure->name == "STORE_COMMIT_FAILED");
  CHECK(status.last_number == OrderNumber(2));
}

TEST_CASE("submissions the sink moved out are its own to answer, also when it fails") {
  class TakingSink final : public BatchSink {
   public:
    std::vector<std::unique_ptr<Submission>> taken;
    Status accept(OrderedBatch& batch) override {
      taken.push_back(std::move(batch.submissions.front()));
      return Error{"X", {}, {}};
    }
  };
  Answers answers(2);
  TakingSink sink;
  const auto orderer = make();
  CHECK(submit(*orderer, answers, 0).empty());
  CHECK(submit(*orderer, answers, 1).empty());
  REQUIRE(orderer->start(sink).ok());
  answers.wait_for(1);
  orderer->stop();
  CHECK(answers.of(0).empty());
  CHECK(answers.of(1) == std::vector<std::string>{"ORDER_UNKNOWN"});
  CHECK(sink.taken.size() == 1);
}

TEST_CASE("stop without a sink abandons the queue; nothing starts or enters after it") {
  Answers answers(3);
  RecordingSink sink;
  const auto orderer = make();
  CHECK(submit(*orderer, answers, 0).empty());
  CHECK(submit(*orderer, answers, 1).empty());
  orderer->stop();
  orderer->stop();
  CHECK(answers.of(0) == std::vector<std::string>{"ORDERER_STOPPED"});
  CHECK(answers.of(1) == std::vector<std::string>{"ORDERER_STOPPED"});
  CHECK(submit(*orderer, answers, 2) == "ORDERER_STOPPED");
  const Status status = orderer->start(sink);
  REQUIRE_FALSE(status.ok());
  CHECK(status.error().name == "ORDERER_STOPPED");
}

TEST_CASE("an orderer starts once") {
  RecordingSink sink;
  const auto orderer = make();
  REQUIRE(orderer->start(sink).ok());
  const Status again = orderer->start(sink);
  REQUIRE_FALSE(again.ok());
  CHECK(again.error().name == "ORDERER_STARTED");
}

TEST_CASE("destroying an orderer answers everyone") {
  Answers answers(2);
  RecordingSink sink;
  {
    const auto orderer = make();
    CHECK(submit(*orderer, answers, 0).empty());
  }
  {
    const auto orderer = make();
    REQUIRE(orderer->start(sink).ok());
    CHECK(submit(*orderer, answers, 1).empty());
  }
  CHECK(answers.of(0) == std::vector<std::string>{"ORDERER_STOPPED"});
  CHECK(answers.of(1) == std::vector<std::string>{""});
}

TEST_CASE("many threads submit while one stops: each taken submission is answered exactly once") {
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kEach = 500;
  for (int round = 0; round < 5; ++round) {
    Answers answers(kThreads * kEach);
    RecordingSink sink;
    const auto orderer = make();
    REQUIRE(orderer->start(sink).ok());
    std::vector<std::vector<std::string>> refusals(kThreads, std::vector<std::string>(kEach));
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (std::size_t i = 0; i < kEach; ++i) {
          refusals[t][i] = submit(*orderer, answers, t * kEach + i);
        }
      });
    }
    answers.wait_for(100);
    std::thread other_stopper([&] { orderer->stop(); });
    orderer->stop();
    other_stopper.join();
    for (std::thread& thread : threads) thread.join();

    std::vector<std::size_t> last_of_thread(kThreads, 0);
    for (const SeenBatch& batch : sink.seen) {
      for (const std::size_t id : batch.ids) {
        CHECK(id % kEach + 1 > last_of_thread[id / kEach]);  // each thread's own order is kept
        last_of_thread[id / kEach] = id % kEach + 1;
      }
    }
    for (std::size_t id = 0; id < kThreads * kEach; ++id) {
      const bool taken = refusals[id / kEach][id % kEach].empty();
      REQUIRE(answers.of(id).size() == (taken ? 1 : 0));
    }
  }
}

}  // namespace mrv::order
