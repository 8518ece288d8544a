// Recomputing tonnes: a document, a project's data and the factor tables in; exact and rounded
// outputs for every calendar year and a trace of every definition out (methodologies.md 10.4).
//
// Used alike by the node, by `mrv report check`, by replay and by the tests. Pure, any thread.
#pragma once

#include <string>
#include <vector>

#include "ledger/methodology/meter.h"
#include "ledger/methodology/program.h"

namespace mrv::methodology {

struct OutputValue {
  std::string name;
  Rational exact;
  Rational rounded;
};

struct YearResult {
  std::int64_t year = 0;
  Rational credited;  // exact, in the document's own unit; 0 of an inventory
  std::optional<Rational> buffer_base;
  std::vector<OutputValue> outputs;
};

// A definition's values, or a rounded output's: canonical rationals, one for each combination of
// members of the axes that `axes` names (a parameter's name for its records).
struct TracedValue {
  std::string name;
  std::vector<std::string> axes;
  std::vector<std::string> values;
};

struct TracedAxis {
  std::string name;
  std::vector<std::string> members;
};

// A number that stood in for one that was not given.
struct TracedSubstitution {
  std::string field;               // "parameter.field"
  std::vector<std::string> texts;  // of its record, in the order of the fields
  std::string value;
};

// `year` is absent where one calculation covers everything.
struct TracedSlice {
  std::optional<std::int64_t> year;
  std::vector<TracedAxis> axes;
  std::vector<TracedSubstitution> substituted;
  std::vector<TracedValue> values;
  std::vector<TracedValue> outputs;  // those that range over axes
};

// What a series credits for a year before the period, exact, in the document's own unit.
struct EarlierYear {
  std::int64_t year = 0;
  Rational credited;
};

struct Calculation {
  std::vector<YearResult> years;
  std::vector<EarlierYear> earlier;  // ascending; none unless it is a series
  std::vector<TracedSlice> trace;
  std::uint64_t steps = 0;  // the price that was counted before it ran
  // SHA-256 of the trace's text form (trace_text): anyone who recomputes gets the same.
  Hash trace_digest{};
};

// `tables` are the versions offered; for each series and slice exactly one must be of the wanted
// unit and kind and cover it, and each must be used. `first_year`: where a series begins, if that
// is known. Errors: TABLE_NOT_ALLOWED, PARAMETER_MISSING, PARAMETER_INVALID, CHECK_FAILED,
// CALCULATION_FAILED (also beyond kCalculationCostMax).
Result<Calculation> calculate(const Program& program, const model::Period& period,
                              const codec::Inputs& inputs,
                              const std::vector<model::FactorTable>& tables,
                              std::optional<std::int64_t> first_year = std::nullopt);
// On a meter that several calculations share.
Result<Calculation> calculate(const Program& program, const model::Period& period,
                              const codec::Inputs& inputs,
                              const std::vector<model::FactorTable>& tables,
                              std::optional<std::int64_t> first_year, Meter& meter);

// The text whose digest a result carries (schemas/spec/methodology.md, Trace).
std::string trace_text(const std::vector<TracedSlice>& trace);

// Everything that can be known of a document before any project uses it: it compiles, its embedded
// vectors come out, and every check is seen to hold and to fail. Errors: METHODOLOGY_INVALID.
Result<Program> check_document(const model::Methodology& document);

// Structure beyond the codec's: units, numbers, key counts, no key twice. Errors: TABLE_INVALID.
Status check_table(const model::FactorTable& table);

}  // namespace mrv::methodology
