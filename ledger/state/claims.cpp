// Finding the claims on a range by the references of its runs.
#include "ledger/state/claims.h"

#include <cassert>
#include <set>

#include "ledger/state/transfers.h"

namespace mrv::state {
namespace {

using model::LockRow;
using model::LockState;
using model::UnitState;

struct Claims {
  std::set<model::TransferId> transfers;
  std::set<model::LockId> locks;
};

template <class Id>
Id id_of(const Place& place) {
  const auto id = Id::parse(*place.reference);
  assert(id.ok());
  return *id;
}

void collect(Context& context, const model::SerialRange& range, Claims& claims) {
  for (const auto& run : runs_in(context, range)) {
    if (run.place.state == UnitState::pending) {
      claims.transfers.insert(id_of<model::TransferId>(run.place));
    } else if (run.place.state == UnitState::locked) {
      claims.locks.insert(id_of<model::LockId>(run.place));
    }
  }
}

}  // namespace

void end_claims(Context& context, const std::vector<model::SerialRange>& ranges) {
  Claims claims;
  for (const auto& range : ranges) collect(context, range, claims);
  for (const auto& id : claims.transfers) end_transfer(context, id);
  for (const auto& id : claims.locks) {
    auto lock = context.read<LockRow>(codec::lock_key(id));
    assert(lock);
    end_lock(context, *lock, LockState::ended, {UnitState::active, lock->holder, std::nullopt});
  }
}

void end_lock(Context& context, LockRow& lock, LockState state, const Place& to) {
  assert(lock.state == LockState::in_force);
  const Place locked{UnitState::locked, lock.holder, lock.id.text()};
  move_units(context, lock.serials, locked, to);
  lock.state = state;
  lock.ended = context.index();
  context.overlay().erase(codec::pair_key(codec::kCustodianLockTag, lock.custodian, lock.id));
  context.write(codec::lock_key(lock.id), lock);
}

}  // namespace mrv::state
