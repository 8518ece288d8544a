// Keys: who may sign at which place in the sequence, binding and revoking, and what falls with a
// compromised key; and the address and life of every act.
#include <doctest/doctest.h>

#include "tests/support/pointers.h"
#include "tests/support/signed_world.h"

using namespace mrv;
using model::KeyPurpose;
using model::PartyStatus;
using model::RevocationReason;
using model::Role;
using test::kMethod;
using test::SignedWorld;

namespace {

struct KeysWorld : SignedWorld {
  explicit KeysWorld(const model::Genesis& genesis = genesis_of(2, 2)) : SignedWorld(genesis) {
    party("registry", {Role::registry});
    party("dev", {Role::developer});
    party("buyer", {Role::buyer});
  }

  std::string bind_by(const std::string& signer, const std::string& party,
                      const model::KeyDeclaration& key, const std::string& target = "dev") {
    const auto answer = signed_off(signer, party, model::BindKey{id(target), key});
    return answer.name + answer.pointer;
  }
  std::string revoke_by(const std::string& signer, const std::string& party,
                        const std::string& name,
                        RevocationReason reason = RevocationReason::superseded) {
    const auto answer = signed_off(signer, party, model::RevokeKey{public_key(name), reason});
    return answer.name + answer.pointer;
  }

  model::Transfer to_buyer(const model::BatchId& batch, Units quantity) const {
    model::Transfer act;
    act.legs = {{batch, std::nullopt, std::nullopt, quantity}};
    act.to = id("buyer");
    act.expires = TimestampMs{now.value() + 86'400'000};
    return act;
  }
  static model::Retire retirement(const model::BatchId& batch, Units quantity) {
    model::Retire act;
    act.legs = {{batch, std::nullopt, std::nullopt, quantity}};
    act.beneficiary = model::Beneficiary{std::nullopt, Hash{5}};
    return act;
  }
};

}  // namespace

