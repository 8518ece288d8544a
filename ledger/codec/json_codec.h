// The two JSON visitors of model/describe.h: struct -> JSON and JSON -> struct.
//
// Decoding is strict: an unknown member, a missing member, a wrong type, a text out of bounds each
// end in a named error with the JSON Pointer of the offending value. decode(encode(x)) == x, and
// whatever decodes encodes back to the same JSON. Included only by the codec's .cpp files (it pulls
// in nlohmann/json).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include <nlohmann/json.hpp>

#include "ledger/codec/scalar_text.h"
#include "ledger/model/describe.h"
#include "ledger/model/ids.h"
#include "ledger/model/parties.h"

namespace mrv::codec {

// What a text in a list keeps to.
inline constexpr model::Text kItemText{1, kNameBytesMax};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsObjectId : std::false_type {};
template <class Tag>
struct IsObjectId<model::ObjectId<Tag>> : std::true_type {};

// RFC 6901: `~` and `/` inside a name are escaped.
std::string pointer_step(const std::string& base, std::string_view name);

nlohmann::json raw_to_json(const model::RawJson& raw);

template <class T>
nlohmann::json encode_json(const T& value);

class Encoder {
 public:
  template <class T, class C>
  void field(std::string_view name, const T& value, const C& /*constraint*/) {
    if constexpr (IsOptional<T>::value) {
      if (value) object_[std::string(name)] = encode_json(*value);
    } else {
      object_[std::string(name)] = encode_json(value);
    }
  }
  nlohmann::json take() { return std::move(object_); }

 private:
  nlohmann::json object_ = nlohmann::json::object();
};

template <class T>
nlohmann::json encode_json(const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    return value;
  } else if constexpr (std::is_same_v<T, std::string>) {
    return value;
  } else if constexpr (std::is_enum_v<T>) {
    return std::string(model::name_of(value));
  } else if constexpr (std::is_integral_v<T>) {
    return std::to_string(value);
  } else if constexpr (IsVector<T>::value) {
    auto array = nlohmann::json::array();
    for (const auto& item : value) array.push_back(encode_json(item));
    return array;
  } else if constexpr (IsObjectId<T>::value) {
    return value.text();
  } else if constexpr (std::is_same_v<T, model::RawJson>) {
    return raw_to_json(value);
  } else if constexpr (requires { to_text(value); }) {
    return to_text(value);
  } else {
    Encoder encoder;
    T::describe(encoder, value);
    return encoder.take();
  }
}

class Decoder {
 public:
  // `json` must outlive the decoder. Errors are collected: the first one wins.
  Decoder(const nlohmann::json& json, std::string pointer)
      : json_(json), pointer_(std::move(pointer)) {}

  template <class T, class C>
  void field(std::string_view name, T& out, const C& constraint) {
    if (error_) return;
    seen_.insert(std::string(name));
    const auto found = json_.find(name);
    const auto at = pointer_step(pointer_, name);
    if (found == json_.end()) {
      if constexpr (!IsOptional<T>::value) {
        error_ = Error{"FIELD_MISSING", "the member " + std::string(name) + " is required", at};
      }
      return;
    }
    if constexpr (IsOptional<T>::value) {
      out.emplace();
      decode(*found, *out, constraint, at);
    } else {
      decode(*found, out, constraint, at);
    }
  }

  // To be called after describe(): names no description mentioned are refused.
  Status finish();

