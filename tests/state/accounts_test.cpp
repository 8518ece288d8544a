// The policy of an account: what tightens holds at once, what loosens after the delay; and
// sub-accounts: their owner's keys, roles and standing, holdings and policy of their own.
#include <doctest/doctest.h>

#include "ledger/state/authority.h"
#include "tests/support/pointers.h"
#include "tests/support/signed_project.h"

using namespace mrv;
using model::KeyPurpose;
using model::PartyStatus;
using model::Role;
using test::kIssuer;
using test::kMethod;
using test::SignedWorld;

namespace {

constexpr std::int64_t kDelaySeconds = 600;
constexpr std::int64_t kDelayMs = kDelaySeconds * kMsPerSecond;

model::Genesis delayed_genesis() {
  auto genesis = SignedWorld::genesis_of(2, 2);
  genesis.delays.new_counterparty_seconds = kDelaySeconds;
  return genesis;
}

struct AccountsWorld : SignedWorld {
  explicit AccountsWorld(const model::Genesis& genesis = delayed_genesis()) : SignedWorld(genesis) {
    party("registry", {Role::registry});
    party("dev", {Role::developer});
    party("buyer", {Role::buyer});
    party("other", {Role::buyer});
  }

  std::string refused(const std::string& signer, const std::string& party, model::ActBody body) {
    const auto answer = submit(signer, party, std::move(body));
    return answer.name + answer.pointer;
  }
  model::AccountPolicyVersion set(const std::string& party, const model::SetAccountPolicy& policy) {
    accept(signed_off(party, party, policy));
    return version(party);
  }
  [[nodiscard]] model::AccountPolicyVersion version(const std::string& party) const {
    return get<model::AccountPolicyRow>(codec::account_policy_key(id(party))).versions.back();
  }
  [[nodiscard]] TimestampMs in(std::int64_t ms) const { return TimestampMs{now.value() + ms}; }
  // An act that four eyes watch over, refused neither with nor without them.
  bool watched(const std::string& party) {
    auto policy = model::SetAccountPolicy{};
    policy.four_eyes = version(party).four_eyes;
    return accept(submit(party, party, policy)).proposal.has_value();
  }
  model::Transfer transfer(const std::string& to, Units quantity = 10) const {
    model::Transfer act;
    act.legs = {{model::BatchId{{1}}, std::nullopt, std::nullopt, quantity}};
    act.to = id(to);
    act.expires = TimestampMs{now.value() + 86'400'000};
    return act;
  }
  [[nodiscard]] Units active(const std::string& party) const {
    const auto row = find<model::HoldingRow>(codec::holding_key(id(party), model::BatchId{{1}}));
    return row ? row->active : 0;
  }
};

}  // namespace

TEST_CASE("an account trusts others that exist, each named once") {
  AccountsWorld world;
  const auto with = [&](std::vector<model::PartyId> trusted) {
    return world.refused("dev", "dev", model::SetAccountPolicy{false, false, std::move(trusted)});
  };
  const auto buyer = world.id("buyer");
  const model::PartyId unknown{{9}};
  CHECK(with({buyer, unknown}) == "PARTY_UNKNOWN/credentialSubject/trusted/1");
  CHECK(with({buyer, buyer}) == "ITEM_REPEATED/credentialSubject/trusted/1");
  CHECK(with({world.id("dev")}) == "RECIPIENT_IS_SENDER/credentialSubject/trusted/0");
  CHECK(with({world.id("dev"), unknown}) == "RECIPIENT_IS_SENDER/credentialSubject/trusted/0");
  CHECK(with({unknown, unknown}) == "PARTY_UNKNOWN/credentialSubject/trusted/0");
  CHECK(with(std::vector(kTrustedMax + 1, buyer)) == "LIST_TOO_LONG/credentialSubject/trusted");
  CHECK(with(std::vector(kTrustedMax, buyer)) == "ITEM_REPEATED/credentialSubject/trusted/1");
  CHECK(world.refused("dev-2", "dev", model::SetAccountPolicy{}) ==
        std::string("KEY_PURPOSE_MISSING") + kMethod);
  CHECK(world.refused("dev", "buyer", model::SetAccountPolicy{}) ==
        std::string("KEY_NOT_OF_PARTY") + kIssuer);
  CHECK(world.refused("gov1", "", model::SetAccountPolicy{}) ==
        std::string("KEY_UNKNOWN") + kMethod);
  CHECK(with({buyer}).empty());
}

