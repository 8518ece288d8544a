// Rows about findings and reviews (rules version 2).
#pragma once

#include <optional>
#include <string>

#include "ledger/model/findings.h"
#include "ledger/model/row_parts.h"

namespace mrv::model {

struct FindingRow {
  static constexpr std::uint8_t kTag = 0x1F;
  FindingId id;
  EntryIndex entry;
  ReportId report;
  PartyId vvb;
  FindingKind kind = FindingKind::CAR;
  std::string text;
  std::optional<Hash> digest;
  TimestampMs deadline;
  std::optional<EntryIndex> answered;  // the last answer; its text is in that entry
  std::optional<EntryIndex> closed;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("report", t.report, None{});
    v.field("vvb", t.vvb, None{});
    v.field("kind", t.kind, None{});
    v.field("text", t.text, Text{1, kNoteBytesMax, true});
    v.field("digest", t.digest, None{});
    v.field("deadline", t.deadline, None{});
    v.field("answered", t.answered, None{});
    v.field("closed", t.closed, None{});
  }
};

struct StatementReview {
  KeyBytes key;
  EntryIndex entry;
  Decision decision = Decision::approve;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("key", t.key, None{});
    v.field("entry", t.entry, None{});
    v.field("decision", t.decision, None{});
  }
};

}  // namespace mrv::model
