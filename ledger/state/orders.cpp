// OrderTransfer and ReverseTransfer (domain.md 12): governance moves units by order of a court or
// an authority, never retired ones.
#include "ledger/state/authority.h"
#include "ledger/state/claims.h"
#include "ledger/state/movements.h"
#include "ledger/state/rules.h"
#include "ledger/state/rules_version.h"
#include "ledger/state/transfers.h"
#include "ledger/state/units.h"

namespace mrv::state {
namespace {

using model::MovementKind;
using model::Outcome;
using model::TransferRow;
using model::TransferState;

void move_all(Context& context, const Movement& movement) {
  move_units(context, movement.serials, active_of(movement.from), active_of(movement.to));
  keep_movement(context, movement);
}

// Runs are maximal, so units that one party has active lie in one run for each range.
bool holds_all(Context& context, const TransferRow& transfer) {
  const Place held = active_of(transfer.to);
  for (const auto& range : transfer.serials) {
    const auto runs = runs_in(context, range, 1);
    if (runs.empty() || runs[0].range != range || runs[0].place != held) return false;
  }
  return true;
}

}  // namespace

Check rule(Context& context, const model::OrderTransfer& act) {
  if (auto check = require_governance(context)) return check;
  if (!context.read<model::PartyRow>(codec::party_key(act.from))) {
    return refuse(Outcome::PARTY_UNKNOWN, "/credentialSubject/from");
  }
  if (act.to == act.from) return refuse(Outcome::RECIPIENT_IS_SENDER, "/credentialSubject/to");
  if (auto check = require_recipient(context, act.to, "/credentialSubject/to")) return check;
  Movement movement{MovementKind::ordered, act.from, act.to, {}, to_hex(act.order_digest)};
  if (auto check = resolve_claimed_legs(context, act.from, act.legs, movement.serials)) {
    return check;
  }
  end_claims(context, movement.serials);
  move_all(context, movement);
  return std::nullopt;
}

Check rule(Context& context, const model::ReverseTransfer& act) {
  constexpr const char* kPointer = "/credentialSubject/transfer";
  if (auto check = require_governance(context)) return check;
  auto transfer = context.read<TransferRow>(codec::transfer_key(act.transfer));
  if (!transfer) return refuse(Outcome::TRANSFER_UNKNOWN, kPointer);
  if (transfer->state != TransferState::settled) {
    return refuse(Outcome::TRANSFER_NOT_SETTLED, kPointer,
                  "it is " + std::string(model::name_of(transfer->state)));
  }
  const bool of_pool = transfer->kind == model::MovementKind::released ||
                       transfer->kind == model::MovementKind::repaid;
  if (of_pool && rules_version(context) >= kGuardRulesVersion) {
    return refuse(Outcome::RECIPIENT_NOT_ADMITTED, kPointer, "the pool has no account");
  }
  if (auto check = require_former_holder(context, transfer->from, kPointer)) return check;
  if (!holds_all(context, *transfer)) return refuse(Outcome::UNITS_NOT_HELD, kPointer);
  transfer->state = TransferState::reversed;
  context.write(codec::transfer_key(transfer->id), *transfer);
  move_all(context, {MovementKind::reversed, transfer->to, transfer->from, transfer->serials,
                     transfer->id.text()});
  return std::nullopt;
}

}  // namespace mrv::state
