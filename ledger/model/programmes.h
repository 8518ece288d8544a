// Programmes and their policy, methodologies, factor tables (domain.md 1 end, 2).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/model/parties.h"

namespace mrv::model {

MRV_ENUM(AmountUnit, 3, t, kg, g)
MRV_ENUM(Opinion, 4, unmodified, modified, adverse, disclaimer)
constexpr bool is_positive(Opinion opinion) {
  return opinion == Opinion::unmodified || opinion == Opinion::modified;
}

// Acts whose approval a programme decides; all others follow the ledger's own rules. The first four
// are those of rules version 1.
MRV_ENUM(GovernedAct, 34, register_project, issue_credits, transfer, retire, submit_project,
         validate_project, amend_project, accept_amendment, suspend_project, resume_project,
         complete_project, withdraw_project, transfer_project, accept_project,
         renew_crediting_period, submit_monitoring_report, withdraw_report,
         submit_verification_statement, withdraw_statement, cancel, lock, unlock, export_, convert,
         accept_transfer, record_reversal, release_buffer, declare_over_issuance, invalidate_batch,
         repay_pool, label, unlabel, annotate_retirement, list_project)
MRV_ENUM(Liable, 2, developer, registry)

struct ApprovalRule {
  GovernedAct act = GovernedAct::register_project;
  std::int64_t approvals = 0;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("act", t.act, None{});
    v.field("approvals", t.approvals, Range{0, kApprovalsMax});
  }
};

// How projects of a programme come and go (rules version 2); the defaults hold where it is absent.
struct LifecyclePolicy {
  std::int64_t comment_seconds = 0;  // of public comment before registration; 0 = none is needed
  std::int64_t grievance_seconds = 30LL * 24 * 3600;
  std::int64_t crediting_years_max = 0;  // of one crediting period; 0 = no limit
  std::int64_t renewals_max = 0;         // 0 = no limit
  std::int64_t point_radius = 0;         // of a project without an area, in 10^-7 degree; 0 = none
  bool review_required = false;
  std::vector<std::string> signed_evidence;  // kinds that a device or laboratory signs
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("commentSeconds", t.comment_seconds, Range{0, kDelaySecondsMax});
    v.field("grievanceSeconds", t.grievance_seconds, Range{0, kDelaySecondsMax});
    v.field("creditingYearsMax", t.crediting_years_max, Range{0, 200});
    v.field("renewalsMax", t.renewals_max, Range{0, 100});
    v.field("pointRadius", t.point_radius, Range{0, 10'000'000});
    v.field("reviewRequired", t.review_required, None{});
    v.field("signedEvidence", t.signed_evidence, Count{0, 64});
  }
};

// What follows when tonnes turn out not to be there (rules version 2), likewise.
struct IntegrityPolicy {
  std::int64_t obligation_seconds = 180LL * 24 * 3600;  // to make a loss good
  std::int64_t compensation_vintage_from = 1990;
  Liable liable = Liable::developer;  // for units that left before they were invalidated
  std::optional<std::int64_t> release_after_seconds =
      std::nullopt;                                         // of the buffer, since issuance
  std::optional<DecimalText> release_share = std::nullopt;  // of a batch's buffer, at most
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("obligationSeconds", t.obligation_seconds, Range{0, kObligationSecondsMax});
    v.field("compensationVintageFrom", t.compensation_vintage_from, Range{1990, 2200});
    v.field("liable", t.liable, None{});
    v.field("releaseAfterSeconds", t.release_after_seconds, Range{0, kReleaseSecondsMax});
    v.field("releaseShare", t.release_share, None{});
  }
};

// Data, set by governance. Rates and margins are exact decimals.
struct ProgrammePolicy {
  std::vector<ApprovalRule> approvals;
  std::int64_t statements_min = 1;
  std::int64_t consecutive_periods_max = 0;  // VVB rotation; 0 = no limit
  std::vector<Opinion> accepted_opinions;
  bool transferable = true;
  bool validator_may_verify = false;
  bool gaps_allowed = false;
  DecimalText buffer_rate;
  DecimalText capacity_margin;
  std::vector<std::string> exclusive_evidence;
  std::vector<std::string> required_documents;
  std::optional<LifecyclePolicy> lifecycle = std::nullopt;
  std::optional<IntegrityPolicy> integrity = std::nullopt;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("approvals", t.approvals, Count{0, EnumNames<GovernedAct>::kCount});
    v.field("statementsMin", t.statements_min, Range{1, 16});
    v.field("consecutivePeriodsMax", t.consecutive_periods_max, Range{0, 100});
    v.field("acceptedOpinions", t.accepted_opinions, Count{1, EnumNames<Opinion>::kCount});
    v.field("transferable", t.transferable, None{});
    v.field("validatorMayVerify", t.validator_may_verify, None{});
    v.field("gapsAllowed", t.gaps_allowed, None{});
    v.field("bufferRate", t.buffer_rate, None{});
    v.field("capacityMargin", t.capacity_margin, None{});
    v.field("exclusiveEvidence", t.exclusive_evidence, Count{0, 64});
    v.field("requiredDocuments", t.required_documents, Count{0, 64});
    v.field("lifecycle", t.lifecycle, None{});
    v.field("integrity", t.integrity, None{});
  }
};

struct RegisterProgramme {
  static constexpr std::string_view kType = "RegisterProgramme";
  std::string code;
  Name name;
  AmountUnit unit = AmountUnit::t;
  ProgrammePolicy policy;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("code", t.code, Code{1, 12});
    v.field("name", t.name, None{});
    v.field("unit", t.unit, None{});
    v.field("policy", t.policy, None{});
  }
};

// The whole policy that holds once the review delay has passed. The unit never changes.
struct AmendProgramme {
  static constexpr std::string_view kType = "AmendProgramme";
  static constexpr std::int64_t kSince = 2;
  ProgrammeId programme;
  std::optional<Name> name = std::nullopt;
  ProgrammePolicy policy;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("programme", t.programme, None{});
    v.field("name", t.name, None{});
    v.field("policy", t.policy, None{});
  }
};

// The identity of a table or methodology is the SHA-256 of `document`'s canonical bytes.
struct RegisterFactorTable {
  static constexpr std::string_view kType = "RegisterFactorTable";
  RawJson document;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("document", t.document, None{});
  }
};

struct RegisterMethodology {
  static constexpr std::string_view kType = "RegisterMethodology";
  RawJson document;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("document", t.document, None{});
  }
};

// `digest` names a registered methodology or factor table.
struct ActivateMethodology {
  static constexpr std::string_view kType = "ActivateMethodology";
  Hash digest{};
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("digest", t.digest, None{});
  }
};

// No report whose period ends after `last_period_end` is accepted under it.
struct RetireMethodology {
  static constexpr std::string_view kType = "RetireMethodology";
  static constexpr std::int64_t kSince = 2;
  Hash digest{};
  Day last_period_end;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("digest", t.digest, NoBlob{});
    v.field("lastPeriodEnd", t.last_period_end, None{});
  }
};

}  // namespace mrv::model
