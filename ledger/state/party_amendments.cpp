// AmendParty: what a party may add to itself, and what the registry changes on evidence.
#include <algorithm>

#include "ledger/state/authority.h"
#include "ledger/state/parties.h"
#include "ledger/state/rules.h"
#include "ledger/state/rules_version.h"

namespace mrv::state {
namespace {

using model::Outcome;
using model::PartyRow;

bool lists(const std::vector<model::PartyId>& affiliates, const model::PartyId& party) {
  return std::find(affiliates.begin(), affiliates.end(), party) != affiliates.end();
}

// What ends is closed, and opened before where it is as old as the row; what begins is opened.
void record_change(PartyRow& party, const std::vector<model::PartyId>& affiliates,
                   EntryIndex next) {
  auto kept = party.affiliations.value_or(std::vector<model::Affiliation>{});
  const auto open_one = [&](const model::PartyId& other) {
    return std::find_if(kept.begin(), kept.end(),
                        [&](const auto& one) { return one.party == other && !one.in_force.until; });
  };
  for (const auto& old : party.affiliates) {
    if (lists(affiliates, old)) continue;
    if (open_one(old) == kept.end()) kept.push_back({old, {party.entry, std::nullopt}});
    open_one(old)->in_force.until = next;
  }
  for (const auto& other : affiliates) {
    const bool is_new = !lists(party.affiliates, other) && open_one(other) == kept.end();
    if (is_new) kept.push_back({other, {next, std::nullopt}});
  }
  if (!kept.empty()) party.affiliations = std::move(kept);
}

// From version 5 on with the entries, so that what was judged before can be judged again.
void set_affiliates(Context& context, PartyRow& party, std::vector<model::PartyId> affiliates) {
  if (rules_version(context) >= kRecordRulesVersion) {
    record_change(party, affiliates, context.index().next());
  }
  party.affiliates = std::move(affiliates);
}

void add_affiliate(Context& context, PartyRow& party, const model::PartyId& other) {
  if (lists(party.affiliates, other)) return;
  auto affiliates = party.affiliates;
  affiliates.push_back(other);
  set_affiliates(context, party, std::move(affiliates));
}

// The first member given that is not `affiliates`.
const char* first_other_member(const model::AmendParty& act) {
  if (act.name) return "name";
  if (act.country) return "country";
  if (act.lei) return "lei";
  if (act.uscc) return "uscc";
  if (act.merged_into) return "mergedInto";
  if (act.kyc_digest) return "kycDigest";
  return nullptr;
}

// A sub-account is its owner with holdings of their own: all that can change is what it is called.
const char* first_member_of_owner(const model::AmendParty& act) {
  if (act.country) return "country";
  if (act.lei) return "lei";
  if (act.uscc) return "uscc";
  if (act.affiliates) return "affiliates";
  if (act.merged_into) return "mergedInto";
  return nullptr;
}

// By its own word a party gains affiliates and loses none: a verifier would be independent of
// whoever it no longer names.
Check check_by_itself(const model::AmendParty& act, const PartyRow& party) {
  if (const char* member = first_other_member(act)) {
    return refuse(Outcome::AMENDMENT_NEEDS_REGISTRY, at(member));
  }
  const auto& named = act.affiliates ? *act.affiliates : party.affiliates;
  const auto is_named = [&](const model::PartyId& id) { return lists(named, id); };
  const auto is_known = [&](const model::PartyId& id) { return lists(party.affiliates, id); };
  const bool keeps_all = std::all_of(party.affiliates.begin(), party.affiliates.end(), is_named);
  const bool adds = !std::all_of(named.begin(), named.end(), is_known);
  if (keeps_all && adds) return std::nullopt;
  return refuse(Outcome::AMENDMENT_NEEDS_REGISTRY, at("affiliates"), "only more than before");
}

bool is_person(Context& context, const PartyRow& party) {
  if (!party.owner) return party.kind == model::PartyKind::natural_person;
  const auto owner = context.read<PartyRow>(codec::party_key(*party.owner));
  return owner && owner->kind == model::PartyKind::natural_person;
}

Check check_by_registry(Context& context, const model::AmendParty& act, const PartyRow& party) {
  if (!act.kyc_digest) return refuse(Outcome::FIELD_MISSING, at("kycDigest"));
  if (is_person(context, party)) {
    if (act.name) return refuse(Outcome::PERSON_NAMED, at("name"));
    if (act.lei) return refuse(Outcome::PERSON_NAMED, at("lei"));
    if (act.uscc) return refuse(Outcome::PERSON_NAMED, at("uscc"));
  }
  if (act.name && !act.name->en && !act.name->zh) {
    return refuse(Outcome::NAME_MISSING, at("name"));
  }
  return std::nullopt;
}

// The party that this one has become part of: another one, admitted, no sub-account.
Check read_merger(Context& context, const model::AmendParty& act, std::optional<PartyRow>& out) {
  if (!act.merged_into) return std::nullopt;
  const std::string pointer = at("mergedInto");
  out = context.read<PartyRow>(codec::party_key(*act.merged_into));
  if (!out) return refuse(Outcome::PARTY_UNKNOWN, pointer);
  if (out->id == act.party)
    return refuse(Outcome::ITEM_REPEATED, pointer, "it is the party itself");
  if (out->owner) return refuse(Outcome::ACCOUNT_NESTED, pointer);
  return require_admitted(context, *out, pointer);
}

void amend(Context& context, PartyRow& party, const model::AmendParty& act) {
  if (act.name) party.name = *act.name;
  if (act.country) party.country = *act.country;
  if (act.lei) party.lei = act.lei;
  if (act.uscc) party.uscc = act.uscc;
  if (act.affiliates) set_affiliates(context, party, *act.affiliates);
  if (act.merged_into) party.merged_into = act.merged_into;
}

}  // namespace

Check rule(Context& context, const model::AmendParty& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  auto party = context.read<PartyRow>(codec::party_key(act.party));
  if (!party) return refuse(Outcome::PARTY_UNKNOWN, at("party"));
  const bool by_registry = has_role(context, acting.party, model::Role::registry);
  if (!by_registry && acting.party.id != act.party) {
    return refuse(Outcome::KEY_NOT_OF_PARTY, at("party"));
  }
  if (party->owner) {
    if (const char* member = first_member_of_owner(act)) {
      return refuse(Outcome::ACCOUNT_NESTED, at(member));
    }
  }
  if (auto check =
          by_registry ? check_by_registry(context, act, *party) : check_by_itself(act, *party)) {
    return check;
  }
  if (act.affiliates) {
    if (auto check = check_affiliates(context, *act.affiliates)) return check;
  }
  std::optional<PartyRow> merger;
  if (auto check = read_merger(context, act, merger)) return check;
  amend(context, *party, act);
  if (merger) {
    add_affiliate(context, *party, merger->id);
    add_affiliate(context, *merger, party->id);
    context.write(codec::party_key(merger->id), *merger);
  }
  context.write(codec::party_key(party->id), *party);
  return std::nullopt;
}

}  // namespace mrv::state
