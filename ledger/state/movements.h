// Changes of holder that are no holder's own Transfer (registry.md 8): by order, the undoing of a
// transfer, a pledge delivered, buffer units released. Each is kept as a transfer that settled with
// the entry, so that a certificate can follow every serial.
#pragma once

#include <string>
#include <vector>

#include "ledger/state/context.h"

namespace mrv::state {

struct Movement {
  model::MovementKind kind = model::MovementKind::ordered;
  model::PartyId from;
  model::PartyId to;
  std::vector<model::SerialRange> serials;
  std::string cause;  // the order's digest, the transfer undone, the lock delivered
};

// Writes the transfer row and its place among the settled transfers of each batch. The units
// themselves the caller moves. At most one for each act: the row's id is made of the act's digest.
void keep_movement(Context& context, const Movement& movement);

}  // namespace mrv::state
