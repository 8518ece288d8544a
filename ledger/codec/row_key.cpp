// Row keys as bytes.
#include "ledger/codec/row_key.h"

#include <cassert>

#include "crypto/sha256.h"

namespace mrv::codec {
namespace {

constexpr std::size_t kTextHashBytes = 16;

class KeyWriter {
 public:
  explicit KeyWriter(std::uint8_t tag) { bytes_.push_back(tag); }
  template <class Container>
  KeyWriter& raw(const Container& container) {
    bytes_.insert(bytes_.end(), container.begin(), container.end());
    return *this;
  }
  template <class Integer>
  KeyWriter& big_endian(Integer value) {
    for (std::size_t i = sizeof(Integer); i-- > 0;) {
      bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
    return *this;
  }
  // SHA-256 over (uint8 length ‖ text) of each part, cut to 16 bytes.
  KeyWriter& texts(std::initializer_list<std::string_view> parts) {
    Bytes joined;
    for (const auto part : parts) {
      assert(part.size() <= 255);
      joined.push_back(static_cast<std::uint8_t>(part.size()));
      joined.insert(joined.end(), part.begin(), part.end());
    }
    const Hash hash = crypto::sha256(joined);
    bytes_.insert(bytes_.end(), hash.begin(), hash.begin() + kTextHashBytes);
    return *this;
  }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

std::uint64_t unsigned_of(Units units) {
  assert(units >= 0);
  return static_cast<std::uint64_t>(units);
}

}  // namespace

using model::BatchId;
using model::PartyId;

Bytes ledger_key() { return KeyWriter(model::LedgerRow::kTag).take(); }
Bytes party_key(const PartyId& party) {
  return KeyWriter(model::PartyRow::kTag).raw(party.bytes).take();
}
Bytes key_key(const model::KeyBytes& key) {
  return KeyWriter(model::KeyRow::kTag).raw(key.bytes).take();
}
Bytes proposal_key(const model::ProposalId& proposal) {
  return KeyWriter(model::ProposalRow::kTag).raw(proposal.bytes).take();
}
Bytes accreditation_key(const PartyId& vvb) {
  return KeyWriter(model::AccreditationRow::kTag).raw(vvb.bytes).take();
}
Bytes programme_key(const model::ProgrammeId& programme) {
  return KeyWriter(model::ProgrammeRow::kTag).raw(programme.bytes).take();
}
Bytes code_key(std::string_view space, std::string_view code) {
  return KeyWriter(model::CodeRow::kTag).texts({space, code}).take();
}
Bytes standard_key(const Hash& digest) {
  return KeyWriter(model::StandardRow::kTag).raw(digest).take();
}
Bytes project_key(const model::ProjectId& project) {
  return KeyWriter(model::ProjectRow::kTag).raw(project.bytes).take();
}
Bytes report_key(const model::ReportId& report) {
  return KeyWriter(model::ReportRow::kTag).raw(report.bytes).take();
}
Bytes statement_key(const model::StatementId& statement) {
  return KeyWriter(model::StatementRow::kTag).raw(statement.bytes).take();
}
Bytes carry_key(const model::ProjectId& project, std::int64_t year) {
  return KeyWriter(model::CarryRow::kTag)
      .raw(project.bytes)
      .big_endian(static_cast<std::uint32_t>(year))
      .take();
}
Bytes batch_key(const BatchId& batch) {
  return KeyWriter(model::BatchRow::kTag).raw(batch.bytes).take();
}
Bytes serial_key(const BatchId& batch, Units first) {
  return KeyWriter(model::SerialRow::kTag)
      .raw(batch.bytes)
      .big_endian(static_cast<Serial>(unsigned_of(first)))
      .take();
}
Bytes holding_key(const PartyId& holder, const BatchId& batch) {
  return KeyWriter(model::HoldingRow::kTag).raw(holder.bytes).raw(batch.bytes).take();
}
Bytes transfer_key(const model::TransferId& transfer) {
  return KeyWriter(model::TransferRow::kTag).raw(transfer.bytes).take();
}
Bytes retirement_key(const model::RetirementId& retirement) {
  return KeyWriter(model::RetirementRow::kTag).raw(retirement.bytes).take();
}
Bytes pool_key(const model::ProgrammeId& programme) {
  return KeyWriter(model::PoolRow::kTag).raw(programme.bytes).take();
}
Bytes deposit_key(const model::DepositId& deposit) {
  return KeyWriter(model::DepositRow::kTag).raw(deposit.bytes).take();
}
Bytes evidence_key(const Hash& digest) {
  return KeyWriter(model::EvidenceRow::kTag).raw(digest).take();
}
Bytes import_key(const model::ImportId& import) {
  return KeyWriter(model::ImportStateRow::kTag).raw(import.bytes).take();
}
Bytes import_file_key(const Hash& file_digest) {
  return KeyWriter(model::ImportFileRow::kTag).raw(file_digest).take();
}
Bytes boundary_key(const Hash& digest) {
  return KeyWriter(model::BoundaryRow::kTag).raw(digest).take();
}
Bytes geometry_key(const model::IdBytes& claim) {
  return KeyWriter(model::GeometryRow::kTag).raw(claim).take();
}
Bytes boundary_cell_key(ByteView cell, const model::IdBytes& claim) {
  return KeyWriter(model::BoundaryCellRow::kTag).raw(cell).raw(claim).take();
}
Bytes account_policy_key(const PartyId& party) {
  return KeyWriter(model::AccountPolicyRow::kTag).raw(party.bytes).take();
}
Bytes removed_blob_key(const Hash& digest) {
  return KeyWriter(model::RemovedBlobRow::kTag).raw(digest).take();
}
Bytes amendment_key(const model::AmendmentId& amendment) {
  return KeyWriter(model::AmendmentRow::kTag).raw(amendment.bytes).take();
}
Bytes comment_key(const model::CommentId& comment) {
  return KeyWriter(model::CommentRow::kTag).raw(comment.bytes).take();
}
Bytes grievance_key(const model::GrievanceId& grievance) {
  return KeyWriter(model::GrievanceRow::kTag).raw(grievance.bytes).take();
}
Bytes finding_key(const model::FindingId& finding) {
  return KeyWriter(model::FindingRow::kTag).raw(finding.bytes).take();
}
Bytes reversal_key(const model::ReversalId& reversal) {
  return KeyWriter(model::ReversalRow::kTag).raw(reversal.bytes).take();
}
Bytes obligation_key(const model::ObligationId& obligation) {
  return KeyWriter(model::ObligationRow::kTag).raw(obligation.bytes).take();
}
Bytes invalidation_key(const model::InvalidationId& invalidation) {
  return KeyWriter(model::InvalidationRow::kTag).raw(invalidation.bytes).take();
}
Bytes cancellation_key(const model::CancellationId& cancellation) {
  return KeyWriter(model::CancellationRow::kTag).raw(cancellation.bytes).take();
}
Bytes lock_key(const model::LockId& lock) {
  return KeyWriter(model::LockRow::kTag).raw(lock.bytes).take();
}
Bytes export_key(const model::ExportId& id) {
  return KeyWriter(model::ExportRow::kTag).raw(id.bytes).take();
}
Bytes conversion_key(const model::ConversionId& conversion) {
  return KeyWriter(model::ConversionRow::kTag).raw(conversion.bytes).take();
}
Bytes label_key(const model::LabelId& label) {
  return KeyWriter(model::LabelRow::kTag).raw(label.bytes).take();
}
Bytes annotation_key(const model::AnnotationId& annotation) {
  return KeyWriter(model::AnnotationRow::kTag).raw(annotation.bytes).take();
}
Bytes receipt_key(std::string_view space, std::string_view receipt) {
  return KeyWriter(model::ReceiptRow::kTag).texts({space, receipt}).take();
}

Bytes pool_batch_key(const model::ProgrammeId& programme, std::int64_t vintage, EntryIndex created,
                     const BatchId& batch) {
  return KeyWriter(kPoolBatchTag)
      .raw(programme.bytes)
      .big_endian(static_cast<std::uint16_t>(vintage))
      .big_endian(created.value())
      .raw(batch.bytes)
      .take();
}
Bytes project_batch_key(const model::ProjectId& project, std::int64_t vintage, EntryIndex created,
                        const BatchId& batch) {
  return KeyWriter(kProjectBatchTag)
      .raw(project.bytes)
      .big_endian(static_cast<std::uint16_t>(vintage))
      .big_endian(created.value())
      .raw(batch.bytes)
      .take();
}
Bytes foreign_serial_key(std::string_view registry, std::string_view prefix, bool terminal,
                         Serial first) {
  return KeyWriter(model::ForeignSerialRow::kTag)
      .big_endian(static_cast<std::uint8_t>(terminal ? 1 : 0))
      .texts({registry, prefix})
      .big_endian(first)
      .take();
}
Bytes foreign_totals_key(std::string_view registry, std::string_view project,
                         std::string_view vintage) {
  return KeyWriter(model::ForeignTotalsRow::kTag).texts({registry, project, vintage}).take();
}
Bytes active_run_key(const PartyId& holder, const BatchId& batch, Units last) {
  return KeyWriter(kActiveRunTag)
      .raw(holder.bytes)
      .raw(batch.bytes)
      .big_endian(unsigned_of(last))
      .take();
}
Bytes judged_boundary_key(const Hash& digest) {
  return KeyWriter(kJudgedBoundaryTag).raw(digest).take();
}
Bytes pool_run_key(const BatchId& batch, Units last) {
  return KeyWriter(kPoolRunTag).raw(batch.bytes).big_endian(unsigned_of(last)).take();
}
Bytes created_key(std::uint8_t row_tag, EntryIndex entry, std::uint32_t nth) {
  return KeyWriter(kCreatedTag)
      .big_endian(row_tag)
      .big_endian(entry.value())
      .big_endian(nth)
      .take();
}

Bytes settled_transfer_key(const model::BatchId& batch, EntryIndex settled) {
  return KeyWriter(kSettledTransferTag).raw(batch.bytes).big_endian(settled.value()).take();
}

Bytes named_digest_key(const Hash& digest) { return KeyWriter(kNamedDigestTag).raw(digest).take(); }

}  // namespace mrv::codec
