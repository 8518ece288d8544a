// Monitoring reports, verification statements, issuance (domain.md 4, 5).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/model/projects.h"

namespace mrv::model {

MRV_ENUM(Assurance, 2, reasonable, limited)

// What a year comes to as a whole, in a series.
struct YearFigure {
  std::int64_t year = 0;
  std::string exact;  // p/q: in a row in the programme's unit, in a result in the document's
  friend bool operator==(const YearFigure&, const YearFigure&) = default;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("year", t.year, Range{1990, 2200});
    v.field("exact", t.exact, Text{1, kExactTextBytesMax});
  }
};

struct VintageQuantity {
  std::int64_t year = 0;
  Units quantity = 0;
  friend bool operator==(const VintageQuantity&, const VintageQuantity&) = default;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("year", t.year, Range{1990, 2200});
    v.field("quantity", t.quantity, Range{0, kUnitsMax});
  }
};

// A dataset blob that stands for the named input of the methodology.
struct DatasetReference {
  std::string name;
  Hash digest{};
  std::string media_type;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("name", t.name, Text{1, 128});
    v.field("digest", t.digest, None{});
    v.field("mediaType", t.media_type, Text{1, 128});
  }
};

// A device's or laboratory's own signature over (digest, project, period, takenAt).
struct SourceSignature {
  KeyBytes key;
  std::string signature;  // base64, 64 bytes
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("key", t.key, None{});
    v.field("signature", t.signature, Text{88, 88});
  }
};

// A salted, Merkle-rooted series of readings (schemas/spec/series.md).
struct SeriesRoot {
  std::int64_t count = 0;
  Hash root{};
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("count", t.count, Range{1, kUnitsMax});
    v.field("root", t.root, NoBlob{});
  }
};

struct Evidence {
  Hash digest{};
  std::string kind;
  TimestampMs taken_at;
  std::optional<SourceSignature> source;
  std::optional<TimestampMs> made_at = std::nullopt;  // the date on the document; rules version 2
  std::optional<SeriesRoot> series = std::nullopt;    // rules version 2
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("digest", t.digest, None{});
    v.field("kind", t.kind, Text{1, 64});
    v.field("takenAt", t.taken_at, None{});
    v.field("source", t.source, None{});
    v.field("madeAt", t.made_at, None{});
    v.field("series", t.series, None{});
  }
};

struct SubmitMonitoringReport {
  static constexpr std::string_view kType = "SubmitMonitoringReport";
  ProjectId project;
  Period period;
  Hash methodology{};
  std::vector<Hash> tables;
  RawJson inputs;
  std::vector<DatasetReference> datasets;
  std::vector<VintageQuantity> claimed;
  std::vector<Evidence> evidence;
  std::optional<ReportId> supersedes;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("project", t.project, None{});
    v.field("period", t.period, None{});
    v.field("methodology", t.methodology, None{});
    v.field("tables", t.tables, Count{0, kTablesMax});
    v.field("inputs", t.inputs, None{});
    v.field("datasets", t.datasets, Count{0, kDatasetsMax});
    v.field("claimed", t.claimed, Count{1, kVintagesMax});
    v.field("evidence", t.evidence, Count{0, kEvidenceMax});
    v.field("supersedes", t.supersedes, None{});
  }
};

struct WithdrawReport {
  static constexpr std::string_view kType = "WithdrawReport";
  ReportId report;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("report", t.report, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

struct SubmitVerificationStatement {
  static constexpr std::string_view kType = "SubmitVerificationStatement";
  ReportId report;
  Hash digest{};           // of the report's canonical secured document: the exact bytes examined
  std::int64_t index = 0;  // the report's entry index
  Opinion opinion = Opinion::unmodified;
  Assurance assurance = Assurance::reasonable;
  DecimalText materiality;
  std::vector<VintageQuantity> verified;
  std::optional<Hash> findings_digest;
  std::string conflict_declaration;
  std::vector<Day> site_visits;
  std::optional<DecimalText> buffer_rate;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("report", t.report, None{});
    v.field("digest", t.digest, None{});
    v.field("index", t.index, Range{0, kUnitsMax});
    v.field("opinion", t.opinion, None{});
    v.field("assurance", t.assurance, None{});
    v.field("materiality", t.materiality, None{});
    v.field("verified", t.verified, Count{1, kVintagesMax});
    v.field("findingsDigest", t.findings_digest, None{});
    v.field("conflictDeclaration", t.conflict_declaration, Text{1, kNoteBytesMax, true});
    v.field("siteVisits", t.site_visits, Count{0, kSiteVisitsMax});
    v.field("bufferRate", t.buffer_rate, None{});
  }
};

struct IssueCredits {
  static constexpr std::string_view kType = "IssueCredits";
  ReportId report;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("report", t.report, None{});
  }
};

}  // namespace mrv::model
