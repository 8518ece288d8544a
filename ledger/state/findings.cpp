// RaiseFinding, AnswerFinding, CloseFinding (domain.md 4), and what an open finding holds up.
#include "ledger/state/findings.h"

#include <algorithm>

#include "ledger/state/authority.h"
#include "ledger/state/independence.h"
#include "ledger/state/rules.h"

namespace mrv::state {
namespace {

using model::FindingId;
using model::FindingKind;
using model::FindingRow;
using model::Outcome;
using model::ReportState;
using model::Role;

constexpr const char* kFindingPointer = "/credentialSubject/finding";

Bytes far_key(const model::ProjectId& project, const FindingId& finding) {
  return codec::pair_key(codec::kProjectFarTag, project, finding);
}

Check read_finding(Context& context, const FindingId& id, FindingRow& out) {
  auto row = context.read<FindingRow>(codec::finding_key(id));
  if (!row) return refuse(Outcome::FINDING_UNKNOWN, kFindingPointer);
  out = *std::move(row);
  return std::nullopt;
}

Check require_open(const FindingRow& finding) {
  if (!finding.closed) return std::nullopt;
  return refuse(Outcome::FINDING_CLOSED, kFindingPointer);
}

Check require_live(const model::ReportRow& report) {
  if (report.state == ReportState::live) return std::nullopt;
  if (report.state == ReportState::issued) return refuse(Outcome::REPORT_ISSUED, at("report"));
  return refuse(Outcome::REPORT_NOT_LIVE, at("report"),
                "it is " + std::string(model::name_of(report.state)));
}

// Whether an open FAR is late and on a report of an earlier period that stands.
bool holds_up(Context& context, const FindingId& id, const model::ReportRow& later) {
  const auto finding = context.read<FindingRow>(codec::finding_key(id));
  if (!finding || context.recorded_at() <= finding->deadline) return false;
  const auto report = context.read<model::ReportRow>(codec::report_key(finding->report));
  return report && report->period.from < later.period.from;
}

}  // namespace

Check check_findings(Context& context, const model::ReportRow& report, const std::string& pointer) {
  if (!report.findings) return std::nullopt;
  for (const auto& id : *report.findings) {
    const auto finding = context.read<FindingRow>(codec::finding_key(id));
    if (!finding || finding->closed || finding->kind == FindingKind::FAR) continue;
    return refuse(Outcome::FINDING_OPEN, pointer, id.text());
  }
  return std::nullopt;
}

Check check_forward_actions(Context& context, const model::ReportRow& report,
                            const std::string& pointer) {
  FindingId last;
  last.bytes.fill(0xFF);
  Check check;
  context.overlay().scan(far_key(report.project, FindingId{}), far_key(report.project, last),
                         [&](ByteView key, ByteView) {
                           FindingId id;
                           const auto bytes = key.last(model::kIdSize);
                           std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
                           if (holds_up(context, id, report)) {
                             check = refuse(Outcome::FINDING_OPEN, pointer, id.text());
                           }
                           return !check;
                         });
  return check;
}

void forget_findings(Context& context, const model::ReportRow& report) {
  if (!report.findings) return;
  for (const auto& id : *report.findings) context.overlay().erase(far_key(report.project, id));
}

Check rule(Context& context, const model::RaiseFinding& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {Role::vvb}, acting)) {
    return check;
  }
  auto report = context.read<model::ReportRow>(codec::report_key(act.report));
  if (!report) return refuse(Outcome::REPORT_UNKNOWN, at("report"));
  const auto project = context.read<model::ProjectRow>(codec::project_key(report->project));
  if (!project) return refuse(Outcome::PROJECT_UNKNOWN, at("report"));
  if (auto check = check_may_verify(context, acting.party, *project, *report)) return check;
  if (auto check = require_live(*report)) return check;
  if (act.deadline <= context.recorded_at()) {
    return refuse(Outcome::DEADLINE_INVALID, "/credentialSubject/deadline");
  }
  auto findings = report->findings.value_or(std::vector<FindingId>{});
  if (findings.size() >= kFindingsMax) {
    return refuse(Outcome::LIST_TOO_LONG, at("report"), "too many findings on it");
  }
  FindingRow row;
  row.id = FindingId::of(context.act().digest);
  row.entry = context.index();
  row.report = report->id;
  row.vvb = acting.party.id;
  row.kind = act.kind;
  row.text = act.text;
  row.digest = act.digest;
  row.deadline = act.deadline;
  context.create(codec::finding_key(row.id), row);
  if (row.kind == FindingKind::FAR) {
    context.overlay().put(far_key(report->project, row.id), Bytes{});
  }
  findings.push_back(row.id);
  report->findings = std::move(findings);
  context.write(codec::report_key(report->id), *report);
  return std::nullopt;
}

Check rule(Context& context, const model::AnswerFinding& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {Role::developer}, acting)) {
    return check;
  }
  FindingRow finding;
  if (auto check = read_finding(context, act.finding, finding)) return check;
  const auto report = context.read<model::ReportRow>(codec::report_key(finding.report));
  const auto project =
      report ? context.read<model::ProjectRow>(codec::project_key(report->project)) : std::nullopt;
  if (!project || project->developer != acting.party.id) {
    return refuse(Outcome::PROJECT_NOT_OF_PARTY, kFindingPointer);
  }
  if (auto check = require_open(finding)) return check;
  finding.answered = context.index();
  context.write(codec::finding_key(finding.id), finding);
  return std::nullopt;
}

Check rule(Context& context, const model::CloseFinding& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {Role::vvb, Role::registry},
                                 acting)) {
    return check;
  }
  FindingRow finding;
  if (auto check = read_finding(context, act.finding, finding)) return check;
  if (finding.vvb != acting.party.id && !has_role(context, acting.party, Role::registry)) {
    return refuse(Outcome::FINDING_NOT_YOURS, kFindingPointer);
  }
  if (auto check = require_open(finding)) return check;
  finding.closed = context.index();
  context.write(codec::finding_key(finding.id), finding);
  const auto report = context.read<model::ReportRow>(codec::report_key(finding.report));
  if (report) context.overlay().erase(far_key(report->project, finding.id));
  return std::nullopt;
}

}  // namespace mrv::state
