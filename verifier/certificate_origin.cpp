// From the batch back to the programme, each step by the act that made it.
#include "verifier/certificate_origin.h"

#include <algorithm>

#include "crypto/sha256.h"
#include "ledger/state/issuance.h"
#include "ledger/state/project_changes.h"
#include "verifier/certificate_authority.h"
#include "verifier/certificate_statements.h"
#include "verifier/certificate_tonnes.h"

namespace mrv::verifier {
namespace {

// What later acts made of the programme: every further policy is an amendment's, and it holds no
// earlier than it was recorded.
Status add_amendments(CertificateParts& parts, const model::ProgrammeRow& row,
                      model::ProgrammeRow& expected) {
  for (std::size_t i = 1; i < row.policies.size(); ++i) {
    const auto& version = row.policies[i];
    const EntryIndex effect{version.in_force.from.value() - 1};
    MRV_TRY(const ProvedAct* const act,
            parts.find<model::AmendProgramme>(
                "an amendment of the programme", [&](const ProvedAct& found, const auto& body) {
                  return body.programme == row.id && takes_effect_at(parts, found, effect);
                }));
    MRV_TRY(const auto needed, approvals_needed(parts, *act, effect));
    MRV_CHECK(check_effect(parts, *act, effect, needed, "an amendment of the programme"));
    const auto& body = std::get<model::AmendProgramme>(act->act.act.body);
    const ProvedAct* const completing = parts.at(effect);
    const bool in_time = version.effective_from && completing != nullptr &&
                         completing->entry.recorded_at <= *version.effective_from;
    if (!in_time) return broken("an amendment of the programme holds before it was recorded");
    if (body.name) expected.name = *body.name;
    expected.policies.push_back(
        {{effect.next(), std::nullopt}, body.policy, version.effective_from});
  }
  return {};
}

Result<model::ProgrammeRow> prove_programme(CertificateParts& parts, const model::ProgrammeId& id) {
  MRV_TRY(auto row, parts.row<model::ProgrammeRow>(codec::programme_key(id), "the programme"));
  MRV_TRY(const auto* const act, parts.act<model::RegisterProgramme>(id.bytes, "the programme"));
  MRV_TRY(const auto needed, approvals_needed(parts, *act, row.entry));
  MRV_CHECK(check_effect(parts, *act, row.entry, needed, "the programme"));
  const auto& body = std::get<model::RegisterProgramme>(act->act.act.body);
  model::ProgrammeRow expected{id,        row.entry,
                               body.code, body.name,
                               body.unit, {{{row.entry.next(), std::nullopt}, body.policy}}};
  MRV_CHECK(add_amendments(parts, row, expected));
  MRV_CHECK(check_same(row, expected, "the programme"));
  if (row.unit == parts.certificate().retirement.unit) return row;
  return Error{"CERTIFICATE_SUMMARY_DIFFERS", "the unit is not the programme's", "/retirement"};
}

bool reports(const model::ProjectRow& project) {
  return project.state == model::ProjectState::registered ||
         project.state == model::ProjectState::completed;
}

Status check_report(CertificateParts& parts, Origin& origin) {
  const auto& row = origin.report;
  const auto& body = origin.body();
  MRV_TRY(const auto needed,
          programme_approvals(parts, origin.programme, model::GovernedAct::submit_monitoring_report,
                              row.entry, "the report"));
  MRV_CHECK(check_effect(parts, *origin.act, row.entry, needed, "the report"));
  origin.effect = parts.at(row.entry);
  model::ReportRow expected = row;
  expected.digest = origin.act->act.digest;
  expected.project = body.project;
  expected.period = body.period;
  expected.methodology = body.methodology;
  expected.tables = body.tables;
  expected.inputs_digest = crypto::sha256(as_bytes(body.inputs.canonical));
  expected.datasets = body.datasets;
  expected.state = model::ReportState::issued;
  expected.superseded_by.reset();
  MRV_CHECK(check_same(row, expected, "the report"));
  const bool same_claims =
      std::equal(row.vintages.begin(), row.vintages.end(), body.claimed.begin(), body.claimed.end(),
                 [](const auto& vintage, const auto& claim) {
                   return vintage.year == claim.year && vintage.claimed == claim.quantity;
                 });
  if (!same_claims) return broken("the report's row claims other quantities than its entry");
  MRV_TRY(const auto project, origin.history.before(row.entry));
  if (!reports(project)) return broken("the project was not registered before it reported");
  const bool belongs = body.methodology == state::methodology_on(project, body.period.from) &&
                       !state::changes_within(project, body.period) &&
                       origin.act->act.act.party == project.developer &&
                       project.crediting_period.from <= body.period.from &&
                       body.period.to <= project.crediting_period.to;
  return belongs ? Status() : Status(broken("the report is not one of the project's"));
}

// The serial number's words, and which issuance of the project it was.
Status check_prefix(CertificateParts& parts, const Origin& origin, const model::BatchRow& batch) {
  MRV_TRY(const auto ledger, parts.row<model::LedgerRow>(codec::ledger_key(), "the ledger"));
  const auto& project = origin.project;
  const std::string words = ledger.registry_code + "-" + origin.programme.code + "-" +
                            project.country + "-" + project.code.value_or("") + "-" +
                            std::to_string(batch.vintage) + "-";
  for (std::int64_t nth = 1; nth <= project.issuances; ++nth) {
    if (batch.prefix == words + std::to_string(nth)) return {};
  }
  return broken("the serial numbers' prefix is not the project's");
}

}  // namespace

Result<Origin> prove_origin(CertificateParts& parts, const model::ReportId& report) {
  Origin origin;
  MRV_TRY(origin.report, parts.row<model::ReportRow>(codec::report_key(report), "the report"));
  MRV_TRY(origin.act, parts.act<model::SubmitMonitoringReport>(report.bytes, "the report"));
  MRV_TRY(origin.project,
          parts.row<model::ProjectRow>(codec::project_key(origin.report.project), "the project"));
  MRV_TRY(origin.programme, prove_programme(parts, origin.project.programme));
  MRV_TRY(origin.history, prove_project(parts, origin.project, origin.programme));
  MRV_CHECK(check_report(parts, origin));
  return origin;
}

Status check_batch(CertificateParts& parts, Origin origin, const model::BatchRow& batch) {
  MRV_TRY(const ProvedAct* const issuance,
          parts.find<model::IssueCredits>("the issuance", [&](const auto& act, const auto& body) {
            return body.report == origin.report.id &&
                   state::batch_id_of(act.act.digest, batch.vintage) == batch.id;
          }));
  const ProvedAct* const effect = parts.at(batch.entry);
  if (effect == nullptr) return missing_entry("the issuance");
  origin.issuing = origin.policy(*effect);
  MRV_TRY(const auto needed,
          programme_approvals(parts, origin.programme, model::GovernedAct::issue_credits,
                              batch.entry, "the issuance", kRegistryApprovals));
  MRV_CHECK(check_effect(parts, *issuance, batch.entry, needed, "the issuance"));
  model::BatchRow expected = batch;
  expected.report = origin.report.id;
  expected.project = origin.project.id;
  expected.programme = origin.programme.id;
  MRV_TRY(const auto project, origin.history.before(batch.entry));
  expected.developer = project.developer;
  MRV_CHECK(check_same(batch, expected, "a batch"));
  if (issuance->index <= origin.report.entry) return broken("the issuance is before the report");
  MRV_CHECK(check_prefix(parts, origin, batch));
  MRV_TRY(const auto statements, prove_statements(parts, origin, batch.entry));
  return check_issued(origin, statements, batch);
}

}  // namespace mrv::verifier
