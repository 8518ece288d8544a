// ActivateRules, and what was not known before it.
#include "ledger/state/rules_version.h"

#include <algorithm>

#include "ledger/state/authority.h"
#include "ledger/state/pool.h"
#include "ledger/state/rules.h"

namespace mrv::state {
namespace {

using model::Outcome;

constexpr std::int64_t kSecond = 2;
constexpr auto kLastGovernedActOfFirst = model::GovernedAct::retire;

// ActivateRules is how a ledger leaves its first version, so every version knows it.
template <class Act>
constexpr std::int64_t since() {
  if constexpr (std::is_same_v<Act, model::ActivateRules>) {
    return model::kRulesVersionFirst;
  } else if constexpr (requires { Act::kSince; }) {
    return Act::kSince;
  } else {
    return model::kRulesVersionFirst;
  }
}

// A member, or a value of one, that came after its act.
struct NewerMember {
  std::string name;
  std::int64_t since = 0;
};

template <class Act>
std::optional<NewerMember> newer_member(const Act& /*act*/) {
  return std::nullopt;
}

std::optional<NewerMember> newer_member(const model::RegisterProgramme& act) {
  const auto& approvals = act.policy.approvals;
  const bool newer = std::any_of(approvals.begin(), approvals.end(), [](const auto& rule) {
    return rule.act > kLastGovernedActOfFirst;
  });
  if (newer) return NewerMember{"policy/approvals", kSecond};
  if (act.policy.lifecycle) return NewerMember{"policy/lifecycle", kSecond};
  if (act.policy.integrity) return NewerMember{"policy/integrity", kSecond};
  return std::nullopt;
}

std::optional<NewerMember> newer_member(const model::SubmitMonitoringReport& act) {
  for (std::size_t i = 0; i < act.evidence.size(); ++i) {
    const std::string item = "evidence/" + std::to_string(i);
    if (act.evidence[i].made_at) return NewerMember{item + "/madeAt", kSecond};
    if (act.evidence[i].series) return NewerMember{item + "/series", kSecond};
  }
  return std::nullopt;
}

std::optional<NewerMember> newer_member(const model::RegisterParty& act) {
  if (act.kind == model::PartyKind::account) return NewerMember{"kind", kSecond};
  return std::nullopt;
}

// Version 3 judges boundaries as areas.
std::optional<NewerMember> newer_member(const model::SubmitProject& act) {
  if (act.shares_boundary_with) return NewerMember{"sharesBoundaryWith", kProjectRulesVersion};
  return std::nullopt;
}

std::optional<NewerMember> newer_member(const model::OpenImport& act) {
  if (act.grammar == model::SerialGrammar::acr_car_art) return std::nullopt;
  return NewerMember{"grammar", kRecordRulesVersion};
}

Check newer(const std::string& pointer, std::int64_t since) {
  return refuse(Outcome::NOT_IN_RULES, pointer, "it came with version " + std::to_string(since));
}

}  // namespace

Check check_in_rules(const model::ActBody& body, std::int64_t version) {
  return std::visit(
      [version](const auto& act) -> Check {
        using Act = std::decay_t<decltype(act)>;
        if (version < since<Act>()) return newer("/type/1", since<Act>());
        const auto member = newer_member(act);
        if (!member || version >= member->since) return std::nullopt;
        return newer("/credentialSubject/" + member->name, member->since);
      },
      body);
}

std::int64_t rules_version(Context& context) {
  const auto ledger = context.ledger();
  return ledger ? ledger->rules_version : model::kRulesVersionLatest;
}

Check rule(Context& context, const model::ActivateRules& act) {
  if (auto check = require_governance(context)) return check;
  auto ledger = context.ledger();
  if (act.version <= ledger->rules_version) {
    return refuse(Outcome::RULES_NOT_NEWER, "/credentialSubject/version",
                  "in force is " + std::to_string(ledger->rules_version));
  }
  if (ledger->rules_version < kSecond) {
    index_batches(context);
    ledger->rules_since = context.recorded_at();
  }
  ledger->rules_version = act.version;
  context.write(codec::ledger_key(), *ledger);
  return std::nullopt;
}

}  // namespace mrv::state
