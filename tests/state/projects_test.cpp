// Projects, reports, statements, issuance: every hand that must stand behind a tonne, and whose may
// not.
#include <doctest/doctest.h>

#include "crypto/canonical_json.h"
#include "tests/support/places.h"
#include "tests/support/signed_project.h"

using namespace mrv;
using model::Opinion;
using model::PartyStatus;
using model::ProjectState;
using model::Role;
using test::kFirstDay;
using test::kNextYearDay;
using test::kRecomputed;
using test::SignedProject;
using test::SignedWorld;

namespace {

// From a policy to a live report that nobody has verified yet.
struct ReportedWorld : SignedProject {
  explicit ReportedWorld(const model::RegisterProgramme& programme_act = programme_body()) {
    register_standards(programme_act);
    register_project();
    submit_report(report_body());
  }
  std::string stated(const std::string& vvb, Units quantity = kRecomputed,
                     Opinion opinion = Opinion::unmodified) {
    auto act = statement(quantity);
    act.opinion = opinion;
    return refused(vvb, act);
  }
  std::string issued() { return refused("registry", model::IssueCredits{report}); }
  [[nodiscard]] Units batch_quantity() const { return all<model::BatchRow>().at(0).quantity; }
};

model::RegisterProgramme programme_with(
    const std::function<void(model::ProgrammePolicy&)>& change) {
  auto act = SignedProject::programme_body();
  change(act.policy);
  return act;
}

}  // namespace

TEST_CASE("a project names a programme, an active methodology, a name and a period with days") {
  SignedProject world;
  world.register_standards();
  const auto with = [&](auto change) {
    auto act = world.project_body();
    change(act);
    return world.refused("dev", act);
  };
  using Act = model::SubmitProject;
  CHECK(world.refused("registry", world.project_body()) == "ROLE_MISSING/issuer/party");
  CHECK(with([](Act& a) { a.name.en.reset(); }) == "NAME_MISSING/credentialSubject/name");
  CHECK(with([](Act& a) { a.crediting_period.to = a.crediting_period.from; }) ==
        "PERIOD_INVALID/credentialSubject/creditingPeriod");
  CHECK(with([](Act& a) { a.programme = model::ProgrammeId{{9}}; }) ==
        "PROGRAMME_UNKNOWN/credentialSubject/programme");
  CHECK(with([](Act& a) { a.methodology = Hash{9}; }) ==
        "STANDARD_UNKNOWN/credentialSubject/methodology");
  CHECK(with([&](Act& a) { a.methodology = world.table; }) ==
        "STANDARD_UNKNOWN/credentialSubject/methodology");
  CHECK(with([](Act& a) { a.capacity_per_year = 0; }) ==
        "INTEGER_OUT_OF_RANGE/credentialSubject/capacityPerYear");
  CHECK(with([](Act& a) { a.capacity_per_year = kUnitsMax + 1; }) ==
        "INTEGER_OUT_OF_RANGE/credentialSubject/capacityPerYear");
  CHECK(with([](Act& a) { a.capacity_per_year = kUnitsMax; }).empty());
  auto standard = world.get<model::StandardRow>(codec::standard_key(world.methodology));
  standard.activated.reset();
  world.put(codec::standard_key(world.methodology), standard);
  CHECK(world.refused("dev", world.project_body()) ==
        "METHODOLOGY_NOT_ACTIVE/credentialSubject/methodology");
}

