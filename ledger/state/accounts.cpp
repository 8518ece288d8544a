// The policy of an account, and sub-accounts.
#include <algorithm>
#include <map>
#include <set>

#include "ledger/state/authority.h"
#include "ledger/state/parties.h"
#include "ledger/state/rules.h"

namespace mrv::state {
namespace {

using model::AccountPolicyVersion;
using model::Outcome;

// Counterparties that exist, are named once and are others.
Check check_trusted(Context& context, const model::SetAccountPolicy& act,
                    const model::PartyId& self) {
  std::set<model::PartyId> seen;
  for (std::size_t i = 0; i < act.trusted.size(); ++i) {
    const auto& party = act.trusted[i];
    const std::string pointer = "/credentialSubject/trusted/" + std::to_string(i);
    if (!context.read<model::PartyRow>(codec::party_key(party))) {
      return refuse(Outcome::PARTY_UNKNOWN, pointer);
    }
    if (!seen.insert(party).second) return refuse(Outcome::ITEM_REPEATED, pointer);
    if (party == self) return refuse(Outcome::RECIPIENT_IS_SENDER, pointer);
  }
  return std::nullopt;
}

// Off: four eyes stay on for the delay; where they are on their way off already, until then.
std::optional<TimestampMs> four_eyes_until(const model::SetAccountPolicy& act,
                                           const AccountPolicyVersion& before, TimestampMs now,
                                           TimestampMs loosened) {
  if (act.four_eyes) return std::nullopt;
  if (before.four_eyes) return loosened;
  const bool still_on = before.four_eyes_until && now < *before.four_eyes_until;
  return still_on ? before.four_eyes_until : std::nullopt;
}

std::vector<model::TrustedParty> trusted_from(const model::SetAccountPolicy& act,
                                              const AccountPolicyVersion& before,
                                              TimestampMs loosened) {
  std::map<model::PartyId, TimestampMs> known;
  for (const auto& trusted : before.trusted) known.emplace(trusted.party, trusted.from);
  std::vector<model::TrustedParty> list;
  for (const auto& party : act.trusted) {
    const auto earlier = known.find(party);
    list.push_back({party, earlier == known.end() ? loosened : earlier->second});
  }
  std::sort(list.begin(), list.end(),
            [](const auto& a, const auto& b) { return a.party < b.party; });
  return list;
}

// A natural person's account has no name either: what is called after a person names it.
Check check_name(const model::OpenAccount& act, const model::PartyRow& owner) {
  const bool named = act.name.en || act.name.zh;
  const bool of_person = owner.kind == model::PartyKind::natural_person;
  if (named == !of_person) return std::nullopt;
  return refuse(of_person ? Outcome::PERSON_NAMED : Outcome::NAME_MISSING,
                "/credentialSubject/name");
}

}  // namespace

Check rule(Context& context, const model::SetAccountPolicy& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  if (auto check = check_trusted(context, act, acting.party.id)) return check;
  const Bytes key = codec::account_policy_key(acting.party.id);
  auto row = context.read<model::AccountPolicyRow>(key);
  if (!row) row = model::AccountPolicyRow{acting.party.id, {}};
  const auto before = row->versions.empty() ? AccountPolicyVersion{} : row->versions.back();
  const TimestampMs now = context.recorded_at();
  const TimestampMs loosened{now.value() +
                             context.ledger()->delays.new_counterparty_seconds * kMsPerSecond};
  const EntryIndex next = context.index().next();
  if (!row->versions.empty()) row->versions.back().in_force.until = next;
  AccountPolicyVersion version;
  version.in_force = {next, std::nullopt};
  version.four_eyes = act.four_eyes;
  version.four_eyes_until = four_eyes_until(act, before, now, loosened);
  version.auto_accept = act.auto_accept;
  if (act.auto_accept) {
    version.auto_accept_from = before.auto_accept ? before.auto_accept_from : loosened;
  }
  version.trusted = trusted_from(act, before, loosened);
  row->versions.push_back(std::move(version));
  context.write(key, *row);
  return std::nullopt;
}

Check rule(Context& context, const model::OpenAccount& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  if (auto check = check_name(act, acting.party)) return check;
  model::PartyRow row;
  row.id = model::PartyId::of(context.act().digest);
  row.entry = context.index();
  row.name = act.name;
  row.kind = model::PartyKind::account;
  row.country = acting.party.country;
  row.standings = {{{context.index().next(), std::nullopt}, model::PartyStatus::admitted, {}}};
  row.owner = acting.party.id;
  context.create(codec::party_key(row.id), row);
  list_account(context, row);
  return std::nullopt;
}

}  // namespace mrv::state
