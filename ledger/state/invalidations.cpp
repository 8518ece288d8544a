// DeclareOverIssuance and InvalidateBatch (domain.md 5): credits that should never have been
// issued.
#include <algorithm>

#include "ledger/state/authority.h"
#include "ledger/state/claims.h"
#include "ledger/state/obligations.h"
#include "ledger/state/policy.h"
#include "ledger/state/pool.h"
#include "ledger/state/rules.h"

namespace mrv::state {
namespace {

using model::BatchRow;
using model::DeclareOverIssuance;
using model::InvalidateBatch;
using model::InvalidationRow;
using model::Outcome;
using model::SerialRange;
using model::SerialSpan;
using model::UnitState;

Check read_batch(Context& context, const model::BatchId& id, const std::string& pointer,
                 BatchRow& out) {
  auto batch = context.read<BatchRow>(codec::batch_key(id));
  if (!batch) return refuse(Outcome::BATCH_UNKNOWN, pointer);
  out = *std::move(batch);
  return std::nullopt;
}

// All known, all of one programme, none twice.
Check read_batches(Context& context, const DeclareOverIssuance& act, std::vector<BatchRow>& out) {
  for (std::size_t i = 0; i < act.batches.size(); ++i) {
    const std::string pointer = at("batches/") + std::to_string(i);
    BatchRow batch;
    if (auto check = read_batch(context, act.batches[i], pointer, batch)) return check;
    if (!out.empty() && batch.programme != out.front().programme) {
      return refuse(Outcome::UNITS_MIXED, pointer, batch.programme.text());
    }
    const bool twice = std::any_of(out.begin(), out.end(),
                                   [&](const BatchRow& other) { return other.id == batch.id; });
    if (twice) return refuse(Outcome::ITEM_REPEATED, pointer);
    out.push_back(std::move(batch));
  }
  return std::nullopt;
}

// A party that can act, or could if it were not suspended or frozen.
Check check_obliged(Context& context, const model::PartyId& id) {
  const auto party = context.read<model::PartyRow>(codec::party_key(id));
  if (!party) return refuse(Outcome::PARTY_UNKNOWN, at("party"));
  switch (standing_of(*party).status) {
    case model::PartyStatus::applied:
      return refuse(Outcome::PARTY_NOT_ADMITTED, at("party"));
    case model::PartyStatus::closed:
      return refuse(Outcome::PARTY_CLOSED, at("party"));
    case model::PartyStatus::admitted:
    case model::PartyStatus::suspended:
    case model::PartyStatus::frozen:
      break;
  }
  return std::nullopt;
}

// What of the batch is not yet known to be too much.
Units undeclared(const BatchRow& batch) {
  const Units known = batch.declared.value_or(0) + batch.invalidated.value_or(0);
  return std::max<Units>(0, batch.quantity - known);
}

Check check_quantity(const std::vector<BatchRow>& batches, Units quantity) {
  Units left = quantity;
  for (const auto& batch : batches) left -= std::min(left, undeclared(batch));
  if (left == 0) return std::nullopt;
  return refuse(Outcome::OVER_ISSUANCE_TOO_LARGE, at("quantity"),
                std::to_string(quantity - left) + " are left");
}

NewObligation obligation_of(const std::vector<BatchRow>& batches, Units quantity) {
  NewObligation owed;
  owed.programme = batches.front().programme;
  owed.quantity = quantity;
  owed.project = batches.front().project;
  for (const auto& batch : batches) {
    if (owed.project != batch.project) owed.project.reset();
    owed.batches.push_back(batch.id);
  }
  return owed;
}

// The ranges that the act names, or the whole batch: inside it, ascending, apart.
Check read_ranges(const InvalidateBatch& act, const BatchRow& batch, std::vector<SerialSpan>& out) {
  out = act.ranges.value_or(std::vector<SerialSpan>{{1, batch.quantity}});
  Units before = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto& span = out[i];
    const bool inside =
        before < span.first && span.first <= span.last && span.last <= batch.quantity;
    if (!inside) return refuse(Outcome::LEG_INVALID, at("ranges/") + std::to_string(i));
    before = span.last;
  }
  return std::nullopt;
}

// Both ascending and apart.
bool overlap(const std::vector<SerialSpan>& a, const std::vector<SerialSpan>& b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (a[i].last < b[j].first) {
      ++i;
    } else if (b[j].last < a[i].first) {
      ++j;
    } else {
      return true;
    }
  }
  return false;
}

Check check_not_invalidated(Context& context, const BatchRow& batch,
                            const std::vector<SerialSpan>& spans) {
  if (!batch.invalidations) return std::nullopt;
  for (const auto& id : *batch.invalidations) {
    const auto earlier = context.read<InvalidationRow>(codec::invalidation_key(id));
    if (earlier && overlap(earlier->ranges, spans)) {
      return refuse(Outcome::INVALIDATED_ALREADY, at("ranges"), "by " + id.text());
    }
  }
  return std::nullopt;
}

