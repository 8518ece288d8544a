// What registration asks of a document beyond compiling: its own vectors, and every check seen to
// hold and to fail (whether an expression can be false at all is undecidable; an example is not).
#include <algorithm>
#include <set>

#include "ledger/methodology/engine.h"

namespace mrv::methodology {
namespace {

Error invalid(std::string detail, std::string pointer) {
  return {"METHODOLOGY_INVALID", std::move(detail), std::move(pointer)};
}

// Whether the failure of `name` is what came out.
bool is_failure_of(const Error& error, const std::string& name) {
  return error.name == "CHECK_FAILED" && error.detail.starts_with(name + ":");
}

Status compare(const Calculation& calculation, const model::MethodologyVector& vector,
               const std::string& at) {
  for (const auto& expected : vector.expect) {
    const auto wanted = Rational::parse(expected.value);
    if (!wanted.ok()) return invalid("not a number: " + expected.value, at);
    std::optional<std::string> found;
    for (const auto& slice : calculation.trace) {
      if (slice.year && *slice.year != expected.year) continue;
      for (const auto& value : slice.values) {
        if (value.definition == expected.definition && value.values.size() == 1) {
          found = value.values[0];
        }
      }
    }
    if (!found) return invalid("the vector expects what is not calculated", at);
    if (*found != wanted->text()) {
      return invalid(
          expected.definition + " is " + *found + ", the vector expects " + wanted->text(), at);
    }
  }
  return {};
}

Status run_vector(const Program& program, const model::MethodologyVector& vector,
                  const std::string& at, Meter& meter) {
  std::vector<model::FactorTable> tables;
  for (const auto& raw : vector.tables) {
    auto table = codec::decode_factor_table(raw.canonical);
    if (!table.ok()) return invalid(table.error().detail, at + "/tables");
    if (!check_table(*table).ok()) return invalid("a table does not hold", at + "/tables");
    tables.push_back(*std::move(table));
  }
  if (vector.period.to <= vector.period.from) return invalid("the period is empty", at);
  const auto inputs = codec::decode_inputs(vector.inputs);
  if (!inputs.ok()) return invalid(inputs.error().detail, at + "/inputs");
  const auto calculation = calculate(program, vector.period, *inputs, tables, meter);
  if (vector.fails) {
    const bool as_said = !calculation.ok() && is_failure_of(calculation.error(), *vector.fails);
    return as_said ? Status() : Status(invalid("the vector does not fail as it says", at));
  }
  if (!calculation.ok()) {
    return invalid(std::string(calculation.error().name) + ": " + calculation.error().detail, at);
  }
  if (vector.expect.empty()) return invalid("the vector expects nothing", at);
  return compare(*calculation, vector, at);
}

}  // namespace

Result<Program> check_document(const model::Methodology& document) {
  MRV_TRY(Program program, compile(document));
  std::set<std::string> failed;
  bool any_holds = false;
  Meter meter;  // one for all: the vectors together cost no more than a report may
  for (std::size_t v = 0; v < document.vectors.size(); ++v) {
    MRV_CHECK(run_vector(program, document.vectors[v], "/vectors/" + std::to_string(v), meter));
    if (document.vectors[v].fails) {
      failed.insert(*document.vectors[v].fails);
    } else {
      any_holds = true;  // a calculation that comes out has seen every check hold
    }
  }
  if (!any_holds) return invalid("no vector comes out", "/vectors");
  for (std::size_t c = 0; c < document.checks.size(); ++c) {
    if (failed.contains(document.checks[c].name)) continue;
    return invalid("no vector makes the check fail", "/checks/" + std::to_string(c));
  }
  return program;
}

}  // namespace mrv::methodology
