// Each part of a certificate by itself.
#include "verifier/certificate_parts.h"

#include <algorithm>

#include "ledger/codec/act_codec.h"

namespace mrv::verifier {
namespace {

std::string place(const char* list, std::size_t at) { return list + std::to_string(at); }

Result<ProvedAct> proved_act(const codec::CertificateEntry& part, const log::Checkpoint& checkpoint,
                             const std::string& at) {
  MRV_TRY(const Bytes bytes, included_entry(part, checkpoint, kCertificateFaults, at));
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
  MRV_CHECK(check_part_name(part.role, codec::certificate_role(act->act.body), kCertificateFaults,
                            at + "/role"));
  return ProvedAct{part.index, *act_entry, *std::move(act)};
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
  MRV_TRY(const auto seal,
          proved_seal(certificate_.seal, checkpoint_.checkpoint, kCertificateFaults));
  MRV_CHECK(check_times(seal.recorded_at));
  MRV_TRY(rows_, ProvedRows::prove(certificate_.state, seal.map_root, kCertificateFaults));
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
  return rows_.check_all_asked();
}

}  // namespace mrv::verifier