TEST_CASE("an act names this log and lives no longer than the ledger allows") {
  KeysWorld world;
  const auto with = [&](auto change) {
    model::DepositEvidence body;
    body.digests = {{Hash{1}, std::nullopt}};
    body.category = body.title = "x";
    auto act = world.act("dev", "dev", body);
    change(act);
    const auto answer = world.send(act, "dev");
    return answer.name + answer.pointer;
  };
  const auto until = [&](std::int64_t ms) {
    return with([&](model::Act& a) { a.valid_until = TimestampMs{world.now.value() + ms}; });
  };
  CHECK(with([](model::Act& a) { a.registry = "ledger.example/other"; }) ==
        "WRONG_REGISTRY/registry");
  CHECK(until(-1'000) == "EXPIRED/validUntil");
  CHECK(until(0).empty());
  CHECK(until(3'600'000).empty());
  CHECK(until(3'601'000) == "VALIDITY_TOO_LONG/validUntil");
  // The orderer's time decides to the millisecond.
  world.pass(1);
  CHECK(until(-1) == "EXPIRED/validUntil");
}

TEST_CASE("genesis too is judged by its own life") {
  const auto with = [](std::int64_t until_ms) {
    SignedWorld world{SignedWorld::Empty{}};
    auto act = world.act("gov1", "", SignedWorld::genesis_of(1, 1));
    act.valid_until = TimestampMs{world.now.value() + until_ms};
    const auto answer = world.send(act, "gov1");
    return answer.name + answer.pointer;
  };
  CHECK(with(-1'000) == "EXPIRED/validUntil");
  CHECK(with(0).empty());
  CHECK(with(3'600'000).empty());
  CHECK(with(3'601'000) == "VALIDITY_TOO_LONG/validUntil");
}

TEST_CASE("the signing key is known, the named party's, and bound for what the act needs") {
  KeysWorld world;
  world.bind("dev", "meter", {KeyPurpose::device});
  CHECK(world.deposit("stranger", "dev") == "KEY_UNKNOWN");
  CHECK(world.deposit("dev", "buyer") == "KEY_NOT_OF_PARTY");
  CHECK(world.deposit("dev", "") == "KEY_NOT_OF_PARTY");
  CHECK(world.deposit("dev-2", "dev") == "KEY_PURPOSE_MISSING");
  CHECK(world.deposit("meter", "dev") == "KEY_PURPOSE_MISSING");
  CHECK(world.deposit("gov1", "") == "KEY_UNKNOWN");
  CHECK(world.deposit("dev", "dev").empty());
  world.bind("dev", "both", {KeyPurpose::review, KeyPurpose::initiate});
  CHECK(world.deposit("both", "dev").empty());
}

TEST_CASE("a key enters the ledger once, sound, for one party") {
  KeysWorld world;
  const auto fresh = SignedWorld::declared("fresh", {KeyPurpose::initiate});
  CHECK(world.bind_by("dev-2", "dev", fresh) == std::string("KEY_PURPOSE_MISSING") + kMethod);
  CHECK(world.bind_by("buyer", "buyer", fresh) == "KEY_NOT_OF_PARTY/credentialSubject/party");
  CHECK(world.bind_by("stranger", "", fresh) == std::string("KEY_UNKNOWN") + kMethod);
  for (const std::string taken : {"dev", "dev-2", "buyer", "gov2"}) {
    CHECK(world.bind_by("dev", "dev", SignedWorld::declared(taken, {KeyPurpose::approve})) ==
          "KEY_ALREADY_BOUND/credentialSubject/key/key");
  }
  auto weak = fresh;
  weak.key = {{1}};  // the curve's neutral element
  CHECK(world.bind_by("dev", "dev", weak) == "KEY_INVALID/credentialSubject/key/key");
  auto twice = fresh;
  twice.purposes = {KeyPurpose::approve, KeyPurpose::approve};
  CHECK(world.bind_by("dev", "dev", twice) == "ITEM_REPEATED/credentialSubject/key/purposes");
  twice.purposes.clear();
  CHECK(world.bind_by("dev", "dev", twice) == "LIST_TOO_SHORT/credentialSubject/key/purposes");
  CHECK(world.bind_by("dev", "dev", fresh).empty());
  CHECK(world.deposit("fresh", "dev").empty());
  // Revoked is not free again.
  REQUIRE(world.revoke_by("dev", "dev", "fresh").empty());
  CHECK(world.bind_by("dev", "dev", fresh) == "KEY_ALREADY_BOUND/credentialSubject/key/key");
  CHECK(world.bind_by("buyer", "buyer", fresh, "buyer") ==
        "KEY_ALREADY_BOUND/credentialSubject/key/key");
}

TEST_CASE("a party has at most 64 keys in its life") {
  KeysWorld world;
  auto row = world.row_of("dev");
  const auto numbered = [](std::size_t i) {
    return SignedWorld::declared("dev-" + std::to_string(i), {KeyPurpose::device});
  };
  while (row.keys.size() < kKeysPerPartyMax - 1) row.keys.push_back(row.keys.front());
  world.put(codec::party_key(row.id), row);
  CHECK(world.bind_by("dev", "dev", numbered(63)).empty());
  CHECK(world.bind_by("dev", "dev", numbered(64)) == "LIST_TOO_LONG/credentialSubject/key");
}

TEST_CASE("governance binds a key for a party that lost its own") {
  KeysWorld world;
  const auto bind = [&](const model::PartyId& party, const std::string& name) {
    const auto answer = world.submit(
        "gov1", "", model::BindKey{party, SignedWorld::declared(name, {KeyPurpose::initiate})});
    if (!answer.ok()) return answer.name + answer.pointer;
    return world.approve("gov2", "", answer.digest).name;
  };
  CHECK(bind(model::PartyId{{9}}, "new") == "PARTY_UNKNOWN/credentialSubject/party");
  CHECK(bind(world.id("dev"), "new").empty());
  CHECK(world.deposit("new", "dev").empty());
  // The party's own keys cannot while it is frozen; governance can.
  REQUIRE(world.submit("dev", "dev", model::FreezeSelf{"x"}).ok());
  CHECK(world.bind_by("dev", "dev", SignedWorld::declared("n2", {KeyPurpose::initiate})) ==
        "PARTY_FROZEN/issuer/party");
  CHECK(bind(world.id("dev"), "n2").empty());
  world.set_status("dev", PartyStatus::closed);
  CHECK(bind(world.id("dev"), "n3") == "PARTY_CLOSED/credentialSubject/party");
}

TEST_CASE("a recovery freezes the party, waits out its delay, and the old keys cannot veto it") {
  auto genesis = SignedWorld::genesis_of(2, 2);
  genesis.delays.recovery_seconds = 60;
  KeysWorld world(genesis);
  world.accept(world.governed(
      model::BindKey{world.id("dev"), SignedWorld::declared("new", {KeyPurpose::initiate})}));
  CHECK(world.status_of("dev") == PartyStatus::frozen);
  CHECK(world.row_of("dev").standings.back().roles == std::vector{Role::developer});
  CHECK(world.deposit("dev", "dev") == "PARTY_FROZEN");
  world.pass(59'999);
  CHECK(world.deposit("new", "dev") == "KEY_TOO_NEW");
  CHECK(world.submit("new", "dev", model::FreezeSelf{"x"}).name == "KEY_TOO_NEW");
  world.pass(1);
  CHECK(world.deposit("new", "dev") == "PARTY_FROZEN");
  CHECK(world.revoke_by("dev", "dev", "new", RevocationReason::compromised) ==
        std::string("GOVERNANCE_KEY_REQUIRED") + kMethod);
  CHECK(world.revoke_by("new", "dev", "dev", RevocationReason::compromised) ==
        "PARTY_FROZEN/issuer/party");
  world.set_status("dev", PartyStatus::admitted);
  CHECK(world.revoke_by("new", "dev", "dev", RevocationReason::compromised).empty());
  CHECK(world.deposit("new", "dev").empty());
  // A party that was never admitted has nothing to freeze.
  world.applicant("late", {Role::buyer});
  world.accept(world.governed(
      model::BindKey{world.id("late"), SignedWorld::declared("late-2", {KeyPurpose::initiate})}));
  CHECK(world.status_of("late") == PartyStatus::applied);
}

TEST_CASE("keys are judged by place: bound after its entry, revoked after its entry") {
  KeysWorld world;
  const auto bound = world.size();
  world.bind("dev", "second", {KeyPurpose::initiate});
  const auto row = [&] {
    return world.get<model::KeyRow>(codec::key_key(SignedWorld::public_key("second")));
  };
  CHECK(row().bound.from == EntryIndex{bound + 2});  // after the entry that approved it
  CHECK(row().self_added);
  CHECK(world.deposit("second", "dev").empty());
  // A key may sign its own end, and that entry is its last.
  const auto revoked = world.size();
  CHECK(world.revoke_by("second", "dev", "second", RevocationReason::lost).empty());
  CHECK(row().bound.until == EntryIndex{revoked + 1});
  CHECK(row().revoked_for == RevocationReason::lost);
  CHECK(world.deposit("second", "dev") == "KEY_REVOKED");
  CHECK(world.submit("second", "dev", model::FreezeSelf{"x"}).name == "KEY_REVOKED");
  CHECK(world.revoke_by("dev", "dev", "second") == "KEY_REVOKED/credentialSubject/key");
}

TEST_CASE("a party revokes its own keys, never its last initiating one; governance can") {
  KeysWorld world;
  CHECK(world.revoke_by("dev", "dev", "stranger") == "KEY_UNKNOWN/credentialSubject/key");
  CHECK(world.revoke_by("buyer", "buyer", "dev") == "KEY_NOT_OF_PARTY/credentialSubject/key");
  CHECK(world.revoke_by("stranger", "", "dev") == std::string("KEY_UNKNOWN") + kMethod);
  CHECK(world.revoke_by("dev", "dev", "dev") == "LAST_KEY/credentialSubject/key");
  world.bind("dev", "dev-3", {KeyPurpose::initiate});
  CHECK(world.revoke_by("dev-3", "dev", "dev").empty());
  CHECK(world.revoke_by("dev-3", "dev", "dev-3") == "LAST_KEY/credentialSubject/key");
  CHECK(world.revoke_by("dev-3", "dev", "dev-2").empty());
  const auto revoke = model::RevokeKey{SignedWorld::public_key("dev-3"), RevocationReason::ceased};
  world.accept(world.governed(revoke));
  CHECK(world.deposit("dev-3", "dev") == "KEY_REVOKED");
  CHECK(world.submit("gov1", "", revoke).name == "KEY_REVOKED");
}

TEST_CASE("a key that cannot initiate ends itself and no other key") {
  KeysWorld world;
  world.bind("dev", "dev-3", {KeyPurpose::initiate});
  world.bind("dev", "meter", {KeyPurpose::device});
  for (const std::string signer : {"meter", "dev-2"}) {
    CHECK(world.revoke_by(signer, "dev", "dev-3") == std::string("KEY_PURPOSE_MISSING") + kMethod);
    CHECK(world.revoke_by(signer, "dev", signer).empty());
  }
  CHECK(world.deposit("dev-3", "dev").empty());
}

TEST_CASE("a frozen party's keys may end themselves; to end others it has nobody to approve") {
  KeysWorld world;
  world.bind("dev", "dev-3", {KeyPurpose::initiate});
  world.bind("dev", "dev-4", {KeyPurpose::initiate});
  REQUIRE(world.submit("dev", "dev", model::FreezeSelf{"stolen"}).ok());
  CHECK(world.revoke_by("dev-3", "dev", "dev-3", RevocationReason::compromised).empty());
  CHECK(world.revoke_by("dev", "dev", "dev-4", RevocationReason::compromised) ==
        "PARTY_FROZEN/issuer/party");
  world.accept(world.governed(
      model::RevokeKey{SignedWorld::public_key("dev-4"), RevocationReason::compromised}));
}

TEST_CASE("where a second person approves, a party's keys change with that person's approval") {
  KeysWorld world;
  const auto bind = [&](const std::string& name) {
    return world.submit(
        "dev", "dev",
        model::BindKey{world.id("dev"), SignedWorld::declared(name, {KeyPurpose::approve})});
  };
  const auto known = [&](const std::string& name) {
    return world.find<model::KeyRow>(codec::key_key(SignedWorld::public_key(name))).has_value();
  };
  const auto third = world.accept(bind("dev-3"));
  CHECK(third.proposal.has_value());
  CHECK(!known("dev-3"));
  CHECK(world.approve("dev", "dev", third.digest).name == "KEY_PURPOSE_MISSING");
  CHECK(world.approve("buyer-2", "buyer", third.digest).name == "APPROVER_NOT_ALLOWED");
  CHECK(world.approve("dev-2", "dev", third.digest).ok());
  CHECK(known("dev-3"));
  const model::RevokeKey end{SignedWorld::public_key("dev-2"), RevocationReason::lost};
  const auto ended = world.accept(world.submit("dev", "dev", end));
  CHECK(ended.proposal.has_value());
  CHECK(world.approve("dev-3", "dev", ended.digest).ok());
  // Nobody's but the third person's key is left; when it ends itself the party is one person.
  const auto fourth = world.accept(bind("dev-4"));
  CHECK(fourth.proposal.has_value());
  CHECK(world.approve("dev-2", "dev", fourth.digest).name == "KEY_REVOKED");
  REQUIRE(world.revoke_by("dev-3", "dev", "dev-3").empty());
  const auto alone = bind("dev-5");
  CHECK(alone.ok());
  CHECK(!alone.proposal.has_value());
  CHECK(known("dev-5"));
}

TEST_CASE("an approving key of the signer's own person watches over nothing") {
  KeysWorld world;
  world.accept(
      world.governed(model::RevokeKey{SignedWorld::public_key("dev-2"), RevocationReason::ceased}));
  auto own = SignedWorld::declared("own", {KeyPurpose::approve});
  own.person = SignedWorld::person("dev");
  const auto answer = world.submit("dev", "dev", model::BindKey{world.id("dev"), own});
  CHECK(answer.ok());
  CHECK(!answer.proposal.has_value());
  const auto next = world.submit(
      "dev", "dev",
      model::BindKey{world.id("dev"), SignedWorld::declared("n", {KeyPurpose::device})});
  CHECK(next.ok());
  CHECK(!next.proposal.has_value());
}

TEST_CASE("a key that its own party added moves units only after the delay") {
  auto genesis = SignedWorld::genesis_of(2, 2);
  genesis.delays.new_key_seconds = 60;
  KeysWorld world(genesis);
  const auto batch = world.give_units("dev", 100);
  // The registered key and one by governance are no news of the party's own making.
  CHECK(world.submit("dev", "dev", world.to_buyer(batch, 1)).ok());
  world.accept(world.governed(
      model::BindKey{world.id("dev"), SignedWorld::declared("recovered", {KeyPurpose::initiate})}));
  CHECK(world.submit("recovered", "dev", world.to_buyer(batch, 1)).ok());
  world.bind("dev", "young", {KeyPurpose::initiate});
  const auto transfer = world.submit("young", "dev", world.to_buyer(batch, 1));
  CHECK(transfer.name + transfer.pointer == std::string("KEY_TOO_NEW") + kMethod);
  const auto retire = world.submit("young", "dev", KeysWorld::retirement(batch, 1));
  CHECK(retire.name + retire.pointer == std::string("KEY_TOO_NEW") + kMethod);
  CHECK(world.deposit("young", "dev").empty());
  world.pass(59'999);
  CHECK(world.submit("young", "dev", world.to_buyer(batch, 1)).name == "KEY_TOO_NEW");
  world.pass(1);
  CHECK(world.submit("young", "dev", world.to_buyer(batch, 1)).ok());
  CHECK(world.submit("young", "dev", KeysWorld::retirement(batch, 1)).ok());
}

TEST_CASE("a key that its own party added approves no movement of units before the delay") {
  auto genesis = SignedWorld::genesis_of(2, 2);
  genesis.delays.new_key_seconds = 60;
  KeysWorld world(genesis);
  auto policy = SignedWorld::open_policy();
  policy.approvals = {{model::GovernedAct::transfer, 1}, {model::GovernedAct::retire, 1}};
  const auto batch = world.give_units("dev", 100, 1, policy);
  const auto transfer = world.accept(world.submit("dev", "dev", world.to_buyer(batch, 1)));
  const auto retire = world.accept(world.submit("dev", "dev", KeysWorld::retirement(batch, 1)));
  for (const auto& proposed : {transfer, retire}) {
    const auto early = world.approve("dev-2", "dev", proposed.digest);
    CHECK(early.name + early.pointer == std::string("KEY_TOO_NEW") + kMethod);
  }
  // What moves nothing need not wait.
  const auto id = world.applicant("late", {Role::buyer});
  CHECK(world.approved("registry", model::AdmitParty{id, {Role::buyer}, {}}).ok());
  world.pass(60'000);
  for (const auto& proposed : {transfer, retire}) {
    CHECK(world.approve("dev-2", "dev", proposed.digest).ok());
  }
}

TEST_CASE("with a compromised key end the proposals and transfers it signed, and only those") {
  KeysWorld world;
  auto policy = SignedWorld::open_policy();
  policy.approvals = {{model::GovernedAct::transfer, 1}};
  const auto free = world.give_units("dev", 100, 1);
  const auto approved = world.give_units("dev", 100, 2, policy);
  world.bind("dev", "dev-3", {KeyPurpose::initiate});
  struct Signed {
    Hash proposal;
    model::TransferId pending;
  };
  const auto sign = [&](const std::string& signer) {
    Signed made;
    made.proposal = world.accept(world.submit(signer, "dev", world.to_buyer(approved, 5))).digest;
    world.accept(world.submit(signer, "dev", world.to_buyer(free, 5)));
    made.pending = model::TransferId::of(world.last_digest());
    return made;
  };
  const auto states = [&](const Signed& made) {
    const auto row = world.get<model::TransferRow>(codec::transfer_key(made.pending));
    return std::pair(world.proposal_state(made.proposal), row.state);
  };
  using model::ProposalState;
  using model::TransferState;
  const auto old = sign("dev-3");
  const auto other = sign("dev");
  REQUIRE(world.revoke_by("dev", "dev", "dev-3", RevocationReason::compromised).empty());
  CHECK(states(old) == std::pair(ProposalState::revoked, TransferState::revoked));
  CHECK(states(other) == std::pair(ProposalState::open, TransferState::pending));
  CHECK(world.approve("dev-2", "dev", old.proposal).name == "PROPOSAL_CLOSED");
  CHECK(world.submit("buyer", "buyer", model::AcceptTransfer{old.pending}).name ==
        "TRANSFER_SETTLED");
  const auto holding = world.get<model::HoldingRow>(codec::holding_key(world.id("dev"), free));
  CHECK(holding.active == 95);
  CHECK(holding.pending == 5);
  // Superseded says nothing about what was signed before.
  world.bind("dev", "dev-4", {KeyPurpose::initiate});
  REQUIRE(world.revoke_by("dev-4", "dev", "dev", RevocationReason::superseded).empty());
  CHECK(states(other) == std::pair(ProposalState::open, TransferState::pending));
  CHECK(world.submit("buyer", "buyer", model::AcceptTransfer{other.pending}).ok());
}
