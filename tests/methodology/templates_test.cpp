// The CSV templates that come with the published methodologies are read by them.
#include <filesystem>
#include <map>

#include <doctest/doctest.h>

#include "ledger/methodology/columns.h"
#include "tests/support/files.h"

using namespace mrv;
namespace fs = std::filesystem;

TEST_CASE("every template is read by its methodology, and every dataset has one") {
  const fs::path folder = fs::path(MRV_SOURCE_DIR) / "schemas/methodologies";
  std::map<std::string, model::Methodology> latest;  // templates are those of the last version
  for (const auto& file : fs::directory_iterator(folder)) {
    if (file.path().extension() != ".json") continue;
    auto document = codec::decode_methodology(test::read_file(file.path().string()));
    REQUIRE(document.ok());
    const auto known = latest.find(document->id);
    if (known != latest.end() && known->second.version > document->version) continue;
    latest.insert_or_assign(document->id, *std::move(document));
  }
  std::size_t read = 0;
  for (const auto& [id, document] : latest) {
    const auto program = methodology::compile(document);
    REQUIRE(program.ok());
    for (const auto& parameter : program->parameters) {
      if (!codec::takes_dataset(parameter.parameter)) continue;
      const fs::path path = folder / "templates" / id / (parameter.parameter.name + ".csv");
      CAPTURE(path.string());
      const auto records =
          codec::decode_dataset(parameter.parameter, test::read_file(path.string()));
      REQUIRE_MESSAGE(records.ok(), records.error().detail);
      const auto columns = methodology::read_columns(parameter, *records);
      REQUIRE_MESSAGE(columns.ok(), columns.error().detail);
      CHECK(columns->records > 0);
      ++read;
    }
  }
  CHECK(read > 10);
}
