// Genesis, parties, statuses, accreditations: who may register, admit, suspend, freeze, accredit.
#include <doctest/doctest.h>

#include "tests/support/pointers.h"
#include "tests/support/signed_world.h"

using namespace mrv;
using model::KeyPurpose;
using model::PartyStatus;
using model::Role;
using test::kMethod;
using test::SignedWorld;

namespace {

// Neutral element of the curve: 32 bytes that no signature may rest on.
model::KeyBytes weak_key() { return {{1}}; }

std::string founding(const model::Genesis& genesis) {
  SignedWorld world{SignedWorld::Empty{}};
  const auto answer = world.submit("gov1", "", genesis);
  CHECK(answer.ok() == (world.size() == 1));
  return answer.name + answer.pointer;
}

// A ledger with a registry and the parties that most cases need.
struct PartiesWorld : SignedWorld {
  PartiesWorld() {
    party("registry", {Role::registry});
    party("dev", {Role::developer});
  }
};

}  // namespace

TEST_CASE("genesis names distinct sound keys and persons, a reachable threshold and its own log") {
  auto genesis = SignedWorld::genesis_of(2, 2);
  CHECK(founding(genesis).empty());
  genesis.threshold = 3;
  CHECK(founding(genesis) == "INTEGER_OUT_OF_RANGE/credentialSubject/threshold");
  genesis = SignedWorld::genesis_of(2, 2);
  genesis.governance[1].key = genesis.governance[0].key;
  CHECK(founding(genesis) == "ITEM_REPEATED/credentialSubject/governance");
  genesis = SignedWorld::genesis_of(2, 2);
  genesis.governance[1].person = genesis.governance[0].person;
  CHECK(founding(genesis) == "ITEM_REPEATED/credentialSubject/governance");
  genesis = SignedWorld::genesis_of(2, 2);
  genesis.governance[1].key = weak_key();
  CHECK(founding(genesis) == "KEY_INVALID/credentialSubject/governance");
  genesis = SignedWorld::genesis_of(2, 1);
  genesis.origin = "ledger.example/other";
  CHECK(founding(genesis) == "WRONG_REGISTRY/registry");
  genesis = SignedWorld::genesis_of(2, 1);
  genesis.governance[0].key = SignedWorld::public_key("stranger");
  CHECK(founding(genesis) == std::string("GOVERNANCE_KEY_REQUIRED") + kMethod);
  CHECK(founding(SignedWorld::genesis_of(kGovernanceKeysMax, 1)).empty());
  CHECK(founding(SignedWorld::genesis_of(kGovernanceKeysMax + 1, 1)) ==
        "LIST_TOO_LONG/credentialSubject/governance");
  genesis = SignedWorld::genesis_of(2, 2);
  genesis.threshold = 0;
  CHECK(founding(genesis) == "INTEGER_OUT_OF_RANGE/credentialSubject/threshold");
  genesis = SignedWorld::genesis_of(2, 2);
  genesis.delays.proposal_seconds = 0;
  CHECK(founding(genesis) == "INTEGER_OUT_OF_RANGE/credentialSubject/delays/proposalSeconds");
}

TEST_CASE("nothing happens before the founding quorum stands behind genesis") {
  SignedWorld world{SignedWorld::Empty{}};
  const auto registration = SignedWorld::registration("dev", {Role::developer});
  CHECK(world.submit("dev", "", registration).name == "NOT_FOUNDED");
  CHECK(world.approve("gov2", "", Hash{7}).name == "NOT_FOUNDED");
  const auto genesis = world.accept(world.submit("gov1", "", SignedWorld::genesis_of(3, 3))).digest;
  CHECK(world.submit("gov1", "", SignedWorld::genesis_of(3, 3)).name == "ALREADY_FOUNDED");
  CHECK(world.submit("dev", "", registration).name == "NOT_FOUNDED");
  CHECK(world.approve("gov2", "", Hash{7}).name == "NOT_FOUNDED");
  CHECK(world.approve("gov1", "", genesis).name == "APPROVED_ALREADY");
  const auto stranger = world.approve("stranger", "", genesis);
  CHECK(stranger.name == "GOVERNANCE_KEY_REQUIRED");
  CHECK(stranger.pointer == kMethod);
  CHECK(world.decide("gov2", "", genesis, model::Decision::reject).name == "APPROVER_NOT_ALLOWED");
  Hash other = genesis;
  other.back() ^= 1;  // the same proposal id, another document
  CHECK(world.approve("gov2", "", other).name == "PROPOSAL_DIGEST_DIFFERS");
  world.accept(world.approve("gov2", "", genesis));
  CHECK(world.approve("gov2", "", genesis).name == "APPROVED_ALREADY");
  CHECK(world.submit("dev", "", registration).name == "NOT_FOUNDED");
  world.accept(world.approve("gov3", "", genesis));
  CHECK(world.approve("gov3", "", genesis).name == "PROPOSAL_CLOSED");
  CHECK(world.submit("dev", "", registration).ok());
  CHECK(world.submit("gov1", "", SignedWorld::genesis_of(3, 3)).name == "ALREADY_FOUNDED");
}

