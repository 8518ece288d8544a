// Any text is a methodology document or refused by name: parsing, typing, limits, vectors. One that
// holds holds again, and calculates the same.
// fuzz-links: mrv_core
// fuzz-mutations: 300
#include <cstdlib>

#include "ledger/methodology/engine.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mrv;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto document = codec::decode_methodology(text);
  if (!document.ok()) {
    require(document.error().name == "METHODOLOGY_MALFORMED");
    return 0;
  }
  const auto program = methodology::check_document(*document);
  if (!program.ok()) {
    require(program.error().name == "METHODOLOGY_INVALID" ||
            program.error().name == "CALCULATION_FAILED" ||
            program.error().name.starts_with("NUMBER_") ||
            program.error().name == "DIVISION_BY_ZERO");
    return 0;
  }
  require(program->definitions.size() == document->definitions.size());
  require(methodology::check_document(*document).ok());
  return 0;
}
