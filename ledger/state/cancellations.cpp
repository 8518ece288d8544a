// Cancel (domain.md 7): units that end without having been used.
#include "ledger/state/authority.h"
#include "ledger/state/obligations.h"
#include "ledger/state/quantity.h"
#include "ledger/state/rules.h"
#include "ledger/state/units.h"

namespace mrv::state {
namespace {

using model::CancellationKind;
using model::Outcome;
using model::UnitState;

// The kinds that this act writes, each with what belongs to it.
Check check_kind(const model::Cancel& act) {
  const bool by_other_act =
      act.kind == CancellationKind::reversal || act.kind == CancellationKind::invalidation;
  if (by_other_act) return refuse(Outcome::CANCELLATION_KIND_INVALID, "/credentialSubject/kind");
  if (act.obligation.has_value() != (act.kind == CancellationKind::compensation)) {
    return refuse(Outcome::CANCELLATION_KIND_INVALID, "/credentialSubject/obligation");
  }
  if (act.holder.has_value() != (act.kind == CancellationKind::administrative)) {
    return refuse(Outcome::CANCELLATION_KIND_INVALID, "/credentialSubject/holder");
  }
  return std::nullopt;
}

// Governance cancels for a holder that it names, everybody else for itself.
Check require_canceller(Context& context, const model::Cancel& act, model::PartyId& holder) {
  if (act.kind != CancellationKind::administrative) {
    ActingParty acting;
    if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
    if (auto check = require_seasoned_key(context, acting.key)) return check;
    holder = acting.party.id;
    return check_kind(act);
  }
  if (auto check = require_governance(context)) return check;
  if (auto check = check_kind(act)) return check;
  holder = *act.holder;
  if (context.read<model::PartyRow>(codec::party_key(holder))) return std::nullopt;
  return refuse(Outcome::PARTY_UNKNOWN, "/credentialSubject/holder");
}

}  // namespace

Check rule(Context& context, const model::Cancel& act) {
  model::CancellationRow row;
  if (auto check = require_canceller(context, act, row.holder)) return check;
  std::optional<model::ObligationRow> obligation;
  if (act.obligation) {
    obligation.emplace();
    if (auto check = read_obligation(context, *act.obligation, row.holder, *obligation)) {
      return check;
    }
  }
  if (auto check = resolve_legs(context, row.holder, act.legs, row.serials)) return check;
  if (auto check = count_serials(context, row.serials, row.quantity)) return check;
  if (obligation) {
    if (auto check = check_compensation(context, *obligation, row.serials, Debt::owed)) {
      return check;
    }
  }
  row.id = model::CancellationId::of(context.act().digest);
  row.entry = context.index();
  row.kind = act.kind;
  row.obligation = act.obligation;
  const Place from{UnitState::active, row.holder, std::nullopt};
  const Place to{UnitState::cancelled, row.holder, row.id.text()};
  move_units(context, row.serials, from, to);
  context.create(codec::cancellation_key(row.id), row);
  if (obligation) discharge(context, *obligation, Debt::owed, row.quantity);
  return std::nullopt;
}

}  // namespace mrv::state
