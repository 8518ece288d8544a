// Names in place of ids: a program says `$party:buyer`, `$transfer:a7`, and the documents carry
// what the name stands for; what the ledger writes is told in the same names.
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "crypto/sha256.h"
#include "crypto/signed_note.h"
#include "ledger/codec/scalar_text.h"
#include "tests/support/ledger_world.h"

namespace mrv::test {

// The second 0 of every program.
inline constexpr std::int64_t kProgramStartMs = kWorldStartMs + 86'400'000;

class Names {
 public:
  // What an act's document brought: its digest, from which the ids of all that it creates derive.
  void enter(const std::string& label, const Hash& digest) {
    digests_[label] = digest;
    name_bytes(digest, "digest", label);
    // One issuance makes several batches (schemas/spec/rules.md).
    for (int year = kFirstVintage; year <= kLastVintage; ++year) {
      const auto batch = batch_of(digest, year);
      batches_[batch.bytes] = label + "." + std::to_string(year);
    }
  }

  // Where an act was recorded. The same standard can be sent under several labels: it has the name
  // of the act that was recorded last, since a second one is not recorded once it is registered.
  void enter_index(const std::string& label, EntryIndex index) {
    indexes_[label] = index;
    const auto standard = standards_.find(label);
    if (standard != standards_.end()) name_bytes(standard->second, "standard", label);
  }

  // A methodology or table is known by its own document.
  void enter_standard(const std::string& label, const nlohmann::json& document) {
    const Hash digest = crypto::sha256(as_bytes(crypto::canonicalize(document)));
    standards_[label] = digest;
    if (!named_.contains(id_bytes(digest))) name_bytes(digest, "standard", label);
  }

  void enter_blob(const std::string& name, const std::string& bytes) {
    const Hash digest = crypto::sha256(as_bytes(bytes));
    blobs_[name] = digest;
    name_bytes(digest, "blob", name);
  }

  // Keys by the name whose hash is their seed.
  std::string key(const std::string& name) {
    std::string text = codec::to_text(LedgerWorld::public_key(name));
    keys_[text] = "$key:" + name;
    return text;
  }

  // A label that no document has stands for a digest that nothing has.
  Hash digest(const std::string& label) {
    const auto found = digests_.find(label);
    if (found != digests_.end()) return found->second;
    const Hash none = crypto::sha256(as_bytes("nothing " + label));
    name_bytes(none, "digest", label);
    return none;
  }

  // Replaces every string `$kind:name` in the value.
  nlohmann::json resolve(const nlohmann::json& value) {
    if (value.is_string()) return resolve_text(value.get<std::string>());
    if (!value.is_structured()) return value;
    nlohmann::json resolved = value;
    for (auto& item : resolved) item = resolve(item);
    return resolved;
  }

  // The other way: every id, key, digest and time of the value in the program's words.
  [[nodiscard]] nlohmann::json told(const nlohmann::json& value) const {
    if (value.is_string()) return told_text(value.get<std::string>());
    if (!value.is_structured()) return value;
    nlohmann::json result = value;
    for (auto& item : result) item = told(item);
    return result;
  }

  // 16 bytes of an id as part of a row key.
  [[nodiscard]] std::string told_id(std::string_view prefix, ByteView bytes) const {
    return told_text(std::string(prefix) + model::to_crockford(id_bytes(bytes)));
  }

  // Seconds since the program's start.
  static TimestampMs at(std::int64_t seconds) {
    return TimestampMs{kProgramStartMs + seconds * kMsPerSecond};
  }

 private:
  static constexpr int kFirstVintage = 2020;
  static constexpr int kLastVintage = 2030;

  struct Kind {
    std::string_view name;
    std::string_view prefix;
  };
  static constexpr Kind kKinds[] = {
      {"party", "pty_"},        {"proposal", "prp_"},   {"programme", "prg_"},
      {"project", "prj_"},      {"report", "rpt_"},     {"statement", "vst_"},
      {"batch", "bat_"},        {"transfer", "trf_"},   {"retirement", "ret_"},
      {"deposit", "evd_"},      {"import", "imp_"},     {"amendment", "amd_"},
      {"comment", "cmt_"},      {"grievance", "grv_"},  {"finding", "fnd_"},
      {"reversal", "rev_"},     {"obligation", "obl_"}, {"invalidation", "inv_"},
      {"lock", "lck_"},         {"export", "exp_"},     {"conversion", "cnv_"},
      {"cancellation", "can_"}, {"label", "lbl_"},      {"annotation", "ann_"}};

  static model::IdBytes id_bytes(ByteView bytes) {
    model::IdBytes id{};
    std::copy_n(bytes.begin(), id.size(), id.begin());
    return id;
  }

  // bat_ and the first 16 bytes of SHA-256(document digest ‖ year, two bytes).
  static model::BatchId batch_of(const Hash& digest, int year) {
    Bytes bytes = to_bytes(digest);
    bytes.push_back(static_cast<std::uint8_t>(year >> 8));
    bytes.push_back(static_cast<std::uint8_t>(year & 0xFF));
    return model::BatchId::of(crypto::sha256(bytes));
  }

