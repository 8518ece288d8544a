// The arithmetic between an exact result and whole units (domain.md 5): nothing is rounded twice,
// nothing leaks, a loss is carried until it is made good.
#pragma once

#include "ledger/base/rational.h"
#include "ledger/state/context.h"

namespace mrv::state {

// A number of a row. Precondition: it was written by these rules, canonically.
Rational stored_number(const std::string& text);

struct VintageSettlement {
  Units ceiling = 0;  // the most that may be issued
  Rational carry;     // of the project and vintage, in [0, 1)
  Rational deficit;   // of the project, not negative
};

// available = exact + carry - deficit. Negative: it is the new deficit and nothing may be issued.
// Otherwise its whole part may be, and the rest is carried. Errors: NUMBER_TOO_LARGE.
Result<VintageSettlement> settle_vintage(const Rational& exact, const Rational& carry,
                                         const Rational& deficit);

// min(quantity, ceil(rate × base)). Errors: NUMBER_TOO_LARGE.
Result<Units> buffer_share(Units quantity, const Rational& rate, const Rational& base);

// One batch per (report, vintage): the id is made of the issuing document's digest and the year.
model::BatchId batch_id_of(const Hash& document, std::int64_t year);

}  // namespace mrv::state
