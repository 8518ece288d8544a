// Showing a calculation to people and to programs.
#include "api/cli/calculation.h"

namespace mrv::cli {

using nlohmann::json;

namespace {

constexpr std::size_t kDigits = 9;

std::string shown(const std::string& canonical) {
  const auto number = Rational::parse_canonical(canonical);
  return number.ok() ? number->decimal(kDigits) : canonical;
}

}  // namespace

std::string readable_trace(const methodology::Program& program,
                           const methodology::Calculation& calculation,
                           const std::string& language) {
  const bool chinese = language == "zh";
  const auto& title = program.document.title;
  std::string text = (chinese ? title.zh : title.en) + " " + program.document.version + "\n";
  for (const auto& slice : calculation.trace) {
    text += chinese ? "年份 " : "year ";
    text += slice.year ? std::to_string(*slice.year) : (chinese ? "整个期间" : "whole period");
    text += "\n";
    for (std::size_t d = 0; d < slice.values.size(); ++d) {
      const auto& definition = program.document.definitions[d];
      text += "  " + definition.name + " = " + definition.expression.canonical + "\n    = ";
      const auto& values = slice.values[d].values;
      for (std::size_t i = 0; i < values.size(); ++i) {
        text += (i == 0 ? "" : ", ") + shown(values[i]);
      }
      text += " " + definition.unit + "    [" + definition.source + "]\n";
    }
  }
  for (const auto& year : calculation.years) {
    for (const auto& output : year.outputs) {
      text += std::to_string(year.year) + " " + output.name + ": " + output.exact.decimal(kDigits) +
              " -> " + output.rounded.decimal(kDigits) + "\n";
    }
  }
  text += (chinese ? "轨迹摘要 " : "trace digest ") + to_hex(calculation.trace_digest);
  return text;
}

json calculation_json(const methodology::Calculation& calculation) {
  json years = json::array();
  for (const auto& year : calculation.years) {
    json outputs = json::object();
    for (const auto& output : year.outputs) {
      outputs[output.name] = {{"exact", output.exact.text()}, {"rounded", output.rounded.text()}};
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
  return {{"years", years}, {"trace", trace}, {"traceDigest", to_hex(calculation.trace_digest)}};
}

}  // namespace mrv::cli
