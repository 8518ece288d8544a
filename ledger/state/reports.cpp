// SubmitMonitoringReport (domain.md 4): the ledger recomputes the tonnes and refuses an over-claim.
#include <algorithm>
#include <cassert>

#include "crypto/sha256.h"
#include "ledger/base/time.h"
#include "ledger/state/authority.h"
#include "ledger/state/evidence.h"
#include "ledger/state/evidence_use.h"
#include "ledger/state/findings.h"
#include "ledger/state/methodology_use.h"
#include "ledger/state/policy.h"
#include "ledger/state/project_changes.h"
#include "ledger/state/recomputation.h"
#include "ledger/state/rules.h"

namespace mrv::state {
namespace {

using model::Outcome;
using model::ReportState;

Check check_project(const model::ProjectRow& project, const ActingParty& acting,
                    const model::SubmitMonitoringReport& act) {
  if (project.developer != acting.party.id) {
    return refuse(Outcome::PROJECT_NOT_OF_PARTY, at("project"));
  }
  const bool open = project.state == model::ProjectState::registered ||
                    project.state == model::ProjectState::completed;
  if (!open) {
    return refuse(Outcome::PROJECT_STATE_WRONG, at("project"),
                  "it is " + std::string(model::name_of(project.state)));
  }
  if (changes_within(project, act.period)) {
    return refuse(Outcome::METHODOLOGY_CHANGES_WITHIN, at("period"));
  }
  if (act.methodology != methodology_on(project, act.period.from)) {
    return refuse(Outcome::METHODOLOGY_NOT_PROJECTS, at("methodology"));
  }
  return std::nullopt;
}

// Whole days, over, inside the crediting period, and claimed for exactly its calendar years.
Check check_period(Context& context, const model::ProjectRow& project,
                   const model::SubmitMonitoringReport& act) {
  if (act.period.to <= act.period.from) return refuse(Outcome::PERIOD_INVALID, at("period"));
  if (act.period.to.days * kMsPerDay > context.recorded_at().value()) {
    return refuse(Outcome::PERIOD_INVALID, at("period/to"), "the period has not ended");
  }
  if (act.period.from < project.crediting_period.from ||
      project.crediting_period.to < act.period.to) {
    return refuse(Outcome::PERIOD_OUTSIDE_CREDITING, at("period"));
  }
  const auto years = methodology::years_of(act.period);
  const bool exactly = std::equal(
      years.begin(), years.end(), act.claimed.begin(), act.claimed.end(),
      [](std::int64_t year, const model::VintageQuantity& claim) { return claim.year == year; });
  if (!exactly) return refuse(Outcome::CLAIM_YEARS_WRONG, at("claimed"));
  return std::nullopt;
}

// The report this one takes the place of: of the same project, and live.
Check read_superseded(Context& context, const model::SubmitMonitoringReport& act,
                      std::optional<model::ReportRow>& out) {
  if (!act.supersedes) return std::nullopt;
  out = context.read<model::ReportRow>(codec::report_key(*act.supersedes));
  if (!out || out->project != act.project) return refuse(Outcome::REPORT_UNKNOWN, at("supersedes"));
  if (out->state == ReportState::issued) return refuse(Outcome::REPORT_ISSUED, at("supersedes"));
  if (out->state != ReportState::live) return refuse(Outcome::REPORT_NOT_LIVE, at("supersedes"));
  return std::nullopt;
}

// Issued reports follow one another, so all their days lie before issued_until; a day there that
// none of them covers can issue no more (PERIOD_GAP), and no report may start on it.
Check check_overlap(Context& context, const model::ProjectRow& project,
                    const model::SubmitMonitoringReport& act) {
  if (project.issued_until && act.period.from < *project.issued_until) {
    return refuse(Outcome::PERIOD_OVERLAP, at("period"),
                  "issued until " + day_text(project.issued_until->days));
  }
  for (const auto& id : project.live_reports) {
    if (id == act.supersedes) continue;
    const auto other = context.read<model::ReportRow>(codec::report_key(id));
    if (!other) continue;
    const bool apart = other->period.to <= act.period.from || act.period.to <= other->period.from;
    if (!apart) return refuse(Outcome::PERIOD_OVERLAP, at("period"), "with " + id.text());
  }
  return std::nullopt;
}

// Both figures, and the exact one behind the ceiling.
Check check_claims(const model::SubmitMonitoringReport& act, Recomputation& recomputation) {
  for (std::size_t i = 0; i < act.claimed.size(); ++i) {
    auto& vintage = recomputation.vintages[i];
    vintage.claimed = act.claimed[i].quantity;
    if (vintage.claimed <= vintage.ceiling) continue;
    const auto exact = Rational::parse_canonical(vintage.exact);
    assert(exact.ok());
    constexpr std::size_t kDigits = 6;
    return refuse(Outcome::OVER_CLAIM, at("claimed/") + std::to_string(i) + "/quantity",
                  "claimed " + std::to_string(vintage.claimed) + ", recomputed " +
                      std::to_string(vintage.ceiling) + " (credited = " + exact->decimal(kDigits) +
                      ", year " + std::to_string(vintage.year) + ")");
  }
  return std::nullopt;
}

Check check_plausible(const model::ProjectRow& project, const model::ProgrammePolicy& policy,
                      const model::SubmitMonitoringReport& act) {
  Units sum = 0;
  for (const auto& claim : act.claimed) {
    const auto next = checked_add(sum, claim.quantity);
    if (!next) return refuse(Outcome::AMOUNT_OVERFLOW, at("claimed"));
    sum = *next;
  }
  const auto margin = Rational::parse(policy.capacity_margin.text);
  assert(margin.ok());
  const auto limit = plausible_units(project, act.period, *margin);
  if (limit.ok() && Rational(sum) <= *limit) return std::nullopt;
  const std::string shown = limit.ok() ? limit->decimal(0) : "nothing";
  return refuse(Outcome::IMPLAUSIBLE, at("claimed"),
                "claimed " + std::to_string(sum) + ", the declared capacity allows " + shown);
}

// The earlier report ends with its statements; its evidence is free again.
void supersede(Context& context, model::ReportRow& earlier, const model::ReportId& by,
               model::ProjectRow& project) {
  release_evidence(context, earlier);
  forget_findings(context, earlier);
  std::erase(project.live_reports, earlier.id);
  earlier.state = ReportState::superseded;
  earlier.superseded_by = by;
  context.write(codec::report_key(earlier.id), earlier);
}

model::ReportRow report_row(Context& context, const model::SubmitMonitoringReport& act,
                            Recomputation recomputation, const model::ProgrammePolicy& policy) {
  model::ReportRow row;
  row.id = model::ReportId::of(context.act().digest);
  row.entry = context.index();
  row.digest = context.act().digest;
  row.project = act.project;
  row.period = act.period;
  row.methodology = act.methodology;
  row.tables = act.tables;
  row.inputs_digest = crypto::sha256(as_bytes(act.inputs.canonical));
  row.datasets = act.datasets;
  row.engine_version = std::string(methodology::kEngineVersion);
  row.trace_digest = recomputation.calculation.trace_digest;
  row.vintages = std::move(recomputation.vintages);
  row.history = std::move(recomputation.history);
  name_evidence(act, policy, row);
  return row;
}

}  // namespace

Check rule(Context& context, const model::SubmitMonitoringReport& act) {
  ActingParty acting;
  if (auto check =
          require_party(context, model::KeyPurpose::initiate, {model::Role::developer}, acting)) {
    return check;
  }
  auto project = context.read<model::ProjectRow>(codec::project_key(act.project));
  if (!project) return refuse(Outcome::PROJECT_UNKNOWN, at("project"));
  if (auto check = check_project(*project, acting, act)) return check;
  if (auto check = check_period(context, *project, act)) return check;
  if (auto check =
          require_in_use_until(context, act.methodology, act.period.to, at("methodology"))) {
    return check;
  }
  std::optional<model::ReportRow> superseded;
  if (auto check = read_superseded(context, act, superseded)) return check;
  if (!superseded && project->live_reports.size() >= kLiveReportsMax) {
    return refuse(Outcome::LIST_TOO_LONG, at("project"), "too many reports that have not issued");
  }
  if (auto check = check_overlap(context, *project, act)) return check;
  const auto programme =
      context.read<model::ProgrammeRow>(codec::programme_key(project->programme));
  if (!programme) return refuse(Outcome::PROGRAMME_UNKNOWN, at("project"));
  const auto& policy = policy_of(context, *programme);
  if (auto check = check_evidence(context, act, policy)) return check;
  Recomputation recomputation;
  if (auto check = recompute(context, act, *project, programme->unit, recomputation)) return check;
  if (auto check = check_claims(act, recomputation)) return check;
  if (auto check = check_plausible(*project, policy, act)) return check;
  std::string result = result_of(act, recomputation);
  if (result.size() > kResultBytesMax) return refuse(Outcome::RESULT_TOO_LARGE);
  if (!act.datasets.empty()) context.set_result(std::move(result));
  const auto row = report_row(context, act, std::move(recomputation), policy);
  if (superseded) supersede(context, *superseded, row.id, *project);
  use_evidence(context, row);
  project->live_reports.push_back(row.id);
  context.write(codec::project_key(project->id), *project);
  context.create(codec::report_key(row.id), row);
  return std::nullopt;
}

}  // namespace mrv::state
