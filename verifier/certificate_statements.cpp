// Statement by statement, then body by body.
#include "verifier/certificate_statements.h"

#include <algorithm>

#include "ledger/state/independence.h"
#include "ledger/state/rules_version.h"
#include "verifier/certificate_authority.h"
#include "verifier/certificate_vvb.h"

namespace mrv::verifier {
namespace {

// Exactly the report's years, none above what was recomputed.
bool verifies(const model::StatementRow& statement, const model::ReportRow& report) {
  return std::equal(statement.verified.begin(), statement.verified.end(), report.vintages.begin(),
                    report.vintages.end(), [](const auto& verified, const auto& vintage) {
                      return verified.year == vintage.year && verified.quantity <= vintage.ceiling;
                    });
}

Result<model::StatementRow> prove_statement(CertificateParts& parts, const Origin& origin,
                                            const model::StatementId& id, EntryIndex issued) {
  MRV_TRY(auto row, parts.row<model::StatementRow>(codec::statement_key(id), "a statement"));
  MRV_TRY(const ProvedAct* const act,
          parts.act<model::SubmitVerificationStatement>(id.bytes, "a statement"));
  const auto& body = std::get<model::SubmitVerificationStatement>(act->act.act.body);
  MRV_TRY(const auto needed, programme_approvals(parts, origin.programme,
                                                 model::GovernedAct::submit_verification_statement,
                                                 row.entry, "a statement"));
  MRV_CHECK(check_effect(parts, *act, row.entry, needed, "a statement"));
  // Its review and its withdrawal after issuance are of later entries.
  const model::StatementRow expected{id,
                                     row.entry,
                                     body.report,
                                     act->act.act.party.value_or(model::PartyId{}),
                                     body.opinion,
                                     body.assurance,
                                     body.verified,
                                     body.buffer_rate,
                                     std::nullopt,
                                     row.signer ? std::optional(act->act.act.signer) : std::nullopt,
                                     row.review,
                                     row.withdrawn};
  MRV_CHECK(check_same(row, expected, "a statement"));
  const auto& report = origin.report;
  const bool on_report = body.report == report.id && body.digest == report.digest &&
                         body.index == static_cast<std::int64_t>(report.entry.value()) &&
                         report.entry < act->index && row.entry < issued;
  if (!on_report) return broken("a statement is not on this report");
  if (!verifies(row, report)) {
    return Error{"CERTIFICATE_TONNES_DIFFER", "a statement verifies other vintages or more", {}};
  }
  const auto& accepted = origin.issuing.accepted_opinions;
  if (std::find(accepted.begin(), accepted.end(), row.opinion) == accepted.end()) {
    return broken("a statement's opinion does not allow issuance");
  }
  if (origin.history.validated_by(row.vvb, row.entry) &&
      !origin.policy(*parts.at(row.entry)).validator_may_verify) {
    return broken("a statement is by the body that validated the project");
  }
  MRV_TRY(auto project, origin.history.before(row.entry));
  project.methodology = report.methodology;
  MRV_CHECK(check_vvb(parts, project, row.vvb, *parts.at(row.entry)));
  return row;
}

// Whether a second person of the body approved the statement before it issued. A certificate made
// before reviews were part of one holds none; where the programme requires them it proves too
// little.
Result<bool> is_reviewed(CertificateParts& parts, const model::StatementRow& row, EntryIndex issued,
                         bool required) {
  if (!row.review) return false;
  const ProvedAct* const review = parts.at(row.review->entry);
  if (review == nullptr) {
    if (required) return missing_entry("a review");
    return false;
  }
  parts.ask(*review);
  const auto* const body = std::get_if<model::ReviewVerification>(&review->act.act.body);
  const bool right =
      body != nullptr && body->statement == row.id && body->decision == row.review->decision &&
      review->act.act.signer == row.review->key && review->act.act.party == row.vvb &&
      row.entry < review->index && review->index < issued;
  if (!right) return broken("a review is of something else");
  MRV_TRY(const ProvedAct* const statement,
          parts.act<model::SubmitVerificationStatement>(row.id.bytes, "a statement"));
  MRV_TRY(const Hash reviewer, person_of(parts, *review));
  MRV_TRY(const Hash signer, person_of(parts, *statement));
  if (reviewer == signer) return broken("a statement was reviewed by the person who signed it");
  return body->decision == model::Decision::approve;
}

}  // namespace

Result<std::vector<model::StatementRow>> prove_statements(CertificateParts& parts,
                                                          const Origin& origin, EntryIndex issued) {
  const ProvedAct* const issuance = parts.at(issued);
  if (issuance == nullptr) return missing_entry("the issuance");
  MRV_TRY(auto project, origin.history.before(issued));
  project.methodology = origin.report.methodology;
  MRV_TRY(const auto ledger, parts.row<model::LedgerRow>(codec::ledger_key(), "the ledger"));
  state::Voices voices(ledger.rules_version >= state::kGuardRulesVersion, issued);
  const bool review_required = state::lifecycle_of(origin.issuing).review_required;
  std::vector<model::StatementRow> statements;
  for (const auto& id : origin.report.statements) {
    MRV_TRY(auto statement, prove_statement(parts, origin, id, issued));
    MRV_TRY(const auto vvb, parts.row<model::PartyRow>(codec::party_key(statement.vvb), "a party"));
    MRV_TRY(const bool reviewed, is_reviewed(parts, statement, issued, review_required));
    MRV_TRY(const bool counts, may_count(parts, project, vvb, *issuance));
    if (counts && (reviewed || !review_required)) voices.add(vvb);
    statements.push_back(std::move(statement));
  }
  if (voices.count() >= origin.issuing.statements_min) return statements;
  return broken("too few independent statements: " + std::to_string(voices.count()));
}

}  // namespace mrv::verifier
