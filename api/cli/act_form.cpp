// A visitor over the acts' descriptions, and the readers of its options.
#include "api/cli/act_form.h"

#include <set>

#include "api/files.h"
#include "ledger/codec/json_codec.h"
#include "ledger/model/act.h"
#include "ledger/model/act_name.h"

namespace mrv::cli {
namespace {

using nlohmann::json;

// Options of `mrv` itself, which stand beside those of an act.
const std::set<std::string>& taken_options() {
  static const std::set<std::string> taken = {"server", "key",  "party", "registry",
                                              "id",     "lang", "json"};
  return taken;
}

std::string option_of(std::string_view member) {
  const std::string name = model::hyphenated(member);
  return "--" + (taken_options().contains(name) ? "subject-" + name : name);
}

template <class E>
std::string names_of() {
  std::string names;
  for (std::size_t i = 0; i < model::EnumNames<E>::kCount; ++i) {
    if (i > 0) names += "|";
    names += model::name_of(static_cast<E>(i));
  }
  return names;
}

template <class T>
void describe_value(ActMember& member) {
  if constexpr (std::is_same_v<T, bool>) {
    member.shape = MemberShape::boolean;
    member.hint = "true|false";
  } else if constexpr (std::is_same_v<T, model::Leg>) {
    member.shape = MemberShape::legs;
    member.hint = "BATCH=QUANTITY or BATCH=FIRST-LAST";
  } else if constexpr (std::is_same_v<T, model::LabelledSerials>) {
    member.shape = MemberShape::serials;
    member.hint = "BATCH=FIRST-LAST";
  } else if constexpr (std::is_same_v<T, model::SerialSpan>) {
    member.shape = MemberShape::span;
    member.hint = "FIRST-LAST";
  } else if constexpr (std::is_enum_v<T>) {
    member.hint = names_of<T>();
  } else if constexpr (codec::IsObjectId<T>::value) {
    member.hint = std::string(T::kPrefix) + "…";
  } else if constexpr (std::is_same_v<T, Hash>) {
    member.hint = "64 hexadecimal digits";
  } else if constexpr (std::is_same_v<T, model::KeyBytes>) {
    member.hint = "did:key:z6Mk…";
  } else if constexpr (std::is_same_v<T, TimestampMs>) {
    member.hint = "YYYY-MM-DDThh:mm:ssZ";
  } else if constexpr (std::is_same_v<T, model::Day>) {
    member.hint = "YYYY-MM-DD";
  } else if constexpr (std::is_integral_v<T>) {
    member.hint = "NUMBER";
  } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, model::DecimalText>) {
    member.hint = "TEXT";
  } else {
    member.shape = MemberShape::json;
    member.hint = "JSON or @FILE";
  }
}

class FormWriter {
 public:
  template <class T, class C>
  void field(std::string_view name, const T& /*value*/, const C& /*constraint*/) {
    ActMember member{std::string(name), option_of(name), {}, MemberShape::text, false, true};
    describe_type<T>(member);
    members_.push_back(std::move(member));
  }
  std::vector<ActMember> take() { return std::move(members_); }

 private:
  template <class T>
  static void describe_type(ActMember& member) {
    if constexpr (codec::IsOptional<T>::value) {
      describe_type<typename T::value_type>(member);
      member.required = false;
    } else if constexpr (codec::IsVector<T>::value) {
      describe_value<typename T::value_type>(member);
      member.list = true;
    } else {
      describe_value<T>(member);
    }
  }

  std::vector<ActMember> members_;
};

template <class Act>
ActForm form_of() {
  FormWriter writer;
  const Act act{};
  Act::describe(writer, act);
  return {Act::kType, model::hyphenated(Act::kType), writer.take()};
}

template <std::size_t... I>
std::vector<ActForm> all_forms(std::index_sequence<I...> /*indexes*/) {
  return {form_of<std::variant_alternative_t<I, model::AnyAct>>()...};
}

Error leg_error(const std::string& text, const std::string& form) {
  return {"LEG_INVALID", "written " + form + ": " + text, {}};
}

Result<json> parse_span(const std::string& text) {
  const auto dash = text.find('-');
  if (dash == std::string::npos) return leg_error(text, "FIRST-LAST");
  return json{{"first", text.substr(0, dash)}, {"last", text.substr(dash + 1)}};
}

Result<json> parse_serials(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) return leg_error(text, "BATCH=FIRST-LAST");
  MRV_TRY(json serials, parse_span(text.substr(equals + 1)));
  serials["batch"] = text.substr(0, equals);
  return serials;
}

Result<json> parse_json(const ActMember& member, const std::string& text) {
  std::string bytes = text;
  if (text.starts_with('@')) {
    MRV_TRY(bytes, api::read_file(text.substr(1)));
  }
  json value = json::parse(bytes, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) return Error{"JSON_SYNTAX", member.option + " wants JSON", {}};
  return value;
}

Result<json> parse_boolean(const ActMember& member, const std::string& text) {
  if (text == "true") return json(true);
  if (text == "false") return json(false);
  return Error{"FIELD_TYPE_WRONG", member.option + " is true or false", {}};
}

Result<json> parse_item(const ActMember& member, const std::string& text) {
  switch (member.shape) {
    case MemberShape::text:
      return json(text);
    case MemberShape::boolean:
      return parse_boolean(member, text);
    case MemberShape::legs:
      return parse_leg(text);
    case MemberShape::serials:
      return parse_serials(text);
    case MemberShape::span:
      return parse_span(text);
    case MemberShape::json:
      return parse_json(member, text);
  }
  return Error{"FIELD_TYPE_WRONG", member.option, {}};
}

}  // namespace

std::vector<ActForm> act_forms() {
  return all_forms(std::make_index_sequence<std::variant_size_v<model::AnyAct>>());
}

Result<json> parse_leg(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) {
    return Error{"LEG_INVALID", "a leg is BATCH=QUANTITY or BATCH=FIRST-LAST: " + text, {}};
  }
  if (text.find('-', equals) != std::string::npos) return parse_serials(text);
  return json{{"batch", text.substr(0, equals)}, {"quantity", text.substr(equals + 1)}};
}

Result<json> member_value(const ActMember& member, const std::vector<std::string>& given) {
  if (!member.list) return parse_item(member, given.empty() ? "" : given.front());
  // A list of structures may come whole, as one JSON list.
  if (member.shape == MemberShape::json && given.size() == 1) {
    MRV_TRY(json value, parse_json(member, given.front()));
    return value.is_array() ? value : json::array({value});
  }
  json items = json::array();
  for (const auto& text : given) {
    MRV_TRY(json item, parse_item(member, text));
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace mrv::cli
