// ReviewVerification and WithdrawStatement (domain.md 4).
#include <algorithm>

#include "ledger/state/authority.h"
#include "ledger/state/pool.h"
#include "ledger/state/rules.h"

namespace mrv::state {
namespace {

using model::BatchRow;
using model::Outcome;
using model::ReportRow;
using model::ReportState;
using model::StatementRow;

constexpr const char* kStatementPointer = "/credentialSubject/statement";

// The statement and its report, for the VVB that made it.
struct Stated {
  StatementRow statement;
  ReportRow report;
};

Check read_stated(Context& context, const model::StatementId& id, const model::PartyId& vvb,
                  Stated& out) {
  auto statement = context.read<StatementRow>(codec::statement_key(id));
  if (!statement) return refuse(Outcome::STATEMENT_UNKNOWN, kStatementPointer);
  if (statement->vvb != vvb) return refuse(Outcome::KEY_NOT_OF_PARTY, "/issuer/party");
  auto report = context.read<ReportRow>(codec::report_key(statement->report));
  if (!report) return refuse(Outcome::REPORT_UNKNOWN, kStatementPointer);
  out = {*std::move(statement), *std::move(report)};
  return std::nullopt;
}

Check not_standing(const char* why) {
  return refuse(Outcome::STATEMENT_NOT_STANDING, kStatementPointer, why);
}

// Neither replaced nor withdrawn, nor void with its report.
Check require_standing(const Stated& stated) {
  if (stated.statement.replaced_by) return not_standing("it was replaced");
  if (stated.statement.withdrawn) return not_standing("it was withdrawn");
  const auto state = stated.report.state;
  if (state == ReportState::live || state == ReportState::issued) return std::nullopt;
  return not_standing("its report was superseded or withdrawn");
}

// The reviewer is not the person who signed. Who signed under version 1 is not in the state.
Check require_other_person(Context& context, const StatementRow& statement,
                           const ActingParty& reviewer) {
  constexpr const char* kPointer = "/proof/verificationMethod";
  if (!statement.signer) {
    return refuse(Outcome::APPROVER_IS_SIGNER, kPointer, "made under version 1: state again");
  }
  const auto signer = context.read<model::KeyRow>(codec::key_key(*statement.signer));
  const bool other =
      signer && *statement.signer != reviewer.key.key && signer->person != reviewer.key.person;
  if (other) return std::nullopt;
  return refuse(Outcome::APPROVER_IS_SIGNER, kPointer);
}

// The batches that the report was issued as: of its project and its years.
std::vector<BatchRow> batches_of(Context& context, const ReportRow& report) {
  std::vector<BatchRow> batches;
  each_batch_of(context, report.project, [&](const BatchRow& batch) {
    if (batch.report == report.id) batches.push_back(batch);
    return true;
  });
  return batches;
}

void note_on_batches(Context& context, const ReportRow& report, const model::StatementId& id) {
  for (auto& batch : batches_of(context, report)) {
    auto withdrawn = batch.withdrawn_statements.value_or(std::vector<model::StatementId>{});
    withdrawn.push_back(id);
    batch.withdrawn_statements = std::move(withdrawn);
    context.write(codec::batch_key(batch.id), batch);
  }
}

}  // namespace

Check rule(Context& context, const model::ReviewVerification& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::review, {model::Role::vvb}, acting)) {
    return check;
  }
  Stated stated;
  if (auto check = read_stated(context, act.statement, acting.party.id, stated)) return check;
  if (auto check = require_other_person(context, stated.statement, acting)) return check;
  if (auto check = require_standing(stated)) return check;
  if (stated.report.state != ReportState::live) return not_standing("its report was issued");
  if (stated.statement.review) return refuse(Outcome::REVIEWED_ALREADY, kStatementPointer);
  stated.statement.review = {context.signer(), context.index(), act.decision};
  context.write(codec::statement_key(stated.statement.id), stated.statement);
  return std::nullopt;
}

Check rule(Context& context, const model::WithdrawStatement& act) {
  ActingParty acting;
  if (auto check =
          require_party(context, model::KeyPurpose::initiate, {model::Role::vvb}, acting)) {
    return check;
  }
  Stated stated;
  if (auto check = read_stated(context, act.statement, acting.party.id, stated)) return check;
  if (auto check = require_standing(stated)) return check;
  stated.statement.withdrawn = context.index();
  context.write(codec::statement_key(stated.statement.id), stated.statement);
  if (stated.report.state == ReportState::issued) {
    note_on_batches(context, stated.report, stated.statement.id);
    return std::nullopt;
  }
  std::erase(stated.report.statements, stated.statement.id);
  context.write(codec::report_key(stated.report.id), stated.report);
  return std::nullopt;
}

}  // namespace mrv::state
