// Serial runs, holdings and the indexes of active and of buffer runs, kept in step.
#include "ledger/state/units.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <map>

namespace mrv::state {
namespace {

using model::Outcome;
using model::SerialRange;
using model::SerialRow;
using model::UnitState;

Bytes big_endian(Units value) {
  Bytes bytes;
  for (std::size_t i = sizeof(Units); i-- > 0;) {
    bytes.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i)));
  }
  return bytes;
}

Units from_big_endian(ByteView bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8U | byte;
  return static_cast<Units>(value);
}

Place place_of(const SerialRow& row) { return {row.state, row.holder, row.reference}; }

// The run that holds `serial`, if the serial exists.
std::optional<SerialRow> run_at(Context& context, const model::BatchId& batch, Units serial) {
  // Most runs that are asked for begin here; a point read is much cheaper than a step backwards.
  const Bytes key = codec::serial_key(batch, serial);
  if (const auto bytes = context.overlay().get(key)) return context.decoded<SerialRow>(*bytes);
  const auto found = context.overlay().last_before(codec::serial_key(batch, 0), key);
  if (!found) return std::nullopt;
  auto row = context.decoded<SerialRow>(found->second);
  if (!row || row->last < serial) return std::nullopt;
  return row;
}

// Where the run stands in an index of runs: active ones by holder, buffer ones by batch.
std::optional<Bytes> run_index_key(const SerialRow& row) {
  if (row.state == UnitState::buffer) return codec::pool_run_key(row.batch, row.last);
  if (row.state != UnitState::active || !row.holder) return std::nullopt;
  return codec::active_run_key(*row.holder, row.batch, row.last);
}

void erase_run(Context& context, const SerialRow& row) {
  context.overlay().erase(codec::serial_key(row.batch, row.first));
  if (auto key = run_index_key(row)) context.overlay().erase(*std::move(key));
}

void write_run(Context& context, const SerialRow& row) {
  context.write(codec::serial_key(row.batch, row.first), row);
  if (auto key = run_index_key(row)) context.overlay().put(*std::move(key), big_endian(row.first));
}

SerialRow run_of(const SerialRange& range, const Place& place) {
  return {range.batch, range.first, range.last, place.state, place.holder, place.reference};
}

// Writes the run, first joined with equal neighbours so that runs stay maximal.
void write_joined(Context& context, SerialRow row) {
  if (row.first > 1) {
    const auto below = run_at(context, row.batch, row.first - 1);
    if (below && place_of(*below) == place_of(row)) {
      erase_run(context, *below);
      row.first = below->first;
    }
  }
  const auto above = run_at(context, row.batch, row.last + 1);
  if (above && place_of(*above) == place_of(row)) {
    erase_run(context, *above);
    row.last = above->last;
  }
  write_run(context, row);
}

Units* bucket_of(model::HoldingRow& holding, UnitState state) {
  switch (state) {
    case UnitState::active:
      return &holding.active;
    case UnitState::pending:
      return &holding.pending;
    case UnitState::locked:
      return &holding.locked;
    case UnitState::retired:
      return &holding.retired;
    case UnitState::buffer:
    case UnitState::cancelled:
    case UnitState::exported:
    case UnitState::converted:
      return nullptr;
  }
  assert(false);
  return nullptr;
}

// Adds `delta` to the holder's total of this state; pool and terminal places keep no holding.
void count(Context& context, const model::BatchId& batch, const Place& place, Units delta) {
  if (!place.holder) return;
  const Bytes key = codec::holding_key(*place.holder, batch);
  auto holding = context.read<model::HoldingRow>(key);
  if (!holding) holding = model::HoldingRow{*place.holder, batch, 0, 0, 0, 0};
  Units* const bucket = bucket_of(*holding, place.state);
  if (bucket == nullptr) return;
  const auto sum = checked_add(*bucket, delta);
  assert(sum && *sum >= 0);
  *bucket = *sum;
  context.write(key, *holding);
}

// A run as an index of runs has it.
struct IndexedRun {
  Units first = 0;
  Units last = 0;
};

// The runs of an index between two keys in serial order, until `visit` answers false.
void scan_runs(Context& context, const Bytes& first, const Bytes& end,
               const std::function<bool(const IndexedRun&)>& visit) {
  context.overlay().scan(first, end, [&](ByteView key, ByteView value) {
    return visit({from_big_endian(value), from_big_endian(key.last(sizeof(Units)))});
  });
}

constexpr Units kBeyondAll = std::numeric_limits<Units>::max();

// The holder's active runs of one batch.
void scan_active(Context& context, const model::PartyId& holder, const model::BatchId& batch,
                 const std::function<bool(const IndexedRun&)>& visit) {
  scan_runs(context, codec::active_run_key(holder, batch, 0),
            codec::active_run_key(holder, batch, kBeyondAll), visit);
}

// Parts of one batch that earlier legs of the same act took, sorted by first serial.
using Taken = std::vector<IndexedRun>;

