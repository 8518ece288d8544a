// Slices, prices, rounding.
#include "ledger/methodology/engine.h"

#include <algorithm>
#include <set>

#include "crypto/sha256.h"
#include "ledger/methodology/evaluate.h"
#include "ledger/methodology/price.h"
#include "ledger/methodology/trace.h"

namespace mrv::methodology {
namespace {

using model::VintageRule;

// What calculate() works on.
struct Run {
  const Program& program;
  const model::Period& period;
  const Data& data;
  const std::vector<model::FactorTable>& tables;
  Meter& meter;
};

// A table that no slice has chosen would stand in the record as if it had been used.
Status check_all_used(const std::vector<Slice>& slices,
                      const std::vector<model::FactorTable>& offered) {
  for (std::size_t t = 0; t < offered.size(); ++t) {
    const bool used = std::any_of(slices.begin(), slices.end(), [&](const Slice& slice) {
      return std::any_of(slice.tables.begin(), slice.tables.end(),
                         [&](const auto& chosen) { return chosen.table == &offered[t]; });
    });
    if (!used) {
      return Error{"TABLE_NOT_ALLOWED",
                   "the calculation does not use the table of series " + offered[t].series,
                   "/credentialSubject/tables/" + std::to_string(t)};
    }
  }
  return {};
}

// Each calendar year, or everything, with its tables and records. The price of all slices is asked
// before the first is evaluated.
Result<std::vector<Slice>> slices_of(const Run& run, std::uint64_t& steps) {
  std::vector<std::optional<std::int64_t>> years;
  if (run.program.document.vintages == VintageRule::dated) {
    const auto each = years_of(run.period);
    years.assign(each.begin(), each.end());
  } else {
    years.emplace_back();
  }
  std::vector<Slice> slices;
  for (const auto year : years) {
    const auto part = year ? part_in_year(run.period, *year) : run.period;
    MRV_TRY(Slice slice, make_slice(run.program, run.data, year, part, run.tables));
    slices.push_back(std::move(slice));
    const std::uint64_t price = price_of(slices.back());
    MRV_CHECK(run.meter.reserve(price));
    steps += price;
  }
  MRV_CHECK(check_all_used(slices, run.tables));
  return slices;
}

// A reported output's exact values by year: those of the period, and in a series those before it.
using YearValues = std::vector<std::pair<std::int64_t, Rational>>;

// The share of the whole period that falls into each of its years, by days.
Result<std::vector<Rational>> shares_of(const model::Period& period) {
  const Rational all(period.to.days - period.from.days);
  std::vector<Rational> shares;
  for (const std::int64_t year : years_of(period)) {
    const model::Period part = part_in_year(period, year);
    MRV_TRY(Rational share, Rational(part.to.days - part.from.days).over(all));
    shares.push_back(std::move(share));
  }
  return shares;
}

Result<YearValues> exact_values(const Run& run, const CompiledOutput& output,
                                const std::vector<std::vector<DefinitionValue>>& values) {
  YearValues exact;
  const auto years = years_of(run.period);
  switch (run.program.document.vintages) {
    case VintageRule::dated:
      for (std::size_t y = 0; y < years.size(); ++y) {
        exact.emplace_back(years[y], values[y][output.definition][0]);
      }
      break;
    case VintageRule::by_days: {
      MRV_TRY(const auto shares, shares_of(run.period));
      for (std::size_t y = 0; y < years.size(); ++y) {
        MRV_TRY(Rational part, values[0][output.definition][0].times(shares[y]));
        exact.emplace_back(years[y], std::move(part));
      }
      break;
    }
    case VintageRule::series: {
      const auto& members = run.data.axes[run.program.year_axis()];
      for (std::size_t m = 0; m < members.size(); ++m) {
        exact.emplace_back(std::stoll(members[m]), values[0][output.definition][m]);
      }
      break;
    }
  }
  return exact;
}

// Each value by itself, or by its part of the rounded running total.
Result<std::vector<Rational>> rounded_values(const CompiledOutput& output,
                                             const YearValues& exact) {
  std::vector<Rational> all;
  Rational total;
  Rational before;  // the rounded running total
  for (const auto& [year, value] : exact) {
    if (output.basis == model::RoundBasis::each) {
      MRV_TRY(Rational one, rounded(value, output.round, output.step));
      all.push_back(std::move(one));
      continue;
    }
    MRV_TRY(total, total.plus(value));
    MRV_TRY(const Rational after, rounded(total, output.round, output.step));
    MRV_TRY(Rational part, after.minus(before));
    all.push_back(std::move(part));
    before = after;
  }
  return all;
}

Status add_output(const Run& run, std::size_t o,
                  const std::vector<std::vector<DefinitionValue>>& values,
                  Calculation& calculation) {
  auto& years = calculation.years;
  const auto& output = run.program.outputs[o];
  MRV_TRY(const YearValues exact, exact_values(run, output, values));
  MRV_TRY(const auto all_rounded, rounded_values(output, exact));
  // Years of a series before the period are calculated, not reported.
  const std::size_t skipped = exact.size() - years.size();
  for (std::size_t y = 0; y < skipped && o == run.program.credited; ++y) {
    calculation.earlier.push_back({exact[y].first, exact[y].second});
  }
  for (std::size_t y = 0; y < years.size(); ++y) {
    const Rational& value = exact[skipped + y].second;
    years[y].outputs.push_back({output.name, value, all_rounded[skipped + y]});
    if (o == run.program.credited) years[y].credited = value;
    if (o == run.program.buffer_base) years[y].buffer_base = value;
  }
  return {};
}

Status add_years(const Run& run, const std::vector<std::vector<DefinitionValue>>& values,
                 Calculation& calculation) {
  for (const std::int64_t year : years_of(run.period)) {
    calculation.years.push_back({year, {}, {}, {}});
  }
  for (std::size_t o = 0; o < run.program.outputs.size(); ++o) {
    if (run.program.outputs[o].is_reported) MRV_CHECK(add_output(run, o, values, calculation));
  }
  return {};
}

}  // namespace

Result<Calculation> calculate(const Program& program, const model::Period& period,
                              const codec::Inputs& inputs,
                              const std::vector<model::FactorTable>& tables,
                              std::optional<std::int64_t> first_year) {
  Meter meter;
  return calculate(program, period, inputs, tables, first_year, meter);
}

Result<Calculation> calculate(const Program& program, const model::Period& period,
                              const codec::Inputs& inputs,
                              const std::vector<model::FactorTable>& tables,
                              std::optional<std::int64_t> first_year, Meter& meter) {
  MRV_TRY(const Data data, judge_inputs(program, period, inputs, first_year));
  const Run run{program, period, data, tables, meter};
  Calculation calculation;
  MRV_TRY(const auto slices, slices_of(run, calculation.steps));
  std::vector<std::vector<DefinitionValue>> values;
  for (const Slice& slice : slices) {
    MRV_TRY(auto definitions, evaluate_definitions(slice, meter));
    MRV_CHECK(evaluate_checks(slice, definitions, meter));
    MRV_TRY(TracedSlice trace, traced(slice, definitions));
    calculation.trace.push_back(std::move(trace));
    values.push_back(std::move(definitions));
  }
  MRV_CHECK(add_years(run, values, calculation));
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
