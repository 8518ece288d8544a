// The life of blobs: put, renewed, named by an act, or removed.
#include "ledger/node/blob_store.h"

#include <algorithm>
#include <fstream>
#include <future>

#include <doctest/doctest.h>

#include "ledger/codec/named_digests.h"
#include "ledger/state/transition.h"
#include "tests/support/ccs_flow.h"

using namespace mrv;
using model::Role;
using node::BlobStore;
using test::CcsFlow;
using test::LedgerWorld;

namespace {

constexpr TimestampMs kStart{test::kWorldStartMs};

// Blobs on a disk of their own, at a time that the test sets.
class Shelf {
 public:
  Shelf() : store_(scratch_.path(), [this] { return now; }) {}

  Hash put(const std::string& text) {
    const Hash digest = crypto::sha256(as_bytes(text));
    auto writer = store_.begin(digest);
    REQUIRE(writer.ok());
    REQUIRE((*writer)->write(as_bytes(text)).ok());
    REQUIRE((*writer)->finish().ok());
    return digest;
  }
  bool has(const Hash& digest) {
    const auto found = store_.read(digest);
    REQUIRE(found.ok());
    return found->has_value();
  }
  // Nothing is referenced but `needed`.
  BlobStore::Swept sweep(TimestampMs cutoff, const std::set<Hash>& needed = {}) {
    const auto swept = store_.sweep(
        cutoff, [&needed](const Hash& digest) -> Result<bool> { return needed.contains(digest); });
    REQUIRE(swept.ok());
    return *swept;
  }
  BlobStore& store() { return store_; }
  std::filesystem::path path() { return scratch_.path(); }

  TimestampMs now = kStart;

 private:
  store::ScratchDirectory scratch_;
  BlobStore store_;
};

TimestampMs later(std::int64_t ms) { return TimestampMs{kStart.value() + ms}; }

}  // namespace

TEST_CASE("a sweep removes what is old and not referenced, and counts it") {
  Shelf shelf;
  const Hash old = shelf.put("old");
  const Hash needed = shelf.put("needed");
  shelf.now = later(1);
  const Hash young = shelf.put("young");
  const auto before = shelf.sweep(later(-1));
  CHECK(before.kept == 3);
  CHECK(before.removed == 0);
  const auto swept = shelf.sweep(kStart, {needed});
  CHECK(swept.kept == 2);
  CHECK(swept.removed == 1);
  CHECK(swept.bytes == 3);
  CHECK(!shelf.has(old));
  CHECK(shelf.has(needed));
  CHECK(shelf.has(young));
}

TEST_CASE("a blob that is put again or asked for is young again") {
  Shelf shelf;
  const Hash put = shelf.put("put");
  const Hash asked = shelf.put("asked");
  shelf.now = later(1);
  shelf.put("put");
  CHECK(*shelf.store().renew(asked));
  CHECK(!*shelf.store().renew(Hash{1}));
  CHECK(shelf.sweep(kStart).kept == 2);
  CHECK(shelf.sweep(later(1)).removed == 2);
  CHECK(!*shelf.store().renew(put));
}

TEST_CASE("what is no blob is left alone, half-written ones too") {
  Shelf shelf;
  const Hash digest = shelf.put("x");
  const std::string hex = to_hex(digest);
  const auto folder = shelf.path() / hex.substr(0, 2) / hex.substr(2, 2);
  const std::string strange = std::string(60, '0') + "ffff";  // belongs into another folder
  for (const auto& file : {folder / "note.txt", folder / strange, shelf.path() / "zz"}) {
    std::ofstream(file) << "kept";
  }
  auto writer = shelf.store().begin(crypto::sha256(as_bytes("half")));
  REQUIRE(writer.ok());
  REQUIRE((*writer)->write(as_bytes("half")).ok());
  const auto swept = shelf.sweep(TimestampMs{INT64_MAX});
  CHECK(swept.removed == 1);
  CHECK(swept.kept == 0);
  for (const auto& file : {folder / "note.txt", folder / strange, shelf.path() / "zz"}) {
    CHECK(std::filesystem::exists(file));
  }
  CHECK((*writer)->finish().ok());
}

TEST_CASE("a sweep that cannot know keeps, and says why") {
  Shelf shelf;
  const Hash digest = shelf.put("x");
  const auto unknown = [](const Hash&) -> Result<bool> { return Error{"STORE_CORRUPT", "", {}}; };
  CHECK(shelf.store().sweep(kStart, unknown).error().name == "STORE_CORRUPT");
  CHECK(shelf.has(digest));
  std::filesystem::remove_all(shelf.path());
  CHECK(shelf.store().sweep(kStart, unknown).error().name == "BLOB_READ_FAILED");
}

