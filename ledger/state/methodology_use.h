// Whether a methodology is still in use (schemas/spec/registry.md 4): what RetireMethodology ended.
// That it is registered and active is asked elsewhere; an unknown one passes.
#pragma once

#include "ledger/state/context.h"

namespace mrv::state {

// For a report: METHODOLOGY_RETIRED where the period ends after the last period end accepted.
Check require_in_use_until(Context& context, const Hash& methodology, model::Day period_end,
                           const std::string& pointer);

// For a project or its amendment: METHODOLOGY_RETIRED where crediting under the methodology would
// begin on or after that day.
Check require_in_use_from(Context& context, const Hash& methodology, model::Day first_day,
                          const std::string& pointer);

}  // namespace mrv::state
