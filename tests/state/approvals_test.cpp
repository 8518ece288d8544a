// Approvals: who counts, when a proposal ends, and what is judged afresh where it takes effect.
#include <doctest/doctest.h>

#include "tests/support/pointers.h"
#include "tests/support/signed_world.h"

using namespace mrv;
using model::Decision;
using model::KeyPurpose;
using model::PartyStatus;
using model::ProposalState;
using model::Role;
using test::kMethod;
using test::SignedWorld;

namespace {

constexpr const char* kProposal = "/credentialSubject/proposal";

// A developer whose transfers need `needed` approvals, and a registry.
struct ApprovalsWorld : SignedWorld {
  explicit ApprovalsWorld(std::int64_t needed = 1) {
    party("registry", {Role::registry});
    party("dev", {Role::developer});
    party("buyer", {Role::buyer});
    auto policy = open_policy();
    policy.approvals = {{model::GovernedAct::transfer, needed}};
    batch = give_units("dev", 100, 1, policy);
  }

  Hash propose(Units quantity = 5, const std::string& signer = "dev") {
    model::Transfer act;
    act.legs = {{batch, std::nullopt, std::nullopt, quantity}};
    act.to = id("buyer");
    act.expires = TimestampMs{now.value() + 86'400'000};
    const auto answer = accept(submit(signer, "dev", act));
    REQUIRE(answer.proposal.has_value());
    CHECK(*answer.proposal == model::ProposalId::of(answer.digest));
    return answer.digest;
  }
  std::string approval(const std::string& signer, const std::string& party, const Hash& digest) {
    const auto answer = approve(signer, party, digest);
    return answer.name + answer.pointer;
  }
  std::string withdrawal(const std::string& signer, const std::string& party, const Hash& digest) {
    const auto target = model::ProposalId::of(digest);
    const auto answer = submit(signer, party, model::WithdrawProposal{target, "a reason"});
    return answer.name + answer.pointer;
  }
  [[nodiscard]] bool happened(const Hash& digest) const {
    const auto key = codec::transfer_key(model::TransferId::of(digest));
    return find<model::TransferRow>(key).has_value();
  }

  model::BatchId batch;
};

}  // namespace

TEST_CASE("a proposal changes nothing until another person of its party approves it") {
  ApprovalsWorld world;
  const auto digest = world.propose();
  CHECK(!world.happened(digest));
  CHECK(world.proposal_state(digest) == ProposalState::open);
  CHECK(world.approval("dev-2", "dev", digest).empty());
  CHECK(world.happened(digest));
  CHECK(world.proposal_state(digest) == ProposalState::approved);
  CHECK(world.approval("dev-2", "dev", digest) == std::string("PROPOSAL_CLOSED") + kProposal);
}

TEST_CASE("only an approving key of the party counts, never the signer or the signer's person") {
  ApprovalsWorld world;
  world.bind("dev", "both", {KeyPurpose::initiate, KeyPurpose::approve});
  auto same_person = SignedWorld::declared("dev-again", {KeyPurpose::approve});
  same_person.person = SignedWorld::person("dev");
  world.accept(world.signed_off("dev", "dev", model::BindKey{world.id("dev"), same_person}));
  const auto digest = world.propose();
  CHECK(world.approval("dev", "dev", digest) == std::string("KEY_PURPOSE_MISSING") + kMethod);
  CHECK(world.approval("dev-again", "dev", digest) == std::string("APPROVER_IS_SIGNER") + kMethod);
  CHECK(world.approval("buyer-2", "buyer", digest) == "APPROVER_NOT_ALLOWED/issuer/party");
  CHECK(world.approval("registry-2", "registry", digest) == "APPROVER_NOT_ALLOWED/issuer/party");
  CHECK(world.approval("gov1", "", digest) == std::string("KEY_UNKNOWN") + kMethod);
  CHECK(world.approval("dev-2", "buyer", digest) == "KEY_NOT_OF_PARTY/issuer/party");
  const auto by_both = world.propose(5, "both");
  CHECK(world.approval("both", "dev", by_both) == std::string("APPROVER_IS_SIGNER") + kMethod);
  CHECK(world.decide("both", "dev", by_both, Decision::reject).name == "APPROVER_IS_SIGNER");
  CHECK(world.approval("both", "dev", digest).empty());
  CHECK(world.proposal_state(by_both) == ProposalState::open);
}

TEST_CASE("an approval names a proposal and the bytes that were seen") {
  ApprovalsWorld world;
  const auto digest = world.propose();
  CHECK(world.approval("dev-2", "dev", Hash{9}) == std::string("PROPOSAL_UNKNOWN") + kProposal);
  auto other = digest;
  other.back() ^= 1;
  CHECK(world.approval("dev-2", "dev", other) ==
        "PROPOSAL_DIGEST_DIFFERS/credentialSubject/digest");
  CHECK(world.withdrawal("dev", "dev", Hash{9}) == std::string("PROPOSAL_UNKNOWN") + kProposal);
  CHECK(world.proposal_state(digest) == ProposalState::open);
}

