// Which live or issued reports name an evidence digest (domain.md 4): under an exclusive kind it
// serves one report and no other, whatever the others call it and whichever came first.
#pragma once

#include "ledger/state/context.h"

namespace mrv::state {

// EVIDENCE_REUSED where another report than the superseded one names the digest, and either of the
// two names it under an exclusive kind.
Check check_unused(Context& context, const model::SubmitMonitoringReport& act,
                   const model::Evidence& evidence, bool exclusive, const std::string& pointer);

// The report's digests are counted, or no longer counted.
void use_evidence(Context& context, const model::ReportRow& report);
void release_evidence(Context& context, const model::ReportRow& report);

}  // namespace mrv::state
