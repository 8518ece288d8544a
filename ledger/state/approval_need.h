// Who must stand behind an act beside its signer (schemas/spec/registry.md 2).
#pragma once

#include <set>

#include "ledger/state/context.h"

namespace mrv::state {

// `by_governance`: `approvals` of other seats; otherwise of `approve` keys of the signer's own
// party. `consents`: other parties, one `approve` key of each.
struct ApprovalNeed {
  std::int64_t approvals = 0;
  bool by_governance = false;
  std::vector<model::PartyId> consents;
  [[nodiscard]] bool none() const { return approvals == 0 && consents.empty(); }
};

// What the context's act needs at this entry.
ApprovalNeed approval_for(Context& context, const model::ActBody& body);

// Takes units out of an account: waits for the delay of a key that its own party added.
[[nodiscard]] bool moves_units(const model::ActBody& body);

// The programmes that an act touches, as far as what it names is there.
std::set<model::ProgrammeId> programmes_of(Context& context, const model::ActBody& body);

}  // namespace mrv::state
