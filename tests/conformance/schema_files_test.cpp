// The schemas and the context in schemas/ are what the descriptions of the acts say.
#include <filesystem>
#include <set>

#include <doctest/doctest.h>

#include "ledger/codec/schema_writer.h"
#include "ledger/model/act.h"
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

}  // namespace

TEST_CASE("every act has its published schema and its example, and no schema is left over") {
  const auto files = codec::act_schemas();
  CHECK(files.size() == std::variant_size_v<model::ActBody>);
  std::set<std::string> acts;
  for (const auto& file : files) {
    CHECK_MESSAGE(file.text == test::read_source("schemas/" + file.name),
                  (file.name + " differs; " + kRewrite));
    acts.insert(file.name.substr(0, file.name.find('.')));
  }
  CHECK(acts == names_in("schemas", ".schema.json"));
  CHECK(acts == names_in("schemas/examples/acts", ".json"));
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