TEST_CASE("a policy may trust as many counterparties as the limit says") {
  AccountsWorld world;
  model::SetAccountPolicy act;
  const auto model_row = world.row_of("buyer");
  for (std::size_t i = 0; i < kTrustedMax; ++i) {
    auto row = model_row;
    row.id = model::PartyId{{2, static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i)}};
    world.put(codec::party_key(row.id), row);
    act.trusted.push_back(row.id);
  }
  CHECK(world.set("dev", act).trusted.size() == kTrustedMax);
}

TEST_CASE("what is trusted is kept in order, from the next entry, beside all that held before") {
  AccountsWorld world;
  model::SetAccountPolicy act{false, false, {world.id("other"), world.id("buyer")}};
  world.set("dev", act);
  act.trusted.clear();
  const auto second = world.accept(world.submit("dev", "dev", act)).index;
  const auto row = world.get<model::AccountPolicyRow>(codec::account_policy_key(world.id("dev")));
  CHECK(row.party == world.id("dev"));
  REQUIRE(row.versions.size() == 2);
  REQUIRE(row.versions[0].trusted.size() == 2);
  CHECK(row.versions[0].trusted[0].party < row.versions[0].trusted[1].party);
  CHECK(row.versions[0].in_force.until == second.next());
  CHECK(row.versions[1].in_force.from == second.next());
  CHECK(!row.versions[1].in_force.until);
  CHECK(row.versions[1].trusted.empty());
}

TEST_CASE("four eyes are on at once and go off after the delay, to the millisecond") {
  AccountsWorld world;
  model::SetAccountPolicy on;
  on.four_eyes = true;
  CHECK(!world.set("dev", on).four_eyes_until);
  CHECK(world.watched("dev"));
  const auto off = world.set("dev", model::SetAccountPolicy{});
  CHECK(!off.four_eyes);
  CHECK(off.four_eyes_until == world.in(kDelayMs));
  world.pass(kDelayMs - 1);
  CHECK(world.watched("dev"));
  world.pass(1);
  CHECK(!world.watched("dev"));
  CHECK(!world.set("dev", model::SetAccountPolicy{}).four_eyes_until);
}

TEST_CASE("asking again to loosen does not put it off, and tightening ends it") {
  AccountsWorld world;
  model::SetAccountPolicy on{true, true, {world.id("buyer")}};
  const auto first = world.set("dev", on);
  CHECK(first.auto_accept_from == world.in(kDelayMs));
  CHECK(first.trusted[0].from == world.in(kDelayMs));
  const auto due = world.in(kDelayMs);
  world.pass(kDelayMs / 2);
  model::SetAccountPolicy loose{false, true, {world.id("buyer"), world.id("other")}};
  const auto second = world.set("dev", loose);
  CHECK(second.auto_accept_from == due);
  const auto eyes_due = world.in(kDelayMs);
  CHECK(second.four_eyes_until == eyes_due);
  for (const auto& trusted : second.trusted) {
    CHECK(trusted.from == (trusted.party == world.id("buyer") ? due : world.in(kDelayMs)));
  }
  world.pass(kDelayMs / 4);
  CHECK(world.set("dev", loose).four_eyes_until == eyes_due);
  CHECK(!world.set("dev", on).four_eyes_until);
  CHECK(world.version("dev").trusted.size() == 1);
  // Off and on again: a new delay for each.
  world.set("dev", model::SetAccountPolicy{true, false, {}});
  CHECK(!world.version("dev").auto_accept_from);
  const auto again = world.set("dev", on);
  CHECK(again.auto_accept_from == world.in(kDelayMs));
  CHECK(again.trusted[0].from == world.in(kDelayMs));
}

TEST_CASE("a policy changes at most 1024 times") {
  AccountsWorld world;
  world.set("dev", model::SetAccountPolicy{});
  const Bytes key = codec::account_policy_key(world.id("dev"));
  auto row = world.get<model::AccountPolicyRow>(key);
  row.versions.resize(kRowVersionsMax - 1, row.versions.front());
  world.put(key, row);
  CHECK(world.refused("dev", "dev", model::SetAccountPolicy{}).empty());
  CHECK(world.refused("dev", "dev", model::SetAccountPolicy{}) == "RECORD_LIMIT_REACHED");
}

