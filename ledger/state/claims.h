// Pending transfers and locks: claims on units that an act above them ends.
#pragma once

#include <vector>

#include "ledger/state/units.h"

namespace mrv::state {

// Ends every pending transfer and every lock in force that holds one of these serials. All units
// of each, inside and outside the ranges, are active with their holder again afterwards, so that
// the caller finds in the ranges what it wants to take as `active`. A transfer becomes `ended`; a
// lock becomes `ended` and leaves the index of its custodian (pair_key(kCustodianLockTag,
// custodian, lock)). Units that nothing claims are left alone, and so are claims on other serials.
// Cost: the runs in the ranges and the serials of the claims that end.
//
// What a claim looks like: its units are at {pending, row.from, text of the transfer's id} or
// {locked, row.holder, text of the lock's id}, exactly those of `row.serials`, while the row's
// state is `pending` or `in_force`.
void end_claims(Context& context, const std::vector<model::SerialRange>& ranges);

// The end of one lock, by whatever act: its units go to `to`, its state becomes `state`, and it
// leaves the custodian's index. Writes the row. Precondition: it is in force.
void end_lock(Context& context, model::LockRow& lock, model::LockState state, const Place& to);

}  // namespace mrv::state
