// A thread that removes blobs nobody names, again and again, while the ledger serves.
//
// The sweep runs on the sweeper's own thread, first at once and then a period after each end; what
// it came to is reported there too. A failed sweep is reported and tried again like any other.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "ledger/node/blob_store.h"

namespace mrv::api {

inline constexpr std::chrono::hours kBlobSweepPeriod{1};

class BlobSweeper {
 public:
  // To come back soon once a stop is requested.
  using Sweep = std::function<Result<node::BlobStore::Swept>(const std::stop_token& stop)>;
  using Report = std::function<void(const Result<node::BlobStore::Swept>& result)>;

  // What both functions use must outlive the sweeper.
  BlobSweeper(std::chrono::milliseconds period, Sweep sweep, Report report);
  BlobSweeper(const BlobSweeper&) = delete;
  BlobSweeper& operator=(const BlobSweeper&) = delete;
  // Wakes the thread out of its wait, or out of its sweep between two files, and joins it.
  ~BlobSweeper();

 private:
  void run(const std::stop_token& stop);
  Result<node::BlobStore::Swept> sweep_guarded(const std::stop_token& stop);

  const std::chrono::milliseconds period_;
  const Sweep sweep_;
  const Report report_;
  std::mutex mutex_;  // only to wait with
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace mrv::api
