// Rows about reversals, obligations and invalidations (rules version 2).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/model/integrity.h"
#include "ledger/model/row_parts.h"

namespace mrv::model {

MRV_ENUM(ObligationCause, 3, reversal, over_issuance, invalidation)
MRV_ENUM(ObligationState, 2, open, discharged)

struct ReversalRow {
  static constexpr std::uint8_t kTag = 0x20;
  ReversalId id;
  EntryIndex entry;
  ProjectId project;
  ReversalKind kind = ReversalKind::unintentional;
  Units quantity = 0;
  std::vector<SerialRange> cancelled;  // pool units that paid for it
  std::optional<ObligationId> obligation;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("project", t.project, None{});
    v.field("kind", t.kind, None{});
    v.field("quantity", t.quantity, Range{1, kUnitsMax});
    v.field("cancelled", t.cancelled, Count{0, kSerialRangesMax});
    v.field("obligation", t.obligation, None{});
  }
};

// Units that a party must make good: `owed` by cancelling units of its own, `owed_to_pool` by
// giving units to the pool that paid in its place.
struct ObligationRow {
  static constexpr std::uint8_t kTag = 0x21;
  ObligationId id;
  EntryIndex entry;
  PartyId party;
  ProgrammeId programme;
  std::optional<ProjectId> project;
  ObligationCause cause = ObligationCause::reversal;
  std::vector<BatchId> batches;  // that it is about: they compensate no other obligation
  Units quantity = 0;            // at first
  Units owed = 0;
  Units owed_to_pool = 0;
  TimestampMs opened_at;
  TimestampMs deadline;
  std::optional<EntryIndex> defaulted;
  ObligationState state = ObligationState::open;
  std::optional<EntryIndex> discharged;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("party", t.party, None{});
    v.field("programme", t.programme, None{});
    v.field("project", t.project, None{});
    v.field("cause", t.cause, None{});
    v.field("batches", t.batches, Count{0, kBatchesNamedMax});
    v.field("quantity", t.quantity, Range{1, kUnitsMax});
    v.field("owed", t.owed, Range{0, kUnitsMax});
    v.field("owedToPool", t.owed_to_pool, Range{0, kUnitsMax});
    v.field("openedAt", t.opened_at, None{});
    v.field("deadline", t.deadline, None{});
    v.field("defaulted", t.defaulted, None{});
    v.field("state", t.state, None{});
    v.field("discharged", t.discharged, None{});
  }
};

struct InvalidationRow {
  static constexpr std::uint8_t kTag = 0x22;
  InvalidationId id;
  EntryIndex entry;
  BatchId batch;
  std::vector<SerialSpan> ranges;
  Units cancelled = 0;  // that were active, pending, locked or in the pool
  Units gone = 0;       // that had been retired, exported or converted before
  std::optional<ObligationId> obligation;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("batch", t.batch, None{});
    v.field("ranges", t.ranges, Count{1, kLegsMax});
    v.field("cancelled", t.cancelled, Range{0, kUnitsMax});
    v.field("gone", t.gone, Range{0, kUnitsMax});
    v.field("obligation", t.obligation, None{});
  }
};

}  // namespace mrv::model
