// Certificates of longer histories hold: approvals of transfers and retirements, explicit serials,
// several batches and programmes, governance's activations, keys and parties that changed since.
#include "crypto/canonical_json.h"
#include "ledger/codec/methodology_codec.h"
#include "tests/support/all_acts.h"
#include "tests/verifier/lying_log.h"

using namespace mrv;
using test::LedgerWorld;

namespace {

std::string world_policy() {
  return "log " +
         crypto::vkey_of(
             {test::kWorldOrigin, crypto::kNoteTypeEd25519, LedgerWorld::key("log").public_key()}) +
         "\nquorum none\n";
}

Result<verifier::CertificateVerdict> verdict_on(LedgerWorld& world, const std::string& text) {
  verifier::CertificateOptions options;
  options.datasets = [&world](const Hash& digest) { return *world.node().blobs().read(digest); };
  options.require_recomputation = true;
  return verifier::verify_certificate(*verifier::parse_policy(world_policy()), text, options);
}

codec::Certificate built(LedgerWorld& world, const model::RetirementId& id) {
  auto certificate = node::build_certificate(*world.node().reader(), id, world_policy());
  REQUIRE(certificate.ok());
  return *std::move(certificate);
}

// A second programme, in which everything waits for a second person, with a table of its own that
// governance activated.
struct Strict {
  LedgerWorld world;
  test::CcsFlow flow{world, MRV_SOURCE_DIR};
  model::BatchId first;
  model::RetirementId retirement;

