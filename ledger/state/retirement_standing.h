// Whether a retirement still stands: what became of its serials after it (domain.md 7). The
// retirement itself never changes.
#pragma once

#include <vector>

#include "ledger/model/rows.h"

namespace mrv::state {

// Everything that the ledger has on a retirement's batches. `invalidations` and `obligations` are
// all that the batches' rows list.
struct RetirementRecord {
  model::RetirementRow retirement;
  std::vector<model::BatchRow> batches;
  std::vector<model::InvalidationRow> invalidations;
  std::vector<model::ObligationRow> obligations;
};

struct RetirementStanding {
  // Invalidations of some of its serials, whether or not they were made good.
  std::vector<model::InvalidationId> invalidations;
  // Open obligations against it: over-issuances of its batches, and invalidations of its serials.
  std::vector<model::ObligationId> obligations;
  // Statements behind its batches that were taken back after the issuance: to be known, no more.
  std::vector<model::StatementId> withdrawn_statements;
  [[nodiscard]] bool stands() const { return invalidations.empty() && obligations.empty(); }
};

// In the order of the record.
RetirementStanding standing_of(const RetirementRecord& record);

}  // namespace mrv::state
