// Locks, as far as other families ask for them; how one ends is in claims.h.
#pragma once

#include "ledger/state/context.h"

namespace mrv::state {

// Errors: LOCK_ENDED.
Check require_in_force(const model::LockRow& lock);

}  // namespace mrv::state
