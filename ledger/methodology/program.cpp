// Compiling a document part by part, in its own order.
#include "ledger/methodology/program.h"

#include <algorithm>
#include <set>

#include "ledger/methodology/compile_parts.h"
#include "ledger/methodology/expression.h"

namespace mrv::methodology {
namespace {

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

Status compile_table(const model::TableReference& table, Program& program, const std::string& at) {
  auto unit = parse_unit(table.unit);
  if (!unit.ok()) return invalid(unit.error().detail, at + "/unit");
  if (table.key_unit && !table.interpolation) {
    return invalid("keys are texts where nothing is interpolated", at + "/keyUnit");
  }
  auto key_unit = parse_unit(table.key_unit.value_or("1"));
  if (!key_unit.ok()) return invalid(key_unit.error().detail, at + "/keyUnit");
  program.table_units.push_back(*std::move(unit));
  program.table_key_units.push_back(*std::move(key_unit));
  return {};
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
  if (node->type.value != ValueClass::kBoolean || !node->type.axes.empty()) {
    return invalid("a check is one yes or no: use all or any", at + "/that");
  }
  program.checks.push_back({check.name, *std::move(node)});
  return {};
}

std::string item(const char* list, std::size_t i) {
  return std::string("/") + list + "/" + std::to_string(i);
}

}  // namespace

bool is_reduction(Operator op) { return op >= Operator::kSum && op <= Operator::kAny; }

AxisId Program::year_axis() const {
  const auto found = std::find_if(axes.begin(), axes.end(), [](const CompiledAxis& axis) {
    return axis.type == model::FieldType::year;
  });
  return static_cast<AxisId>(found - axes.begin());
}

Result<Program> compile(const model::Methodology& document) {
  Program program;
  program.document = document;
  if (document.engine != kEngineVersion) {
    return invalid("it is written for engine " + document.engine, "/engine");
  }
  Names names;
  const auto axes = document.axes.value_or(std::vector<model::Axis>());
  for (std::size_t i = 0; i < axes.size(); ++i) {
    MRV_CHECK(names.take(axes[i].name, item("axes", i)));
    program.axes.push_back({axes[i].name});
  }
  for (std::size_t i = 0; i < document.parameters.size(); ++i) {
    MRV_CHECK(names.take(document.parameters[i].name, item("parameters", i)));
    MRV_TRY(CompiledParameter done,
            compile_parameter(document.parameters[i], program, item("parameters", i)));
    program.parameters.push_back(std::move(done));
  }
  MRV_CHECK(compile_axes(program));
  for (std::size_t i = 0; i < document.tables.size(); ++i) {
    MRV_CHECK(names.take(document.tables[i].name, item("tables", i)));
    MRV_CHECK(compile_table(document.tables[i], program, item("tables", i)));
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
