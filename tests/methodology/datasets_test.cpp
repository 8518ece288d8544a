// What a report holds: units stated with numbers, CSV and JSON datasets, what is missing, given
// twice or in no member of an axis. Every dataset_refusal names its place.
#include "tests/support/small_methodology.h"

using namespace mrv;
using test::json;

namespace {

std::string said(const Error& error) {
  return std::string(error.name) + " " + error.pointer + ": " + error.detail;
}

std::string dataset_refusal(const json& inputs) {
  const auto result = test::calculated(test::small_document(), inputs);
  return result.ok() ? "" : said(result.error());
}

json with(const std::string& parameter, std::size_t record, const std::string& field,
          const json& value) {
  json inputs = test::small_inputs();
  inputs[parameter][record][field] = value;
  return inputs;
}

// `total` with the readings in a dataset.
std::string total_of(const std::string& dataset, const json& document = test::small_document()) {
  const auto program = test::compiled(document);
  REQUIRE(program.ok());
  json inline_inputs = test::small_inputs();
  inline_inputs.erase("readings");
  auto inputs = *codec::decode_inputs({crypto::canonicalize(inline_inputs)});
  auto records = codec::decode_dataset(program->parameters[2].parameter, dataset);
  if (!records.ok()) return said(records.error());
  inputs["readings"] = *std::move(records);
  const auto result = methodology::calculate(*program, test::k2023, inputs, {});
  return result.ok() ? test::value_of(result, "total") : said(result.error());
}

const std::string kHeader = "meter,day,mass,share\n";

}  // namespace

TEST_CASE("a number may state its unit and kind, which must be the field's") {
  const auto mass = [](const char* text) {
    return dataset_refusal(with("readings", 0, "mass", text));
  };
  const std::string at =
      "PARAMETER_INVALID /credentialSubject/inputs/readings/0/mass: readings.mass: ";
  CHECK(mass("1.5 tCO2e").empty());
  CHECK(mass("1.5 tCO2e flow").empty());
  CHECK(mass("1.5 t") == at + "it is in tCO2e (flow), not in t");
  CHECK(mass("1.5 tCO2e stock") == at + "it is in tCO2e (flow), not in tCO2e stock");
  CHECK(mass("1.5  tCO2e") == at + "it is in tCO2e (flow), not in  tCO2e");
  CHECK(mass("1,5") == at + "decimal commas and thousands separators are not read: 1,5");
  CHECK(mass("1,500.0") == at + "decimal commas and thousands separators are not read: 1,500.0");
  for (const char* wrong : {"+1", "1e3", "01", "", "NaN", "1/0", "0x1"}) {
    CHECK(mass(wrong) == at + "not a number: " + wrong);
  }
  CHECK(dataset_refusal(with("readings", 1, "share", "13")) ==
        "PARAMETER_INVALID /credentialSubject/inputs/readings/1/share: readings.share: above 1");
}

TEST_CASE("a number of a million digits is refused at once") {
  const auto refused = dataset_refusal(with("readings", 0, "mass", std::string(1'000'000, '9')));
  CHECK(refused.starts_with("PARAMETER_INVALID /credentialSubject/inputs/readings/0/mass"));
  CHECK(refused.size() < 300);
}

TEST_CASE("a CSV dataset has the declared columns, in any order, stating their units or not") {
  CHECK(total_of(kHeader + "m,2023-01-01,1.5,1\nm,2023-12-31,2,0\n") == "7/2");
  CHECK(total_of("share,mass [tCO2e],day,meter\r\n1,1.5,2023-01-01,\"m, \"\"1\"\"\"\r\n") == "3/2");
  CHECK(total_of("meter,day,mass [tCO2e flow],share [1 fraction]\nm,2023-01-01,1,1\n") == "1");
  CHECK(total_of(kHeader) == "0");
  const std::string invalid = "PARAMETER_INVALID : readings, ";
  CHECK(total_of("meter,day,mass [tC],share\n") ==
        invalid + "row 0, column mass: it is in tCO2e, not in tC");
  CHECK(total_of("meter,day,mass [tCO2e stock],share\n") ==
        invalid + "row 0, column mass: it is in tCO2e, not in tCO2e stock");
  CHECK(total_of("meter,day,mass\n") == invalid + "row 0: there is no column share");
  CHECK(total_of("meter,day,mass,share,extra\n") ==
        invalid + "row 0: the file has columns that the methodology does not name");
  CHECK(total_of("meter,day,mass,share,mass\n") == invalid + "row 0: the column mass occurs twice");
  CHECK(total_of("") == invalid + "the file is empty");
}