  Strict() {
    flow.run_to_issuance();
    first = flow.batch;
    flow.transfer("developer", "buyer", 5'000);
    issue_again();
    offer(flow.batch, 100, 299);
    offer(flow.batch, 1, 50);
    model::Retire act = flow.retire_body(60);
    act.legs.push_back({first, 11, 30, std::nullopt});
    act.legs.push_back({first, std::nullopt, std::nullopt, 15});
    retirement = model::RetirementId::of(flow.approved("buyer", act));
  }

  void issue_again() {
    auto table = nlohmann::json::parse(flow.text("schemas/tables/cn-grid-2023.json"));
    table["version"] = "2";
    const model::RawJson document{crypto::canonicalize(table)};
    flow.approved("standard", model::RegisterFactorTable{document});
    flow.table = codec::standard_digest(document);
    flow.governed(model::ActivateMethodology{flow.table});
    auto act = std::get<model::RegisterProgramme>(programme_act());
    act.code = "STRICT";
    for (const auto governed : {model::GovernedAct::transfer, model::GovernedAct::retire}) {
      act.policy.approvals.push_back({governed, 1});
    }
    flow.programme = model::ProgrammeId::of(flow.governed(act));
    flow.register_project();
    flow.submit_report(146'763);
    LedgerWorld::expect(flow.state("vvb1"));
    LedgerWorld::expect(flow.state("vvb2"));
    flow.issue();
  }

  // The first programme's own registration, to be changed.
  model::ActBody programme_act() {
    const auto row = world.row<model::ProgrammeRow>(codec::programme_key(flow.programme));
    model::RegisterProgramme act;
    act.code = row->code;
    act.name = row->name;
    act.unit = row->unit;
    act.policy = row->policies[0].policy;
    return act;
  }

  void offer(const model::BatchId& batch, Units from, Units to) {
    model::Transfer act = flow.transfer_body("buyer", 1);
    act.legs = {{batch, from, to, std::nullopt}};
    const auto id = model::TransferId::of(flow.approved("developer", act));
    LedgerWorld::expect(world.submit("buyer", "buyer", model::AcceptTransfer{id}));
  }
};

}  // namespace

TEST_CASE("approvals at every step, explicit serials, two batches of two programmes") {
  Strict strict;
  const auto certificate = built(strict.world, strict.retirement);
  const auto verdict = verdict_on(strict.world, *codec::encode_certificate(certificate));
  REQUIRE_MESSAGE(verdict.ok(), verdict.error().name << " " << verdict.error().detail);
  CHECK(verdict->summary.quantity == 95);
  CHECK(verdict->summary.serials.size() == 5);
  CHECK(verdict->recomputations.size() == 2);

  const auto key = codec::retirement_key(strict.retirement);
  const auto refused = [&](test::LyingLog& log) {
    const auto judged = verdict_on(strict.world, log.certificate());
    return judged.ok() ? "" : std::string(judged.error().name) + " " + judged.error().detail;
  };
  test::LyingLog unapproved(certificate);
  const auto own = unapproved.find<model::Retire>().front();
  unapproved.change<model::RetirementRow>(key, [&](auto& row) { row.entry = own; });
  CHECK(refused(unapproved) ==
        "CERTIFICATE_LINK_BROKEN the retirement took effect without approval");
  // Other serials of the same number where the entry names these.
  test::LyingLog others(certificate);
  others.change<model::RetirementRow>(key, [&](auto& row) {
    const auto named = std::find_if(row.serials.begin(), row.serials.end(),
                                    [](const auto& range) { return range.first == 11; });
    REQUIRE(named != row.serials.end());
    named->first += 100;
    named->last += 100;
  });
  CHECK(refused(others) ==
        "CERTIFICATE_LINK_BROKEN the retirement moves other serials than its entry's legs");
}

TEST_CASE("submission, validation, report and statements wait for a second person") {
  LedgerWorld world;
  test::CcsFlow flow(world, MRV_SOURCE_DIR);
  using model::GovernedAct;
  flow.second_person = {GovernedAct::submit_project, GovernedAct::validate_project,
                        GovernedAct::submit_monitoring_report,
                        GovernedAct::submit_verification_statement};
  flow.run_to_issuance();
  const auto certificate = built(world, flow.retire("developer", 1'000));
  const auto verdict = verdict_on(world, *codec::encode_certificate(certificate));
  REQUIRE_MESSAGE(verdict.ok(), verdict.error().name << " " << verdict.error().detail);

  // As if each had taken effect by its signer alone.
  const auto statement = codec::statement_key(
      world.row<model::ReportRow>(codec::report_key(flow.report))->statements.front());
  const auto refused = [&](test::LyingLog& log) {
    const auto judged = verdict_on(world, log.certificate());
    return judged.ok() ? "" : std::string(judged.error().name) + " " + judged.error().detail;
  };
  const std::string alone = " took effect without approval";
  test::LyingLog submitted(certificate);
  submitted.change<model::ProjectRow>(codec::project_key(flow.project), [&](auto& row) {
    row.entry = submitted.find<model::SubmitProject>().front();
  });
  CHECK(refused(submitted) == "CERTIFICATE_LINK_BROKEN the project" + alone);
  test::LyingLog validated(certificate);
  validated.change<model::ProjectRow>(codec::project_key(flow.project), [&](auto& row) {
    row.validated = validated.find<model::ValidateProject>().front();
  });
  CHECK(refused(validated) == "CERTIFICATE_LINK_BROKEN the validation of the project" + alone);
  test::LyingLog reported(certificate);
  reported.change<model::ReportRow>(codec::report_key(flow.report), [&](auto& row) {
    row.entry = reported.find<model::SubmitMonitoringReport>().front();
  });
  CHECK(refused(reported) == "CERTIFICATE_LINK_BROKEN the report" + alone);
  test::LyingLog stated(certificate);
  stated.change<model::StatementRow>(statement, [&](auto& row) {
    row.entry = stated.find<model::SubmitVerificationStatement>().front();
  });
  CHECK(refused(stated) == "CERTIFICATE_LINK_BROKEN a statement" + alone);
  // An approval of another act of the same person completes nothing.
  test::LyingLog other(certificate);
  const auto row = other.row<model::StatementRow>(statement);
  auto body = other.body<model::Approve>(row.entry);
  body.digest = Hash{};
  other.record(row.entry, world.document("vvb1-2", "vvb1", body));
  CHECK(refused(other) ==
        "CERTIFICATE_LINK_BROKEN an approval of a statement approves something else");
}

TEST_CASE("certificates of a history with every kind of act hold") {
  LedgerWorld world(true, model::kRulesVersionFirst);
  test::AllActs(world, MRV_SOURCE_DIR).run();
  const auto reader = world.node().reader();
  const auto page =
      reader->page(model::RetirementRow::kTag, std::nullopt, 10, reader->published().size);
  REQUIRE(page.ok());
  CHECK(page->rows.size() == 3);
  for (const auto& [key, value] : page->rows) {
    const auto id = codec::decode_row<model::RetirementRow>(value)->id;
    const auto verdict = verdict_on(world, *codec::encode_certificate(built(world, id)));
    CHECK_MESSAGE(verdict.ok(), verdict.error().name << " " << verdict.error().detail);
  }
}
