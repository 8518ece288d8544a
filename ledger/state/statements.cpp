// SubmitVerificationStatement and WithdrawReport (domain.md 4).
#include <algorithm>

#include "ledger/state/authority.h"
#include "ledger/state/evidence_use.h"
#include "ledger/state/findings.h"
#include "ledger/state/independence.h"
#include "ledger/state/rules.h"
#include "ledger/state/rules_version.h"

namespace mrv::state {
namespace {

using model::Outcome;
using model::ReportState;

Check check_live(const model::ReportRow& report) {
  if (report.state == ReportState::live) return std::nullopt;
  if (report.state == ReportState::issued) return refuse(Outcome::REPORT_ISSUED, at("report"));
  return refuse(Outcome::REPORT_NOT_LIVE, at("report"),
                "it is " + std::string(model::name_of(report.state)));
}

// Exactly the report's vintages, none above what was recomputed.
Check check_verified(const model::ReportRow& report,
                     const std::vector<model::VintageQuantity>& verified) {
  if (verified.size() != report.vintages.size()) {
    return refuse(Outcome::VINTAGES_DIFFER, at("verified"));
  }
  for (std::size_t i = 0; i < verified.size(); ++i) {
    const std::string pointer = at("verified/") + std::to_string(i);
    if (verified[i].year != report.vintages[i].year) {
      return refuse(Outcome::VINTAGES_DIFFER, pointer + "/year");
    }
    if (verified[i].quantity > report.vintages[i].ceiling) {
      return refuse(Outcome::VERIFIED_TOO_HIGH, pointer + "/quantity",
                    "recomputed: " + std::to_string(report.vintages[i].ceiling));
    }
  }
  return std::nullopt;
}

// A VVB's later statement on a report takes the place of its earlier one.
Check stand(Context& context, model::ReportRow& report, const model::StatementRow& row) {
  for (auto& standing : report.statements) {
    auto earlier = context.read<model::StatementRow>(codec::statement_key(standing));
    if (!earlier || earlier->vvb != row.vvb) continue;
    earlier->replaced_by = row.id;
    context.write(codec::statement_key(earlier->id), *earlier);
    standing = row.id;
    return std::nullopt;
  }
  if (report.statements.size() >= kStatementsMax) {
    return refuse(Outcome::LIST_TOO_LONG, at("report"), "too many VVBs have stated on it");
  }
  report.statements.push_back(row.id);
  return std::nullopt;
}

}  // namespace

Check rule(Context& context, const model::SubmitVerificationStatement& act) {
  ActingParty acting;
  if (auto check =
          require_party(context, model::KeyPurpose::initiate, {model::Role::vvb}, acting)) {
    return check;
  }
  auto report = context.read<model::ReportRow>(codec::report_key(act.report));
  if (!report) return refuse(Outcome::REPORT_UNKNOWN, at("report"));
  if (auto check = check_live(*report)) return check;
  if (act.digest != report->digest) return refuse(Outcome::REPORT_DIGEST_DIFFERS, at("digest"));
  if (EntryIndex{static_cast<std::uint64_t>(act.index)} != report->entry) {
    return refuse(Outcome::REPORT_DIGEST_DIFFERS, at("index"));
  }
  const auto project = context.read<model::ProjectRow>(codec::project_key(report->project));
  if (!project) return refuse(Outcome::PROJECT_UNKNOWN, at("report"));
  if (auto check = check_may_verify(context, acting.party, *project, *report)) return check;
  if (auto check = check_verified(*report, act.verified)) return check;
  const bool positive = model::is_positive(act.opinion);
  if (positive) {
    if (auto check = check_findings(context, *report, at("report"))) return check;
  }
  model::StatementRow row;
  row.id = model::StatementId::of(context.act().digest);
  row.entry = context.index();
  row.report = report->id;
  row.vvb = acting.party.id;
  row.opinion = act.opinion;
  row.assurance = act.assurance;
  row.verified = act.verified;
  row.buffer_rate = act.buffer_rate;
  if (rules_version(context) >= 2) row.signer = context.signer();
  if (auto check = stand(context, *report, row)) return check;
  context.create(codec::statement_key(row.id), row);
  context.write(codec::report_key(report->id), *report);
  return std::nullopt;
}

Check rule(Context& context, const model::WithdrawReport& act) {
  ActingParty acting;
  if (auto check =
          require_party(context, model::KeyPurpose::initiate, {model::Role::developer}, acting)) {
    return check;
  }
  auto report = context.read<model::ReportRow>(codec::report_key(act.report));
  if (!report) return refuse(Outcome::REPORT_UNKNOWN, at("report"));
  auto project = context.read<model::ProjectRow>(codec::project_key(report->project));
  if (!project || project->developer != acting.party.id) {
    return refuse(Outcome::PROJECT_NOT_OF_PARTY, at("report"));
  }
  if (auto check = check_live(*report)) return check;
  // Its evidence may serve the report that takes its place.
  release_evidence(context, *report);
  forget_findings(context, *report);
  std::erase(project->live_reports, report->id);
  context.write(codec::project_key(project->id), *project);
  report->state = ReportState::withdrawn;
  context.write(codec::report_key(report->id), *report);
  return std::nullopt;
}

}  // namespace mrv::state