TEST_CASE("a sweep ends between two files when it is told to") {
  Shelf shelf;
  for (int i = 0; i < 3; ++i) shelf.put(std::to_string(i));
  std::stop_source stop;
  const auto swept = shelf.store().sweep(
      kStart,
      [&stop](const Hash&) -> Result<bool> {
        stop.request_stop();
        return false;
      },
      stop.get_token());
  REQUIRE(swept.ok());
  CHECK(swept->removed == 1);
  CHECK(shelf.sweep(kStart).removed == 2);
}

TEST_CASE("whoever was told that a blob is here finds it after the sweep that judged it before") {
  for (int i = 0; i < 50; ++i) {
    Shelf shelf;
    const Hash digest = shelf.put("x");
    shelf.now = later(1);
    std::future<bool> renewed;
    const auto swept = shelf.store().sweep(kStart, [&](const Hash&) -> Result<bool> {
      std::promise<void> asks;
      auto asking = asks.get_future();
      renewed = std::async(std::launch::async, [&shelf, digest, asks = std::move(asks)]() mutable {
        asks.set_value();
        return *shelf.store().renew(digest);
      });
      asking.wait();
      CHECK(shelf.has(digest));  // some work, in which the other thread would get ahead
      return false;
    });
    REQUIRE(swept.ok());
    CHECK(renewed.get() == shelf.has(digest));
  }
}

