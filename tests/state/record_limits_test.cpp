// A record that is full refuses the act that would make it larger: written beyond its bounds it
// could not be read back, and every later act on it would stop the ledger.
#include <doctest/doctest.h>

#include "tests/support/signed_project.h"
#include "tests/support/units_world.h"

using namespace mrv;
using model::PartyStatus;
using model::Role;
using test::SignedProject;
using test::SignedWorld;

namespace {

constexpr const char* kFull = "RECORD_LIMIT_REACHED";

// Ids of objects that are nowhere.
template <class Id>
std::vector<Id> strangers(std::size_t count) {
  std::vector<Id> ids(count);
  for (std::size_t i = 0; i < count; ++i) {
    ids[i].bytes = {0xEE, static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i)};
  }
  return ids;
}

}  // namespace

TEST_CASE("a party changes its standing at most 4095 times") {
  constexpr std::size_t kStandingsMax = 4'096;
  SignedWorld world;
  world.party("registry", {Role::registry});
  world.party("dev", {Role::developer});
  auto row = world.row_of("dev");
  row.standings.insert(row.standings.begin(), kStandingsMax - 1 - row.standings.size(),
                       row.standings[0]);
  world.put(codec::party_key(row.id), row);
  CHECK(world.submit("dev", "dev", model::FreezeSelf{"x"}).ok());
  const auto lift = model::SetPartyStatus{row.id, PartyStatus::admitted, "x"};
  const auto refused = world.submit("gov1", "", lift);
  CHECK(refused.name == kFull);
  CHECK(refused.detail == "standings: LIST_TOO_LONG");
  CHECK(world.status_of("dev") == PartyStatus::frozen);
}

TEST_CASE("a verifier is accredited at most 1024 times") {
  constexpr std::size_t kAccreditationsMax = 1'024;
  SignedProject world;
  const Bytes key = codec::accreditation_key(world.id("vvb1"));
  auto row = world.get<model::AccreditationRow>(key);
  row.accreditations.resize(kAccreditationsMax - 1, row.accreditations[0]);
  world.put(key, row);
  const auto act = world.accreditation("vvb1", {});
  const auto waiting = world.accept(world.submit("registry", "registry", act)).digest;
  world.accept(world.approved("registry", act));
  CHECK(world.refused("registry", act) == kFull);
  // What was proposed while there was room is judged again where it would take effect.
  CHECK(world.approve("registry-2", "registry", waiting).name == kFull);
  CHECK(world.proposal_state(waiting) == model::ProposalState::open);
}

TEST_CASE("a project has at most 2000 live reports") {
  constexpr std::size_t kLiveReportsMax = 2'000;
  SignedProject world;
  world.register_standards();
  world.register_project();
  auto row = world.project_row();
  row.live_reports = strangers<model::ReportId>(kLiveReportsMax);
  world.put(codec::project_key(row.id), row);
  CHECK(world.refused("dev", world.report_body()) == "LIST_TOO_LONG/credentialSubject/project");
  CHECK(world.all<model::ReportRow>().empty());
  row.live_reports.pop_back();
  world.put(codec::project_key(row.id), row);
  CHECK(world.refused("dev", world.report_body()).empty());
}

TEST_CASE("a report has at most 64 statements, and issues by as many verifiers") {
  constexpr std::size_t kStatementsMax = 64;
  SignedProject world;
  world.register_standards();
  world.register_project();
  world.submit_report(world.report_body());
  const auto with_others = [&](std::size_t count) {
    auto row = world.report_row();
    row.statements = strangers<model::StatementId>(count);
    world.put(codec::report_key(row.id), row);
  };
  with_others(kStatementsMax);
  CHECK(world.refused("vvb1", world.statement()) == "LIST_TOO_LONG/credentialSubject/report");
  with_others(kStatementsMax - 1);
  CHECK(world.refused("vvb1", world.statement()).empty());
  // The same number of verifiers as statements.
  const auto standing = world.report_row().statements.back();
  auto statement = world.get<model::StatementRow>(codec::statement_key(standing));
  const auto others = strangers<model::StatementId>(kStatementsMax - 1);
  for (const auto& other : others) {
    statement.id = other;
    statement.vvb.bytes = other.bytes;
    world.put(codec::statement_key(other), statement);
  }
  auto row = world.report_row();
  row.statements.assign(others.begin(), others.end());
  row.statements.push_back(standing);
  world.put(codec::report_key(row.id), row);
  CHECK(world.refused("registry", model::IssueCredits{world.report}).empty());
}

TEST_CASE("a programme's pool holds no more than an amount can be") {
  SignedProject world;
  world.register_standards();
  world.register_project();
  world.submit_report(world.report_body());
  REQUIRE(world.refused("vvb1", world.statement()).empty());
  const Units buffer = (test::kRecomputed + 19) / 20;  // five in a hundred, rounded up
  const auto issued_at = [&](Units pooled) {
    world.put(codec::pool_key(world.programme), model::PoolRow{world.programme, pooled});
    return world.refused("registry", model::IssueCredits{world.report});
  };
  CHECK(issued_at(kUnitsMax - buffer + 1) == "AMOUNT_OVERFLOW/credentialSubject/report");
  CHECK(world.report_row().state == model::ReportState::live);
  CHECK(issued_at(kUnitsMax - buffer).empty());
}

TEST_CASE("a batch is named by at most 2000 obligations") {
  test::UnitsWorld world;
  const Bytes key = codec::batch_key(world.batch);
  auto row = world.get<model::BatchRow>(key);
  row.obligations = strangers<model::ObligationId>(kObligationsPerBatchMax - 1);
  world.put(key, row);
  model::DeclareOverIssuance act;
  act.batches = {world.batch};
  act.quantity = 1;
  act.party = world.id("dev");
  act.deadline = TimestampMs{world.now.value() + 60'000};
  act.reason = "an error in the inputs";
  world.accept(world.approved("registry", act));
  const auto refused = world.submit("registry", "registry", act);
  CHECK(refused.name == kFull);
  CHECK(refused.detail == "obligations: LIST_TOO_LONG");
}