std::vector<SerialRange> ranges_of(const BatchRow& batch, const std::vector<SerialSpan>& spans) {
  std::vector<SerialRange> ranges;
  ranges.reserve(spans.size());
  for (const auto& span : spans) ranges.push_back({batch.id, span.first, span.last});
  return ranges;
}

// One act moves so many runs at most; more are invalidated range by range.
Check check_runs(Context& context, const std::vector<SerialRange>& ranges) {
  std::size_t count = 0;
  for (const auto& range : ranges) {
    count += runs_in(context, range, kSerialRangesMax + 1).size();
    if (count > kSerialRangesMax) {
      return refuse(Outcome::LIST_TOO_LONG, at("ranges"), "too many runs: invalidate it in parts");
    }
  }
  return std::nullopt;
}

bool is_gone(UnitState state) {
  return state == UnitState::retired || state == UnitState::exported ||
         state == UnitState::converted;
}

// Cancels what is still here and counts what is not. Units that were cancelled before stay so.
void cancel_run(Context& context, const PlacedRange& run, InvalidationRow& invalidation) {
  const Units size = run.range.last - run.range.first + 1;
  const Place end{UnitState::cancelled, run.place.holder, invalidation.id.text()};
  if (is_gone(run.place.state)) {
    invalidation.gone += size;
  } else if (run.place.state == UnitState::buffer) {
    leave_pool(context, run.range, end);
    invalidation.cancelled += size;
  } else if (run.place.state == UnitState::active) {
    move_units(context, run.range, run.place, end);
    invalidation.cancelled += size;
  }
}

void note_on_batch(Context& context, BatchRow& batch, const InvalidationRow& invalidation) {
  Units count = 0;
  for (const auto& span : invalidation.ranges) count += span.last - span.first + 1;
  batch.invalidated = batch.invalidated.value_or(0) + count;
  auto invalidations = batch.invalidations.value_or(std::vector<model::InvalidationId>{});
  invalidations.push_back(invalidation.id);
  batch.invalidations = std::move(invalidations);
  if (invalidation.obligation) note_obligation(batch, *invalidation.obligation);
  context.write(codec::batch_key(batch.id), batch);
}

// Who answers for units that left before: the developer they were issued to, or the registry.
model::ObligationId owe(Context& context, const BatchRow& batch,
                        const model::ProgrammeRow& programme, const model::PartyId& registry,
                        Units gone) {
  const auto policy = integrity_of(policy_of(context, programme));
  auto owed = obligation_of({batch}, gone);
  owed.party = policy.liable == model::Liable::developer ? batch.developer : registry;
  owed.cause = model::ObligationCause::invalidation;
  owed.deadline = deadline_of(context, policy);
  return open_obligation(context, owed);
}

}  // namespace

Check rule(Context& context, const DeclareOverIssuance& act) {
  ActingParty acting;
  if (auto check =
          require_party(context, model::KeyPurpose::initiate, {model::Role::registry}, acting)) {
    return check;
  }
  std::vector<BatchRow> batches;
  if (auto check = read_batches(context, act, batches)) return check;
  if (auto check = check_obliged(context, act.party)) return check;
  if (act.deadline <= context.recorded_at()) {
    return refuse(Outcome::DEADLINE_INVALID, at("deadline"));
  }
  if (auto check = check_quantity(batches, act.quantity)) return check;
  auto owed = obligation_of(batches, act.quantity);
  owed.party = act.party;
  owed.cause = model::ObligationCause::over_issuance;
  owed.deadline = act.deadline;
  const auto obligation = open_obligation(context, owed);
  Units left = act.quantity;
  for (auto& batch : batches) {
    const Units taken = std::min(left, undeclared(batch));
    left -= taken;
    if (taken > 0) batch.declared = batch.declared.value_or(0) + taken;
    note_obligation(batch, obligation);
    context.write(codec::batch_key(batch.id), batch);
  }
  return std::nullopt;
}

Check rule(Context& context, const InvalidateBatch& act) {
  ActingParty acting;
  if (auto check =
          require_party(context, model::KeyPurpose::initiate, {model::Role::registry}, acting)) {
    return check;
  }
  BatchRow batch;
  if (auto check = read_batch(context, act.batch, at("batch"), batch)) return check;
  const auto programme = context.read<model::ProgrammeRow>(codec::programme_key(batch.programme));
  if (!programme) return refuse(Outcome::PROGRAMME_UNKNOWN, at("batch"));
  InvalidationRow row;
  if (auto check = read_ranges(act, batch, row.ranges)) return check;
  if (auto check = check_not_invalidated(context, batch, row.ranges)) return check;
  const auto ranges = ranges_of(batch, row.ranges);
  if (auto check = check_runs(context, ranges)) return check;
  row.id = model::InvalidationId::of(context.act().digest);
  row.entry = context.index();
  row.batch = batch.id;
  end_claims(context, ranges);
  for (const auto& range : ranges) {
    for (const auto& run : runs_in(context, range)) cancel_run(context, run, row);
  }
  if (row.gone > 0) row.obligation = owe(context, batch, *programme, acting.party.id, row.gone);
  context.create(codec::invalidation_key(row.id), row);
  note_on_batch(context, batch, row);
  return std::nullopt;
}

}  // namespace mrv::state