TEST_CASE("a design is judged once, by an accredited verifier, on the bytes that are there") {
  SignedProject world;
  world.register_standards();
  world.submit_project();
  world.party("stranger", {Role::vvb});
  const auto validation = world.validation();
  CHECK(world.refused("dev", validation) == "ROLE_MISSING/issuer/party");
  CHECK(world.refused("stranger", validation) == "VVB_NOT_ACCREDITED/issuer/party");
  auto act = validation;
  act.project = model::ProjectId{{9}};
  CHECK(world.refused("vvb1", act) == "PROJECT_UNKNOWN/credentialSubject/project");
  act = validation;
  act.digest = Hash{9};
  CHECK(world.refused("vvb1", act) == "PROJECT_DIGEST_DIFFERS/credentialSubject/digest");
  CHECK(world.refused("registry", model::RegisterProject{world.project, "F1"}) ==
        "PROJECT_STATE_WRONG/credentialSubject/project");
  CHECK(world.refused("vvb1", world.validation(Opinion::modified)).empty());
  CHECK(world.project_row().state == ProjectState::validated);
  CHECK(world.project_row().validator == world.id("vvb1"));
  CHECK(world.refused("vvb2", validation) == "PROJECT_STATE_WRONG/credentialSubject/project");
}

TEST_CASE("a negative opinion on the design is the end of it") {
  for (const Opinion opinion : {Opinion::adverse, Opinion::disclaimer}) {
    SignedProject world;
    world.register_standards();
    world.submit_project();
    REQUIRE(world.refused("vvb1", world.validation(opinion)).empty());
    CHECK(world.project_row().state == ProjectState::rejected);
    CHECK(world.refused("vvb2", world.validation()) ==
          "PROJECT_STATE_WRONG/credentialSubject/project");
    CHECK(world.refused("registry", model::RegisterProject{world.project, "F1"}) ==
          "PROJECT_STATE_WRONG/credentialSubject/project");
    CHECK(world.refused("dev", world.report_body()) ==
          "PROJECT_STATE_WRONG/credentialSubject/project");
  }
}

TEST_CASE("a project is registered by the registry, with its documents, under a free code") {
  SignedProject world;
  world.register_standards(
      programme_with([](auto& policy) { policy.required_documents = {"pdd", "monitoring-plan"}; }));
  int fields = 0;
  const auto submit = [&](std::vector<std::string> kinds) {
    auto act = world.project_body();
    act.boundary_digest = world.blob(test::field(++fields));
    for (auto& kind : kinds) act.manifest.push_back({kind, Hash{1}, "application/pdf", "A paper"});
    world.accept(world.submit("dev", "dev", act));
    world.project_digest = world.last_digest();
    world.project = model::ProjectId::of(world.project_digest);
    world.accept(world.submit("vvb1", "vvb1", world.validation()));
  };
  const auto registered = [&](const std::string& code) {
    return world.refused("registry", model::RegisterProject{world.project, code});
  };
  submit({"pdd"});
  const auto missing =
      world.submit("registry", "registry", model::RegisterProject{world.project, "F1"});
  CHECK(missing.name == "DOCUMENT_KIND_MISSING");
  CHECK(missing.detail == "monitoring-plan");
  submit({"monitoring-plan", "other", "pdd"});
  CHECK(world.refused("dev", model::RegisterProject{world.project, "F1"}) ==
        "ROLE_MISSING/issuer/party");
  CHECK(world.refused("registry", model::RegisterProject{model::ProjectId{{9}}, "F1"}) ==
        "PROJECT_UNKNOWN/credentialSubject/project");
  CHECK(registered("f1") == "CODE_INVALID/credentialSubject/code");
  CHECK(registered("F1").empty());
  CHECK(world.project_row().code == "F1");
  CHECK(registered("F2") == "PROJECT_STATE_WRONG/credentialSubject/project");
  submit({"monitoring-plan", "pdd"});
  CHECK(registered("F1") == "CODE_TAKEN/credentialSubject/code");
  CHECK(registered("F2").empty());
}

TEST_CASE("where policy is silent one more person of the registry stands behind a project") {
  SignedProject world;
  world.register_standards(programme_with([](auto& policy) { policy.approvals.clear(); }));
  world.submit_project();
  world.accept(world.submit("vvb1", "vvb1", world.validation()));
  const auto proposed = world.accept(
      world.submit("registry", "registry", model::RegisterProject{world.project, "F1"}));
  CHECK(proposed.proposal);
  CHECK(world.project_row().state == ProjectState::validated);
  world.accept(world.approve("registry-2", "registry", proposed.digest));
  CHECK(world.project_row().state == ProjectState::registered);
}

