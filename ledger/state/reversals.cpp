// RecordReversal (domain.md 5): tonnes that were stored or avoided, and are so no more.
#include "ledger/state/authority.h"
#include "ledger/state/obligations.h"
#include "ledger/state/policy.h"
#include "ledger/state/pool.h"
#include "ledger/state/rules.h"

namespace mrv::state {
namespace {

using model::Outcome;
using model::RecordReversal;
using model::ReversalRow;

constexpr const char* kProjectPointer = "/credentialSubject/project";

// One report or one statement, of this project.
Check check_basis(Context& context, const RecordReversal& act) {
  if (act.report.has_value() == act.statement.has_value()) {
    return refuse(Outcome::REVERSAL_BASIS_INVALID, "/credentialSubject",
                  "a report or a statement, one of the two");
  }
  const char* const pointer =
      act.report ? "/credentialSubject/report" : "/credentialSubject/statement";
  std::optional<model::ReportId> id = act.report;
  if (act.statement) {
    const auto statement = context.read<model::StatementRow>(codec::statement_key(*act.statement));
    if (!statement) return refuse(Outcome::STATEMENT_UNKNOWN, pointer);
    id = statement->report;
  }
  const auto report = context.read<model::ReportRow>(codec::report_key(*id));
  if (!report) return refuse(Outcome::REPORT_UNKNOWN, pointer);
  if (report->project == act.project) return std::nullopt;
  return refuse(Outcome::REVERSAL_BASIS_INVALID, pointer, "of " + report->project.text());
}

// At most what the project was issued less what it lost before.
Check check_quantity(Context& context, const model::ProjectRow& project, Units quantity) {
  Units left = -project.reversed.value_or(0);
  each_batch_of(context, project.id, [&](const model::BatchRow& batch) {
    left += batch.quantity;
    return left < quantity;  // enough: the sum of all batches may be beyond any integer
  });
  if (quantity <= left) return std::nullopt;
  return refuse(Outcome::REVERSAL_TOO_LARGE, "/credentialSubject/quantity",
                std::to_string(left) + " are left");
}

// Cancels what the pool pays for it; answers how much that was.
Check let_pool_pay(Context& context, const model::ProjectRow& project, ReversalRow& reversal,
                   Units& paid) {
  reversal.cancelled = first_to_pay(context, project.programme, project.id, reversal.quantity);
  if (reversal.cancelled.size() > kSerialRangesMax) {
    return refuse(Outcome::LIST_TOO_LONG, "/credentialSubject/quantity",
                  "it takes too many ranges of the pool: record it in parts");
  }
  for (const auto& range : reversal.cancelled) {
    leave_pool(context, range, {model::UnitState::cancelled, std::nullopt, reversal.id.text()});
    paid += range.last - range.first + 1;
  }
  return std::nullopt;
}

model::ObligationId owe(Context& context, const model::ProjectRow& project,
                        const model::IntegrityPolicy& policy, Units quantity) {
  NewObligation owed;
  owed.party = project.developer;
  owed.programme = project.programme;
  owed.project = project.id;
  owed.cause = model::ObligationCause::reversal;
  owed.quantity = quantity;
  owed.deadline = deadline_of(context, policy);
  return open_obligation(context, owed);
}

}  // namespace

Check rule(Context& context, const RecordReversal& act) {
  ActingParty acting;
  if (auto check =
          require_party(context, model::KeyPurpose::initiate, {model::Role::registry}, acting)) {
    return check;
  }
  auto project = context.read<model::ProjectRow>(codec::project_key(act.project));
  if (!project) return refuse(Outcome::PROJECT_UNKNOWN, kProjectPointer);
  if (auto check = check_basis(context, act)) return check;
  if (auto check = check_quantity(context, *project, act.quantity)) return check;
  const auto programme =
      context.read<model::ProgrammeRow>(codec::programme_key(project->programme));
  if (!programme) return refuse(Outcome::PROGRAMME_UNKNOWN, kProjectPointer);
  ReversalRow reversal;
  reversal.id = model::ReversalId::of(context.act().digest);
  reversal.entry = context.index();
  reversal.project = project->id;
  reversal.kind = act.kind;
  reversal.quantity = act.quantity;
  Units paid = 0;
  if (act.kind == model::ReversalKind::unintentional) {
    if (auto check = let_pool_pay(context, *project, reversal, paid)) return check;
  }
  if (paid < act.quantity) {
    const auto policy = integrity_of(policy_of(context, *programme));
    reversal.obligation = owe(context, *project, policy, act.quantity - paid);
  }
  context.create(codec::reversal_key(reversal.id), reversal);
  project->reversed = project->reversed.value_or(0) + act.quantity;
  context.write(codec::project_key(project->id), *project);
  return std::nullopt;
}

}  // namespace mrv::state
