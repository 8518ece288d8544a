// Typing one expression against the names that stand above it. Internal to compile().
#pragma once

#include "ledger/methodology/program.h"

namespace mrv::methodology {

// Groupings that the expression needs are added to the program. Errors: METHODOLOGY_INVALID without
// a pointer.
Result<Node> type_expression(const codec::Expression& expression, Program& program);

// Of a unit, a kind and a text for people, of operands that were typed. Errors:
// METHODOLOGY_INVALID.
Result<Type> type_of(Operator op, const std::vector<Node>& items);

}  // namespace mrv::methodology