TEST_CASE("several verifiers co-sign by statements of their own, on exactly the report's years") {
  ReportedWorld world;
  const auto with = [&](auto change) {
    auto act = world.statement();
    change(act);
    return world.refused("vvb1", act);
  };
  using Act = model::SubmitVerificationStatement;
  CHECK(with([](Act& a) { a.report = model::ReportId{{9}}; }) ==
        "REPORT_UNKNOWN/credentialSubject/report");
  CHECK(with([](Act& a) { a.digest = Hash{9}; }) ==
        "REPORT_DIGEST_DIFFERS/credentialSubject/digest");
  CHECK(with([](Act& a) { a.index += 1; }) == "REPORT_DIGEST_DIFFERS/credentialSubject/index");
  CHECK(with([](Act& a) { a.verified[0].year = 2024; }) ==
        "VINTAGES_DIFFER/credentialSubject/verified/0/year");
  CHECK(with([](Act& a) { a.verified.push_back({2024, 0}); }) ==
        "VINTAGES_DIFFER/credentialSubject/verified");
  CHECK(with([](Act& a) { a.verified[0].quantity += 1; }) ==
        "VERIFIED_TOO_HIGH/credentialSubject/verified/0/quantity");
  CHECK(world.stated("dev") == "ROLE_MISSING/issuer/party");
  CHECK(world.stated("vvb1", 100).empty());
  CHECK(world.stated("vvb2").empty());
  CHECK(world.stated("vvb1", 200).empty());
  const auto standing = world.report_row().statements;
  REQUIRE(standing.size() == 2);
  const auto first = world.get<model::StatementRow>(codec::statement_key(standing[0]));
  CHECK(first.vvb == world.id("vvb1"));
  CHECK(first.verified[0].quantity == 200);
  const auto rows = world.all<model::StatementRow>();
  CHECK(std::count_if(rows.begin(), rows.end(),
                      [&](const auto& row) { return row.replaced_by == standing[0]; }) == 1);
  REQUIRE(world.issued().empty());
  CHECK(world.batch_quantity() == 200);
}

TEST_CASE("accreditation covers programme, sector and methodology, for its own time") {
  ReportedWorld world;
  world.party("vvb3", {Role::vvb});
  const auto with = [&](const model::AccreditationScope& scope, std::int64_t from,
                        std::int64_t until) {
    auto act = world.accreditation("vvb3", scope);
    act.from = TimestampMs{from};
    act.until = TimestampMs{until};
    world.accept(world.approved("registry", act));
    return world.stated("vvb3");
  };
  constexpr const char* kNot = "VVB_NOT_ACCREDITED/issuer/party";
  const std::int64_t now = world.now.value();
  CHECK(world.stated("vvb3") == kNot);
  CHECK(with({model::ProgrammeId{{9}}, std::nullopt, std::nullopt}, 0, now + 1) == kNot);
  CHECK(with({std::nullopt, "forestry", std::nullopt}, 0, now + 1) == kNot);
  CHECK(with({std::nullopt, std::nullopt, Hash{9}}, 0, now + 1) == kNot);
  CHECK(with({}, now + 1, now + 2) == kNot);
  CHECK(with({}, 0, now) == kNot);
  CHECK(with({world.programme, "ccs", world.methodology}, now, now + 1).empty());
  // The latest accreditation is the one that holds.
  CHECK(with({std::nullopt, "forestry", std::nullopt}, 0, now + 1) == kNot);
}

