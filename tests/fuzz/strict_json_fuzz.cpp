// Whatever the strict reader accepts, the plain library accepts as the same value; whatever it
// refuses carries a name; its canonical text reads back to the same value under the same limits.
// fuzz-links: mrv_crypto
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"

namespace {

using nlohmann::json;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(std::string_view text, const mrv::crypto::JsonLimits& limits) {
  const auto value = mrv::crypto::parse_strict(text, limits);
  if (!value.ok()) {
    require(value.error().name.starts_with("JSON_") && !value.error().detail.empty());
    require(value.error().pointer.size() <= mrv::crypto::kJsonPointerBytesMax);
    return;
  }
  const json plain = json::parse(text, nullptr, false);
  require(!plain.is_discarded() && plain == *value);
  const std::string canonical = mrv::crypto::canonicalize(*value);
  require(mrv::crypto::check_canonicalizable(*value).ok());
  if (limits.integers_only) {
    const auto again = mrv::crypto::parse_strict(canonical, limits);
    require(again.ok() && *again == *value);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text, mrv::crypto::kDocumentLimits);
  check(text, mrv::crypto::kCertificateLimits);
  check(text, mrv::crypto::kForeignLimits);
  return 0;
}
