// What a calculation came to, value by value, as texts. Pure.
#pragma once

#include "ledger/methodology/engine.h"
#include "ledger/methodology/evaluate.h"

namespace mrv::methodology {

// One slice's trace. Errors: CALCULATION_FAILED where an output over axes cannot be rounded.
Result<TracedSlice> traced(const Slice& slice, const std::vector<DefinitionValue>& values);

}  // namespace mrv::methodology
