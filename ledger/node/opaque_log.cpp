// Dedup, integrate, commit, sign, answer.
#include "ledger/node/opaque_log.h"

#include <unordered_map>

#include "crypto/rfc6962.h"

namespace mrv::node {
namespace {

struct Waiting {
  OpaqueSubmission::OnIndex on_index;
  Result<EntryIndex> answer;
};

Error reused(EntryIndex index) {
  return {"ID_REUSED", "entry " + std::to_string(index.value()) + " has this id", {}};
}

}  // namespace

Status OpaqueLog::accept(order::OrderedBatch& ordered) {
  if (ordered.number <= tip_.order_number) return {};
  store::CommitBatch batch;
  batch.order_number = ordered.number;
  batch.size_before = tip_.size;
  batch.time = ordered.time;
  std::vector<Hash> leaves;
  std::vector<Waiting> waiting;
  std::unordered_map<std::string, std::size_t> here;  // id -> position in batch.act_ids
  for (auto& taken : ordered.submissions) {
    auto& submission = static_cast<OpaqueSubmission&>(*taken);
    Bytes entry = submission.take_entry();
    const Hash leaf = crypto::leaf_hash(entry);
    const std::string id(as_text(submission.id()));
    std::optional<store::ActId> known;
    if (const auto found = here.find(id); found != here.end()) {
      const auto& earlier = batch.act_ids[found->second];
      known = store::ActId{earlier.index, earlier.digest};
    } else {
      MRV_TRY(known, store_.reader().act_id(submission.id()));
    }
    if (known) {
      Result<EntryIndex> answer(known->index);
      if (known->digest != leaf) answer = reused(known->index);
      waiting.push_back({submission.take_answer(), std::move(answer)});
      continue;
    }
    const EntryIndex index{tip_.size.value() + leaves.size()};
    here.emplace(id, batch.act_ids.size());
    batch.act_ids.push_back({submission.id(), index, leaf});
    leaves.push_back(leaf);
    batch.entries.push_back(std::move(entry));
    waiting.push_back({submission.take_answer(), index});
  }
  if (!leaves.empty()) {
    integrate_batch(tip_, leaves, batch);
    MRV_CHECK(store_.commit(batch));
    MRV_TRY(checkpoint_, signer_.sign(store_.reader(), batch));
  }
  for (auto& one : waiting) one.on_index(std::move(one.answer));
  ordered.submissions.clear();
  return {};
}

}  // namespace mrv::node
