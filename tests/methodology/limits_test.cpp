// Every limit of data and documents, on both sides.
#include "ledger/methodology/slice.h"
#include "tests/support/small_methodology.h"

using namespace mrv;
using test::json;

namespace {

// The readings of the small document as a CSV file of `rows` rows.
codec::InputRecords readings(const methodology::Program& program, std::size_t rows) {
  std::string csv = "meter,day,mass,share\n";
  for (std::size_t r = 0; r < rows; ++r) csv += "m,2023-01-01,1,1\n";
  return *codec::decode_dataset(program.parameters[2].parameter, std::move(csv));
}

// What judging answers where the only axis has so many members.
std::string with_members(std::size_t members) {
  json document = test::small_document();
  const auto program = *test::compiled(document);
  json inputs = test::small_inputs();
  inputs["plots"] = json::array();
  inputs.erase("strata");
  auto decoded = *codec::decode_inputs({crypto::canonicalize(inputs)});
  std::string csv = "stratum,area\n";
  for (std::size_t s = 0; s < members; ++s) csv += std::to_string(s) + ",1\n";
  decoded["strata"] = *codec::decode_dataset(program.parameters[0].parameter, std::move(csv));
  const auto data = methodology::judge_inputs(program, test::k2023, decoded);
  return data.ok() ? "" : data.error().detail;
}

// A series of yearly stocks since `first`.
std::string series_since(int first) {
  json document = test::stock_series();
  json inputs = test::small_inputs();
  for (int year = first; year <= 2100; ++year) {
    inputs["stock"].push_back({{"year", std::to_string(year)}, {"c", "1"}});
  }
  for (auto& reading : inputs["readings"]) reading["day"] = "2100-01-01";
  const auto result = test::calculated(document, inputs, {{47'482}, {47'847}});
  return result.ok() ? "" : result.error().detail;
}

std::string limit_refusal(const json& document) {
  const auto program = test::compiled(document);
  return program.ok() ? "" : std::string(program.error().name) + ": " + program.error().detail;
}

}  // namespace

TEST_CASE("a dataset has at most a million rows") {
  const auto program = *test::compiled(test::small_document());
  const auto& parameter = program.parameters[2];
  const auto full = methodology::read_columns(parameter, readings(program, kDatasetRowsMax));
  REQUIRE(full.ok());
  CHECK(full->records == kDatasetRowsMax);
  const auto over = methodology::read_columns(parameter, readings(program, kDatasetRowsMax + 1));
  REQUIRE(!over.ok());
  CHECK(over.error().detail == "readings has more than 1000000 records");
}

TEST_CASE("a dataset has at most eight million cells") {
  json document = test::small_document();
  auto& fields = document["parameters"][2]["fields"];
  for (int i = 4; i < 10; ++i) {
    fields.push_back({{"name", "t" + std::to_string(i)}, {"type", "text"}});
  }
  const auto program = *test::compiled(document);
  const auto read = [&](std::size_t rows) {
    std::string csv = "meter,day,mass,share,t4,t5,t6,t7,t8,t9\n";
    for (std::size_t r = 0; r < rows; ++r) csv += "m,2023-01-01,1,1,a,a,a,a,a,a\n";
    const auto& parameter = program.parameters[2];
    const auto columns = methodology::read_columns(
        parameter, *codec::decode_dataset(parameter.parameter, std::move(csv)));
    return columns.ok() ? "" : columns.error().detail;
  };
  CHECK(read(kDatasetCellsMax / 10).empty());
  CHECK(read(kDatasetCellsMax / 10 + 1) == "readings has more than 8000000 cells");
}

TEST_CASE("an axis has at most 200,000 members, a series 100 years") {
  CHECK(with_members(kAxisMembersMax).empty());
  CHECK(with_members(kAxisMembersMax + 1) ==
        "strata, column stratum: axis stratum has more than 200000 members");
  CHECK(series_since(2001).empty());
  CHECK(series_since(2000) == "stock.year: axis year has more than 100 members");
}

TEST_CASE("a definition has at most a million values") {
  json document = test::small_document();
  document["axes"].push_back({{"name", "meter"}, {"of", "readings.meter"}});
  document["parameters"][2]["fields"][0]["axis"] = "meter";
  test::define(document, "byMeter", "tCO2e", "flow",
               {"group_by", "readings.meter", {"sum", "readings.mass"}});
  test::define(document, "x", "tCO2e*ha", "flow", {"*", "byMeter", "strata.area"});
  json inputs = test::small_inputs();
  inputs["plots"] = json::array();
  inputs["strata"].clear();
  inputs["readings"].clear();
  for (int i = 0; i < 1'000; ++i) {
    inputs["strata"].push_back({{"stratum", std::to_string(i)}, {"area", "1"}});
    inputs["readings"].push_back(
        {{"meter", std::to_string(i)}, {"day", "2023-01-01"}, {"mass", "1"}, {"share", "1"}});
  }
  CHECK(test::calculated(document, inputs).ok());
  inputs["strata"].push_back({{"stratum", "more"}, {"area", "1"}});
  CHECK(test::value_of(test::calculated(document, inputs), "x") ==
        "CALCULATION_FAILED: x: it has more than 1000000 values");
}

