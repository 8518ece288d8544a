// Retire and AnnotateRetirement (domain.md 7, 12).
#include "ledger/base/text.h"
#include "ledger/state/authority.h"
#include "ledger/state/labels.h"
#include "ledger/state/quantity.h"
#include "ledger/state/rules.h"
#include "ledger/state/rules_version.h"
#include "ledger/state/units.h"

namespace mrv::state {

using model::Outcome;
using model::UnitState;

namespace {

// The label that a purpose rests on.
std::optional<model::LabelKind> label_for(model::RetirementPurpose purpose) {
  if (purpose == model::RetirementPurpose::corsia) return model::LabelKind::corsia;
  if (purpose == model::RetirementPurpose::article6) return model::LabelKind::article6;
  return std::nullopt;
}

// From version 4 on neither a blank nor a digest of zeros is anybody.
bool is_nobody(const model::Beneficiary& beneficiary) {
  if (beneficiary.organisation) return is_blank(beneficiary.organisation->name);
  return beneficiary.commitment == Hash{};
}

bool is_named(Context& context, const std::optional<model::Beneficiary>& beneficiary) {
  if (!beneficiary) return false;
  if (beneficiary->organisation.has_value() == beneficiary->commitment.has_value()) return false;
  return rules_version(context) < kGuardRulesVersion || !is_nobody(*beneficiary);
}

Check nobody_named() {
  return refuse(Outcome::BENEFICIARY_MISSING, "/credentialSubject/beneficiary",
                "an organisation or a commitment, one of the two");
}

}  // namespace

Check rule(Context& context, const model::Retire& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  if (auto check = require_seasoned_key(context, acting.key)) return check;
  if (!is_named(context, act.beneficiary)) return nobody_named();
  if (act.claim_period && act.claim_period->to <= act.claim_period->from) {
    return refuse(Outcome::PERIOD_INVALID, "/credentialSubject/claimPeriod");
  }
  constexpr const char* kPurpose = "/credentialSubject/purpose";
  const auto label = label_for(act.purpose);
  // Version 1 knows no labels, so no serial carries one.
  if (label && rules_version(context) < 2) return refuse(Outcome::LABEL_REQUIRED, kPurpose);
  model::RetirementRow row;
  if (auto check = resolve_legs(context, acting.party.id, act.legs, row.serials)) return check;
  if (label) {
    if (auto check = require_labels(context, *label, row.serials, kPurpose)) return check;
  }
  if (auto check = count_serials(context, row.serials, row.quantity)) return check;
  row.id = model::RetirementId::of(context.act().digest);
  row.entry = context.index();
  row.holder = acting.party.id;
  row.beneficiary = *act.beneficiary;
  row.purpose = act.purpose;
  row.claim_period = act.claim_period;
  row.statement = act.statement;
  row.inventory = act.inventory;
  const Place from{UnitState::active, row.holder, std::nullopt};
  const Place to{UnitState::retired, row.holder, row.id.text()};
  move_units(context, row.serials, from, to);
  context.create(codec::retirement_key(row.id), row);
  return std::nullopt;
}

Check rule(Context& context, const model::AnnotateRetirement& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  const auto retirement = context.read<model::RetirementRow>(codec::retirement_key(act.retirement));
  if (!retirement) {
    return refuse(Outcome::RETIREMENT_UNKNOWN, "/credentialSubject/retirement");
  }
  const bool own = retirement->holder == acting.party.id && !act.beneficiary;
  if (!own && !has_role(context, acting.party, model::Role::registry)) {
    return refuse(Outcome::KEY_NOT_OF_PARTY, "/issuer/party");
  }
  if (act.beneficiary && !act.digest) {
    return refuse(Outcome::FIELD_MISSING, "/credentialSubject/digest");
  }
  if (act.beneficiary && !is_named(context, act.beneficiary)) return nobody_named();
  const model::AnnotationRow row{model::AnnotationId::of(context.act().digest),
                                 context.index(),
                                 act.retirement,
                                 acting.party.id,
                                 act.note,
                                 act.beneficiary,
                                 act.digest};
  context.create(codec::annotation_key(row.id), row);
  context.overlay().put(codec::pair_key(codec::kRetirementAnnotationTag, row.retirement, row.id),
                        Bytes{});
  return std::nullopt;
}

}  // namespace mrv::state
