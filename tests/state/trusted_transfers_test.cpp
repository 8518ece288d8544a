// Transfers between accounts that know each other: settled at once where both sides want it,
// accepted without the delay where the sender's list names the recipient.
#include <doctest/doctest.h>

#include "tests/support/signed_world.h"

using namespace mrv;
using model::Role;
using model::TransferState;
using test::SignedWorld;

namespace {

constexpr std::int64_t kTrustDelaySeconds = 600;
constexpr std::int64_t kTrustDelayMs = kTrustDelaySeconds * kMsPerSecond;

model::Genesis trusting_genesis() {
  auto genesis = SignedWorld::genesis_of(2, 2);
  genesis.delays.new_counterparty_seconds = kTrustDelaySeconds;
  return genesis;
}

struct TrustWorld : SignedWorld {
  TrustWorld() : SignedWorld(trusting_genesis()) {
    party("registry", {Role::registry});
    party("dev", {Role::developer});
    party("buyer", {Role::buyer});
    party("other", {Role::buyer});
    batch = give_units("dev", 100);
  }
  void trust(const std::string& party, const std::vector<std::string>& names) {
    model::SetAccountPolicy act;
    for (const auto& name : names) act.trusted.push_back(id(name));
    accept(submit(party, party, act));
  }
  void auto_accept(const std::string& party, bool on = true) {
    accept(submit(party, party, model::SetAccountPolicy{false, on, {}}));
  }
  model::Transfer body(Units quantity = 10, const std::string& to = "buyer") const {
    model::Transfer act;
    act.legs = {{batch, std::nullopt, std::nullopt, quantity}};
    act.to = id(to);
    act.expires = TimestampMs{now.value() + 86'400'000};
    return act;
  }
  model::TransferRow sent(Units quantity = 10, const std::string& to = "buyer") {
    accept(submit("dev", "dev", body(quantity, to)));
    return row(model::TransferId::of(last_digest()));
  }
  [[nodiscard]] model::TransferRow row(const model::TransferId& id) const {
    return get<model::TransferRow>(codec::transfer_key(id));
  }
  std::string accepted(const model::TransferRow& transfer, const std::string& party = "buyer") {
    const auto answer = submit(party, party, model::AcceptTransfer{transfer.id});
    return answer.name + answer.pointer;
  }
  [[nodiscard]] Units active(const std::string& party) const {
    const auto row = find<model::HoldingRow>(codec::holding_key(id(party), batch));
    return row ? row->active : 0;
  }
  [[nodiscard]] std::size_t indexed(std::uint8_t tag) const {
    std::size_t count = 0;
    for (const auto& [key, value] : rows()) count += key[0] == tag ? 1U : 0U;
    return count;
  }

  model::BatchId batch;
};

}  // namespace

TEST_CASE("trusted by the sender and accepting by itself, a transfer settles in its own entry") {
  TrustWorld world;
  world.trust("dev", {"buyer"});
  world.auto_accept("buyer");
  world.pass(kTrustDelayMs);
  const auto transfer = world.sent();
  CHECK(transfer.state == TransferState::settled);
  CHECK(transfer.settled == transfer.entry);
  CHECK(transfer.serials == std::vector<model::SerialRange>{{world.batch, 1, 10}});
  CHECK(world.active("dev") == 90);
  CHECK(world.active("buyer") == 10);
  CHECK(world.rows().contains(codec::settled_transfer_key(world.batch, transfer.entry)));
  CHECK(world.indexed(codec::kPendingTransferTag) == 0);
  const std::string settled = "TRANSFER_SETTLED/credentialSubject/transfer";
  CHECK(world.accepted(transfer) == settled);
  // A key compromised later takes nothing back.
  world.accept(world.signed_off(
      "dev", "dev",
      model::BindKey{world.id("dev"),
                     SignedWorld::declared("dev-9", {model::KeyPurpose::initiate})}));
  world.accept(world.signed_off(
      "dev-9", "dev",
      model::RevokeKey{SignedWorld::public_key("dev"), model::RevocationReason::compromised}));
  CHECK(world.row(transfer.id).state == TransferState::settled);
  CHECK(world.active("buyer") == 10);
}

TEST_CASE("either side's delay keeps it from settling at once, to the millisecond") {
  TrustWorld world;
  world.auto_accept("buyer");
  world.pass(1);
  world.trust("dev", {"buyer"});
  world.pass(kTrustDelayMs - 1);
  CHECK(world.sent().state == TransferState::pending);
  world.pass(1);
  CHECK(world.sent().state == TransferState::settled);
  world.trust("dev", {"buyer", "other"});
  world.auto_accept("other");
  CHECK(world.sent().state == TransferState::settled);
  world.pass(kTrustDelayMs - 1);
  CHECK(world.sent(10, "other").state == TransferState::pending);
  world.pass(1);
  CHECK(world.sent(10, "other").state == TransferState::settled);
}

