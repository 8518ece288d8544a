// A ledger of rules version 1: it refuses what came later by name, activates version 2 once, and
// then knows it; the indexes that version 2 reads are there for the batches of before.
#include "ledger/state/rules_version.h"

#include <doctest/doctest.h>

#include "ledger/state/pool.h"
#include "tests/support/signed_project.h"

using namespace mrv;
using model::Role;
using test::SignedProject;
using test::SignedWorld;

namespace {

model::Genesis first_version() {
  auto genesis = SignedWorld::genesis_of(2, 2);
  genesis.rules_version = 1;
  return genesis;
}

std::string refused_type(const model::ActBody& body, std::int64_t version) {
  const auto check = state::check_in_rules(body, version);
  if (!check) return "";
  return std::string(model::describe_outcome(check->outcome).name) + check->pointer;
}

// Default-made bodies of the acts of a variant, one after another.
template <std::size_t At = 0>
std::vector<model::ActBody> all_bodies() {
  if constexpr (At == std::variant_size_v<model::AnyAct>) {
    return {};
  } else {
    auto rest = all_bodies<At + 1>();
    rest.insert(rest.begin(), std::variant_alternative_t<At, model::AnyAct>{});
    return rest;
  }
}

// The acts of a project's life, which a later version brings.
bool is_of_third(const model::ActBody& body) {
  return std::visit(
      [](const auto& act) {
        if constexpr (requires { act.kSince; }) return act.kSince == 3;
        return false;
      },
      body);
}

}  // namespace

TEST_CASE("every act of version 2 is unknown to version 1, but the one that activates it") {
  const auto bodies = all_bodies();
  std::size_t later = 0;
  bool reached = false;
  for (const auto& body : bodies) {
    CAPTURE(model::type_of(body));
    const bool of_third = is_of_third(body);
    CHECK(refused_type(body, 2).empty() == !of_third);
    const bool activates = std::holds_alternative<model::ActivateRules>(body);
    reached = reached || activates;  // the acts of version 2 stand from there on
    const bool unknown = !refused_type(body, 1).empty();
    CHECK(unknown == (reached && !activates));
    if (!unknown) continue;
    CHECK(refused_type(body, 1) == "NOT_IN_RULES/type/1");
    ++later;
  }
  CHECK(later == 42);
}

TEST_CASE("members that version 2 brought are unknown to version 1, one by one") {
  const std::string subject = "NOT_IN_RULES/credentialSubject/";
  model::SubmitProject project;
  CHECK(refused_type(project, 1).empty());
  project.shares_boundary_with.emplace();
  CHECK(refused_type(project, 1) == subject + "sharesBoundaryWith");
  model::RegisterProgramme programme;
  for (std::size_t i = 0; i < model::EnumNames<model::GovernedAct>::kCount; ++i) {
    const auto act = static_cast<model::GovernedAct>(i);
    programme.policy.approvals = {{act, 1}};
    CAPTURE(model::name_of(act));
    CHECK(refused_type(programme, 1) == (i < 4 ? "" : subject + "policy/approvals"));
    CHECK(refused_type(programme, 2).empty());
  }
  programme.policy.approvals.clear();
  programme.policy.lifecycle.emplace();
  CHECK(refused_type(programme, 1) == subject + "policy/lifecycle");
  programme.policy.lifecycle.reset();
  programme.policy.integrity.emplace();
  CHECK(refused_type(programme, 1) == subject + "policy/integrity");
  model::SubmitMonitoringReport report;
  report.evidence.resize(2);
  CHECK(refused_type(report, 1).empty());
  report.evidence[1].series.emplace();
  CHECK(refused_type(report, 1) == subject + "evidence/1/series");
  report.evidence[1].made_at.emplace();
  CHECK(refused_type(report, 1) == subject + "evidence/1/madeAt");
  model::RegisterParty party;
  CHECK(refused_type(party, 1).empty());
  party.kind = model::PartyKind::account;
  CHECK(refused_type(party, 1) == subject + "kind");
}

TEST_CASE("grammars that version 5 brought are unknown to version 4") {
  for (std::size_t i = 0; i < model::EnumNames<model::SerialGrammar>::kCount; ++i) {
    model::OpenImport import;
    import.grammar = static_cast<model::SerialGrammar>(i);
    CAPTURE(model::name_of(import.grammar));
    CHECK(refused_type(import, 4) == (i == 0 ? "" : "NOT_IN_RULES/credentialSubject/grammar"));
    CHECK(refused_type(import, 5).empty());
  }
}

TEST_CASE("version 1 refuses what it does not know before anything else, then learns it") {
  SignedWorld world(first_version());
  world.party("dev", {Role::developer});
  const auto refused = [&](const std::string& signer, model::ActBody body) {
    const auto answer = world.submit(signer, "dev", std::move(body));
    return answer.name + answer.pointer;
  };
  const model::OpenAccount open{{"desk", std::nullopt}};
  CHECK(refused("dev", open) == "NOT_IN_RULES/type/1");
  CHECK(refused("stranger", open) == "NOT_IN_RULES/type/1");
  auto late = world.act("dev", "dev", open);
  late.valid_until = TimestampMs{world.now.value() - kMsPerSecond};
  CHECK(world.send(late, "dev").name == "NOT_IN_RULES");
  late.registry = "ledger.example/other";
  CHECK(world.send(late, "dev").name == "NOT_IN_RULES");
  auto account = SignedWorld::registration("new", {Role::buyer});
  account.kind = model::PartyKind::account;
  CHECK(world.submit("new", "", account).pointer == "/credentialSubject/kind");
  const auto activated = world.accept(world.governed(model::ActivateRules{2}));
  CHECK(activated.ok());
  CHECK(refused("dev", open).empty());
  CHECK(refused("stranger", open) == "KEY_UNKNOWN/proof/verificationMethod");
  CHECK(world.submit("new", "", account).name == "ACCOUNT_NESTED");
}

