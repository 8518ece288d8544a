// Seats that come and go, the log's keys, blobs that are gone by decision.
#include <doctest/doctest.h>

#include "tests/support/pointers.h"
#include "tests/support/signed_project.h"

using namespace mrv;
using model::Role;
using test::kMethod;
using test::SignedWorld;

namespace {

struct GovernanceWorld : SignedWorld {
  explicit GovernanceWorld(std::int64_t seats = 3, std::int64_t threshold = 2)
      : SignedWorld(genesis_of(seats, threshold)) {}

  static model::GovernanceKey seat(const std::string& name) {
    return {public_key(name), person(name)};
  }
  // The answer to the act itself, or to the second seat's approval.
  std::string decide(model::ActBody body, const std::string& first = "gov1",
                     const std::string& second = "gov2") {
    const auto proposed = submit(first, "", std::move(body));
    if (!proposed.ok()) return proposed.name + proposed.pointer;
    REQUIRE(proposed.proposal);
    const auto answer = approve(second, "", proposed.digest);
    return answer.name + answer.pointer;
  }
  [[nodiscard]] model::LedgerRow ledger() const {
    return get<model::LedgerRow>(codec::ledger_key());
  }
  std::string vkey(const std::string& name, const std::string& origin = kOrigin,
                   std::uint8_t type = crypto::kNoteTypeEd25519) const {
    return crypto::vkey_of({origin, type, key(name).public_key()});
  }
};

model::RemoveBlob removal(const Hash& digest) { return {digest, "an order"}; }

}  // namespace

TEST_CASE("seats change by governance alone, each key and person once") {
  GovernanceWorld world;
  world.party("dev", {Role::developer});
  const auto change = [&](std::vector<model::GovernanceKey> add,
                          std::vector<model::KeyBytes> remove, std::int64_t threshold = 2) {
    return world.decide(model::ChangeGovernance{std::move(add), std::move(remove), threshold});
  };
  const auto gov1 = SignedWorld::public_key("gov1");
  const auto gov3 = SignedWorld::public_key("gov3");
  const auto nine = GovernanceWorld::seat("gov9");
  CHECK(world.submit("dev", "dev", model::ChangeGovernance{{nine}, {}, 2}).name ==
        "GOVERNANCE_KEY_REQUIRED");
  CHECK(change({nine, nine}, {SignedWorld::public_key("dev")}) ==
        "ITEM_REPEATED/credentialSubject/add");
  CHECK(change({nine}, {gov3, gov3}) == "ITEM_REPEATED/credentialSubject/remove");
  CHECK(change({{model::KeyBytes{{1}}, Hash{1}}}, {SignedWorld::public_key("dev")}) ==
        "SEAT_UNKNOWN/credentialSubject/remove/0");
  CHECK(change({}, {gov3, SignedWorld::public_key("gov9")}) ==
        "SEAT_UNKNOWN/credentialSubject/remove/1");
  CHECK(change({nine, {model::KeyBytes{{1}}, Hash{1}}}, {}) ==
        "KEY_INVALID/credentialSubject/add/1/key");
  CHECK(change({GovernanceWorld::seat("dev")}, {}) ==
        "KEY_ALREADY_BOUND/credentialSubject/add/0/key");
  // A key that leaves does not come back, not even in the same act.
  CHECK(change({GovernanceWorld::seat("gov3")}, {gov3}) ==
        "KEY_ALREADY_BOUND/credentialSubject/add/0/key");
  auto same_person = nine;
  same_person.person = SignedWorld::person("gov3");
  CHECK(change({same_person}, {}) == "ITEM_REPEATED/credentialSubject/add");
  CHECK(change({{SignedWorld::public_key("x"), nine.person}, nine}, {}) ==
        "ITEM_REPEATED/credentialSubject/add");
  CHECK(change({}, {}, 4) == "INTEGER_OUT_OF_RANGE/credentialSubject/threshold");
  CHECK(change({}, {}, 0) == "INTEGER_OUT_OF_RANGE/credentialSubject/threshold");
  CHECK(change({}, {gov1, gov3}, 2) == "INTEGER_OUT_OF_RANGE/credentialSubject/threshold");
  CHECK(change({same_person}, {gov3}, 3).empty());
  CHECK(world.ledger().threshold == 3);
}

