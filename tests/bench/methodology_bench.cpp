// Each subject is the published document itself; only the data is made here.
#include "tests/bench/methodology_bench.h"

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "ledger/methodology/engine.h"

namespace mrv::bench {
namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kAccounts = 20'000;
constexpr std::size_t kStrata = 20;
constexpr int kFirstYear = 2001;
constexpr int kLastYear = 2040;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void line(const char* name, double value, const char* unit) {
  std::printf("%-44s %14.1f %s\n", name, value, unit);
}

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

}  // namespace

int bench_methodology(const std::string& root, std::size_t evaluations, std::size_t trips) {
  bench_report(root, evaluations);
  bench_travel(root, trips);
  return 0;
}

}  // namespace mrv::bench
