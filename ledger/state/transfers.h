// Transfers, as far as other families touch them.
#pragma once

#include "ledger/state/context.h"

namespace mrv::state {

// Returns the units of every pending transfer that `key` signed to their sender (a compromised
// key).
void revoke_transfers_of(Context& context, const model::KeyBytes& key);

// Returns the units of a pending transfer to their sender: they are taken by an act that is above
// it. Precondition: it is pending.
void end_transfer(Context& context, const model::TransferId& id);

// A party that may receive units. Errors, each at `pointer`: PARTY_UNKNOWN, RECIPIENT_NOT_ADMITTED.
Check require_recipient(Context& context, const model::PartyId& party, const std::string& pointer);

// Every programme of the serials lets its units change hands now: PROGRAMME_NOT_TRANSFERABLE, at
// `pointer`.
Check check_deliverable(Context& context, const std::vector<model::SerialRange>& serials,
                        const std::string& pointer);

// A party to which units may go back: any that held units, whatever its status, but a closed one.
// Errors, each at `pointer`: PARTY_UNKNOWN, RECIPIENT_NOT_ADMITTED.
Check require_former_holder(Context& context, const model::PartyId& party,
                            const std::string& pointer);

}  // namespace mrv::state
