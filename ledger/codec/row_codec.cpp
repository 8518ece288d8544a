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

Bytes bytes_of(const nlohmann::json& json) { return to_bytes(crypto::canonicalize(json)); }

Error malformed_row(const Error& error) { return {"ROW_MALFORMED", error.detail, error.pointer}; }

Result<nlohmann::json> parse_row(ByteView bytes) {
  auto json = crypto::parse_strict(as_text(bytes), row_limits());
  if (!json.ok()) return malformed_row(json.error());
  return json;
}

}  // namespace

template <class Row>
Bytes encode_row(const Row& row) {
  return bytes_of(encode_json(row));
}

template <class Row>
Result<Row> decode_row(ByteView bytes) {
  const auto json = parse_row(bytes);
  if (!json.ok()) return json.error();
  Row row{};
  const auto status = decode_into(*json, "", row);
  if (!status.ok()) return malformed_row(status.error());
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