TEST_CASE("a threshold of one founds at once and asks nobody else") {
  SignedWorld world(SignedWorld::genesis_of(1, 1));
  const auto id = world.applicant("dev", {Role::developer});
  const auto admitted =
      world.accept(world.submit("gov1", "", model::AdmitParty{id, {Role::buyer}, {}}));
  CHECK(!admitted.proposal);
  CHECK(world.deposit("dev", "dev").empty());
}

TEST_CASE("a party registers itself: own key, a name, an initiating key, roles that go together") {
  SignedWorld world;
  const auto known = world.applicant("known", {Role::buyer});
  const auto with = [&](auto change) {
    auto act = SignedWorld::registration("dev", {Role::developer});
    change(act);
    const auto size = world.size();
    const auto answer = world.submit("dev", "", act);
    CHECK(world.size() == size);
    return answer.name + answer.pointer;
  };
  using Act = model::RegisterParty;
  CHECK(with([](Act& a) { a.key.key = SignedWorld::public_key("other"); }) ==
        "KEY_NOT_OF_PARTY/credentialSubject/key/key");
  CHECK(with([](Act& a) { a.name.en.reset(); }) == "NAME_MISSING/credentialSubject/name");
  CHECK(with([](Act& a) { a.key.purposes = {KeyPurpose::initiate, KeyPurpose::initiate}; }) ==
        "ITEM_REPEATED/credentialSubject/key/purposes");
  CHECK(with([](Act& a) { a.key.purposes = {KeyPurpose::approve}; }) ==
        "KEY_PURPOSE_MISSING/credentialSubject/key/purposes");
  CHECK(with([](Act& a) { a.affiliates = {model::PartyId{{9}}}; }) ==
        "AFFILIATE_UNKNOWN/credentialSubject/affiliates");
  CHECK(with([&](Act& a) { a.affiliates.assign(kAffiliatesMax + 1, known); }) ==
        "LIST_TOO_LONG/credentialSubject/affiliates");
  CHECK(with([](Act& a) { a.roles = {Role::developer, Role::developer}; }) ==
        "ITEM_REPEATED/credentialSubject/roles");
  for (const Role role : {Role::registry, Role::developer, Role::accreditor, Role::buyer,
                          Role::authority, Role::standard, Role::platform, Role::custodian}) {
    CHECK(with([&](Act& a) { a.roles = {Role::vvb, role}; }) ==
          "ROLES_CONFLICT/credentialSubject/roles");
  }
  for (const Role role : {Role::developer, Role::buyer, Role::vvb}) {
    CHECK(with([&](Act& a) { a.roles = {Role::registry, role}; }) ==
          "ROLES_CONFLICT/credentialSubject/roles");
  }
  CHECK(with([](Act& a) { a.country = "C1N"; }) == "CODE_INVALID/credentialSubject/country");
  const auto named = world.submit("dev", "known", SignedWorld::registration("dev", {Role::buyer}));
  CHECK(named.name == "KEY_NOT_OF_PARTY");
  CHECK(named.pointer == "/issuer/party");
}

TEST_CASE("a natural person is registered by commitment, never by a name or a number") {
  SignedWorld world;
  auto act = SignedWorld::registration("ann", {Role::buyer});
  const auto refused = [&] {
    const auto answer = world.submit("ann", "", act);
    return answer.name + answer.pointer;
  };
  act.kind = model::PartyKind::natural_person;
  CHECK(refused() == "PERSON_NAMED/credentialSubject/name");
  act.name = {std::nullopt, "张三"};
  CHECK(refused() == "PERSON_NAMED/credentialSubject/name");
  act.name = {};
  act.lei = std::string(20, 'A');
  CHECK(refused() == "PERSON_NAMED/credentialSubject/lei");
  act.lei.reset();
  act.uscc = std::string(18, 'A');
  CHECK(refused() == "PERSON_NAMED/credentialSubject/uscc");
  act.uscc.reset();
  act.kind = model::PartyKind::device;
  CHECK(refused() == "NAME_MISSING/credentialSubject/name");
  act.kind = model::PartyKind::natural_person;
  CHECK(refused().empty());
}

