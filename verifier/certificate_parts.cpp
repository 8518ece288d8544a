// Each part of a certificate by itself.
#include "verifier/certificate_parts.h"

#include <algorithm>

#include "crypto/rfc6962.h"
#include "ledger/codec/act_codec.h"
#include "ledger/map/map_proof.h"

namespace mrv::verifier {
namespace {

std::string place(const char* list, std::size_t at) { return list + std::to_string(at); }

Status check_name(const std::string& given, std::string_view right, const std::string& at) {
  if (!right.empty() && given == right) return {};
  return Error{"CERTIFICATE_ROLE_WRONG",
               right.empty() ? "no certificate rests on such a part"
                             : "it is called " + given + " and is a " + std::string(right),
               at};
}

// Entry bytes, if their path leads to the checkpoint's root.
Result<Bytes> included_entry(const codec::CertificateEntry& part, const log::Checkpoint& checkpoint,
                             const std::string& at) {
  const auto bytes = from_base64(part.entry);
  if (!bytes.ok()) return Error{"CERTIFICATE_MALFORMED", "not base64", at + "/entry"};
  std::vector<Hash> path;
  for (const auto& text : part.path) {
    const auto hash = hash_from_base64(text);
    if (!hash.ok()) return Error{"CERTIFICATE_MALFORMED", "not a hash", at + "/path"};
    path.push_back(*hash);
  }
  const auto included = crypto::verify_inclusion(part.index.value(), checkpoint.size.value(),
                                                 crypto::leaf_hash(*bytes), path, checkpoint.root);
  if (included.ok()) return *bytes;
  return Error{
      "CERTIFICATE_ENTRY_NOT_INCLUDED",
      "entry " + std::to_string(part.index.value()) + ": " + std::string(included.error().name),
      at};
}

Result<ProvedAct> proved_act(const codec::CertificateEntry& part, const log::Checkpoint& checkpoint,
                             const std::string& at) {
  MRV_TRY(const Bytes bytes, included_entry(part, checkpoint, at));
  const auto entry = codec::decode_entry(bytes);
  const auto* act_entry = entry.ok() ? std::get_if<codec::ActEntry>(&*entry) : nullptr;
  if (act_entry == nullptr) {
    return Error{"CERTIFICATE_ENTRY_INVALID", "the entry is not an act", at + "/entry"};
  }
  auto act = codec::decode_act(act_entry->document);
  if (!act.ok()) {
    return Error{"CERTIFICATE_SIGNATURE_INVALID",
                 std::string(act.error().name) + ": " + act.error().detail, at + "/entry"};
  }
  if (act->canonical != act_entry->document) {
    return Error{"CERTIFICATE_ENTRY_INVALID", "the document is not canonical", at + "/entry"};
  }
  if (act->act.registry != checkpoint.origin) {
    return Error{"CERTIFICATE_ENTRY_INVALID", "the document is addressed to another ledger", at};
  }
  if (act->act.valid_until < act_entry->recorded_at) {
    return Error{"CERTIFICATE_ENTRY_INVALID", "the document had expired when it was recorded", at};
  }
  MRV_CHECK(check_name(part.role, codec::certificate_role(act->act.body), at + "/role"));
  return ProvedAct{part.index, *act_entry, *std::move(act)};
}

// The checkpoint's last entry, stating the map root that every row is proved against.
Result<codec::SealEntry> proved_seal(const codec::Certificate& certificate,
                                     const log::Checkpoint& checkpoint) {
  MRV_TRY(const Bytes bytes, included_entry(certificate.seal, checkpoint, "/seal"));
  const auto entry = codec::decode_entry(bytes);
  const auto* seal = entry.ok() ? std::get_if<codec::SealEntry>(&*entry) : nullptr;
  const bool last = seal != nullptr && seal->tree_size.value() == certificate.seal.index.value() &&
                    seal->tree_size.next() == checkpoint.size;
  if (!last) {
    return Error{"CERTIFICATE_SEAL_INVALID", "the seal is not the checkpoint's last entry",
                 "/seal"};
  }
  MRV_CHECK(check_name(certificate.seal.role, codec::kSealRole, "/seal/role"));
  return *seal;
}

struct RowBytes {
  Bytes key;
  Bytes value;
};

Result<RowBytes> proved_row(const codec::CertificateRow& part, const Hash& map_root,
                            const std::string& at) {
  const auto key = from_base64(part.key);
  const auto value = from_base64(part.value);
  const auto proof = from_base64(part.proof);
  if (!key.ok() || !value.ok() || !proof.ok()) {
    return Error{"CERTIFICATE_MALFORMED", "not base64", at};
  }
  const auto path = map::decode_path(*proof);
  const auto proved =
      path.ok() ? map::verify_inclusion(map_root, *key, *value, *path) : Status(path.error());
  if (!proved.ok()) {
    return Error{"CERTIFICATE_ROW_NOT_PROVED", part.row + ": " + std::string(proved.error().name),
                 at};
  }
  MRV_CHECK(
      check_name(part.row, codec::certificate_row_name(key->empty() ? 0 : (*key)[0]), at + "/row"));
  return RowBytes{*key, *value};
}

}  // namespace

Result<CertificateParts> CertificateParts::prove(const Policy& policy, std::string_view text) {
  CertificateParts parts;
  MRV_TRY(parts.certificate_, codec::decode_certificate(text));
  MRV_TRY(parts.checkpoint_, verify_checkpoint(policy, parts.certificate_.checkpoint));
  MRV_CHECK(parts.prove_acts());
  MRV_CHECK(parts.prove_rows());
  return parts;
}

Status CertificateParts::prove_acts() {
  for (std::size_t i = 0; i < certificate_.entries.size(); ++i) {
    MRV_TRY(ProvedAct act,
            proved_act(certificate_.entries[i], checkpoint_.checkpoint, place("/entries/", i)));
    acts_.push_back(std::move(act));
  }
  std::sort(acts_.begin(), acts_.end(),
            [](const ProvedAct& a, const ProvedAct& b) { return a.index < b.index; });
  const auto twice = std::adjacent_find(
      acts_.begin(), acts_.end(), [](const auto& a, const auto& b) { return a.index == b.index; });
  if (twice == acts_.end()) return {};
  return Error{"CERTIFICATE_MALFORMED",
               "entry " + std::to_string(twice->index.value()) + " stands twice", "/entries"};
}

Status CertificateParts::prove_rows() {
  MRV_TRY(const auto seal, proved_seal(certificate_, checkpoint_.checkpoint));
  MRV_CHECK(check_times(seal.recorded_at));
  for (std::size_t i = 0; i < certificate_.state.size(); ++i) {
    const std::string at = place("/state/", i);
    MRV_TRY(RowBytes row, proved_row(certificate_.state[i], seal.map_root, at));
    if (!rows_.emplace(std::move(row.key), std::move(row.value)).second) {
      return Error{"CERTIFICATE_MALFORMED", "a row stands twice", at};
    }
  }
  return {};
}

Status CertificateParts::check_times(TimestampMs sealed) const {
  const auto back = std::adjacent_find(
      acts_.begin(), acts_.end(),
      [](const auto& a, const auto& b) { return b.entry.recorded_at < a.entry.recorded_at; });
  const bool runs_back =
      back != acts_.end() || (!acts_.empty() && sealed < acts_.back().entry.recorded_at);
  if (!runs_back) return {};
  return Error{"CERTIFICATE_ENTRY_INVALID", "the entries' times run back", "/entries"};
}

const ProvedAct* CertificateParts::at(EntryIndex index) const {
  const auto found =
      std::lower_bound(acts_.begin(), acts_.end(), index,
                       [](const ProvedAct& act, EntryIndex wanted) { return act.index < wanted; });
  return found == acts_.end() || found->index != index ? nullptr : &*found;
}

Status CertificateParts::check_all_asked() const {
  for (const auto& act : acts_) {
    if (asked_acts_.contains(act.index)) continue;
    return Error{"CERTIFICATE_PART_SPARE",
                 "entry " + std::to_string(act.index.value()) + " (" +
                     std::string(model::type_of(act.act.act.body)) + ") proves nothing here",
                 "/entries"};
  }
  for (const auto& [key, value] : rows_) {
    if (asked_rows_.contains(key)) continue;
    return Error{
        "CERTIFICATE_PART_SPARE",
        "a row of the " + std::string(codec::certificate_row_name(key[0])) + " proves nothing here",
        "/state"};
  }
  return {};
}

}  // namespace mrv::verifier
