// What becomes of a project after its registration: suspended, completed, withdrawn, in other
// hands.
#include <doctest/doctest.h>

#include "tests/state/project_world.h"
#include "tests/support/pointers.h"

using namespace mrv;
using model::PartyStatus;
using model::ProjectState;
using model::Role;
using test::kAtProject;
using test::kFirstDay;
using test::kNextYearDay;
using test::ProjectWorld;

namespace {

const std::string kLifeStateWrong = "PROJECT_STATE_WRONG" + kAtProject;

struct LivingProjectWorld : ProjectWorld {
  explicit LivingProjectWorld(const ChangePolicy& change = {}) : ProjectWorld(change) {
    register_project();
  }
  std::string suspend() { return refused("registry", model::SuspendProject{project, "a leak"}); }
  std::string resume() { return refused("registry", model::ResumeProject{project, "repaired"}); }
  std::string complete(std::int32_t until) {
    return refused("dev", model::CompleteProject{project, {until}, "sold out"});
  }
  std::string withdraw(const std::string& by = "dev") {
    return refused(by, model::WithdrawProject{project, "given up"});
  }
  std::string offer(const std::string& to, const std::string& from = "dev") {
    return refused(from, model::TransferProject{project, id(to)});
  }
  std::string take(const std::string& by) { return refused(by, model::AcceptProject{project}); }
  std::string rival_on(std::int32_t from, std::int32_t to) {
    return refused("rival", body_on(test::field(1), from, to));
  }
};

constexpr const char* kTaken = "BOUNDARY_OVERLAP/credentialSubject/boundaryDigest";

}  // namespace

TEST_CASE("every state of a project has an entry, an actor and a reason") {
  LivingProjectWorld world;
  REQUIRE(world.suspend().empty());
  REQUIRE(world.resume().empty());
  REQUIRE(world.complete(kNextYearDay).empty());
  const auto changes = *world.project_row().changes;
  REQUIRE(changes.size() == 6);
  using S = ProjectState;
  const std::vector<std::pair<S, std::string>> expected = {
      {S::submitted, "dev"},      {S::validated, "vvb1"},      {S::registered, "registry"},
      {S::suspended, "registry"}, {S::registered, "registry"}, {S::completed, "dev"}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(changes[i].state == expected[i].first);
    CHECK(changes[i].actor == world.id(expected[i].second));
    if (i > 0) CHECK(changes[i - 1].entry < changes[i].entry);
  }
  CHECK(changes[0].entry == world.project_row().entry);
  CHECK(!changes[2].reason);
  CHECK(changes[3].reason == "a leak");
  CHECK(changes[5].entry.next() == EntryIndex{world.size()});
}

TEST_CASE("the registry suspends a registered project and resumes a suspended one") {
  LivingProjectWorld world;
  CHECK(world.refused("dev", model::SuspendProject{world.project, "x"}) ==
        "ROLE_MISSING/issuer/party");
  CHECK(world.refused("registry", model::SuspendProject{model::ProjectId{{9}}, "x"}) ==
        "PROJECT_UNKNOWN" + kAtProject);
  CHECK(world.resume() == kLifeStateWrong);
  CHECK(world.suspend().empty());
  CHECK(world.suspend() == kLifeStateWrong);
  CHECK(world.refused("dev", world.report_body()) == kLifeStateWrong);
  CHECK(world.refused("dev", model::ResumeProject{world.project, "x"}) ==
        "ROLE_MISSING/issuer/party");
  CHECK(world.refused("registry", model::ResumeProject{model::ProjectId{{9}}, "x"}) ==
        "PROJECT_UNKNOWN" + kAtProject);
  CHECK(world.resume().empty());
  CHECK(world.refused("dev", world.report_body()).empty());
}

TEST_CASE("where the programme is silent, a second person of the registry suspends with it") {
  test::SignedProject world;
  world.register_standards();
  world.register_project();
  const model::SuspendProject act{world.project, "a leak"};
  const auto proposed = world.accept(world.submit("registry", "registry", act));
  CHECK(proposed.proposal);
  CHECK(world.project_row().state == ProjectState::registered);
  world.accept(world.approve("registry-2", "registry", proposed.digest));
  CHECK(world.project_row().state == ProjectState::suspended);
  CHECK(world.project_row().changes->back().actor == world.id("registry"));
}

