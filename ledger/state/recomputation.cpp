// Gathering what a calculation needs, and settling its years in order.
#include "ledger/state/recomputation.h"

#include <cassert>

#include "ledger/codec/methodology_codec.h"
#include "ledger/state/issuance.h"
#include "ledger/state/rules_version.h"
#include "ledger/state/settled_years.h"

namespace mrv::state {
namespace {

using model::Outcome;

constexpr std::int64_t kGramsPerKilogram = 1'000;
constexpr std::int64_t kGramsPerTonne = 1'000'000;

// An engine error is an outcome of the same name.
Check refuse_by(const Error& error) {
  const auto outcome = model::find_outcome(error.name);
  return refuse(outcome.value_or(Outcome::CALCULATION_FAILED), error.pointer, error.detail);
}

Check read_tables(Context& context, const std::vector<Hash>& digests,
                  std::vector<model::FactorTable>& out) {
  for (std::size_t i = 0; i < digests.size(); ++i) {
    const std::string pointer = "/credentialSubject/tables/" + std::to_string(i);
    const auto row = context.read<model::StandardRow>(codec::standard_key(digests[i]));
    if (!row || !row->is_table) {
      return refuse(Outcome::TABLE_NOT_ALLOWED, pointer, "no such table is registered");
    }
    if (!row->activated) {
      return refuse(Outcome::TABLE_NOT_ALLOWED, pointer, "the table is not active");
    }
    auto table = codec::decode_factor_table(row->document.canonical);
    assert(table.ok());
    out.push_back(*std::move(table));
  }
  return std::nullopt;
}

// Inline inputs, and a dataset for each parameter that has none inline.
Check read_inputs(Context& context, const model::SubmitMonitoringReport& act,
                  const methodology::Program& program, codec::Inputs& out) {
  auto inputs = codec::decode_inputs(act.inputs);
  if (!inputs.ok()) return refuse_by(inputs.error());
  out = *std::move(inputs);
  for (std::size_t i = 0; i < act.datasets.size(); ++i) {
    const auto& reference = act.datasets[i];
    const std::string pointer = "/credentialSubject/datasets/" + std::to_string(i);
    const model::Parameter* parameter = nullptr;
    for (const auto& compiled : program.parameters) {
      if (codec::takes_dataset(compiled.parameter) && compiled.parameter.name == reference.name)
        parameter = &compiled.parameter;
    }
    if (parameter == nullptr) {
      return refuse(Outcome::PARAMETER_INVALID, pointer + "/name",
                    "the methodology has no rows or list " + reference.name);
    }
    if (out.contains(reference.name)) {
      return refuse(Outcome::PARAMETER_INVALID, pointer + "/name", "it is given inline as well");
    }
    const auto bytes = context.blob(reference.digest);
    if (!bytes) return refuse(Outcome::BLOB_MISSING, pointer + "/digest");
    auto records = codec::decode_dataset(*parameter, std::string(as_text(*bytes)));
    if (!records.ok()) return refuse(Outcome::PARAMETER_INVALID, pointer, records.error().detail);
    out[reference.name] = *std::move(records);
  }
  return std::nullopt;
}

Rational units_per_tonne(model::AmountUnit unit) {
  switch (unit) {
    case model::AmountUnit::t:
      return Rational(1);
    case model::AmountUnit::kg:
      return Rational(kGramsPerKilogram);
    case model::AmountUnit::g:
      return Rational(kGramsPerTonne);
  }
  return Rational(1);
}

bool fits(const std::string& exact) { return exact.size() <= kExactTextBytesMax; }

Error too_large(std::int64_t year) {
  return {"AMOUNT_OVERFLOW", "year " + std::to_string(year), "/credentialSubject/inputs"};
}

// The exact figures in the programme's unit.
Result<std::vector<model::RecomputedVintage>> exact_vintages(
    const Rational& scale, const methodology::Calculation& calculation) {
  std::vector<model::RecomputedVintage> vintages;
  for (const auto& year : calculation.years) {
    MRV_TRY(const Rational exact, year.credited.times(scale));
    model::RecomputedVintage vintage;
    vintage.year = year.year;
    vintage.exact = exact.text();
    if (year.buffer_base) {
      MRV_TRY(const Rational base, year.buffer_base->times(scale));
      vintage.buffer_base = base.text();
    }
    if (!fits(vintage.exact) || !fits(vintage.buffer_base.value_or(""))) {
      return too_large(year.year);
    }
    vintages.push_back(std::move(vintage));
  }
  return vintages;
}

// Every year through the carry and deficit as they stand here, in ascending order.
Status settle_years(Context& context, const model::ProjectRow& project, const History& history,
                    std::vector<model::RecomputedVintage>& vintages) {
  MRV_TRY(Rational deficit, Rational::parse_canonical(project.deficit));
  MRV_TRY(const auto added, additions(context, project.id, vintages, history));
  for (std::size_t i = 0; i < vintages.size(); ++i) {
    auto& vintage = vintages[i];
    const auto row = context.read<model::CarryRow>(codec::carry_key(project.id, vintage.year));
    MRV_TRY(const Rational carry, Rational::parse_canonical(row ? row->carry : "0"));
    MRV_TRY(const VintageSettlement settled, settle_vintage(added[i], carry, deficit));
    deficit = settled.deficit;
    if (settled.ceiling > kUnitsMax) return too_large(vintage.year);
    vintage.ceiling = settled.ceiling;
  }
  return {};
}

// In a replay: whether a dataset of the report is not here and the recorded result stands in.
bool stands_recorded(Context& context, const model::SubmitMonitoringReport& act) {
  const Recorded* recorded = context.recorded();
  if (recorded == nullptr || !recorded->result) return false;
  bool absent = false;
  for (const auto& dataset : act.datasets) {
    if (context.find_blob(dataset.digest)) continue;
    absent = true;
    context.believe_without(dataset.digest);
  }
  return absent;
}

Result<methodology::YearResult> recorded_year(const methodology::Program& program,
                                              const model::ResultYear& recorded) {
  methodology::YearResult year{recorded.year, {}, {}, {}};
  std::size_t next = 0;
  for (std::size_t o = 0; o < program.outputs.size(); ++o) {
    const auto& output = program.outputs[o];
    if (!output.is_reported) continue;
    const bool named = next < recorded.outputs.size() && recorded.outputs[next].name == output.name;
    if (!named) return Error{"CALCULATION_FAILED", "the recorded result lacks " + output.name, {}};
    const auto& given = recorded.outputs[next++];
    MRV_TRY(const Rational exact, Rational::parse_canonical(given.exact));
    MRV_TRY(const Rational rounded, Rational::parse_canonical(given.rounded));
    year.outputs.push_back({output.name, exact, rounded});
    if (o == program.credited) year.credited = exact;
    if (o == program.buffer_base) year.buffer_base = exact;
  }
  return year;
}

// The calculation as the log recorded it, for these years of this methodology.
Result<methodology::Calculation> recorded_calculation(const methodology::Program& program,
                                                      const model::SubmitMonitoringReport& act,
                                                      const std::string& text) {
  MRV_TRY(const auto result, codec::decode_result(text));
  const auto years = methodology::years_of(act.period);
  const bool of_report = result.methodology == act.methodology && result.tables == act.tables &&
                         result.years.size() == years.size();
  if (!of_report)
    return Error{"CALCULATION_FAILED", "the recorded result is of another report", {}};
  methodology::Calculation calculation;
  calculation.trace_digest = result.trace_digest;
  for (std::size_t i = 0; i < years.size(); ++i) {
    if (result.years[i].year != years[i]) {
      return Error{"CALCULATION_FAILED", "the recorded result is of other years", {}};
    }
    MRV_TRY(auto year, recorded_year(program, result.years[i]));
    calculation.years.push_back(std::move(year));
  }
  for (const auto& earlier : result.history.value_or(std::vector<model::YearFigure>{})) {
    MRV_TRY(Rational credited, Rational::parse_canonical(earlier.exact));
    calculation.earlier.push_back({earlier.year, std::move(credited)});
  }
  return calculation;
}

Check calculate(Context& context, const model::SubmitMonitoringReport& act,
                const model::ProjectRow& project, const methodology::Program& program,
                methodology::Calculation& out) {
  if (stands_recorded(context, act)) {
    auto recorded = recorded_calculation(program, act, *context.recorded()->result);
    if (!recorded.ok()) return refuse_by(recorded.error());
    out = *std::move(recorded);
    return std::nullopt;
  }
  std::vector<model::FactorTable> tables;
  if (auto check = read_tables(context, act.tables, tables)) return check;
  codec::Inputs inputs;
  if (auto check = read_inputs(context, act, program, inputs)) return check;
  // A series begins where the project's crediting does, under whichever methodology: no year can be
  // left out, and what was stored before a change of methodology is not credited again after it.
  const std::int64_t first_year = methodology::year_of(project.crediting_period.from);
  auto calculation = methodology::calculate(program, act.period, inputs, tables, first_year);
  if (!calculation.ok()) return refuse_by(calculation.error());
  out = *std::move(calculation);
  return std::nullopt;
}

}  // namespace

Result<std::vector<model::YearFigure>> exact_history(const Rational& scale,
                                                     const methodology::Calculation& calculation) {
  std::vector<model::YearFigure> history;
  history.reserve(calculation.earlier.size());
  for (const auto& earlier : calculation.earlier) {
    MRV_TRY(const Rational exact, earlier.credited.times(scale));
    history.push_back({earlier.year, exact.text()});
    if (!fits(history.back().exact)) return too_large(earlier.year);
  }
  return history;
}

Check recompute(Context& context, const model::SubmitMonitoringReport& act,
                const model::ProjectRow& project, model::AmountUnit unit, Recomputation& out) {
  const auto standard = context.read<model::StandardRow>(codec::standard_key(act.methodology));
  if (!standard || standard->is_table) {
    return refuse(Outcome::STANDARD_UNKNOWN, "/credentialSubject/methodology");
  }
  const auto document = codec::decode_methodology(standard->document.canonical);
  assert(document.ok());
  const auto program = methodology::compile(*document);
  assert(program.ok());
  methodology::Calculation calculation;
  if (auto check = calculate(context, act, project, *program, calculation)) return check;
  const auto scale = program->tonnes_per_unit.times(units_per_tonne(unit));
  if (!scale.ok()) return refuse_by(scale.error());
  auto vintages = exact_vintages(*scale, calculation);
  if (!vintages.ok()) return refuse_by(vintages.error());
  const bool is_series = document->vintages == model::VintageRule::series;
  History history;
  if (is_series && rules_version(context) >= kGuardRulesVersion) {
    auto earlier = exact_history(*scale, calculation);
    if (!earlier.ok()) return refuse_by(earlier.error());
    history = *std::move(earlier);
  }
  const auto settled = settle_years(context, project, history, *vintages);
  if (!settled.ok()) return refuse_by(settled.error());
  out = {std::move(calculation), *std::move(vintages), std::move(history), act.tables};
  return std::nullopt;
}

std::string result_of(const model::SubmitMonitoringReport& act,
                      const Recomputation& recomputation) {
  model::CalculationResult result;
  result.engine = std::string(methodology::kEngineVersion);
  result.methodology = act.methodology;
  result.tables = act.tables;
  result.trace_digest = recomputation.calculation.trace_digest;
  for (const auto& year : recomputation.calculation.years) {
    model::ResultYear out{year.year, {}};
    for (const auto& output : year.outputs) {
      out.outputs.push_back({output.name, output.exact.text(), output.rounded.text()});
    }
    result.years.push_back(std::move(out));
  }
  if (recomputation.history) {
    auto& history = result.history.emplace();
    for (const auto& earlier : recomputation.calculation.earlier) {
      history.push_back({earlier.year, earlier.credited.text()});
    }
  }
  return codec::result_text(result);
}

Result<Rational> plausible_units(const model::ProjectRow& project, const model::Period& period,
                                 const Rational& margin) {
  Rational share;
  for (const std::int64_t year : methodology::years_of(period)) {
    const model::Period part = methodology::part_in_year(period, year);
    const model::Period whole =
        methodology::part_in_year({model::Day{INT32_MIN}, model::Day{INT32_MAX}}, year);
    MRV_TRY(
        const Rational days,
        Rational(part.to.days - part.from.days).over(Rational(whole.to.days - whole.from.days)));
    MRV_TRY(share, share.plus(days));
  }
  MRV_TRY(const Rational capacity, Rational(project.capacity_per_year).times(margin));
  return capacity.times(share);
}

}  // namespace mrv::state
