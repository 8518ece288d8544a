// What a party has: units, debts, locks in its care, sub-accounts.
#include <algorithm>
#include <cassert>

#include "ledger/state/parties.h"
#include "ledger/state/units.h"

namespace mrv::state {
namespace {

// Items of a pair index under `owner`, until `visit` answers false.
void scan_pairs(Context& context, std::uint8_t tag, const model::PartyId& owner,
                const std::function<bool(const model::PartyId& item)>& visit) {
  const Bytes first = codec::pair_key(tag, owner, model::PartyId{});
  const auto item_at = static_cast<std::ptrdiff_t>(first.size() - model::kIdSize);
  context.overlay().scan(first, Bytes{static_cast<std::uint8_t>(tag + 1)},
                         [&](ByteView key, ByteView) {
                           if (!std::equal(first.begin(), first.begin() + item_at, key.begin())) {
                             return false;
                           }
                           model::PartyId item;
                           std::copy(key.begin() + item_at, key.end(), item.bytes.begin());
                           return visit(item);
                         });
}

bool has_pair(Context& context, std::uint8_t tag, const model::PartyId& owner) {
  bool found = false;
  scan_pairs(context, tag, owner, [&found](const model::PartyId&) {
    found = true;
    return false;
  });
  return found;
}

}  // namespace

bool holds_units_anywhere(Context& context, const model::PartyId& party) {
  if (holds_units(context, party)) return true;
  bool held = false;
  scan_pairs(context, codec::kOwnerAccountTag, party, [&](const model::PartyId& account) {
    held = holds_units(context, account);
    return !held;
  });
  return held;
}

bool is_occupied(Context& context, const model::PartyId& party) {
  return holds_units(context, party) || has_pair(context, codec::kPartyObligationTag, party) ||
         has_pair(context, codec::kCustodianLockTag, party) ||
         has_pair(context, codec::kOwnerAccountTag, party);
}

void list_account(Context& context, const model::PartyRow& account) {
  assert(account.owner);
  context.overlay().put(codec::pair_key(codec::kOwnerAccountTag, *account.owner, account.id),
                        Bytes{});
}

void unlist_account(Context& context, const model::PartyRow& account) {
  assert(account.owner);
  context.overlay().erase(codec::pair_key(codec::kOwnerAccountTag, *account.owner, account.id));
}

}  // namespace mrv::state
