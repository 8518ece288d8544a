// A batch in a million blocks: what an operation reads does not depend on how many blocks there
// are. Each read is one look-up in ordered rows, so an operation costs O(log n).
#include <array>

#include <doctest/doctest.h>

#include "ledger/state/units.h"
#include "tests/support/state_world.h"

using namespace mrv;
using model::SerialRange;
using model::UnitState;
using state::Place;

namespace {

// Under the sanitizers a row costs ten times as much.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MRV_BLOCKS 50'000
#endif
#endif
#ifndef MRV_BLOCKS
#define MRV_BLOCKS 1'000'000
#endif

// Passes everything on to the rows, and counts what is asked and what is handed out.
class CountingView final : public state::StateView {
 public:
  explicit CountingView(const state::MemoryState& rows) : rows_(rows) {}
  std::optional<Bytes> get(ByteView key) const override {
    ++reads_;
    return rows_.get(key);
  }
  void scan(ByteView first, ByteView end, const Visit& visit) const override {
    ++reads_;
    rows_.scan(first, end, [&](ByteView key, ByteView value) {
      ++reads_;
      return visit(key, value);
    });
  }
  std::optional<std::pair<Bytes, Bytes>> last_before(ByteView first, ByteView end) const override {
    ++reads_;
    return rows_.last_before(first, end);
  }
  [[nodiscard]] std::size_t reads() const { return reads_; }

 private:
  const state::MemoryState& rows_;
  mutable std::size_t reads_ = 0;
};

const model::BatchId kBlockBatch{{9}};

Place held(std::uint8_t holder) {
  return {UnitState::active, model::PartyId{{holder}}, std::nullopt};
}
SerialRange range(Units first, Units last) { return {kBlockBatch, first, last}; }

// Serials 1 … n, each a block of its own: the odd ones of holder 1, the even ones of holder 2. The
// rows are what units.h writes, put there directly; the small batch is checked against it.
void fill(state::MemoryState& rows, Units blocks) {
  state::Delta delta;
  for (Units serial = 1; serial <= blocks; ++serial) {
    const auto holder = held(serial % 2 == 1 ? std::uint8_t{1} : std::uint8_t{2}).holder;
    delta[codec::serial_key(kBlockBatch, serial)] = codec::encode_row(
        model::SerialRow{kBlockBatch, serial, serial, UnitState::active, holder, std::nullopt});
    Bytes first(sizeof(Units));
    for (std::size_t i = 0; i < first.size(); ++i) {
      first[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(serial) >> (8 * (7 - i)));
    }
    delta[codec::active_run_key(*holder, kBlockBatch, serial)] = first;
  }
  for (const std::uint8_t holder : std::array<std::uint8_t, 2>{1, 2}) {
    const Units units = (blocks + (holder == 1 ? 1 : 0)) / 2;
    delta[codec::holding_key(model::PartyId{{holder}}, kBlockBatch)] =
        codec::encode_row(model::HoldingRow{model::PartyId{{holder}}, kBlockBatch, units, 0, 0, 0});
  }
  model::BatchRow batch;
  batch.id = kBlockBatch;
  batch.prefix = "P";
  batch.vintage = 2025;
  batch.quantity = blocks;
  delta[codec::batch_key(kBlockBatch)] = codec::encode_row(batch);
  rows.apply(delta);
}

const state::BlobSource kNoBlobs;
const model::VerifiedAct kAct;

// What one operation reads.
std::size_t reads_of(const state::MemoryState& rows,
                     const std::function<void(state::Context&)>& operation) {
  const CountingView view(rows);
  state::Context context(view, {EntryIndex{1}, TimestampMs{1}, kAct}, kNoBlobs);
  operation(context);
  CHECK(!context.damage());
  return view.reads();
}

std::vector<std::size_t> reads_of_all(Units blocks) {
  state::MemoryState rows;
  fill(rows, blocks);
  const Units middle = blocks / 2 + 1;  // odd: holder 1
  const model::PartyId holder{{1}};
  std::vector<model::SerialRange> found;
  const auto resolve = [&](const model::Leg& leg) {
    return reads_of(rows, [&](state::Context& context) {
      found.clear();
      REQUIRE(!state::resolve_legs(context, holder, {leg}, found));
    });
  };
  std::vector<std::size_t> reads;
  // Joins three blocks into one.
  reads.push_back(reads_of(rows, [&](state::Context& context) {
    state::move_units(context, range(middle, middle), held(1), held(2));
    const auto runs = state::runs_in(context, range(middle - 1, middle + 1));
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].place == held(2));
  }));
  // Where is this serial.
  reads.push_back(reads_of(rows, [&](state::Context& context) {
    const auto runs = state::runs_in(context, range(middle, middle));
    REQUIRE(runs.size() == 1);
    CHECK(runs[0].place == held(1));
  }));
  reads.push_back(resolve({kBlockBatch, middle, middle, std::nullopt}));
  CHECK(found == std::vector{range(middle, middle)});
  reads.push_back(resolve({kBlockBatch, std::nullopt, std::nullopt, 3}));
  CHECK(found == std::vector{range(1, 1), range(3, 3), range(5, 5)});
  return reads;
}

}  // namespace

TEST_CASE("the blocks that the counting begins with are those that moves leave behind") {
  constexpr Units kBlocks = 10;
  state::MemoryState direct;
  fill(direct, kBlocks);
  state::MemoryState moved;
  state::Context context(moved, {EntryIndex{1}, TimestampMs{1}, kAct}, kNoBlobs);
  state::create_units(context, range(1, kBlocks), held(1));
  for (Units serial = 2; serial <= kBlocks; serial += 2) {
    state::move_units(context, range(serial, serial), held(1), held(2));
  }
  moved.apply(context.overlay().delta());
  auto expected = direct.rows();
  expected.erase(codec::batch_key(kBlockBatch));
  CHECK(moved.rows() == expected);
}

TEST_CASE("an operation reads as much in a batch of a million blocks as in one of sixteen") {
  constexpr Units kFew = 16;
  constexpr Units kMany = MRV_BLOCKS;
  CHECK(reads_of_all(kMany) == reads_of_all(kFew));
}

TEST_CASE("a quantity is taken out of as many runs as a row may list, and no more") {
  const auto runs = static_cast<Units>(kSerialRangesMax);
  const auto told = [](const state::MemoryState& rows, Units quantity) {
    state::Context context(rows, {EntryIndex{1}, TimestampMs{1}, kAct}, kNoBlobs);
    std::vector<model::SerialRange> found;
    const auto check = state::resolve_legs(
        context, model::PartyId{{1}}, {{kBlockBatch, std::nullopt, std::nullopt, quantity}}, found);
    return check ? std::string(model::describe_outcome(check->outcome).name)
                 : std::to_string(found.size());
  };
  state::MemoryState rows;
  fill(rows, 2 * (runs + 1));
  CHECK(told(rows, runs) == std::to_string(runs));
  // All of them are held, by one run too many.
  CHECK(told(rows, runs + 1) == "LIST_TOO_LONG");
  state::MemoryState few;
  fill(few, 10);
  CHECK(told(few, 6) == "UNITS_NOT_HELD");
}
