// A visitor of model/describe.h: description -> JSON Schema.
#include "ledger/codec/schema_writer.h"

#include <map>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "crypto/data_integrity.h"
#include "ledger/base/rational.h"
#include "ledger/codec/act_codec.h"
#include "ledger/codec/json_codec.h"
#include "ledger/codec/schema_patterns.h"
#include "ledger/model/act_name.h"
#include "ledger/model/methodology.h"

namespace mrv::codec {
namespace {

using json = nlohmann::ordered_json;

constexpr int kIndent = 2;
constexpr std::size_t kDecimalLengthMax = 128;
constexpr std::size_t kUtf8BytesPerCharacter = 4;

// One schema's shared parts. Scalars are written once under a name that says what they are, and
// members refer to them.
class Definitions {
 public:
  // Returns the reference.
  json add(const std::string& name, json schema) {
    schemas_[name] = std::move(schema);
    return {{"$ref", "#/definitions/" + name}};
  }
  json add_pattern(const std::string& name, std::string pattern, const char* comment = nullptr) {
    json schema = {{"type", "string"}, {"pattern", std::move(pattern)}};
    if (comment != nullptr) schema["$comment"] = comment;
    return add(name, std::move(schema));
  }
  json take() { return json(std::move(schemas_)); }

 private:
  std::map<std::string, json> schemas_;
};

std::string numbered(const char* name, std::int64_t from, std::int64_t to) {
  return std::string(name) + "-" + std::to_string(from) + "-" + std::to_string(to);
}

json string_schema(Definitions& definitions, const model::Text& limits) {
  const auto min = static_cast<std::int64_t>(limits.bytes_min);
  const auto max = static_cast<std::int64_t>(limits.bytes_max);
  json schema = {
      {"type", "string"},
      {"minLength", (limits.bytes_min + kUtf8BytesPerCharacter - 1) / kUtf8BytesPerCharacter},
      {"maxLength", limits.bytes_max},
      {"pattern", text_pattern(limits.lines)},
      {"$comment", "Looser than the decoder: it takes " + std::to_string(min) + " to " +
                       std::to_string(max) + " bytes of UTF-8, lengths here count characters."}};
  return definitions.add(numbered(limits.lines ? "lines" : "text", min, max), std::move(schema));
}

json string_schema(Definitions& definitions, const model::Code& limits) {
  return definitions.add_pattern(numbered("code", static_cast<std::int64_t>(limits.length_min),
                                          static_cast<std::int64_t>(limits.length_max)),
                                 code_pattern(limits));
}

// Any value of the strict JSON profile.
json raw_schema(Definitions& definitions) {
  const auto& limits = crypto::kDocumentLimits;
  const json self = {{"$ref", "#/definitions/json"}};
  json name = {{"maxLength", limits.string_bytes_max}, {"pattern", text_pattern(false)}};
  json schema = {
      {"type", {"null", "boolean", "integer", "string", "array", "object"}},
      {"minimum", -crypto::kSafeIntegerMax},
      {"maximum", crypto::kSafeIntegerMax},
      {"maxLength", limits.string_bytes_max},
      {"pattern", text_pattern(true)},
      {"maxItems", limits.array_items_max},
      {"items", self},
      {"propertyNames", std::move(name)},
      {"additionalProperties", self},
      {"$comment",
       "Looser than the decoder: it counts string lengths in bytes of UTF-8, takes no integer "
       "written with a fraction or an exponent."}};
  return definitions.add("json", std::move(schema));
}

json scalar_schema(Definitions& definitions, const Hash& /*value*/) {
  return definitions.add_pattern("sha256", sha256_pattern());
}
json scalar_schema(Definitions& definitions, const model::KeyBytes& /*value*/) {
  return definitions.add_pattern(
      "did-key", did_key_pattern(),
      "Looser than the decoder: it takes exactly 32 bytes of Ed25519 key after the prefix ed01.");
}
json scalar_schema(Definitions& definitions, const TimestampMs& /*value*/) {
  return definitions.add_pattern("instant", instant_pattern());
}
json scalar_schema(Definitions& definitions, const model::Day& /*value*/) {
  return definitions.add_pattern("day", day_pattern());
}
json scalar_schema(Definitions& definitions, const model::DecimalText& /*value*/) {
  return definitions.add(
      "decimal",
      {{"type", "string"}, {"maxLength", kDecimalLengthMax}, {"pattern", decimal_pattern()}});
}
json scalar_schema(Definitions& definitions, const model::NumberText& /*value*/) {
  return definitions.add(
      "number",
      {{"type", "string"}, {"maxLength", kRationalTextBytesMax}, {"pattern", number_pattern()}});
}
json scalar_schema(Definitions& definitions, const model::RawJson& /*value*/) {
  return raw_schema(definitions);
}
template <class Tag>
json scalar_schema(Definitions& definitions, const model::ObjectId<Tag>& /*value*/) {
  return definitions.add_pattern("id-" + std::string(Tag::kPrefix.substr(0, 3)),
                                 id_pattern("", Tag::kPrefix));
}

json enum_schema(const std::vector<std::string>& names) {
  return {{"type", "string"}, {"enum", names}};
}
template <class E>
json enum_schema() {
  std::vector<std::string> names;
  names.reserve(model::EnumNames<E>::kCount);
  for (std::size_t i = 0; i < model::EnumNames<E>::kCount; ++i) {
    names.emplace_back(model::name_of(static_cast<E>(i)));
  }
  return enum_schema(names);
}

json list_schema(const model::Count& count, json items) {
  return {{"type", "array"},
          {"minItems", count.min},
          {"maxItems", count.max},
          {"items", std::move(items)}};
}
json bool_schema() { return {{"type", "boolean"}}; }

json object_schema(json properties, json required) {
  json schema = {{"type", "object"}, {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = std::move(required);
  schema["properties"] = std::move(properties);
  return schema;
}

template <class T>
json described_schema(Definitions& definitions);

template <class T, class C>
json value_schema(Definitions& definitions, const C& constraint);

// What the decoder asks of the items of a list (json_codec.h, item_constraint).
template <class T>
json item_schema(Definitions& definitions) {
  if constexpr (std::is_same_v<T, std::string>) {
    return string_schema(definitions, model::Text{1, kNameBytesMax});
  } else {
    return value_schema<T>(definitions, model::None{});
  }
}

// Falls through the same cases in the same order as Decoder::decode.
template <class T, class C>
json value_schema(Definitions& definitions, const C& constraint) {
  if constexpr (std::is_same_v<T, bool>) {
    return bool_schema();
  } else if constexpr (IsVector<T>::value) {
    return list_schema(constraint, item_schema<typename T::value_type>(definitions));
  } else if constexpr (std::is_same_v<T, std::string>) {
    return string_schema(definitions, constraint);
  } else if constexpr (std::is_enum_v<T>) {
    return enum_schema<T>();
  } else if constexpr (std::is_integral_v<T>) {
    return definitions.add_pattern(numbered("integer", constraint.min, constraint.max),
                                   integer_pattern(constraint));
  } else if constexpr (requires(const T& value) { scalar_schema(definitions, value); }) {
    return scalar_schema(definitions, T{});
  } else {
    return described_schema<T>(definitions);
  }
}

class SchemaVisitor {
 public:
  explicit SchemaVisitor(Definitions& definitions) : definitions_(definitions) {}

  template <class T, class C>
  void field(std::string_view name, const T& /*value*/, const C& constraint) {
    const std::string key(name);
    if constexpr (IsOptional<T>::value) {
      properties_[key] = value_schema<typename T::value_type>(definitions_, constraint);
    } else {
      properties_[key] = value_schema<T>(definitions_, constraint);
      required_.push_back(key);
    }
  }
  json take() { return object_schema(std::move(properties_), std::move(required_)); }

 private:
  Definitions& definitions_;
  json properties_ = json::object();
  json required_ = json::array();
};

template <class T>
json described_schema(Definitions& definitions) {
  SchemaVisitor visitor(definitions);
  const T value{};
  T::describe(visitor, value);
  return visitor.take();
}

json contexts() {
  return json::array({std::string(kCredentialsContext), std::string(kActContext)});
}

json issuer_schema(Definitions& definitions) {
  return object_schema(
      {{"id", value_schema<model::KeyBytes>(definitions, model::None{})},
       {"party", {{"type", "string"}, {"pattern", id_pattern("urn:mrv:", "pty_")}}}},
      {"id"});
}

json proof_schema() {
  const auto constant = [](std::string_view text) -> json { return {{"const", text}}; };
  return object_schema(
      {{"@context", {{"const", contexts()}}},
       {"type", constant(crypto::kProofType)},
       {"cryptosuite", constant(crypto::kProofSuite)},
       {"created", {{"type", "string"}, {"pattern", created_pattern()}}},
       {"verificationMethod",
        {{"type", "string"},
         {"pattern", verification_method_pattern()},
         {"$comment",
          "Looser than the decoder: the fragment repeats the key, and issuer.id is that key."}}},
       {"proofPurpose", constant(crypto::kProofPurpose)},
       {"proofValue",
        {{"type", "string"},
         {"pattern", proof_value_pattern()},
         {"$comment", "Looser than the decoder: it takes exactly 64 bytes, and verifies them."}}}},
      {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"});
}

// SubmitProject -> submit-project. `subject`: what the act itself states.
PublishedFile schema_file(const std::string& type, json subject, Definitions definitions) {
  const json instant = definitions.add_pattern("seconds", seconds_pattern());
  const json registry = {{"type", "string"},
                         {"maxLength", crypto::kDocumentLimits.string_bytes_max},
                         {"pattern", text_pattern(true)},
                         {"$comment", "Looser than the decoder: it counts bytes of UTF-8."}};
  json properties = {{"@context", {{"const", contexts()}}},
                     {"id", {{"type", "string"}, {"pattern", uuid_pattern()}}},
                     {"type", {{"const", {"VerifiableCredential", type}}}},
                     {"issuer", issuer_schema(definitions)},
                     {"registry", registry},
                     {"validFrom", instant},
                     {"validUntil", instant},
                     {"credentialSubject", std::move(subject)},
                     {"proof", proof_schema()}};
  json schema = {
      {"$schema", "http://json-schema.org/draft-07/schema#"},
      {"$id", "urn:mrv-ledger:schema:v1:" + model::hyphenated(type)},
      {"title", type},
      {"description", "The signed document of the act " + type + "."},
      {"$comment",
       "Whatever the ledger's decoder accepts satisfies this schema. The decoder also refuses: "
       "more than " +
           std::to_string(kDocumentBytesMax) +
           " canonical bytes, repeated member names, lone surrogates, more than " +
           std::to_string(crypto::kDocumentLimits.depth_max) +
           " levels, and what the $comments below name. Whether the act may be done is judged "
           "against the state, not here."}};
  json required = json::array();
  for (const auto& item : properties.items()) required.push_back(item.key());
  schema.update(object_schema(std::move(properties), std::move(required)));
  schema["definitions"] = definitions.take();
  return {model::hyphenated(type) + ".schema.json", schema.dump(kIndent) + "\n"};
}

template <class Body>
PublishedFile schema_file() {
  Definitions definitions;
  json subject = described_schema<Body>(definitions);
  return schema_file(std::string(Body::kType), std::move(subject), std::move(definitions));
}

template <std::size_t... I>
std::vector<PublishedFile> schemas_of(std::index_sequence<I...> /*alternatives*/) {
  return {schema_file<std::variant_alternative_t<I, model::AnyAct>>()...};
}

// A name, a number, or an operator and its operands (schemas/spec/methodology.md, Expressions).
json expression_schema(Definitions& definitions) {
  const json self = {{"$ref", "#/definitions/expression"}};
  return definitions.add(
      "expression",
      {{"anyOf",
        {{{"type", "string"}, {"minLength", 1}},
         {{"type", "array"},
          {"minItems", 2},
          {"items", json::array({json{{"type", "string"}, {"minLength", 1}}})},
          {"additionalItems", self}}}},
       {"$comment", "Looser than the engine: it knows names, operators, units, kinds and axes."}});
}

template <class Document>
json document_schema(std::string_view format, std::string_view title, Definitions& definitions) {
  json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                 {"$id", "urn:mrv-ledger:schema:" + std::string(format)},
                 {"title", title},
                 {"$comment",
                  "Whatever the reader accepts satisfies this schema. What a document must hold "
                  "beyond its form is judged when it is registered."}};
  schema.update(described_schema<Document>(definitions));
  schema["properties"]["format"] = {{"const", format}};
  return schema;
}

}  // namespace

std::vector<PublishedFile> standard_schemas() {
  Definitions of_methodology;
  json methodology = document_schema<model::Methodology>(model::kMethodologyFormat,
                                                         "Methodology version", of_methodology);
  const json expression = expression_schema(of_methodology);
  methodology["properties"]["definitions"]["items"]["properties"]["expression"] = expression;
  methodology["properties"]["checks"]["items"]["properties"]["that"] = expression;
  methodology["definitions"] = of_methodology.take();
  Definitions of_table;
  json table =
      document_schema<model::FactorTable>(model::kFactorTableFormat, "Factor table", of_table);
  table["definitions"] = of_table.take();
  return {{"standards/methodology.schema.json", methodology.dump(kIndent) + "\n"},
          {"standards/factor-table.schema.json", table.dump(kIndent) + "\n"}};
}

std::vector<PublishedFile> act_schemas() {
  return schemas_of(std::make_index_sequence<std::variant_size_v<model::AnyAct>>{});
}

}  // namespace mrv::codec