  void name_bytes(const Hash& hash, const std::string& kind, const std::string& name) {
    named_[id_bytes(hash)] = {kind, name};
  }

  std::string resolve_text(const std::string& text) {
    const auto colon = text.find(':');
    if (!text.starts_with("$") || colon == std::string::npos) return text;
    const std::string kind = text.substr(1, colon - 1);
    const std::string name = text.substr(colon + 1);
    if (kind == "key") return key(name);
    if (kind == "person") return person(name);
    if (kind == "digest") return codec::to_text(digest(name));
    if (kind == "time") return codec::to_text(at(std::stoll(name)));
    if (kind == "standard") return found_or_nothing(standards_, kind, name);
    if (kind == "blob") return found_or_nothing(blobs_, kind, name);
    if (kind == "series") return series(name);
    if (kind == "vkey") return vkey(name);
    if (kind == "signed-by") return text;  // made of the whole act, later
    if (kind == "index") return index(name);
    return id(kind, name);
  }

  std::string id(const std::string& kind, const std::string& name) {
    if (kind == "batch") {
      const auto dot = name.rfind('.');
      const int year = dot == std::string::npos ? 0 : std::stoi(name.substr(dot + 1));
      return batch_of(digest(name.substr(0, dot)), year).text();
    }
    const auto* found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                     [&](const Kind& one) { return one.name == kind; });
    need(found != std::end(kKinds), "a known kind of name: " + kind);
    return std::string(found->prefix) + model::to_crockford(id_bytes(digest(name)));
  }

  std::string person(const std::string& name) {
    const Hash hash = LedgerWorld::person(name);
    name_bytes(hash, "person", name);
    return codec::to_text(hash);
  }

  // count:name, the root being what `$digest:name` stands for (schemas/spec/series.md).
  std::string series(const std::string& name) {
    const auto colon = name.find(':');
    const Hash digest_of_root = digest(name.substr(colon + 1));
    const Hash hash = crypto::sha256(as_bytes("mrv-ledger/series/v1\n" + name.substr(0, colon) +
                                              "\n" + codec::to_text(digest_of_root) + "\n"));
    name_bytes(hash, "series", name);
    return codec::to_text(hash);
  }

  // name, or name@origin for a key of another origin's.
  std::string vkey(const std::string& name) {
    const auto sign = name.find('@');
    const std::string origin = sign == std::string::npos ? kWorldOrigin : name.substr(sign + 1);
    std::string text = crypto::vkey_of(
        {origin, crypto::kNoteTypeEd25519, LedgerWorld::key(name.substr(0, sign)).public_key()});
    vkeys_[text] = "$vkey:" + name;
    return text;
  }

  std::string index(const std::string& name) const {
    const auto found = indexes_.find(name);
    return found != indexes_.end() ? codec::to_text(found->second) : "999999";
  }

  std::string found_or_nothing(const std::map<std::string, Hash>& all, const std::string& kind,
                               const std::string& name) {
    const auto found = all.find(name);
    if (found != all.end()) return codec::to_text(found->second);
    const Hash none = crypto::sha256(as_bytes("no such " + name));
    name_bytes(none, kind, name);
    return codec::to_text(none);
  }

  [[nodiscard]] std::string told_text(const std::string& text) const {
    if (text.starts_with("did:key:")) {
      const auto found = keys_.find(text);
      return found != keys_.end() ? found->second : text;
    }
    for (const Kind& kind : kKinds) {
      if (text.starts_with(kind.prefix)) return told_object(kind, text);
    }
    if (const auto found = vkeys_.find(text); found != vkeys_.end()) return found->second;
    Hash digest{};
    if (codec::from_text(text, digest).ok()) return told_digest(digest, text);
    TimestampMs time;
    if (!codec::from_text(text, time).ok()) return text;
    return "$time:" + std::to_string((time.value() - kProgramStartMs) / kMsPerSecond);
  }

  [[nodiscard]] std::string told_object(const Kind& kind, const std::string& text) const {
    const auto bytes = model::from_crockford(std::string_view(text).substr(kind.prefix.size()));
    if (!bytes.ok()) return text;
    const std::string start = "$" + std::string(kind.name) + ":";
    if (const auto found = batches_.find(*bytes); found != batches_.end()) {
      return start + found->second;
    }
    const auto found = named_.find(*bytes);
    return found != named_.end() ? start + found->second.second : text;
  }

  [[nodiscard]] std::string told_digest(const Hash& digest, const std::string& text) const {
    const auto found = named_.find(id_bytes(digest));
    if (found == named_.end()) return text;
    return "$" + found->second.first + ":" + found->second.second;
  }

  std::map<std::string, Hash> digests_;
  std::map<std::string, Hash> standards_;
  std::map<std::string, Hash> blobs_;
  std::map<std::string, EntryIndex> indexes_;
  std::map<std::string, std::string> keys_;
  std::map<std::string, std::string> vkeys_;
  std::map<model::IdBytes, std::string> batches_;
  std::map<model::IdBytes, std::pair<std::string, std::string>> named_;  // kind and name
};

}  // namespace mrv::test
