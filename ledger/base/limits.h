// Every limit of the ledger, named. Reaching one has a named answer; both sides of each are tested.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mrv {

// Documents and entries (formats.md 1, 2).
inline constexpr std::size_t kDocumentBytesMax = 60'000;  // canonical
inline constexpr std::size_t kEntryBytesMax = 65'535;     // the tiles' uint16 length prefix
inline constexpr std::size_t kResultBytesMax = 4'000;
inline constexpr std::size_t kBlobBytesMax = 64UL * 1024 * 1024;

// Texts.
inline constexpr std::size_t kNameBytesMax = 256;
inline constexpr std::size_t kNoteBytesMax = 2'048;
inline constexpr std::size_t kOriginBytesMax = 128;
inline constexpr std::size_t kUrlBytesMax = 512;

// Lists.
inline constexpr std::size_t kGovernanceKeysMax = 32;
inline constexpr std::size_t kAffiliatesMax = 64;
inline constexpr std::size_t kKeysPerPartyMax = 64;
inline constexpr std::size_t kScopesMax = 64;
inline constexpr std::size_t kApprovalsMax = 16;
inline constexpr std::size_t kManifestMax = 200;
inline constexpr std::size_t kEvidenceMax = 200;
inline constexpr std::size_t kTablesMax = 16;
inline constexpr std::size_t kDatasetsMax = 16;
inline constexpr std::size_t kVintagesMax = 20;
inline constexpr std::size_t kLegsMax = 200;
inline constexpr std::size_t kSerialRangesMax = 4'096;  // that the legs of one act resolve to
inline constexpr std::size_t kSiteVisitsMax = 50;
inline constexpr std::size_t kImportRowsMax = 400;
inline constexpr std::size_t kForeignRegistriesMax = 64;

inline constexpr std::size_t kTrustedMax = 256;          // counterparties of one account
inline constexpr std::size_t kSharedBoundariesMax = 32;  // projects that one project names
inline constexpr std::size_t kBatchesNamedMax = 200;     // by one act
inline constexpr std::size_t kLabelUsesMax = 8;
inline constexpr std::size_t kGoalsMax = 17;  // of sustainable development

// Lists that many acts fill; the act that would go beyond is refused.
inline constexpr std::size_t kLiveReportsMax = 2'000;          // of one project
inline constexpr std::size_t kStatementsMax = 64;              // standing on one report
inline constexpr std::size_t kBoundaryClaimsMax = 256;         // live projects of one boundary
inline constexpr std::size_t kFindingsMax = 256;               // of one report
inline constexpr std::size_t kInvalidationsMax = 1'000;        // of one batch
inline constexpr std::size_t kObligationsPerBatchMax = 2'000;  // that named one batch
inline constexpr std::size_t kLabelsPerBatchMax = 1'000;  // given to one batch, ended ones included
inline constexpr std::size_t kRowVersionsMax = 1'024;     // of a policy or a list of changes
inline constexpr std::size_t kForeignTotalsMax = 10'000;  // of one foreign project and vintage
inline constexpr std::int64_t kIssuancesMax = 1'000'000;  // of one project
// An exact number as it stands in a row.
inline constexpr std::size_t kExactTextBytesMax = 8'000;

// Methodologies (formats of ledger/model/methodology.h).
inline constexpr std::size_t kParametersMax = 100;
inline constexpr std::size_t kFieldsMax = 32;
inline constexpr std::size_t kDefinitionsMax = 500;
inline constexpr std::size_t kChecksMax = 200;
inline constexpr std::size_t kOutputsMax = 64;
inline constexpr std::size_t kVectorsMax = 200;
inline constexpr std::size_t kTableKeysMax = 8;
inline constexpr std::size_t kTableRowsMax = 2'000;
inline constexpr std::size_t kExpressionNodesMax = 2'000;  // of one document
inline constexpr std::size_t kExpressionDepthMax = 24;
inline constexpr std::size_t kAxesMax = 8;
inline constexpr std::size_t kAxisMembersMax = 200'000;
inline constexpr std::size_t kSeriesYearsMax = 100;
inline constexpr std::size_t kDefinitionValuesMax = 1'000'000;  // of one definition in one slice
inline constexpr std::size_t kDatasetRowsMax = 1'000'000;
inline constexpr std::size_t kDatasetCellsMax = 8'000'000;
// Groups and grouped records of one slice, over all different keys of group_by: what they hold in
// memory is not in the price.
inline constexpr std::size_t kGroupingsSizeMax = 20'000'000;
// A JSON dataset is held as a tree, many times its length; a CSV one is not.
inline constexpr std::size_t kJsonDatasetBytesMax = 8UL * 1024 * 1024;
// Price of a calculation before it is run: expression nodes times rows, summed.
inline constexpr std::uint64_t kCalculationCostMax = 20'000'000;
// Results of the rounded functions: the normal numbers of IEEE 754 decimal128, d.ddd… ×
// 10^exponent.
inline constexpr int kRoundedDigits = 34;
inline constexpr int kRoundedExponentMax = 6'144;
inline constexpr int kRoundedExponentMin = -6'143;

// Readings of one measurement series: four months of one a second.
inline constexpr std::int64_t kSeriesReadingsMax = 10'000'000;
// Project boundaries (schemas/spec/boundary.md).
inline constexpr std::size_t kBoundaryBytesMax = 1UL * 1024 * 1024;
inline constexpr std::size_t kBoundaryPositionsMax = 2'000;  // as written, closing ones included
inline constexpr std::size_t kBoundaryPolygonsMax = 64;      // or points
inline constexpr std::size_t kBoundaryHolesMax = 256;        // of all polygons
inline constexpr std::size_t kBoundaryValuesMax =
    64UL * 1024;                                             // JSON values, ignored ones included
inline constexpr std::size_t kCoordinateTextBytesMax = 128;  // one number as written
inline constexpr std::int64_t kCoordinateExponentMax = 999;  // of 10, on either side
inline constexpr std::int64_t kPointRadiusMax = 10'000'000;  // 10^-7 degree: one degree
// The largest boundary as base64 in a row (ledger/boundary/boundary.h, kBoundaryRowBytesMax).
inline constexpr std::size_t kBoundaryTextBytesMax = 22'360;
// Boundaries that one is compared with, and rows of the cell index that are read to find them.
inline constexpr std::size_t kBoundaryCandidatesMax = 128;
inline constexpr std::size_t kBoundaryCellRowsMax = 16'384;

// Time (milliseconds).
inline constexpr std::int64_t kMsPerSecond = 1'000;
inline constexpr std::int64_t kValiditySpanDefaultMs = 7LL * 24 * 3600 * 1000;
// A blob that no accepted act names is removed this long after it was put or asked for last.
inline constexpr std::int64_t kBlobUnreferencedMs = 24LL * 3600 * 1000;
inline constexpr std::int64_t kDelaySecondsMax = 400LL * 24 * 3600;
inline constexpr std::int64_t kObligationSecondsMax = 3'660LL * 24 * 3600;  // ten years
inline constexpr std::int64_t kReleaseSecondsMax = 36'600LL * 24 * 3600;    // a hundred

// Amounts.
inline constexpr std::int64_t kUnitsMax =
    9'000'000'000'000'000;  // below 2^53, per act and per batch

}  // namespace mrv
