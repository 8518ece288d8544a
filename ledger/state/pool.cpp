// The order of batches, kept as index rows.
#include "ledger/state/pool.h"

namespace mrv::state {

void index_batch(Context& context, const model::BatchRow& batch) {
  context.overlay().put(
      codec::project_batch_key(batch.project, batch.vintage, batch.entry, batch.id), Bytes{});
  if (batch.buffer == 0) return;
  context.overlay().put(
      codec::pool_batch_key(batch.programme, batch.vintage, batch.entry, batch.id), Bytes{});
}

void index_batches(Context& context) {
  std::vector<model::BatchRow> batches;
  const Bytes first{model::BatchRow::kTag};
  const Bytes end{model::BatchRow::kTag + 1};
  context.overlay().scan(first, end, [&](ByteView, ByteView value) {
    if (const auto batch = context.decoded<model::BatchRow>(value)) batches.push_back(*batch);
    return true;
  });
  for (const auto& batch : batches) index_batch(context, batch);
}

}  // namespace mrv::state
