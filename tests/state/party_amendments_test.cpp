// AmendParty: a party gains affiliates by its own word and changes nothing else; the registry does,
// on evidence.
#include <doctest/doctest.h>

#include "ledger/state/independence.h"
#include "ledger/state/rules_version.h"
#include "tests/support/pointers.h"
#include "tests/support/signed_world.h"

using namespace mrv;
using model::PartyStatus;
using model::Role;
using test::kIssuer;
using test::SignedWorld;

namespace {

struct AmendmentsWorld : SignedWorld {
  AmendmentsWorld() {
    party("registry", {Role::registry});
    party("vvb", {Role::vvb});
    party("dev", {Role::developer});
    party("parent", {Role::developer});
  }
  std::string refused(const std::string& party, model::ActBody body) {
    const auto answer = submit(party, party, std::move(body));
    return answer.name + answer.pointer;
  }
  // What the registry's second person is answered.
  std::string by_registry(const model::AmendParty& act) {
    const auto proposed = submit("registry", "registry", act);
    if (!proposed.ok()) return proposed.name + proposed.pointer;
    REQUIRE(proposed.proposal);
    return approve("registry-2", "registry", proposed.digest).name;
  }
  model::AmendParty amendment(const std::string& name) const {
    model::AmendParty act;
    act.party = id(name);
    return act;
  }
  model::AmendParty with_evidence(const std::string& name) const {
    auto act = amendment(name);
    act.kyc_digest = Hash{7};
    return act;
  }
  // What was so when the last entry was judged.
  bool affiliates_now(const std::string& a, const std::string& b) {
    return affiliates_at(a, b, EntryIndex{size()});
  }
  bool affiliates_at(const std::string& a, const std::string& b, EntryIndex entry) {
    const bool so = state::were_affiliates(row_of(a), row_of(b), entry);
    CHECK(so == state::were_affiliates(row_of(b), row_of(a), entry));
    return so;
  }
  void set_rules(std::int64_t version) {
    auto ledger = get<model::LedgerRow>(codec::ledger_key());
    ledger.rules_version = version;
    put(codec::ledger_key(), ledger);
  }
};

}  // namespace

TEST_CASE("a party adds affiliates by itself, and takes none away") {
  AmendmentsWorld world;
  auto act = world.amendment("vvb");
  const std::string refusal = "AMENDMENT_NEEDS_REGISTRY/credentialSubject/affiliates";
  CHECK(world.refused("vvb", act) == refusal);
  act.affiliates = std::vector<model::PartyId>{};
  CHECK(world.refused("vvb", act) == refusal);
  act.affiliates = {world.id("dev")};
  CHECK(world.refused("vvb", act).empty());
  CHECK(world.row_of("vvb").affiliates == std::vector{world.id("dev")});
  CHECK(world.refused("vvb", act) == refusal);
  act.affiliates = {world.id("dev"), world.id("dev")};
  CHECK(world.refused("vvb", act) == refusal);
  act.affiliates = {world.id("parent")};
  CHECK(world.refused("vvb", act) == refusal);
  act.affiliates = {world.id("parent"), model::PartyId{{9}}, world.id("dev")};
  CHECK(world.refused("vvb", act) == "AFFILIATE_UNKNOWN/credentialSubject/affiliates");
  act.affiliates = {world.id("parent"), world.id("dev")};
  CHECK(world.refused("vvb", act).empty());
  CHECK(world.row_of("vvb").affiliates == *act.affiliates);
  CHECK(world.row_of("vvb").name.en == "vvb");
}

TEST_CASE("everything else about a party is the registry's to change") {
  AmendmentsWorld world;
  const auto with = [&](auto change) {
    auto act = world.amendment("dev");
    act.affiliates = {world.id("parent")};
    change(act);
    return world.refused("dev", act);
  };
  using Act = model::AmendParty;
  const std::string refusal = "AMENDMENT_NEEDS_REGISTRY/credentialSubject/";
  CHECK(with([](Act& a) { a.name = model::Name{"new", {}}; }) == refusal + "name");
  CHECK(with([](Act& a) { a.country = "DE"; }) == refusal + "country");
  CHECK(with([](Act& a) { a.lei = std::string(20, 'A'); }) == refusal + "lei");
  CHECK(with([](Act& a) { a.uscc = std::string(18, 'A'); }) == refusal + "uscc");
  CHECK(with([&](Act& a) { a.merged_into = world.id("parent"); }) == refusal + "mergedInto");
  CHECK(with([](Act& a) { a.kyc_digest = Hash{1}; }) == refusal + "kycDigest");
  CHECK(with([](Act&) {}).empty());
}

