// methodology-runner: answers calculation cases, one JSON line each, so that another engine can be
// held against this one (tests/methodology/oracle/differential.py says what the lines are).
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "ledger/codec/scalar_text.h"
#include "ledger/methodology/engine.h"

namespace {

using namespace mrv;
using nlohmann::json;

json refusal(const Error& error) {
  json answer = {{"error", std::string(error.name)}, {"detail", error.detail}};
  if (error.name == "CHECK_FAILED") {
    answer["check"] = error.detail.substr(0, error.detail.find(':'));
  }
  return answer;
}

// A document that does not compile is the same refusal for every case on it.
Result<methodology::Program> compiled(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto document = codec::decode_methodology(text);
  if (!document.ok()) return Error{"METHODOLOGY_INVALID", document.error().detail, {}};
  return methodology::compile(*document);
}

Result<methodology::Calculation> calculated(const methodology::Program& program, const json& asked,
                                            codec::Inputs& inputs) {
  model::Period period;
  MRV_CHECK(codec::from_text(asked.at("period").at("from").get<std::string>(), period.from));
  MRV_CHECK(codec::from_text(asked.at("period").at("to").get<std::string>(), period.to));
  if (period.to <= period.from) return Error{"PERIOD_EMPTY", "the period is empty", {}};
  MRV_TRY(inputs, codec::decode_inputs({crypto::canonicalize(asked.at("inputs"))}));
  std::vector<model::FactorTable> tables;
  const json given = asked.value("tables", json::array());
  for (const auto& table : given) {
    MRV_TRY(auto decoded, codec::decode_factor_table(table.dump()));
    tables.push_back(std::move(decoded));
  }
  const json datasets = asked.value("datasets", json::object());
  for (const auto& [name, text] : datasets.items()) {
    for (const auto& parameter : program.parameters) {
      if (parameter.parameter.name != name) continue;
      MRV_TRY(inputs[name], codec::decode_dataset(parameter.parameter, text.get<std::string>()));
    }
  }
  return methodology::calculate(program, period, inputs, tables);
}

json answer_to(const Result<methodology::Program>& program, const json& asked) {
  if (!program.ok()) return refusal(program.error());
  codec::Inputs inputs;
  const auto calculation = calculated(*program, asked, inputs);
  if (!calculation.ok()) return refusal(calculation.error());
  json years = json::array();
  for (const auto& year : calculation->years) {
    json outputs = json::array();
    for (const auto& output : year.outputs) {
      outputs.push_back({{"name", output.name},
                         {"exact", output.exact.text()},
                         {"rounded", output.rounded.text()}});
    }
    years.push_back({{"year", std::to_string(year.year)}, {"outputs", outputs}});
  }
  return {{"traceDigest", to_hex(calculation->trace_digest)},
          {"trace", methodology::trace_text(calculation->trace)},
          {"steps", calculation->steps},
          {"years", years}};
}

}  // namespace

int main() {
  std::map<std::string, Result<methodology::Program>> programs;
  for (std::string line; std::getline(std::cin, line);) {
    const json asked = json::parse(line);
    const auto path = asked.at("document").get<std::string>();
    auto known = programs.find(path);
    if (known == programs.end()) known = programs.emplace(path, compiled(path)).first;
    std::cout << answer_to(known->second, asked).dump() << std::endl;
  }
  return 0;
}
