// The canonical text is one fixed point: it reads back, is canonical, and does not depend on how
// the value was formatted.
// fuzz-links: mrv_crypto
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mrv::crypto;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = parse_strict(text, kForeignLimits);
  if (!value.ok()) {
    require(!is_canonical(text));
    return 0;
  }
  const std::string canonical = canonicalize(*value);
  require(is_canonical(canonical));
  require(is_canonical(text) == (canonical == text));

  const std::string spaced = value->dump(2);
  const auto again = parse_strict(spaced, kForeignLimits);
  require(again.ok() && canonicalize(*again) == canonical);

  if (value->is_object() && !value->empty()) {
    const std::string name = value->begin().key();
    nlohmann::json rest = *value;
    rest.erase(name);
    require(canonicalize_without(*value, name) == canonicalize(rest));
  }
  return 0;
}
