// Showing a calculation to people and to programs.
#include "api/cli/calculation.h"

#include <algorithm>

#include "api/cli/formula.h"

namespace mrv::cli {

using nlohmann::json;

namespace {

constexpr std::size_t kDigits = 9;

std::string shown(const std::string& canonical) {
  const auto number = Rational::parse_canonical(canonical);
  return number.ok() ? number->decimal(kDigits) : canonical;
}

// Values to a line where there are several; what is beyond is counted, and --json has it all.
constexpr std::size_t kValuesShownMax = 40;

class Trace {
 public:
  Trace(const methodology::Program& program, const methodology::Calculation& calculation,
        const std::vector<model::FactorTable>& tables, bool chinese)
      : program_(program), calculation_(calculation), tables_(tables), chinese_(chinese) {}

  std::string text() {
    const auto& title = program_.document.title;
    text_ = (chinese_ ? title.zh : title.en) + " " + program_.document.version + "\n";
    for (const auto& slice : calculation_.trace) add_slice(slice);
    for (const auto& year : calculation_.years) {
      for (const auto& output : year.outputs) {
        text_ += std::to_string(year.year) + " " + output.name + ": " +
                 output.exact.decimal(kDigits) + " -> " + output.rounded.decimal(kDigits) + "\n";
      }
    }
    text_ += chinese_ ? "计算量 " : "cost ";
    text_ += std::to_string(calculation_.steps);
    text_ += chinese_ ? " 步\n轨迹摘要 " : " steps\ntrace digest ";
    return text_ + to_hex(calculation_.trace_digest);
  }

 private:
  void add_slice(const methodology::TracedSlice& slice) {
    text_ += chinese_ ? "年份 " : "year ";
    text_ += slice.year ? std::to_string(*slice.year) : (chinese_ ? "整个期间" : "whole period");
    text_ += "\n";
    for (const auto& substitution : slice.substituted) {
      text_ += chinese_ ? "  缺失值替代 " : "  stood in for a missing value: ";
      text_ += substitution.field;
      for (const auto& part : substitution.texts) text_ += " " + part;
      text_ += " = " + shown(substitution.value) + "\n";
    }
    for (std::size_t d = 0; d < slice.values.size(); ++d) {
      const auto& definition = program_.document.definitions[d];
      text_ += "  " + definition.name + " = " + formula_of(definition.expression) + "\n";
      add_values(slice, slice.values[d], definition.unit);
      text_ += (chinese_ ? "    依据 " : "    from ") + definition.source + "\n";
      add_tables(definition.expression);
    }
    for (const auto& output : slice.outputs) {
      text_ += (chinese_ ? "  输出 " : "  output ") + output.name + "\n";
      add_values(slice, output, "");
    }
  }

  static std::string formula_of(const model::RawJson& raw) {
    const auto expression = codec::parse_expression(raw);
    return expression.ok() ? formula(*expression) : raw.canonical;
  }

  // Where the numbers of the tables that an expression looks into come from.
  void add_tables(const model::RawJson& expression) {
    for (const auto& wanted : program_.document.tables) {
      const std::string looked_up = "[\"lookup\",\"" + wanted.name + "\"";
      if (expression.canonical.find(looked_up) == std::string::npos) continue;
      for (const auto& table : tables_) {
        if (table.series != wanted.series) continue;
        text_ += chinese_ ? "    因子表 " : "    factors ";
        text_ += table.series + " " + table.version + ", " + table.region + ", " +
                 std::string(model::name_of(table.confidence)) + ": " + table.source + "\n";
      }
    }
  }

  void add_values(const methodology::TracedSlice& slice, const methodology::TracedValue& value,
                  const std::string& unit) {
    const std::string in = unit.empty() || unit == "1" ? "" : " " + unit;
    const std::size_t count = std::min(value.values.size(), kValuesShownMax);
    for (std::size_t i = 0; i < count; ++i) {
      text_ += "    ";
      if (!value.axes.empty()) text_ += "[" + members_at(slice, value, i) + "] ";
      text_ += "= " + shown(value.values[i]) + in + "\n";
    }
    if (value.values.size() == count) return;
    const std::string rest = std::to_string(value.values.size() - count);
    text_ += chinese_ ? "    另有 " + rest + " 个值\n" : "    and " + rest + " more\n";
  }

  // The members that value `i` stands at; of records the number.
  static std::string members_at(const methodology::TracedSlice& slice,
                                const methodology::TracedValue& value, std::size_t i) {
    std::string text;
    for (std::size_t a = value.axes.size(); a-- > 0;) {
      const auto axis = std::find_if(slice.axes.begin(), slice.axes.end(),
                                     [&](const auto& each) { return each.name == value.axes[a]; });
      const bool records = axis == slice.axes.end();
      const std::string member =
          records ? std::to_string(i + 1) : axis->members[i % axis->members.size()];
      if (!records) i /= axis->members.size();
      text.insert(0, member + (text.empty() ? "" : ", "));
    }
    return text;
  }

  const methodology::Program& program_;
  const methodology::Calculation& calculation_;
  const std::vector<model::FactorTable>& tables_;
  bool chinese_;
  std::string text_;
};

}  // namespace

std::string readable_trace(const methodology::Program& program,
                           const methodology::Calculation& calculation,
                           const std::vector<model::FactorTable>& tables,
                           const std::string& language) {
  return Trace(program, calculation, tables, language == "zh").text();
}

json calculation_json(const methodology::Calculation& calculation) {
  json years = json::array();
  for (const auto& year : calculation.years) {
    json outputs = json::object();
    for (const auto& output : year.outputs) {
      outputs[output.name] = {{"exact", output.exact.text()},
                              {"decimal", output.exact.decimal(kDigits)},
                              {"rounded", output.rounded.text()}};
    }
    years.push_back({{"year", std::to_string(year.year)}, {"outputs", outputs}});
  }
  json trace = json::array();
  for (const auto& slice : calculation.trace) {
    for (const auto& value : slice.values) {
      trace.push_back({{"year", slice.year ? std::to_string(*slice.year) : "period"},
                       {"definition", value.name},
                       {"axes", value.axes},
                       {"values", value.values}});
    }
  }
  return {{"years", years},
          {"trace", trace},
          {"traceDigest", to_hex(calculation.trace_digest)},
          {"engine", std::string(methodology::kEngineVersion)},
          {"steps", std::to_string(calculation.steps)}};
}

}  // namespace mrv::cli
