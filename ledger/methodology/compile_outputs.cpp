// Outputs: what is rounded, and which of them is credited.
#include <algorithm>

#include "ledger/methodology/compile_parts.h"

namespace mrv::methodology {
namespace {

using model::QuantityKind;

std::size_t position_of(const Program& program, std::string_view name) {
  const auto found = std::find_if(program.outputs.begin(), program.outputs.end(),
                                  [&](const auto& output) { return output.name == name; });
  return static_cast<std::size_t>(found - program.outputs.begin());
}

const Type& type_of_output(const Program& program, std::size_t output) {
  return program.definitions[program.outputs[output].definition].node.type;
}

}  // namespace

Status compile_output(const model::MethodologyOutput& output, Program& program,
                      const std::string& at) {
  const auto found =
      std::find_if(program.definitions.begin(), program.definitions.end(),
                   [&](const auto& definition) { return definition.name == output.definition; });
  if (found == program.definitions.end()) {
    return invalid("unknown definition " + output.definition, at + "/definition");
  }
  const auto& axes = found->node.type.axes;
  CompiledOutput compiled;
  compiled.name = output.name;
  compiled.definition = static_cast<std::size_t>(found - program.definitions.begin());
  compiled.round = output.round;
  compiled.basis = output.basis.value_or(model::RoundBasis::each);
  const bool series = program.document.vintages == model::VintageRule::series;
  compiled.is_reported = series ? axes == std::vector<AxisId>{program.year_axis()} : axes.empty();
  if (!axes.empty() && program.is_records(axes.back())) {
    return invalid("an output does not range over records", at + "/definition");
  }
  if (!compiled.is_reported && compiled.basis == model::RoundBasis::cumulative) {
    return invalid("only what is reported by year has a running total", at + "/basis");
  }
  MRV_TRY(compiled.step, Rational::parse(output.step.text));
  if (compiled.step.is_negative() || compiled.step.is_zero()) {
    return invalid("a step is above zero", at + "/step");
  }
  program.outputs.push_back(std::move(compiled));
  return {};
}

Status check_credited(Program& program) {
  const std::size_t credited = position_of(program, kCreditedOutput);
  const bool inventory = program.document.purpose == model::Purpose::inventory;
  if (inventory) {
    const bool credits = credited != program.outputs.size() ||
                         position_of(program, kBufferBaseOutput) != program.outputs.size();
    return credits ? Status(invalid("an inventory credits nothing", "/outputs")) : Status();
  }
  if (credited == program.outputs.size()) {
    return invalid("there is no output named credited", "/outputs");
  }
  program.credited = credited;
  const auto& output = program.outputs[credited];
  const Type& type = type_of_output(program, credited);
  const std::string unit = type.unit.text();
  if (unit == "tCO2e") {
    program.tonnes_per_unit = Rational(1);
  } else if (unit == "kgCO2e") {
    MRV_TRY(program.tonnes_per_unit, Rational::parse("1/1000"));
  } else if (unit == "gCO2e") {
    MRV_TRY(program.tonnes_per_unit, Rational::parse("1/1000000"));
  } else {
    return invalid("credited is tCO2e, kgCO2e or gCO2e", "/outputs");
  }
  if (type.kind != QuantityKind::flow && type.kind != QuantityKind::change) {
    return invalid("credited is a flow or a change, never a stock", "/outputs");
  }
  if (output.round != model::RoundDirection::floor || !(output.step == Rational(1))) {
    return invalid("credited is rounded down to whole units", "/outputs");
  }
  if (!output.is_reported) return invalid("credited is one number for each year", "/outputs");
  const std::size_t base = position_of(program, kBufferBaseOutput);
  if (base == program.outputs.size()) return {};
  if (!(type_of_output(program, base).unit == type.unit)) {
    return invalid("bufferBase is of another unit", "/outputs");
  }
  if (!program.outputs[base].is_reported) {
    return invalid("bufferBase is one number for each year", "/outputs");
  }
  program.buffer_base = base;
  return {};
}

}  // namespace mrv::methodology
