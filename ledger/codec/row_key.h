// Row keys: one tag byte, fixed-width fields, integers big-endian; a text field stands as the first
// 16 bytes of the SHA-256 of its length-prefixed parts and in clear in the row's value. The same
// bytes in every implementation. No two kinds of row share a key, and no key is a prefix of another
// of its kind.
#pragma once

#include <string_view>

#include "crypto/bytes.h"
#include "ledger/model/rows.h"

namespace mrv::codec {

Bytes ledger_key();
Bytes party_key(const model::PartyId& party);
Bytes key_key(const model::KeyBytes& key);
Bytes proposal_key(const model::ProposalId& proposal);
Bytes accreditation_key(const model::PartyId& vvb);
Bytes programme_key(const model::ProgrammeId& programme);
Bytes code_key(std::string_view space, std::string_view code);
Bytes standard_key(const Hash& digest);
Bytes project_key(const model::ProjectId& project);
Bytes report_key(const model::ReportId& report);
Bytes statement_key(const model::StatementId& statement);
Bytes carry_key(const model::ProjectId& project, std::int64_t year);
Bytes batch_key(const model::BatchId& batch);
Bytes serial_key(const model::BatchId& batch, Units first);
Bytes holding_key(const model::PartyId& holder, const model::BatchId& batch);
Bytes transfer_key(const model::TransferId& transfer);
Bytes retirement_key(const model::RetirementId& retirement);
Bytes pool_key(const model::ProgrammeId& programme);
Bytes deposit_key(const model::DepositId& deposit);
Bytes evidence_key(const Hash& digest);
Bytes import_key(const model::ImportId& import);
Bytes import_file_key(const Hash& file_digest);
Bytes foreign_serial_key(std::string_view registry, std::string_view prefix, bool terminal,
                         Serial first);
Bytes foreign_totals_key(std::string_view registry, std::string_view project,
                         std::string_view vintage);
Bytes boundary_key(const Hash& digest);
// By the document that made the claim: the project's submission or an amendment.
Bytes geometry_key(const model::IdBytes& claim);
// `cell`: the key of a cell (ledger/boundary/cells.h), so that rows lie in the order of cells.
Bytes boundary_cell_key(ByteView cell, const model::IdBytes& claim);
Bytes account_policy_key(const model::PartyId& party);
Bytes removed_blob_key(const Hash& digest);
Bytes amendment_key(const model::AmendmentId& amendment);
Bytes comment_key(const model::CommentId& comment);
Bytes grievance_key(const model::GrievanceId& grievance);
Bytes finding_key(const model::FindingId& finding);
Bytes reversal_key(const model::ReversalId& reversal);
Bytes obligation_key(const model::ObligationId& obligation);
Bytes invalidation_key(const model::InvalidationId& invalidation);
Bytes cancellation_key(const model::CancellationId& cancellation);
Bytes lock_key(const model::LockId& lock);
Bytes export_key(const model::ExportId& id);
Bytes conversion_key(const model::ConversionId& conversion);
Bytes receipt_key(std::string_view space, std::string_view receipt);
Bytes label_key(const model::LabelId& label);
Bytes annotation_key(const model::AnnotationId& annotation);

// Judged indexes (tags from kFirstIndexTag on): read by transitions, derived from committed rows.
// A holder's active runs of one batch in serial order, by their last serial; the value is the first
// (8 bytes BE). Units leave a run at its low end, so its key stays: a key by the first serial would
// leave a deleted record behind for every transfer, and every later scan would step over all of
// them.
inline constexpr std::uint8_t kActiveRunTag = 0x80;
Bytes active_run_key(const model::PartyId& holder, const model::BatchId& batch, Units last);

// Open proposals by signing key, so that a compromised key's can be ended: key ‖ proposal id, no
// value.
inline constexpr std::uint8_t kOpenProposalTag = 0x81;
// Pending transfers by signing key, likewise: key ‖ transfer id, no value.
inline constexpr std::uint8_t kPendingTransferTag = 0x82;

// Batches that have units in the pool, by programme, and all batches, by project, in the order in
// which a pool pays: by vintage, then in creation order. No value. Rules version 2 keeps them; the
// act that activates it writes them for the batches there are.
inline constexpr std::uint8_t kPoolBatchTag = 0x83;
inline constexpr std::uint8_t kProjectBatchTag = 0x84;
Bytes pool_batch_key(const model::ProgrammeId& programme, std::int64_t vintage, EntryIndex created,
                     const model::BatchId& batch);
Bytes project_batch_key(const model::ProjectId& project, std::int64_t vintage, EntryIndex created,
                        const model::BatchId& batch);

// A batch's buffer runs in serial order, by their last serial, as active runs are: written with the
// runs, and by that act for the runs there are.
inline constexpr std::uint8_t kPoolRunTag = 0x8A;
Bytes pool_run_key(const model::BatchId& batch, Units last);

// Pairs of ids without a value: open obligations by party and by the batches that they name, labels
// by batch, locks in force by custodian, open FARs by project, sub-accounts that are not closed by
// owner; comments and grievances by project, annotations by retirement.
inline constexpr std::uint8_t kPartyObligationTag = 0x85;
inline constexpr std::uint8_t kBatchObligationTag = 0x86;
inline constexpr std::uint8_t kBatchLabelTag = 0x87;
inline constexpr std::uint8_t kCustodianLockTag = 0x88;
inline constexpr std::uint8_t kProjectFarTag = 0x89;
inline constexpr std::uint8_t kOwnerAccountTag = 0x8C;
// By project, the amendments whose boundary took the place of one that still has days.
inline constexpr std::uint8_t kFormerBoundaryTag = 0x8F;
inline constexpr std::uint8_t kProjectCommentTag = 0x93;
inline constexpr std::uint8_t kProjectGrievanceTag = 0x94;
inline constexpr std::uint8_t kRetirementAnnotationTag = 0x95;
template <class Owner, class Item>
Bytes pair_key(std::uint8_t tag, const model::ObjectId<Owner>& owner,
               const model::ObjectId<Item>& item) {
  Bytes key{tag};
  key.insert(key.end(), owner.bytes.begin(), owner.bytes.end());
  key.insert(key.end(), item.bytes.begin(), item.bytes.end());
  return key;
}

// Boundaries that an act was judged with, no value: every replay needs their bytes for ever, so
// they are not removed.
inline constexpr std::uint8_t kJudgedBoundaryTag = 0x8B;
Bytes judged_boundary_key(const Hash& digest);

// Query indexes: creation order of each kind of object; the value is the object's row key.
inline constexpr std::uint8_t kCreatedTag = 0x90;
Bytes created_key(std::uint8_t row_tag, EntryIndex entry, std::uint32_t nth);

// Settled transfers of a batch in the order in which they settled; the value is the transfer's row
// key. What a certificate follows from holder back to developer.
inline constexpr std::uint8_t kSettledTransferTag = 0x91;
Bytes settled_transfer_key(const model::BatchId& batch, EntryIndex settled);

// Digests that accepted acts name (named_digests.h), no value. What keeps a blob on disk.
inline constexpr std::uint8_t kNamedDigestTag = 0x92;
Bytes named_digest_key(const Hash& digest);

}  // namespace mrv::codec
