// The buffer pool of a programme: what is in it and in which order it pays
// (schemas/spec/registry.md 7). PoolRow.units is the sum of the buffer runs of the programme's
// batches.
#pragma once

#include <functional>
#include <vector>

#include "ledger/state/units.h"

namespace mrv::state {

// A new batch takes its place in the order; one without buffer units is in no pool.
void index_batch(Context& context, const model::BatchRow& batch);

// Every batch there is, with its buffer runs: for the act that activates the rules that read them.
void index_batches(Context& context);

// The project's batches by vintage, then in creation order, until `visit` answers false. `visit`
// writes nothing.
void each_batch_of(Context& context, const model::ProjectId& project,
                   const std::function<bool(const model::BatchRow&)>& visit);

// What the pool pays first: the project's own buffer units, then the programme's, each by vintage,
// then batch in creation order, then serial; at most `quantity` units and what the pool has.
std::vector<model::SerialRange> first_to_pay(Context& context, const model::ProgrammeId& programme,
                                             const model::ProjectId& project, Units quantity);

// Moves buffer units of a batch out of the pool. Precondition: the whole range is there.
void leave_pool(Context& context, const model::SerialRange& range, const Place& to);

// Moves units from `from` into the pool of their batch's programme. AMOUNT_OVERFLOW at `pointer`,
// with nothing changed, when its total would be too large to be written.
Check enter_pool(Context& context, const model::SerialRange& range, const Place& from,
                 const std::string& pointer);

// The part of enter_pool that counts: for units that are created in the pool.
Check grow_pool(Context& context, const model::ProgrammeId& programme, Units units,
                const std::string& pointer);

}  // namespace mrv::state
