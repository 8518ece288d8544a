// The order of batches, kept as index rows, and the pool's total.
#include "ledger/state/pool.h"

#include <algorithm>
#include <cassert>
#include <set>

namespace mrv::state {
namespace {

using model::BatchId;
using model::BatchRow;
using model::Outcome;
using model::SerialRange;

Place in_pool() { return {model::UnitState::buffer, std::nullopt, std::nullopt}; }

BatchRow batch_of(Context& context, const BatchId& id) {
  auto batch = context.read<BatchRow>(codec::batch_key(id));
  assert(batch);
  return *std::move(batch);
}

Bytes order_key(const BatchRow& batch) {
  return codec::pool_batch_key(batch.programme, batch.vintage, batch.entry, batch.id);
}

// The batches of one owner in the order of the index with this tag, until `visit` answers false.
template <class Owner>
void each_in_order(Context& context, std::uint8_t tag, const model::ObjectId<Owner>& owner,
                   const std::function<bool(const BatchId&)>& visit) {
  Bytes first{tag};
  first.insert(first.end(), owner.bytes.begin(), owner.bytes.end());
  // Vintage, entry and batch stand behind the owner.
  Bytes end = first;
  end.resize(order_key(BatchRow{}).size(), 0xFF);
  context.overlay().scan(first, end, [&](ByteView key, ByteView) {
    BatchId id;
    const auto bytes = key.last(model::kIdSize);
    std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
    return visit(id);
  });
}

}  // namespace

void index_batch(Context& context, const BatchRow& batch) {
  context.overlay().put(
      codec::project_batch_key(batch.project, batch.vintage, batch.entry, batch.id), Bytes{});
  if (batch.buffer > 0) context.overlay().put(order_key(batch), Bytes{});
}

void index_batches(Context& context) {
  std::vector<BatchRow> batches;
  const Bytes first{BatchRow::kTag};
  const Bytes end{BatchRow::kTag + 1};
  context.overlay().scan(first, end, [&](ByteView, ByteView value) {
    if (const auto batch = context.decoded<BatchRow>(value)) batches.push_back(*batch);
    return true;
  });
  for (const auto& batch : batches) {
    index_batch(context, batch);
    if (batch.buffer > 0) index_buffer(context, batch.id);
  }
}

void each_batch_of(Context& context, const model::ProjectId& project,
                   const std::function<bool(const BatchRow&)>& visit) {
  each_in_order(context, codec::kProjectBatchTag, project,
                [&](const BatchId& id) { return visit(batch_of(context, id)); });
}

std::vector<SerialRange> first_to_pay(Context& context, const model::ProgrammeId& programme,
                                      const model::ProjectId& project, Units quantity) {
  std::vector<SerialRange> paying;
  std::set<BatchId> asked;
  Units left = quantity;
  const auto ask = [&](const BatchId& batch) {
    if (left == 0) return false;
    if (!asked.insert(batch).second) return true;
    for (const auto& range : lowest_buffer(context, batch, left)) {
      paying.push_back(range);
      left -= size_of(range);
    }
    return left > 0;
  };
  each_in_order(context, codec::kProjectBatchTag, project, ask);
  each_in_order(context, codec::kPoolBatchTag, programme, ask);
  return paying;
}

void leave_pool(Context& context, const SerialRange& range, const Place& to) {
  move_units(context, range, in_pool(), to);
  const auto batch = batch_of(context, range.batch);
  if (lowest_buffer(context, batch.id, 1).empty()) context.overlay().erase(order_key(batch));
  const Bytes key = codec::pool_key(batch.programme);
  auto pool = context.read<model::PoolRow>(key);
  assert(pool && pool->units >= size_of(range));
  pool->units -= size_of(range);
  context.write(key, *pool);
}

Check enter_pool(Context& context, const SerialRange& range, const Place& from,
                 const std::string& pointer) {
  const auto batch = batch_of(context, range.batch);
  if (auto check = grow_pool(context, batch.programme, size_of(range), pointer)) return check;
  move_units(context, range, from, in_pool());
  context.overlay().put(order_key(batch), Bytes{});
  return std::nullopt;
}

Check grow_pool(Context& context, const model::ProgrammeId& programme, Units units,
                const std::string& pointer) {
  const Bytes key = codec::pool_key(programme);
  auto pool = context.read<model::PoolRow>(key);
  if (!pool) pool = model::PoolRow{programme, 0};
  const auto sum = checked_add(pool->units, units);
  if (!sum || *sum > kUnitsMax) {
    return refuse(Outcome::AMOUNT_OVERFLOW, pointer, "the programme's buffer pool is full");
  }
  pool->units = *sum;
  context.write(key, *pool);
  return std::nullopt;
}

}  // namespace mrv::state
