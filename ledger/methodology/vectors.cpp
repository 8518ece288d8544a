// What registration asks of a document beyond compiling: its own vectors, and every check seen to
// hold and to fail (whether an expression can be false at all is undecidable; an example is not).
#include <algorithm>
#include <set>

#include "ledger/methodology/engine.h"

namespace mrv::methodology {
namespace {

Error amiss(std::string detail, std::string pointer) {
  return {"METHODOLOGY_INVALID", std::move(detail), std::move(pointer)};
}

// Whether the failure of `name` is what came out.
bool is_failure_of(const Error& error, const std::string& name) {
  return error.name == "CHECK_FAILED" && error.detail.starts_with(name + ":");
}

// Where the expectation's value stands among the definition's values. Errors: METHODOLOGY_INVALID.
Result<std::size_t> position_of(const TracedSlice& slice, const TracedValue& value,
                                const model::ExpectedValue& expected, const std::string& at) {
  const auto named = expected.at.value_or(std::vector<std::string>());
  if (named.size() != value.axes.size()) {
    return amiss(expected.definition + " has " + std::to_string(value.axes.size()) + " axes", at);
  }
  std::size_t position = 0;
  for (std::size_t a = 0; a < named.size(); ++a) {
    const auto axis =
        std::find_if(slice.axes.begin(), slice.axes.end(),
                     [&](const TracedAxis& each) { return each.name == value.axes[a]; });
    if (axis == slice.axes.end()) return amiss("it ranges over records", at);
    const auto member = std::find(axis->members.begin(), axis->members.end(), named[a]);
    if (member == axis->members.end()) return amiss("no member " + named[a], at);
    position =
        position * axis->members.size() + static_cast<std::size_t>(member - axis->members.begin());
  }
  return position;
}

Status compare_one(const Calculation& calculation, const model::ExpectedValue& expected,
                   const std::string& at) {
  const auto wanted = Rational::parse(expected.value);
  if (!wanted.ok()) return amiss("not a number: " + expected.value, at);
  for (const auto& slice : calculation.trace) {
    if (slice.year && slice.year != expected.year) continue;
    for (const auto& value : slice.values) {
      if (value.name != expected.definition) continue;
      MRV_TRY(const std::size_t position, position_of(slice, value, expected, at));
      const std::string& found = value.values[position];
      if (found == wanted->text()) return {};
      return amiss(expected.definition + " is " + found + ", the vector expects " + wanted->text(),
                   at);
    }
  }
  return amiss("the vector expects what is not calculated", at);
}

Status compare(const Calculation& calculation, const model::MethodologyVector& vector,
               const std::string& at) {
  for (std::size_t e = 0; e < vector.expect.size(); ++e) {
    MRV_CHECK(compare_one(calculation, vector.expect[e], at + "/expect/" + std::to_string(e)));
  }
  return {};
}

// A vector with what it takes from the one it is like.
struct ResolvedVector {
  std::string name;
  codec::Inputs inputs;
  std::vector<model::FactorTable> tables;
};

Result<ResolvedVector> resolve(const model::MethodologyVector& vector,
                               const std::vector<ResolvedVector>& above, const std::string& at) {
  ResolvedVector resolved;
  if (vector.like) {
    const auto like = std::find_if(above.begin(), above.end(),
                                   [&](const auto& each) { return each.name == *vector.like; });
    if (like == above.end()) return amiss("no vector above has this name", at + "/like");
    resolved = *like;
  }
  resolved.name = vector.name;
  const auto inputs = codec::decode_inputs(vector.inputs);
  if (!inputs.ok()) return amiss(inputs.error().detail, at + "/inputs");
  for (const auto& [name, given] : *inputs) resolved.inputs[name] = given;
  if (!vector.tables.empty()) resolved.tables.clear();
  for (const auto& raw : vector.tables) {
    auto table = codec::decode_factor_table(raw.canonical);
    if (!table.ok()) return amiss(table.error().detail, at + "/tables");
    if (!check_table(*table).ok()) return amiss("a table does not hold", at + "/tables");
    resolved.tables.push_back(*std::move(table));
  }
  return resolved;
}

Status run_vector(const Program& program, const model::MethodologyVector& vector,
                  const ResolvedVector& resolved, const std::string& at, Meter& meter) {
  if (vector.period.to <= vector.period.from) return amiss("the period is empty", at);
  const auto calculation =
      calculate(program, vector.period, resolved.inputs, resolved.tables, std::nullopt, meter);
  if (vector.fails) {
    const bool as_said = !calculation.ok() && is_failure_of(calculation.error(), *vector.fails);
    return as_said ? Status() : Status(amiss("the vector does not fail as it says", at));
  }
  if (!calculation.ok()) {
    return amiss(std::string(calculation.error().name) + ": " + calculation.error().detail, at);
  }
  if (vector.expect.empty()) return amiss("the vector expects nothing", at);
  return compare(*calculation, vector, at);
}

}  // namespace

Result<Program> check_document(const model::Methodology& document) {
  MRV_TRY(Program program, compile(document));
  std::set<std::string> failed;
  bool any_holds = false;
  Meter meter;  // one for all: the vectors together cost no more than a report may
  std::vector<ResolvedVector> vectors;
  for (std::size_t v = 0; v < document.vectors.size(); ++v) {
    const std::string at = "/vectors/" + std::to_string(v);
    MRV_TRY(ResolvedVector resolved, resolve(document.vectors[v], vectors, at));
    MRV_CHECK(run_vector(program, document.vectors[v], resolved, at, meter));
    vectors.push_back(std::move(resolved));
    if (document.vectors[v].fails) {
      failed.insert(*document.vectors[v].fails);
    } else {
      any_holds = true;  // a calculation that comes out has seen every check hold
    }
  }
  if (!any_holds) return amiss("no vector comes out", "/vectors");
  for (std::size_t c = 0; c < document.checks.size(); ++c) {
    if (failed.contains(document.checks[c].name)) continue;
    return amiss("no vector makes the check fail", "/checks/" + std::to_string(c));
  }
  return program;
}

}  // namespace mrv::methodology