TEST_CASE("groups of all keys together are bounded before anything is evaluated") {
  // 2^6 - 1 sets of keys, each over all readings: records alone bound how many there may be.
  json document = test::small_document();
  auto& readings = document["parameters"][2];
  for (int i = 0; i < 6; ++i) {
    const std::string name = "k" + std::to_string(i);
    document["axes"].push_back({{"name", name}, {"of", "readings." + name}});
    readings["fields"].push_back({{"name", name}, {"type", "text"}, {"axis", name}});
  }
  for (int set = 1; set < 64; ++set) {
    json expression = json::array({"group_by"});
    for (int i = 0; i < 6; ++i) {
      if ((set >> i) % 2 == 1) expression.push_back("readings.k" + std::to_string(i));
    }
    expression.push_back({"count", "readings.mass"});
    // Not evaluated: a branch that is never taken is priced and grouped all the same.
    test::define(document, "x" + std::to_string(set), "1", "count",
                 {"if", {"=", "1", "1"}, "1", {"sum", expression}});
  }
  const auto program = test::compiled(document);
  REQUIRE_MESSAGE(program.ok(), program.error().detail);
  CHECK(program->groupings.size() == 63);
  const auto answer = [&](std::size_t rows) -> std::string {
    std::string csv = "meter,day,mass,share,k0,k1,k2,k3,k4,k5\n";
    for (std::size_t r = 0; r < rows; ++r) csv += "m,2023-01-01,1,1,a,a,a,a,a,a\n";
    json inline_inputs = test::small_inputs();
    inline_inputs.erase("readings");
    auto inputs = *codec::decode_inputs({crypto::canonicalize(inline_inputs)});
    inputs["readings"] = *codec::decode_dataset(program->parameters[2].parameter, std::move(csv));
    const auto data = methodology::judge_inputs(*program, test::k2023, inputs);
    REQUIRE_MESSAGE(data.ok(), data.error().detail);
    const auto slice = methodology::make_slice(*program, *data, std::nullopt, test::k2023, {});
    return slice.ok() ? "" : slice.error().detail;
  };
  // Each set has one group: two starts and the records.
  const std::size_t most = kGroupingsSizeMax / 63 - 2;
  CHECK(answer(most).empty());
  CHECK(answer(most + 1) == "groups and grouped records come to more than 20000000");
}

TEST_CASE("a document has at most 8 axes, an expression at most 24 levels and 2,000 nodes in all") {
  json document = test::small_document();
  for (std::size_t a = 1; a < kAxesMax; ++a) {
    const std::string name = "axis" + std::to_string(a);
    document["axes"].push_back({{"name", name}, {"of", "plots." + name}});
    document["parameters"][1]["fields"].push_back(
        {{"name", name}, {"type", "text"}, {"axis", name}});
  }
  CHECK(limit_refusal(document).empty());
  document["axes"].push_back({{"name", "more"}, {"of", "plots.plot"}});
  CHECK(limit_refusal(document).starts_with("METHODOLOGY_MALFORMED: LIST_TOO_LONG"));

  const auto nested = [](std::size_t levels) {
    json expression = "total";
    for (std::size_t i = 0; i < levels; ++i) expression = json::array({"abs", expression});
    json made = test::small_document();
    test::define(made, "x", "tCO2e", "flow", expression);
    return limit_refusal(made);
  };
  CHECK(nested(kExpressionDepthMax).empty());
  CHECK(nested(kExpressionDepthMax + 1) == "METHODOLOGY_INVALID: nested too deeply");

  // `total` has two nodes; a sum of n names has n + 1.
  const auto wide = [](std::size_t last) {
    json made = test::small_document();
    for (int i = 0; i < 31; ++i) {
      json sum = json::array({"+"});
      for (int n = 0; n < 63; ++n) sum.push_back("total");
      test::define(made, "x" + std::to_string(i), "tCO2e", "flow", sum);
    }
    json rest = json::array({"+"});
    for (std::size_t n = 0; n < last; ++n) rest.push_back("total");
    test::define(made, "rest", "tCO2e", "flow", rest);
    test::define(made, "tail", "tCO2e", "flow", {"abs", {"abs", {"abs", "total"}}});
    return limit_refusal(made);
  };
  const std::size_t left = kExpressionNodesMax - 2 - 31 * 64 - 1 - 4;
  CHECK(wide(left).empty());
  CHECK(wide(left + 1) == "METHODOLOGY_INVALID: more than 2000 nodes");
}