void take(Taken& taken, const IndexedRun& part) {
  taken.insert(
      std::upper_bound(taken.begin(), taken.end(), part,
                       [](const IndexedRun& a, const IndexedRun& b) { return a.first < b.first; }),
      part);
}

bool overlaps(const Taken& taken, const IndexedRun& part) {
  return std::any_of(taken.begin(), taken.end(), [&](const IndexedRun& other) {
    return other.first <= part.last && part.first <= other.last;
  });
}

// What of `run` no earlier leg took.
std::vector<IndexedRun> rest_of(const IndexedRun& run, const Taken& taken) {
  std::vector<IndexedRun> rest;
  Units next = run.first;
  for (const auto& part : taken) {
    if (part.last < next || part.first > run.last) continue;
    if (part.first > next) rest.push_back({next, part.first - 1});
    next = part.last + 1;
  }
  if (next <= run.last) rest.push_back({next, run.last});
  return rest;
}

// Whether all of the range is the holder's to move.
using Holds = std::function<bool(const SerialRange&)>;

Check resolve_range(const model::Leg& leg, const Holds& holds, Taken& taken,
                    std::vector<SerialRange>& out, const std::string& pointer) {
  const IndexedRun wanted{*leg.first, *leg.last};
  if (wanted.last < wanted.first) return refuse(Outcome::LEG_INVALID, pointer);
  const SerialRange range{leg.batch, wanted.first, wanted.last};
  if (!holds(range) || overlaps(taken, wanted)) return refuse(Outcome::UNITS_NOT_HELD, pointer);
  take(taken, wanted);
  out.push_back(range);
  return std::nullopt;
}

Check resolve_quantity(Context& context, const model::PartyId& holder, const model::Leg& leg,
                       Taken& taken, std::vector<SerialRange>& out, const std::string& pointer) {
  Units left = *leg.quantity;
  if (left == 0) return refuse(Outcome::LEG_INVALID, pointer, "the quantity is zero");
  std::vector<IndexedRun> found;
  scan_active(context, holder, leg.batch, [&](const IndexedRun& run) {
    for (const auto& part : rest_of(run, taken)) {
      if (left == 0) return false;
      const Units size = std::min(left, part.last - part.first + 1);
      found.push_back({part.first, part.first + size - 1});
      left -= size;
    }
    return left > 0 && found.size() <= kSerialRangesMax;
  });
  if (found.size() > kSerialRangesMax) return refuse(Outcome::LIST_TOO_LONG, pointer);
  if (left > 0) return refuse(Outcome::UNITS_NOT_HELD, pointer);
  for (const auto& part : found) {
    take(taken, part);
    out.push_back({leg.batch, part.first, part.last});
  }
  return std::nullopt;
}

Check resolve(Context& context, const model::PartyId& holder, const std::vector<model::Leg>& legs,
              const Holds& holds, std::vector<SerialRange>& out) {
  std::map<model::BatchId, Taken> taken;
  for (std::size_t i = 0; i < legs.size(); ++i) {
    const auto& leg = legs[i];
    const std::string pointer = "/credentialSubject/legs/" + std::to_string(i);
    const bool is_range = leg.first && leg.last && !leg.quantity;
    const bool is_quantity = !leg.first && !leg.last && leg.quantity;
    if (!is_range && !is_quantity) return refuse(Outcome::LEG_INVALID, pointer);
    if (!context.read<model::BatchRow>(codec::batch_key(leg.batch))) {
      return refuse(Outcome::BATCH_UNKNOWN, pointer + "/batch");
    }
    auto& of_batch = taken[leg.batch];
    auto check = is_range ? resolve_range(leg, holds, of_batch, out, pointer)
                          : resolve_quantity(context, holder, leg, of_batch, out, pointer);
    if (check) return check;
    if (out.size() > kSerialRangesMax) return refuse(Outcome::LIST_TOO_LONG, pointer);
  }
  return std::nullopt;
}

bool is_claimable(const Place& place, const model::PartyId& holder) {
  const bool live = place.state == UnitState::active || place.state == UnitState::pending ||
                    place.state == UnitState::locked;
  return live && place.holder == holder;
}

}  // namespace

void create_units(Context& context, const SerialRange& range, const Place& place) {
  write_joined(context, run_of(range, place));
  count(context, range.batch, place, size_of(range));
}

namespace {

// The holdings are the caller's to count.
void move_run(Context& context, const SerialRange& range, const Place& from, const Place& to) {
  const auto run = run_at(context, range.batch, range.first);
  assert(run && place_of(*run) == from && run->last >= range.last);
  erase_run(context, *run);
  if (run->first < range.first) {
    write_run(context, run_of({range.batch, run->first, range.first - 1}, from));
  }
  if (run->last > range.last) {
    write_run(context, run_of({range.batch, range.last + 1, run->last}, from));
  }
  write_joined(context, run_of(range, to));
}

}  // namespace

