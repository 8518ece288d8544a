// One slot for the newest checkpoint, one list of those who wait for it.
#include "ledger/node/publisher.h"

namespace mrv::node {

Status Publisher::store_and_show(Published next) {
  MRV_CHECK(store_.put_checkpoint(next.size, next.checkpoint));
  const TreeSize size = next.size;
  auto shown = std::make_shared<const Published>(std::move(next));
  {
    const std::lock_guard lock(mutex_);
    current_ = std::move(shown);
  }
  // Only now: whoever finds that an older root cannot be proved any more must find a newer one.
  map_.published(size);
  return {};
}

Status Publisher::show(Published first) { return store_and_show(std::move(first)); }

void Publisher::start() {
  thread_ = std::thread([this] { run(); });
}

void Publisher::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  current_.reset();
}

void Publisher::publish(Published next, std::vector<Waiting> waiting) {
  {
    const std::lock_guard lock(mutex_);
    next_ = std::move(next);
    for (auto& one : waiting) waiting_.push_back(std::move(one));
  }
  wake_.notify_all();
}

void Publisher::answer_when_shown(std::vector<Waiting> waiting) {
  {
    const std::lock_guard lock(mutex_);
    for (auto& one : waiting) waiting_.push_back(std::move(one));
  }
  wake_.notify_all();
}

void Publisher::answer(std::vector<Waiting>& waiting, const std::optional<Error>& failure) {
  for (auto& one : waiting) {
    if (failure) {
      one.on_answer(Failed{Error{"ORDER_UNKNOWN", failure->detail, {}}});
    } else {
      one.on_answer(std::move(one.answer));
    }
  }
}

void Publisher::run() {
  for (;;) {
    std::optional<Published> next;
    std::vector<Waiting> waiting;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || next_ || !waiting_.empty(); });
      if (!next_ && waiting_.empty()) return;
      next = std::move(next_);
      next_.reset();
      waiting.swap(waiting_);
    }
    // Without a newer tree, the one that the callers wait for is the one shown last.
    if (next && !failure()) {
      if (const auto shown = store_and_show(*std::move(next)); !shown.ok()) fail(shown.error());
    }
    answer(waiting, failure());
  }
}

void Publisher::fail(const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    failure_ = error;
  }
  if (on_stop_) on_stop_(error);
}

std::shared_ptr<const Published> Publisher::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

std::optional<Error> Publisher::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace mrv::node
