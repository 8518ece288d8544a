// Typed object ids: a prefix and the Crockford base32 form of the first 16 bytes of SHA-256 of the
// creating document's canonical secured bytes (domain.md 0.6). An id of one kind is never one of
// another.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/result.h"

namespace mrv::model {

inline constexpr std::size_t kIdSize = 16;
inline constexpr std::size_t kIdTextLength = 26;  // ceil(128 / 5)
inline constexpr std::size_t kIdPrefixLength = 4;

using IdBytes = std::array<std::uint8_t, kIdSize>;

// Lower-case Crockford base32, most significant bit first, two zero bits at the end.
std::string to_crockford(const IdBytes& bytes);
// Errors: ID_INVALID (length, alphabet, upper case, spare bits).
Result<IdBytes> from_crockford(std::string_view text);

template <class Tag>
struct ObjectId {
  static constexpr std::string_view kPrefix = Tag::kPrefix;
  IdBytes bytes{};

  // The id of the object that the document with this digest creates.
  static ObjectId of(const Hash& document_digest) {
    ObjectId id;
    std::copy_n(document_digest.begin(), kIdSize, id.bytes.begin());
    return id;
  }
  [[nodiscard]] std::string text() const { return std::string(kPrefix) + to_crockford(bytes); }
  static Result<ObjectId> parse(std::string_view text) {
    if (!text.starts_with(kPrefix)) {
      return Error{"ID_INVALID", "an id of this kind starts with " + std::string(kPrefix), {}};
    }
    MRV_TRY(const auto bytes, from_crockford(text.substr(kPrefix.size())));
    return ObjectId{bytes};
  }
  friend auto operator<=>(const ObjectId&, const ObjectId&) = default;
};

// clang-format off
struct PartyTag      { static constexpr std::string_view kPrefix = "pty_"; };
struct ProposalTag   { static constexpr std::string_view kPrefix = "prp_"; };
struct ProgrammeTag  { static constexpr std::string_view kPrefix = "prg_"; };
struct ProjectTag    { static constexpr std::string_view kPrefix = "prj_"; };
struct ReportTag     { static constexpr std::string_view kPrefix = "rpt_"; };
struct StatementTag  { static constexpr std::string_view kPrefix = "vst_"; };
struct BatchTag      { static constexpr std::string_view kPrefix = "bat_"; };
struct TransferTag   { static constexpr std::string_view kPrefix = "trf_"; };
struct RetirementTag { static constexpr std::string_view kPrefix = "ret_"; };
struct DepositTag    { static constexpr std::string_view kPrefix = "evd_"; };
struct ImportTag     { static constexpr std::string_view kPrefix = "imp_"; };
struct AmendmentTag  { static constexpr std::string_view kPrefix = "amd_"; };
struct CommentTag    { static constexpr std::string_view kPrefix = "cmt_"; };
struct GrievanceTag  { static constexpr std::string_view kPrefix = "grv_"; };
struct FindingTag    { static constexpr std::string_view kPrefix = "fnd_"; };
struct ReversalTag   { static constexpr std::string_view kPrefix = "rev_"; };
struct ObligationTag { static constexpr std::string_view kPrefix = "obl_"; };
struct InvalidationTag { static constexpr std::string_view kPrefix = "inv_"; };
struct LockTag       { static constexpr std::string_view kPrefix = "lck_"; };
struct ExportTag     { static constexpr std::string_view kPrefix = "exp_"; };
struct ConversionTag { static constexpr std::string_view kPrefix = "cnv_"; };
struct CancellationTag { static constexpr std::string_view kPrefix = "can_"; };
struct LabelTag      { static constexpr std::string_view kPrefix = "lbl_"; };
struct AnnotationTag { static constexpr std::string_view kPrefix = "ann_"; };
// clang-format on

using PartyId = ObjectId<PartyTag>;
using ProposalId = ObjectId<ProposalTag>;
using ProgrammeId = ObjectId<ProgrammeTag>;
using ProjectId = ObjectId<ProjectTag>;
using ReportId = ObjectId<ReportTag>;
using StatementId = ObjectId<StatementTag>;
using BatchId = ObjectId<BatchTag>;
using TransferId = ObjectId<TransferTag>;
using RetirementId = ObjectId<RetirementTag>;
using DepositId = ObjectId<DepositTag>;
using ImportId = ObjectId<ImportTag>;
using AmendmentId = ObjectId<AmendmentTag>;
using CommentId = ObjectId<CommentTag>;
using GrievanceId = ObjectId<GrievanceTag>;
using FindingId = ObjectId<FindingTag>;
using ReversalId = ObjectId<ReversalTag>;
using ObligationId = ObjectId<ObligationTag>;
using InvalidationId = ObjectId<InvalidationTag>;
using LockId = ObjectId<LockTag>;
using ExportId = ObjectId<ExportTag>;
using ConversionId = ObjectId<ConversionTag>;
using CancellationId = ObjectId<CancellationTag>;
using LabelId = ObjectId<LabelTag>;
using AnnotationId = ObjectId<AnnotationTag>;

}  // namespace mrv::model
