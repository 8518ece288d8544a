// Four eyes from end to end: what waits, who may approve, and that the number is the one of the
// entry that completes the act.
#include <doctest/doctest.h>

#include "tests/support/pointers.h"
#include "tests/support/signed_world.h"

using namespace mrv;
using model::GovernedAct;
using model::KeyPurpose;
using model::ProposalState;
using model::Role;
using test::kMethod;
using test::SignedWorld;

namespace {

constexpr std::int64_t kNewKeySeconds = 300;

model::Genesis seasoned_genesis() {
  auto genesis = SignedWorld::genesis_of(2, 2);
  genesis.delays.new_key_seconds = kNewKeySeconds;
  return genesis;
}

struct FourEyesWorld : SignedWorld {
  explicit FourEyesWorld(const model::Genesis& genesis = genesis_of(2, 2)) : SignedWorld(genesis) {
    party("registry", {Role::registry});
    party("dev", {Role::developer});
    party("buyer", {Role::buyer});
    batch = give_units("dev", 100);
  }
  void watch(bool on = true) {
    accept(signed_off("dev", "dev", model::SetAccountPolicy{on, false, {}}));
  }
  Answer transfer(const std::string& signer = "dev", Units quantity = 5) {
    model::Transfer act;
    act.legs = {{batch, std::nullopt, std::nullopt, quantity}};
    act.to = id("buyer");
    act.expires = TimestampMs{now.value() + 86'400'000};
    return submit(signer, "dev", act);
  }
  std::string approval(const std::string& signer, const std::string& party, const Hash& digest) {
    const auto answer = approve(signer, party, digest);
    return answer.name + answer.pointer;
  }
  void policy_needs(std::int64_t approvals) {
    auto programme = all<model::ProgrammeRow>().front();
    programme.policies[0].policy.approvals = {{GovernedAct::transfer, approvals}};
    put(codec::programme_key(programme.id), programme);
  }
  [[nodiscard]] bool happened(const Hash& digest) const {
    return find<model::TransferRow>(codec::transfer_key(model::TransferId::of(digest))).has_value();
  }

  model::BatchId batch;
};

}  // namespace

TEST_CASE("under four eyes a transfer waits for another person of the account's party") {
  FourEyesWorld world;
  CHECK(!world.accept(world.transfer()).proposal);
  world.watch();
  world.bind("dev", "both", {KeyPurpose::initiate, KeyPurpose::approve});
  auto same_person = SignedWorld::declared("dev-again", {KeyPurpose::approve});
  same_person.person = SignedWorld::person("dev");
  world.accept(world.signed_off("dev", "dev", model::BindKey{world.id("dev"), same_person}));
  const auto proposed = world.accept(world.transfer());
  REQUIRE(proposed.proposal);
  const auto& digest = proposed.digest;
  CHECK(world.approval("dev", "dev", digest) == std::string("KEY_PURPOSE_MISSING") + kMethod);
  CHECK(world.approval("dev-again", "dev", digest) == std::string("APPROVER_IS_SIGNER") + kMethod);
  CHECK(world.approval("buyer-2", "buyer", digest) == "APPROVER_NOT_ALLOWED/issuer/party");
  CHECK(world.approval("registry-2", "registry", digest) == "APPROVER_NOT_ALLOWED/issuer/party");
  CHECK(!world.happened(digest));
  CHECK(world.approval("dev-2", "dev", digest).empty());
  CHECK(world.happened(digest));
  const auto by_both = world.accept(world.transfer("both"));
  CHECK(world.approval("both", "dev", by_both.digest) ==
        std::string("APPROVER_IS_SIGNER") + kMethod);
  CHECK(world.approval("dev-2", "dev", by_both.digest).empty());
}

TEST_CASE("four eyes watch over their own removal and over the account's keys") {
  FourEyesWorld world;
  world.watch();
  const auto off = world.accept(world.submit("dev", "dev", model::SetAccountPolicy{}));
  REQUIRE(off.proposal);
  const auto bound = world.accept(world.submit(
      "dev", "dev",
      model::BindKey{world.id("dev"), SignedWorld::declared("x", {KeyPurpose::approve})}));
  REQUIRE(bound.proposal);
  CHECK(world.approval("x", "dev", off.digest) == std::string("KEY_UNKNOWN") + kMethod);
  CHECK(world.approval("dev-2", "dev", off.digest).empty());
  CHECK(!world.accept(world.transfer()).proposal);
  const auto ended = world.accept(world.submit(
      "dev-2", "dev",
      model::RevokeKey{SignedWorld::public_key("dev-2"), model::RevocationReason::lost}));
  CHECK(!ended.proposal);
}

