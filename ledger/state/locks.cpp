// Lock and Unlock (domain.md 6): units set aside with a custodian, and what becomes of them.
#include "ledger/state/locks.h"

#include "ledger/state/authority.h"
#include "ledger/state/claims.h"
#include "ledger/state/movements.h"
#include "ledger/state/policy.h"
#include "ledger/state/rules.h"
#include "ledger/state/rules_version.h"
#include "ledger/state/transfers.h"
#include "ledger/state/units.h"

namespace mrv::state {
namespace {

using model::LockRow;
using model::LockState;
using model::Outcome;
using model::Role;
using model::UnitState;

constexpr const char* kLockPointer = "/credentialSubject/lock";

// Whoever stands behind an account: a sub-account's owner, or the party itself.
const model::PartyId& owner_of(const model::PartyRow& party) {
  return party.owner ? *party.owner : party.id;
}

// Units that the holder keeps for itself under another name are not set aside.
Check check_custodian(Context& context, const model::PartyRow& holder, const model::PartyId& id) {
  constexpr const char* kPointer = "/credentialSubject/custodian";
  const auto custodian = context.read<model::PartyRow>(codec::party_key(id));
  if (!custodian) return refuse(Outcome::PARTY_UNKNOWN, kPointer);
  const bool allowed = owner_of(*custodian) != owner_of(holder) &&
                       has_role(context, *custodian, Role::custodian) &&
                       !require_admitted(context, *custodian, {});
  return allowed ? std::nullopt : refuse(Outcome::CUSTODIAN_NOT_ALLOWED, kPointer);
}

Check check_pledgee(Context& context, const model::PartyId& holder, const model::Lock& act) {
  constexpr const char* kPointer = "/credentialSubject/pledgee";
  if (!act.pledgee) return std::nullopt;
  if (*act.pledgee == holder || *act.pledgee == act.custodian) {
    return refuse(Outcome::RECIPIENT_NOT_ADMITTED, kPointer,
                  "neither the holder nor the custodian");
  }
  return require_recipient(context, *act.pledgee, kPointer);
}

// Who may end the lock like this.
Check check_unlocker(const Context& context, const LockRow& lock, const model::PartyId& signer,
                     model::UnlockTo to) {
  if (signer == lock.custodian) return std::nullopt;
  const bool over = lock.until && *lock.until < context.recorded_at();
  if (signer == lock.holder && to == model::UnlockTo::holder && over) return std::nullopt;
  return refuse(Outcome::LOCK_NOT_YOURS, kLockPointer);
}

Check deliver(Context& context, LockRow& lock) {
  if (!lock.pledgee) {
    return refuse(Outcome::LOCK_NOT_YOURS, "/credentialSubject/to", "the lock names no pledgee");
  }
  const model::PartyId pledgee = *lock.pledgee;
  if (auto check = require_recipient(context, pledgee, kLockPointer)) return check;
  if (auto check = check_deliverable(context, lock.serials, kLockPointer)) return check;
  end_lock(context, lock, LockState::delivered, {UnitState::active, pledgee, std::nullopt});
  keep_movement(context, {model::MovementKind::delivered, lock.holder, pledgee, lock.serials,
                          lock.id.text()});
  return std::nullopt;
}

}  // namespace

Check require_in_force(const LockRow& lock) {
  if (lock.state == LockState::in_force) return std::nullopt;
  return refuse(Outcome::LOCK_ENDED, kLockPointer,
                "it is " + std::string(model::name_of(lock.state)));
}

Check rule(Context& context, const model::Lock& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  if (auto check = require_seasoned_key(context, acting.key)) return check;
  if (auto check = check_custodian(context, acting.party, act.custodian)) return check;
  if (auto check = check_pledgee(context, acting.party.id, act)) return check;
  if (act.until && *act.until <= context.recorded_at()) {
    return refuse(Outcome::DEADLINE_INVALID, "/credentialSubject/until");
  }
  LockRow row;
  if (auto check = resolve_legs(context, acting.party.id, act.legs, row.serials)) return check;
  if (act.pledgee) {
    if (auto check = check_deliverable(context, row.serials, "/credentialSubject/legs")) {
      return check;
    }
  }
  row.id = model::LockId::of(context.act().digest);
  row.entry = context.index();
  row.holder = acting.party.id;
  row.custodian = act.custodian;
  row.pledgee = act.pledgee;
  row.until = act.until;
  const Place from{UnitState::active, row.holder, std::nullopt};
  const Place to{UnitState::locked, row.holder, row.id.text()};
  move_units(context, row.serials, from, to);
  context.create(codec::lock_key(row.id), row);
  context.overlay().put(codec::pair_key(codec::kCustodianLockTag, row.custodian, row.id), Bytes{});
  return std::nullopt;
}

Check rule(Context& context, const model::Unlock& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  auto lock = context.read<LockRow>(codec::lock_key(act.lock));
  if (!lock) return refuse(Outcome::LOCK_UNKNOWN, kLockPointer);
  if (auto check = check_unlocker(context, *lock, acting.party.id, act.to)) return check;
  if (auto check = require_in_force(*lock)) return check;
  if (act.to == model::UnlockTo::pledgee) {
    const bool waits = rules_version(context) >= kGuardRulesVersion;
    if (auto check = waits ? require_seasoned_key(context, acting.key) : std::nullopt) return check;
    return deliver(context, *lock);
  }
  end_lock(context, *lock, LockState::released, {UnitState::active, lock->holder, std::nullopt});
  return std::nullopt;
}

}  // namespace mrv::state
