// Genesis, the seats of governance, the log's keys, blobs that are gone by decision.
#include <algorithm>
#include <set>

#include "crypto/ed25519.h"
#include "crypto/signed_note.h"
#include "ledger/state/authority.h"
#include "ledger/state/parties.h"
#include "ledger/state/rules.h"

namespace mrv::state {
namespace {

using model::Outcome;

bool names(const std::vector<model::KeyBytes>& keys, const model::KeyBytes& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

Check check_repeats(const model::ChangeGovernance& act) {
  std::vector<model::KeyBytes> added;
  for (const auto& seat : act.add) added.push_back(seat.key);
  if (has_repeats(added)) return refuse(Outcome::ITEM_REPEATED, at("add"));
  if (has_repeats(act.remove)) return refuse(Outcome::ITEM_REPEATED, at("remove"));
  return std::nullopt;
}

// Those that stay and those that come: how many they are, and that no person sits twice.
Check check_bench(Context& context, const model::LedgerRow& ledger,
                  const model::ChangeGovernance& act) {
  std::set<Hash> persons;
  std::size_t seats = act.add.size();
  for (const auto& seat : ledger.governance) {
    if (!seat.in_force.covers(context.index()) || names(act.remove, seat.key)) continue;
    persons.insert(seat.person);
    ++seats;
  }
  for (const auto& seat : act.add) persons.insert(seat.person);
  if (persons.size() != seats) {
    return refuse(Outcome::ITEM_REPEATED, at("add"), "a person sits once");
  }
  if (seats > kGovernanceKeysMax) return refuse(Outcome::LIST_TOO_LONG, at("add"));
  if (act.threshold < 1 || act.threshold > static_cast<std::int64_t>(seats)) {
    return refuse(Outcome::INTEGER_OUT_OF_RANGE, at("threshold"),
                  std::to_string(seats) + " seats would be in force");
  }
  return std::nullopt;
}

// The past stays: whoever proves an old act of governance asks what it took then.
void change_threshold(model::LedgerRow& ledger, std::int64_t threshold, EntryIndex from) {
  if (threshold == ledger.threshold) return;
  if (!ledger.thresholds) ledger.thresholds = {{EntryIndex{0}, ledger.threshold}};
  ledger.thresholds->push_back({from, threshold});
  ledger.threshold = threshold;
}

// A log key in its one spelling, under the log's own name.
bool is_log_key(const std::string& vkey, const std::string& origin) {
  const auto key = crypto::parse_vkey(vkey);
  return key.ok() && key->type == crypto::kNoteTypeEd25519 && key->name == origin &&
         crypto::is_acceptable_public_key(key->key) && crypto::vkey_of(*key) == vkey;
}

}  // namespace

Check rule(Context& context, const model::Genesis& act) {
  if (act.origin != context.act().act.registry) {
    return refuse(Outcome::WRONG_REGISTRY, "/registry");
  }
  std::set<model::KeyBytes> keys;
  std::set<Hash> persons;
  model::LedgerRow row;
  for (const auto& seat : act.governance) {
    if (!crypto::is_acceptable_public_key(crypto::PublicKey{seat.key.bytes})) {
      return refuse(Outcome::KEY_INVALID, at("governance"));
    }
    keys.insert(seat.key);
    persons.insert(seat.person);
    row.governance.push_back({seat.key, seat.person, {EntryIndex{1}, std::nullopt}});
  }
  if (keys.size() != act.governance.size() || persons.size() != act.governance.size()) {
    return refuse(Outcome::ITEM_REPEATED, at("governance"));
  }
  if (act.threshold > static_cast<std::int64_t>(act.governance.size())) {
    return refuse(Outcome::INTEGER_OUT_OF_RANGE, at("threshold"));
  }
  if (!keys.contains(context.signer())) {
    return refuse(Outcome::GOVERNANCE_KEY_REQUIRED, "/proof/verificationMethod");
  }
  row.origin = act.origin;
  row.registry_code = act.registry_code;
  row.threshold = act.threshold;
  row.foreign_registries = act.foreign_registries;
  row.delays = act.delays;
  row.validity_seconds_max = act.validity_seconds_max;
  row.rules_version = act.rules_version;
  if (act.rules_version > model::kRulesVersionFirst) {
    row.log_keys = {{context.index(), act.log_vkey}};
  }
  row.genesis_digest = context.act().digest;
  row.founders = {context.signer()};
  if (act.threshold == 1) row.founded = context.index();
  context.create(codec::ledger_key(), row);
  return std::nullopt;
}

Check rule(Context& context, const model::ChangeGovernance& act) {
  if (auto check = require_governance(context)) return check;
  auto ledger = context.ledger();
  if (auto check = check_repeats(act)) return check;
  for (std::size_t i = 0; i < act.remove.size(); ++i) {
    if (governance_seat(context, act.remove[i])) continue;
    return refuse(Outcome::SEAT_UNKNOWN, at("remove/") + std::to_string(i));
  }
  for (std::size_t i = 0; i < act.add.size(); ++i) {
    const std::string pointer = at("add/") + std::to_string(i) + "/key";
    if (auto check = check_new_key(context, act.add[i].key, pointer)) return check;
  }
  if (auto check = check_bench(context, *ledger, act)) return check;
  const EntryIndex next = context.index().next();
  for (auto& seat : ledger->governance) {
    const bool leaves = seat.in_force.covers(context.index()) && names(act.remove, seat.key);
    if (leaves) seat.in_force.until = next;
  }
  for (const auto& seat : act.add) {
    ledger->governance.push_back({seat.key, seat.person, {next, std::nullopt}});
  }
  change_threshold(*ledger, act.threshold, next);
  context.write(codec::ledger_key(), *ledger);
  return std::nullopt;
}

Check rule(Context& context, const model::SucceedLogKey& act) {
  if (auto check = require_governance(context)) return check;
  auto ledger = context.ledger();
  if (!is_log_key(act.vkey, ledger->origin)) {
    return refuse(Outcome::LOG_KEY_INVALID, at("vkey"), "an Ed25519 vkey of " + ledger->origin);
  }
  auto keys = ledger->log_keys.value_or(std::vector<model::LogKeySuccession>{});
  const bool known = std::any_of(keys.begin(), keys.end(),
                                 [&](const auto& earlier) { return earlier.vkey == act.vkey; });
  if (known) return refuse(Outcome::LOG_KEY_INVALID, at("vkey"), "it was announced before");
  keys.push_back({context.index(), act.vkey});
  ledger->log_keys = std::move(keys);
  context.write(codec::ledger_key(), *ledger);
  return std::nullopt;
}

Check rule(Context& context, const model::RemoveBlob& act) {
  if (auto check = require_governance(context)) return check;
  const Bytes key = codec::removed_blob_key(act.digest);
  if (context.read<model::RemovedBlobRow>(key)) {
    return refuse(Outcome::BLOB_REMOVED, at("digest"));
  }
  if (context.overlay().get(codec::judged_boundary_key(act.digest))) {
    return refuse(Outcome::BLOB_NEEDED, at("digest"));
  }
  context.create(key, model::RemovedBlobRow{act.digest, context.index(), act.reason});
  return std::nullopt;
}

}  // namespace mrv::state
