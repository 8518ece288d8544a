// Reading a factor table: the row of its keys, or between rows. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "ledger/methodology/slice.h"

namespace mrv::methodology {

// Errors: CALCULATION_FAILED where no row has these keys.
Result<Rational> row_of(const PreparedTable& table, const std::vector<std::string_view>& keys);

// `keys`: all but the last. Errors: CALCULATION_FAILED beyond the listed keys.
Result<Rational> between_rows(const PreparedTable& table, const std::vector<std::string_view>& keys,
                              const Rational& last, model::Interpolation interpolation);

}  // namespace mrv::methodology
