// The public has a say before a project is registered, and a grievance at any time.
#include <doctest/doctest.h>

#include "tests/state/project_world.h"
#include "tests/support/pointers.h"

using namespace mrv;
using model::ProjectState;
using model::Role;
using test::kAtProject;
using test::ProjectWorld;

namespace {

constexpr std::int64_t kCommentSeconds = 3'000;
constexpr std::int64_t kGrievanceSeconds = 86'400;

void wants_comment(model::ProgrammePolicy& policy) {
  policy.lifecycle.emplace();
  policy.lifecycle->comment_seconds = kCommentSeconds;
  policy.lifecycle->grievance_seconds = kGrievanceSeconds;
}

}  // namespace

TEST_CASE("the registry lists a project once, before it is registered") {
  ProjectWorld world(wants_comment);
  world.submit_project();
  const model::ListProject act{world.project};
  CHECK(world.refused("dev", act) == "ROLE_MISSING/issuer/party");
  CHECK(world.refused("registry", model::ListProject{model::ProjectId{{9}}}) ==
        "PROJECT_UNKNOWN" + kAtProject);
  CHECK(world.refused("registry", act).empty());
  const auto listing = world.project_row().listing;
  REQUIRE(listing);
  CHECK(listing->entry.next() == EntryIndex{world.size()});
  CHECK(listing->comment_until.value() == world.now.value() + kCommentSeconds * kMsPerSecond);
  CHECK(world.refused("registry", act) == "STATUS_UNCHANGED" + kAtProject);
  REQUIRE(world.refused("vvb1", world.validation()).empty());
  CHECK(world.refused("registry", act) == "STATUS_UNCHANGED" + kAtProject);
  auto row = world.project_row();
  row.state = ProjectState::registered;
  world.put(codec::project_key(row.id), row);
  CHECK(world.refused("registry", act) == "PROJECT_STATE_WRONG" + kAtProject);
}

TEST_CASE("comments come from anybody admitted, while the period runs") {
  ProjectWorld world(wants_comment);
  world.submit_project();
  model::Comment act{world.project, "The well is near a school.", Hash{7}};
  CHECK(world.refused("buyer", act) == "PROJECT_NOT_LISTED" + kAtProject);
  REQUIRE(world.refused("registry", model::ListProject{world.project}).empty());
  world.applicant("newcomer", {Role::buyer});
  CHECK(world.refused("newcomer", act) == "PARTY_NOT_ADMITTED/issuer/party");
  CHECK(world.refused("buyer", model::Comment{model::ProjectId{{9}}, "x", std::nullopt}) ==
        "PROJECT_UNKNOWN" + kAtProject);
  world.pass(kCommentSeconds * kMsPerSecond);
  CHECK(world.refused("buyer", act).empty());
  const auto id = model::CommentId::of(world.last_digest());
  const auto row = world.get<model::CommentRow>(codec::comment_key(id));
  CHECK(row.party == world.id("buyer"));
  CHECK(row.project == world.project);
  CHECK(row.text == act.text);
  CHECK(row.digest == act.digest);
  CHECK(world.rows().contains(codec::pair_key(codec::kProjectCommentTag, world.project, id)));
  world.pass(1);
  CHECK(world.refused("buyer", act) == "COMMENT_PERIOD_CLOSED" + kAtProject);
}

TEST_CASE("where the programme wants comment, nothing is registered before it has ended") {
  ProjectWorld world([](auto& policy) {
    wants_comment(policy);
    policy.required_documents = {"pdd"};
  });
  world.submit_project();
  const model::RegisterProject act{world.project, "F1"};
  CHECK(world.refused("registry", act) == "PROJECT_STATE_WRONG" + kAtProject);
  REQUIRE(world.refused("vvb1", world.validation()).empty());
  CHECK(world.refused("registry", act) == "PROJECT_NOT_LISTED" + kAtProject);
  REQUIRE(world.refused("registry", model::ListProject{world.project}).empty());
  world.pass(kCommentSeconds * kMsPerSecond);
  CHECK(world.refused("registry", act) == "COMMENT_PERIOD_OPEN" + kAtProject);
  world.pass(1);
  // The documents come after it.
  CHECK(world.refused("registry", act) == "DOCUMENT_KIND_MISSING" + kAtProject);
  REQUIRE(world.amend([](auto& a) { a.manifest = {{"pdd", Hash{1}, "application/pdf", "Design"}}; })
              .empty());
  CHECK(world.refused("registry", act).empty());
  CHECK(world.project_row().state == ProjectState::registered);
}

TEST_CASE("a programme that wants no comment registers unlisted projects") {
  ProjectWorld world;
  world.submit_project();
  REQUIRE(world.refused("vvb1", world.validation()).empty());
  CHECK(world.refused("registry", model::RegisterProject{world.project, "F1"}).empty());
}

TEST_CASE("a grievance is raised by anybody admitted on any project, and answered once") {
  ProjectWorld world(wants_comment);
  world.submit_project();
  world.party("ministry", {Role::authority});
  const model::RaiseGrievance act{world.project, "Our land was not paid for.", Hash{3}};
  CHECK(world.refused("buyer", model::RaiseGrievance{model::ProjectId{{9}}, "x", std::nullopt}) ==
        "PROJECT_UNKNOWN" + kAtProject);
  world.applicant("newcomer", {Role::buyer});
  CHECK(world.refused("newcomer", act) == "PARTY_NOT_ADMITTED/issuer/party");
  REQUIRE(world.refused("vvb1", world.validation(model::Opinion::adverse)).empty());
  CHECK(world.refused("buyer", act).empty());
  const auto id = model::GrievanceId::of(world.last_digest());
  const Bytes key = codec::grievance_key(id);
  auto row = world.get<model::GrievanceRow>(key);
  CHECK(row.party == world.id("buyer"));
  CHECK(row.deadline.value() == world.now.value() + kGrievanceSeconds * kMsPerSecond);
  CHECK(!row.resolved);
  CHECK(world.rows().contains(codec::pair_key(codec::kProjectGrievanceTag, world.project, id)));
  const model::ResolveGrievance answer{id, model::GrievanceResolution::settled, "It was paid.",
                                       Hash{4}};
  const std::string at = "/credentialSubject/grievance";
  CHECK(world.refused("dev", answer) == "ROLE_MISSING/issuer/party");
  auto unknown = answer;
  unknown.grievance = model::GrievanceId{{9}};
  CHECK(world.refused("ministry", unknown) == "GRIEVANCE_UNKNOWN" + at);
  // A late answer is an answer.
  world.pass(2 * kGrievanceSeconds * kMsPerSecond);
  CHECK(world.refused("ministry", answer).empty());
  row = world.get<model::GrievanceRow>(key);
  CHECK(row.resolution == model::GrievanceResolution::settled);
  CHECK(row.reason == answer.reason);
  CHECK(row.answer_digest == answer.digest);
  CHECK(row.resolved->next() == EntryIndex{world.size()});
  CHECK(world.refused("registry", answer) == "GRIEVANCE_RESOLVED" + at);
}

TEST_CASE("grievances wait thirty days where the programme is silent") {
  ProjectWorld world;
  world.submit_project();
  REQUIRE(world.refused("buyer", model::RaiseGrievance{world.project, "x", std::nullopt}).empty());
  const auto row = world.all<model::GrievanceRow>().at(0);
  CHECK(row.deadline.value() == world.now.value() + 30LL * 86'400 * kMsPerSecond);
}
