// What the caller of an act is told, once.
#pragma once

#include <functional>
#include <optional>
#include <variant>
#include <vector>

#include "ledger/state/transition.h"

namespace mrv::node {

// The act is an entry of a published tree. `repeated`: it was recorded by an earlier submission of
// the same bytes.
struct Recorded {
  EntryIndex index;
  Hash leaf{};
  TimestampMs recorded_at;
  Hash digest{};
  std::optional<model::ProposalId> proposal;
  std::vector<state::RowRefusal> row_refusals;
  bool repeated = false;
};

struct Refused {
  model::Refusal refusal;
  std::vector<state::RowRefusal> row_refusals;
};

// No verdict: busy, stopping, or stopped by a failure. Sending the same bytes again is safe.
struct Failed {
  Error error;
};

using Answer = std::variant<Recorded, Refused, Failed>;
// Called exactly once, on any thread; must not throw or block.
using OnAnswer = std::function<void(Answer)>;

}  // namespace mrv::node