TEST_CASE("a version is activated by governance, upwards only, from the next entry") {
  SignedWorld world(first_version());
  world.party("dev", {Role::developer});
  const auto activate = [&](const std::string& signer, const std::string& party,
                            std::int64_t version) {
    const auto answer = world.submit(signer, party, model::ActivateRules{version});
    return answer.name + answer.pointer;
  };
  const std::string version = "/credentialSubject/version";
  CHECK(activate("dev", "dev", 2) == "GOVERNANCE_KEY_REQUIRED/proof/verificationMethod");
  CHECK(activate("gov1", "", 1) == "RULES_NOT_NEWER" + version);
  CHECK(activate("gov1", "", model::kRulesVersionLatest + 1) == "INTEGER_OUT_OF_RANGE" + version);
  CHECK(activate("gov1", "", 0) == "INTEGER_OUT_OF_RANGE" + version);
  const auto first = world.accept(world.submit("gov1", "", model::ActivateRules{2})).digest;
  const auto second = world.accept(world.submit("gov1", "", model::ActivateRules{2})).digest;
  CHECK(world.get<model::LedgerRow>(codec::ledger_key()).rules_version == 1);
  world.pass(5);
  world.accept(world.approve("gov2", "", first));
  const auto row = world.get<model::LedgerRow>(codec::ledger_key());
  CHECK(row.rules_version == 2);
  CHECK(row.rules_since == world.now);
  CHECK(world.approve("gov2", "", second).name == "RULES_NOT_NEWER");
  CHECK(activate("gov1", "", 2) == "RULES_NOT_NEWER" + version);
  // What counts from the end of version 1 goes on counting from there.
  world.pass(5);
  world.accept(world.governed(model::ActivateRules{3}));
  const auto later = world.get<model::LedgerRow>(codec::ledger_key());
  CHECK(later.rules_version == 3);
  CHECK(later.rules_since == row.rules_since);
}

TEST_CASE("a version may be skipped") {
  SignedWorld world(first_version());
  world.accept(world.governed(model::ActivateRules{3}));
  const auto row = world.get<model::LedgerRow>(codec::ledger_key());
  CHECK(row.rules_version == 3);
  CHECK(row.rules_since == world.now);
}

TEST_CASE("activation enters the batches of before into the order in which pools pay") {
  SignedProject world(first_version());
  world.register_standards();
  world.register_project();
  world.submit_report(world.report_body());
  world.accept(world.submit("vvb1", "vvb1", world.statement()));
  world.accept(world.submit("registry", "registry", model::IssueCredits{world.report}));
  const auto bare = world.give_units("dev", 10, 7);
  const auto indexed = [&](std::uint8_t tag) {
    std::size_t count = 0;
    for (const auto& [key, value] : world.rows()) count += key[0] == tag ? 1U : 0U;
    return count;
  };
  CHECK(indexed(codec::kProjectBatchTag) == 0);
  CHECK(indexed(codec::kPoolBatchTag) == 0);
  world.accept(world.governed(model::ActivateRules{2}));
  for (const auto& batch : world.all<model::BatchRow>()) {
    CAPTURE(batch.prefix);
    CHECK(world.rows().contains(
        codec::project_batch_key(batch.project, batch.vintage, batch.entry, batch.id)));
    CHECK(world.rows().contains(codec::pool_batch_key(batch.programme, batch.vintage, batch.entry,
                                                      batch.id)) == (batch.id != bare));
  }
  CHECK(indexed(codec::kProjectBatchTag) == 2);
  CHECK(indexed(codec::kPoolBatchTag) == 1);
}

TEST_CASE("a proposal of version 1 keeps to what it needed until version 2 holds") {
  SignedWorld world(first_version());
  world.party("registry", {Role::registry});
  world.party("dev", {Role::developer});
  world.party("buyer", {Role::buyer});
  auto policy = SignedWorld::open_policy();
  policy.approvals = {{model::GovernedAct::transfer, 1}};
  const auto batch = world.give_units("dev", 100, 1, policy);
  world.bind("dev", "dev-3", {model::KeyPurpose::approve});
  model::Transfer act;
  act.legs = {{batch, std::nullopt, std::nullopt, 5}};
  act.to = world.id("buyer");
  act.expires = TimestampMs{world.now.value() + 86'400'000};
  const auto first = world.accept(world.submit("dev", "dev", act)).digest;
  const auto second = world.accept(world.submit("dev", "dev", act)).digest;
  auto programme = world.all<model::ProgrammeRow>().front();
  programme.policies[0].policy.approvals = {{model::GovernedAct::transfer, 2}};
  world.put(codec::programme_key(programme.id), programme);
  world.accept(world.approve("dev-2", "dev", first));
  CHECK(world.proposal_state(first) == model::ProposalState::approved);
  world.accept(world.governed(model::ActivateRules{2}));
  world.accept(world.approve("dev-2", "dev", second));
  CHECK(world.proposal_state(second) == model::ProposalState::open);
  world.accept(world.approve("dev-3", "dev", second));
  CHECK(world.proposal_state(second) == model::ProposalState::approved);
}

TEST_CASE("version 1 writes no row of version 2") {
  SignedProject world(first_version());
  world.register_standards();
  world.register_project();
  world.submit_report(world.report_body());
  for (const auto& [key, value] : world.rows()) {
    CHECK(key[0] != codec::kJudgedBoundaryTag);
    const bool committed = key[0] < model::kFirstIndexTag;
    if (committed) CHECK(key[0] < model::AccountPolicyRow::kTag);
  }
}