TEST_CASE("nobody verifies himself: developer, affiliate in either direction, validator") {
  ReportedWorld world(programme_with([](auto& policy) { policy.validator_may_verify = false; }));
  constexpr const char* kDependent = "VVB_NOT_INDEPENDENT/issuer/party";
  CHECK(world.stated("vvb1") == kDependent);  // it validated
  CHECK(world.stated("vvb2").empty());
  const auto affiliated = [&](const std::string& party, const std::string& other) {
    const auto before = world.row_of(party);
    auto row = before;
    row.affiliates = {world.id(other)};
    world.put(codec::party_key(row.id), row);
    const auto answer = world.stated("vvb2");
    world.put(codec::party_key(row.id), before);
    return answer;
  };
  CHECK(affiliated("dev", "vvb2") == kDependent);
  CHECK(affiliated("vvb2", "dev") == kDependent);
  CHECK(affiliated("vvb2", "vvb1") == kDependent);
  // A developer that became a verifier stays the developer of its project.
  world.accept(world.governed(model::AdmitParty{world.id("dev"), {Role::vvb}, {}}));
  world.accredit("dev", {});
  CHECK(world.stated("dev") == kDependent);
}

TEST_CASE("a verifier that declares the developer its affiliate judges neither design nor report") {
  SignedProject world;
  world.register_standards();
  world.submit_project();
  auto row = world.row_of("vvb1");
  row.affiliates = {world.id("dev")};
  world.put(codec::party_key(row.id), row);
  CHECK(world.refused("vvb1", world.validation()) == "VVB_NOT_INDEPENDENT/issuer/party");
  CHECK(world.refused("vvb2", world.validation()).empty());
}

TEST_CASE("affiliated verifiers count as one, a suspended one does not count but still binds") {
  ReportedWorld world(programme_with([](auto& policy) { policy.statements_min = 2; }));
  world.party("vvb3", {Role::vvb});
  world.accredit("vvb3", {});
  auto row = world.row_of("vvb3");
  row.affiliates = {world.id("vvb1")};
  world.put(codec::party_key(row.id), row);
  REQUIRE(world.stated("vvb1").empty());
  REQUIRE(world.stated("vvb3", 500).empty());
  const auto one = world.submit("registry", "registry", model::IssueCredits{world.report});
  CHECK(one.name == "STATEMENTS_MISSING");
  CHECK(one.detail == "1 of 2");
  REQUIRE(world.stated("vvb2").empty());
  world.set_status("vvb2", PartyStatus::suspended);
  CHECK(world.issued() == "STATEMENTS_MISSING/credentialSubject/report");
  world.set_status("vvb2", PartyStatus::admitted);
  world.set_status("vvb3", PartyStatus::suspended);
  CHECK(world.issued().empty());
  CHECK(world.batch_quantity() == 500);
}

TEST_CASE("an adverse statement or a disclaimer blocks whatever policy accepts") {
  ReportedWorld world(programme_with([](auto& policy) {
    policy.accepted_opinions = {Opinion::unmodified, Opinion::adverse, Opinion::disclaimer};
  }));
  REQUIRE(world.stated("vvb1").empty());
  for (const Opinion opinion : {Opinion::adverse, Opinion::disclaimer, Opinion::modified}) {
    REQUIRE(world.stated("vvb2", kRecomputed, opinion).empty());
    CHECK(world.issued() == "OPINION_BLOCKS/credentialSubject/report");
  }
  REQUIRE(world.stated("vvb2").empty());
  CHECK(world.issued().empty());
}

TEST_CASE("after the periods that policy allows in a row another verifier must come") {
  ReportedWorld world(programme_with([](auto& policy) { policy.consecutive_periods_max = 2; }));
  const auto after = [&](std::int64_t periods) {
    auto row = world.project_row();
    row.verifier_runs = {{world.id("vvb1"), periods}};
    world.put(codec::project_key(row.id), row);
    return world.stated("vvb1");
  };
  CHECK(after(2) == "VVB_ROTATION_DUE/issuer/party");
  CHECK(world.stated("vvb2").empty());
  CHECK(after(1).empty());
  REQUIRE(world.issued().empty());
  const auto runs = world.project_row().verifier_runs;
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].periods == 1);
  CHECK(runs[1].periods == 2);
}

