// Every outcome of the table is provoked by name in some test, or stands here with the reason why
// none provokes it. A reason that is no longer true fails as well.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "ledger/model/outcome.h"

using namespace mrv;

namespace {

namespace fs = std::filesystem;

const std::map<std::string, std::string>& exceptions() {
  static const std::map<std::string, std::string> reasons = {
      {"BODY_TOO_LARGE", "the HTTP layer answers HTTP_BODY_TOO_LARGE before a body is an act"},
  };
  return reasons;
}

std::vector<std::string> test_sources() {
  std::vector<std::string> texts;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(MRV_SOURCE_DIR) / "tests")) {
    const std::string path = entry.path().generic_string();
    if (!path.ends_with("_test.cpp") || path.ends_with("outcome_coverage_test.cpp")) continue;
    std::ifstream file(path, std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return texts;
}

bool ends_name(char c) { return c != '_' && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'); }

// "NAME" or "NAME/pointer" as a text, or Outcome::NAME: as an expected answer is written. A mention
// in a comment is none.
bool expects(const std::string& text, const std::string& name) {
  for (const std::string& start : {"\"" + name, "Outcome::" + name}) {
    for (auto at = text.find(start); at != std::string::npos; at = text.find(start, at + 1)) {
      const auto behind = at + start.size();
      if (behind < text.size() && ends_name(text[behind])) return true;
    }
  }
  return false;
}

bool expected_somewhere(const std::vector<std::string>& texts, const std::string& name) {
  return std::any_of(texts.begin(), texts.end(),
                     [&name](const std::string& text) { return expects(text, name); });
}

}  // namespace

TEST_CASE("every outcome is provoked by a test, or its exception says why not") {
  const auto texts = test_sources();
  REQUIRE(texts.size() > 10);
  for (const auto& outcome : model::outcome_table()) {
    const std::string name(outcome.name);
    CHECK_MESSAGE(expected_somewhere(texts, name) != exceptions().contains(name), name);
  }
  for (const auto& [name, reason] : exceptions()) {
    CHECK_MESSAGE(model::find_outcome(name).has_value(), name);
    CHECK(reason.size() > 10);
  }
}

TEST_CASE("an expectation is a whole name in a text or an enumerator") {
  CHECK(expects("x == \"SOME_NAME\"", "SOME_NAME"));
  CHECK(expects("x == \"SOME_NAME/id\"", "SOME_NAME"));
  CHECK(expects("Outcome::SOME_NAME)", "SOME_NAME"));
  CHECK(!expects("x == \"SOME_NAME_MORE\"", "SOME_NAME"));
  CHECK(!expects("Outcome::SOME_NAME2", "SOME_NAME"));
  CHECK(!expects("// SOME_NAME is given here", "SOME_NAME"));
  CHECK(!expects("\"", "SOME_NAME"));
}
