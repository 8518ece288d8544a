// The price of a calculation before it runs (ADR 9).
#pragma once

#include "ledger/methodology/evaluate.h"

namespace mrv::methodology {

// Node evaluations that evaluating the slice can take at most: an expression over records counts
// once for each of them, and a reduction inside it all its records each time. A look-up also costs
// a step for every kRowsPerStep rows of its table. Never more than kCalculationCostMax + 1.
std::uint64_t price_of(const Slice& slice);

}  // namespace mrv::methodology
