// What must hold of units, pools and obligations in every state (domain.md 0.10): nothing is lost,
// nothing is in two places, and what is counted is there. For states that only acts have made.
#pragma once

#include <map>
#include <set>

#include <doctest/doctest.h>

#include "ledger/codec/row_codec.h"
#include "ledger/codec/row_key.h"
#include "ledger/state/view.h"

namespace mrv::test {

template <class Row>
std::vector<Row> rows_of(const state::StateView& view) {
  std::vector<Row> rows;
  view.scan(Bytes{Row::kTag}, Bytes{Row::kTag + 1}, [&](ByteView, ByteView value) {
    rows.push_back(*codec::decode_row<Row>(value));
    return true;
  });
  return rows;
}

inline std::set<Bytes> keys_under(const state::StateView& view, std::uint8_t tag) {
  std::set<Bytes> keys;
  view.scan(Bytes{tag}, Bytes{static_cast<std::uint8_t>(tag + 1)}, [&](ByteView key, ByteView) {
    keys.insert(to_bytes(key));
    return true;
  });
  return keys;
}

class Conservation {
 public:
  explicit Conservation(const state::StateView& view) : view_(view) {}

  void check() {
    check_runs();
    check_holdings();
    check_pools();
    check_claims();
    check_obligations();
  }

 private:
  static Units size_of(const model::SerialRow& run) { return run.last - run.first + 1; }

  // The runs of each batch follow one another from 1 to its quantity, as long as they can be.
  void check_runs() {
    std::map<model::BatchId, model::SerialRow> last;
    for (const auto& run : rows_of<model::SerialRow>(view_)) {
      const auto before = last.find(run.batch);
      CHECK(run.first <= run.last);
      CHECK(run.first == (before == last.end() ? 1 : before->second.last + 1));
      const bool joins = before != last.end() && before->second.state == run.state &&
                         before->second.holder == run.holder &&
                         before->second.reference == run.reference;
      CHECK(!joins);
      CHECK((run.holder || run.state == model::UnitState::buffer ||
             run.state == model::UnitState::cancelled));
      last.insert_or_assign(run.batch, run);
      runs_[run.batch].push_back(run);
    }
    for (const auto& batch : rows_of<model::BatchRow>(view_)) {
      REQUIRE(last.contains(batch.id));
      CHECK(last.at(batch.id).last == batch.quantity);
    }
  }

  void check_holdings() {
    using Key = std::pair<model::PartyId, model::BatchId>;
    std::map<Key, std::map<model::UnitState, Units>> totals;
    for (const auto& [batch, runs] : runs_) {
      for (const auto& run : runs) {
        if (run.holder) totals[{*run.holder, batch}][run.state] += size_of(run);
      }
    }
    for (const auto& row : rows_of<model::HoldingRow>(view_)) {
      auto& counted = totals[{row.holder, row.batch}];
      CHECK(row.active == counted[model::UnitState::active]);
      CHECK(row.pending == counted[model::UnitState::pending]);
      CHECK(row.locked == counted[model::UnitState::locked]);
      CHECK(row.retired == counted[model::UnitState::retired]);
    }
  }

  // A pool's total and its two indexes say what the buffer runs say.
  void check_pools() {
    std::map<model::ProgrammeId, Units> pooled;
    std::set<Bytes> batches;
    std::set<Bytes> runs;
    for (const auto& batch : rows_of<model::BatchRow>(view_)) {
      for (const auto& run : runs_[batch.id]) {
        if (run.state != model::UnitState::buffer) continue;
        pooled[batch.programme] += size_of(run);
        runs.insert(codec::pool_run_key(run.batch, run.last));
        batches.insert(
            codec::pool_batch_key(batch.programme, batch.vintage, batch.entry, batch.id));
      }
    }
    for (const auto& pool : rows_of<model::PoolRow>(view_)) {
      CHECK(pool.units == pooled[pool.programme]);
      pooled.erase(pool.programme);
    }
    CHECK(pooled.empty());
    CHECK(keys_under(view_, codec::kPoolRunTag) == runs);
    CHECK(keys_under(view_, codec::kPoolBatchTag) == batches);
  }

  // Pending and locked units are those of the transfers and locks that are open.
  void check_claims() {
    std::map<std::string, Units> claimed;
    for (const auto& [batch, runs] : runs_) {
      for (const auto& run : runs) {
        const bool claim =
            run.state == model::UnitState::pending || run.state == model::UnitState::locked;
        if (claim) claimed[*run.reference] += size_of(run);
      }
    }
    const auto settle = [&](const std::string& id, const std::vector<model::SerialRange>& serials) {
      Units sum = 0;
      for (const auto& range : serials) sum += range.last - range.first + 1;
      CHECK(claimed[id] == sum);
      claimed.erase(id);
    };
    for (const auto& row : rows_of<model::TransferRow>(view_)) {
      if (row.state == model::TransferState::pending) settle(row.id.text(), row.serials);
    }
    std::set<Bytes> in_custody;
    for (const auto& row : rows_of<model::LockRow>(view_)) {
      if (row.state != model::LockState::in_force) continue;
      settle(row.id.text(), row.serials);
      in_custody.insert(codec::pair_key(codec::kCustodianLockTag, row.custodian, row.id));
    }
    CHECK(claimed.empty());
    CHECK(keys_under(view_, codec::kCustodianLockTag) == in_custody);
  }

  // What is owed never grows; only open obligations are indexed, by their party and their batches.
  void check_obligations() {
    std::set<Bytes> by_party;
    std::set<Bytes> by_batch;
    for (const auto& row : rows_of<model::ObligationRow>(view_)) {
      const bool owes = row.owed + row.owed_to_pool > 0;
      CHECK(row.owed + row.owed_to_pool <= row.quantity);
      CHECK((row.state == model::ObligationState::open) == owes);
      CHECK(row.discharged.has_value() == !owes);
      if (!owes) continue;
      by_party.insert(codec::pair_key(codec::kPartyObligationTag, row.party, row.id));
      for (const auto& batch : row.batches) {
        by_batch.insert(codec::pair_key(codec::kBatchObligationTag, batch, row.id));
      }
    }
    CHECK(keys_under(view_, codec::kPartyObligationTag) == by_party);
    CHECK(keys_under(view_, codec::kBatchObligationTag) == by_batch);
  }

  const state::StateView& view_;
  std::map<model::BatchId, std::vector<model::SerialRow>> runs_;
};

inline void check_conservation(const state::StateView& view) { Conservation(view).check(); }

}  // namespace mrv::test
