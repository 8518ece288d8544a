// What is done when tonnes are lost or were never there (domain.md 5).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/model/transfers.h"

namespace mrv::model {

MRV_ENUM(ReversalKind, 2, unintentional, intentional)

// Exactly one of `report` and `statement` is the basis.
struct RecordReversal {
  static constexpr std::string_view kType = "RecordReversal";
  static constexpr std::int64_t kSince = 2;
  ProjectId project;
  std::optional<ReportId> report;
  std::optional<StatementId> statement;
  ReversalKind kind = ReversalKind::unintentional;
  Units quantity = 0;
  std::string cause;
  std::vector<Hash> evidence;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("project", t.project, None{});
    v.field("report", t.report, None{});
    v.field("statement", t.statement, None{});
    v.field("kind", t.kind, None{});
    v.field("quantity", t.quantity, Range{1, kUnitsMax});
    v.field("cause", t.cause, Text{1, kNoteBytesMax, true});
    v.field("evidence", t.evidence, Count{0, kEvidenceMax});
  }
};

struct DeclareOverIssuance {
  static constexpr std::string_view kType = "DeclareOverIssuance";
  static constexpr std::int64_t kSince = 2;
  std::vector<BatchId> batches;
  Units quantity = 0;
  PartyId party;  // that must make it good
  TimestampMs deadline;
  std::string reason;
  Hash digest{};  // of the finding
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("batches", t.batches, Count{1, kBatchesNamedMax});
    v.field("quantity", t.quantity, Range{1, kUnitsMax});
    v.field("party", t.party, None{});
    v.field("deadline", t.deadline, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
    v.field("digest", t.digest, None{});
  }
};

// Serials of a batch that the act names, inclusive.
struct SerialSpan {
  Units first = 0;
  Units last = 0;
  friend bool operator==(const SerialSpan&, const SerialSpan&) = default;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("first", t.first, Range{1, kUnitsMax});
    v.field("last", t.last, Range{1, kUnitsMax});
  }
};

struct InvalidateBatch {
  static constexpr std::string_view kType = "InvalidateBatch";
  static constexpr std::int64_t kSince = 2;
  BatchId batch;
  std::optional<std::vector<SerialSpan>> ranges;  // absent: the whole batch
  std::string reason;
  Hash digest{};  // of the decision
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("batch", t.batch, None{});
    v.field("ranges", t.ranges, Count{1, kLegsMax});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
    v.field("digest", t.digest, None{});
  }
};

struct ReleaseBuffer {
  static constexpr std::string_view kType = "ReleaseBuffer";
  static constexpr std::int64_t kSince = 2;
  BatchId batch;
  Units quantity = 0;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("batch", t.batch, None{});
    v.field("quantity", t.quantity, Range{1, kUnitsMax});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

// The pool pays what the obliged party did not, and is owed it.
struct DeclareDefault {
  static constexpr std::string_view kType = "DeclareDefault";
  static constexpr std::int64_t kSince = 2;
  ObligationId obligation;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("obligation", t.obligation, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

struct RepayPool {
  static constexpr std::string_view kType = "RepayPool";
  static constexpr std::int64_t kSince = 2;
  ObligationId obligation;
  std::vector<Leg> legs;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("obligation", t.obligation, None{});
    v.field("legs", t.legs, Count{1, kLegsMax});
  }
};

}  // namespace mrv::model
