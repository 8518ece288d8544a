// What was issued and retired so far, summed over the published state per amount unit.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <vector>

#include "ledger/model/integrity_rows.h"
#include "ledger/model/programmes.h"
#include "ledger/node/reader.h"

namespace mrv::api {

// Sums of one unit's programmes; tonnes and grams are never added.
struct UnitTotals {
  Units issued = 0;
  Units buffer = 0;  // in the pools now
  Units retired = 0;
  Units cancelled = 0;  // by cancellations; not what reversals and invalidations took
  Units owed = 0;       // by open obligations, the pools' claims included
};

struct Totals {
  std::map<model::AmountUnit, UnitTotals> units;
  std::map<model::ProgrammeId, model::AmountUnit> programmes;
  std::map<model::BatchId, model::AmountUnit> batches;
  Units foreign_rows = 0;
  std::vector<model::ObligationRow> obligations;  // open ones, the earliest deadline first
  TreeSize size;                                  // of the tree they were read from
};

// Errors: the store's.
Result<Totals> totals_of(const node::Reader& reader);

// The sums walk all batches and retirements, so they are made at most once in kTotalsMaxAge
// whatever the number of readers. Any thread.
inline constexpr std::chrono::milliseconds kTotalsMaxAge{2'000};

class TotalsCache {
 public:
  using Time = std::chrono::steady_clock::time_point;
  Result<std::shared_ptr<const Totals>> get(const node::Reader& reader, Time now);

 private:
  std::mutex mutex_;
  std::shared_ptr<const Totals> totals_;
  Time made_;
};

}  // namespace mrv::api