TEST_CASE("what a registration may say is kept, and the party is an applicant") {
  SignedWorld world;
  const auto known = world.applicant("known", {Role::buyer});
  auto act = SignedWorld::registration("vvb", {Role::vvb, Role::auditor});
  act.name = {std::nullopt, "核查机构"};
  act.affiliates = {known};
  act.key.purposes = {KeyPurpose::initiate, KeyPurpose::approve, KeyPurpose::device,
                      KeyPurpose::review};
  world.accept(world.submit("vvb", "", act));
  const auto row =
      world.get<model::PartyRow>(codec::party_key(model::PartyId::of(world.last_digest())));
  CHECK(row.name == act.name);
  CHECK(row.affiliates == act.affiliates);
  CHECK(row.wanted == act.roles);
  REQUIRE(row.standings.size() == 1);
  CHECK(row.standings[0].status == PartyStatus::applied);
  CHECK(row.standings[0].roles.empty());
  CHECK(world.deposit("known", "known") == "PARTY_NOT_ADMITTED");
  const auto freeze = world.submit("known", "known", model::FreezeSelf{"why"});
  CHECK(freeze.name == "PARTY_NOT_ADMITTED");
  CHECK(world.submit("known", "", SignedWorld::registration("known", {Role::buyer})).name ==
        "KEY_ALREADY_BOUND");
  CHECK(world.submit("gov1", "", SignedWorld::registration("gov1", {Role::buyer})).name ==
        "KEY_ALREADY_BOUND");
}

TEST_CASE("the registry admits with a second person, but governed roles only governance grants") {
  PartiesWorld world;
  const auto id = world.applicant("new", {Role::buyer});
  const auto admit = [&](const std::string& signer, const std::string& party,
                         std::vector<Role> roles) {
    const auto answer = world.submit(signer, party, model::AdmitParty{id, std::move(roles), {}});
    return answer.name + answer.pointer;
  };
  CHECK(admit("dev", "dev", {Role::buyer}) == "ROLE_MISSING/issuer/party");
  CHECK(admit("stranger", "", {Role::buyer}) == std::string("KEY_UNKNOWN") + kMethod);
  CHECK(admit("registry-2", "registry", {Role::buyer}) ==
        std::string("KEY_PURPOSE_MISSING") + kMethod);
  for (const Role role : {Role::registry, Role::accreditor, Role::authority, Role::standard,
                          Role::custodian, Role::auditor}) {
    CHECK(admit("registry", "registry", {role}) == "ROLE_NEEDS_GOVERNANCE/credentialSubject/roles");
  }
  CHECK(admit("registry", "registry", {Role::vvb, Role::buyer}) ==
        "ROLES_CONFLICT/credentialSubject/roles");
  CHECK(admit("gov1", "", {Role::buyer, Role::buyer}) == "ITEM_REPEATED/credentialSubject/roles");
  CHECK(admit("gov1", "", {}) == "LIST_TOO_SHORT/credentialSubject/roles");
  CHECK(world.submit("gov1", "", model::AdmitParty{model::PartyId{{9}}, {Role::buyer}, {}}).name ==
        "PARTY_UNKNOWN");
  CHECK(world.status_of("new") == PartyStatus::applied);
  for (const std::vector<Role>& roles :
       {std::vector{Role::developer, Role::buyer, Role::platform}, std::vector{Role::vvb}}) {
    world.accept(world.approved("registry", model::AdmitParty{id, roles, {}}));
    CHECK(world.row_of("new").standings.back().roles == roles);
  }
  CHECK(world.status_of("new") == PartyStatus::admitted);
}

