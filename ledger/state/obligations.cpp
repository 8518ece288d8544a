// Obligations and their two indexes, kept in step.
#include "ledger/state/obligations.h"

#include <algorithm>
#include <cassert>

#include "ledger/state/authority.h"
#include "ledger/state/policy.h"
#include "ledger/state/rules_version.h"

namespace mrv::state {
namespace {

using model::ObligationId;
using model::ObligationRow;
using model::ObligationState;
using model::Outcome;

constexpr const char* kObligationPointer = "/credentialSubject/obligation";
constexpr const char* kLegsPointer = "/credentialSubject/legs";

std::vector<Bytes> index_keys(const ObligationRow& row) {
  std::vector<Bytes> keys{codec::pair_key(codec::kPartyObligationTag, row.party, row.id)};
  for (const auto& batch : row.batches) {
    keys.push_back(codec::pair_key(codec::kBatchObligationTag, batch, row.id));
  }
  return keys;
}

// The open obligations of a party or of a batch, until `visit` answers false.
template <class Owner>
void each_open(Context& context, std::uint8_t tag, const model::ObjectId<Owner>& owner,
               const std::function<bool(const ObligationId&)>& visit) {
  ObligationId last;
  last.bytes.fill(0xFF);
  context.overlay().scan(codec::pair_key(tag, owner, ObligationId{}),
                         codec::pair_key(tag, owner, last), [&](ByteView key, ByteView) {
                           ObligationId id;
                           const auto bytes = key.last(model::kIdSize);
                           std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
                           return visit(id);
                         });
}

bool is_named_by_another(Context& context, const model::BatchId& batch, const ObligationId& own) {
  bool named = false;
  each_open(context, codec::kBatchObligationTag, batch, [&](const ObligationId& id) {
    named = id != own;
    return !named;
  });
  return named;
}

// Why units of this batch do not compensate the obligation; nothing when they do.
const char* objection(Context& context, const ObligationRow& obligation, const model::BatchId& id) {
  const auto batch = context.read<model::BatchRow>(codec::batch_key(id));
  if (!batch || batch->programme != obligation.programme) return "is of another programme";
  const auto programme =
      context.read<model::ProgrammeRow>(codec::programme_key(obligation.programme));
  if (!programme) return "is of no programme";
  const auto policy = integrity_of(policy_of(context, *programme));
  if (batch->vintage < policy.compensation_vintage_from) return "is of too old a vintage";
  if (batch->invalidations) return "was invalidated in part";
  if (is_named_by_another(context, id, obligation.id)) return "is under another open obligation";
  return nullptr;
}

// Parties that may hold no units (domain.md 1) have nothing of their own to make good with.
bool may_hold_units(Context& context, const model::PartyId& id) {
  const auto party = context.read<model::PartyRow>(codec::party_key(id));
  if (!party || !may_hold(context, *party)) return false;
  return standing_of(*party).status != model::PartyStatus::closed ||
         rules_version(context) < kGuardRulesVersion;
}

Units& part_of(ObligationRow& obligation, Debt debt) {
  return debt == Debt::owed ? obligation.owed : obligation.owed_to_pool;
}

}  // namespace

ObligationId open_obligation(Context& context, const NewObligation& what) {
  assert(what.quantity > 0);
  ObligationRow row;
  row.id = ObligationId::of(context.act().digest);
  row.entry = context.index();
  row.party = what.party;
  row.programme = what.programme;
  row.project = what.project;
  row.cause = what.cause;
  row.batches = what.batches;
  row.quantity = what.quantity;
  row.owed = what.quantity;
  row.opened_at = context.recorded_at();
  row.deadline = what.deadline;
  context.create(codec::obligation_key(row.id), row);
  for (auto& key : index_keys(row)) context.overlay().put(std::move(key), Bytes{});
  return row.id;
}

void note_obligation(model::BatchRow& batch, const ObligationId& obligation) {
  auto obligations = batch.obligations.value_or(std::vector<ObligationId>{});
  obligations.push_back(obligation);
  batch.obligations = std::move(obligations);
}

TimestampMs deadline_of(const Context& context, const model::IntegrityPolicy& policy) {
  return TimestampMs{context.recorded_at().value() + policy.obligation_seconds * kMsPerSecond};
}

bool has_open_obligation(Context& context, const model::PartyId& party) {
  bool found = false;
  each_open(context, codec::kPartyObligationTag, party, [&](const ObligationId&) {
    found = true;
    return false;
  });
  return found;
}

bool has_overdue_obligation(Context& context, const model::PartyId& party) {
  bool overdue = false;
  each_open(context, codec::kPartyObligationTag, party, [&](const ObligationId& id) {
    const auto row = context.read<ObligationRow>(codec::obligation_key(id));
    overdue = row && row->deadline < context.recorded_at();
    return !overdue;
  });
  return overdue;
}

std::optional<model::PartyId> former_debtor(Context& context, const model::ProjectRow& project,
                                            DebtAge age) {
  if (!project.former_developers) return std::nullopt;
  for (const auto& former : *project.former_developers) {
    bool owes = false;
    each_open(context, codec::kPartyObligationTag, former.party, [&](const ObligationId& id) {
      const auto row = context.read<ObligationRow>(codec::obligation_key(id));
      owes = row && row->project == project.id &&
             (age == DebtAge::any || row->deadline < context.recorded_at());
      return !owes;
    });
    if (owes) return former.party;
  }
  return std::nullopt;
}

Check read_obligation(Context& context, const ObligationId& id, const model::PartyId& by,
                      ObligationRow& out) {
  auto row = context.read<ObligationRow>(codec::obligation_key(id));
  if (!row) return refuse(Outcome::OBLIGATION_UNKNOWN, kObligationPointer);
  if (row->state != ObligationState::open) {
    return refuse(Outcome::OBLIGATION_CLOSED, kObligationPointer);
  }
  if (row->party != by && may_hold_units(context, row->party)) {
    return refuse(Outcome::OBLIGATION_NOT_YOURS, kObligationPointer, "of " + row->party.text());
  }
  out = *std::move(row);
  return std::nullopt;
}

Check check_compensation(Context& context, const ObligationRow& obligation,
                         const std::vector<model::SerialRange>& serials, Debt debt) {
  std::optional<model::BatchId> last;
  for (const auto& range : serials) {
    if (last == range.batch) continue;
    last = range.batch;
    if (const char* why = objection(context, obligation, range.batch)) {
      return refuse(Outcome::COMPENSATION_NOT_ACCEPTED, kLegsPointer,
                    range.batch.text() + " " + why);
    }
  }
  const Units part = debt == Debt::owed ? obligation.owed : obligation.owed_to_pool;
  Units left = part;
  for (const auto& range : serials) {
    const Units size = range.last - range.first + 1;
    if (size > left) {
      return refuse(Outcome::OBLIGATION_EXCEEDED, kLegsPointer, std::to_string(part) + " are owed");
    }
    left -= size;
  }
  return std::nullopt;
}

void discharge(Context& context, ObligationRow& obligation, Debt debt, Units units) {
  Units& part = part_of(obligation, debt);
  assert(0 < units && units <= part);
  part -= units;
  if (obligation.owed == 0 && obligation.owed_to_pool == 0) {
    obligation.state = ObligationState::discharged;
    obligation.discharged = context.index();
    for (auto& key : index_keys(obligation)) context.overlay().erase(std::move(key));
  }
  context.write(codec::obligation_key(obligation.id), obligation);
}

}  // namespace mrv::state
