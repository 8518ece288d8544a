// DepositEvidence (domain.md 9): any file's existence at a position becomes provable.
#include "ledger/state/authority.h"
#include "ledger/state/rules.h"

namespace mrv::state {

Check rule(Context& context, const model::DepositEvidence& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  model::DepositRow row;
  row.id = model::DepositId::of(context.act().digest);
  row.entry = context.index();
  row.party = acting.party.id;
  row.digests = act.digests;
  row.category = act.category;
  row.title = act.title;
  row.related = act.related;
  context.create(codec::deposit_key(row.id), row);
  return std::nullopt;
}

}  // namespace mrv::state
