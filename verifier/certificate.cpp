// What the proved parts say together: from the retirement back to the measurements.
#include "verifier/certificate.h"

#include <algorithm>

#include "verifier/certificate_authority.h"
#include "verifier/certificate_labels.h"
#include "verifier/certificate_tonnes.h"
#include "verifier/certificate_units.h"

namespace mrv::verifier {
namespace {

Status check_ledger(CertificateParts& parts) {
  MRV_TRY(const auto ledger, parts.row<model::LedgerRow>(codec::ledger_key(), "the ledger"));
  if (ledger.origin == parts.checkpoint().checkpoint.origin) return {};
  return broken("the ledger's row is of " + ledger.origin);
}

// What the retirement's row says is what its holder signed, down to the serials.
Result<model::RetirementRow> prove_retirement(CertificateParts& parts) {
  const auto& id = parts.certificate().retirement.id;
  MRV_TRY(auto row, parts.row<model::RetirementRow>(codec::retirement_key(id), "the retirement"));
  MRV_TRY(const ProvedAct* const act, parts.act<model::Retire>(id.bytes, "the retirement"));
  const auto& body = std::get<model::Retire>(act->act.act.body);
  MRV_TRY(const Units quantity, check_legs(body.legs, row.serials, "the retirement"));
  if (!body.beneficiary) return broken("the retirement names no beneficiary");
  const model::RetirementRow expected{id,
                                      row.entry,
                                      act->act.act.party.value_or(model::PartyId{}),
                                      row.serials,
                                      quantity,
                                      *body.beneficiary,
                                      body.purpose,
                                      body.claim_period,
                                      body.statement,
                                      body.inventory};
  MRV_CHECK(check_same(row, expected, "the retirement"));
  MRV_TRY(const auto needed,
          serials_approvals(parts, row.serials, model::GovernedAct::retire, row.entry));
  MRV_CHECK(check_effect(parts, *act, row.entry, needed, "the retirement"));
  return row;
}

// The summary says nothing that the rows do not.
Status check_summary(CertificateParts& parts, const model::RetirementRow& retirement) {
  MRV_TRY(const auto holder,
          parts.row<model::PartyRow>(codec::party_key(retirement.holder), "the holder"));
  codec::CertificateSummary expected;
  expected.id = retirement.id;
  expected.holder = retirement.holder;
  expected.holder_name = holder.name;
  expected.quantity = retirement.quantity;
  expected.unit = parts.certificate().retirement.unit;  // held against the programme's
  expected.beneficiary = retirement.beneficiary;
  expected.purpose = retirement.purpose;
  expected.statement = retirement.statement;
  expected.recorded_at = parts.at(retirement.entry)->entry.recorded_at;
  for (const auto& range : retirement.serials) {
    MRV_TRY(const auto batch, parts.row<model::BatchRow>(codec::batch_key(range.batch), "a batch"));
    expected.serials.push_back({batch.prefix, range.first, range.last});
  }
  if (codec::same_summary(parts.certificate().retirement, expected)) return {};
  return Error{"CERTIFICATE_SUMMARY_DIFFERS", "the summary says more than the ledger",
               "/retirement"};
}

using Origins = std::map<model::ReportId, Origin>;

// What the buffer pool gave back went to the developer of that time.
Status check_releases(CertificateParts& parts, const Origins& origins) {
  MRV_TRY(const auto transfers, parts.all_rows<model::TransferRow>("a transfer"));
  for (const auto& transfer : transfers) {
    if (transfer.kind != model::MovementKind::released) continue;
    for (const auto& range : transfer.serials) {
      MRV_TRY(const auto batch,
              parts.row<model::BatchRow>(codec::batch_key(range.batch), "a batch"));
      const auto origin = origins.find(batch.report);
      if (origin == origins.end()) return broken("a release is of units that were not retired");
      MRV_TRY(const auto project, origin->second.history.before(transfer.entry));
      if (project.developer == transfer.to) continue;
      return broken("a release of the buffer went to another than the developer");
    }
  }
  return {};
}

Result<std::vector<std::string>> judge(CertificateParts& parts, const CertificateOptions& options) {
  MRV_CHECK(check_ledger(parts));
  for (const auto& act : parts.acts()) MRV_CHECK(check_authority(parts, act));
  MRV_TRY(const auto retirement, prove_retirement(parts));
  Origins origins;
  std::vector<std::string> recomputations;
  std::set<model::BatchId> judged;
  for (const auto& range : retirement.serials) {
    if (!judged.insert(range.batch).second) continue;
    MRV_TRY(const auto batch, parts.row<model::BatchRow>(codec::batch_key(range.batch), "a batch"));
    if (!origins.contains(batch.report)) {
      MRV_TRY(auto origin, prove_origin(parts, batch.report));
      MRV_TRY(const auto tonnes, check_tonnes(parts, origin, options));
      recomputations.push_back(batch.report.text() + " " + tonnes);
      origins.emplace(batch.report, std::move(origin));
    }
    MRV_CHECK(check_batch(parts, origins.at(batch.report), batch));
  }
  MRV_CHECK(check_holders(parts, retirement));
  MRV_CHECK(check_releases(parts, origins));
  MRV_CHECK(check_labels(parts, retirement));
  MRV_CHECK(check_summary(parts, retirement));
  MRV_CHECK(parts.check_all_asked());
  return recomputations;
}

}  // namespace

Result<CertificateVerdict> verify_certificate(const Policy& policy, std::string_view text,
                                              const CertificateOptions& options) {
  MRV_TRY(auto parts, CertificateParts::prove(policy, text));
  MRV_TRY(auto recomputations, judge(parts, options));
  return CertificateVerdict{parts.certificate().retirement, parts.checkpoint(), parts.acts().size(),
                            parts.rows().size(), std::move(recomputations)};
}

}  // namespace mrv::verifier
