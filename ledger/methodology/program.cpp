// Compiling a document part by part, in its own order.
#include "ledger/methodology/program.h"

#include <algorithm>
#include <set>

#include "ledger/methodology/expression.h"

namespace mrv::methodology {
namespace {

using model::FieldType;
using model::ParameterShape;
using model::QuantityKind;

Error invalid(std::string detail, std::string pointer) {
  return {"METHODOLOGY_INVALID", std::move(detail), std::move(pointer)};
}

// a-z A-Z 0-9 _ -, starting with a letter: never a number, never a dotted name.
bool is_name(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

bool is_date(FieldType type) {
  return type == FieldType::year || type == FieldType::quarter || type == FieldType::day;
}

bool is_extensive(QuantityKind kind) {
  return kind == QuantityKind::stock || kind == QuantityKind::change || kind == QuantityKind::flow;
}

// Names are given once over parameters, tables and definitions.
class Names {
 public:
  Status take(const std::string& name, const std::string& pointer) {
    if (!is_name(name)) return invalid("not a name: " + name, pointer);
    if (!taken_.insert(name).second) return invalid("the name is taken: " + name, pointer);
    return {};
  }

 private:
  std::set<std::string> taken_;
};

Result<CompiledField> compile_field(const model::ParameterField& field, const std::string& at) {
  if (!is_name(field.name)) return invalid("not a name: " + field.name, at);
  CompiledField compiled{field, {}, std::nullopt, std::nullopt};
  const bool number = field.type == FieldType::number;
  if (number != (field.unit.has_value() && field.kind.has_value())) {
    return invalid("exactly numbers have a unit and a kind", at);
  }
  if (!number && (field.min || field.max)) return invalid("only numbers have a range", at);
  if (!number) return compiled;
  auto unit = parse_unit(*field.unit);
  if (!unit.ok()) return invalid(unit.error().detail, at + "/unit");
  compiled.unit = *std::move(unit);
  if (field.min) {
    MRV_TRY(compiled.min, Rational::parse(field.min->text));
  }
  if (field.max) {
    MRV_TRY(compiled.max, Rational::parse(field.max->text));
  }
  return compiled;
}

// Which dated and text fields a shape asks for.
Status check_shape(const CompiledParameter& compiled, model::VintageRule rule,
                   const std::string& at) {
  const auto shape = compiled.parameter.shape;
  const auto dates = std::count_if(compiled.fields.begin(), compiled.fields.end(),
                                   [](const auto& f) { return is_date(f.field.type); });
  if (shape == ParameterShape::constant && dates != 0) {
    return invalid("a constant has no date", at);
  }
  if (shape != ParameterShape::constant && dates != 1) {
    return invalid("annual values and rows have one dated field", at);
  }
  if (shape == ParameterShape::annual &&
      compiled.fields[*compiled.date_field].field.type != FieldType::year) {
    return invalid("annual values are dated by year", at);
  }
  if (compiled.parameter.complete_by && shape != ParameterShape::rows) {
    return invalid("completeBy is for rows", at);
  }
  // A constant would count once in every calendar year.
  const bool counted_again =
      shape == ParameterShape::constant && rule == model::VintageRule::dated &&
      std::any_of(compiled.fields.begin(), compiled.fields.end(),
                  [](const auto& f) { return f.field.kind && is_extensive(*f.field.kind); });
  if (counted_again) return invalid("a quantity needs a date: make it annual or rows", at);
  return {};
}

Result<CompiledParameter> compile_parameter(const model::Parameter& parameter,
                                            model::VintageRule rule, const std::string& at) {
  CompiledParameter compiled;
  compiled.parameter = parameter;
  if (parameter.conservative != "high" && parameter.conservative != "low") {
    return invalid("conservative is high or low", at + "/conservative");
  }
  for (std::size_t f = 0; f < parameter.fields.size(); ++f) {
    const auto& field = parameter.fields[f];
    const std::string pointer = at + "/fields/" + std::to_string(f);
    for (const auto& other : compiled.fields) {
      if (other.field.name == field.name) return invalid("the field is named twice", pointer);
    }
    MRV_TRY(CompiledField done, compile_field(field, pointer));
    if (is_date(field.type)) compiled.date_field = f;
    if (parameter.complete_by == field.name && field.type == FieldType::text) {
      compiled.complete_by = f;
    }
    compiled.fields.push_back(std::move(done));
  }
  if (parameter.complete_by && !compiled.complete_by) {
    return invalid("completeBy names no text field", at + "/completeBy");
  }
  MRV_CHECK(check_shape(compiled, rule, at));
  return compiled;
}

// NOLINTNEXTLINE(misc-no-recursion): the expression's depth was bounded when it was read
std::size_t count_nodes(const Node& node) {
  std::size_t count = 1;
  for (const Node& item : node.items) count += count_nodes(item);
  return count;
}

Result<Node> compile_expression(const model::RawJson& raw, Program& program,
                                const std::string& at) {
  const auto expression = codec::parse_expression(raw);
  if (!expression.ok()) return invalid(expression.error().detail, at);
  auto node = type_expression(*expression, program);
  if (!node.ok()) return invalid(node.error().detail, at);
  program.nodes += count_nodes(*node);
  if (program.nodes > kExpressionNodesMax) {
    return invalid("more than " + std::to_string(kExpressionNodesMax) + " nodes", at);
  }
  return node;
}

Status compile_definition(const model::Definition& definition, Program& program,
                          const std::string& at) {
  auto node = compile_expression(definition.expression, program, at + "/expression");
  if (!node.ok()) return node.error();
  auto unit = parse_unit(definition.unit);
  if (!unit.ok()) return invalid(unit.error().detail, at + "/unit");
  Type& type = node->type;
  if (type.value != ValueClass::kNumber) return invalid("a definition is a number", at);
  if (!type.is_zero_literal && !(type.unit == *unit)) {
    return invalid("it yields " + type.unit.text() + ", not " + unit->text(), at + "/unit");
  }
  if (type.kind && *type.kind != definition.kind) {
    return invalid("it yields a " + std::string(model::name_of(*type.kind)), at + "/kind");
  }
  type.unit = *std::move(unit);
  type.kind = definition.kind;
  type.is_zero_literal = false;
  program.definitions.push_back({definition.name, *std::move(node)});
  return {};
}

Status compile_check(const model::MethodologyCheck& check, Program& program,
                     const std::string& at) {
  auto node = compile_expression(check.that, program, at + "/that");
  if (!node.ok()) return node.error();
  if (node->type.value != ValueClass::kBoolean || node->type.over) {
    return invalid("a check is one yes or no: use all or any over records", at + "/that");
  }
  program.checks.push_back({check.name, *std::move(node)});
  return {};
}

Status compile_output(const model::MethodologyOutput& output, Program& program,
                      const std::string& at) {
  const auto found =
      std::find_if(program.definitions.begin(), program.definitions.end(),
                   [&](const auto& definition) { return definition.name == output.definition; });
  if (found == program.definitions.end()) {
    return invalid("unknown definition " + output.definition, at + "/definition");
  }
  if (found->node.type.over) return invalid("an output is one number", at + "/definition");
  CompiledOutput compiled;
  compiled.name = output.name;
  compiled.definition = static_cast<std::size_t>(found - program.definitions.begin());
  compiled.round = output.round;
  MRV_TRY(compiled.step, Rational::parse(output.step.text));
  if (compiled.step.is_negative() || compiled.step.is_zero()) {
    return invalid("a step is above zero", at + "/step");
  }
  program.outputs.push_back(std::move(compiled));
  return {};
}

// Tonnes, kilograms or grams of CO2e, counted as a flow or a change, rounded down to whole units.
Status check_credited(Program& program) {
  const auto position = [&](std::string_view name) {
    const auto found = std::find_if(program.outputs.begin(), program.outputs.end(),
                                    [&](const auto& output) { return output.name == name; });
    return static_cast<std::size_t>(found - program.outputs.begin());
  };
  program.credited = position(kCreditedOutput);
  if (program.credited == program.outputs.size()) {
    return invalid("there is no output named credited", "/outputs");
  }
  const auto& output = program.outputs[program.credited];
  const Type& type = program.definitions[output.definition].node.type;
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
  const std::size_t base = position(kBufferBaseOutput);
  if (base < program.outputs.size()) {
    const Type& other = program.definitions[program.outputs[base].definition].node.type;
    if (!(other.unit == type.unit)) return invalid("bufferBase is of another unit", "/outputs");
    program.buffer_base = base;
  }
  return {};
}

std::string item(const char* list, std::size_t i) {
  return std::string("/") + list + "/" + std::to_string(i);
}

}  // namespace

bool is_reduction(Operator op) {
  return op == Operator::kSum || op == Operator::kSumProduct || op == Operator::kCount ||
         op == Operator::kAll || op == Operator::kAny;
}

std::size_t rows_of(const Node& reduction) {
  const auto found = std::find_if(reduction.items.begin(), reduction.items.end(),
                                  [](const Node& item) { return item.type.over.has_value(); });
  return *found->type.over;
}

Result<Program> compile(const model::Methodology& document) {
  Program program;
  program.document = document;
  if (document.engine != kEngineVersion) {
    return invalid("it is written for engine " + document.engine, "/engine");
  }
  Names names;
  for (std::size_t i = 0; i < document.parameters.size(); ++i) {
    MRV_CHECK(names.take(document.parameters[i].name, item("parameters", i)));
    MRV_TRY(CompiledParameter done,
            compile_parameter(document.parameters[i], document.vintages, item("parameters", i)));
    program.parameters.push_back(std::move(done));
  }
  for (std::size_t i = 0; i < document.tables.size(); ++i) {
    MRV_CHECK(names.take(document.tables[i].name, item("tables", i)));
    auto unit = parse_unit(document.tables[i].unit);
    if (!unit.ok()) return invalid(unit.error().detail, item("tables", i) + "/unit");
    program.table_units.push_back(*std::move(unit));
  }
  for (std::size_t i = 0; i < document.definitions.size(); ++i) {
    MRV_CHECK(names.take(document.definitions[i].name, item("definitions", i)));
    MRV_CHECK(compile_definition(document.definitions[i], program, item("definitions", i)));
  }
  Names check_names;
  for (std::size_t i = 0; i < document.checks.size(); ++i) {
    MRV_CHECK(check_names.take(document.checks[i].name, item("checks", i)));
    MRV_CHECK(compile_check(document.checks[i], program, item("checks", i)));
  }
  Names output_names;
  for (std::size_t i = 0; i < document.outputs.size(); ++i) {
    MRV_CHECK(output_names.take(document.outputs[i].name, item("outputs", i)));
    MRV_CHECK(compile_output(document.outputs[i], program, item("outputs", i)));
  }
  MRV_CHECK(check_credited(program));
  return program;
}

}  // namespace mrv::methodology
