// Arguments in, verdict out, in words and as JSON.
#include "verifier/commands.h"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "crypto/rfc6962.h"
#include "crypto/sha256.h"
#include "ledger/codec/scalar_text.h"
#include "ledger/log/tile.h"
#include "verifier/held.h"
#include "verifier/proof.h"
#include "verifier/replay.h"

namespace mrv::verifier {
namespace {

using nlohmann::json;

Result<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || std::to_string(value) != text) {
    return unusable("not a decimal number of 64 bits", text);
  }
  return value;
}

// Base64 that decodes to something else than 32 bytes was read: what it says does not hold.
Result<Hash> hash(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes.ok()) return unusable("not base64", text);
  return to_hash(*bytes);
}

// An empty text is an empty proof; between commas it is a hash of no bytes.
Result<std::vector<Hash>> hashes(std::string_view text) {
  std::vector<Hash> list;
  bool more = !text.empty();
  while (more) {
    const auto comma = text.find(',');
    MRV_TRY(const Hash next, hash(text.substr(0, comma)));
    list.push_back(next);
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
  }
  return list;
}

Result<Bytes> hexadecimal(std::string_view text) {
  auto bytes = from_hex(text);
  if (!bytes.ok()) return unusable("not lower-case hexadecimal", text);
  return bytes;
}

Result<Held> receipt(std::string_view policy_text, std::string_view entry, std::string_view proof) {
  MRV_TRY(const Policy policy, parse_policy(policy_text));
  MRV_TRY(const auto verdict, verify_receipt(policy, as_bytes(entry), proof));
  const std::string index = std::to_string(verdict.index.value());
  Held held{"entry " + index + " is in the log", {{"index", index}}};
  add_checkpoint(verdict.checkpoint, held);
  return held;
}

std::string beneficiary_text(const model::Beneficiary& beneficiary) {
  if (beneficiary.organisation) return beneficiary.organisation->name;
  return "the holder of commitment " + to_hex(*beneficiary.commitment);
}

Result<Held> certificate(std::string_view policy_text, std::string_view text,
                         const CertificateOptions& options) {
  MRV_TRY(const Policy policy, parse_policy(policy_text));
  MRV_TRY(const auto verdict, verify_certificate(policy, text, options));
  const auto& summary = verdict.summary;
  const std::string who = beneficiary_text(summary.beneficiary);
  Held held{std::to_string(summary.quantity) + " " + std::string(model::name_of(summary.unit)) +
                " CO2e retired for " + who,
            {{"retirement", summary.id.text()},
             {"quantity", std::to_string(summary.quantity)},
             {"beneficiary", who},
             {"recomputations", verdict.recomputations}}};
  for (const auto& serials : summary.serials) {
    held.text += "\n  " + serials.prefix + " serials " + std::to_string(serials.first) + " to " +
                 std::to_string(serials.last);
  }
  held.text += "\nrecorded " + codec::to_text(summary.recorded_at);
  add_checkpoint(verdict.checkpoint, held);
  held.text += "\n" + std::to_string(verdict.entries) + " entries and " +
               std::to_string(verdict.rows) + " rows proved";
  for (const auto& line : verdict.recomputations) held.text += "\ntonnes: " + line;
  return held;
}

Result<Held> inclusion(const InclusionArguments& arguments) {
  MRV_TRY(const auto index, number(arguments.index));
  MRV_TRY(const auto size, number(arguments.size));
  MRV_TRY(const Hash leaf, hash(arguments.leaf_hash));
  MRV_TRY(const Hash root, hash(arguments.root));
  MRV_TRY(const auto proof, hashes(arguments.proof));
  MRV_CHECK(crypto::verify_inclusion(index, size, leaf, proof, root));
  return Held{"the leaf is in the tree", {}};
}

Result<Held> consistency(const ConsistencyArguments& arguments) {
  MRV_TRY(const auto size1, number(arguments.size1));
  MRV_TRY(const auto size2, number(arguments.size2));
  MRV_TRY(const Hash root1, hash(arguments.root1));
  MRV_TRY(const Hash root2, hash(arguments.root2));
  MRV_TRY(const auto proof, hashes(arguments.proof));
  MRV_CHECK(crypto::verify_consistency(size1, size2, root1, root2, proof));
  return Held{"the second tree continues the first", {}};
}

Result<Held> note(std::string_view text, std::string_view vkey) {
  MRV_TRY(const auto key, crypto::parse_vkey(vkey));
  MRV_TRY(const auto parsed, crypto::parse_note(text));
  MRV_TRY(const auto signers, crypto::verified_signers(parsed, std::span(&key, 1)));
  return Held{"signed by " + key.name + "\n" + parsed.text.substr(0, parsed.text.size() - 1),
              {{"name", key.name}, {"text", parsed.text}}};
}

