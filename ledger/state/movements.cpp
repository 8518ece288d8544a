// Movements as rows.
#include "ledger/state/movements.h"

namespace mrv::state {

void keep_movement(Context& context, const Movement& movement) {
  model::TransferRow row;
  row.id = model::TransferId::of(context.act().digest);
  row.entry = context.index();
  row.from = movement.from;
  row.to = movement.to;
  row.signer = context.signer();
  row.serials = movement.serials;
  row.proposed_at = context.recorded_at();
  row.expires = context.recorded_at();
  row.state = model::TransferState::settled;
  row.settled = context.index();
  row.kind = movement.kind;
  row.cause = movement.cause;
  const Bytes key = codec::transfer_key(row.id);
  for (const auto& range : row.serials) {
    context.overlay().put(codec::settled_transfer_key(range.batch, context.index()), key);
  }
  context.create(key, row);
}

}  // namespace mrv::state