TEST_CASE("a project is complete on a day that no report goes beyond") {
  LivingProjectWorld world;
  const std::string bad = "CHANGE_DAY_INVALID/credentialSubject/until";
  CHECK(world.refused("rival", model::CompleteProject{world.project, {kNextYearDay}, "x"}) ==
        "PROJECT_NOT_OF_PARTY" + kAtProject);
  CHECK(world.refused("dev", model::CompleteProject{model::ProjectId{{9}}, {kNextYearDay}, "x"}) ==
        "PROJECT_UNKNOWN" + kAtProject);
  CHECK(world.refused("registry", model::CompleteProject{world.project, {kNextYearDay}, "x"}) ==
        "ROLE_MISSING/issuer/party");
  CHECK(world.complete(kFirstDay) == bad);
  CHECK(world.complete(ProjectWorld::kLastDay + 1) == bad);
  world.put_issued(kFirstDay + 100);
  CHECK(world.complete(kFirstDay + 99) == bad);
  world.put_report(kFirstDay + 100, kFirstDay + 200);
  CHECK(world.complete(kFirstDay + 199) == bad);
  REQUIRE(world.suspend().empty());
  CHECK(world.complete(kFirstDay + 200) == kLifeStateWrong);
  REQUIRE(world.resume().empty());
  CHECK(world.rival_on(kFirstDay + 200, kFirstDay + 300) == kTaken);
  CHECK(world.complete(kFirstDay + 200).empty());
  CHECK(world.project_row().state == ProjectState::completed);
  CHECK(world.project_row().crediting_period.to == model::Day{kFirstDay + 200});
  CHECK(world.complete(kFirstDay + 200) == kLifeStateWrong);
  // The ground is free from that day on, and its own until then.
  CHECK(world.rival_on(kFirstDay + 199, kFirstDay + 300) == kTaken);
  CHECK(world.rival_on(kFirstDay + 200, kFirstDay + 300).empty());
  CHECK(world.geometry_of(world.project.bytes)->days->to == model::Day{kFirstDay + 200});
}

TEST_CASE("a project may be complete on the last day of its crediting period") {
  LivingProjectWorld world;
  CHECK(world.complete(ProjectWorld::kLastDay).empty());
  CHECK(world.refused("dev", world.report_body()).empty());
}

TEST_CASE("its developer or the registry withdraws a project, unless a report waits for issuance") {
  LivingProjectWorld world;
  CHECK(world.withdraw("rival") == "PROJECT_NOT_OF_PARTY" + kAtProject);
  CHECK(world.withdraw("vvb1") == "ROLE_MISSING/issuer/party");
  CHECK(world.refused("dev", model::WithdrawProject{model::ProjectId{{9}}, "x"}) ==
        "PROJECT_UNKNOWN" + kAtProject);
  world.put_report(kFirstDay, kNextYearDay);
  CHECK(world.withdraw() == "REPORTS_LIVE" + kAtProject);
  world.drop_reports();
  CHECK(world.withdraw("registry").empty());
  const auto row = world.project_row();
  CHECK(row.state == ProjectState::withdrawn);
  CHECK(row.changes->back().actor == world.id("registry"));
  CHECK(row.changes->back().reason == "given up");
  CHECK(world.withdraw() == kLifeStateWrong);
  // Nothing was issued: all of its ground is free.
  CHECK(world.all<model::GeometryRow>().empty());
  CHECK(world.all<model::BoundaryCellRow>().empty());
  CHECK(world.all<model::BoundaryRow>().empty());
  CHECK(world.rival_on(kFirstDay, kNextYearDay).empty());
}

TEST_CASE("a project is withdrawn from each of the first four states and from no other") {
  for (const auto state : {ProjectState::submitted, ProjectState::validated,
                           ProjectState::registered, ProjectState::suspended}) {
    ProjectWorld world;
    world.submit_project();
    auto row = world.project_row();
    row.state = state;
    world.put(codec::project_key(row.id), row);
    CHECK(world.refused("dev", model::WithdrawProject{world.project, "x"}).empty());
  }
  for (const auto state :
       {ProjectState::completed, ProjectState::withdrawn, ProjectState::rejected}) {
    ProjectWorld world;
    world.submit_project();
    auto row = world.project_row();
    row.state = state;
    world.put(codec::project_key(row.id), row);
    CHECK(world.refused("dev", model::WithdrawProject{world.project, "x"}) == kLifeStateWrong);
  }
}

TEST_CASE("a withdrawn project keeps its ground for the days that issued") {
  LivingProjectWorld world;
  world.put_issued(kNextYearDay);
  REQUIRE(world.withdraw().empty());
  CHECK(world.rival_on(kNextYearDay - 1, kNextYearDay + 1) == kTaken);
  CHECK(world.rival_on(kNextYearDay, kNextYearDay + 1).empty());
  const auto days = *world.geometry_of(world.project.bytes)->days;
  CHECK(days.from == model::Day{kFirstDay});
  CHECK(days.to == model::Day{kNextYearDay});
}