 private:
  template <class T, class C>
  void decode(const nlohmann::json& json, T& out, const C& constraint, const std::string& at) {
    if constexpr (std::is_same_v<T, bool>) {
      if (!json.is_boolean()) return fail("FIELD_TYPE_WRONG", "true or false is expected", at);
      out = json.get<bool>();
    } else if constexpr (std::is_same_v<T, model::RawJson>) {
      take(raw_from_json(json), out, at);
    } else if constexpr (IsVector<T>::value) {
      decode_list(json, out, constraint, at);
    } else if constexpr (std::is_same_v<T, std::string>) {
      if (!json.is_string()) return fail("FIELD_TYPE_WRONG", "a string is expected", at);
      out = json.get_ref<const std::string&>();
      check(judge_text(out, constraint), at);
    } else if constexpr (std::is_enum_v<T>) {
      decode_enum(json, out, at);
    } else if constexpr (std::is_integral_v<T>) {
      if (!json.is_string()) return fail("FIELD_TYPE_WRONG", "a decimal string is expected", at);
      take(parse_integer(json.get_ref<const std::string&>(), constraint), out, at);
    } else if constexpr (IsObjectId<T>::value) {
      if (!json.is_string()) return fail("FIELD_TYPE_WRONG", "an id is expected", at);
      take(T::parse(json.get_ref<const std::string&>()), out, at);
    } else if constexpr (requires(std::string_view s) { from_text(s, out); }) {
      if (!json.is_string()) return fail("FIELD_TYPE_WRONG", "a string is expected", at);
      check(from_text(json.get_ref<const std::string&>(), out), at);
    } else {
      if (!json.is_object()) return fail("FIELD_TYPE_WRONG", "an object is expected", at);
      Decoder inner(json, at);
      T::describe(inner, out);
      if (auto status = inner.finish(); !status.ok()) error_ = status.error();
    }
  }

  template <class T, class C>
  void decode_list(const nlohmann::json& json, std::vector<T>& out, const C& count,
                   const std::string& at) {
    if (!json.is_array()) return fail("FIELD_TYPE_WRONG", "a list is expected", at);
    if (json.size() < count.min) return fail("LIST_TOO_SHORT", "the list has too few items", at);
    if (json.size() > count.max) return fail("LIST_TOO_LONG", "the list has too many items", at);
    out.clear();
    out.reserve(json.size());
    for (std::size_t i = 0; i < json.size() && !error_; ++i) {
      T item{};
      decode(json[i], item, item_constraint(item), pointer_step(at, std::to_string(i)));
      out.push_back(std::move(item));
    }
  }

  template <class T>
  void decode_enum(const nlohmann::json& json, T& out, const std::string& at) {
    if (json.is_string()) {
      const auto& text = json.get_ref<const std::string&>();
      for (std::size_t i = 0; i < model::EnumNames<T>::kCount; ++i) {
        if (model::name_of(static_cast<T>(i)) == text) {
          out = static_cast<T>(i);
          return;
        }
      }
    }
    fail("FIELD_VALUE_UNKNOWN", "the value is not one of the listed names", at);
  }

  template <class T>
  static auto item_constraint(const T& /*item*/) {
    if constexpr (std::is_same_v<T, std::string>) {
      return kItemText;
    } else {
      return model::None{};
    }
  }

  template <class T>
  void take(Result<T> result, T& out, const std::string& at) {
    if (!result.ok()) {
      fail(result.error().name, result.error().detail, at);
      return;
    }
    out = *std::move(result);
  }
  void check(const Status& status, const std::string& at) {
    if (!status.ok()) fail(status.error().name, status.error().detail, at);
  }
  void fail(std::string_view name, std::string detail, const std::string& at) {
    if (!error_) error_ = Error{name, std::move(detail), at};
  }

  const nlohmann::json& json_;
  std::string pointer_;
  std::set<std::string, std::less<>> seen_;
  std::optional<Error> error_;
};

// Decodes one described struct out of a JSON object at `pointer`.
template <class T>
Status decode_into(const nlohmann::json& json, const std::string& pointer, T& out) {
  if (!json.is_object()) return Error{"FIELD_TYPE_WRONG", "an object is expected", pointer};
  Decoder decoder(json, pointer);
  T::describe(decoder, out);
  return decoder.finish();
}
template <class T>
Result<T> decode_json(const nlohmann::json& json, const std::string& pointer) {
  T value{};
  MRV_CHECK(decode_into(json, pointer, value));
  return value;
}

}  // namespace mrv::codec