void move_units(Context& context, const SerialRange& range, const Place& from, const Place& to) {
  move_units(context, std::vector{range}, from, to);
}

// Holdings are written once for a batch, not once for a range: orders have hundreds.
void move_units(Context& context, const std::vector<SerialRange>& ranges, const Place& from,
                const Place& to) {
  std::map<model::BatchId, Units> moved;
  for (const auto& range : ranges) {
    move_run(context, range, from, to);
    moved[range.batch] += size_of(range);
  }
  for (const auto& [batch, units] : moved) {
    count(context, batch, from, -units);
    count(context, batch, to, units);
  }
}

std::vector<PlacedRange> runs_in(Context& context, const SerialRange& range,
                                 std::size_t count_max) {
  std::vector<PlacedRange> runs;
  const auto keep = [&](const SerialRow& row) {
    if (runs.size() >= count_max) return false;
    const Units first = std::max(row.first, range.first);
    runs.push_back({{range.batch, first, std::min(row.last, range.last)}, place_of(row)});
    return row.last < range.last;
  };
  const auto at_start = run_at(context, range.batch, range.first);
  if (at_start && !keep(*at_start)) return runs;
  context.overlay().scan(codec::serial_key(range.batch, range.first + 1),
                         codec::serial_key(range.batch, range.last + 1),
                         [&](ByteView, ByteView value) {
                           const auto row = context.decoded<SerialRow>(value);
                           return row && keep(*row);
                         });
  return runs;
}

std::vector<SerialRange> lowest_buffer(Context& context, const model::BatchId& batch,
                                       Units quantity) {
  std::vector<SerialRange> found;
  Units left = quantity;
  scan_runs(context, codec::pool_run_key(batch, 0), codec::pool_run_key(batch, kBeyondAll),
            [&](const IndexedRun& run) {
              if (left == 0) return false;
              const Units size = std::min(left, run.last - run.first + 1);
              found.push_back({batch, run.first, run.first + size - 1});
              left -= size;
              return true;
            });
  return found;
}

void index_buffer(Context& context, const model::BatchId& batch) {
  std::vector<SerialRow> runs;
  context.overlay().scan(codec::serial_key(batch, 0), codec::serial_key(batch, kBeyondAll),
                         [&](ByteView, ByteView value) {
                           const auto row = context.decoded<SerialRow>(value);
                           if (row && row->state == UnitState::buffer) runs.push_back(*row);
                           return row.has_value();
                         });
  for (const auto& run : runs) {
    context.overlay().put(codec::pool_run_key(batch, run.last), big_endian(run.first));
  }
}

Check resolve_legs(Context& context, const model::PartyId& holder,
                   const std::vector<model::Leg>& legs, std::vector<SerialRange>& out) {
  const Place held{UnitState::active, holder, std::nullopt};
  const auto holds = [&](const SerialRange& range) {
    // Runs are maximal, so a range that is held lies inside one run.
    const auto run = run_at(context, range.batch, range.first);
    return run && place_of(*run) == held && run->last >= range.last;
  };
  return resolve(context, holder, legs, holds, out);
}

Check resolve_claimed_legs(Context& context, const model::PartyId& holder,
                           const std::vector<model::Leg>& legs, std::vector<SerialRange>& out) {
  const auto holds = [&](const SerialRange& range) {
    const auto runs = runs_in(context, range);
    return !runs.empty() && runs.back().range.last == range.last &&
           std::all_of(runs.begin(), runs.end(),
                       [&](const PlacedRange& run) { return is_claimable(run.place, holder); });
  };
  return resolve(context, holder, legs, holds, out);
}

Check each_programme(Context& context, const std::vector<SerialRange>& serials,
                     const std::function<Check(const model::ProgrammeRow&)>& visit) {
  std::optional<model::ProgrammeId> last;
  for (const auto& range : serials) {
    const auto batch = context.read<model::BatchRow>(codec::batch_key(range.batch));
    if (!batch) return refuse(Outcome::BATCH_UNKNOWN, "/credentialSubject/legs");
    if (last == batch->programme) continue;
    last = batch->programme;
    const auto programme =
        context.read<model::ProgrammeRow>(codec::programme_key(batch->programme));
    if (!programme) return refuse(Outcome::PROGRAMME_UNKNOWN, "/credentialSubject/legs");
    if (auto check = visit(*programme)) return check;
  }
  return std::nullopt;
}

bool holds_units(Context& context, const model::PartyId& party) {
  const Bytes first = codec::holding_key(party, model::BatchId{});
  model::BatchId last_batch;
  last_batch.bytes.fill(0xFF);
  bool held = false;
  context.overlay().scan(first, codec::holding_key(party, last_batch),
                         [&](ByteView, ByteView value) {
                           const auto row = context.decoded<model::HoldingRow>(value);
                           held = row && row->active + row->pending + row->locked > 0;
                           return !held;
                         });
  return held;
}

}  // namespace mrv::state
