// Each subject is the published document itself; only the data is made here.
#include "tests/bench/methodology_bench.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "ledger/methodology/dates.h"
#include "ledger/methodology/engine.h"
#include "tests/bench/bench_print.h"

namespace mrv::bench {
namespace {

using nlohmann::json;

constexpr std::size_t kAccounts = 20'000;
constexpr std::size_t kStrata = 20;
constexpr int kFirstYear = 2001;
constexpr int kLastYear = 2040;

// The most memory that this process has had.
double peak_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string text; std::getline(status, text);) {
    if (text.starts_with("VmHWM:")) return std::stod(text.substr(6)) / 1'024;
  }
  return 0;
}

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("not readable: " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

template <class T>
T need(Result<T> result) {
  if (!result.ok()) throw std::runtime_error(result.error().detail + result.error().pointer);
  return *std::move(result);
}

// A document of the library with the data of its first vector.
struct Subject {
  methodology::Program program;
  model::Period period;
  json inputs;
  std::vector<model::FactorTable> tables;
};

Subject load(const std::string& root, const std::string& name) {
  const auto document =
      need(codec::decode_methodology(read(root + "/schemas/methodologies/" + name + ".json")));
  const auto& vector = document.vectors.at(0);
  Subject subject{need(methodology::compile(document)),
                  vector.period,
                  json::parse(vector.inputs.canonical),
                  {}};
  for (const auto& raw : vector.tables) {
    subject.tables.push_back(need(codec::decode_factor_table(raw.canonical)));
  }
  return subject;
}

codec::Inputs decoded(const json& inputs) {
  return need(codec::decode_inputs({crypto::canonicalize(inputs)}));
}

void bench_report(const std::string& root, std::size_t evaluations) {
  const Subject subject = load(root, "ccs-net-storage-1");
  const auto inputs = decoded(subject.inputs);
  const auto start = Clock::now();
  for (std::size_t i = 0; i < evaluations; ++i) {
    need(methodology::calculate(subject.program, subject.period, inputs, subject.tables));
  }
  line("methodology: CCS reports", static_cast<double>(evaluations) / seconds_since(start), "1/s");
}

// Trips between the stops of one city: account, mode and distance follow from the number.
std::string trips_csv(std::size_t trips) {
  std::string csv =
      "trip_id,account,mode,day,distance_m [m flow],network_distance_m [m flow],duration_s [s "
      "flow]\n";
  for (std::size_t i = 0; i < trips; ++i) {
    const std::size_t mixed = i * 2'654'435'761 % 4'294'967'291;
    const std::size_t metres = 500 + mixed % 30'000;
    csv += "t" + std::to_string(mixed) + ",u" + std::to_string(i % kAccounts) +
           (mixed % 3 == 0 ? ",metro," : ",electric-bus,") + "2025-0" +
           std::to_string(1 + mixed % 9) + "-1" + std::to_string(mixed % 10) + "," +
           std::to_string(metres) + "," + std::to_string(metres + mixed % 7) + "," +
           std::to_string(metres / 5) + "\n";
  }
  return csv;
}

void bench_travel(const std::string& root, std::size_t trips) {
  Subject subject = load(root, "tan-pu-hui-travel-1");
  subject.inputs.erase("trips");
  auto& accounts = subject.inputs["accounts"] = json::array();
  for (std::size_t a = 0; a < kAccounts; ++a) {
    accounts.push_back({{"account", "u" + std::to_string(a)}, {"remainder", "0.5"}});
  }
  subject.inputs["walks"] = json::array();
  auto inputs = decoded(subject.inputs);
  auto csv = trips_csv(trips);
  const auto start = Clock::now();
  for (const auto& each : subject.program.parameters) {
    if (each.parameter.name != "trips") continue;
    inputs["trips"] = need(codec::decode_dataset(each.parameter, std::move(csv)));
  }
  const auto result =
      need(methodology::calculate(subject.program, subject.period, inputs, subject.tables));
  const double seconds = seconds_since(start);
  line("methodology: trips", static_cast<double>(trips), "");
  line("methodology: their evaluation", seconds * 1'000, "ms");
  line("methodology: steps", static_cast<double>(result.steps), "");
  line("methodology: peak memory", peak_mib(), "MiB");
}

// The record of `records` with these members, under other ones.
json copied(const json& records, const json& members, const json& renamed) {
  for (const json& record : records) {
    bool same = true;
    for (const auto& [name, member] : members.items()) same = same && record.at(name) == member;
    if (!same) continue;
    json copy = record;
    copy.update(renamed);
    return copy;
  }
  throw std::runtime_error("the vector has no such record");
}

// The vector's two strata ten times each, its second year forty times; the project's trees grow.
json wetland_inputs(const json& vector) {
  json inputs = vector;
  for (const char* name : {"strata", "projectYears", "biomass", "soil", "halfWidths"}) {
    inputs[name] = json::array();
  }
  for (int year = kFirstYear; year <= kLastYear; ++year) {
    inputs["projectYears"].push_back({{"year", std::to_string(year)},
                                      {"area", std::to_string(100 * kStrata / 2)},
                                      {"leakage", "0"},
                                      {"woodyChange", "72.5"}});
  }
  for (std::size_t s = 0; s < kStrata; ++s) {
    const bool ridge = s % 2 == 1;
    const std::string stratum = ridge ? "ridge" : "flat";
    const std::string renamed = stratum + std::to_string(s);
    for (const std::string scenario : {"BSL", "WPS"}) {
      const json members = {{"scenario", scenario}, {"stratum", stratum}};
      inputs["strata"].push_back(copied(vector["strata"], members, {{"stratum", renamed}}));
      for (int year = kFirstYear; year <= kLastYear; ++year) {
        const json place = {{"stratum", renamed}, {"year", std::to_string(year)}};
        for (const char* name : {"biomass", "soil", "halfWidths"}) {
          inputs[name].push_back(copied(vector[name], members, place));
        }
        if (!ridge) continue;
        const int quarters = scenario == "WPS" ? 29 * (year - kFirstYear + 1) : 0;  // of a tonne
        inputs["biomass"].back()["tree"] = std::to_string(480 + quarters) + "/4";
        inputs["biomass"].back()["shrub"] = "30";
        inputs["biomass"].back()["herb"] = "8";
      }
    }
  }
  return inputs;
}

void bench_wetland(const std::string& root) {
  constexpr int kRuns = 10;
  const Subject subject = load(root, "tidal-wetland-net-default-1");
  const auto inputs = decoded(wetland_inputs(subject.inputs));
  const model::Period last_year =
      methodology::part_in_year({model::Day{INT32_MIN}, model::Day{INT32_MAX}}, kLastYear);
  std::uint64_t steps = 0;
  const auto start = Clock::now();
  for (int i = 0; i < kRuns; ++i) {
    steps = need(methodology::calculate(subject.program, last_year, inputs, subject.tables)).steps;
  }
  line("methodology: wetland of 20 strata, 40 years", seconds_since(start) * 1'000 / kRuns, "ms");
  line("methodology: steps", static_cast<double>(steps), "");
}

}  // namespace

int bench_methodology(const std::string& root, std::size_t evaluations, std::size_t trips) {
  bench_report(root, evaluations);
  bench_wetland(root);
  bench_travel(root, trips);
  return 0;
}

}  // namespace mrv::bench
