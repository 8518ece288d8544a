// From a signed checkpoint to a visible one: stored durably, then shown, never smaller than before;
// the callers whose acts it covers are answered after that.
//
// Off the commit path, on its own thread: while one checkpoint is being stored, newer ones replace
// each other, so a slow disk delays answers but not commits.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "ledger/node/answer.h"
#include "ledger/node/proof_map.h"

namespace mrv::node {

// One tree that everyone may see. `snapshot` shows the store as it was at `size`.
struct Published {
  TreeSize size;
  Hash log_root{};
  Hash map_root{};
  std::uint64_t map_keys = 0;
  TimestampMs time;
  std::string checkpoint;  // the signed note
  std::shared_ptr<const store::StoreReader> snapshot;
};

// Told why the ledger takes no more acts, on the thread that found out. Reads go on.
using OnStop = std::function<void(const Error&)>;

class Publisher {
 public:
  struct Waiting {
    OnAnswer on_answer;
    Answer answer;
  };

  // Both must outlive the publisher. `on_stop` may be empty; it hears of the first failure.
  Publisher(store::Store& store, ProofMap& map, OnStop on_stop)
      : store_(store), map_(map), on_stop_(std::move(on_stop)) {}
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;
  ~Publisher() { stop(); }

  // Stores and shows the first tree, on the caller's thread.
  Status show(Published first);
  void start();
  // Publishes what is waiting, then ends the thread and drops the snapshot.
  void stop();

  // From the pipeline's thread. After a failure nothing newer is shown, and the waiting are told
  // that their act's outcome must be asked for again.
  void publish(Published next, std::vector<Waiting> waiting);

  // For callers whose act is in a tree that was handed over before: answered once it is shown.
  void answer_when_shown(std::vector<Waiting> waiting);

  // Nothing before the first checkpoint.
  [[nodiscard]] std::shared_ptr<const Published> current() const;
  [[nodiscard]] std::optional<Error> failure() const;

 private:
  void run();
  Status store_and_show(Published next);
  void fail(const Error& error);
  static void answer(std::vector<Waiting>& waiting, const std::optional<Error>& failure);

  store::Store& store_;
  ProofMap& map_;
  OnStop on_stop_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::shared_ptr<const Published> current_;
  std::optional<Published> next_;
  std::vector<Waiting> waiting_;
  std::optional<Error> failure_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace mrv::node
