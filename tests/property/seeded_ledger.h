// A ledger in memory that takes batches of signed documents at given times: the node's own commit
// sequence, with the test in the place of the orderer. It starts empty, or where another one stood.
#pragma once

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/codec/act_codec.h"
#include "ledger/codec/act_id.h"
#include "ledger/node/pipeline.h"
#include "ledger/node/store_view.h"
#include "ledger/node/tip.h"
#include "ledger/store/memory_store.h"
#include "tests/support/ledger_world.h"

namespace mrv::test {

class SeededLedger {
 public:
  // Where a ledger stood, as if one batch had brought all of it.
  using Copy = store::CommitBatch;

  SeededLedger(const Copy* start, state::BlobSource blobs)
      : store_(store_of(start)),
        act_ids_(start != nullptr ? start->act_ids : std::vector<store::ActIdWrite>()),
        map_(map_of(store_->reader())),
        signer_(memory(scratch_.path() / "last-signed"), log_keys()),
        publisher_(*store_, map_, {}),
        pipeline_(*store_, map_, signer_, publisher_, std::move(blobs), {},
                  tip_of(store_->reader())) {
    publisher_.start();
  }
  ~SeededLedger() {
    publisher_.stop();
    static_cast<void>(store_->close());
  }
  SeededLedger(const SeededLedger&) = delete;
  SeededLedger& operator=(const SeededLedger&) = delete;

  // Judges the documents as one batch. Answers in their order; what cannot be read is refused on
  // its way in, as the node does it.
  std::vector<node::Answer> submit(const std::vector<std::string>& documents, TimestampMs time) {
    std::vector<std::future<node::Answer>> answers;
    std::vector<std::pair<std::size_t, model::VerifiedAct>> judged;
    order::OrderedBatch batch{next_number(), time, {}};
    for (const std::string& document : documents) {
      auto promise = std::make_shared<std::promise<node::Answer>>();
      answers.push_back(promise->get_future());
      auto act = codec::decode_act(document);
      if (!act.ok()) {
        const auto outcome = model::find_outcome(act.error().name);
        need(outcome.has_value(), std::string(act.error().name));
        promise->set_value(node::Refused{{*outcome, act.error().pointer, act.error().detail}, {}});
        continue;
      }
      batch.submissions.push_back(std::make_unique<node::ActSubmission>(
          *act, [promise](node::Answer answer) { promise->set_value(std::move(answer)); }));
      judged.emplace_back(answers.size() - 1, *std::move(act));
    }
    if (!batch.submissions.empty()) {
      const Status status = pipeline_.accept(batch);
      if (!status.ok()) {
        throw std::runtime_error(std::string(status.error().name) + " " + status.error().detail);
      }
    }
    std::vector<node::Answer> given;
    for (auto& answer : answers) given.push_back(answer.get());
    for (const auto& [at, act] : judged) remember(act, given[at]);
    return given;
  }

  // Nothing before the first accepted act.
  [[nodiscard]] std::optional<store::Latest> latest() const {
    const auto latest = store_->reader().latest();
    need(latest.ok(), "latest");
    return *latest;
  }

  [[nodiscard]] Copy copy() const {
    const auto now = latest();
    need(now.has_value(), "something to copy");
    const auto& reader = store_->reader();
    Copy copy;
    copy.order_number = now->order_number;
    copy.time = now->time;
    for (std::uint64_t i = 0; i < now->size.value(); ++i) {
      copy.entries.push_back(**reader.entry(EntryIndex{i}));
    }
    copy_rows(reader, copy);
    copy.act_ids = act_ids_;
    copy.map_root = now->map_root;
    copy.map_key_count = now->map_key_count;
    node::Tip tip;
    node::integrate_batch(tip, copy);
    need(copy.log_root == now->log_root, "the same entries have the same root");
    return copy;
  }

  [[nodiscard]] const store::StoreReader& reader() const { return store_->reader(); }

 private:
  OrderNumber next_number() const {
    const auto now = latest();
    return OrderNumber{now ? now->order_number.value() + 1 : 1};
  }

  // The store answers for one id at a time; a copy needs all of them.
  void remember(const model::VerifiedAct& act, const node::Answer& answer) {
    const auto* recorded = std::get_if<node::Recorded>(&answer);
    if (recorded == nullptr || recorded->repeated) return;
    act_ids_.push_back({codec::act_id_key(act.act), recorded->index, act.digest});
  }

  static void copy_rows(const store::StoreReader& reader, Copy& copy) {
    const Bytes end(1, 0xFF);
    const auto rows = reader.scan_rows({}, end, [&](ByteView key, ByteView value) {
      copy.rows.push_back({to_bytes(key), to_bytes(value), std::nullopt});
      return true;
    });
    const auto indexes = reader.scan_indexes({}, end, [&](ByteView key, ByteView value) {
      copy.indexes.push_back({to_bytes(key), to_bytes(value)});
      return true;
    });
    Hash last{};
    last.fill(0xFF);
    const auto leaves = reader.scan_leaves(
        {}, last, [&](const Hash& key, const Hash& value) { copy.leaves.push_back({key, value}); });
    need(rows.ok() && indexes.ok() && leaves.ok(), "rows to copy");
  }

  static std::unique_ptr<store::Store> store_of(const Copy* start) {
    auto opened = store::open_memory_store(store::MemoryDisk::create());
    need(opened.ok(), "memory store");
    if (start != nullptr) need((*opened)->commit(*start).ok(), "the copy of a ledger");
    return *std::move(opened);
  }

  static node::ProofMap map_of(const store::StoreReader& reader) {
    map::StateMap map(map::StateMap::depth_for(0));
    const auto rebuilt = map.rebuild([&](const Hash& first, const Hash& last, const auto& visit) {
      return reader.scan_leaves(first, last, visit);
    });
    need(rebuilt.ok(), "state map");
    return node::ProofMap(std::move(map));
  }
  static node::Tip tip_of(const store::StoreReader& reader) {
    auto tip = node::read_tip(reader);
    need(tip.ok(), "tip");
    return *std::move(tip);
  }
  // The first one and those that a program may name as its successors.
  static std::vector<crypto::SecretKey> log_keys() {
    std::vector<crypto::SecretKey> keys;
    keys.push_back(LedgerWorld::key("log"));
    constexpr int kLastLogKey = 9;
    for (int number = 2; number <= kLastLogKey; ++number) {
      keys.push_back(LedgerWorld::key("log-" + std::to_string(number)));
    }
    return keys;
  }
  static signer::LastSigned memory(const std::filesystem::path& path) {
    need(signer::LastSigned::create(path, kWorldOrigin).ok(), "signer's memory");
    auto opened = signer::LastSigned::open(path);
    need(opened.ok(), "signer's memory");
    return *std::move(opened);
  }

  store::ScratchDirectory scratch_;
  std::unique_ptr<store::Store> store_;
  std::vector<store::ActIdWrite> act_ids_;
  node::ProofMap map_;
  signer::LogSigner signer_;
  node::Publisher publisher_;
  node::Pipeline pipeline_;
};

}  // namespace mrv::test
