// What kind of quantity a sum, a product, a root is (schemas/spec/methodology.md, Units and kinds):
// a stock is never taken for a change, nor either for a flow. Pure.
#pragma once

#include <optional>

#include "ledger/model/methodology.h"

namespace mrv::methodology {

// Nothing: a pure number, which takes the kind of what it meets.
using Kind = std::optional<model::QuantityKind>;

// Stock, change and flow: what adds up over space or time.
bool is_extensive(model::QuantityKind kind);
bool is_square(model::QuantityKind kind);

// The kind of the result; nothing (the outer optional) where the two do not go together.
std::optional<Kind> same_kind(Kind a, Kind b);
std::optional<Kind> kind_of_sum(Kind a, Kind b);
std::optional<Kind> kind_of_difference(Kind a, Kind b);
std::optional<Kind> kind_of_product(Kind a, Kind b);
std::optional<Kind> kind_of_quotient(Kind a, Kind b);
std::optional<Kind> kind_of_root(Kind a);

}  // namespace mrv::methodology
