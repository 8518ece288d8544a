// Published methodologies guard their own equations: a document with one changed operator, operand,
// or number no longer passes its own vectors. The few changes that no vector shows are listed in
// surviving_mutants.txt: alternatives of one list of names, and terms without effect on any total.
#include <filesystem>
#include <set>
#include <sstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "ledger/methodology/engine.h"
#include "tests/support/files.h"

using namespace mrv;
using nlohmann::json;

namespace {

std::vector<std::filesystem::path> published() {
  std::vector<std::filesystem::path> paths;
  const std::filesystem::path folder =
      std::filesystem::path(MRV_SOURCE_DIR) / "schemas/methodologies";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() == ".json") paths.push_back(file.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool holds(const json& document) {
  const auto decoded = codec::decode_methodology(document.dump());
  return decoded.ok() && methodology::check_document(*decoded).ok();
}

// Another operator of the same form.
const std::map<std::string, std::string>& swaps() {
  static const std::map<std::string, std::string> kSwaps = {
      {"+", "-"},    {"-", "+"},    {"*", "/"},     {"/", "*"},    {"min", "max"}, {"max", "min"},
      {"<", "<="},   {"<=", "<"},   {">", ">="},    {">=", ">"},   {"=", "!="},    {"!=", "="},
      {"and", "or"}, {"or", "and"}, {"all", "any"}, {"any", "all"}};
  return kSwaps;
}

// What is left of an expression when one operand stands for the whole.
bool is_replaceable(const std::string& op) {
  static const std::set<std::string> kKept = {"quantity", "text", "lookup",
                                              "group_by", "at",   "rounded"};
  return !kKept.contains(op);
}

// Every single change of the expression at `place` in `document`, one after the other.
template <class F>
void each_change(json& document, const json::json_pointer& place, const F& visit) {
  const json original = document.at(place);
  const auto with = [&](const json& changed) {
    document.at(place) = changed;
    visit(changed.dump());
    document.at(place) = original;
  };
  if (original.is_string()) return;
  const std::string op = original[0];
  if (op == "quantity") {
    json changed = original;
    changed[1] = original[1] == "1" ? "2" : "1";
    with(changed);
    return;
  }
  if (op == "text") return;
  if (const auto swap = swaps().find(op); swap != swaps().end() && original.size() > 2) {
    json changed = original;
    changed[0] = swap->second;
    with(changed);
  }
  if (is_replaceable(op)) {
    for (std::size_t i = 1; i < original.size(); ++i) with(original[i]);
  }
  for (std::size_t i = 1; i < original.size(); ++i) each_change(document, place / i, visit);
}

std::set<std::string> survivors_of(const std::filesystem::path& path) {
  json document = json::parse(test::read_file(path.string()));
  REQUIRE(holds(document));
  std::set<std::string> survivors;
  const auto judge = [&](const std::string& where) {
    each_change(document, json::json_pointer(where), [&](const std::string& changed) {
      if (holds(document)) {
        survivors.insert(path.stem().string() + " " + where + " " + changed);
      }
    });
  };
  for (std::size_t d = 0; d < document["definitions"].size(); ++d) {
    judge("/definitions/" + std::to_string(d) + "/expression");
  }
  for (std::size_t c = 0; c < document["checks"].size(); ++c) {
    judge("/checks/" + std::to_string(c) + "/that");
  }
  return survivors;
}

}  // namespace

TEST_CASE("every published methodology holds, and fits into an act") {
  for (const auto& path : published()) {
    CAPTURE(path.filename().string());
    const json document = json::parse(test::read_file(path.string()));
    CHECK(holds(document));
    CHECK(document.dump().size() < 50'000);
  }
}

TEST_CASE("a published methodology with one change in an equation no longer passes its vectors") {
  std::set<std::string> survivors;
  for (const auto& path : published()) survivors.merge(survivors_of(path));
  std::set<std::string> known;
  std::istringstream list(test::read_source("tests/mutation/surviving_mutants.txt"));
  for (std::string line; std::getline(list, line);) known.insert(line);
  for (const auto& survivor : survivors) {
    CHECK_MESSAGE(known.contains(survivor), ("not noticed: " + survivor));
  }
  for (const auto& line : known) CHECK_MESSAGE(survivors.contains(line), ("is noticed: " + line));
}
