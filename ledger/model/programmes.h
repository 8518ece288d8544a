// Programmes and their policy, methodologies, factor tables (domain.md 1 end, 2).
#pragma once

#include <string>
#include <vector>

#include "ledger/model/parties.h"

namespace mrv::model {

MRV_ENUM(AmountUnit, 3, t, kg, g)
MRV_ENUM(Opinion, 4, unmodified, modified, adverse, disclaimer)

// Acts whose approval a programme decides; all others follow the ledger's own rules.
MRV_ENUM(GovernedAct, 4, register_project, issue_credits, transfer, retire)

struct ApprovalRule {
  GovernedAct act = GovernedAct::register_project;
  std::int64_t approvals = 0;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("act", t.act, None{});
    v.field("approvals", t.approvals, Range{0, kApprovalsMax});
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

}  // namespace mrv::model
