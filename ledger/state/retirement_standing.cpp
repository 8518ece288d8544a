// The standing of a retirement, from rows alone.
#include "ledger/state/retirement_standing.h"

#include <algorithm>

#include "ledger/state/serial_set.h"

namespace mrv::state {
namespace {

bool touches(const SerialSet& retired, const model::InvalidationRow& invalidation) {
  return std::any_of(invalidation.ranges.begin(), invalidation.ranges.end(), [&](const auto& span) {
    return retired.touches({invalidation.batch, span.first, span.last});
  });
}

// An obligation of an invalidation is against the serials that were invalidated; one of an
// over-issuance against every unit of the batches.
bool is_against(const model::ObligationRow& obligation,
                const std::vector<const model::InvalidationRow*>& invalidations) {
  if (obligation.state != model::ObligationState::open) return false;
  if (obligation.cause != model::ObligationCause::invalidation) return true;
  return std::any_of(invalidations.begin(), invalidations.end(),
                     [&](const auto* row) { return row->obligation == obligation.id; });
}

}  // namespace

RetirementStanding standing_of(const RetirementRecord& record) {
  SerialSet retired;
  for (const auto& range : record.retirement.serials) retired.add(range);
  std::vector<const model::InvalidationRow*> invalidations;
  RetirementStanding standing;
  for (const auto& row : record.invalidations) {
    if (!touches(retired, row)) continue;
    invalidations.push_back(&row);
    standing.invalidations.push_back(row.id);
  }
  for (const auto& row : record.obligations) {
    if (is_against(row, invalidations)) standing.obligations.push_back(row.id);
  }
  std::set<model::StatementId> withdrawn;
  for (const auto& batch : record.batches) {
    if (!batch.withdrawn_statements) continue;
    for (const auto& id : *batch.withdrawn_statements) {
      if (withdrawn.insert(id).second) standing.withdrawn_statements.push_back(id);
    }
  }
  return standing;
}

codec::StatusSummary status_of(const RetirementRecord& record, TimestampMs sealed) {
  auto standing = standing_of(record);
  codec::StatusSummary status;
  status.retirement = record.retirement.id;
  status.stands = standing.stands();
  status.invalidations = std::move(standing.invalidations);
  status.obligations = std::move(standing.obligations);
  status.withdrawn_statements = std::move(standing.withdrawn_statements);
  status.as_of = sealed;
  return status;
}

}  // namespace mrv::state
