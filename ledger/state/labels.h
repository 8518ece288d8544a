// Labels on serials, as far as other families ask for them.
#pragma once

#include <vector>

#include "ledger/state/context.h"

namespace mrv::state {

// A label of this kind is in force on every serial at the context's entry. Errors: LABEL_REQUIRED,
// naming the first serial without one.
Check require_labels(Context& context, model::LabelKind kind,
                     const std::vector<model::SerialRange>& serials, const std::string& pointer);

}  // namespace mrv::state
