// The parts of the JSON visitors that do not depend on the described type.
#include "ledger/codec/json_codec.h"

#include <cassert>

#include "crypto/canonical_json.h"

namespace mrv::codec {

std::string pointer_step(const std::string& base, std::string_view name) {
  std::string pointer = base + "/";
  for (const char c : name) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
  return pointer;
}

nlohmann::json raw_to_json(const model::RawJson& raw) {
  auto json = crypto::parse_strict(raw.canonical, crypto::kForeignLimits);
  assert(json.ok());
  return *std::move(json);
}

Status Decoder::finish() {
  if (error_) return *error_;
  for (const auto& item : json_.items()) {
    if (!seen_.contains(item.key())) {
      return Error{"FIELD_UNKNOWN", "the member is not part of this type",
                   pointer_step(pointer_, item.key())};
    }
  }
  return {};
}

}  // namespace mrv::codec
