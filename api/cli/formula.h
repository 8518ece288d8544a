// An expression as people write formulas: (a + b) × c instead of ["*", ["+", "a", "b"], "c"].
#pragma once

#include <string>

#include "ledger/codec/methodology_codec.h"

namespace mrv::cli {

// Operators between their operands, everything else as name(operand, …); a quantity is its number
// and unit.
std::string formula(const codec::Expression& expression);

}  // namespace mrv::cli