TEST_CASE("a party amends itself, the registry amends any that is known") {
  AmendmentsWorld world;
  auto act = world.amendment("dev");
  act.affiliates = {world.id("parent")};
  CHECK(world.refused("parent", act) == "KEY_NOT_OF_PARTY/credentialSubject/party");
  CHECK(world.submit("gov1", "", act).name == "KEY_UNKNOWN");
  act.party = model::PartyId{{9}};
  CHECK(world.refused("parent", act) == "PARTY_UNKNOWN/credentialSubject/party");
  act.kyc_digest = Hash{7};
  CHECK(world.by_registry(act) == "PARTY_UNKNOWN/credentialSubject/party");
  world.set_status("dev", PartyStatus::suspended);
  act = world.amendment("dev");
  act.affiliates = {world.id("parent")};
  CHECK(world.refused("dev", act) == std::string("PARTY_SUSPENDED") + kIssuer);
  act.kyc_digest = Hash{7};
  CHECK(world.by_registry(act).empty());
}

TEST_CASE("the registry amends on evidence, with a second person") {
  AmendmentsWorld world;
  auto act = world.amendment("dev");
  act.name = model::Name{};
  CHECK(world.by_registry(act) == "FIELD_MISSING/credentialSubject/kycDigest");
  act.kyc_digest = Hash{7};
  CHECK(world.by_registry(act) == "NAME_MISSING/credentialSubject/name");
  act.name = model::Name{std::nullopt, "新名"};
  act.affiliates = {model::PartyId{{9}}};
  CHECK(world.by_registry(act) == "AFFILIATE_UNKNOWN/credentialSubject/affiliates");
  act.affiliates = {world.id("parent"), world.id("vvb")};
  act.country = "DE";
  act.lei = std::string(20, 'B');
  act.uscc = std::string(18, 'C');
  CHECK(world.by_registry(act).empty());
  auto row = world.row_of("dev");
  CHECK(row.name == *act.name);
  CHECK(row.country == "DE");
  CHECK(row.lei == act.lei);
  CHECK(row.uscc == act.uscc);
  CHECK(row.affiliates == *act.affiliates);
  CHECK(!row.merged_into);
  // What is not named stays; the registry may also take affiliates away.
  act = world.with_evidence("dev");
  act.affiliates = std::vector<model::PartyId>{};
  CHECK(world.by_registry(act).empty());
  row = world.row_of("dev");
  CHECK(row.affiliates.empty());
  CHECK(row.country == "DE");
  CHECK(world.status_of("dev") == PartyStatus::admitted);
}

TEST_CASE("a natural person gets neither name nor number") {
  AmendmentsWorld world;
  auto registration = SignedWorld::registration("ann", {Role::buyer});
  registration.kind = model::PartyKind::natural_person;
  registration.name = {};
  world.accept(world.submit("ann", "", registration));
  const auto ann = model::PartyId::of(world.last_digest());
  world.accept(world.governed(model::AdmitParty{ann, {Role::buyer}, {}}));
  auto open = world.act("ann", "", model::OpenAccount{});
  open.party = ann;
  world.accept(world.send(open, "ann"));
  const auto account = model::PartyId::of(world.last_digest());
  auto act = world.with_evidence("dev");
  for (const auto& id : {ann, account}) {
    act.party = id;
    act.name = model::Name{"Ann", {}};
    CHECK(world.by_registry(act) == "PERSON_NAMED/credentialSubject/name");
    act.name = model::Name{};
    CHECK(world.by_registry(act) == "PERSON_NAMED/credentialSubject/name");
    act.name.reset();
    CHECK(world.by_registry(act).empty());
  }
  act.party = ann;
  act.lei = std::string(20, 'A');
  CHECK(world.by_registry(act) == "PERSON_NAMED/credentialSubject/lei");
  act.lei.reset();
  act.uscc = std::string(18, 'A');
  CHECK(world.by_registry(act) == "PERSON_NAMED/credentialSubject/uscc");
}

