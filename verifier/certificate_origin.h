// Where a batch comes from: issuance, statements, report, project, programme. Internal to the
// verifier.
#pragma once

#include "ledger/state/policy.h"
#include "verifier/certificate_parts.h"

namespace mrv::verifier {

// A report and what it stands on, each row held against its entry.
struct Origin {
  const ProvedAct* act = nullptr;  // the report's
  model::ReportRow report;
  model::ProjectRow project;
  model::ProgrammeRow programme;

  [[nodiscard]] const model::SubmitMonitoringReport& body() const {
    return std::get<model::SubmitMonitoringReport>(act->act.act.body);
  }
  // The programme's, as it held at this act's entry.
  [[nodiscard]] const model::ProgrammePolicy& policy_at(const ProvedAct& act) const {
    return state::policy_at(programme, act.index, act.entry.recorded_at);
  }
};

// The report, by its developer, on a project that was validated and registered before it, of a
// programme that governance registered. Errors: CERTIFICATE_PART_MISSING, CERTIFICATE_LINK_BROKEN,
// CERTIFICATE_SUMMARY_DIFFERS (the unit), those of check_effect.
Result<Origin> prove_origin(CertificateParts& parts, const model::ReportId& report);

// The batch is what its issuance made of the report, no more than claimed and verified; the serials
// of the buffer are set apart. Errors: the same, CERTIFICATE_TONNES_DIFFER.
Status check_batch(CertificateParts& parts, const Origin& origin, const model::BatchRow& batch);

}  // namespace mrv::verifier