TEST_CASE("a report is withdrawn by its developer before it issues, and ends with its statements") {
  ReportedWorld world;
  world.party("dev2", {Role::developer});
  const model::WithdrawReport act{world.report, "a reason"};
  CHECK(world.refused("vvb1", act) == "ROLE_MISSING/issuer/party");
  CHECK(world.refused("dev2", act) == "PROJECT_NOT_OF_PARTY/credentialSubject/report");
  CHECK(world.refused("dev", model::WithdrawReport{model::ReportId{{9}}, "x"}) ==
        "REPORT_UNKNOWN/credentialSubject/report");
  REQUIRE(world.stated("vvb1").empty());
  CHECK(world.refused("dev", act).empty());
  CHECK(world.refused("dev", act) == "REPORT_NOT_LIVE/credentialSubject/report");
  CHECK(world.stated("vvb2") == "REPORT_NOT_LIVE/credentialSubject/report");
  CHECK(world.issued() == "REPORT_NOT_LIVE/credentialSubject/report");
  // The period is free again.
  world.submit_report(world.report_body());
  CHECK(world.report_row().statements.empty());
  REQUIRE(world.stated("vvb1").empty());
  REQUIRE(world.issued().empty());
  CHECK(world.refused("dev", model::WithdrawReport{world.report, "x"}) ==
        "REPORT_ISSUED/credentialSubject/report");
  auto late = world.report_body();
  late.supersedes = world.report;
  CHECK(world.refused("dev", late) == "REPORT_ISSUED/credentialSubject/supersedes");
}

TEST_CASE("no tonne issues twice, whichever of two proposals is completed first") {
  ReportedWorld world(programme_with([](auto& policy) {
    policy.approvals = {{model::GovernedAct::register_project, 0},
                        {model::GovernedAct::issue_credits, 1}};
  }));
  REQUIRE(world.stated("vvb1").empty());
  const model::IssueCredits act{world.report};
  CHECK(world.refused("dev", act) == "ROLE_MISSING/issuer/party");
  CHECK(world.refused("registry", model::IssueCredits{model::ReportId{{9}}}) ==
        "REPORT_UNKNOWN/credentialSubject/report");
  const auto first = world.accept(world.submit("registry", "registry", act)).digest;
  const auto second = world.accept(world.submit("registry", "registry", act)).digest;
  world.accept(world.approve("registry-2", "registry", second));
  CHECK(world.approve("registry-2", "registry", first).name == "REPORT_ISSUED");
  CHECK(world.refused("registry", act) == "REPORT_ISSUED/credentialSubject/report");
  CHECK(world.all<model::BatchRow>().size() == 1);
  // The same days under another report are refused as well.
  CHECK(world.refused("dev", world.report_body()) == "PERIOD_OVERLAP/credentialSubject/period");
}

TEST_CASE("a report whose data is not here gets no verdict") {
  SignedProject world;
  world.register_standards();
  world.register_project();
  auto act = world.report_body();
  act.datasets[0].digest = Hash{9};
  CHECK(world.refused("dev", act) == "BLOB_MISSING");
  CHECK(world.all<model::ReportRow>().empty());
}

TEST_CASE("figures too long for an entry are refused, long ones are not") {
  SignedProject world;
  world.register_standards();
  world.register_project();
  const auto with_digits = [&](std::size_t digits) {
    auto act = world.report_body(1);
    auto inputs = nlohmann::json::parse(act.inputs.canonical);
    inputs["surfaceLeakage"][0]["mass"] = "12." + std::string(digits - 1, '3') + "1";
    act.inputs = {crypto::canonicalize(inputs)};
    return world.refused("dev", act);
  };
  CHECK(with_digits(3'000) == "RESULT_TOO_LARGE");
  CHECK(with_digits(200).empty());
}
