// Transfers and locks that an act above them ends: the touched ones alone, and each as a whole.
#include "ledger/state/claims.h"

#include <doctest/doctest.h>

#include "tests/support/integrity_world.h"

using namespace mrv;
using model::LockState;
using model::SerialRange;
using model::TransferState;
using test::IntegrityWorld;
using test::Runs;

namespace {

struct ClaimsWorld : IntegrityWorld {
  model::BatchId batch = add_batch(1, project, 2025, 100, 0);
  model::BatchId second = add_batch(2, project, 2025, 50, 0);

  model::Leg range(const model::BatchId& of, Units first, Units last) const {
    return {of, first, last, std::nullopt};
  }
  void end(const std::vector<SerialRange>& ranges) {
    change([&](state::Context& context) { state::end_claims(context, ranges); });
    test::check_conservation(state());
  }
  TransferState state_of(const model::TransferId& id) const {
    return get<model::TransferRow>(codec::transfer_key(id)).state;
  }
  LockState state_of(const model::LockId& id) const {
    return get<model::LockRow>(codec::lock_key(id)).state;
  }
};

}  // namespace

TEST_CASE("a transfer that holds one of the serials ends, and its other units come back") {
  ClaimsWorld world;
  const auto touched = world.offer(
      world.developer, {world.range(world.batch, 11, 20), world.range(world.second, 1, 5)});
  const auto apart = world.offer(world.developer, {world.range(world.batch, 21, 30)});
  world.end({{world.batch, 20, 20}});
  CHECK(world.state_of(touched) == TransferState::ended);
  CHECK(world.get<model::TransferRow>(codec::transfer_key(touched)).settled.has_value());
  CHECK(world.state_of(apart) == TransferState::pending);
  CHECK(world.runs(world.batch) == Runs{"1-20 active", "21-30 pending trf", "31-100 active"});
  CHECK(world.runs(world.second) == Runs{"1-50 active"});
  // It is over for everybody.
  CHECK(world.told(world.buyer, model::AcceptTransfer{touched}) ==
        "TRANSFER_SETTLED/credentialSubject/transfer");
  CHECK(test::keys_under(world.state(), codec::kPendingTransferTag).size() == 1);
}

TEST_CASE("a lock that holds one of the serials ends, and leaves its custodian") {
  ClaimsWorld world;
  const auto touched = world.lock(world.developer, {{world.batch, 11, 20}, {world.second, 1, 5}});
  const auto apart = world.lock(world.developer, {{world.batch, 21, 30}});
  world.end({{world.batch, 1, 11}});
  CHECK(world.state_of(touched) == LockState::ended);
  CHECK(world.get<model::LockRow>(codec::lock_key(touched)).ended.has_value());
  CHECK(world.state_of(apart) == LockState::in_force);
  CHECK(world.runs(world.batch) == Runs{"1-20 active", "21-30 locked lck", "31-100 active"});
  CHECK(world.runs(world.second) == Runs{"1-50 active"});
}

TEST_CASE("one range may end many claims, many ranges one claim, and none of them none") {
  ClaimsWorld world;
  const auto first = world.offer(world.developer, {world.range(world.batch, 1, 10)});
  const auto second = world.lock(world.developer, {{world.batch, 11, 20}, {world.batch, 31, 40}});
  const auto third = world.offer(world.developer, {world.range(world.batch, 51, 60)});
  world.end({});
  world.end({{world.batch, 21, 30}, {world.batch, 61, 100}, {world.second, 1, 50}});
  CHECK(world.state_of(first) == TransferState::pending);
  CHECK(world.state_of(second) == LockState::in_force);
  CHECK(world.state_of(third) == TransferState::pending);
  world.end({{world.batch, 10, 12}, {world.batch, 31, 31}, {world.batch, 40, 40}});
  CHECK(world.state_of(first) == TransferState::ended);
  CHECK(world.state_of(second) == LockState::ended);
  CHECK(world.state_of(third) == TransferState::pending);
  CHECK(world.runs(world.batch) == Runs{"1-50 active", "51-60 pending trf", "61-100 active"});
}

TEST_CASE("a lock ends by whatever act, with its units where that act wants them") {
  ClaimsWorld world;
  const auto id = world.lock(world.developer, {{world.batch, 1, 10}});
  world.change([&](state::Context& context) {
    auto lock = *context.read<model::LockRow>(codec::lock_key(id));
    state::end_lock(context, lock, LockState::exported,
                    {model::UnitState::exported, world.developer, "exp_1"});
  });
  test::check_conservation(world.state());
  CHECK(world.state_of(id) == LockState::exported);
  CHECK(world.runs(world.batch) == Runs{"1-10 exported exp", "11-100 active"});
}