TEST_CASE("one of the two is not enough, and taking back holds at once") {
  TrustWorld world;
  world.trust("dev", {"buyer"});
  world.auto_accept("other");
  world.pass(kTrustDelayMs);
  CHECK(world.sent(1, "buyer").state == TransferState::pending);
  CHECK(world.sent(1, "other").state == TransferState::pending);
  world.auto_accept("buyer");
  world.pass(kTrustDelayMs);
  CHECK(world.sent(1, "buyer").state == TransferState::settled);
  world.auto_accept("buyer", false);
  CHECK(world.sent(1, "buyer").state == TransferState::pending);
  world.auto_accept("buyer");
  world.pass(kTrustDelayMs);
  world.trust("dev", {});
  CHECK(world.sent(1, "buyer").state == TransferState::pending);
}

TEST_CASE("what a transfer must satisfy is asked before it settles at once") {
  TrustWorld world;
  world.trust("dev", {"buyer"});
  world.auto_accept("buyer");
  world.pass(kTrustDelayMs);
  const auto refused = [&](const model::Transfer& act) {
    const auto answer = world.submit("dev", "dev", act);
    return answer.name + answer.pointer;
  };
  CHECK(refused(world.body(101)) == "UNITS_NOT_HELD/credentialSubject/legs/0");
  world.set_status("buyer", model::PartyStatus::suspended);
  CHECK(refused(world.body()) == "RECIPIENT_NOT_ADMITTED/credentialSubject/to");
  world.set_status("buyer", model::PartyStatus::admitted);
  auto policy = SignedWorld::open_policy();
  policy.transferable = false;
  auto fixed = world.body();
  fixed.legs[0].batch = world.give_units("dev", 10, 2, policy);
  CHECK(refused(fixed) == "PROGRAMME_NOT_TRANSFERABLE/credentialSubject/legs");
  CHECK(refused(world.body()).empty());
}

TEST_CASE("a proposed transfer settles at once where its approval completes it") {
  TrustWorld world;
  world.trust("dev", {"buyer"});
  world.auto_accept("buyer");
  world.pass(kTrustDelayMs);
  auto policy = SignedWorld::open_policy();
  policy.approvals = {{model::GovernedAct::transfer, 1}};
  auto act = world.body();
  act.legs[0].batch = world.give_units("dev", 10, 2, policy);
  const auto proposed = world.accept(world.submit("dev", "dev", act));
  REQUIRE(proposed.proposal);
  const auto completed = world.accept(world.approve("dev-2", "dev", proposed.digest));
  const auto row = world.row(model::TransferId::of(proposed.digest));
  CHECK(row.state == TransferState::settled);
  CHECK(row.settled == completed.index);
}

TEST_CASE("from a sender that lists the recipient a transfer is accepted without delay") {
  TrustWorld world;
  const std::string delayed = "TRANSFER_DELAYED/credentialSubject/transfer";
  const auto before = world.sent();
  CHECK(world.accepted(before) == delayed);
  world.trust("dev", {"buyer"});
  CHECK(world.accepted(before) == delayed);
  world.pass(kTrustDelayMs - 1);
  const auto fresh = world.sent();
  CHECK(world.accepted(fresh) == delayed);
  world.pass(1);
  CHECK(world.accepted(fresh).empty());
  // The list in force at the acceptance counts, not the one at the transfer.
  const auto late = world.sent();
  world.trust("dev", {});
  CHECK(world.accepted(late) == delayed);
  // The recipient's own list opens nothing.
  model::SetAccountPolicy own;
  own.trusted = {world.id("dev")};
  world.accept(world.submit("buyer", "buyer", own));
  world.pass(kTrustDelayMs - 1);
  CHECK(world.accepted(late) == delayed);
  world.pass(1);
  CHECK(world.accepted(late).empty());
}

TEST_CASE("lists and auto-accept are those of the very account, not of its owner") {
  TrustWorld world;
  world.account("buyer", "client");
  world.trust("dev", {"buyer"});
  world.auto_accept("buyer");
  world.pass(kTrustDelayMs);
  CHECK(world.sent(1, "buyer").state == TransferState::settled);
  CHECK(world.sent(1, "client").state == TransferState::pending);
  world.trust("dev", {"buyer", "client"});
  world.accept(world.submit("buyer", "client", model::SetAccountPolicy{false, true, {}}));
  world.pass(kTrustDelayMs);
  CHECK(world.sent(1, "client").state == TransferState::settled);
  CHECK(world.active("client") == 1);
}