Result<Held> signature(const SignatureArguments& arguments) {
  MRV_TRY(const Bytes key_bytes, hexadecimal(arguments.public_key));
  MRV_TRY(const Bytes message, hexadecimal(arguments.message));
  MRV_TRY(const Bytes bytes, hexadecimal(arguments.signature));
  crypto::PublicKey key;
  crypto::Signature given;
  if (key_bytes.size() != key.bytes.size()) {
    return Error{"PUBLIC_KEY_INVALID", "a public key has 32 bytes", {}};
  }
  if (bytes.size() != given.bytes.size()) {
    return Error{"SIGNATURE_INVALID", "a signature has 64 bytes", {}};
  }
  std::copy(key_bytes.begin(), key_bytes.end(), key.bytes.begin());
  std::copy(bytes.begin(), bytes.end(), given.bytes.begin());
  if (!crypto::is_acceptable_public_key(key)) {
    return Error{"PUBLIC_KEY_INVALID", "no canonical point of the prime-order subgroup", {}};
  }
  if (!crypto::verify(key, message, given)) {
    return Error{"SIGNATURE_INVALID", "it does not hold under the strict Ed25519 rule", {}};
  }
  return Held{"the key signed this message", {}};
}

// Signed by the key that the entries themselves announce for a tree of this size, whatever keys of
// the log the policy lists.
Status check_announced_key(std::string_view note_text, const std::string& vkey) {
  MRV_TRY(const auto parsed, crypto::parse_note(note_text));
  const auto key = crypto::parse_vkey(vkey);
  const bool right = key.ok() && crypto::verified_signers(parsed, std::span(&*key, 1)).ok();
  if (right) return {};
  return Error{
      "CHECKPOINT_KEY_OUT_OF_RANGE", "the log announced another key for this size: " + vkey, {}};
}

Result<Held> replay(std::string_view policy_text, const Mirror& mirror) {
  MRV_TRY(const Policy policy, parse_policy(policy_text));
  MRV_TRY(const std::string text, mirror.read("checkpoint"));
  MRV_TRY(const auto verified, verify_checkpoint(policy, text));
  const auto blobs = [&mirror](const Hash& digest) -> std::optional<Bytes> {
    auto bytes = mirror.blob(digest);
    if (bytes && crypto::sha256(*bytes) != digest) return std::nullopt;
    return bytes;
  };
  Replay replayed(blobs, verified.checkpoint.origin);
  const std::uint64_t size = verified.checkpoint.size.value();
  const std::uint64_t tiles = size / log::kTileWidth + (size % log::kTileWidth == 0 ? 0 : 1);
  for (std::uint64_t tile = 0; tile < tiles; ++tile) {
    MRV_TRY(const std::string bytes, mirror.read("entries/" + std::to_string(tile)));
    MRV_TRY(const auto bundle, log::decode_bundle(as_bytes(bytes)));
    for (const Bytes& entry : bundle) MRV_CHECK(replayed.add(entry));
  }
  if (replayed.size() != size || replayed.log_root() != verified.checkpoint.root) {
    return Error{"ROOT_MISMATCH", "the entries give another root", {}};
  }
  MRV_CHECK(replayed.finish());
  MRV_CHECK(check_announced_key(text, replayed.log_vkey()));
  std::string said = std::to_string(replayed.acts()) + " acts and " +
                     std::to_string(replayed.seals()) +
                     " seals replayed; log root and map root agree";
  if (replayed.not_recomputed() > 0) {
    said += "\nnot recomputed, as their data is gone by decision of the log: " +
            std::to_string(replayed.not_recomputed()) + " acts";
  }
  return Held{said + "\nmap root " + to_base64(replayed.map_root()),
              {{"acts", replayed.acts()},
               {"seals", replayed.seals()},
               {"notRecomputed", replayed.not_recomputed()},
               {"size", std::to_string(size)},
               {"logRoot", to_base64(replayed.log_root())},
               {"mapRoot", to_base64(replayed.map_root())}}};
}

}  // namespace

Answer check_receipt(std::string_view policy, std::string_view entry, std::string_view proof) {
  return answer_of(receipt(policy, entry, proof));
}

Answer check_certificate(std::string_view policy, std::string_view text,
                         const CertificateOptions& options) {
  return answer_of(certificate(policy, text, options));
}

Answer check_inclusion(const InclusionArguments& arguments) {
  return answer_of(inclusion(arguments));
}

Answer check_consistency(const ConsistencyArguments& arguments) {
  return answer_of(consistency(arguments));
}

Answer check_note(std::string_view text, std::string_view vkey) {
  return answer_of(note(text, vkey));
}

Answer check_signature(const SignatureArguments& arguments) {
  return answer_of(signature(arguments));
}

Answer check_replay(std::string_view policy, const Mirror& mirror) {
  return answer_of(replay(policy, mirror));
}

}  // namespace mrv::verifier
