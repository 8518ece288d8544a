// The parts of compile() that are files of their own. Internal to it; errors are
// METHODOLOGY_INVALID.
#pragma once

#include <string>
#include <string_view>

#include "ledger/methodology/program.h"

namespace mrv::methodology {

inline Error invalid(std::string detail, std::string pointer) {
  return {"METHODOLOGY_INVALID", std::move(detail), std::move(pointer)};
}

// a-z A-Z 0-9 _ -, starting with a letter: never a number, never a dotted name.
bool is_name(std::string_view text);
bool is_date(model::FieldType type);

// Fields, shape, keys. The axes have their names already.
Result<CompiledParameter> compile_parameter(const model::Parameter& parameter,
                                            const Program& program, const std::string& at);
// Where each axis gets its members, and that all its fields are of one type.
Status compile_axes(Program& program);

Status compile_output(const model::MethodologyOutput& output, Program& program,
                      const std::string& at);
// Tonnes, kilograms or grams of CO2e, counted as a flow or a change, rounded down to whole units.
Status check_credited(Program& program);

}  // namespace mrv::methodology
