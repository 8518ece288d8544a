// Pending transfers, as far as other families touch them.
#pragma once

#include "ledger/state/context.h"

namespace mrv::state {

// Returns the units of every pending transfer that `key` signed to their sender (a compromised
// key).
void revoke_transfers_of(Context& context, const model::KeyBytes& key);

}  // namespace mrv::state