TEST_CASE("every threshold there was stays in the row, with the entry from which it held") {
  GovernanceWorld world;
  const auto change = [&](std::int64_t threshold) {
    return world.decide(model::ChangeGovernance{{}, {}, threshold});
  };
  REQUIRE(change(2).empty());
  CHECK(!world.ledger().thresholds);
  REQUIRE(change(1).empty());
  const EntryIndex first{world.size()};
  world.accept(world.submit("gov3", "", model::ChangeGovernance{{}, {}, 2}));
  const EntryIndex second{world.size()};
  const auto thresholds = world.ledger().thresholds;
  REQUIRE(thresholds);
  REQUIRE(thresholds->size() == 3);
  CHECK(thresholds->at(0).from == EntryIndex{0});
  CHECK(thresholds->at(0).threshold == 2);
  CHECK(thresholds->at(1).from == first);
  CHECK(thresholds->at(1).threshold == 1);
  CHECK(thresholds->at(2).from == second);
  CHECK(thresholds->at(2).threshold == world.ledger().threshold);
}

TEST_CASE("a seat holds from the next entry, and its past stays") {
  GovernanceWorld world;
  const auto gov1 = SignedWorld::public_key("gov1");
  const auto proposed = world.accept(world.submit(
      "gov2", "", model::ChangeGovernance{{GovernanceWorld::seat("gov4")}, {gov1}, 2}));
  CHECK(world.submit("gov4", "", removal({1})).name == "GOVERNANCE_KEY_REQUIRED");
  const auto done = world.accept(world.approve("gov1", "", proposed.digest));
  const auto seats = world.ledger().governance;
  REQUIRE(seats.size() == 4);
  CHECK(seats[0].key == gov1);
  CHECK(seats[0].in_force.until == done.index.next());
  CHECK(!seats[1].in_force.until);
  CHECK(seats[3].key == SignedWorld::public_key("gov4"));
  CHECK(seats[3].person == SignedWorld::person("gov4"));
  CHECK(seats[3].in_force.from == done.index.next());
  CHECK(world.submit("gov1", "", removal({1})).name == "GOVERNANCE_KEY_REQUIRED");
  CHECK(world.decide(removal({1}), "gov4", "gov3").empty());
  // Where it sat, a key is nobody's: not a party's, and no seat again.
  CHECK(world.submit("gov1", "", SignedWorld::registration("gov1", {Role::buyer})).name ==
        "KEY_ALREADY_BOUND");
  CHECK(world.decide(model::ChangeGovernance{{GovernanceWorld::seat("gov1")}, {}, 2}, "gov2",
                     "gov3") == "KEY_ALREADY_BOUND/credentialSubject/add/0/key");
}

TEST_CASE("what a removed seat signed or approved falls, and a new threshold counts at once") {
  GovernanceWorld world(4, 3);
  const auto approval = [&](const std::string& signer, const Hash& digest) {
    const auto answer = world.approve(signer, "", digest);
    return answer.name + answer.pointer;
  };
  const auto by_leaver = world.accept(world.submit("gov1", "", removal({1}))).digest;
  const auto with_leaver = world.accept(world.submit("gov2", "", removal({2}))).digest;
  REQUIRE(approval("gov1", with_leaver).empty());
  const auto change = world.accept(
      world.submit("gov3", "", model::ChangeGovernance{{}, {SignedWorld::public_key("gov1")}, 2}));
  REQUIRE(approval("gov2", change.digest).empty());
  REQUIRE(approval("gov4", change.digest).empty());
  CHECK(approval("gov2", by_leaver) == "GOVERNANCE_KEY_REQUIRED/credentialSubject/proposal");
  // One approval is enough by now; the leaver's is none.
  CHECK(!world.find<model::RemovedBlobRow>(codec::removed_blob_key({2})));
  CHECK(approval("gov3", with_leaver).empty());
  CHECK(world.find<model::RemovedBlobRow>(codec::removed_blob_key({2})));
  const auto stricter = world.accept(world.submit("gov2", "", model::ChangeGovernance{{}, {}, 3}));
  const auto waiting = world.accept(world.submit("gov2", "", removal({3}))).digest;
  REQUIRE(approval("gov3", stricter.digest).empty());
  CHECK(approval("gov3", waiting).empty());
  CHECK(world.proposal_state(waiting) == model::ProposalState::open);
  CHECK(approval("gov4", waiting).empty());
  CHECK(world.proposal_state(waiting) == model::ProposalState::approved);
}

