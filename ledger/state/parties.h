// What the rules about parties, accounts and governance seats share.
#pragma once

#include <algorithm>
#include <vector>

#include "ledger/state/context.h"

namespace mrv::state {

template <class T>
bool has_repeats(std::vector<T> items) {
  std::sort(items.begin(), items.end());
  return std::adjacent_find(items.begin(), items.end()) != items.end();
}

// A key enters the ledger once: prime-order, canonical, bound to nobody and on no seat before.
// KEY_INVALID, KEY_ALREADY_BOUND.
Check check_new_key(Context& context, const model::KeyBytes& key, const std::string& pointer);

// Each one a party, none a sub-account, which has no affiliates: AFFILIATE_UNKNOWN.
Check check_affiliates(Context& context, const std::vector<model::PartyId>& affiliates);

// Units of the party or of one of its sub-accounts that are not closed.
bool holds_units_anywhere(Context& context, const model::PartyId& party);

// What closing would leave behind: units, open obligations, locks in the party's care, sub-accounts
// that are not closed themselves.
bool is_occupied(Context& context, const model::PartyId& party);

// The open sub-account stands in its owner's list until it is closed.
void list_account(Context& context, const model::PartyRow& account);
void unlist_account(Context& context, const model::PartyRow& account);

}  // namespace mrv::state
