// The orderer of a single node: one thread, one bounded queue. While one batch is being made
// durable the next one gathers, so batches grow with the load and nobody waits for a timer.
#pragma once

#include <functional>
#include <memory>

#include "ledger/order/orderer.h"

namespace mrv::order {

struct EmbeddedOrdererOptions {
  OrderNumber last_number;             // of the last batch before; the first one here gets the next
  TimestampMs last_time;               // no batch gets an earlier time
  std::function<TimestampMs()> clock;  // called on the orderer's thread; may run back
};

std::unique_ptr<Orderer> make_embedded_orderer(EmbeddedOrdererOptions options);

}  // namespace mrv::order