TEST_CASE("a sub-account is opened by a party, not by another sub-account, and has a name") {
  AccountsWorld world;
  const auto open = [&](const std::string& party, model::Name name) {
    return world.refused("dev", party, model::OpenAccount{std::move(name)});
  };
  CHECK(open("dev", {}) == "NAME_MISSING/credentialSubject/name");
  const auto id = world.account("dev", "desk");
  CHECK(open("desk", {"deep", std::nullopt}) == std::string("ACCOUNT_NESTED") + kIssuer);
  CHECK(open("desk", {}) == std::string("ACCOUNT_NESTED") + kIssuer);
  const auto row = world.row_of("desk");
  CHECK(row.id == id);
  CHECK(row.kind == model::PartyKind::account);
  CHECK(row.owner == world.id("dev"));
  CHECK(row.name.en == "desk");
  CHECK(row.country == world.row_of("dev").country);
  CHECK(row.keys.empty());
  CHECK(row.wanted.empty());
  REQUIRE(row.standings.size() == 1);
  CHECK(row.standings[0].status == PartyStatus::admitted);
  CHECK(row.standings[0].roles.empty());
  CHECK(row.standings[0].in_force.from == row.entry.next());
  CHECK(world.deposit("dev", "desk").empty());
  CHECK(world.deposit("buyer", "desk") == "KEY_NOT_OF_PARTY");
  CHECK(open("other", {"x", std::nullopt}) == std::string("KEY_NOT_OF_PARTY") + kIssuer);
  auto own = SignedWorld::registration("new", {Role::buyer});
  own.kind = model::PartyKind::account;
  own.name = {};
  CHECK(world.refused("new", "", own) == "ACCOUNT_NESTED/credentialSubject/kind");
}

TEST_CASE("a natural person's sub-account has no name") {
  AccountsWorld world;
  auto act = SignedWorld::registration("ann", {Role::buyer});
  act.kind = model::PartyKind::natural_person;
  act.name = {};
  world.accept(world.submit("ann", "", act));
  const auto id = model::PartyId::of(world.last_digest());
  world.accept(world.governed(model::AdmitParty{id, {Role::buyer}, {}}));
  const auto open = [&](const model::Name& name) {
    auto document = world.act("ann", "", model::OpenAccount{name});
    document.party = id;
    const auto answer = world.send(document, "ann");
    return answer.name + answer.pointer;
  };
  CHECK(open({"Ann's", std::nullopt}) == "PERSON_NAMED/credentialSubject/name");
  CHECK(open({std::nullopt, "安"}) == "PERSON_NAMED/credentialSubject/name");
  CHECK(open({}).empty());
}

TEST_CASE("a sub-account has no keys and is admitted with its owner") {
  AccountsWorld world;
  const auto desk = world.account("dev", "desk");
  const auto key = SignedWorld::declared("fresh", {KeyPurpose::initiate});
  const std::string nested = "ACCOUNT_NESTED/credentialSubject/party";
  CHECK(world.refused("gov1", "", model::BindKey{desk, key}) == nested);
  CHECK(world.refused("dev", "desk", model::BindKey{desk, key}) == nested);
  CHECK(world.refused("dev", "dev", model::BindKey{desk, key}) ==
        "KEY_NOT_OF_PARTY/credentialSubject/party");
  CHECK(world.refused("dev", "desk", model::BindKey{world.id("dev"), key}) ==
        "KEY_NOT_OF_PARTY/credentialSubject/party");
  CHECK(world.refused("gov1", "", model::AdmitParty{desk, {Role::buyer}, {}}) == nested);
  CHECK(world.refused("dev", "desk",
                      model::RevokeKey{SignedWorld::public_key("dev-2"),
                                       model::RevocationReason::superseded}) ==
        "KEY_NOT_OF_PARTY/credentialSubject/key");
  model::AccreditVvb accredit;
  world.party("vvb", {Role::vvb});
  accredit.party = world.account("vvb", "branch");
  accredit.scopes.resize(1);
  accredit.until = TimestampMs{1};
  CHECK(world.refused("registry", "registry", accredit) == nested);
  auto named = SignedWorld::registration("new", {Role::buyer});
  named.affiliates = {desk};
  CHECK(world.refused("new", "", named) == "AFFILIATE_UNKNOWN/credentialSubject/affiliates");
}

