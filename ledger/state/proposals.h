// Acts that wait for approval (domain.md 1, Approve).
#pragma once

#include "ledger/state/approval_need.h"

namespace mrv::state {

// Writes the proposal row for the context's act and answers its id.
model::ProposalId propose(Context& context, const ApprovalNeed& need);

// Ends every open proposal that `key` signed (a compromised key). Bounded by the party's open
// proposals.
void revoke_proposals_of(Context& context, const model::KeyBytes& key);

// The rule of the context's act, without asking for approval again.
Check run_approved(Context& context);

}  // namespace mrv::state
