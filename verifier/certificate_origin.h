// Where a batch comes from: issuance, statements, report, project, programme. Internal to the
// verifier.
#pragma once

#include "ledger/state/policy.h"
#include "verifier/certificate_parts.h"
#include "verifier/certificate_project.h"

namespace mrv::verifier {

// A report and what it stands on, each row held against its entry.
struct Origin {
  const ProvedAct* act = nullptr;     // the report's
  const ProvedAct* effect = nullptr;  // where it took effect: its own entry or the last approval's
  model::ReportRow report;
  model::ProjectRow project;  // as it is now
  ProjectHistory history;     // as it was when
  model::ProgrammeRow programme;
  model::ProgrammePolicy issuing;  // the policy in force where the report issued

  [[nodiscard]] const model::SubmitMonitoringReport& body() const {
    return std::get<model::SubmitMonitoringReport>(act->act.act.body);
  }
  // The policy in force at an entry.
  [[nodiscard]] const model::ProgrammePolicy& policy(const ProvedAct& at) const {
    return state::policy_at(programme, at.index, at.entry.recorded_at);
  }
};

// The report, by the developer of that time, on a project that was validated and registered before
// it, of a programme that governance registered. Errors: CERTIFICATE_PART_MISSING,
// CERTIFICATE_LINK_BROKEN, CERTIFICATE_SUMMARY_DIFFERS (the unit), those of check_effect.
Result<Origin> prove_origin(CertificateParts& parts, const model::ReportId& report);

// The batch is what its issuance made of the report, no more than claimed and verified; the serials
// of the buffer are set apart. Errors: the same, CERTIFICATE_TONNES_DIFFER.
Status check_batch(CertificateParts& parts, Origin origin, const model::BatchRow& batch);

}  // namespace mrv::verifier