TEST_CASE("what no act names goes after kBlobUnreferencedMs, what one names stays") {
  LedgerWorld world;
  CcsFlow flow(world, MRV_SOURCE_DIR);
  flow.enter_parties();
  flow.register_standards();
  flow.register_project();
  flow.submit_report(146'763);
  const auto named = world.node().sweep_blobs()->kept;
  CHECK(named >= 3);  // a boundary and two data sets
  const Hash deposited = flow.blob("a meter certificate");
  model::DepositEvidence deposit;
  deposit.digests = {{deposited, std::nullopt}};
  deposit.category = "calibration";
  deposit.title = "A file";
  LedgerWorld::expect(world.submit("developer", "developer", deposit));
  const Hash unnamed = flow.blob("nobody names me");
  world.pass(kBlobUnreferencedMs - 1);
  auto swept = world.node().sweep_blobs();
  CHECK(swept->removed == 0);
  CHECK(swept->kept == named + 2);
  world.close();
  world.open();
  world.pass(1);
  swept = world.node().sweep_blobs();
  CHECK(swept->removed == 1);
  CHECK(swept->kept == named + 1);
  CHECK(!(*world.node().blobs().read(unnamed)).has_value());
  CHECK((*world.node().blobs().read(deposited)).has_value());
}

TEST_CASE("an act that is refused renews what it names, and an act without its blob is refused") {
  LedgerWorld world;
  CcsFlow flow(world, MRV_SOURCE_DIR);
  flow.enter_parties();
  flow.register_standards();
  flow.register_project();
  const auto too_much = flow.report_body(146'764);
  world.pass(kBlobUnreferencedMs);
  CHECK(LedgerWorld::name_of(world.submit("developer", "developer", too_much)) == "OVER_CLAIM");
  CHECK(world.node().sweep_blobs()->removed == 0);
  world.pass(kBlobUnreferencedMs);
  CHECK(world.node().sweep_blobs()->removed == too_much.datasets.size());
  CHECK(LedgerWorld::name_of(world.submit("developer", "developer", too_much)) == "BLOB_MISSING");
  flow.submit_report(146'763);  // puts them again
}

TEST_CASE("nothing is removed before the first act") {
  LedgerWorld world(false);
  CcsFlow flow(world, MRV_SOURCE_DIR);
  flow.blob("early");
  world.pass(kBlobUnreferencedMs);
  CHECK(world.node().sweep_blobs()->removed == 0);
  CHECK(LedgerWorld::recorded(world.submit("gov1", "", LedgerWorld::genesis())));
  CHECK(world.node().sweep_blobs()->removed == 1);
}

TEST_CASE("acts leave one row for each digest they name, transfers and retirements none") {
  LedgerWorld world;
  CcsFlow flow(world, MRV_SOURCE_DIR);
  flow.run_to_issuance();
  const auto rows = [&world] {
    std::size_t count = 0;
    const auto published = world.node().reader()->published();
    REQUIRE(published.snapshot
                ->scan_indexes(Bytes{codec::kNamedDigestTag}, Bytes{codec::kNamedDigestTag + 1},
                               [&count](ByteView, ByteView value) {
                                 CHECK(value.empty());
                                 ++count;
                                 return true;
                               })
                .ok());
    return count;
  };
  const auto before = rows();
  CHECK(before > 3);
  flow.transfer("developer", "buyer", 5'000);
  flow.retire("buyer", 1'000);
  CHECK(rows() == before);
  model::DepositEvidence deposit;
  deposit.digests = {{Hash{0xA1}, Hash{0xA2}}, {Hash{0xA3}, Hash{0xA2}}};
  deposit.category = "calibration";
  deposit.title = "A file";
  LedgerWorld::expect(world.submit("developer", "developer", deposit));
  CHECK(rows() == before + 3);
}

TEST_CASE("what a judgement needs is among what its act names") {
  LedgerWorld world;
  CcsFlow flow(world, MRV_SOURCE_DIR);
  flow.enter_parties();
  flow.register_standards();
  model::SubmitProject project;
  project.boundary_digest = Hash{7};
  for (const model::ActBody& body :
       std::vector<model::ActBody>{flow.report_body(1), model::ActBody(project)}) {
    model::Act act;
    act.body = body;
    const auto named = codec::named_digests(body);
    const auto needed = state::blobs_needed(act);
    CHECK(!needed.empty());
    for (const Hash& digest : needed) CHECK(named.contains(digest));
  }
}

TEST_CASE("what is gone by decision is neither given nor stored, whatever is on its way") {
  Shelf shelf;
  const std::string text = "private";
  const Hash digest = shelf.put(text);
  auto under_way = shelf.store().begin(digest);
  REQUIRE(under_way.ok());
  REQUIRE((*under_way)->write(as_bytes(text)).ok());
  CHECK(!shelf.store().is_removed(digest));
  REQUIRE(shelf.store().remove(digest).ok());
  CHECK(shelf.store().is_removed(digest));
  CHECK(!shelf.has(digest));
  CHECK(!*shelf.store().renew(digest));
  CHECK((*under_way)->finish().error().name == "BLOB_REMOVED");
  CHECK(shelf.store().begin(digest).error().name == "BLOB_REMOVED");
  CHECK(!shelf.has(digest));
  CHECK(shelf.store().remove(digest).ok());
  CHECK(shelf.store().remove(Hash{1}).ok());
  const Hash other = shelf.put("public");
  CHECK(shelf.has(other));
  // A file that came back by other ways is not given.
  const std::string hex = to_hex(digest);
  std::ofstream(shelf.path() / hex.substr(0, 2) / hex.substr(2, 2) / hex) << text;
  CHECK(!shelf.has(digest));
  CHECK(!*shelf.store().open(digest));
}

TEST_CASE(
    "a decision removes the blob after its commit, and at the next start what is left of it") {
  LedgerWorld world;
  CcsFlow flow(world, MRV_SOURCE_DIR);
  const std::string text = "a list of names";
  const Hash digest = flow.blob(text);
  LedgerWorld::expect(world.submit("gov1", "", model::RemoveBlob{digest, "an order"}));
  CHECK((*world.node().blobs().read(digest)).has_value());
  LedgerWorld::expect(world.approve("gov2", "", world.last_digest()));
  // Acts are judged one after the other, so the next answer comes after the removal.
  CHECK(LedgerWorld::name_of(world.submit("gov1", "", model::RemoveBlob{digest, "again"})) ==
        "BLOB_REMOVED");
  CHECK(world.node().blobs().is_removed(digest));
  CHECK(!(*world.node().blobs().read(digest)).has_value());
  CHECK(world.node().blobs().begin(digest).error().name == "BLOB_REMOVED");
  world.close();
  // As if the node had stopped between commit and removal.
  const std::string hex = to_hex(digest);
  const auto file = world.options().data / "blobs" / hex.substr(0, 2) / hex.substr(2, 2) / hex;
  std::ofstream(file) << text;
  world.open();
  CHECK(!std::filesystem::exists(file));
  CHECK(world.node().blobs().begin(digest).error().name == "BLOB_REMOVED");
}

TEST_CASE("an act that needs removed data is refused by the rules, not for missing it") {
  LedgerWorld world;
  CcsFlow flow(world, MRV_SOURCE_DIR);
  flow.enter_parties();
  flow.register_standards();
  flow.register_project();
  const auto report = flow.report_body(146'763);
  flow.governed(model::RemoveBlob{report.datasets[0].digest, "an order"});
  CHECK(LedgerWorld::name_of(world.submit("developer", "developer", report)) == "BLOB_REMOVED");
}
