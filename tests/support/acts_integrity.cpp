// Findings, reviews and evidence of the second report; then lost tonnes and what makes them good.
#include "ledger/base/time.h"
#include "ledger/codec/series.h"
#include "ledger/state/evidence.h"
#include "tests/support/all_acts.h"

namespace mrv::test {
namespace {

constexpr Units kReversed = 50;
constexpr TimestampMs kFarOff{4'000'000'000'000};

}  // namespace

model::IntegrityPolicy AllActs::integrity_policy() {
  model::IntegrityPolicy policy;
  policy.obligation_seconds = 60;
  policy.release_after_seconds = 0;
  policy.release_share = model::DecimalText{"0.1"};
  return policy;
}

Hash AllActs::as_registry(model::ActBody body) {
  return flow_.approved("registry", std::move(body));
}

void AllActs::bind_key(const std::string& party, const std::string& name,
                       model::KeyPurpose purpose) {
  flow_.approved(
      party, model::BindKey{world_.party(party),
                            {LedgerWorld::public_key(name), LedgerWorld::person(name), {purpose}}});
}

// A day's reading as its meter signed it, and the report of a laboratory on it.
void AllActs::report_with_evidence(Units claimed) {
  bind_key("developer", "meter", model::KeyPurpose::device);
  auto report = flow_.report_body(claimed);
  model::Evidence readings;
  readings.series = model::SeriesRoot{35'040, Hash{7}};
  readings.digest = codec::series_digest(readings.series->count, readings.series->root);
  readings.kind = "meter-data";
  readings.taken_at = TimestampMs{(kDay2024 - 1) * kMsPerDay};
  readings.made_at = readings.taken_at;
  const auto message = state::evidence_message(readings, report.project, report.period);
  const auto signature = LedgerWorld::key("meter").sign(as_bytes(message));
  readings.source =
      model::SourceSignature{LedgerWorld::public_key("meter"), to_base64(signature.bytes)};
  model::Evidence laboratory;
  laboratory.digest = Hash{8};
  laboratory.kind = "gas-composition";
  laboratory.taken_at = TimestampMs{kDay2023 * kMsPerDay};
  laboratory.made_at = TimestampMs{kDay2024 * kMsPerDay};
  report.evidence = {readings, laboratory};
  flow_.report = model::ReportId::of(accepted("developer", report));
}

void AllActs::raise_and_close() {
  model::RaiseFinding finding;
  finding.report = flow_.report;
  finding.kind = model::FindingKind::CAR;
  finding.text = "The certificate of meter M-2 had lapsed in March.";
  finding.deadline = TimestampMs{world_.now().value() + 30 * kMsPerDay};
  finding.digest = Hash{9};
  const auto corrected = model::FindingId::of(accepted("vvb1", finding));
  accepted("developer", model::AnswerFinding{corrected, "Renewed; see the new one.", {Hash{10}}});
  accepted("vvb1", model::CloseFinding{corrected, "The new certificate covers the period."});
  finding.kind = model::FindingKind::FAR;
  finding.text = "Install a second meter before the next period.";
  finding.deadline = kFarOff;
  accepted("vvb2", finding);
}

void AllActs::review_statements() {
  bind_key("vvb1", "vvb1-3", model::KeyPurpose::review);
  const auto standing = [&](const std::string& vvb) {
    LedgerWorld::expect(flow_.state(vvb));
    return model::StatementId::of(world_.last_digest());
  };
  const auto first = standing("vvb1");
  LedgerWorld::expect(world_.submit(
      "vvb1-3", "vvb1",
      model::ReviewVerification{first, model::Decision::approve, "Working papers read."}));
  accepted("vvb2", model::WithdrawStatement{standing("vvb2"), "The site visit was not dated."});
  standing("vvb2");
}

void AllActs::lose_and_make_good() {
  as_registry(model::ReleaseBuffer{flow_.batch, 20, "Nothing was lost in the first years."});
  model::RecordReversal reversal;
  reversal.project = flow_.project;
  reversal.report = flow_.report;
  reversal.kind = model::ReversalKind::intentional;
  reversal.quantity = kReversed;
  reversal.cause = "A well was vented.";
  reversal.evidence = {Hash{11}, Hash{12}};
  const auto owed = model::ObligationId::of(as_registry(reversal));
  world_.pass(61 * kMsPerSecond);
  flow_.governed(model::DeclareDefault{owed, "Nothing came within the time."});
  accepted("developer",
           model::RepayPool{owed, {{flow_.batch, std::nullopt, std::nullopt, kReversed}}});
  reversal.kind = model::ReversalKind::unintentional;
  reversal.cause = "A well leaked.";
  as_registry(reversal);
  model::DeclareOverIssuance declaration;
  declaration.batches = {flow_.batch};
  declaration.quantity = 5;
  declaration.party = world_.party("developer");
  declaration.deadline = kFarOff;
  declaration.reason = "One delivery was counted twice.";
  declaration.digest = Hash{13};
  as_registry(declaration);
  as_registry(model::InvalidateBatch{flow_.batch,
                                     {{{120'001, 120'010}, {120'021, 120'030}}},
                                     "Tonnes of another field.",
                                     Hash{14}});
}

}  // namespace mrv::test
