// Findings of a verification, its internal review, statements taken back (domain.md 4).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/model/reports.h"

namespace mrv::model {

// Corrective action request, clarification request, forward action request.
MRV_ENUM(FindingKind, 3, CAR, CL, FAR)

struct RaiseFinding {
  static constexpr std::string_view kType = "RaiseFinding";
  static constexpr std::int64_t kSince = 2;
  ReportId report;
  FindingKind kind = FindingKind::CAR;
  std::string text;
  TimestampMs deadline;
  std::optional<Hash> digest;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("report", t.report, None{});
    v.field("kind", t.kind, None{});
    v.field("text", t.text, Text{1, kNoteBytesMax, true});
    v.field("deadline", t.deadline, None{});
    v.field("digest", t.digest, None{});
  }
};

struct AnswerFinding {
  static constexpr std::string_view kType = "AnswerFinding";
  static constexpr std::int64_t kSince = 2;
  FindingId finding;
  std::string text;
  std::vector<Hash> digests;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("finding", t.finding, None{});
    v.field("text", t.text, Text{1, kNoteBytesMax, true});
    v.field("digests", t.digests, Count{0, kEvidenceMax});
  }
};

struct CloseFinding {
  static constexpr std::string_view kType = "CloseFinding";
  static constexpr std::int64_t kSince = 2;
  FindingId finding;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("finding", t.finding, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

// By another person of the same VVB, with a key bound for `review`.
struct ReviewVerification {
  static constexpr std::string_view kType = "ReviewVerification";
  static constexpr std::int64_t kSince = 2;
  StatementId statement;
  Decision decision = Decision::approve;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("statement", t.statement, None{});
    v.field("decision", t.decision, None{});
    v.field("reason", t.reason, Text{0, kNoteBytesMax, true});
  }
};

struct WithdrawStatement {
  static constexpr std::string_view kType = "WithdrawStatement";
  static constexpr std::int64_t kSince = 2;
  StatementId statement;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("statement", t.statement, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

}  // namespace mrv::model
