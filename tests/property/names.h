// Names in place of ids: a program says `$party:buyer`, `$transfer:a7`, and the documents and dumps
// carry what the name stands for.
#pragma once

#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "crypto/sha256.h"
#include "ledger/codec/scalar_text.h"
#include "tests/property/prelude.h"

namespace mrv::test {

class Names {
 public:
  explicit Names(const Prelude& prelude) : parties_(prelude.parties), batches_(prelude.batches) {
    for (const auto& [name, id] : parties_) texts_[id.text()] = name;
    for (const auto& [name, id] : batches_) texts_[id.text()] = name;
    for (const auto& [id, code] : prelude.codes) texts_[id.text()] = code;
  }

  // The document called `label` has this digest; the ids of what it creates derive from it.
  void enter(const std::string& label, const Hash& digest) {
    digests_[label] = digest;
    texts_.emplace(model::PartyId::of(digest).text(), label);
    texts_.emplace(model::TransferId::of(digest).text(), label);
    texts_.emplace(model::RetirementId::of(digest).text(), label);
    texts_.emplace(model::ProposalId::of(digest).text(), label);
  }

  // Keys by the name whose hash is their seed.
  std::string key(const std::string& name) {
    std::string text = codec::to_text(LedgerWorld::public_key(name));
    texts_[text] = name;
    return text;
  }

  [[nodiscard]] model::PartyId party(const std::string& name) const {
    const auto found = parties_.find(name);
    return found != parties_.end() ? found->second : model::PartyId::of(digest(name));
  }

  // A name that nobody was given stands for an id that nothing has.
  [[nodiscard]] Hash digest(const std::string& label) const {
    const auto found = digests_.find(label);
    return found != digests_.end() ? found->second : crypto::sha256(as_bytes("nothing " + label));
  }

  // The name behind an id or key as the ledger writes it.
  [[nodiscard]] std::string of(const std::string& text) const {
    const auto found = texts_.find(text);
    return found != texts_.end() ? found->second : text;
  }

  // Replaces every string `$kind:name` in the value.
  nlohmann::json resolve(const nlohmann::json& value) {
    if (value.is_string()) return resolve_text(value.get<std::string>());
    if (!value.is_structured()) return value;
    nlohmann::json resolved = value;
    for (auto& item : resolved) item = resolve(item);
    return resolved;
  }

 private:
  std::string resolve_text(const std::string& text) {
    const auto colon = text.find(':');
    if (!text.starts_with("$") || colon == std::string::npos) return text;
    const std::string kind = text.substr(1, colon - 1);
    const std::string name = text.substr(colon + 1);
    if (kind == "party") return party(name).text();
    if (kind == "key") return key(name);
    if (kind == "person") return codec::to_text(LedgerWorld::person(name));
    if (kind == "transfer") return model::TransferId::of(digest(name)).text();
    if (kind == "proposal") return model::ProposalId::of(digest(name)).text();
    if (kind == "digest") return codec::to_text(digest(name));
    if (kind == "time") return codec::to_text(at(std::stoll(name)));
    need(kind == "batch", "a known kind of name: " + text);
    const auto found = batches_.find(name);
    return (found != batches_.end() ? found->second : model::BatchId::of(digest(name))).text();
  }

 public:
  // Seconds since the program's start.
  static TimestampMs at(std::int64_t seconds) {
    return TimestampMs{kProgramStartMs + seconds * kMsPerSecond};
  }

 private:
  std::map<std::string, model::PartyId> parties_;
  std::map<std::string, model::BatchId> batches_;
  std::map<std::string, Hash> digests_;
  std::map<std::string, std::string> texts_;
};

}  // namespace mrv::test
