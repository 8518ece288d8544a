// Sweep, report, wait.
#include "api/blob_sweeper.h"

#include <exception>

namespace mrv::api {

BlobSweeper::BlobSweeper(std::chrono::milliseconds period, Sweep sweep, Report report)
    : period_(period),
      sweep_(std::move(sweep)),
      report_(std::move(report)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

BlobSweeper::~BlobSweeper() = default;

void BlobSweeper::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    report_(sweep_guarded(stop));
    std::unique_lock lock(mutex_);
    // Nothing else wakes it: the predicate is the stop.
    wake_.wait_for(lock, stop, period_, [&stop] { return stop.stop_requested(); });
  }
}

// Memory may run out; the ledger goes on without this sweep.
Result<node::BlobStore::Swept> BlobSweeper::sweep_guarded(const std::stop_token& stop) {
  try {
    return sweep_(stop);
  } catch (const std::exception& thrown) {
    return Error{"INTERNAL", thrown.what(), {}};
  }
}

}  // namespace mrv::api