TEST_CASE("a standing holds from the entry after the one that made it") {
  PartiesWorld world;
  const auto id = world.applicant("new", {Role::buyer});
  const auto digest =
      world.accept(world.submit("gov1", "", model::AdmitParty{id, {Role::buyer}, {}})).digest;
  CHECK(world.deposit("new", "new") == "PARTY_NOT_ADMITTED");
  const auto admitted = world.accept(world.approve("gov2", "", digest));
  CHECK(world.deposit("new", "new").empty());
  const auto standings = world.row_of("new").standings;
  REQUIRE(standings.size() == 2);
  CHECK(standings[0].in_force.until == admitted.index.next());
  CHECK(standings[1].in_force.from == admitted.index.next());
}

TEST_CASE("who holds units becomes neither verifier nor registry, and does not leave") {
  PartiesWorld world;
  const auto id = world.id("dev");
  world.give_units("dev", 10);
  const auto admit = [&](std::vector<Role> roles) {
    return world.submit("gov1", "", model::AdmitParty{id, std::move(roles), {}}).name;
  };
  const auto close = [&] {
    return world.submit("gov1", "", model::SetPartyStatus{id, PartyStatus::closed, "x"}).name;
  };
  CHECK(admit({Role::vvb}) == "PARTY_NOT_EMPTY");
  CHECK(admit({Role::registry}) == "PARTY_NOT_EMPTY");
  CHECK(close() == "PARTY_NOT_EMPTY");
  CHECK(admit({Role::buyer}).empty());
  // Units on their way out are still owed to somebody.
  world.party("buyer", {Role::buyer});
  model::Transfer transfer;
  transfer.legs = {{model::BatchId{{1}}, std::nullopt, std::nullopt, 10}};
  transfer.to = world.id("buyer");
  transfer.expires = TimestampMs{world.now.value() + 1'000};
  world.accept(world.submit("dev", "dev", transfer));
  const auto moving = model::TransferId::of(world.last_digest());
  CHECK(close() == "PARTY_NOT_EMPTY");
  world.accept(world.submit("buyer", "buyer", model::AcceptTransfer{moving}));
  CHECK(admit({Role::vvb}).empty());
  CHECK(close().empty());
}

TEST_CASE("each status stops its party by name, and terminal is terminal") {
  PartiesWorld world;
  const auto set = [&](PartyStatus status) {
    const auto act = model::SetPartyStatus{world.id("dev"), status, "a reason"};
    const auto proposed = world.submit("registry", "registry", act);
    if (!proposed.ok()) return proposed.name + proposed.pointer;
    return world.approve("registry-2", "registry", proposed.digest).name;
  };
  CHECK(set(PartyStatus::admitted) == "STATUS_UNCHANGED/credentialSubject/status");
  CHECK(set(PartyStatus::applied) == "PARTY_NOT_ADMITTED/credentialSubject/status");
  CHECK(set(PartyStatus::suspended).empty());
  CHECK(world.deposit("dev", "dev") == "PARTY_SUSPENDED");
  CHECK(set(PartyStatus::frozen).empty());
  CHECK(world.deposit("dev", "dev") == "PARTY_FROZEN");
  CHECK(set(PartyStatus::admitted).empty());
  CHECK(world.deposit("dev", "dev").empty());
  CHECK(world.row_of("dev").standings.back().roles == std::vector{Role::developer});
  CHECK(set(PartyStatus::closed).empty());
  CHECK(world.deposit("dev", "dev") == "PARTY_CLOSED");
  for (const auto status : {PartyStatus::admitted, PartyStatus::suspended, PartyStatus::frozen}) {
    CHECK(set(status) == "PARTY_CLOSED/credentialSubject/party");
  }
  CHECK(set(PartyStatus::closed) == "STATUS_UNCHANGED/credentialSubject/status");
  CHECK(world.submit("dev", "dev", model::FreezeSelf{"x"}).name == "PARTY_CLOSED");
}

TEST_CASE("a status is set by registry or governance, on a party that was admitted") {
  PartiesWorld world;
  const auto id = world.applicant("new", {Role::buyer});
  const auto set = [&](const std::string& signer, const std::string& party,
                       const model::PartyId& target) {
    const auto act = model::SetPartyStatus{target, PartyStatus::suspended, "a reason"};
    const auto answer = world.submit(signer, party, act);
    return answer.name + answer.pointer;
  };
  CHECK(set("dev", "dev", world.id("registry")) == "ROLE_MISSING/issuer/party");
  CHECK(set("registry", "registry", model::PartyId{{9}}) ==
        "PARTY_UNKNOWN/credentialSubject/party");
  CHECK(set("registry", "registry", id) == "PARTY_NOT_ADMITTED/credentialSubject/status");
  // AdmitParty admits applicants; it lifts no status.
  world.set_status("dev", PartyStatus::suspended);
  const auto lift = [&] {
    return world.submit("gov1", "", model::AdmitParty{world.id("dev"), {Role::buyer}, {}});
  };
  CHECK(lift().name == "PARTY_SUSPENDED");
  world.set_status("dev", PartyStatus::frozen);
  CHECK(lift().name == "PARTY_FROZEN");
  CHECK(lift().pointer == "/credentialSubject/party");
  world.set_status("dev", PartyStatus::closed);
  CHECK(lift().name == "PARTY_CLOSED");
}

TEST_CASE("any key of a party freezes it at once, and the party cannot lift it") {
  PartiesWorld world;
  world.bind("dev", "meter", {KeyPurpose::device});
  CHECK(world.submit("meter", "registry", model::FreezeSelf{"x"}).name == "KEY_NOT_OF_PARTY");
  CHECK(world.submit("meter", "", model::FreezeSelf{"x"}).name == "KEY_NOT_OF_PARTY");
  CHECK(world.submit("stranger", "dev", model::FreezeSelf{"x"}).name == "KEY_UNKNOWN");
  const auto frozen = world.accept(world.submit("meter", "dev", model::FreezeSelf{"stolen"}));
  CHECK(!frozen.proposal);
  CHECK(world.status_of("dev") == PartyStatus::frozen);
  CHECK(world.deposit("dev", "dev") == "PARTY_FROZEN");
  const auto again = world.submit("dev", "dev", model::FreezeSelf{"stolen"});
  CHECK(again.name == "STATUS_UNCHANGED");
  CHECK(again.pointer == "/issuer");
  const auto lift = model::SetPartyStatus{world.id("dev"), PartyStatus::admitted, "sorted"};
  CHECK(world.submit("dev", "dev", lift).name == "PARTY_FROZEN");
  world.accept(world.approved("registry", lift));
  CHECK(world.deposit("dev", "dev").empty());
  // A suspended party may still freeze itself.
  world.set_status("dev", PartyStatus::suspended);
  CHECK(world.submit("dev-2", "dev", model::FreezeSelf{"x"}).ok());
}

TEST_CASE("registry or accreditor accredit verifiers for a span of time, with a second person") {
  PartiesWorld world;
  world.party("body", {Role::accreditor});
  world.party("vvb", {Role::vvb});
  model::AccreditVvb act;
  act.party = world.id("vvb");
  act.scopes = {model::AccreditationScope{}};
  act.from = SignedWorld{SignedWorld::Empty{}}.now;
  act.until = TimestampMs{act.from.value() + 1'000};
  const auto name = [&](const std::string& party) {
    const auto answer = world.submit(party, party, act);
    return answer.name + answer.pointer;
  };
  CHECK(name("vvb") == "ROLE_MISSING/issuer/party");
  CHECK(world.submit("gov1", "", act).name == "KEY_UNKNOWN");
  act.until = act.from;
  CHECK(name("body") == "PERIOD_INVALID/credentialSubject/until");
  act.until = TimestampMs{act.from.value() + 1'000};
  act.party = model::PartyId{{9}};
  CHECK(name("body") == "PARTY_UNKNOWN/credentialSubject/party");
  act.party = world.id("dev");
  CHECK(name("body") == "ROLE_MISSING/credentialSubject/party");
  act.party = world.id("vvb");
  act.scopes.clear();
  CHECK(name("body") == "LIST_TOO_SHORT/credentialSubject/scopes");
  act.scopes.resize(kScopesMax + 1);
  CHECK(name("body") == "LIST_TOO_LONG/credentialSubject/scopes");
  act.scopes.resize(kScopesMax);
  world.accept(world.approved("body", act));
  act.scopes.resize(1);
  const auto later = world.accept(world.approved("registry", act));
  const auto row =
      world.get<model::AccreditationRow>(codec::accreditation_key(world.id("vvb"))).accreditations;
  REQUIRE(row.size() == 2);
  CHECK(row[0].scopes.size() == kScopesMax);
  CHECK(row[0].in_force.until == later.index.next());
  CHECK(row[1].in_force.from == later.index.next());
  CHECK(!row[1].in_force.until);
}
