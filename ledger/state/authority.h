// Who may sign what (domain.md 0.5, 1): keys are judged by order position, never by a clock.
#pragma once

#include <initializer_list>

#include "ledger/state/context.h"

namespace mrv::state {

// A party that acts, with the key it signed by.
struct ActingParty {
  model::PartyRow party;
  model::KeyRow key;
};

// What the row itself says. A sub-account stands under its owner as well: has_role,
// require_admitted and is_frozen look at both.
[[nodiscard]] const model::Standing& standing_of(const model::PartyRow& party);

// A sub-account has the roles of its owner.
bool has_role(Context& context, const model::PartyRow& party, model::Role role);

// Whether the signer holds a governance seat in force, on an act without a party.
bool signed_by_governance(Context& context);

// The signer's seat, if in force at this index.
std::optional<model::GovernanceSeat> governance_seat(Context& context, const model::KeyBytes& key);

// The acting party: named by the act, key bound to it and in force with `purpose`, status admitted,
// and holding one of `roles` (any role when empty). For a sub-account these are its owner's key,
// and what is its owner's alone is ACCOUNT_NESTED. Fills `out` when it returns nothing.
Check require_party(Context& context, model::KeyPurpose purpose,
                    std::initializer_list<model::Role> roles, ActingParty& out);

// The same without looking at the party's status or roles (FreezeSelf).
Check require_key(Context& context, ActingParty& out);

[[nodiscard]] bool has_purpose(const model::KeyRow& key, model::KeyPurpose purpose);

// A governance key signs and the act names no party.
Check require_governance(Context& context);

// A key that its own party added moves units only after the ledger's delay: KEY_TOO_NEW.
Check require_seasoned_key(Context& context, const model::KeyRow& key);

// A party that may receive or act: admitted, and the owner of a sub-account too. Names the status
// that stands in the way otherwise, the owner's first.
Check require_admitted(Context& context, const model::PartyRow& party, const std::string& pointer);

// The party or, of a sub-account, its owner.
bool is_frozen(Context& context, const model::PartyRow& party);

// VVBs hold nothing, and neither does the registry (domain.md 1).
bool may_hold(Context& context, const model::PartyRow& party);
// Admitted, and may hold.
bool may_receive(Context& context, const model::PartyRow& party);

}  // namespace mrv::state
