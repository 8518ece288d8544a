// Line by line readers; each ends by comparing with what the writer would have written.
#include "ledger/log/checkpoint.h"

#include <algorithm>
#include <cassert>
#include <charconv>

#include "crypto/rfc6962.h"
#include "ledger/base/limits.h"
#include "ledger/log/tile.h"

namespace mrv::log {
namespace {

Error bad_checkpoint(const char* why) { return {"CHECKPOINT_MALFORMED", why, {}}; }
Error bad_proof(const char* why) { return {"TLOG_PROOF_MALFORMED", why, {}}; }
Error bad_bundle(const char* why) { return {"BUNDLE_MALFORMED", why, {}}; }

bool parse_decimal(std::string_view text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() && std::to_string(out) == text;
}

// The next line without its newline; nothing when no newline is left.
std::optional<std::string_view> next_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

}  // namespace

std::string checkpoint_text(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size.value()) + "\n" +
         to_base64(checkpoint.root) + "\n";
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  std::string_view rest = text;
  const auto origin = next_line(rest);
  const auto size = next_line(rest);
  const auto root = next_line(rest);
  if (!origin || !size || !root || !rest.empty()) return bad_checkpoint("three lines are expected");
  if (origin->empty() || origin->size() > kOriginBytesMax) {
    return bad_checkpoint("the origin has 1 to 128 bytes");
  }
  std::uint64_t count = 0;
  if (!parse_decimal(*size, count)) return bad_checkpoint("the size is no decimal number");
  const auto hash = hash_from_base64(*root);
  if (!hash.ok()) return bad_checkpoint("the root is not 32 bytes of base64");
  return Checkpoint{std::string(*origin), TreeSize{count}, *hash};
}

std::string tlog_proof_text(const TlogProof& proof) {
  std::string text = std::string(kTlogProofHeader) + "\n";
  if (proof.extra) text += "extra " + to_base64(*proof.extra) + "\n";
  text += "index " + std::to_string(proof.index.value()) + "\n";
  for (const Hash& hash : proof.path) text += to_base64(hash) + "\n";
  return text + "\n" + proof.checkpoint;
}

Result<TlogProof> parse_tlog_proof(std::string_view text) {
  constexpr std::string_view kExtra = "extra ";
  constexpr std::string_view kIndex = "index ";
  std::string_view rest = text;
  if (next_line(rest) != kTlogProofHeader) return bad_proof("the header is not known");
  TlogProof proof;
  auto line = next_line(rest);
  if (line && line->starts_with(kExtra)) {
    auto extra = from_base64(line->substr(kExtra.size()));
    if (!extra.ok()) return bad_proof("extra is not strict base64");
    proof.extra = *std::move(extra);
    line = next_line(rest);
  }
  std::uint64_t index = 0;
  if (!line || !line->starts_with(kIndex) || !parse_decimal(line->substr(kIndex.size()), index)) {
    return bad_proof("the index line is malformed");
  }
  proof.index = EntryIndex{index};
  for (line = next_line(rest); line && !line->empty(); line = next_line(rest)) {
    if (proof.path.size() == crypto::kProofHashesMax) return bad_proof("too many hashes");
    const auto hash = hash_from_base64(*line);
    if (!hash.ok()) return bad_proof("a hash is not 32 bytes of base64");
    proof.path.push_back(*hash);
  }
  if (!line || rest.empty()) return bad_proof("the checkpoint is missing");
  proof.checkpoint = rest;
  if (tlog_proof_text(proof) != text) return bad_proof("the text is not in its one spelling");
  return proof;
}

Bytes encode_bundle(const std::vector<Bytes>& entries) {
  assert(entries.size() <= kTileWidth);
  Bytes bundle;
  for (const Bytes& entry : entries) {
    assert(entry.size() <= kEntryBytesMax);
    bundle.push_back(static_cast<std::uint8_t>(entry.size() >> 8U));
    bundle.push_back(static_cast<std::uint8_t>(entry.size() & 0xFFU));
    bundle.insert(bundle.end(), entry.begin(), entry.end());
  }
  return bundle;
}

Result<std::vector<Bytes>> decode_bundle(ByteView bytes) {
  std::vector<Bytes> entries;
  while (!bytes.empty()) {
    if (entries.size() == kTileWidth) return bad_bundle("more than 256 entries");
    if (bytes.size() < 2) return bad_bundle("half a length");
    const std::size_t length = static_cast<std::size_t>(bytes[0]) << 8U | bytes[1];
    if (bytes.size() < 2 + length) return bad_bundle("an entry is cut off");
    entries.push_back(to_bytes(bytes.subspan(2, length)));
    bytes = bytes.subspan(2 + length);
  }
  return entries;
}

}  // namespace mrv::log
