// Where the log stands: everything the pipeline must know to add the next batch.
#pragma once

#include "ledger/log/integrate.h"
#include "ledger/store/store.h"

namespace mrv::node {

struct Tip {
  OrderNumber order_number;
  TreeSize size;
  TimestampMs time;
  log::Edge edge;
};

// Fills the batch's tiles and log root from its entries and moves the edge on.
// Precondition: batch.size_before is the tip's size.
void integrate_batch(Tip& tip, store::CommitBatch& batch);

// The same when the entries' leaf hashes are known already.
void integrate_batch(Tip& tip, std::span<const Hash> leaves, store::CommitBatch& batch);

// The tip that the store holds, its edge checked against the stored root. Errors: STORE_CORRUPT and
// the store's.
Result<Tip> read_tip(const store::StoreReader& reader);

}  // namespace mrv::node
