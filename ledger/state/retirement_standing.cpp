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
  for (const auto& batch : record.batches) {
    if (!batch.withdrawn_statements) continue;
    standing.withdrawn_statements.insert(standing.withdrawn_statements.end(),
                                         batch.withdrawn_statements->begin(),
                                         batch.withdrawn_statements->end());
  }
  return standing;
}

}  // namespace mrv::state