TEST_CASE("a merger makes the two affiliates of each other and moves nothing") {
  AmendmentsWorld world;
  world.give_units("dev", 10);
  world.account("parent", "desk");
  world.applicant("new", {Role::buyer});
  auto act = world.with_evidence("dev");
  const auto into = [&](const model::PartyId& id) {
    act.merged_into = id;
    return world.by_registry(act);
  };
  const std::string pointer = "/credentialSubject/mergedInto";
  CHECK(into(model::PartyId{{9}}) == "PARTY_UNKNOWN" + pointer);
  CHECK(into(world.id("dev")) == "ITEM_REPEATED" + pointer);
  CHECK(into(world.id("desk")) == "ACCOUNT_NESTED" + pointer);
  CHECK(into(world.id("new")) == "PARTY_NOT_ADMITTED" + pointer);
  world.set_status("parent", PartyStatus::frozen);
  CHECK(into(world.id("parent")) == "PARTY_FROZEN" + pointer);
  world.set_status("parent", PartyStatus::admitted);
  act.affiliates = {world.id("vvb")};
  CHECK(into(world.id("parent")).empty());
  CHECK(world.row_of("dev").merged_into == world.id("parent"));
  CHECK(world.row_of("dev").affiliates == std::vector{world.id("vvb"), world.id("parent")});
  CHECK(world.row_of("parent").affiliates == std::vector{world.id("dev")});
  CHECK(!world.row_of("parent").merged_into);
  CHECK(into(world.id("parent")).empty());
  CHECK(world.row_of("parent").affiliates.size() == 1);
  const auto held =
      world.get<model::HoldingRow>(codec::holding_key(world.id("dev"), model::BatchId{{1}}));
  CHECK(held.active == 10);
}

TEST_CASE("a party has at most 64 affiliates, also by a merger") {
  AmendmentsWorld world;
  auto parent = world.row_of("parent");
  parent.affiliates.assign(kAffiliatesMax - 1, world.id("vvb"));
  world.put(codec::party_key(parent.id), parent);
  auto act = world.with_evidence("dev");
  act.merged_into = parent.id;
  CHECK(world.by_registry(act).empty());
  CHECK(world.row_of("parent").affiliates.size() == kAffiliatesMax);
  act = world.with_evidence("vvb");
  act.merged_into = parent.id;
  // vvb stands in the list already: nothing to add.
  CHECK(world.by_registry(act).empty());
  act = world.with_evidence("registry");
  act.merged_into = parent.id;
  CHECK(world.by_registry(act) == "RECORD_LIMIT_REACHED");
  act = world.with_evidence("dev");
  act.affiliates = std::vector(kAffiliatesMax + 1, parent.id);
  CHECK(world.by_registry(act) == "LIST_TOO_LONG/credentialSubject/affiliates");
}

TEST_CASE("who was whose affiliate at an entry stays known") {
  AmendmentsWorld world;
  auto act = world.with_evidence("vvb");
  // From which entry on it is so, by the entry of the act that says so.
  const auto declare = [&](std::vector<model::PartyId> affiliates) {
    act.affiliates = std::move(affiliates);
    REQUIRE(world.by_registry(act).empty());
    return EntryIndex{world.size()};
  };
  const auto before = [](EntryIndex entry) { return EntryIndex{entry.value() - 1}; };
  const auto begun = declare({world.id("dev")});
  const auto ended = declare({world.id("parent")});
  const auto again = declare({world.id("dev"), world.id("parent")});
  CHECK_FALSE(world.affiliates_at("vvb", "dev", before(begun)));
  CHECK(world.affiliates_at("vvb", "dev", begun));
  CHECK(world.affiliates_at("vvb", "dev", before(ended)));
  CHECK_FALSE(world.affiliates_at("vvb", "dev", ended));
  CHECK_FALSE(world.affiliates_at("vvb", "dev", before(again)));
  CHECK(world.affiliates_at("vvb", "dev", again));
  CHECK(world.affiliates_now("vvb", "parent"));
  CHECK_FALSE(world.affiliates_at("vvb", "parent", before(ended)));
  // A merger is one for both sides.
  CHECK_FALSE(world.affiliates_now("dev", "parent"));
  auto merger = world.with_evidence("dev");
  merger.merged_into = world.id("parent");
  REQUIRE(world.by_registry(merger).empty());
  const EntryIndex merged{world.size()};
  CHECK(world.affiliates_at("dev", "parent", merged));
  CHECK_FALSE(world.affiliates_at("dev", "parent", before(merged)));
  CHECK(world.row_of("parent").affiliations->size() == 1);
}

