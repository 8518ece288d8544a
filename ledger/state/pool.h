// The batches of a programme and of a project in the order in which a buffer pool pays (domain.md
// 5).
#pragma once

#include "ledger/state/context.h"

namespace mrv::state {

// A new batch takes its place; one without buffer units is no pool's.
void index_batch(Context& context, const model::BatchRow& batch);

// Every batch there is: for the act that activates the rules that read the order.
void index_batches(Context& context);

}  // namespace mrv::state
