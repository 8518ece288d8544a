// Retire (domain.md 7).
#include "ledger/state/authority.h"
#include "ledger/state/rules.h"
#include "ledger/state/units.h"

namespace mrv::state {

using model::Outcome;
using model::UnitState;

namespace {

// A retirement states one quantity, so its legs must count in one unit.
Check require_one_unit(Context& context, const std::vector<model::SerialRange>& serials) {
  std::optional<model::AmountUnit> unit;
  return each_programme(context, serials, [&unit](const model::ProgrammeRow& programme) -> Check {
    if (unit && *unit != programme.unit) {
      return refuse(Outcome::UNITS_MIXED, "/credentialSubject/legs", programme.id.text());
    }
    unit = programme.unit;
    return std::nullopt;
  });
}

}  // namespace

Check rule(Context& context, const model::Retire& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  if (auto check = require_seasoned_key(context, acting.key)) return check;
  const auto& beneficiary = act.beneficiary;
  const bool named =
      beneficiary && (beneficiary->organisation.has_value() != beneficiary->commitment.has_value());
  if (!named) {
    return refuse(Outcome::BENEFICIARY_MISSING, "/credentialSubject/beneficiary",
                  "an organisation or a commitment, one of the two");
  }
  if (act.claim_period && act.claim_period->to <= act.claim_period->from) {
    return refuse(Outcome::PERIOD_INVALID, "/credentialSubject/claimPeriod");
  }
  // No label exists under these rules, so no serial carries one.
  if (act.purpose == model::RetirementPurpose::corsia ||
      act.purpose == model::RetirementPurpose::article6) {
    return refuse(Outcome::LABEL_REQUIRED, "/credentialSubject/purpose");
  }
  model::RetirementRow row;
  if (auto check = resolve_legs(context, acting.party.id, act.legs, row.serials)) return check;
  if (auto check = require_one_unit(context, row.serials)) return check;
  row.id = model::RetirementId::of(context.act().digest);
  row.entry = context.index();
  row.holder = acting.party.id;
  row.beneficiary = *beneficiary;
  row.purpose = act.purpose;
  row.claim_period = act.claim_period;
  row.statement = act.statement;
  row.inventory = act.inventory;
  const Place from{UnitState::active, row.holder, std::nullopt};
  const Place to{UnitState::retired, row.holder, row.id.text()};
  for (const auto& range : row.serials) {
    const auto sum = checked_add(row.quantity, range.last - range.first + 1);
    if (!sum || *sum > kUnitsMax) {
      return refuse(Outcome::AMOUNT_OVERFLOW, "/credentialSubject/legs");
    }
    row.quantity = *sum;
    move_units(context, range, from, to);
  }
  context.create(codec::retirement_key(row.id), row);
  return std::nullopt;
}

}  // namespace mrv::state
