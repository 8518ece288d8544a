// What became of a retirement, by the rows of its batches.
#include "ledger/state/retirement_standing.h"

#include <map>

#include <doctest/doctest.h>

#include "ledger/codec/row_codec.h"

using namespace mrv;
using state::RetirementRecord;

namespace {

const model::BatchId kStandingBatch{{1}};
const model::BatchId kOther{{2}};

model::BatchRow batch(const model::BatchId& id) {
  model::BatchRow row;
  row.id = id;
  row.vintage = 2025;
  row.prefix = "P";
  row.quantity = 100;
  return row;
}

// Serials 11 to 20 and 31 to 40 of the one batch, 1 to 5 of the other.
RetirementRecord record() {
  RetirementRecord made;
  made.retirement.id = model::RetirementId{{9}};
  made.retirement.quantity = 25;
  made.retirement.beneficiary.commitment = Hash{1};
  made.retirement.serials = {{kStandingBatch, 11, 20}, {kOther, 1, 5}, {kStandingBatch, 31, 40}};
  made.batches = {batch(kStandingBatch), batch(kOther)};
  return made;
}

model::InvalidationRow invalidation(std::uint8_t number, const model::BatchId& of,
                                    std::vector<model::SerialSpan> ranges,
                                    std::optional<model::ObligationId> owed = std::nullopt) {
  model::InvalidationRow row;
  row.id = model::InvalidationId{{number}};
  row.batch = of;
  row.ranges = std::move(ranges);
  row.obligation = owed;
  return row;
}

model::ObligationRow obligation(std::uint8_t number, model::ObligationCause cause) {
  model::ObligationRow row;
  row.id = model::ObligationId{{number}};
  row.cause = cause;
  row.quantity = 1;
  return row;
}

bool falls_by(const model::BatchId& of, std::vector<model::SerialSpan> ranges) {
  auto made = record();
  made.invalidations = {invalidation(1, of, std::move(ranges))};
  return !state::standing_of(made).stands();
}

// Rows by key, as a reader has them, and how often each was asked for.
struct Rows {
  std::map<Bytes, Bytes> values;
  std::map<Bytes, int> asked;

  template <class Row>
  Result<Row> row(const Bytes& key, const std::string& what) {
    ++asked[key];
    const auto found = values.find(key);
    if (found == values.end()) return Error{"ABSENT", what, {}};
    return codec::decode_row<Row>(found->second);
  }
  template <class Row>
  void put(const Bytes& key, const Row& row) {
    values[key] = codec::encode_row(row);
  }
};

}  // namespace

TEST_CASE("a retirement of which nothing is said stands") {
  const auto standing = state::standing_of(record());
  CHECK(standing.stands());
  CHECK(standing.withdrawn_statements.empty());
}

TEST_CASE("it falls by the invalidation of one of its serials, and by no other") {
  CHECK(falls_by(kStandingBatch, {{20, 20}}));
  CHECK(falls_by(kStandingBatch, {{1, 11}}));
  CHECK(falls_by(kStandingBatch, {{1, 100}}));
  CHECK(falls_by(kStandingBatch, {{1, 2}, {40, 41}}));
  CHECK(falls_by(kOther, {{5, 9}}));
  CHECK(!falls_by(kStandingBatch, {{1, 10}, {21, 30}, {41, 100}}));
  CHECK(!falls_by(kOther, {{6, 100}}));
}

TEST_CASE("an invalidation counts although it was made good, its obligation while it is open") {
  using model::ObligationCause;
  auto made = record();
  made.obligations = {obligation(1, ObligationCause::invalidation)};
  made.invalidations = {invalidation(1, kStandingBatch, {{15, 15}}, made.obligations[0].id)};
  auto standing = state::standing_of(made);
  CHECK(standing.invalidations == std::vector{made.invalidations[0].id});
  CHECK(standing.obligations == std::vector{made.obligations[0].id});
  made.obligations[0].state = model::ObligationState::discharged;
  standing = state::standing_of(made);
  CHECK(standing.invalidations.size() == 1);
  CHECK(standing.obligations.empty());
  CHECK(!standing.stands());
}

TEST_CASE(
    "an open over-issuance is against every unit of the batch, others' invalidations are not") {
  using model::ObligationCause;
  auto made = record();
  made.obligations = {obligation(1, ObligationCause::invalidation),
                      obligation(2, ObligationCause::over_issuance)};
  made.invalidations = {invalidation(1, kStandingBatch, {{1, 10}}, made.obligations[0].id)};
  auto standing = state::standing_of(made);
  CHECK(standing.invalidations.empty());
  CHECK(standing.obligations == std::vector{made.obligations[1].id});
  CHECK(!standing.stands());
  made.obligations[1].state = model::ObligationState::discharged;
  CHECK(state::standing_of(made).stands());
}

TEST_CASE("a withdrawn statement is said once and takes nothing away") {
  auto made = record();
  const model::StatementId first{{1}};
  const model::StatementId second{{2}};
  made.batches[0].withdrawn_statements = {{second, first}};
  made.batches[1].withdrawn_statements = {{first}};
  const auto standing = state::standing_of(made);
  CHECK(standing.withdrawn_statements == std::vector{second, first});
  CHECK(standing.stands());
}

TEST_CASE("a status says the standing, of which retirement, and when") {
  auto made = record();
  made.obligations = {obligation(2, model::ObligationCause::over_issuance)};
  const auto status = state::status_of(made, TimestampMs{7});
  CHECK(status.retirement == made.retirement.id);
  CHECK(!status.stands);
  CHECK(status.obligations == std::vector{made.obligations[0].id});
  CHECK(status.as_of == TimestampMs{7});
}

TEST_CASE("the record is every row that the retirement and its batches name, each read once") {
  auto made = record();
  made.obligations = {obligation(1, model::ObligationCause::over_issuance),
                      obligation(2, model::ObligationCause::invalidation)};
  made.invalidations = {invalidation(1, kStandingBatch, {{15, 15}}, made.obligations[1].id),
                        invalidation(2, kOther, {{9, 9}})};
  made.batches[0].invalidations = {{made.invalidations[0].id}};
  made.batches[0].obligations = {{made.obligations[0].id, made.obligations[1].id}};
  made.batches[1].invalidations = {{made.invalidations[1].id}};
  made.batches[1].obligations = {{made.obligations[0].id}};
  Rows rows;
  rows.put(codec::retirement_key(made.retirement.id), made.retirement);
  for (const auto& row : made.batches) rows.put(codec::batch_key(row.id), row);
  for (const auto& row : made.invalidations) rows.put(codec::invalidation_key(row.id), row);
  for (const auto& row : made.obligations) rows.put(codec::obligation_key(row.id), row);
  const auto read = state::read_record(rows, made.retirement.id);
  REQUIRE_MESSAGE(read.ok(), read.error().detail);
  CHECK(state::status_of(*read, TimestampMs{0}) == state::status_of(made, TimestampMs{0}));
  CHECK(read->batches.size() == 2);
  CHECK(read->invalidations.size() == 2);
  CHECK(read->obligations.size() == 2);
  CHECK(rows.asked.size() == rows.values.size());
  for (const auto& [key, times] : rows.asked) CHECK(times == 1);
  for (const auto& [key, value] : rows.values) {
    Rows less{rows.values, {}};
    less.values.erase(key);
    CHECK(state::read_record(less, made.retirement.id).error().name == "ABSENT");
  }
}