TEST_CASE("a sub-account acts while it and its owner are admitted, the owner's status first") {
  AccountsWorld world;
  world.account("dev", "desk");
  world.account("dev", "till");
  world.set_status("desk", PartyStatus::suspended);
  CHECK(world.deposit("dev", "desk") == "PARTY_SUSPENDED");
  CHECK(world.deposit("dev", "till").empty());
  CHECK(world.deposit("dev", "dev").empty());
  world.set_status("dev", PartyStatus::frozen);
  for (const std::string name : {"dev", "desk", "till"}) {
    CHECK(world.deposit("dev", name) == "PARTY_FROZEN");
  }
  world.set_status("dev", PartyStatus::admitted);
  CHECK(world.deposit("dev", "desk") == "PARTY_SUSPENDED");
  // Freezing touches the account alone.
  CHECK(world.submit("dev-2", "till", model::FreezeSelf{"lost"}).ok());
  CHECK(world.status_of("till") == PartyStatus::frozen);
  CHECK(world.status_of("dev") == PartyStatus::admitted);
  CHECK(world.deposit("dev", "till") == "PARTY_FROZEN");
  CHECK(world.deposit("dev", "dev").empty());
}

TEST_CASE("a sub-account has the roles of its owner") {
  AccountsWorld world;
  world.account("dev", "desk");
  world.account("registry", "window");
  const auto open = [&](const std::string& signer, const std::string& party) {
    model::OpenImport act;
    act.registry = "ACR";
    act.row_count = 1;
    return world.refused(signer, party, act);
  };
  CHECK(open("dev", "desk") == std::string("ROLE_MISSING") + kIssuer);
  CHECK(open("registry", "window").empty());
}

TEST_CASE("projects, reports and what is said of them are the owner's, never a sub-account's") {
  test::SignedProject world;
  world.register_standards();
  world.account("dev", "desk");
  world.account("vvb1", "branch");
  const auto as = [&](const std::string& signer, const std::string& party, model::ActBody body) {
    const auto answer = world.submit(signer, party, std::move(body));
    return answer.name + answer.pointer;
  };
  const std::string nested = std::string("ACCOUNT_NESTED") + kIssuer;
  CHECK(as("dev", "desk", world.project_body()) == nested);
  world.submit_project();
  CHECK(as("vvb1", "branch", world.validation()) == nested);
  world.accept(world.submit("vvb1", "vvb1", world.validation()));
  world.accept(world.submit("registry", "registry", model::RegisterProject{world.project, "F1"}));
  CHECK(as("dev", "desk", world.report_body()) == nested);
  world.submit_report(world.report_body());
  CHECK(as("vvb1", "branch", world.statement()) == nested);
  CHECK(as("dev", "desk", model::WithdrawReport{world.report, "x"}) == nested);
  // Where the role is missing too, that is said first.
  CHECK(as("dev", "desk", world.statement()) == std::string("ROLE_MISSING") + kIssuer);
}

TEST_CASE("every act that is the owner's alone is told from those of an account") {
  AccountsWorld world;
  world.account("dev", "desk");
  const auto judged = [&](model::ActBody body) {
    model::VerifiedAct act;
    act.act = world.act("dev", "desk", std::move(body));
    std::string name;
    world.change([&](state::Context& context) {
      context.set_act(act);
      state::ActingParty acting;
      const auto check = state::require_party(context, KeyPurpose::initiate, {}, acting);
      if (check) name = model::describe_outcome(check->outcome).name;
    });
    return name;
  };
  const std::vector<model::ActBody> of_owner = {
      model::OpenAccount{},          model::SubmitProject{},
      model::ValidateProject{},      model::AmendProject{},
      model::RenewCreditingPeriod{}, model::CompleteProject{},
      model::WithdrawProject{},      model::TransferProject{},
      model::AcceptProject{},        model::SubmitMonitoringReport{},
      model::WithdrawReport{},       model::AnswerFinding{},
      model::RaiseFinding{},         model::CloseFinding{},
      model::ReviewVerification{},   model::SubmitVerificationStatement{},
      model::WithdrawStatement{}};
  for (const auto& body : of_owner) {
    CAPTURE(model::type_of(body));
    CHECK(judged(body) == "ACCOUNT_NESTED");
  }
  const std::vector<model::ActBody> of_account = {model::Transfer{},
                                                  model::AcceptTransfer{},
                                                  model::RejectTransfer{},
                                                  model::CancelTransfer{},
                                                  model::LapseTransfer{},
                                                  model::Retire{},
                                                  model::Cancel{},
                                                  model::Lock{},
                                                  model::Unlock{},
                                                  model::Export{},
                                                  model::RepayPool{},
                                                  model::SetAccountPolicy{},
                                                  model::Comment{},
                                                  model::RaiseGrievance{},
                                                  model::DepositEvidence{},
                                                  model::Approve{},
                                                  model::AnnotateRetirement{}};
  for (const auto& body : of_account) {
    CAPTURE(model::type_of(body));
    CHECK(judged(body).empty());
  }
}

