// Entry bytes: canonical JSON with exactly the members of formats.md section 2.
#include "ledger/codec/entry_codec.h"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "ledger/base/limits.h"
#include "ledger/base/time.h"

namespace mrv::codec {
namespace {

Error malformed(const char* why) { return {"ENTRY_MALFORMED", why, {}}; }

std::string encode_text(const ActEntry& entry) {
  // Members in RFC 8785 order; document and result are canonical already.
  std::string text = R"({"document":)" + entry.document + R"(,"recordedAt":")" +
                     milliseconds_text(entry.recorded_at) + "\"";
  if (entry.result) text += R"(,"result":)" + *entry.result;
  return text + R"(,"type":"act"})";
}

std::string encode_text(const SealEntry& entry) {
  return R"({"mapRoot":")" + to_base64(entry.map_root) + R"(","mapSize":")" +
         std::to_string(entry.map_size) + R"(","recordedAt":")" +
         milliseconds_text(entry.recorded_at) + R"(","treeSize":")" +
         std::to_string(entry.tree_size.value()) + R"(","type":"seal"})";
}

std::optional<std::string> text_of(const nlohmann::json& json, const char* name) {
  const auto found = json.find(name);
  if (found == json.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

bool parse_count(const std::optional<std::string>& text, std::uint64_t& out) {
  if (!text) return false;
  const auto* const last = text->data() + text->size();
  const auto [end, error] = std::from_chars(text->data(), last, out);
  return error == std::errc{} && end == last && std::to_string(out) == *text;
}

Result<Entry> decode_act_entry(const nlohmann::json& json, TimestampMs recorded_at) {
  const auto document = json.find("document");
  if (document == json.end() || !document->is_object()) return malformed("document is missing");
  ActEntry entry{recorded_at, crypto::canonicalize(*document), std::nullopt};
  const auto result = json.find("result");
  if (result != json.end()) entry.result = crypto::canonicalize(*result);
  return Entry{std::move(entry)};
}

Result<Entry> decode_seal_entry(const nlohmann::json& json, TimestampMs recorded_at) {
  SealEntry seal;
  seal.recorded_at = recorded_at;
  std::uint64_t tree_size = 0;
  const auto root = text_of(json, "mapRoot");
  if (!root || !parse_count(text_of(json, "mapSize"), seal.map_size) ||
      !parse_count(text_of(json, "treeSize"), tree_size)) {
    return malformed("a seal has mapRoot, mapSize and treeSize");
  }
  const auto hash = hash_from_base64(*root);
  if (!hash.ok()) return malformed("mapRoot is not 32 bytes of base64");
  seal.map_root = *hash;
  seal.tree_size = TreeSize{tree_size};
  return Entry{seal};
}

}  // namespace

Result<Bytes> encode_entry(const Entry& entry) {
  const std::string text = std::visit([](const auto& e) { return encode_text(e); }, entry);
  if (text.size() > kEntryBytesMax) {
    return Error{
        "ENTRY_TOO_LARGE", "the entry would have " + std::to_string(text.size()) + " bytes", {}};
  }
  return to_bytes(std::string_view(text));
}

Result<Entry> decode_entry(ByteView bytes) {
  if (bytes.size() > kEntryBytesMax) return malformed("the entry is too long");
  const auto json = crypto::parse_strict(as_text(bytes), crypto::kForeignLimits);
  if (!json.ok()) return Error{"ENTRY_MALFORMED", json.error().detail, json.error().pointer};
  if (!json->is_object()) return malformed("an entry is an object");
  const auto type = text_of(*json, "type");
  const auto recorded = text_of(*json, "recordedAt");
  if (!type || !recorded) return malformed("an entry has type and recordedAt");
  const auto recorded_at = parse_milliseconds(*recorded);
  if (!recorded_at.ok()) return malformed("recordedAt is malformed");
  auto entry = *type == "act"    ? decode_act_entry(*json, *recorded_at)
               : *type == "seal" ? decode_seal_entry(*json, *recorded_at)
                                 : Result<Entry>(malformed("the type is not known"));
  if (!entry.ok()) return entry;
  // One spelling only: whatever else the bytes held would show here.
  const auto again = encode_entry(*entry);
  if (!again.ok() || !std::equal(again->begin(), again->end(), bytes.begin(), bytes.end())) {
    return malformed("the bytes are not the entry's canonical form");
  }
  return entry;
}

}  // namespace mrv::codec
