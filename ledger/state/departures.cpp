// Export and Convert (domain.md 6): units that go on elsewhere and never move here again.
#include <algorithm>

#include "ledger/state/authority.h"
#include "ledger/state/claims.h"
#include "ledger/state/locks.h"
#include "ledger/state/rules.h"
#include "ledger/state/units.h"

namespace mrv::state {
namespace {

using model::Outcome;
using model::Role;
using model::UnitState;

// The other side's id for the units stands for one departure.
Check check_unused(Context& context, const model::ReceiptRow& receipt, const std::string& pointer) {
  const auto used =
      context.read<model::ReceiptRow>(codec::receipt_key(receipt.space, receipt.receipt));
  if (!used) return std::nullopt;
  return refuse(Outcome::RECEIPT_REUSED, pointer, "entry " + std::to_string(used->entry.value()));
}

void write_receipt(Context& context, const model::ReceiptRow& receipt) {
  context.write(codec::receipt_key(receipt.space, receipt.receipt), receipt);
}

Check check_registry(Context& context, const std::string& registry) {
  const auto ledger = context.ledger();
  const auto& listed = ledger->foreign_registries;
  const bool known = std::find(listed.begin(), listed.end(), registry) != listed.end();
  if (known && registry != ledger->registry_code) return std::nullopt;
  return refuse(Outcome::FOREIGN_REGISTRY_UNKNOWN, "/credentialSubject/registry");
}

}  // namespace

Check rule(Context& context, const model::Export& act) {
  constexpr const char* kLockPointer = "/credentialSubject/lock";
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  if (auto check = require_seasoned_key(context, acting.key)) return check;
  auto lock = context.read<model::LockRow>(codec::lock_key(act.lock));
  if (!lock) return refuse(Outcome::LOCK_UNKNOWN, kLockPointer);
  if (lock->holder != acting.party.id) return refuse(Outcome::LOCK_NOT_YOURS, kLockPointer);
  if (auto check = require_in_force(*lock)) return check;
  if (auto check = check_registry(context, act.registry)) return check;
  const model::ReceiptRow receipt{"export " + act.registry, act.receipt, context.index()};
  if (auto check = check_unused(context, receipt, "/credentialSubject/receipt")) return check;
  model::ExportRow row;
  row.id = model::ExportId::of(context.act().digest);
  row.entry = context.index();
  row.holder = lock->holder;
  row.lock = lock->id;
  row.serials = lock->serials;
  row.registry = act.registry;
  row.receipt = act.receipt;
  end_lock(context, *lock, model::LockState::exported,
           {UnitState::exported, row.holder, row.id.text()});
  write_receipt(context, receipt);
  context.create(codec::export_key(row.id), row);
  return std::nullopt;
}

Check rule(Context& context, const model::Convert& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {Role::registry}, acting)) {
    return check;
  }
  if (!context.read<model::PartyRow>(codec::party_key(act.holder))) {
    return refuse(Outcome::PARTY_UNKNOWN, "/credentialSubject/holder");
  }
  const model::ReceiptRow receipt{"convert " + act.scheme, act.reference, context.index()};
  if (auto check = check_unused(context, receipt, "/credentialSubject/reference")) return check;
  model::ConversionRow row;
  if (auto check = resolve_legs(context, act.holder, act.legs, row.serials)) return check;
  row.id = model::ConversionId::of(context.act().digest);
  row.entry = context.index();
  row.holder = act.holder;
  row.scheme = act.scheme;
  row.reference = act.reference;
  const Place from{UnitState::active, row.holder, std::nullopt};
  const Place to{UnitState::converted, row.holder, row.id.text()};
  move_units(context, row.serials, from, to);
  write_receipt(context, receipt);
  context.create(codec::conversion_key(row.id), row);
  return std::nullopt;
}

}  // namespace mrv::state
