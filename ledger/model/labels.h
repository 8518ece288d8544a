// Labels on serials (domain.md 8).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/model/transfers.h"

namespace mrv::model {

MRV_ENUM(LabelKind, 7, corsia, ccp, article6, adjustment, sdg, activity, durability)
MRV_ENUM(Article6Use, 3, ndc, international_mitigation, other)
MRV_ENUM(AdjustmentStatus, 3, not_required, promised, applied)
MRV_ENUM(ActivityEffect, 2, removal, reduction)
MRV_ENUM(ActivityNature, 2, nature, technical)

struct LabelledSerials {
  BatchId batch;
  Units first = 0;
  Units last = 0;
  friend bool operator==(const LabelledSerials&, const LabelledSerials&) = default;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("batch", t.batch, None{});
    v.field("first", t.first, Range{1, kUnitsMax});
    v.field("last", t.last, Range{1, kUnitsMax});
  }
};

struct CorsiaLabel {
  std::string phase;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("phase", t.phase, Text{1, 64});
  }
};

// Authorisation by a Party to the Paris Agreement.
struct Article6Label {
  std::string party;
  std::vector<Article6Use> uses;
  Hash letter_digest{};
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("party", t.party, Code{2, 2});
    v.field("uses", t.uses, Count{1, kLabelUsesMax});
    v.field("letterDigest", t.letter_digest, None{});
  }
};

struct AdjustmentLabel {
  std::string party;
  AdjustmentStatus status = AdjustmentStatus::not_required;
  std::optional<Day> deadline;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("party", t.party, Code{2, 2});
    v.field("status", t.status, None{});
    v.field("deadline", t.deadline, None{});
  }
};

struct SdgLabel {
  std::vector<std::string> goals;  // "1" to "17"
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("goals", t.goals, Count{1, kGoalsMax});
  }
};

struct ActivityLabel {
  ActivityEffect effect = ActivityEffect::removal;
  ActivityNature nature = ActivityNature::nature;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("effect", t.effect, None{});
    v.field("nature", t.nature, None{});
  }
};

struct DurabilityLabel {
  std::int64_t years = 0;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("years", t.years, Range{1, 1'000'000});
  }
};

// The part that the kind asks for, and no other; `ccp` has none.
struct Label {
  static constexpr std::string_view kType = "Label";
  static constexpr std::int64_t kSince = 2;
  LabelKind kind = LabelKind::ccp;
  std::vector<LabelledSerials> serials;
  TimestampMs from;
  std::optional<TimestampMs> until;
  std::optional<CorsiaLabel> corsia;
  std::optional<Article6Label> article6;
  std::optional<AdjustmentLabel> adjustment;
  std::optional<SdgLabel> sdg;
  std::optional<ActivityLabel> activity;
  std::optional<DurabilityLabel> durability;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("kind", t.kind, None{});
    v.field("serials", t.serials, Count{1, kLegsMax});
    v.field("from", t.from, None{});
    v.field("until", t.until, None{});
    v.field("corsia", t.corsia, None{});
    v.field("article6", t.article6, None{});
    v.field("adjustment", t.adjustment, None{});
    v.field("sdg", t.sdg, None{});
    v.field("activity", t.activity, None{});
    v.field("durability", t.durability, None{});
  }
};

struct Unlabel {
  static constexpr std::string_view kType = "Unlabel";
  static constexpr std::int64_t kSince = 2;
  LabelId label;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("label", t.label, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

}  // namespace mrv::model
