// Slices, prices, tables, rounding, trace.
#include "ledger/methodology/engine.h"

#include <algorithm>
#include <set>

#include "crypto/sha256.h"
#include "ledger/methodology/price.h"

namespace mrv::methodology {
namespace {

bool covers(const model::FactorTable& table, const model::Period& period) {
  return table.validity.from <= period.from && period.to <= table.validity.to;
}

// Exactly one offered table of each series must cover the slice.
Result<std::vector<const model::FactorTable*>> choose_tables(
    const Program& program, const model::Period& period,
    const std::vector<model::FactorTable>& offered) {
  std::vector<const model::FactorTable*> chosen;
  for (std::size_t i = 0; i < program.document.tables.size(); ++i) {
    const auto& wanted = program.document.tables[i];
    const model::FactorTable* found = nullptr;
    for (const auto& table : offered) {
      if (table.series != wanted.series || !covers(table, period)) continue;
      if (found != nullptr) {
        return Error{"TABLE_NOT_ALLOWED", "two tables of series " + wanted.series,
                     "/credentialSubject/tables"};
      }
      found = &table;
    }
    if (found == nullptr) {
      return Error{"TABLE_NOT_ALLOWED",
                   "no table of series " + wanted.series + " that covers the period",
                   "/credentialSubject/tables"};
    }
    const auto unit = parse_unit(found->unit);
    const bool fits = unit.ok() && *unit == program.table_units[i] && found->kind == wanted.kind &&
                      found->key_names.size() == static_cast<std::size_t>(wanted.keys);
    if (!fits) {
      return Error{
          "TABLE_NOT_ALLOWED",
          "the table of series " + wanted.series + " is in " + found->unit + ", not " + wanted.unit,
          "/credentialSubject/tables"};
    }
    chosen.push_back(found);
  }
  return chosen;
}

// A table that no slice has chosen would stand in the record as if it had been used.
Status check_all_used(const std::vector<Slice>& slices,
                      const std::vector<model::FactorTable>& offered) {
  for (std::size_t t = 0; t < offered.size(); ++t) {
    const bool used = std::any_of(slices.begin(), slices.end(), [&](const Slice& slice) {
      return std::find(slice.tables.begin(), slice.tables.end(), &offered[t]) != slice.tables.end();
    });
    if (!used) {
      return Error{"TABLE_NOT_ALLOWED",
                   "the calculation does not use the table of series " + offered[t].series,
                   "/credentialSubject/tables/" + std::to_string(t)};
    }
  }
  return {};
}

Result<Rational> rounded(const CompiledOutput& output, const Rational& exact) {
  MRV_TRY(const Rational steps, exact.over(output.step));
  const bool down = output.round == model::RoundDirection::floor;
  return (down ? steps.floor() : steps.ceil()).times(output.step);
}

Result<YearResult> outputs_of(const Program& program, std::int64_t year,
                              const std::vector<DefinitionValue>& values, const Rational& share) {
  YearResult result;
  result.year = year;
  for (std::size_t o = 0; o < program.outputs.size(); ++o) {
    const auto& output = program.outputs[o];
    OutputValue value;
    value.name = output.name;
    MRV_TRY(value.exact, values[output.definition][0].times(share));
    MRV_TRY(value.rounded, rounded(output, value.exact));
    if (o == program.credited) result.credited = value.exact;
    if (o == program.buffer_base) result.buffer_base = value.exact;
    result.outputs.push_back(std::move(value));
  }
  return result;
}

TracedSlice traced(const Program& program, std::optional<std::int64_t> year,
                   const std::vector<DefinitionValue>& values) {
  TracedSlice slice{year, {}};
  for (std::size_t d = 0; d < values.size(); ++d) {
    TracedValue value{program.definitions[d].name, {}};
    for (const Rational& number : values[d]) value.values.push_back(number.text());
    slice.values.push_back(std::move(value));
  }
  return slice;
}

// What calculate() works on.
struct Run {
  const Program& program;
  const model::Period& period;
  const std::vector<ParameterData>& data;
  const std::vector<model::FactorTable>& tables;
  Meter& meter;
};

// A calendar year, or the whole period, with its tables and records. The price of all of them is
// reserved before the first is evaluated.
Result<std::vector<Slice>> slices_of(const Run& run,
                                     const std::vector<std::optional<std::int64_t>>& years) {
  std::vector<Slice> slices;
  for (const auto& year : years) {
    const model::Period part = year ? part_in_year(run.period, *year) : run.period;
    MRV_TRY(auto chosen, choose_tables(run.program, part, run.tables));
    slices.push_back(
        {run.program, run.data, std::move(chosen), select_records(run.program, run.data, year)});
    MRV_CHECK(run.meter.reserve(price_of(slices.back())));
  }
  MRV_CHECK(check_all_used(slices, run.tables));
  return slices;
}

Result<std::vector<DefinitionValue>> run_slice(const Run& run, const Slice& slice,
                                               std::optional<std::int64_t> year,
                                               Calculation& calculation) {
  MRV_TRY(auto values, evaluate_definitions(slice, run.meter));
  MRV_CHECK(evaluate_checks(slice, values, run.meter));
  calculation.trace.push_back(traced(run.program, year, values));
  return values;
}

// One figure for the whole period, split by whole days.
Status calculate_by_days(const Run& run, Calculation& calculation) {
  MRV_TRY(const auto slices, slices_of(run, {std::nullopt}));
  MRV_TRY(const auto values, run_slice(run, slices[0], std::nullopt, calculation));
  const Rational all(run.period.to.days - run.period.from.days);
  for (const std::int64_t year : years_of(run.period)) {
    const model::Period part = part_in_year(run.period, year);
    MRV_TRY(const Rational share, Rational(part.to.days - part.from.days).over(all));
    MRV_TRY(YearResult result, outputs_of(run.program, year, values, share));
    calculation.years.push_back(std::move(result));
  }
  return {};
}

Status calculate_dated(const Run& run, Calculation& calculation) {
  const auto years = years_of(run.period);
  MRV_TRY(const auto slices, slices_of(run, {years.begin(), years.end()}));
  for (std::size_t y = 0; y < years.size(); ++y) {
    MRV_TRY(const auto values, run_slice(run, slices[y], years[y], calculation));
    MRV_TRY(YearResult result, outputs_of(run.program, years[y], values, Rational(1)));
    calculation.years.push_back(std::move(result));
  }
  return {};
}

}  // namespace

std::string trace_text(const std::vector<TracedSlice>& trace) {
  std::string text;
  for (const auto& slice : trace) {
    const std::string head = slice.year ? std::to_string(*slice.year) : "period";
    for (const auto& value : slice.values) {
      text += head;
      text += ' ';
      text += value.definition;
      text += " =";
      for (std::size_t i = 0; i < value.values.size(); ++i) {
        text += i == 0 ? " " : ", ";
        text += value.values[i];
      }
      text += '\n';
    }
  }
  return text;
}

Result<Calculation> calculate(const Program& program, const model::Period& period,
                              const codec::Inputs& inputs,
                              const std::vector<model::FactorTable>& tables) {
  Meter meter;
  return calculate(program, period, inputs, tables, meter);
}

Result<Calculation> calculate(const Program& program, const model::Period& period,
                              const codec::Inputs& inputs,
                              const std::vector<model::FactorTable>& tables, Meter& meter) {
  MRV_TRY(const auto data, judge_inputs(program, period, inputs));
  Calculation calculation;
  const Run run{program, period, data, tables, meter};
  const bool by_days = program.document.vintages == model::VintageRule::by_days;
  MRV_CHECK(by_days ? calculate_by_days(run, calculation) : calculate_dated(run, calculation));
  calculation.trace_digest = crypto::sha256(as_bytes(trace_text(calculation.trace)));
  return calculation;
}

Status check_table(const model::FactorTable& table) {
  const auto invalid = [](std::string detail, std::string pointer) {
    return Error{"TABLE_INVALID", std::move(detail), std::move(pointer)};
  };
  if (!parse_unit(table.unit).ok()) return invalid("not a unit: " + table.unit, "/unit");
  if (table.validity.to <= table.validity.from) {
    return invalid("the validity ends before it starts", "/validity");
  }
  std::set<std::vector<std::string>> seen;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const std::string at = "/rows/" + std::to_string(i) + "/keys";
    if (table.rows[i].keys.size() != table.key_names.size()) {
      return invalid("a row has another number of keys", at);
    }
    if (!seen.insert(table.rows[i].keys).second) return invalid("the keys stand twice", at);
  }
  return {};
}

}  // namespace mrv::methodology
