// The first vector of every published methodology has the trace digest that is written down: the
// same from every compiler, in every build, for everyone who recomputes.
#include <filesystem>
#include <set>
#include <sstream>

#include "tests/support/files.h"
#include "tests/support/small_methodology.h"

using namespace mrv;
using test::json;

namespace {

std::string line_of(const std::filesystem::path& path) {
  const auto document = codec::decode_methodology(test::read_file(path.string()));
  REQUIRE(document.ok());
  const auto program = methodology::compile(*document);
  REQUIRE(program.ok());
  const auto& vector = document->vectors[0];
  std::vector<model::FactorTable> tables;
  for (const auto& raw : vector.tables) {
    tables.push_back(*codec::decode_factor_table(raw.canonical));
  }
  const auto calculation =
      methodology::calculate(*program, vector.period, *codec::decode_inputs(vector.inputs), tables);
  REQUIRE_MESSAGE(calculation.ok(), calculation.error().detail);
  return path.stem().string() + " " + to_hex(calculation->trace_digest);
}

}  // namespace

TEST_CASE("traces have the digests that are written down") {
  std::set<std::string> known;
  std::istringstream list(test::read_source("tests/methodology/trace_digests.txt"));
  for (std::string line; std::getline(list, line);) known.insert(line);
  std::size_t count = 0;
  const std::filesystem::path folder =
      std::filesystem::path(MRV_SOURCE_DIR) / "schemas/methodologies";
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".json") continue;
    const auto line = line_of(file.path());
    CHECK_MESSAGE(known.contains(line), ("not written down: " + line));
    ++count;
  }
  CHECK(known.size() == count);
}