TEST_CASE("every counted approval is another person's, and the last one makes it happen") {
  ApprovalsWorld world(2);
  world.bind("dev", "dev-3", {KeyPurpose::approve});
  auto same_person = SignedWorld::declared("dev-2-again", {KeyPurpose::approve});
  same_person.person = SignedWorld::person("dev-2");
  world.accept(world.signed_off("dev", "dev", model::BindKey{world.id("dev"), same_person}));
  const auto digest = world.propose();
  CHECK(world.approval("dev-2", "dev", digest).empty());
  CHECK(!world.happened(digest));
  CHECK(world.approval("dev-2", "dev", digest) == std::string("APPROVED_ALREADY") + kMethod);
  CHECK(world.approval("dev-2-again", "dev", digest) == std::string("APPROVED_ALREADY") + kMethod);
  CHECK(world.approval("dev-3", "dev", digest).empty());
  CHECK(world.happened(digest));
}

TEST_CASE("an approval counts only while its key does") {
  ApprovalsWorld world(2);
  world.bind("dev", "dev-3", {KeyPurpose::approve});
  world.bind("dev", "dev-4", {KeyPurpose::approve});
  const auto digest = world.propose();
  REQUIRE(world.approval("dev-2", "dev", digest).empty());
  world.accept(world.signed_off(
      "dev", "dev",
      model::RevokeKey{SignedWorld::public_key("dev-2"), model::RevocationReason::compromised}));
  CHECK(world.approval("dev-3", "dev", digest).empty());
  CHECK(!world.happened(digest));
  CHECK(world.approval("dev-4", "dev", digest).empty());
  CHECK(world.happened(digest));
}

TEST_CASE("one rejection ends a proposal") {
  ApprovalsWorld world(2);
  world.bind("dev", "dev-3", {KeyPurpose::approve});
  const auto digest = world.propose();
  REQUIRE(world.approval("dev-2", "dev", digest).empty());
  world.accept(world.decide("dev-3", "dev", digest, Decision::reject));
  CHECK(world.proposal_state(digest) == ProposalState::rejected);
  const auto later = world.approve("dev-3", "dev", digest);
  CHECK(later.name == "PROPOSAL_CLOSED");
  CHECK(later.detail == "it is rejected");
  CHECK(world.withdrawal("dev", "dev", digest) == std::string("PROPOSAL_CLOSED") + kProposal);
  CHECK(!world.happened(digest));
}

TEST_CASE("a proposal is withdrawn by its own party") {
  ApprovalsWorld world;
  const auto digest = world.propose();
  CHECK(world.withdrawal("buyer", "buyer", digest) == "APPROVER_NOT_ALLOWED/issuer/party");
  CHECK(world.withdrawal("gov1", "", digest) == std::string("KEY_UNKNOWN") + kMethod);
  CHECK(world.withdrawal("dev", "dev", digest).empty());
  CHECK(world.proposal_state(digest) == ProposalState::withdrawn);
  CHECK(world.withdrawal("dev", "dev", digest) == std::string("PROPOSAL_CLOSED") + kProposal);
  CHECK(world.approval("dev-2", "dev", digest) == std::string("PROPOSAL_CLOSED") + kProposal);
}

TEST_CASE("a proposal lives for the ledger's span and can then only be withdrawn") {
  ApprovalsWorld world;
  const auto in_time = world.propose();
  const auto late = world.propose();
  world.pass(3'600'000);
  CHECK(world.approval("dev-2", "dev", in_time).empty());
  world.pass(1);
  CHECK(world.approval("dev-2", "dev", late) == std::string("PROPOSAL_EXPIRED") + kProposal);
  CHECK(world.decide("dev-2", "dev", late, Decision::reject).name == "PROPOSAL_EXPIRED");
  CHECK(world.proposal_state(late) == ProposalState::open);
  CHECK(world.withdrawal("dev", "dev", late).empty());
}

TEST_CASE("a proposal reserves nothing and is judged again where it takes effect") {
  ApprovalsWorld world;
  const auto first = world.propose(100);
  const auto second = world.propose(100);
  REQUIRE(world.approval("dev-2", "dev", first).empty());
  // Refused with the target's outcome; the target stays proposed and may pass later.
  CHECK(world.approval("dev-2", "dev", second) == std::string("UNITS_NOT_HELD") + kProposal);
  CHECK(world.proposal_state(second) == ProposalState::open);
  world.accept(
      world.submit("buyer", "buyer", model::RejectTransfer{model::TransferId::of(first), "no"}));
  CHECK(world.approval("dev-2", "dev", second).empty());
  CHECK(world.happened(second));
}

