// Whether a retirement still stands: what became of its serials after it (domain.md 7). The
// retirement itself never changes.
#pragma once

#include <set>
#include <vector>

#include "ledger/codec/row_key.h"
#include "ledger/codec/status_codec.h"
#include "ledger/model/rows.h"

namespace mrv::state {

// Everything that the ledger has on a retirement's batches, each row once. `invalidations` and
// `obligations` are all that the batches' rows list.
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
  // Each once, though every batch of a report names it.
  std::vector<model::StatementId> withdrawn_statements;
  [[nodiscard]] bool stands() const { return invalidations.empty() && obligations.empty(); }
};

// In the order of the record.
RetirementStanding standing_of(const RetirementRecord& record);

// The same as a status proof says it of a tree sealed then.
codec::StatusSummary status_of(const RetirementRecord& record, TimestampMs sealed);

// The rows that `ids` name, without those that were read before.
template <class Row, class Rows, class Id>
Status read_named(Rows& rows, const std::optional<std::vector<Id>>& ids, Bytes (*key)(const Id&),
                  const std::string& what, std::set<Id>& seen, std::vector<Row>& out) {
  if (!ids) return {};
  for (const Id& id : *ids) {
    if (!seen.insert(id).second) continue;
    MRV_TRY(auto row, rows.template row<Row>(key(id), what));
    out.push_back(std::move(row));
  }
  return {};
}

// The record as `rows` has it, in the order in which the retirement names batches and these name
// the rest: `rows.row<Row>(key, what)` answers a row or an error, which ends the reading.
template <class Rows>
Result<RetirementRecord> read_record(Rows& rows, const model::RetirementId& id) {
  RetirementRecord record;
  MRV_TRY(record.retirement,
          rows.template row<model::RetirementRow>(codec::retirement_key(id), "the retirement"));
  std::set<model::BatchId> batches;
  std::set<model::InvalidationId> invalidations;
  std::set<model::ObligationId> obligations;
  for (const auto& range : record.retirement.serials) {
    if (!batches.insert(range.batch).second) continue;
    MRV_TRY(auto batch,
            rows.template row<model::BatchRow>(codec::batch_key(range.batch), "a batch"));
    MRV_CHECK(read_named(rows, batch.invalidations, codec::invalidation_key, "an invalidation",
                         invalidations, record.invalidations));
    MRV_CHECK(read_named(rows, batch.obligations, codec::obligation_key, "an obligation",
                         obligations, record.obligations));
    record.batches.push_back(std::move(batch));
  }
  return record;
}

}  // namespace mrv::state
