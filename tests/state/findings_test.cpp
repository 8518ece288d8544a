// Findings: who raises, answers and closes them, and what an open one holds up.
#include "ledger/state/findings.h"

#include <doctest/doctest.h>

#include "tests/support/verification_world.h"

using namespace mrv;
using model::FindingKind;
using model::Opinion;
using model::ReportState;
using model::Role;
using test::VerificationWorld;

namespace {

constexpr const char* kOpen = "FINDING_OPEN/credentialSubject/report";

std::string at_finding(const char* name) {
  return std::string(name) + "/credentialSubject/finding";
}

}  // namespace

TEST_CASE("a finding is kept with the report, as it was raised") {
  VerificationWorld world;
  auto body = world.finding(FindingKind::CL);
  body.digest = Hash{7};
  REQUIRE(world.told(world.vvb, body).empty());
  const auto id = model::FindingId::of(world.digest());
  const auto row = world.get<model::FindingRow>(codec::finding_key(id));
  CHECK(row.report == world.report);
  CHECK(row.vvb == world.vvb);
  CHECK(row.kind == FindingKind::CL);
  CHECK(row.text == body.text);
  CHECK(row.digest == body.digest);
  CHECK(row.deadline == body.deadline);
  CHECK(!row.answered);
  CHECK(!row.closed);
  CHECK(world.report_row().findings == std::vector<model::FindingId>{id});
}

TEST_CASE("a verifier raises it that may state on the report, while the report is live") {
  VerificationWorld world;
  const auto raise = [&](const model::PartyId& by, const model::RaiseFinding& body) {
    return world.told(by, body);
  };
  auto body = world.finding(FindingKind::CAR);
  body.deadline = world.now;
  CHECK(raise(world.developer, body) == "ROLE_MISSING/issuer/party");
  auto unknown = body;
  unknown.report = model::ReportId{{99}};
  CHECK(raise(world.vvb, unknown) == "REPORT_UNKNOWN/credentialSubject/report");
  world.set_report_state(ReportState::withdrawn);
  const auto stranger = world.party(20, {Role::vvb});
  CHECK(raise(stranger, body) == "VVB_NOT_ACCREDITED/issuer/party");
  world.accredit(stranger);
  auto row = world.get<model::PartyRow>(codec::party_key(stranger));
  row.affiliates = {world.developer};
  world.put(codec::party_key(stranger), row);
  CHECK(raise(stranger, body) == "VVB_NOT_INDEPENDENT/issuer/party");
  auto project = world.project_row();
  project.validator = world.vvb;
  world.put(codec::project_key(project.id), project);
  CHECK(raise(world.vvb, body) == "VVB_NOT_INDEPENDENT/issuer/party");
  project.validator.reset();
  project.verifier_runs = {{world.vvb, 1}};
  world.put(codec::project_key(project.id), project);
  world.policy().consecutive_periods_max = 1;
  world.store();
  CHECK(raise(world.vvb, body) == "VVB_ROTATION_DUE/issuer/party");
  CHECK(raise(world.second_vvb, body) == "REPORT_NOT_LIVE/credentialSubject/report");
  world.set_report_state(ReportState::superseded);
  CHECK(raise(world.second_vvb, body) == "REPORT_NOT_LIVE/credentialSubject/report");
  world.set_report_state(ReportState::issued);
  CHECK(raise(world.second_vvb, body) == "REPORT_ISSUED/credentialSubject/report");
  world.set_report_state(ReportState::live);
  CHECK(raise(world.second_vvb, body) == "DEADLINE_INVALID/credentialSubject/deadline");
  body.deadline = TimestampMs{world.now.value() + 1};
  CHECK(raise(world.second_vvb, body).empty());
}

TEST_CASE("a report has at most 256 findings") {
  static_assert(kFindingsMax == 256);
  VerificationWorld world;
  const auto raised_after = [&](std::size_t others) {
    auto row = world.report_row();
    row.findings.emplace(others, model::FindingId{{99}});
    world.put(codec::report_key(row.id), row);
    return world.told(world.vvb, world.finding(FindingKind::CL));
  };
  CHECK(raised_after(kFindingsMax) == "LIST_TOO_LONG/credentialSubject/report");
  CHECK(raised_after(kFindingsMax - 1).empty());
}