TEST_CASE("an account that nobody else watches keeps its own word and waits for governance") {
  FourEyesWorld world;
  world.watch();
  world.accept(world.submit(
      "dev-2", "dev",
      model::RevokeKey{SignedWorld::public_key("dev-2"), model::RevocationReason::lost}));
  const model::BindKey bind{world.id("dev"), SignedWorld::declared("y", {KeyPurpose::approve})};
  CHECK(world.accept(world.submit("dev", "dev", bind)).proposal);
  CHECK(world.accept(world.governed(bind)).ok());
  const auto proposed = world.accept(world.transfer());
  CHECK(world.approval("y", "dev", proposed.digest).empty());
}

TEST_CASE("a proposal waits for more where more are asked for by now, and goes by less") {
  FourEyesWorld world;
  world.bind("dev", "dev-3", {KeyPurpose::approve});
  world.policy_needs(1);
  const auto stricter = world.accept(world.transfer()).digest;
  world.policy_needs(2);
  CHECK(world.approval("dev-2", "dev", stricter).empty());
  CHECK(!world.happened(stricter));
  CHECK(world.proposal_state(stricter) == ProposalState::open);
  CHECK(world.approval("dev-2", "dev", stricter) == std::string("APPROVED_ALREADY") + kMethod);
  CHECK(world.approval("dev-3", "dev", stricter).empty());
  CHECK(world.happened(stricter));
  const auto milder = world.accept(world.transfer()).digest;
  world.policy_needs(1);
  CHECK(world.approval("dev-3", "dev", milder).empty());
  CHECK(world.happened(milder));
}

TEST_CASE("four eyes that were opened meanwhile are no longer asked, those closed meanwhile are") {
  FourEyesWorld world;
  world.bind("dev", "dev-3", {KeyPurpose::approve});
  world.policy_needs(1);
  const auto proposed = world.accept(world.transfer()).digest;
  world.policy_needs(0);
  world.watch();
  CHECK(world.approval("dev-2", "dev", proposed).empty());
  CHECK(world.happened(proposed));
  const auto waiting = world.accept(world.transfer()).digest;
  world.watch(false);
  // Nobody need approve any more; the approval that comes completes it.
  CHECK(world.approval("dev-3", "dev", waiting).empty());
  CHECK(world.happened(waiting));
}

TEST_CASE("a key that its own party added approves the movement of units only when seasoned") {
  FourEyesWorld world(seasoned_genesis());
  world.pass(kNewKeySeconds * kMsPerSecond);
  world.watch();
  world.bind("dev", "dev-3", {KeyPurpose::approve});
  const auto proposed = world.accept(world.transfer()).digest;
  const auto policy = world.accept(world.submit("dev", "dev", model::SetAccountPolicy{}));
  world.pass(kNewKeySeconds * kMsPerSecond - 1);
  CHECK(world.approval("dev-3", "dev", proposed) == std::string("KEY_TOO_NEW") + kMethod);
  // What moves nothing it may approve at once, and it may always say no.
  CHECK(world.approval("dev-3", "dev", policy.digest).empty());
  world.pass(1);
  CHECK(world.approval("dev-3", "dev", proposed).empty());
  CHECK(world.happened(proposed));
}

TEST_CASE("an approval of a key that is no longer in force counts for no number") {
  FourEyesWorld world;
  world.bind("dev", "dev-3", {KeyPurpose::approve});
  world.bind("dev", "dev-4", {KeyPurpose::approve});
  world.policy_needs(2);
  const auto proposed = world.accept(world.transfer()).digest;
  REQUIRE(world.approval("dev-2", "dev", proposed).empty());
  world.accept(world.submit(
      "dev-2", "dev",
      model::RevokeKey{SignedWorld::public_key("dev-2"), model::RevocationReason::superseded}));
  CHECK(world.approval("dev-3", "dev", proposed).empty());
  CHECK(!world.happened(proposed));
  CHECK(world.approval("dev-4", "dev", proposed).empty());
  CHECK(world.happened(proposed));
}