TEST_CASE("an error in a dataset names row and column") {
  const auto error = [](const std::string& rows) { return total_of(kHeader + rows); };
  const std::string at = "/credentialSubject/datasets: readings, row 2, column ";
  const std::string good = "m,2023-01-01,1,1\n";
  CHECK(error(good + "m,2023-01-01,\"1,5\",1\n") ==
        "PARAMETER_INVALID " + at +
            "mass: decimal commas and thousands separators are not read: 1,5");
  CHECK(error(good + "m,2023-01-01,,1\n") == "PARAMETER_MISSING " + at + "mass: is missing");
  CHECK(error(good + "m,2024-01-01,1,1\n") ==
        "PARAMETER_INVALID " + at + "day: outside the report's period");
  CHECK(error(good + "m,2023-02-29,1,1\n") ==
        "PARAMETER_INVALID " + at + "day: not a date of the wanted form");
  CHECK(error(good + "m,2023-01-01,1\n") ==
        "PARAMETER_INVALID " + at + "row: 3 cells where the header has 4");
  CHECK(error(good + "m,2023-01-01,1,-0.1\n") == "PARAMETER_INVALID " + at + "share: below 0");
  CHECK(error(good + "\"m,2023-01-01,1,1\n") ==
        "PARAMETER_INVALID /credentialSubject/datasets: readings, row 2, column 1: the quoted cell "
        "does not end");
}

TEST_CASE("a JSON dataset is a list of records") {
  CHECK(total_of(R"([{"meter":"m","day":"2023-01-01","mass":"2","share":"1"}])") == "2");
  CHECK(total_of("[]") == "0");
  CHECK(total_of(R"([{"meter":"m","day":"2023-01-01","mass":2,"share":"1"}])") ==
        "PARAMETER_INVALID : readings, /0/mass: values are texts, numbers too");
  CHECK(total_of(R"([{"meter":"m","day":"2023-01-01","share":"1"}])") ==
        "PARAMETER_MISSING /credentialSubject/datasets: readings, row 1, column mass: is missing");
  CHECK(total_of("[").starts_with("PARAMETER_INVALID"));
  std::string longest = "[" + std::string(kJsonDatasetBytesMax - 2, ' ') + "]";
  CHECK(total_of(longest) == "0");
  CHECK(total_of(longest + " ").starts_with("PARAMETER_INVALID"));
}

TEST_CASE("a value that may be given once is refused the second time") {
  CHECK(dataset_refusal(with("plots", 2, "plot", "p3")) ==
        "PARAMETER_INVALID /credentialSubject/inputs/plots/2/plot: plots.plot: stands twice: p3");
}

TEST_CASE("members of an axis are those of the field that gives them, each combination once") {
  CHECK(dataset_refusal(with("plots", 1, "stratum", "c")) ==
        "PARAMETER_INVALID /credentialSubject/inputs/plots/1/stratum: plots.stratum: no member of "
        "axis stratum: c");
  json inputs = test::small_inputs();
  inputs["strata"].push_back({{"stratum", "b"}, {"area", "9"}});
  CHECK(
      dataset_refusal(inputs) ==
      "PARAMETER_INVALID /credentialSubject/inputs/strata/2/stratum: strata.stratum: given twice: "
      "b");
}

TEST_CASE("what is missing is an error, or stands in by the declared rule and is traced") {
  json document = test::small_document();
  auto& mass = document["parameters"][2]["fields"][2];
  CHECK(total_of(kHeader + "m,2023-01-01,,1\n", document).starts_with("PARAMETER_MISSING"));
  mass["missing"] = {{"rule", "value"}, {"value", "7"}};
  CHECK(total_of(kHeader + "m,2023-01-01,,1\nm,2023-01-02,1,1\n", document) == "8");
  mass["missing"] = {{"rule", "previous"}};
  CHECK(
      total_of(kHeader + "m,2023-01-01,4,1\nm,2023-03-01,,1\nm,2023-02-01,5,1\nn,2023-02-15,9,1\n",
               document) == "23");
  CHECK(total_of(kHeader + "m,2023-01-01,,1\nm,2023-03-01,4,1\n", document) ==
        "PARAMETER_MISSING /credentialSubject/inputs/readings: readings.mass of m, 2023-01-01 is "
        "missing, and there is no previous value");
  json inputs = test::small_inputs();
  inputs["readings"][1].erase("mass");
  const auto result = test::calculated(document, inputs);
  REQUIRE(result.ok());
  const auto trace = methodology::trace_text(result->trace);
  CHECK(trace.find("period substituted readings.mass [\"m\",\"2023-03-01\"] = 3/2\n") !=
        std::string::npos);
}

TEST_CASE("a complete series says which quarter is missing, or has it stand in") {
  json document = test::small_document();
  auto& readings = document["parameters"][2];
  readings["fields"][1] = {{"name", "quarter"}, {"type", "quarter"}};
  readings["completeBy"] = "meter";
  const std::string header = "meter,quarter,mass,share\n";
  const std::string rows = "m,2023-Q1,1,1\nm,2023-Q3,3,1\nm,2023-Q4,4,1\n";
  CHECK(total_of(header + rows, document) ==
        "PARAMETER_MISSING /credentialSubject/datasets: readings, column quarter: 2023-Q2 of "
        "m is missing");
  CHECK(total_of(header + rows + "m,2023-Q3,3,1\n", document) ==
        "PARAMETER_INVALID /credentialSubject/datasets: readings, row 4, column quarter: given "
        "twice");
  for (const std::size_t field : {2UL, 3UL})
    readings["fields"][field]["missing"] = {{"rule", "previous"}};
  CHECK(total_of(header + rows, document) == "9");
}
