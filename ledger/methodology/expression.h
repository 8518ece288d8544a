// Typing one expression against the names that stand above it. Internal to compile().
#pragma once

#include "ledger/methodology/program.h"

namespace mrv::methodology {

// Errors: METHODOLOGY_INVALID without a pointer.
Result<Node> type_expression(const codec::Expression& expression, const Program& program);

// The kind of a sum, difference, product or quotient; nothing where the two do not go together.
// Nothing inside the argument stands for a pure number.
using Kind = std::optional<model::QuantityKind>;
std::optional<Kind> kind_of_sum(Kind a, Kind b);
std::optional<Kind> kind_of_difference(Kind a, Kind b);
std::optional<Kind> kind_of_product(Kind a, Kind b);
std::optional<Kind> kind_of_quotient(Kind a, Kind b);

}  // namespace mrv::methodology
