// Parties, keys, statuses, accreditations.
#include "ledger/state/parties.h"

#include <array>
#include <cassert>

#include "crypto/ed25519.h"
#include "ledger/state/authority.h"
#include "ledger/state/proposals.h"
#include "ledger/state/rules.h"
#include "ledger/state/transfers.h"

namespace mrv::state {
namespace {

using model::Outcome;
using model::PartyStatus;
using model::Role;

// Organisations and devices have a name; a natural person's never enters the log.
Check check_name(const model::RegisterParty& act) {
  const bool named = act.name.en || act.name.zh;
  if (act.kind == model::PartyKind::natural_person) {
    if (named) return refuse(Outcome::PERSON_NAMED, at("name"));
    if (act.lei) return refuse(Outcome::PERSON_NAMED, at("lei"));
    if (act.uscc) return refuse(Outcome::PERSON_NAMED, at("uscc"));
    return std::nullopt;
  }
  if (named) return std::nullopt;
  return refuse(Outcome::NAME_MISSING, at("name"));
}

model::KeyRow bind(Context& context, const model::KeyDeclaration& declared,
                   const model::PartyId& party, bool self_added) {
  model::KeyRow row;
  row.key = declared.key;
  row.party = party;
  row.person = declared.person;
  row.purposes = declared.purposes;
  row.bound = model::Interval{context.index().next(), std::nullopt};
  row.bound_at = context.recorded_at();
  row.self_added = self_added;
  context.write(codec::key_key(row.key), row);
  return row;
}

// Closes the standing in force and opens the next one at the following index.
void change_standing(Context& context, model::PartyRow& party, PartyStatus status,
                     std::vector<Role> roles) {
  const EntryIndex next = context.index().next();
  party.standings.back().in_force.until = next;
  party.standings.push_back({model::Interval{next, std::nullopt}, status, std::move(roles)});
  context.write(codec::party_key(party.id), party);
}

// A key that governance binds waits out the ledger's delay, and meanwhile its party is frozen: the
// keys that it replaces sign nothing. SetPartyStatus alone lifts that.
void begin_recovery(Context& context, model::PartyRow& party, model::KeyRow key) {
  const auto delay = context.ledger()->delays.recovery_seconds * kMsPerSecond;
  if (delay == 0) return;
  key.usable_from = TimestampMs{context.recorded_at().value() + delay};
  context.write(codec::key_key(key.key), key);
  const auto standing = party.standings.back();
  if (standing.status == PartyStatus::admitted || standing.status == PartyStatus::suspended) {
    change_standing(context, party, PartyStatus::frozen, standing.roles);
  }
}

bool holds(const std::vector<Role>& roles, Role role) {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

// Who verifies does not trade; who keeps the register does not take part (domain.md 1).
Check check_roles(const std::vector<Role>& roles) {
  if (has_repeats(roles)) return refuse(Outcome::ITEM_REPEATED, at("roles"));
  if (holds(roles, Role::vvb)) {
    const bool only_auditor = std::all_of(roles.begin(), roles.end(), [](Role role) {
      return role == Role::vvb || role == Role::auditor;
    });
    if (!only_auditor) return refuse(Outcome::ROLES_CONFLICT, at("roles"));
  }
  const bool registry_conflict =
      holds(roles, Role::registry) && (holds(roles, Role::developer) || holds(roles, Role::buyer));
  if (registry_conflict) return refuse(Outcome::ROLES_CONFLICT, at("roles"));
  return std::nullopt;
}

bool needs_governance(const std::vector<Role>& roles) {
  constexpr std::array kGoverned = {Role::registry, Role::accreditor, Role::authority,
                                    Role::standard, Role::custodian,  Role::auditor};
  return std::any_of(kGoverned.begin(), kGoverned.end(),
                     [&](Role role) { return holds(roles, role); });
}

// Signed by a governance key, or by the registry.
Check require_registry_or_governance(Context& context) {
  if (signed_by_governance(context)) return std::nullopt;
  ActingParty acting;
  return require_party(context, model::KeyPurpose::initiate, {Role::registry}, acting);
}

}  // namespace

Check check_new_key(Context& context, const model::KeyBytes& key, const std::string& pointer) {
  if (!crypto::is_acceptable_public_key(crypto::PublicKey{key.bytes})) {
    return refuse(Outcome::KEY_INVALID, pointer);
  }
  const auto ledger = context.ledger();
  const bool seated = std::any_of(ledger->governance.begin(), ledger->governance.end(),
                                  [&](const auto& seat) { return seat.key == key; });
  if (seated || context.read<model::KeyRow>(codec::key_key(key))) {
    return refuse(Outcome::KEY_ALREADY_BOUND, pointer);
  }
  return std::nullopt;
}

Check check_affiliates(Context& context, const std::vector<model::PartyId>& affiliates) {
  for (const auto& affiliate : affiliates) {
    const auto row = context.read<model::PartyRow>(codec::party_key(affiliate));
    if (!row || row->owner) {
      return refuse(Outcome::AFFILIATE_UNKNOWN, at("affiliates"), affiliate.text());
    }
  }
  return std::nullopt;
}

Check rule(Context& context, const model::RegisterParty& act) {
  if (act.key.key != context.signer()) {
    return refuse(Outcome::KEY_NOT_OF_PARTY, at("key/key"), "a party registers with its own key");
  }
  if (context.act().act.party) return refuse(Outcome::KEY_NOT_OF_PARTY, "/issuer/party");
  if (act.kind == model::PartyKind::account) {
    return refuse(Outcome::ACCOUNT_NESTED, at("kind"), "OpenAccount opens a sub-account");
  }
  if (auto check = check_name(act)) return check;
  if (auto check = check_new_key(context, act.key.key, at("key/key"))) return check;
  if (has_repeats(act.key.purposes)) return refuse(Outcome::ITEM_REPEATED, at("key/purposes"));
  if (!std::count(act.key.purposes.begin(), act.key.purposes.end(), model::KeyPurpose::initiate)) {
    return refuse(Outcome::KEY_PURPOSE_MISSING, at("key/purposes"),
                  "a party's first key can initiate");
  }
  if (auto check = check_roles(act.roles)) return check;
  if (auto check = check_affiliates(context, act.affiliates)) return check;
  model::PartyRow row;
  row.id = model::PartyId::of(context.act().digest);
  row.entry = context.index();
  row.name = act.name;
  row.kind = act.kind;
  row.country = act.country;
  row.lei = act.lei;
  row.uscc = act.uscc;
  row.affiliates = act.affiliates;
  row.wanted = act.roles;
  row.standings = {{{context.index().next(), std::nullopt}, PartyStatus::applied, {}}};
  row.keys = {act.key.key};
  context.create(codec::party_key(row.id), row);
  bind(context, act.key, row.id, false);
  return std::nullopt;
}

Check rule(Context& context, const model::AdmitParty& act) {
  const bool governance = signed_by_governance(context);
  if (auto check = require_registry_or_governance(context)) return check;
  auto party = context.read<model::PartyRow>(codec::party_key(act.party));
  if (!party) return refuse(Outcome::PARTY_UNKNOWN, at("party"));
  if (party->owner) return refuse(Outcome::ACCOUNT_NESTED, at("party"));
  if (auto check = check_roles(act.roles)) return check;
  if (needs_governance(act.roles) && !governance) {
    return refuse(Outcome::ROLE_NEEDS_GOVERNANCE, at("roles"));
  }
  const auto& standing = standing_of(*party);
  if (standing.status != PartyStatus::applied && standing.status != PartyStatus::admitted) {
    return require_admitted(context, *party, at("party"));
  }
  // A holder of units does not become a verifier or the registry.
  const bool loses_holding = holds(act.roles, Role::vvb) || holds(act.roles, Role::registry);
  if (loses_holding && holds_units_anywhere(context, act.party)) {
    return refuse(Outcome::PARTY_NOT_EMPTY, at("party"));
  }
  change_standing(context, *party, PartyStatus::admitted, act.roles);
  return std::nullopt;
}

Check rule(Context& context, const model::SetPartyStatus& act) {
  if (auto check = require_registry_or_governance(context)) return check;
  auto party = context.read<model::PartyRow>(codec::party_key(act.party));
  if (!party) return refuse(Outcome::PARTY_UNKNOWN, at("party"));
  const auto standing = standing_of(*party);
  if (standing.status == act.status) return refuse(Outcome::STATUS_UNCHANGED, at("status"));
  if (standing.status == PartyStatus::closed) return refuse(Outcome::PARTY_CLOSED, at("party"));
  if (standing.status == PartyStatus::applied || act.status == PartyStatus::applied) {
    return refuse(Outcome::PARTY_NOT_ADMITTED, at("status"), "AdmitParty admits");
  }
  if (act.status == PartyStatus::closed) {
    if (is_occupied(context, act.party)) return refuse(Outcome::PARTY_NOT_EMPTY, at("party"));
    if (party->owner) unlist_account(context, *party);
  }
  change_standing(context, *party, act.status, standing.roles);
  return std::nullopt;
}

Check rule(Context& context, const model::BindKey& act) {
  const bool governance = signed_by_governance(context);
  ActingParty acting;
  if (!governance) {
    if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
    if (acting.party.id != act.party) return refuse(Outcome::KEY_NOT_OF_PARTY, at("party"));
  }
  auto party = context.read<model::PartyRow>(codec::party_key(act.party));
  if (!party) return refuse(Outcome::PARTY_UNKNOWN, at("party"));
  if (party->owner) return refuse(Outcome::ACCOUNT_NESTED, at("party"));
  if (standing_of(*party).status == PartyStatus::closed) {
    return refuse(Outcome::PARTY_CLOSED, at("party"));
  }
  if (auto check = check_new_key(context, act.key.key, at("key/key"))) return check;
  if (has_repeats(act.key.purposes)) return refuse(Outcome::ITEM_REPEATED, at("key/purposes"));
  if (party->keys.size() >= kKeysPerPartyMax) return refuse(Outcome::LIST_TOO_LONG, at("key"));
  party->keys.push_back(act.key.key);
  context.write(codec::party_key(party->id), *party);
  auto key = bind(context, act.key, party->id, !governance);
  if (governance) begin_recovery(context, *party, std::move(key));
  return std::nullopt;
}

Check rule(Context& context, const model::RevokeKey& act) {
  const bool governance = signed_by_governance(context);
  ActingParty acting;
  if (!governance) {
    if (auto check = require_key(context, acting)) return check;
  }
  auto key = context.read<model::KeyRow>(codec::key_key(act.key));
  if (!key) return refuse(Outcome::KEY_UNKNOWN, at("key"));
  if (!governance) {
    if (acting.party.id != key->party) return refuse(Outcome::KEY_NOT_OF_PARTY, at("key"));
    // A meter's or an approver's key in the wrong hands must not end the keys above it.
    if (act.key != acting.key.key && !has_purpose(acting.key, model::KeyPurpose::initiate)) {
      return refuse(Outcome::KEY_PURPOSE_MISSING, "/proof/verificationMethod",
                    "only a key bound for initiate ends another key");
    }
    // The keys that a recovery replaces do not veto it.
    if (key->usable_from && !acting.key.usable_from) {
      return refuse(Outcome::GOVERNANCE_KEY_REQUIRED, "/proof/verificationMethod",
                    "governance bound the key");
    }
  }
  if (key->bound.until) return refuse(Outcome::KEY_REVOKED, at("key"));
  const auto party = context.read<model::PartyRow>(codec::party_key(key->party));
  if (!party) return refuse(Outcome::PARTY_UNKNOWN, at("key"));
  const auto can_initiate = [](const model::KeyRow& row) {
    return has_purpose(row, model::KeyPurpose::initiate);
  };
  const auto is_left = [&](const model::KeyBytes& other) {
    const auto row = context.read<model::KeyRow>(codec::key_key(other));
    return row && !row->bound.until && row->key != act.key && can_initiate(*row);
  };
  if (!governance && can_initiate(*key) &&
      std::none_of(party->keys.begin(), party->keys.end(), is_left)) {
    return refuse(Outcome::LAST_KEY, at("key"));
  }
  key->bound.until = context.index().next();
  key->revoked_for = act.reason;
  context.write(codec::key_key(key->key), *key);
  if (act.reason == model::RevocationReason::compromised) {
    revoke_proposals_of(context, act.key);
    revoke_transfers_of(context, act.key);
  }
  return std::nullopt;
}

Check rule(Context& context, const model::FreezeSelf& /*act*/) {
  ActingParty acting;
  if (auto check = require_key(context, acting)) return check;
  const auto standing = standing_of(acting.party);
  if (standing.status == PartyStatus::frozen) return refuse(Outcome::STATUS_UNCHANGED, "/issuer");
  if (standing.status == PartyStatus::closed) return refuse(Outcome::PARTY_CLOSED, "/issuer");
  if (standing.status == PartyStatus::applied) {
    return refuse(Outcome::PARTY_NOT_ADMITTED, "/issuer");
  }
  change_standing(context, acting.party, PartyStatus::frozen, standing.roles);
  return std::nullopt;
}

Check rule(Context& context, const model::AccreditVvb& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate,
                                 {Role::registry, Role::accreditor}, acting)) {
    return check;
  }
  const auto party = context.read<model::PartyRow>(codec::party_key(act.party));
  if (!party) return refuse(Outcome::PARTY_UNKNOWN, at("party"));
  if (party->owner) return refuse(Outcome::ACCOUNT_NESTED, at("party"));
  if (!has_role(context, *party, Role::vvb)) return refuse(Outcome::ROLE_MISSING, at("party"));
  if (act.until <= act.from) return refuse(Outcome::PERIOD_INVALID, at("until"));
  const Bytes key = codec::accreditation_key(act.party);
  auto row = context.read<model::AccreditationRow>(key);
  if (!row) row = model::AccreditationRow{act.party, {}};
  // A later accreditation replaces the earlier one from the next index on.
  const EntryIndex next = context.index().next();
  for (auto& earlier : row->accreditations) {
    if (!earlier.in_force.until) earlier.in_force.until = next;
  }
  row->accreditations.push_back({{next, std::nullopt}, act.scopes, act.from, act.until});
  context.write(key, *row);
  return std::nullopt;
}

}  // namespace mrv::state
