// The fourth visitor of model/describe.h: description -> JSON-LD terms.
#include <algorithm>
#include <array>
#include <map>
#include <type_traits>
#include <utility>

#include <nlohmann/json.hpp>

#include "ledger/codec/act_codec.h"
#include "ledger/codec/json_codec.h"
#include "ledger/codec/schema_writer.h"

namespace mrv::codec {
namespace {

using json = nlohmann::ordered_json;

constexpr int kIndent = 2;
constexpr std::string_view kVocabulary = "urn:mrv-ledger:vocab#";

// Defined and protected at the top of the credentials context: a context that follows it may not
// give them another meaning.
constexpr std::array<std::string_view, 7> kProtectedTerms = {
    "id", "type", "name", "description", "mediaType", "digestSRI", "digestMultibase"};

bool is_protected(const std::string& name) {
  return std::find(kProtectedTerms.begin(), kProtectedTerms.end(), name) != kProtectedTerms.end();
}

json meaning(std::string_view name) { return std::string(kVocabulary) + std::string(name); }

// What has to be said about a member beyond its name.
struct Term {
  bool raw = false;      // JSON that no processor may look into
  bool owns_id = false;  // it holds an `id` that is a text, not the identity of a node
};

using Terms = std::map<std::string, Term>;

template <class T>
struct Item {
  using Type = T;
};
template <class T>
struct Item<std::optional<T>> : Item<T> {};
template <class T>
struct Item<std::vector<T>> : Item<T> {};

class TermVisitor {
 public:
  explicit TermVisitor(Terms& terms) : terms_(terms) {}

  template <class T, class C>
  void field(std::string_view name, const T& /*value*/, const C& /*constraint*/) {
    using Value = typename Item<T>::Type;
    Term term;
    term.raw = std::is_same_v<Value, model::RawJson>;
    if constexpr (requires(TermVisitor& inner, const Value& value) {
                    Value::describe(inner, value);
                  }) {
      TermVisitor inner(terms_);
      const Value value{};
      Value::describe(inner, value);
      term.owns_id = inner.saw_id_;
    }
    saw_id_ = saw_id_ || name == "id";
    if (is_protected(std::string(name))) return;
    Term& known = terms_[std::string(name)];
    known.raw = known.raw || term.raw;
    known.owns_id = known.owns_id || term.owns_id;
  }

 private:
  Terms& terms_;
  bool saw_id_ = false;
};

template <class Body>
void add_terms(Terms& terms) {
  TermVisitor visitor(terms);
  const Body body{};
  Body::describe(visitor, body);
}

template <std::size_t... I>
Terms terms_of(std::index_sequence<I...> /*alternatives*/) {
  Terms terms = {{"registry", {}}, {"party", {}}};  // of the envelope
  (add_terms<std::variant_alternative_t<I, model::AnyAct>>(terms), ...);
  return terms;
}

template <std::size_t... I>
void add_types(json& context, std::index_sequence<I...> /*alternatives*/) {
  const auto add = [&](std::string_view type) { context[std::string(type)] = meaning(type); };
  (add(std::variant_alternative_t<I, model::AnyAct>::kType), ...);
}

json definition(const std::string& name, const Term& term) {
  if (term.raw) return {{"@id", meaning(name)}, {"@type", "@json"}};
  if (term.owns_id) return {{"@id", meaning(name)}, {"@context", {{"id", meaning("id")}}}};
  return meaning(name);
}

}  // namespace

PublishedFile act_context() {
  constexpr auto kAlternatives = std::make_index_sequence<std::variant_size_v<model::AnyAct>>{};
  json context = json::object();
  add_types(context, kAlternatives);
  for (const auto& [name, term] : terms_of(kAlternatives)) context[name] = definition(name, term);
  return {"context-v1.jsonld", json{{"@context", context}}.dump(kIndent) + "\n"};
}

}  // namespace mrv::codec
