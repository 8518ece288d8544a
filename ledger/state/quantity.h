// The one quantity that a retirement or a cancellation states.
#pragma once

#include <vector>

#include "ledger/state/context.h"

namespace mrv::state {

// How many serials these are, each named once; they count in one unit. Fills `out` when it returns
// nothing. Errors, at /credentialSubject/legs: UNITS_MIXED, AMOUNT_OVERFLOW.
Check count_serials(Context& context, const std::vector<model::SerialRange>& serials, Units& out);

}  // namespace mrv::state
