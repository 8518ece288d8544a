// Export and Convert (domain.md 6): units that go on elsewhere and never move here again.
#include <algorithm>

#include "ledger/base/text.h"
#include "ledger/state/authority.h"
#include "ledger/state/claims.h"
#include "ledger/state/locks.h"
#include "ledger/state/rules.h"
#include "ledger/state/rules_version.h"
#include "ledger/state/units.h"

namespace mrv::state {
namespace {

using model::Outcome;
using model::Role;
using model::UnitState;

// From version 4 on in the one spelling in which it counts as used.
model::ReceiptRow receipt_of(Context& context, const std::string& kind, const std::string& of,
                             const std::string& id) {
  if (rules_version(context) < kGuardRulesVersion) return {kind + of, id, context.index()};
  return {kind + folded(of), folded(id), context.index()};
}

// The other side's id for the units stands for one departure, also in the spelling of an entry
// from before version 4; from that on it says something.
Check check_receipt(Context& context, const model::ReceiptRow& receipt,
                    const model::ReceiptRow& as_given, const std::string& pointer) {
  for (const auto* one : {&receipt, &as_given}) {
    const auto used = context.read<model::ReceiptRow>(codec::receipt_key(one->space, one->receipt));
    if (!used) continue;
    return refuse(Outcome::RECEIPT_REUSED, pointer, "entry " + std::to_string(used->entry.value()));
  }
  if (!is_blank(receipt.receipt) || rules_version(context) < kGuardRulesVersion) {
    return std::nullopt;
  }
  return refuse(Outcome::FIELD_MISSING, pointer, "it is blank");
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
  const model::ReceiptRow given{"export " + act.registry, act.receipt, context.index()};
  const auto receipt = receipt_of(context, "export ", act.registry, act.receipt);
  if (auto check = check_receipt(context, receipt, given, "/credentialSubject/receipt")) {
    return check;
  }
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
  const model::ReceiptRow given{"convert " + act.scheme, act.reference, context.index()};
  const auto receipt = receipt_of(context, "convert ", act.scheme, act.reference);
  if (auto check = check_receipt(context, receipt, given, "/credentialSubject/reference")) {
    return check;
  }
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