TEST_CASE("the developer answers as often as it likes, until the finding is closed") {
  VerificationWorld world;
  const auto id = world.raised(FindingKind::CAR);
  const auto answer = [&](const model::PartyId& by, const model::FindingId& finding) {
    return world.told(by, model::AnswerFinding{finding, "renewed", {Hash{1}}});
  };
  CHECK(answer(world.vvb, id) == "ROLE_MISSING/issuer/party");
  CHECK(answer(world.developer, model::FindingId{{99}}) == at_finding("FINDING_UNKNOWN"));
  const auto answered = [&] {
    return world.get<model::FindingRow>(codec::finding_key(id)).answered;
  };
  REQUIRE(answer(world.developer, id).empty());
  const auto first = answered();
  REQUIRE(first.has_value());
  REQUIRE(answer(world.developer, id).empty());
  CHECK(*first < *answered());
  REQUIRE(world.close(world.vvb, id).empty());
  CHECK(answer(world.other, id) == at_finding("PROJECT_NOT_OF_PARTY"));
  CHECK(answer(world.developer, id) == at_finding("FINDING_CLOSED"));
}

TEST_CASE("who raised it closes it, or the registry, once") {
  VerificationWorld world;
  const auto id = world.raised(FindingKind::CAR);
  CHECK(world.close(world.developer, id) == "ROLE_MISSING/issuer/party");
  CHECK(world.close(world.vvb, model::FindingId{{99}}) == at_finding("FINDING_UNKNOWN"));
  CHECK(world.close(world.second_vvb, id) == at_finding("FINDING_NOT_YOURS"));
  REQUIRE(world.close(world.vvb, id).empty());
  CHECK(world.get<model::FindingRow>(codec::finding_key(id)).closed.has_value());
  CHECK(world.close(world.second_vvb, id) == at_finding("FINDING_NOT_YOURS"));
  CHECK(world.close(world.vvb, id) == at_finding("FINDING_CLOSED"));
  const auto other = world.raised(FindingKind::CL);
  CHECK(world.close(world.registry, other).empty());
}

TEST_CASE("an open CAR or CL holds up a positive statement and the issuance, no FAR does") {
  for (const auto kind : {FindingKind::CAR, FindingKind::CL}) {
    VerificationWorld world;
    const auto forward = world.raised(FindingKind::FAR);
    CHECK(world.attest(world.second_vvb).empty());
    const auto id = world.raised(kind);
    CHECK(world.attest(world.vvb) == kOpen);
    CHECK(world.attest(world.vvb, Opinion::modified) == kOpen);
    CHECK(world.attest(world.vvb, Opinion::adverse).empty());
    CHECK(world.attest(world.second_vvb, Opinion::disclaimer).empty());
    // The findings come before the opinions, and after all that is wrong with the statement itself.
    CHECK(world.issue() == kOpen);
    CHECK(world.attest(world.vvb, Opinion::unmodified, 101) ==
          "VERIFIED_TOO_HIGH/credentialSubject/verified/0/quantity");
    REQUIRE(world.close(world.vvb, id).empty());
    CHECK(world.issue() == "OPINION_BLOCKS/credentialSubject/report");
    CHECK(world.attest(world.vvb).empty());
    CHECK(world.attest(world.second_vvb).empty());
    // Not even one that is late holds up the report that it was raised on.
    world.pass(2'000);
    CHECK(world.issue().empty());
    CHECK(!world.get<model::FindingRow>(codec::finding_key(forward)).closed);
  }
}

TEST_CASE("a FAR that is late holds up later reports of its project until it is closed") {
  VerificationWorld world;
  const auto forward = world.raised(FindingKind::FAR);
  world.stated(world.vvb);
  REQUIRE(world.issue().empty());
  const auto deadline = world.get<model::FindingRow>(codec::finding_key(forward)).deadline;
  const auto next = world.add_report(2, world.project);
  world.report = next;
  world.stated(world.vvb);
  world.now = deadline;
  world.look([&](state::Context& context) {
    CHECK(!state::check_forward_actions(context, world.report_row(), "/p"));
  });
  world.now = TimestampMs{deadline.value() + 1};
  CHECK(world.issue() == kOpen);
  CHECK(world.close(world.registry, forward).empty());
  CHECK(world.issue().empty());
}

TEST_CASE("a FAR on a later report holds up no earlier one") {
  VerificationWorld world;
  const auto later = world.add_report(2, world.project);
  world.raised(FindingKind::FAR, later);
  world.pass(2'000);
  world.stated(world.vvb);
  CHECK(world.issue().empty());
}

TEST_CASE("findings of a withdrawn report count no more") {
  VerificationWorld world;
  const auto forward = world.raised(FindingKind::FAR);
  world.raised(FindingKind::CAR);
  CHECK(test::keys_under(world.state(), codec::kProjectFarTag).size() == 1);
  REQUIRE(world.told(world.developer, model::WithdrawReport{world.report, "wrong meter"}).empty());
  CHECK(test::keys_under(world.state(), codec::kProjectFarTag).empty());
  world.policy().gaps_allowed = true;
  world.store();
  world.report = world.add_report(2, world.project);
  world.stated(world.vvb);
  world.pass(2'000);
  CHECK(world.issue().empty());
  // It may still be answered and closed, which changes nothing else.
  CHECK(world.close(world.vvb, forward).empty());
}
