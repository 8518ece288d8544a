// A ledger in memory that starts where the prelude ended and takes batches of signed documents at
// given times: the node's own commit sequence, with the test in the place of the orderer.
#pragma once

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/codec/act_codec.h"
#include "ledger/node/pipeline.h"
#include "ledger/node/store_view.h"
#include "tests/property/prelude.h"

namespace mrv::test {

class SeededLedger {
 public:
  explicit SeededLedger(const Prelude& prelude)
      : store_(prelude.fresh_store()),
        map_(map_of(store_->reader())),
        signer_(memory(scratch_.path() / "last-signed"), LedgerWorld::key("log")),
        publisher_(*store_, map_, {}),
        pipeline_(
            *store_, map_, signer_, publisher_, [](const Hash&) { return std::optional<Bytes>(); },
            {}, tip_of(store_->reader())) {
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
    order::OrderedBatch batch{OrderNumber{latest().order_number.value() + 1}, time, {}};
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
          *std::move(act),
          [promise](node::Answer answer) { promise->set_value(std::move(answer)); }));
    }
    if (!batch.submissions.empty()) {
      const Status status = pipeline_.accept(batch);
      if (!status.ok()) {
        throw std::runtime_error(std::string(status.error().name) + " " + status.error().detail);
      }
    }
    std::vector<node::Answer> given;
    for (auto& answer : answers) given.push_back(answer.get());
    return given;
  }

  [[nodiscard]] store::Latest latest() const {
    const auto latest = store_->reader().latest();
    need(latest.ok() && *latest, "latest");
    return **latest;
  }

  [[nodiscard]] const store::StoreReader& reader() const { return store_->reader(); }

 private:
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
  static signer::LastSigned memory(const std::filesystem::path& path) {
    need(signer::LastSigned::create(path, kWorldOrigin).ok(), "signer's memory");
    auto opened = signer::LastSigned::open(path);
    need(opened.ok(), "signer's memory");
    return *std::move(opened);
  }

  store::ScratchDirectory scratch_;
  std::unique_ptr<store::Store> store_;
  node::ProofMap map_;
  signer::LogSigner signer_;
  node::Publisher publisher_;
  node::Pipeline pipeline_;
};

}  // namespace mrv::test
