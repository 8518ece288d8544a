// A reading, the series it says it is in, and the report that names the series.
#include "verifier/reading.h"

#include <algorithm>

#include "ledger/codec/act_codec.h"
#include "ledger/codec/entry_codec.h"
#include "ledger/state/evidence.h"
#include "verifier/certificate.h"
#include "verifier/proof.h"

namespace mrv::verifier {
namespace {

Error no_report(std::string why) { return {"REPORT_ENTRY_INVALID", std::move(why), {}}; }

Error not_named(std::string_view by) {
  return {"SERIES_NOT_NAMED",
          std::string(by) + " names no evidence with the digest of this count and root", "/root"};
}

Status check_in_tree(const codec::DisclosedReading& disclosed) {
  const Hash leaf = crypto::leaf_hash(as_bytes(codec::encode_reading(disclosed.reading)));
  const auto status = crypto::verify_inclusion(static_cast<std::uint64_t>(disclosed.index),
                                               static_cast<std::uint64_t>(disclosed.count), leaf,
                                               disclosed.path, disclosed.root);
  if (status.ok()) return {};
  return Error{"READING_NOT_IN_SERIES",
               std::string(status.error().name) + ": " + status.error().detail, "/path"};
}

// The report's own signature is part of reading it.
Result<model::VerifiedAct> read_report(ByteView bytes) {
  const auto entry = codec::decode_entry(bytes);
  if (!entry.ok()) return no_report(entry.error().detail);
  const auto* act_entry = std::get_if<codec::ActEntry>(&*entry);
  if (act_entry == nullptr) return no_report("the entry is a seal");
  auto act = codec::decode_act(act_entry->document);
  if (!act.ok()) return no_report(std::string(act.error().name) + ": " + act.error().detail);
  if (!std::holds_alternative<model::SubmitMonitoringReport>(act->act.body)) {
    return no_report("the entry is a " + std::string(model::type_of(act->act.body)));
  }
  return act;
}

bool source_holds(const model::SourceSignature& source, std::string_view message) {
  const auto bytes = from_base64(source.signature);
  crypto::Signature signature;
  if (!bytes.ok() || bytes->size() != signature.bytes.size()) return false;
  std::copy(bytes->begin(), bytes->end(), signature.bytes.begin());
  return crypto::verify(crypto::PublicKey{source.key.bytes}, as_bytes(message), signature);
}

// Nothing: the report does not name this series.
Result<std::optional<SeriesReport>> named_by(const model::VerifiedAct& act, const Hash& digest) {
  const auto& body = std::get<model::SubmitMonitoringReport>(act.act.body);
  const auto found = std::find_if(body.evidence.begin(), body.evidence.end(),
                                  [&](const auto& item) { return item.digest == digest; });
  if (found == body.evidence.end()) return std::optional<SeriesReport>();
  if (found->source &&
      !source_holds(*found->source, state::evidence_message(*found, body.project, body.period))) {
    return Error{
        "DEVICE_SIGNATURE_INVALID", "it does not hold over digest, project, period and takenAt",
        "/credentialSubject/evidence/" + std::to_string(found - body.evidence.begin()) + "/source"};
  }
  return std::optional<SeriesReport>({model::ReportId::of(act.digest), body.project, body.period,
                                      *found, act.act.signer, std::nullopt, std::nullopt});
}

Result<ReadingVerdict> read(std::string_view text) {
  ReadingVerdict verdict;
  MRV_TRY(verdict.disclosed, codec::decode_disclosure(text));
  verdict.digest = codec::series_digest(verdict.disclosed.count, verdict.disclosed.root);
  return verdict;
}

}  // namespace

Status check_disclosure(const codec::DisclosedReading& disclosed, const Hash& digest) {
  if (codec::series_digest(disclosed.count, disclosed.root) != digest) {
    return Error{"SERIES_DIFFERS", "count and root give another digest", "/root"};
  }
  return check_in_tree(disclosed);
}

Result<ReadingVerdict> verify_reading(std::string_view text, const Hash& digest) {
  MRV_TRY(auto verdict, read(text));
  MRV_CHECK(check_disclosure(verdict.disclosed, digest));
  return verdict;
}

Result<ReadingVerdict> verify_reading_of_report(std::string_view text, const ReportSource& source) {
  MRV_TRY(auto verdict, read(text));
  std::optional<ReceiptVerdict> receipt;
  if (source.receipt) {
    MRV_TRY(receipt, verify_receipt(source.receipt->policy, source.entry, source.receipt->proof));
  }
  MRV_TRY(const auto act, read_report(source.entry));
  MRV_TRY(verdict.report, named_by(act, verdict.digest));
  if (!verdict.report) return not_named("the report");
  if (receipt) {
    verdict.report->index = receipt->index;
    verdict.report->checkpoint = receipt->checkpoint;
  }
  MRV_CHECK(check_in_tree(verdict.disclosed));
  return verdict;
}

Result<ReadingVerdict> verify_reading_of_certificate(std::string_view text, const Policy& policy,
                                                     std::string_view certificate) {
  MRV_TRY(auto verdict, read(text));
  MRV_TRY(const auto proved, verify_certificate(policy, certificate, {}));
  MRV_TRY(const auto parts, codec::decode_certificate(certificate));
  const auto role = codec::certificate_role(model::SubmitMonitoringReport{});
  for (const auto& part : parts.entries) {
    if (part.role != role || verdict.report) continue;
    MRV_TRY(const Bytes entry, from_base64(part.entry));
    MRV_TRY(const auto act, read_report(entry));
    MRV_TRY(verdict.report, named_by(act, verdict.digest));
    if (!verdict.report) continue;
    verdict.report->index = part.index;
    verdict.report->checkpoint = proved.checkpoint;
  }
  if (!verdict.report) return not_named("the certificate");
  MRV_CHECK(check_in_tree(verdict.disclosed));
  return verdict;
}

}  // namespace mrv::verifier