TEST_CASE("units move into, between and out of sub-accounts, which hold them apart") {
  AccountsWorld world;
  world.give_units("dev", 100);
  world.account("dev", "desk");
  world.account("buyer", "client");
  const auto accepted = [&](const std::string& signer, const std::string& party) {
    const auto id = model::TransferId::of(world.last_digest());
    world.accept(world.submit(signer, party, model::AcceptTransfer{id}));
  };
  world.accept(world.submit("dev", "dev", world.transfer("desk", 60)));
  world.pass(kDelayMs);
  accepted("dev", "desk");
  CHECK(world.active("dev") == 40);
  CHECK(world.active("desk") == 60);
  CHECK(world.refused("dev", "dev", world.transfer("buyer", 41)) ==
        "UNITS_NOT_HELD/credentialSubject/legs/0");
  CHECK(world.refused("dev", "desk", world.transfer("desk", 1)) ==
        "RECIPIENT_IS_SENDER/credentialSubject/to");
  world.accept(world.submit("dev", "desk", world.transfer("client", 50)));
  world.pass(kDelayMs);
  CHECK(world.refused("buyer", "buyer",
                      model::AcceptTransfer{model::TransferId::of(world.last_digest())}) ==
        "TRANSFER_NOT_YOURS/credentialSubject/transfer");
  world.accept(world.submit("dev", "desk", world.transfer("client", 5)));
  const auto late = model::TransferId::of(world.last_digest());
  world.pass(kDelayMs);
  world.accept(world.submit("buyer", "client", model::AcceptTransfer{late}));
  CHECK(world.active("client") == 5);
  model::Retire retire;
  retire.legs = {{model::BatchId{{1}}, std::nullopt, std::nullopt, 5}};
  retire.beneficiary = model::Beneficiary{std::nullopt, Hash{5}};
  world.accept(world.submit("buyer", "client", retire));
  CHECK(world.all<model::RetirementRow>().back().holder == world.id("client"));
}

TEST_CASE("a sub-account receives as its owner may") {
  AccountsWorld world;
  world.give_units("dev", 100);
  world.party("vvb", {Role::vvb});
  world.account("vvb", "branch");
  world.account("registry", "window");
  world.account("buyer", "client");
  const std::string refusal = "RECIPIENT_NOT_ADMITTED/credentialSubject/to";
  CHECK(world.refused("dev", "dev", world.transfer("branch")) == refusal);
  CHECK(world.refused("dev", "dev", world.transfer("window")) == refusal);
  world.accept(world.submit("dev", "dev", world.transfer("client")));
  const auto pending = model::TransferId::of(world.last_digest());
  world.set_status("buyer", PartyStatus::suspended);
  CHECK(world.refused("dev", "dev", world.transfer("client")) == refusal);
  world.pass(kDelayMs);
  CHECK(world.refused("buyer", "client", model::AcceptTransfer{pending}) ==
        std::string("PARTY_SUSPENDED") + kIssuer);
  world.set_status("buyer", PartyStatus::admitted);
  world.set_status("client", PartyStatus::suspended);
  CHECK(world.refused("dev", "dev", world.transfer("client")) == refusal);
  world.set_status("client", PartyStatus::admitted);
  // The sender's side, too: a frozen owner delivers nothing, and the registry may call it back.
  world.account("dev", "desk");
  world.accept(world.submit("dev", "dev", world.transfer("desk", 20)));
  const auto inside = model::TransferId::of(world.last_digest());
  world.pass(kDelayMs);
  world.accept(world.submit("dev", "desk", model::AcceptTransfer{inside}));
  world.accept(world.submit("dev", "desk", world.transfer("other")));
  const auto outside = model::TransferId::of(world.last_digest());
  world.pass(kDelayMs);
  CHECK(world.refused("registry", "registry", model::CancelTransfer{outside, "x"}) ==
        "TRANSFER_NOT_YOURS/credentialSubject/transfer");
  world.set_status("dev", PartyStatus::frozen);
  CHECK(world.refused("other", "other", model::AcceptTransfer{outside}) ==
        "PARTY_FROZEN/credentialSubject/transfer");
  CHECK(world.refused("registry", "window", model::CancelTransfer{outside, "x"}).empty());
  CHECK(world.active("desk") == 20);
}

