// The schemas and the context in schemas/ are what the descriptions of the acts say.
#include <filesystem>
#include <set>

#include <doctest/doctest.h>

#include "ledger/codec/schema_writer.h"
#include "ledger/model/act.h"
#include "ledger/model/act_name.h"
#include "tests/support/files.h"

using namespace mrv;

namespace {

constexpr const char* kRewrite = "rewrite it: build/dev/bin/write-schemas schemas";

std::set<std::string> names_in(const std::string& folder, const std::string& ending) {
  std::set<std::string> names;
  const std::filesystem::path path = std::filesystem::path(MRV_SOURCE_DIR) / folder;
  for (const auto& file : std::filesystem::directory_iterator(path)) {
    const std::string name = file.path().filename().string();
    if (name.ends_with(ending)) names.insert(name.substr(0, name.size() - ending.size()));
  }
  return names;
}

// By their hyphenated names: an act of a later version has a form, and no example yet.
template <std::size_t... I>
std::set<std::string> acts_in_rules(std::index_sequence<I...> /*acts*/) {
  std::set<std::string> names;
  const auto add = [&]<class Act>(const Act* /*act*/) {
    if constexpr (requires { Act::kSince; }) {
      if (Act::kSince > model::kRulesVersionLatest) return;
    }
    names.insert(model::hyphenated(Act::kType));
  };
  (add(static_cast<const std::variant_alternative_t<I, model::AnyAct>*>(nullptr)), ...);
  return names;
}
std::set<std::string> acts_in_rules() {
  return acts_in_rules(std::make_index_sequence<std::variant_size_v<model::AnyAct>>());
}

}  // namespace

TEST_CASE("every act has its published schema, those of the rules in force an example") {
  const auto files = codec::act_schemas();
  CHECK(files.size() == std::variant_size_v<model::AnyAct>);
  std::set<std::string> acts;
  for (const auto& file : files) {
    CHECK_MESSAGE(file.text == test::read_source("schemas/" + file.name),
                  (file.name + " differs; " + kRewrite));
    acts.insert(file.name.substr(0, file.name.find('.')));
  }
  CHECK(acts == names_in("schemas", ".schema.json"));
  CHECK(acts_in_rules() == names_in("schemas/examples/acts", ".json"));
}

TEST_CASE("methodologies and factor tables have their published schemas") {
  for (const auto& file : codec::standard_schemas()) {
    CHECK_MESSAGE(file.text == test::read_source("schemas/" + file.name),
                  (file.name + " differs; " + kRewrite));
  }
}

TEST_CASE("the published context is that of the acts") {
  const auto context = codec::act_context();
  CHECK_MESSAGE(context.text == test::read_source("schemas/" + context.name),
                (context.name + " differs; " + kRewrite));
}
