// ReleaseBuffer, DeclareDefault, RepayPool (domain.md 5): the pool pays, is paid back, gives back.
#include <cassert>

#include "ledger/base/rational.h"
#include "ledger/state/authority.h"
#include "ledger/state/movements.h"
#include "ledger/state/obligations.h"
#include "ledger/state/policy.h"
#include "ledger/state/pool.h"
#include "ledger/state/rules.h"
#include "ledger/state/rules_version.h"

namespace mrv::state {
namespace {

using model::BatchRow;
using model::ObligationRow;
using model::Outcome;
using model::ProjectState;
using model::SerialRange;
using model::UnitState;

constexpr const char* kBatchPointer = "/credentialSubject/batch";

Units sum_of(const std::vector<SerialRange>& ranges) {
  Units sum = 0;
  for (const auto& range : ranges) sum += range.last - range.first + 1;
  return sum;
}

// When the batch was issued. Version 1 did not keep it: then not later than version 2 came.
std::optional<TimestampMs> issued_at(Context& context, const BatchRow& batch) {
  if (batch.issued_at) return batch.issued_at;
  const auto ledger = context.ledger();
  return ledger ? ledger->rules_since : std::nullopt;
}

// The most of the batch's buffer that is ever released.
Units releasable(const BatchRow& batch, const model::DecimalText& share) {
  const auto rate = Rational::parse(share.text);
  assert(rate.ok());
  const auto units = rate->times(Rational(batch.buffer));
  assert(units.ok());
  const auto whole = units->floor().to_units();
  return whole.ok() ? *whole : batch.buffer;
}

// A developer that can hold what it gets and owes nothing.
const char* objection(Context& context, const model::ProjectRow& project) {
  if (project.state == ProjectState::suspended || project.state == ProjectState::withdrawn) {
    return "the project is suspended or withdrawn";
  }
  const auto developer = context.read<model::PartyRow>(codec::party_key(project.developer));
  const bool eligible = developer && standing_of(*developer).status != model::PartyStatus::closed &&
                        has_role(context, *developer, model::Role::developer);
  if (!eligible) return "the project's developer is none any more";
  if (has_open_obligation(context, project.developer)) return "its developer has an obligation";
  if (rules_version(context) >= kGuardRulesVersion &&
      former_debtor(context, project, DebtAge::any)) {
    return "a former developer has an obligation from the project";
  }
  return nullptr;
}

Check check_release(Context& context, const BatchRow& batch, const model::ProjectRow& project,
                    const model::IntegrityPolicy& policy, Units quantity) {
  const auto refusal = [](const char* why) {
    return refuse(Outcome::RELEASE_NOT_ALLOWED, kBatchPointer, why);
  };
  if (!policy.release_after_seconds || !policy.release_share) {
    return refusal("the programme's policy releases nothing");
  }
  const auto issued = issued_at(context, batch);
  const auto wait = *policy.release_after_seconds * kMsPerSecond;
  if (!issued || context.recorded_at().value() < issued->value() + wait) {
    return refusal("it is too early");
  }
  if (batch.released.value_or(0) + quantity > releasable(batch, *policy.release_share)) {
    return refusal("it is more than the share that is ever released");
  }
  const char* const why = objection(context, project);
  return why == nullptr ? Check{} : refusal(why);
}

// The pool is liable for reversals, once.
Check check_default(Context& context, const ObligationRow& obligation) {
  if (obligation.state != model::ObligationState::open) {
    return refuse(Outcome::OBLIGATION_CLOSED, at("obligation"));
  }
  if (context.recorded_at() <= obligation.deadline) {
    return refuse(Outcome::OBLIGATION_NOT_OVERDUE, at("obligation"));
  }
  if (obligation.cause == model::ObligationCause::reversal && !obligation.defaulted) {
    return std::nullopt;
  }
  return refuse(Outcome::OBLIGATION_NOT_COVERED, at("obligation"));
}

}  // namespace

Check rule(Context& context, const model::ReleaseBuffer& act) {
  ActingParty acting;
  if (auto check =
          require_party(context, model::KeyPurpose::initiate, {model::Role::registry}, acting)) {
    return check;
  }
  auto batch = context.read<BatchRow>(codec::batch_key(act.batch));
  if (!batch) return refuse(Outcome::BATCH_UNKNOWN, kBatchPointer);
  const auto project = context.read<model::ProjectRow>(codec::project_key(batch->project));
  if (!project) return refuse(Outcome::PROJECT_UNKNOWN, kBatchPointer);
  const auto programme = context.read<model::ProgrammeRow>(codec::programme_key(batch->programme));
  if (!programme) return refuse(Outcome::PROGRAMME_UNKNOWN, kBatchPointer);
  const auto policy = integrity_of(policy_of(context, *programme));
  if (auto check = check_release(context, *batch, *project, policy, act.quantity)) return check;
  auto serials = lowest_buffer(context, batch->id, act.quantity);
  if (sum_of(serials) < act.quantity) {
    return refuse(Outcome::UNITS_NOT_HELD, "/credentialSubject/quantity");
  }
  const Place to{UnitState::active, project->developer, std::nullopt};
  for (const auto& range : serials) leave_pool(context, range, to);
  batch->released = batch->released.value_or(0) + act.quantity;
  context.write(codec::batch_key(batch->id), *batch);
  // The pool has no account: the registry stands for it.
  keep_movement(context, {model::MovementKind::released, acting.party.id, project->developer,
                          std::move(serials), batch->id.text()});
  return std::nullopt;
}

Check rule(Context& context, const model::DeclareDefault& act) {
  if (auto check = require_governance(context)) return check;
  auto obligation = context.read<ObligationRow>(codec::obligation_key(act.obligation));
  if (!obligation) return refuse(Outcome::OBLIGATION_UNKNOWN, at("obligation"));
  if (auto check = check_default(context, *obligation)) return check;
  assert(obligation->project);
  const auto serials =
      first_to_pay(context, obligation->programme, *obligation->project, obligation->owed);
  const Place end{UnitState::cancelled, std::nullopt, obligation->id.text()};
  for (const auto& range : serials) leave_pool(context, range, end);
  const Units paid = sum_of(serials);
  obligation->owed -= paid;
  obligation->owed_to_pool += paid;
  obligation->defaulted = context.index();
  context.write(codec::obligation_key(obligation->id), *obligation);
  return std::nullopt;
}

Check rule(Context& context, const model::RepayPool& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  if (auto check = require_seasoned_key(context, acting.key)) return check;
  ObligationRow obligation;
  if (auto check = read_obligation(context, act.obligation, acting.party.id, obligation)) {
    return check;
  }
  std::vector<SerialRange> serials;
  if (auto check = resolve_legs(context, acting.party.id, act.legs, serials)) return check;
  if (auto check = check_compensation(context, obligation, serials, Debt::owed_to_pool)) {
    return check;
  }
  const Place from{UnitState::active, acting.party.id, std::nullopt};
  for (const auto& range : serials) {
    if (auto check = enter_pool(context, range, from, "/credentialSubject/legs")) return check;
  }
  keep_movement(context, {model::MovementKind::repaid, acting.party.id, acting.party.id, serials,
                          obligation.id.text()});
  discharge(context, obligation, Debt::owed_to_pool, sum_of(serials));
  return std::nullopt;
}

}  // namespace mrv::state