TEST_CASE("an account's policy is its own, its approvals come from its owner's keys") {
  AccountsWorld world;
  world.give_units("dev", 100);
  world.account("dev", "desk");
  world.accept(world.submit("dev", "desk", model::SetAccountPolicy{true, false, {}}));
  CHECK(!world.find<model::AccountPolicyRow>(codec::account_policy_key(world.id("dev"))));
  CHECK(!world.accept(world.submit("dev", "dev", world.transfer("desk", 50))).proposal);
  world.pass(kDelayMs);
  world.accept(world.submit("dev", "desk",
                            model::AcceptTransfer{model::TransferId::of(world.last_digest())}));
  for (const std::string as : {"dev", "desk"}) {
    const auto proposed = world.accept(world.submit("dev", "desk", world.transfer("buyer")));
    REQUIRE(proposed.proposal);
    CHECK(world.approve("buyer-2", "buyer", proposed.digest).name == "APPROVER_NOT_ALLOWED");
    CHECK(world.approve("dev-2", "buyer", proposed.digest).name == "KEY_NOT_OF_PARTY");
    CHECK(world.approve("dev-2", as, proposed.digest).ok());
    CHECK(world.find<model::TransferRow>(
        codec::transfer_key(model::TransferId::of(proposed.digest))));
  }
  const auto withdrawn = world.accept(world.submit("dev", "desk", world.transfer("buyer")));
  const model::WithdrawProposal withdraw{*withdrawn.proposal, "x"};
  CHECK(world.refused("buyer", "buyer", withdraw) == std::string("APPROVER_NOT_ALLOWED") + kIssuer);
  CHECK(world.refused("dev", "dev", withdraw).empty());
}

TEST_CASE("a party closes when nothing is held, owed, kept for others or left in a sub-account") {
  AccountsWorld world;
  const auto close = [&](const std::string& name) {
    const auto act = model::SetPartyStatus{world.id(name), PartyStatus::closed, "x"};
    const auto proposed = world.submit("gov1", "", act);
    if (!proposed.ok()) return proposed.name + proposed.pointer;
    return world.approve("gov2", "", proposed.digest).name;
  };
  const std::string occupied = "PARTY_NOT_EMPTY/credentialSubject/party";
  const auto desk = world.account("dev", "desk");
  CHECK(close("dev") == occupied);
  CHECK(close("desk").empty());
  CHECK(world.status_of("desk") == PartyStatus::closed);
  CHECK(close("desk") == "STATUS_UNCHANGED/credentialSubject/status");
  const Bytes debt =
      codec::pair_key(codec::kPartyObligationTag, world.id("dev"), model::ObligationId{{1}});
  world.change([&](state::Context& context) { context.overlay().put(debt, Bytes{}); });
  CHECK(close("dev") == occupied);
  CHECK(close("other").empty());
  world.change([&](state::Context& context) { context.overlay().erase(debt); });
  const Bytes custody =
      codec::pair_key(codec::kCustodianLockTag, world.id("dev"), model::LockId{{1}});
  world.change([&](state::Context& context) { context.overlay().put(custody, Bytes{}); });
  CHECK(close("dev") == occupied);
  world.change([&](state::Context& context) { context.overlay().erase(custody); });
  CHECK(close("dev").empty());
  CHECK(world.deposit("dev", "desk") == "PARTY_CLOSED");
  CHECK(desk == world.id("desk"));
}

TEST_CASE("who holds units in a sub-account becomes neither verifier nor registry") {
  AccountsWorld world;
  world.give_units("dev", 10);
  world.account("buyer", "client");
  world.accept(world.submit("dev", "dev", world.transfer("client")));
  world.pass(kDelayMs);
  world.accept(world.submit("buyer", "client",
                            model::AcceptTransfer{model::TransferId::of(world.last_digest())}));
  const auto admit = [&](const std::string& name, Role role) {
    return world.refused("gov1", "", model::AdmitParty{world.id(name), {role}, {}});
  };
  CHECK(admit("buyer", Role::vvb) == "PARTY_NOT_EMPTY/credentialSubject/party");
  CHECK(admit("buyer", Role::registry) == "PARTY_NOT_EMPTY/credentialSubject/party");
  CHECK(admit("buyer", Role::developer).empty());
  world.account("other", "empty");
  CHECK(admit("other", Role::vvb).empty());
}
