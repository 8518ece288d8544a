// The checks of evidence, item by item.
#include "ledger/state/evidence.h"

#include <algorithm>
#include <set>

#include "crypto/ed25519.h"
#include "ledger/base/time.h"
#include "ledger/codec/scalar_text.h"
#include "ledger/codec/series.h"
#include "ledger/state/evidence_use.h"
#include "ledger/state/policy.h"

namespace mrv::state {
namespace {

using model::Outcome;

bool lists(const std::vector<std::string>& kinds, const std::string& kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool is_exclusive(const model::ProgrammePolicy& policy, const std::string& kind) {
  return lists(policy.exclusive_evidence, kind);
}

// Taken inside the period and not after submission.
Check check_date(Context& context, const model::Evidence& evidence, const model::Period& period,
                 const std::string& pointer) {
  const std::int64_t taken = evidence.taken_at.value();
  const bool inside = taken >= period.from.days * kMsPerDay && taken < period.to.days * kMsPerDay;
  if (!inside || taken > context.recorded_at().value()) {
    return refuse(Outcome::EVIDENCE_DATE_INVALID, pointer + "/takenAt");
  }
  if (!evidence.made_at) return std::nullopt;
  // A document is made of what was taken, and before it is submitted.
  const bool in_order =
      evidence.taken_at <= *evidence.made_at && *evidence.made_at <= context.recorded_at();
  if (in_order) return std::nullopt;
  return refuse(Outcome::EVIDENCE_DATE_INVALID, pointer + "/madeAt");
}

// A series stands behind the digest that its device signs (schemas/spec/series.md).
Check check_series(const model::Evidence& evidence, const std::string& pointer) {
  if (!evidence.series) return std::nullopt;
  const auto& series = *evidence.series;
  const bool holds = series.count <= kSeriesReadingsMax &&
                     codec::series_digest(series.count, series.root) == evidence.digest;
  if (holds) return std::nullopt;
  return refuse(Outcome::EVIDENCE_SERIES_INVALID, pointer + "/series");
}

// By a key that some party has bound as a device's, in force here; of the kinds that policy names
// always.
Check check_source(Context& context, const model::SubmitMonitoringReport& act,
                   const model::Evidence& evidence, const model::ProgrammePolicy& policy,
                   const std::string& pointer) {
  if (!evidence.source) {
    const auto signed_kinds = lifecycle_of(policy).signed_evidence;
    if (!lists(signed_kinds, evidence.kind)) return std::nullopt;
    return refuse(Outcome::EVIDENCE_SIGNATURE_MISSING, pointer + "/source", evidence.kind);
  }
  const auto refusal = [&](const char* detail) {
    return refuse(Outcome::DEVICE_SIGNATURE_INVALID, pointer + "/source", detail);
  };
  const auto bytes = from_base64(evidence.source->signature);
  if (!bytes.ok()) {
    return refuse(Outcome::BASE64_INVALID, pointer + "/source/signature", bytes.error().detail);
  }
  const auto key = context.read<model::KeyRow>(codec::key_key(evidence.source->key));
  const bool device = key && key->bound.covers(context.index()) &&
                      std::find(key->purposes.begin(), key->purposes.end(),
                                model::KeyPurpose::device) != key->purposes.end();
  if (!device) return refusal("the key is not a device key in force");
  crypto::Signature signature;
  if (bytes->size() != signature.bytes.size()) {
    return refusal("a signature is 64 bytes in base64");
  }
  std::copy(bytes->begin(), bytes->end(), signature.bytes.begin());
  const std::string message = evidence_message(evidence, act.project, act.period);
  const crypto::PublicKey public_key{evidence.source->key.bytes};
  if (crypto::verify_registered(public_key, as_bytes(message), signature)) return std::nullopt;
  return refusal("it does not hold over digest, project, period and takenAt");
}

}  // namespace

std::string evidence_message(const model::Evidence& evidence, const model::ProjectId& project,
                             const model::Period& period) {
  return std::string(kEvidenceMessageHeader) + "\n" + to_hex(evidence.digest) + "\n" +
         project.text() + "\n" + day_text(period.from.days) + "\n" + day_text(period.to.days) +
         "\n" + codec::to_text(evidence.taken_at) + "\n";
}

Check check_evidence(Context& context, const model::SubmitMonitoringReport& act,
                     const model::ProgrammePolicy& policy) {
  std::set<Hash> seen;
  for (std::size_t i = 0; i < act.evidence.size(); ++i) {
    const auto& evidence = act.evidence[i];
    const std::string pointer = "/credentialSubject/evidence/" + std::to_string(i);
    if (!seen.insert(evidence.digest).second) {
      return refuse(Outcome::ITEM_REPEATED, pointer + "/digest");
    }
    if (auto check = check_date(context, evidence, act.period, pointer)) return check;
    if (auto check = check_series(evidence, pointer)) return check;
    if (auto check = check_source(context, act, evidence, policy, pointer)) return check;
    const bool exclusive = is_exclusive(policy, evidence.kind);
    if (auto check = check_unused(context, act, evidence, exclusive, pointer)) return check;
  }
  return std::nullopt;
}

void name_evidence(const model::SubmitMonitoringReport& act, const model::ProgrammePolicy& policy,
                   model::ReportRow& out) {
  for (const auto& evidence : act.evidence) {
    auto& digests =
        is_exclusive(policy, evidence.kind) ? out.exclusive_evidence : out.shared_evidence;
    digests.push_back(evidence.digest);
  }
}

}  // namespace mrv::state
