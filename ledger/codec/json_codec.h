// The two JSON visitors of model/describe.h: struct -> JSON and JSON -> struct.
//
// Decoding is strict: an unknown member, a missing member, a wrong type, a text out of bounds each
// end in a named error with the JSON Pointer of the offending value. decode(encode(x)) == x, and
// whatever decodes encodes back to the same JSON. Included only by the codec's .cpp files (it pulls
// in nlohmann/json).
#pragma once

#include <array>
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
      if (value) put(name, encode_json(*value));
    } else {
      put(name, encode_json(value));
    }
  }
  nlohmann::json take() { return std::move(object_); }

 private:
  void put(std::string_view name, nlohmann::json&& value);

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

// Rows and acts have some thousand fields: what does not depend on a field's type is compiled once,
// in json_codec.cpp.
class Decoder {
 public:
  // `json` must outlive the decoder. Errors are collected: the first one wins.
  Decoder(const nlohmann::json& json, std::string pointer);
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder();

  template <class T, class C>
  void field(std::string_view name, T& out, const C& constraint) {
    const nlohmann::json* found = enter(name, !IsOptional<T>::value);
    if (found == nullptr) return;
    if constexpr (IsOptional<T>::value) {
      decode(*found, out.emplace(), constraint);
    } else {
      decode(*found, out, constraint);
    }
  }

  // To be called after describe(): names no description mentioned are refused.
  Status finish();

 private:
  template <class T, class C>
  void decode(const nlohmann::json& json, T& out, const C& constraint) {
    if constexpr (std::is_same_v<T, bool>) {
      read_bool(json, out);
    } else if constexpr (std::is_same_v<T, model::RawJson>) {
      read_raw(json, out);
    } else if constexpr (IsVector<T>::value) {
      decode_list(json, out, constraint);
    } else if constexpr (std::is_same_v<T, std::string>) {
      read_text(json, out, constraint);
    } else if constexpr (std::is_enum_v<T>) {
      decode_enum(json, out);
    } else if constexpr (std::is_integral_v<T>) {
      static_assert(std::is_same_v<T, std::int64_t>);
      read_integer(json, out, constraint);
    } else if constexpr (IsObjectId<T>::value) {
      if (const auto* text = text_in(json, "an id is expected")) take(T::parse(*text), out);
    } else if constexpr (requires(std::string_view s) { from_text(s, out); }) {
      if (const auto* text = text_in(json, "a string is expected")) check(from_text(*text, out));
    } else if (is_object(json)) {
      Decoder inner(json, at_);
      T::describe(inner, out);
      if (auto status = inner.finish(); !status.ok()) error_ = std::move(status).error();
    }
  }

  template <class T, class C>
  void decode_list(const nlohmann::json& json, std::vector<T>& out, const C& count) {
    if (!is_list(json, count.min, count.max)) return;
    out = std::vector<T>(json.size());
    const std::size_t base = at_.size();
    for (std::size_t i = 0; i < out.size() && !error_; ++i) {
      enter_item(base, i);
      decode(json[i], out[i], item_constraint(out[i]));
    }
    at_.resize(base);
  }

  template <class T>
  void decode_enum(const nlohmann::json& json, T& out) {
    static constexpr auto kNames = enum_names<T>();
    if (const auto place = place_of(json, kNames.data(), kNames.size())) {
      out = static_cast<T>(*place);
    }
  }

  template <class T>
  static constexpr auto enum_names() {
    std::array<std::string_view, model::EnumNames<T>::kCount> names;
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = model::name_of(static_cast<T>(i));
    return names;
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
  void take(Result<T> result, T& out) {
    if (!result.ok()) {
      fail(result.error().name, result.error().detail);
      return;
    }
    out = *std::move(result);
  }

  // The member, which becomes the place that errors point at; null where it is absent or an error
  // is known already.
  const nlohmann::json* enter(std::string_view name, bool required);
  void enter_item(std::size_t base, std::size_t index);

  // Each of these fails where the value is of another type.
  const std::string* text_in(const nlohmann::json& json, const char* expectation);
  bool is_object(const nlohmann::json& json);
  bool is_list(const nlohmann::json& json, std::size_t items_min, std::size_t items_max);
  void read_bool(const nlohmann::json& json, bool& out);
  void read_raw(const nlohmann::json& json, model::RawJson& out);
  void read_text(const nlohmann::json& json, std::string& out, const model::Text& limits);
  void read_text(const nlohmann::json& json, std::string& out, const model::Code& limits);
  void read_integer(const nlohmann::json& json, std::int64_t& out, const model::Range& range);
  void read_integer(const nlohmann::json& json, std::int64_t& out, const model::None& range);
  std::optional<std::size_t> place_of(const nlohmann::json& json, const std::string_view* names,
                                      std::size_t count);

  void check(const Status& status);
  void fail(std::string_view name, std::string detail);

  const nlohmann::json& json_;
  std::string pointer_;
  std::string at_;  // of the value that is being decoded
  std::set<std::string, std::less<>> seen_;
  std::optional<Error> error_;
};

// FIELD_TYPE_WRONG at `pointer`.
Status require_object(const nlohmann::json& json, const std::string& pointer);

// Decodes one described struct out of a JSON object at `pointer`.
template <class T>
Status decode_into(const nlohmann::json& json, const std::string& pointer, T& out) {
  MRV_CHECK(require_object(json, pointer));
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