TEST_CASE("what was declared before version 5 is as old as the party, until it ends") {
  AmendmentsWorld world;
  world.set_rules(state::kGuardRulesVersion);
  auto act = world.with_evidence("vvb");
  act.affiliates = {world.id("dev"), world.id("parent")};
  REQUIRE(world.by_registry(act).empty());
  const EntryIndex first = world.row_of("vvb").entry;
  CHECK(!world.row_of("vvb").affiliations);
  CHECK(world.affiliates_at("vvb", "dev", first));
  world.set_rules(state::kRecordRulesVersion);
  act.affiliates = {world.id("parent")};
  REQUIRE(world.by_registry(act).empty());
  CHECK(world.row_of("vvb").affiliations->size() == 1);
  CHECK(world.affiliates_at("vvb", "dev", first));
  CHECK_FALSE(world.affiliates_now("vvb", "dev"));
  CHECK(world.affiliates_at("vvb", "parent", first));
}

TEST_CASE("so many changes of affiliates are kept, and no act loses one") {
  AmendmentsWorld world;
  auto vvb = world.row_of("vvb");
  const model::Affiliation old{world.id("parent"), {vvb.entry, vvb.entry.next()}};
  vvb.affiliations.emplace(kRowVersionsMax - 1, old);
  world.put(codec::party_key(vvb.id), vvb);
  auto act = world.with_evidence("vvb");
  act.affiliates = {world.id("dev")};
  CHECK(world.by_registry(act).empty());
  CHECK(world.row_of("vvb").affiliations->size() == kRowVersionsMax);
  act.affiliates = {world.id("dev"), world.id("parent")};
  CHECK(world.by_registry(act) == "RECORD_LIMIT_REACHED");
}

TEST_CASE("of a sub-account only what it is called changes") {
  AmendmentsWorld world;
  world.account("dev", "desk");
  const std::string nested = "ACCOUNT_NESTED/credentialSubject/";
  const auto with = [&](auto change) {
    auto act = world.with_evidence("desk");
    change(act);
    return world.by_registry(act);
  };
  using Act = model::AmendParty;
  CHECK(with([](Act& a) { a.country = "DE"; }) == nested + "country");
  CHECK(with([](Act& a) { a.lei = std::string(20, 'A'); }) == nested + "lei");
  CHECK(with([](Act& a) { a.uscc = std::string(18, 'A'); }) == nested + "uscc");
  CHECK(with([&](Act& a) { a.affiliates = {world.id("vvb")}; }) == nested + "affiliates");
  CHECK(with([&](Act& a) { a.merged_into = world.id("vvb"); }) == nested + "mergedInto");
  CHECK(with([](Act& a) { a.name = model::Name{"till", {}}; }).empty());
  CHECK(world.row_of("desk").name.en == "till");
  auto own = world.amendment("desk");
  own.affiliates = {world.id("vvb")};
  CHECK(world.submit("dev", "desk", own).name == "ACCOUNT_NESTED");
  CHECK(world.submit("dev", "dev", own).name == "KEY_NOT_OF_PARTY");
  own.affiliates.reset();
  own.name = model::Name{"x", {}};
  CHECK(world.submit("dev", "desk", own).name == "AMENDMENT_NEEDS_REGISTRY");
}

TEST_CASE("four eyes watch over a party's amendment of itself") {
  AmendmentsWorld world;
  world.accept(world.submit("vvb", "vvb", model::SetAccountPolicy{true, false, {}}));
  auto act = world.amendment("vvb");
  act.affiliates = {world.id("dev")};
  const auto proposed = world.accept(world.submit("vvb", "vvb", act));
  REQUIRE(proposed.proposal);
  CHECK(world.row_of("vvb").affiliates.empty());
  CHECK(world.approve("vvb-2", "vvb", proposed.digest).ok());
  CHECK(world.row_of("vvb").affiliates.size() == 1);
}
