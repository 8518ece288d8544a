// The registry's one transition function: what an act does at its place in the sequence, or why
// not.
//
// Pure: the verdict depends on the view, the act, the stamped time and the blobs named by digest,
// and on nothing else. Acts are judged after ordering, so every replica agrees.
#pragma once

#include <variant>

#include "ledger/state/context.h"

namespace mrv::state {

struct Accepted {
  Delta delta;
  std::optional<std::string> result;          // canonical JSON for the entry
  std::vector<RowRefusal> row_refusals;       // of an import chunk that passed in part
  std::optional<model::ProposalId> proposal;  // the act waits for approval under this id
  // Datasets that a replay had to do without: the recorded verdict was believed. Whoever replays
  // must find each of them removed by decision, at the latest when the whole log has been read.
  std::vector<Hash> not_recomputed;
};
struct Rejected {
  model::Refusal refusal;
  std::vector<RowRefusal> row_refusals;
};
// The state could not be read, or a blob is not here: no verdict exists, the caller must stop.
struct Undecided {
  Error error;
};
using Verdict = std::variant<Accepted, Rejected, Undecided>;

// Precondition: the act's bytes and signature are good, and its (party, id) was not accepted
// before. `memo` spares decoding and changes nothing else.
Verdict apply(const StateView& view, const OrderedAct& ordered, const BlobSource& blobs,
              RowMemo* memo = nullptr);

// Dataset blobs an act will ask for (a prefetch hint and what admission must find durable here).
std::vector<Hash> blobs_needed(const model::Act& act);

}  // namespace mrv::state
