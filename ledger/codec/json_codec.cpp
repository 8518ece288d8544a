// The parts of the JSON visitors that do not depend on the described type.
#include "ledger/codec/json_codec.h"

#include <algorithm>
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

Status require_object(const nlohmann::json& json, const std::string& pointer) {
  if (json.is_object()) return {};
  return Error{"FIELD_TYPE_WRONG", "an object is expected", pointer};
}

void Encoder::put(std::string_view name, nlohmann::json&& value) {
  object_[std::string(name)] = std::move(value);
}

Decoder::Decoder(const nlohmann::json& json, std::string pointer)
    : json_(json), pointer_(std::move(pointer)) {}
Decoder::~Decoder() = default;

const nlohmann::json* Decoder::enter(std::string_view name, bool required) {
  if (error_) return nullptr;
  seen_.insert(std::string(name));
  at_ = pointer_step(pointer_, name);
  const auto found = json_.find(name);
  if (found != json_.end()) return &*found;
  if (required) fail("FIELD_MISSING", "the member " + std::string(name) + " is required");
  return nullptr;
}

void Decoder::enter_item(std::size_t base, std::size_t index) {
  at_.resize(base);
  at_ += "/" + std::to_string(index);
}

const std::string* Decoder::text_in(const nlohmann::json& json, const char* expectation) {
  if (json.is_string()) return &json.get_ref<const std::string&>();
  fail("FIELD_TYPE_WRONG", expectation);
  return nullptr;
}

bool Decoder::is_object(const nlohmann::json& json) {
  if (!json.is_object()) fail("FIELD_TYPE_WRONG", "an object is expected");
  return json.is_object();
}

bool Decoder::is_list(const nlohmann::json& json, std::size_t items_min, std::size_t items_max) {
  if (!json.is_array()) {
    fail("FIELD_TYPE_WRONG", "a list is expected");
  } else if (json.size() < items_min) {
    fail("LIST_TOO_SHORT", "the list has too few items");
  } else if (json.size() > items_max) {
    fail("LIST_TOO_LONG", "the list has too many items");
  } else {
    return true;
  }
  return false;
}

void Decoder::read_bool(const nlohmann::json& json, bool& out) {
  if (!json.is_boolean()) return fail("FIELD_TYPE_WRONG", "true or false is expected");
  out = json.get<bool>();
}

void Decoder::read_raw(const nlohmann::json& json, model::RawJson& out) {
  take(raw_from_json(json), out);
}

void Decoder::read_text(const nlohmann::json& json, std::string& out, const model::Text& limits) {
  const auto* text = text_in(json, "a string is expected");
  if (text == nullptr) return;
  out = *text;
  check(judge_text(out, limits));
}

void Decoder::read_text(const nlohmann::json& json, std::string& out, const model::Code& limits) {
  const auto* text = text_in(json, "a string is expected");
  if (text == nullptr) return;
  out = *text;
  check(judge_text(out, limits));
}

void Decoder::read_integer(const nlohmann::json& json, std::int64_t& out,
                           const model::Range& range) {
  const auto* text = text_in(json, "a decimal string is expected");
  if (text != nullptr) take(parse_integer(*text, range), out);
}

void Decoder::read_integer(const nlohmann::json& json, std::int64_t& out,
                           const model::None& range) {
  const auto* text = text_in(json, "a decimal string is expected");
  if (text != nullptr) take(parse_integer(*text, range), out);
}

std::optional<std::size_t> Decoder::place_of(const nlohmann::json& json,
                                             const std::string_view* names, std::size_t count) {
  if (json.is_string()) {
    const std::string_view text = json.get_ref<const std::string&>();
    const auto* found = std::find(names, names + count, text);
    if (found != names + count) return static_cast<std::size_t>(found - names);
  }
  fail("FIELD_VALUE_UNKNOWN", "the value is not one of the listed names");
  return std::nullopt;
}

void Decoder::check(const Status& status) {
  if (!status.ok()) fail(status.error().name, status.error().detail);
}

void Decoder::fail(std::string_view name, std::string detail) {
  if (!error_) error_ = Error{name, std::move(detail), at_};
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
