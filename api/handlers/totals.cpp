// One walk over programmes, batches, pools, retirements, cancellations, obligations and imports.
#include "api/handlers/totals.h"

#include <algorithm>
#include <tuple>

#include "ledger/codec/row_codec.h"

namespace mrv::api {
namespace {

template <class Row, class Add>
Status each_row(const node::Reader& reader, const Add& add) {
  return reader.store().scan_rows(Bytes{Row::kTag}, Bytes{static_cast<std::uint8_t>(Row::kTag + 1)},
                                  [&](ByteView, ByteView value) {
                                    const auto row = codec::decode_row<Row>(value);
                                    if (row.ok()) add(*row);
                                    return true;
                                  });
}

// A retirement's ranges are of batches of one programme or several.
void add_retirement(Totals& totals, const model::RetirementRow& row) {
  for (const auto& range : row.serials) {
    totals.units[totals.batches[range.batch]].retired += range.last - range.first + 1;
  }
}

void add_cancellation(Totals& totals, const model::CancellationRow& row) {
  for (const auto& range : row.serials) {
    totals.units[totals.batches[range.batch]].cancelled += range.last - range.first + 1;
  }
}

void add_obligation(Totals& totals, const model::ObligationRow& row) {
  if (row.state != model::ObligationState::open) return;
  totals.units[totals.programmes[row.programme]].owed += row.owed + row.owed_to_pool;
  totals.obligations.push_back(row);
}

}  // namespace

Result<Totals> totals_of(const node::Reader& reader) {
  Totals totals;
  totals.size = reader.published().size;
  totals.units[model::AmountUnit::t];  // shown even where nothing was issued yet
  MRV_CHECK(each_row<model::ProgrammeRow>(
      reader, [&](const model::ProgrammeRow& row) { totals.programmes[row.id] = row.unit; }));
  MRV_CHECK(each_row<model::BatchRow>(reader, [&](const model::BatchRow& row) {
    const auto unit = totals.programmes[row.programme];
    totals.batches[row.id] = unit;
    totals.units[unit].issued += row.quantity;
  }));
  MRV_CHECK(each_row<model::PoolRow>(reader, [&](const model::PoolRow& row) {
    totals.units[totals.programmes[row.programme]].buffer += row.units;
  }));
  MRV_CHECK(each_row<model::CancellationRow>(
      reader, [&](const model::CancellationRow& row) { add_cancellation(totals, row); }));
  MRV_CHECK(each_row<model::ObligationRow>(
      reader, [&](const model::ObligationRow& row) { add_obligation(totals, row); }));
  std::sort(totals.obligations.begin(), totals.obligations.end(), [](const auto& a, const auto& b) {
    return std::tie(a.deadline, a.id) < std::tie(b.deadline, b.id);
  });
  MRV_CHECK(each_row<model::RetirementRow>(
      reader, [&](const model::RetirementRow& row) { add_retirement(totals, row); }));
  MRV_CHECK(each_row<model::ImportStateRow>(
      reader, [&](const model::ImportStateRow& row) { totals.foreign_rows += row.accepted; }));
  return totals;
}

Result<std::shared_ptr<const Totals>> TotalsCache::get(const node::Reader& reader, Time now) {
  const std::lock_guard lock(mutex_);
  const bool current = totals_ && totals_->size == reader.published().size;
  if (!current && (!totals_ || now - made_ > kTotalsMaxAge)) {
    MRV_TRY(auto made, totals_of(reader));
    totals_ = std::make_shared<const Totals>(std::move(made));
    made_ = now;
  }
  return totals_;
}

}  // namespace mrv::api