TEST_CASE("at most 32 seats are in force and 256 ever") {
  GovernanceWorld world;
  std::vector<model::GovernanceKey> many;
  for (std::size_t i = 0; i < kGovernanceKeysMax - 2; ++i) {
    many.push_back(GovernanceWorld::seat("seat " + std::to_string(i)));
  }
  CHECK(world.decide(model::ChangeGovernance{many, {}, 2}) ==
        "LIST_TOO_LONG/credentialSubject/add");
  many.pop_back();
  CHECK(world.decide(model::ChangeGovernance{many, {}, 2}).empty());
  auto ledger = world.ledger();
  CHECK(ledger.governance.size() == kGovernanceKeysMax);
  const auto ended = model::Interval{EntryIndex{1}, EntryIndex{2}};
  while (ledger.governance.size() < kGovernanceKeysMax * 8 - 1) {
    ledger.governance.push_back({SignedWorld::public_key("gone"), Hash{}, ended});
  }
  world.put(codec::ledger_key(), ledger);
  const auto gov3 = SignedWorld::public_key("gov3");
  CHECK(world.decide(model::ChangeGovernance{{GovernanceWorld::seat("a")}, {gov3}, 2}).empty());
  const auto a = SignedWorld::public_key("a");
  CHECK(world.decide(model::ChangeGovernance{{GovernanceWorld::seat("b")}, {a}, 2}) ==
        "RECORD_LIMIT_REACHED");
}

TEST_CASE("a successor is an Ed25519 key of this log in its one spelling, announced once") {
  GovernanceWorld world;
  const std::string refusal = "LOG_KEY_INVALID/credentialSubject/vkey";
  const auto succeed = [&](const std::string& vkey) {
    return world.decide(model::SucceedLogKey{vkey});
  };
  REQUIRE(world.ledger().log_keys);
  CHECK(world.ledger().log_keys->size() == 1);
  CHECK(world.ledger().log_keys->front().vkey == world.vkey("log"));
  CHECK(succeed("no key") == refusal);
  CHECK(succeed(world.vkey("next", "ledger.example/other")) == refusal);
  CHECK(succeed(world.vkey("next", SignedWorld::kOrigin, crypto::kNoteTypeCosignature)) == refusal);
  crypto::PublicKey weak;
  weak.bytes[0] = 1;
  CHECK(succeed(crypto::vkey_of({SignedWorld::kOrigin, crypto::kNoteTypeEd25519, weak})) ==
        refusal);
  CHECK(succeed(world.vkey("log")) == refusal);
  const auto good = world.vkey("next");
  CHECK(succeed(good + " ") == refusal);
  CHECK(world.submit("dev", "", model::SucceedLogKey{good}).name == "GOVERNANCE_KEY_REQUIRED");
  CHECK(succeed(good).empty());
  const auto keys = *world.ledger().log_keys;
  REQUIRE(keys.size() == 2);
  CHECK(keys[1].vkey == good);
  CHECK(keys[1].entry == EntryIndex{world.size() - 1});
  CHECK(succeed(good) == refusal);
  CHECK(succeed(world.vkey("third")).empty());
}

TEST_CASE("a ledger founded under version 1 begins its list with the first successor") {
  auto genesis = SignedWorld::genesis_of(2, 2);
  genesis.rules_version = 1;
  SignedWorld world(genesis);
  CHECK(!world.get<model::LedgerRow>(codec::ledger_key()).log_keys);
  world.accept(world.governed(model::ActivateRules{2}));
  const auto vkey = crypto::vkey_of(
      {SignedWorld::kOrigin, crypto::kNoteTypeEd25519, SignedWorld::key("next").public_key()});
  world.accept(world.governed(model::SucceedLogKey{vkey}));
  const auto keys = world.get<model::LedgerRow>(codec::ledger_key()).log_keys;
  REQUIRE(keys);
  REQUIRE(keys->size() == 1);
  CHECK(keys->front().vkey == vkey);
}

TEST_CASE("at most 1024 log keys are announced") {
  GovernanceWorld world;
  auto ledger = world.ledger();
  ledger.log_keys->resize(kRowVersionsMax - 1, ledger.log_keys->front());
  world.put(codec::ledger_key(), ledger);
  CHECK(world.decide(model::SucceedLogKey{world.vkey("next")}).empty());
  CHECK(world.decide(model::SucceedLogKey{world.vkey("beyond")}) == "RECORD_LIMIT_REACHED");
}

TEST_CASE("a blob is removed once, by governance, with its reason") {
  GovernanceWorld world;
  world.party("dev", {Role::developer});
  CHECK(world.submit("dev", "dev", removal({4})).name == "GOVERNANCE_KEY_REQUIRED");
  CHECK(world.submit("stranger", "", removal({4})).pointer == kMethod);
  CHECK(world.decide(removal({4})).empty());
  const auto row = world.get<model::RemovedBlobRow>(codec::removed_blob_key({4}));
  CHECK(row.digest == Hash{4});
  CHECK(row.reason == "an order");
  CHECK(row.entry == EntryIndex{world.size() - 1});
  CHECK(world.decide(removal({4})) == "BLOB_REMOVED/credentialSubject/digest");
}