TEST_CASE("the proposer's key and both parties' standing are those of the completing entry") {
  ApprovalsWorld world;
  world.bind("dev", "dev-3", {KeyPurpose::initiate});
  const auto by_old_key = world.propose(5, "dev-3");
  world.accept(world.signed_off(
      "dev", "dev",
      model::RevokeKey{SignedWorld::public_key("dev-3"), model::RevocationReason::superseded}));
  CHECK(world.approval("dev-2", "dev", by_old_key) == std::string("KEY_REVOKED") + kProposal);
  const auto digest = world.propose();
  world.set_status("buyer", PartyStatus::suspended);
  CHECK(world.approval("dev-2", "dev", digest) ==
        std::string("RECIPIENT_NOT_ADMITTED") + kProposal);
  world.set_status("buyer", PartyStatus::admitted);
  world.set_status("dev", PartyStatus::frozen);
  CHECK(world.approval("dev-2", "dev", digest) == "PARTY_FROZEN/issuer/party");
  // Withdrawing harms nobody: any key of the party may, in any standing.
  CHECK(world.withdrawal("dev-2", "dev", by_old_key).empty());
  world.set_status("dev", PartyStatus::admitted);
  CHECK(world.approval("dev-2", "dev", digest).empty());
}

TEST_CASE("what cannot pass now is refused at once, not proposed") {
  ApprovalsWorld world;
  model::Transfer act;
  act.legs = {{world.batch, std::nullopt, std::nullopt, 101}};
  act.to = world.id("buyer");
  act.expires = TimestampMs{world.now.value() + 1'000};
  CHECK(world.submit("dev", "dev", act).name == "UNITS_NOT_HELD");
  CHECK(world.all<model::ProposalRow>().size() == 3);  // of the three admissions
}

TEST_CASE("each act of the registry that grants or creates waits for a second person") {
  ApprovalsWorld world;
  world.party("vvb", {Role::vvb});
  world.applicant("new", {Role::buyer});
  const auto waits = [&](const auto& act) {
    const auto answer = world.accept(world.submit("registry", "registry", act));
    return answer.proposal && world.approval("registry-2", "registry", answer.digest).empty();
  };
  CHECK(waits(model::AdmitParty{world.id("new"), {Role::buyer}, {}}));
  CHECK(waits(model::SetPartyStatus{world.id("new"), PartyStatus::suspended, "x"}));
  model::AccreditVvb accredit;
  accredit.party = world.id("vvb");
  accredit.scopes.resize(1);
  accredit.until = TimestampMs{1'000};
  CHECK(waits(accredit));
  model::OpenImport import;
  import.registry = "ACR";
  import.row_count = 1;
  CHECK(waits(import));
}

TEST_CASE("governance acts take the founding threshold of distinct seats") {
  SignedWorld world(SignedWorld::genesis_of(4, 3));
  const auto id = world.applicant("dev", {Role::developer});
  const auto proposed =
      world.accept(world.submit("gov4", "", model::AdmitParty{id, {Role::developer}, {}}));
  const auto approval = [&](const std::string& signer, const std::string& party) {
    const auto answer = world.approve(signer, party, proposed.digest);
    return answer.name + answer.pointer;
  };
  CHECK(approval("gov4", "") == std::string("APPROVER_IS_SIGNER") + kMethod);
  CHECK(approval("dev", "dev") == std::string("GOVERNANCE_KEY_REQUIRED") + kMethod);
  CHECK(approval("stranger", "") == std::string("GOVERNANCE_KEY_REQUIRED") + kMethod);
  CHECK(approval("gov1", "").empty());
  CHECK(world.status_of("dev") == PartyStatus::applied);
  CHECK(approval("gov1", "") == std::string("APPROVED_ALREADY") + kMethod);
  CHECK(approval("gov3", "").empty());
  CHECK(world.status_of("dev") == PartyStatus::admitted);
  CHECK(approval("gov2", "") == std::string("PROPOSAL_CLOSED") + kProposal);
}

TEST_CASE("a seat's proposal is withdrawn or rejected by seats only") {
  SignedWorld world;
  const auto id = world.party("dev", {Role::developer});
  const auto freeze = model::SetPartyStatus{id, PartyStatus::frozen, "x"};
  const auto withdraw = [&](const std::string& signer, const std::string& party,
                            const Hash& digest) {
    const auto act = model::WithdrawProposal{model::ProposalId::of(digest), "x"};
    return world.submit(signer, party, act).name;
  };
  const auto first = world.accept(world.submit("gov1", "", freeze)).digest;
  CHECK(withdraw("dev", "dev", first) == "GOVERNANCE_KEY_REQUIRED");
  CHECK(withdraw("stranger", "", first) == "GOVERNANCE_KEY_REQUIRED");
  CHECK(withdraw("gov2", "", first).empty());
  CHECK(world.proposal_state(first) == ProposalState::withdrawn);
  const auto second = world.accept(world.submit("gov1", "", freeze)).digest;
  world.accept(world.decide("gov2", "", second, Decision::reject));
  CHECK(world.proposal_state(second) == ProposalState::rejected);
  CHECK(world.status_of("dev") == PartyStatus::admitted);
}

TEST_CASE("programmes are made by governance alone") {
  ApprovalsWorld world;
  model::RegisterProgramme act;
  act.code = "NEW";
  act.name.en = "New";
  act.policy = SignedWorld::open_policy();
  const auto refused = world.submit("registry", "registry", act);
  CHECK(refused.name + refused.pointer == std::string("GOVERNANCE_KEY_REQUIRED") + kMethod);
  CHECK(world.governed(act).ok());
}
