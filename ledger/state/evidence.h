// Evidence named by a monitoring report (domain.md 4): taken when, signed by which device, and used
// by whom else.
#pragma once

#include "ledger/state/context.h"

namespace mrv::state {

// What a device or laboratory key signs: evidence of one project and period, taken then. The first
// line keeps it apart from everything else that is ever signed.
inline constexpr std::string_view kEvidenceMessageHeader = "mrv-ledger/evidence/v1";
std::string evidence_message(const model::Evidence& evidence, const model::ProjectId& project,
                             const model::Period& period);

// Item by item, in this order: ITEM_REPEATED, EVIDENCE_DATE_INVALID, EVIDENCE_SERIES_INVALID,
// EVIDENCE_SIGNATURE_MISSING, BASE64_INVALID and DEVICE_SIGNATURE_INVALID, EVIDENCE_REUSED (unless
// the other report is the superseded one).
Check check_evidence(Context& context, const model::SubmitMonitoringReport& act,
                     const model::ProgrammePolicy& policy);

// The act's digests into the report's two lists, in the act's order.
void name_evidence(const model::SubmitMonitoringReport& act, const model::ProgrammePolicy& policy,
                   model::ReportRow& out);

}  // namespace mrv::state
