// Factor tables and methodologies: registered after their static checks, activated by somebody else
// after the review delay (domain.md 2). A version never changes; its identity is its digest.
#include <cassert>

#include "ledger/base/time.h"
#include "ledger/codec/methodology_codec.h"
#include "ledger/methodology/engine.h"
#include "ledger/state/authority.h"
#include "ledger/state/methodology_use.h"
#include "ledger/state/rules.h"

namespace mrv::state {
namespace {

using model::Outcome;
using model::Role;

constexpr const char* kDocument = "/credentialSubject/document";

Check register_standard(Context& context, model::StandardRow row, const ActingParty& acting) {
  if (context.read<model::StandardRow>(codec::standard_key(row.digest))) {
    return refuse(Outcome::STANDARD_KNOWN, kDocument);
  }
  row.entry = context.index();
  row.party = acting.party.id;
  row.registered_at = context.recorded_at();
  context.create(codec::standard_key(row.digest), row);
  return std::nullopt;
}

Check invalid(Outcome outcome, const Error& error) {
  return refuse(outcome, kDocument + error.pointer, error.detail);
}

std::optional<model::Day> last_period_end(Context& context, const Hash& methodology) {
  const auto row = context.read<model::StandardRow>(codec::standard_key(methodology));
  return row ? row->last_period_end : std::nullopt;
}

Check retired(const model::Day& last, const std::string& pointer) {
  return refuse(Outcome::METHODOLOGY_RETIRED, pointer,
                "its last period ends on " + day_text(last.days));
}

}  // namespace

Check require_in_use_until(Context& context, const Hash& methodology, model::Day period_end,
                           const std::string& pointer) {
  const auto last = last_period_end(context, methodology);
  return last && *last < period_end ? retired(*last, pointer) : std::nullopt;
}

Check require_in_use_from(Context& context, const Hash& methodology, model::Day first_day,
                          const std::string& pointer) {
  const auto last = last_period_end(context, methodology);
  return last && *last <= first_day ? retired(*last, pointer) : std::nullopt;
}

Check rule(Context& context, const model::RegisterFactorTable& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate,
                                 {Role::standard, Role::authority}, acting)) {
    return check;
  }
  const auto table = codec::decode_factor_table(act.document.canonical);
  if (!table.ok()) return invalid(Outcome::TABLE_INVALID, table.error());
  if (const auto sound = methodology::check_table(*table); !sound.ok()) {
    return invalid(Outcome::TABLE_INVALID, sound.error());
  }
  model::StandardRow row;
  row.digest = codec::standard_digest(act.document);
  row.is_table = true;
  row.name = table->series;
  row.version = table->version;
  row.document = act.document;
  return register_standard(context, std::move(row), acting);
}

Check rule(Context& context, const model::RegisterMethodology& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {Role::standard}, acting)) {
    return check;
  }
  const auto document = codec::decode_methodology(act.document.canonical);
  if (!document.ok()) return invalid(Outcome::METHODOLOGY_INVALID, document.error());
  if (const auto program = methodology::check_document(*document); !program.ok()) {
    return invalid(Outcome::METHODOLOGY_INVALID, program.error());
  }
  model::StandardRow row;
  row.digest = codec::standard_digest(act.document);
  row.name = document->id;
  row.version = document->version;
  row.document = act.document;
  return register_standard(context, std::move(row), acting);
}

Check rule(Context& context, const model::ActivateMethodology& act) {
  std::optional<model::PartyId> activator;
  if (!signed_by_governance(context)) {
    ActingParty acting;
    if (auto check =
            require_party(context, model::KeyPurpose::initiate, {Role::standard}, acting)) {
      return check;
    }
    activator = acting.party.id;
  }
  const std::string pointer = "/credentialSubject/digest";
  auto standard = context.read<model::StandardRow>(codec::standard_key(act.digest));
  if (!standard) return refuse(Outcome::STANDARD_UNKNOWN, pointer);
  if (standard->activated) return refuse(Outcome::ACTIVATED_ALREADY, pointer);
  if (activator && standard->party == activator) {
    return refuse(Outcome::ACTIVATOR_IS_REGISTRANT, "/issuer/party");
  }
  if (standard->is_table) {
    const auto table = codec::decode_factor_table(standard->document.canonical);
    assert(table.ok());
    if (table->confidence == model::Confidence::constructed) {
      return refuse(Outcome::TABLE_CONSTRUCTED, pointer);
    }
  }
  const auto delay = context.ledger()->delays.activation_seconds * kMsPerSecond;
  const std::int64_t due = standard->registered_at.value() + delay;
  if (context.recorded_at().value() < due) {
    return refuse(Outcome::ACTIVATION_TOO_EARLY, pointer);
  }
  standard->activated = context.index();
  context.write(codec::standard_key(act.digest), *standard);
  return std::nullopt;
}

Check rule(Context& context, const model::RetireMethodology& act) {
  std::optional<model::PartyId> retiring;
  if (!signed_by_governance(context)) {
    ActingParty acting;
    if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
    retiring = acting.party.id;
  }
  const std::string pointer = "/credentialSubject/digest";
  auto standard = context.read<model::StandardRow>(codec::standard_key(act.digest));
  if (!standard || standard->is_table) return refuse(Outcome::STANDARD_UNKNOWN, pointer);
  if (retiring && standard->party != retiring) {
    return refuse(Outcome::KEY_NOT_OF_PARTY, "/issuer/party");
  }
  if (standard->last_period_end) return retired(*standard->last_period_end, pointer);
  standard->last_period_end = act.last_period_end;
  context.write(codec::standard_key(act.digest), *standard);
  return std::nullopt;
}

}  // namespace mrv::state