TEST_CASE("a project is offered to another admitted developer, and the last offer counts") {
  LivingProjectWorld world;
  world.party("heir", {Role::developer});
  world.applicant("newcomer", {Role::developer});
  const std::string at = "/credentialSubject/to";
  CHECK(world.offer("heir", "rival") == "PROJECT_NOT_OF_PARTY" + kAtProject);
  CHECK(world.refused("registry", model::TransferProject{world.project, world.id("heir")}) ==
        "ROLE_MISSING/issuer/party");
  CHECK(world.refused("dev", model::TransferProject{model::ProjectId{{9}}, world.id("heir")}) ==
        "PROJECT_UNKNOWN" + kAtProject);
  CHECK(world.offer("dev") == "RECIPIENT_IS_SENDER" + at);
  CHECK(world.refused("dev", model::TransferProject{world.project, model::PartyId{{9}}}) ==
        "PARTY_UNKNOWN" + at);
  CHECK(world.offer("newcomer") == "RECIPIENT_NOT_ADMITTED" + at);
  CHECK(world.offer("buyer") == "RECIPIENT_NOT_ADMITTED" + at);
  CHECK(world.take("heir") == "PROJECT_NOT_OFFERED" + kAtProject);
  CHECK(world.offer("heir").empty());
  CHECK(world.offer("rival").empty());
  CHECK(world.project_row().offered_to == world.id("rival"));
  CHECK(world.take("heir") == "PROJECT_NOT_OFFERED" + kAtProject);
  // Offered to oneself, it is taken back.
  CHECK(world.offer("dev").empty());
  CHECK(!world.project_row().offered_to);
  CHECK(world.take("rival") == "PROJECT_NOT_OFFERED" + kAtProject);
  // No sub-account has projects.
  auto row = world.row_of("heir");
  row.owner = world.id("rival");
  world.put(codec::party_key(row.id), row);
  CHECK(world.offer("heir") == "ACCOUNT_NESTED" + at);
}

TEST_CASE("who accepts a project has it, with its reports; the offer was by one who may act") {
  LivingProjectWorld world;
  world.submit_report(world.report_body());
  REQUIRE(world.offer("rival").empty());
  const EntryIndex offered{world.size() - 1};
  world.set_status("dev", PartyStatus::suspended);
  CHECK(world.take("rival") == "PARTY_SUSPENDED" + kAtProject);
  world.set_status("dev", PartyStatus::admitted);
  CHECK(world.take("buyer") == "ROLE_MISSING/issuer/party");
  CHECK(world.refused("rival", model::AcceptProject{model::ProjectId{{9}}}) ==
        "PROJECT_UNKNOWN" + kAtProject);
  CHECK(world.take("rival").empty());
  const auto row = world.project_row();
  CHECK(row.developer == world.id("rival"));
  CHECK(!row.offered_to);
  REQUIRE(row.former_developers->size() == 1);
  CHECK(row.former_developers->at(0).party == world.id("dev"));
  CHECK(row.former_developers->at(0).offered == offered);
  CHECK(row.former_developers->at(0).until.next() == EntryIndex{world.size()});
  CHECK(world.take("rival") == "PROJECT_NOT_OFFERED" + kAtProject);
  // The report is now the rival's to withdraw, and its units would be the rival's.
  CHECK(world.refused("dev", model::WithdrawReport{world.report, "x"}) ==
        "PROJECT_NOT_OF_PARTY/credentialSubject/report");
  REQUIRE(world.refused("vvb1", world.statement()).empty());
  REQUIRE(world.refused("registry", model::IssueCredits{world.report}).empty());
  CHECK(world.all<model::BatchRow>().at(0).developer == world.id("rival"));
}

TEST_CASE("a withdrawn or rejected project is offered to nobody, a completed one may be") {
  LivingProjectWorld world;
  REQUIRE(world.offer("rival").empty());
  REQUIRE(world.withdraw().empty());
  CHECK(world.take("rival") == "PROJECT_NOT_OFFERED" + kAtProject);
  CHECK(world.offer("rival") == kLifeStateWrong);
  LivingProjectWorld completed;
  REQUIRE(completed.complete(kNextYearDay).empty());
  CHECK(completed.offer("rival").empty());
  CHECK(completed.take("rival").empty());
  ProjectWorld rejected;
  rejected.submit_project();
  REQUIRE(rejected.refused("vvb1", rejected.validation(model::Opinion::adverse)).empty());
  CHECK(rejected.refused("dev", model::TransferProject{rejected.project, rejected.id("rival")}) ==
        kLifeStateWrong);
}
