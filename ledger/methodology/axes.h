// Sets of axes: what values range over and how they go together. Pure.
#pragma once

#include "ledger/methodology/program.h"

namespace mrv::methodology {

// Lists of axes are ascending and hold none twice.
bool has_axis(const std::vector<AxisId>& axes, AxisId axis);
std::vector<AxisId> with_axis(std::vector<AxisId> axes, AxisId axis);
std::vector<AxisId> without_axes(const std::vector<AxisId>& axes, const std::vector<AxisId>& taken);

// What the fields of a parameter range over.
std::vector<AxisId> axes_of(const Program& program, const CompiledParameter& parameter,
                            std::size_t position);

// Records go together with no other axis. Errors: METHODOLOGY_INVALID.
Status check_together(const Program& program, const std::vector<AxisId>& axes);
// The axes of all operands. Errors: METHODOLOGY_INVALID.
Result<std::vector<AxisId>> common_axes(const Program& program, const std::vector<Node>& items);

}  // namespace mrv::methodology
