// Findings of a verification (domain.md 4): corrective actions and clarifications stand in the way
// of their own report, forward actions in that of later ones once they are late.
#pragma once

#include <string>

#include "ledger/state/context.h"

namespace mrv::state {

// FINDING_OPEN at `pointer` while a CAR or CL on the report is open.
Check check_findings(Context& context, const model::ReportRow& report, const std::string& pointer);

// FINDING_OPEN at `pointer` while a FAR on a report of an earlier period of the project is open and
// past its deadline. One on a superseded or withdrawn report counts no more.
Check check_forward_actions(Context& context, const model::ReportRow& report,
                            const std::string& pointer);

// For a report that is superseded or withdrawn: its open FARs leave the project's index.
void forget_findings(Context& context, const model::ReportRow& report);

}  // namespace mrv::state
