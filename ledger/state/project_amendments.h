// Changes of a project that need a new validation (schemas/spec/registry.md 5).
#pragma once

#include "ledger/state/authority.h"
#include "ledger/state/context.h"

namespace mrv::state {

// What of an act differs from the project as it is. Pure: a certificate is judged by the same.
model::AmendmentRow changes_of(const model::ProjectRow& project, const model::AmendProject& act);
model::AmendmentRow changes_of(const model::ProjectRow& project,
                               const model::RenewCreditingPeriod& act);
// Whether an AmendProject changes what a VVB looked at: methodology, boundary or capacity.
bool needs_validation(const model::AmendmentRow& row);
// `project` with everything that the amendment says; its ground is no part of it.
void apply_amendment(model::ProjectRow& project, const model::AmendmentRow& row);

// A verifier's opinion on the amendment that waits, in place of the project's design. Refusals:
// AMENDMENT_STATE_WRONG, PROJECT_DIGEST_DIFFERS, VVB_NOT_ACCREDITED, VVB_NOT_INDEPENDENT.
// Precondition: project.amendment.
Check validate_amendment(Context& context, const model::ValidateProject& act,
                         const ActingParty& acting, model::ProjectRow& project);

// The amendment that waits ends with its project, if there is one.
void end_amendment(Context& context, model::ProjectRow& project);

}  // namespace mrv::state
