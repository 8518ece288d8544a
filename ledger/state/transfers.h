// Pending transfers, as far as other families touch them.
#pragma once

#include "ledger/state/context.h"

namespace mrv::state {

// Returns the units of every pending transfer that `key` signed to their sender (a compromised
// key).
void revoke_transfers_of(Context& context, const model::KeyBytes& key);

// Returns the units of a pending transfer to their sender: they are taken by an act that is above
// it. Precondition: it is pending.
void end_transfer(Context& context, const model::TransferId& id);

}  // namespace mrv::state
