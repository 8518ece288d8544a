// One instantiation of the row codec for each row struct.
#include "ledger/codec/row_codec.h"

#include "crypto/canonical_json.h"
#include "ledger/codec/json_codec.h"
#include "ledger/codec/row_bounds.h"

namespace mrv::codec {
namespace {

// Rows are bounded by their own counts, not by what a client may send.
constexpr std::size_t kRowBytesMax = 256UL * 1024 * 1024;
constexpr std::size_t kRowItemsMax = 10'000'000;

crypto::JsonLimits row_limits() {
  crypto::JsonLimits limits = crypto::kForeignLimits;
  limits.body_bytes_max = kRowBytesMax;
  limits.array_items_max = kRowItemsMax;
  return limits;
}

}  // namespace

template <class Row>
Bytes encode_row(const Row& row) {
  return to_bytes(crypto::canonicalize(encode_json(row)));
}

template <class Row>
Result<Row> decode_row(ByteView bytes) {
  const auto json = crypto::parse_strict(as_text(bytes), row_limits());
  if (!json.ok()) return Error{"ROW_MALFORMED", json.error().detail, json.error().pointer};
  auto row = decode_json<Row>(*json, "");
  if (!row.ok()) return Error{"ROW_MALFORMED", row.error().detail, row.error().pointer};
  return row;
}

template <class Row>
Status check_row(const Row& row) {
  BoundsCheck check;
  Row::describe(check, row);
  return check.status();
}

#define MRV_ROW(Row)                                    \
  template Bytes encode_row<Row>(const Row& row);       \
  template Result<Row> decode_row<Row>(ByteView bytes); \
  template Status check_row<Row>(const Row& row);

MRV_ROW(model::LedgerRow)
MRV_ROW(model::PartyRow)
MRV_ROW(model::KeyRow)
MRV_ROW(model::ProposalRow)
MRV_ROW(model::AccreditationRow)
MRV_ROW(model::ProgrammeRow)
MRV_ROW(model::CodeRow)
MRV_ROW(model::StandardRow)
MRV_ROW(model::ProjectRow)
MRV_ROW(model::ReportRow)
MRV_ROW(model::StatementRow)
MRV_ROW(model::CarryRow)
MRV_ROW(model::BatchRow)
MRV_ROW(model::SerialRow)
MRV_ROW(model::HoldingRow)
MRV_ROW(model::TransferRow)
MRV_ROW(model::RetirementRow)
MRV_ROW(model::PoolRow)
MRV_ROW(model::DepositRow)
MRV_ROW(model::EvidenceRow)
MRV_ROW(model::ImportStateRow)
MRV_ROW(model::ForeignSerialRow)
MRV_ROW(model::ForeignTotalsRow)
MRV_ROW(model::ImportFileRow)
MRV_ROW(model::BoundaryRow)
MRV_ROW(model::GeometryRow)
MRV_ROW(model::BoundaryCellRow)
MRV_ROW(model::AccountPolicyRow)
MRV_ROW(model::RemovedBlobRow)
MRV_ROW(model::AmendmentRow)
MRV_ROW(model::CommentRow)
MRV_ROW(model::GrievanceRow)
MRV_ROW(model::FindingRow)
MRV_ROW(model::ReversalRow)
MRV_ROW(model::ObligationRow)
MRV_ROW(model::InvalidationRow)
MRV_ROW(model::CancellationRow)
MRV_ROW(model::LockRow)
MRV_ROW(model::ExportRow)
MRV_ROW(model::ConversionRow)
MRV_ROW(model::ReceiptRow)
MRV_ROW(model::LabelRow)
MRV_ROW(model::AnnotationRow)
#undef MRV_ROW

}  // namespace mrv::codec
