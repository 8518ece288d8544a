// A checkpoint that cannot be stored stops the ledger: the publisher says so at once, without
// waiting for the next act, and the pipeline commits nothing more.
#include "ledger/node/publisher.h"

#include <future>

#include <doctest/doctest.h>

#include "ledger/map/state_map.h"
#include "ledger/node/pipeline.h"
#include "ledger/store/memory_store.h"
#include "tests/support/ledger_world.h"

using namespace mrv;
using test::LedgerWorld;

namespace {

// A store in memory with one committed entry, and a publisher over it.
class Bench {
 public:
  Bench() {
    auto opened = store::open_memory_store(disk_);
    REQUIRE(opened.ok());
    store_ = *std::move(opened);
    store::CommitBatch batch;
    batch.order_number = OrderNumber{1};
    batch.entries = {Bytes{1}};
    node::Tip tip;
    node::integrate_batch(tip, batch);
    REQUIRE(store_->commit(batch).ok());
    publisher_.emplace(*store_, map_, [this](const Error& error) {
      ++stops_;
      stop_.set_value(error);
    });
    publisher_->start();
  }

  // What a caller hears whose act is in the tree that is handed over.
  node::Answer publish() {
    node::Published next;
    next.size = TreeSize{1};
    next.checkpoint = "note";
    std::promise<node::Answer> answered;
    auto answer = answered.get_future();
    std::vector<node::Publisher::Waiting> waiting;
    waiting.push_back({[&](node::Answer given) { answered.set_value(std::move(given)); },
                       node::Recorded{EntryIndex{0}, {}, {}, {}, std::nullopt, {}, false}});
    publisher_->publish(std::move(next), std::move(waiting));
    return answer.get();
  }

  Error stopped() { return stop_.get_future().get(); }
  [[nodiscard]] int stops() const { return stops_; }
  store::MemoryDisk& disk() { return *disk_; }
  store::Store& store() { return *store_; }
  node::ProofMap& map() { return map_; }
  node::Publisher& publisher() { return *publisher_; }

 private:
  std::shared_ptr<store::MemoryDisk> disk_ = store::MemoryDisk::create();
  std::unique_ptr<store::Store> store_;
  node::ProofMap map_{map::StateMap(map::StateMap::depth_for(0))};
  std::promise<Error> stop_;
  std::atomic<int> stops_ = 0;
  std::optional<node::Publisher> publisher_;
};

}  // namespace

TEST_CASE("a stored checkpoint is shown and its callers are answered") {
  Bench bench;
  CHECK(LedgerWorld::recorded(bench.publish()));
  REQUIRE(bench.publisher().current());
  CHECK(bench.publisher().current()->size == TreeSize{1});
  CHECK(!bench.publisher().failure());
  bench.publisher().stop();
  CHECK(bench.stops() == 0);
}

TEST_CASE("a checkpoint that cannot be stored stops the ledger without another act") {
  Bench bench;
  bench.disk().set_fault({});
  CHECK(LedgerWorld::name_of(bench.publish()) == "ORDER_UNKNOWN");
  CHECK(bench.stopped().name == "STORE_COMMIT_FAILED");
  REQUIRE(bench.publisher().failure());
  CHECK(!bench.publisher().current());
  // Nothing newer is tried, whatever the disk would say now.
  bench.disk().clear_fault();
  CHECK(LedgerWorld::name_of(bench.publish()) == "ORDER_UNKNOWN");
  CHECK(!bench.publisher().current());
  bench.publisher().stop();
  CHECK(bench.stops() == 1);
}

TEST_CASE("nothing is committed after a checkpoint could not be stored") {
  Bench bench;
  store::ScratchDirectory scratch;
  const auto memory = scratch.path() / "last-signed";
  REQUIRE(signer::LastSigned::create(memory, test::kWorldOrigin).ok());
  auto opened = signer::LastSigned::open(memory);
  REQUIRE(opened.ok());
  signer::LogSigner signer(*std::move(opened), LedgerWorld::key("log"));
  const auto no_blobs = [](const Hash&) { return std::optional<Bytes>(); };
  int stops = 0;
  node::Pipeline pipeline(bench.store(), bench.map(), signer, bench.publisher(), no_blobs,
                          [&](const Error&) { ++stops; }, {});
  bench.disk().set_fault({});
  bench.publish();
  order::OrderedBatch batch{OrderNumber{2}, {}, {}};
  const auto status = pipeline.accept(batch);
  REQUIRE(!status.ok());
  CHECK(status.error().name == "STORE_COMMIT_FAILED");
  CHECK(stops == 0);  // the publisher has told it already
}
