// Keys, parties, roles: the checks that come before every rule.
#include "ledger/state/authority.h"

#include <algorithm>
#include <cassert>

#include "ledger/state/act_kind.h"

namespace mrv::state {

using model::Outcome;

namespace {

std::optional<model::PartyRow> owner_of(Context& context, const model::PartyRow& party) {
  if (!party.owner) return std::nullopt;
  return context.read<model::PartyRow>(codec::party_key(*party.owner));
}

// Projects, reports and what is said about them: accreditation, affiliates and rotation are judged
// on whoever does it, and a sub-account has none of these. Nor does it open accounts of its own.
bool is_of_owner_alone(const model::ActBody& body) {
  return is_one_of<model::OpenAccount, model::SubmitProject, model::ValidateProject,
                   model::AmendProject, model::RenewCreditingPeriod, model::CompleteProject,
                   model::WithdrawProject, model::TransferProject, model::AcceptProject,
                   model::SubmitMonitoringReport, model::WithdrawReport, model::AnswerFinding,
                   model::SubmitVerificationStatement, model::ReviewVerification,
                   model::WithdrawStatement, model::RaiseFinding, model::CloseFinding>(body);
}

Check require_status(const model::PartyRow& party, const std::string& pointer) {
  switch (standing_of(party).status) {
    case model::PartyStatus::admitted:
      return std::nullopt;
    case model::PartyStatus::applied:
      return refuse(Outcome::PARTY_NOT_ADMITTED, pointer);
    case model::PartyStatus::suspended:
      return refuse(Outcome::PARTY_SUSPENDED, pointer);
    case model::PartyStatus::frozen:
      return refuse(Outcome::PARTY_FROZEN, pointer);
    case model::PartyStatus::closed:
      return refuse(Outcome::PARTY_CLOSED, pointer);
  }
  assert(false);
  return refuse(Outcome::PARTY_NOT_ADMITTED, pointer);
}

}  // namespace

const model::Standing& standing_of(const model::PartyRow& party) {
  assert(!party.standings.empty());
  return party.standings.back();
}

bool has_role(Context& context, const model::PartyRow& party, model::Role role) {
  const auto owner = owner_of(context, party);
  const auto& roles = standing_of(owner ? *owner : party).roles;
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

bool has_purpose(const model::KeyRow& key, model::KeyPurpose purpose) {
  return std::find(key.purposes.begin(), key.purposes.end(), purpose) != key.purposes.end();
}

std::optional<model::GovernanceSeat> governance_seat(Context& context, const model::KeyBytes& key) {
  const auto ledger = context.ledger();
  if (!ledger) return std::nullopt;
  for (const auto& seat : ledger->governance) {
    if (seat.key == key && seat.in_force.covers(context.index())) return seat;
  }
  return std::nullopt;
}

bool signed_by_governance(Context& context) {
  return !context.act().act.party && governance_seat(context, context.signer()).has_value();
}

Check require_governance(Context& context) {
  if (signed_by_governance(context)) return std::nullopt;
  return refuse(Outcome::GOVERNANCE_KEY_REQUIRED, "/proof/verificationMethod");
}

Check require_key(Context& context, ActingParty& out) {
  const auto& named = context.act().act.party;
  auto key = context.read<model::KeyRow>(codec::key_key(context.signer()));
  if (!key) return refuse(Outcome::KEY_UNKNOWN, "/proof/verificationMethod");
  auto party = named ? context.read<model::PartyRow>(codec::party_key(*named)) : std::nullopt;
  const bool own = named && (*named == key->party || (party && party->owner == key->party));
  if (!own) return refuse(Outcome::KEY_NOT_OF_PARTY, "/issuer/party");
  if (!key->bound.covers(context.index())) {
    return refuse(Outcome::KEY_REVOKED, "/proof/verificationMethod");
  }
  if (key->usable_from && context.recorded_at() < *key->usable_from) {
    return refuse(Outcome::KEY_TOO_NEW, "/proof/verificationMethod",
                  "governance bound it; the recovery's delay is running");
  }
  if (!party) return refuse(Outcome::PARTY_UNKNOWN, "/issuer/party");
  out = ActingParty{*std::move(party), *std::move(key)};
  return std::nullopt;
}

Check require_admitted(Context& context, const model::PartyRow& party, const std::string& pointer) {
  if (const auto owner = owner_of(context, party)) {
    if (auto check = require_status(*owner, pointer)) return check;
  }
  return require_status(party, pointer);
}

bool is_frozen(Context& context, const model::PartyRow& party) {
  const auto owner = owner_of(context, party);
  return standing_of(party).status == model::PartyStatus::frozen ||
         (owner && standing_of(*owner).status == model::PartyStatus::frozen);
}

bool may_hold(Context& context, const model::PartyRow& party) {
  return !has_role(context, party, model::Role::vvb) &&
         !has_role(context, party, model::Role::registry);
}

bool may_receive(Context& context, const model::PartyRow& party) {
  return !require_admitted(context, party, {}) && may_hold(context, party);
}

Check require_party(Context& context, model::KeyPurpose purpose,
                    std::initializer_list<model::Role> roles, ActingParty& out) {
  if (auto check = require_key(context, out)) return check;
  if (!has_purpose(out.key, purpose)) {
    return refuse(Outcome::KEY_PURPOSE_MISSING, "/proof/verificationMethod",
                  "the act needs a key bound for " + std::string(model::name_of(purpose)));
  }
  if (auto check = require_admitted(context, out.party, "/issuer/party")) return check;
  const bool role_held =
      roles.size() == 0 || std::any_of(roles.begin(), roles.end(), [&](model::Role role) {
        return has_role(context, out.party, role);
      });
  if (!role_held) return refuse(Outcome::ROLE_MISSING, "/issuer/party");
  if (out.party.owner && is_of_owner_alone(context.act().act.body)) {
    return refuse(Outcome::ACCOUNT_NESTED, "/issuer/party",
                  "its owner is " + out.party.owner->text());
  }
  return std::nullopt;
}

Check require_seasoned_key(Context& context, const model::KeyRow& key) {
  if (!key.self_added) return std::nullopt;
  const auto ledger = context.ledger();
  assert(ledger);
  const auto seasoned_at = key.bound_at.value() + ledger->delays.new_key_seconds * kMsPerSecond;
  if (context.recorded_at().value() >= seasoned_at) return std::nullopt;
  return refuse(Outcome::KEY_TOO_NEW, "/proof/verificationMethod");
}

}  // namespace mrv::state
