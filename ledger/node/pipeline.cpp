// One batch, top to bottom.
#include "ledger/node/pipeline.h"

#include <cassert>
#include <map>
#include <set>

#include "crypto/rfc6962.h"
#include "ledger/codec/act_id.h"
#include "ledger/codec/entry_codec.h"
#include "ledger/codec/named_digests.h"
#include "ledger/codec/row_key.h"
#include "ledger/map/map_proof.h"
#include "ledger/node/store_view.h"

namespace mrv::node {

using model::Outcome;

// A batch while it is being judged.
struct Pipeline::Work {
  explicit Work(const store::StoreReader& reader) : view(reader), state(view) {}

  StoreView view;
  state::Overlay state;  // all accepted acts so far
  store::CommitBatch batch;
  std::vector<Hash> leaves;
  std::map<Bytes, store::ActId> ids;              // accepted in this batch
  std::set<Hash> named;                           // digests that these acts name
  std::vector<Publisher::Waiting> waiting;        // answered once the batch is published
  std::vector<std::pair<OnAnswer, Answer>> done;  // refused, or recorded long ago
};

Status Pipeline::accept(order::OrderedBatch& ordered) {
  // A batch handed over again after a restart is recognised by its number.
  if (ordered.number <= tip_.order_number) return {};
  if (auto failure = publisher_.failure()) return *failure;
  Work work(store_.reader());
  auto status = run_guarded(ordered, work);
  if (status.ok()) return status;
  if (on_stop_) on_stop_(status.error());
  // What was judged hangs on acts that may not have been recorded: nobody gets a verdict.
  const Failed unknown{Error{"ORDER_UNKNOWN", status.error().detail, {}}};
  for (auto& one : work.waiting) one.on_answer(unknown);
  for (auto& [on_answer, answer] : work.done) on_answer(unknown);
  return status;
}

// Memory may run out under a hostile act; then nothing of the batch was committed, or the next
// start finds it.
Status Pipeline::run_guarded(order::OrderedBatch& ordered, Work& work) {
  try {
    return run(ordered, work);
  } catch (const std::exception& thrown) {
    return Error{"PIPELINE_EXCEPTION", thrown.what(), {}};
  }
}

Status Pipeline::run(order::OrderedBatch& ordered, Work& work) {
  work.batch.order_number = ordered.number;
  work.batch.size_before = tip_.size;
  work.batch.time = ordered.time;

  // 4, 5: verdicts in order; accepted acts become entries.
  MRV_CHECK(judge(ordered, work));
  if (!work.batch.entries.empty()) {
    // 6: rows and their leaves; the seal states the map root over everything before it.
    MRV_CHECK(write_rows(work));
    const TreeSize seal_index{tip_.size.value() + work.batch.entries.size()};
    MRV_TRY(const auto root, map_.apply(work.batch.leaves, store_.reader(), seal_index.next()));
    MRV_TRY(Bytes seal,
            codec::encode_entry(codec::SealEntry{ordered.time, seal_index, root.root, root.keys}));
    work.leaves.push_back(crypto::leaf_hash(seal));
    work.batch.entries.push_back(std::move(seal));
    work.batch.map_root = root.root;
    work.batch.map_key_count = root.keys;
    // 7: tiles and log root.
    integrate_batch(tip_, work.leaves, work.batch);
    // 8: all or nothing, durable. If we stop here, a fresh start finds the batch committed and
    // signs it; if before, nobody was told anything and the callers' acts were never recorded.
    MRV_CHECK(store_.commit(work.batch));
    // 9: what is signed is what the store gives back. If we stop here, the memory may already hold
    // this tree: the same note is made again at the next start.
    MRV_TRY(std::string note, signer_.sign(store_.reader(), work.batch));
    // 10: shown and answered by the publisher. If we stop here, the next start publishes this tree.
    publisher_.publish({tip_.size, work.batch.log_root, root.root, root.keys, ordered.time,
                        std::move(note), store_.snapshot()},
                       std::move(work.waiting));
  } else if (!work.waiting.empty()) {
    publisher_.answer_when_shown(std::move(work.waiting));
  }
  for (auto& [on_answer, answer] : work.done) on_answer(std::move(answer));
  work.done.clear();
  work.waiting.clear();
  ordered.submissions.clear();
  if (work.batch.entries.empty()) return {};
  // 11: everybody has been answered; now what this batch decided beyond its rows. If we stop here,
  // the next start does both: it removes the blobs, and asks for the key.
  MRV_CHECK(remove_blobs(work.batch));
  // A log key that this batch announced signs from the next one on: without it this tree was the
  // last.
  return signer_.check_next(store_.reader());
}

Status Pipeline::judge(order::OrderedBatch& ordered, Work& work) {
  for (auto& submission : ordered.submissions) {
    // The orderer carries what admission gave it: always acts.
    MRV_CHECK(judge_one(static_cast<ActSubmission&>(*submission), work));
    if (work.view.failure()) return *work.view.failure();
  }
  return {};
}

Status Pipeline::judge_one(ActSubmission& submission, Work& work) {
  const model::VerifiedAct& act = submission.act();
  const Bytes id = codec::act_id_key(act.act);
  const auto here = work.ids.find(id);
  std::optional<store::ActId> known;
  if (here != work.ids.end()) {
    known = here->second;
  } else {
    MRV_TRY(known, store_.reader().act_id(id));
  }
  if (known) return answer_repeat(submission, *known, work);

  const EntryIndex index{tip_.size.value() + work.batch.entries.size()};
  auto verdict = state::apply(work.state, {index, work.batch.time, act}, blobs_, &memo_);
  if (auto* undecided = std::get_if<state::Undecided>(&verdict)) return undecided->error;
  if (auto* rejected = std::get_if<state::Rejected>(&verdict)) {
    work.done.emplace_back(submission.take_answer(),
                           Refused{rejected->refusal, rejected->row_refusals});
    return {};
  }
  auto& accepted = std::get<state::Accepted>(verdict);
  auto entry =
      codec::encode_entry(codec::ActEntry{work.batch.time, act.canonical, accepted.result});
  if (!entry.ok()) {
    work.done.emplace_back(submission.take_answer(),
                           Refused{{Outcome::ENTRY_TOO_LARGE, {}, entry.error().detail}, {}});
    return {};
  }
  work.state.merge(accepted.delta);
  work.named.merge(codec::named_digests(act.act.body));
  work.ids[id] = {index, act.digest};
  work.batch.act_ids.push_back({id, index, act.digest});
  const Hash leaf = crypto::leaf_hash(*entry);
  work.leaves.push_back(leaf);
  work.batch.entries.push_back(*std::move(entry));
  work.waiting.push_back({submission.take_answer(),
                          Recorded{index, leaf, work.batch.time, act.digest, accepted.proposal,
                                   std::move(accepted.row_refusals), false}});
  return {};
}

// Accepted id and same bytes: the same place again. Accepted id and other bytes: refused.
Status Pipeline::answer_repeat(ActSubmission& submission, const store::ActId& known, Work& work) {
  const model::VerifiedAct& act = submission.act();
  if (known.digest != act.digest) {
    work.done.emplace_back(
        submission.take_answer(),
        Refused{{Outcome::ID_REUSED, "/id",
                 "entry " + std::to_string(known.index.value()) + " has this id"},
                {}});
    return {};
  }
  Recorded recorded{known.index, {}, work.batch.time, act.digest, std::nullopt, {}, true};
  const auto proposal = model::ProposalId::of(act.digest);
  if (work.state.get(codec::proposal_key(proposal))) recorded.proposal = proposal;
  if (known.index.value() >= tip_.size.value()) {
    recorded.leaf = work.leaves[known.index.value() - tip_.size.value()];
    work.waiting.push_back({submission.take_answer(), std::move(recorded)});
    return {};
  }
  MRV_TRY(const auto bytes, store_.reader().entry(known.index));
  if (!bytes) return Error{"STORE_CORRUPT", "a remembered act has no entry", {}};
  recorded.leaf = crypto::leaf_hash(*bytes);
  MRV_TRY(const auto entry, codec::decode_entry(*bytes));
  if (const auto* stored = std::get_if<codec::ActEntry>(&entry)) {
    recorded.recorded_at = stored->recorded_at;
  }
  const auto published = publisher_.current();
  if (published && known.index.value() < published->size.value()) {
    work.done.emplace_back(submission.take_answer(), std::move(recorded));
  } else {
    work.waiting.push_back({submission.take_answer(), std::move(recorded)});
  }
  return {};
}

Status Pipeline::write_rows(Work& work) {
  for (const Hash& digest : work.named) {
    work.batch.indexes.push_back({codec::named_digest_key(digest), Bytes{}});
  }
  for (const auto& [key, value] : work.state.delta()) {
    if (is_index_key(key)) {
      work.batch.indexes.push_back({key, value});
      continue;
    }
    MRV_TRY(auto previous, store_.reader().row(key));
    if (previous == value) continue;
    map::LeafWrite leaf{map::key_hash(key), std::nullopt};
    if (value) leaf.value = map::value_hash(*value);
    work.batch.leaves.push_back(leaf);
    work.batch.rows.push_back({key, value, std::move(previous)});
  }
  return {};
}

Status Pipeline::remove_blobs(const store::CommitBatch& batch) const {
  if (!remove_blob_) return {};
  for (const auto& row : batch.rows) {
    if (row.key[0] != model::RemovedBlobRow::kTag || !row.value) continue;
    Hash digest{};
    std::copy(row.key.begin() + 1, row.key.end(), digest.begin());
    MRV_CHECK(remove_blob_(digest));
  }
  return {};
}

}  // namespace mrv::node
