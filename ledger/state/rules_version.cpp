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
constexpr std::int64_t kThird = 3;
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

// The first member of an act of version 1 that version 2 brought.
template <class Act>
std::optional<std::string> newer_member(const Act& /*act*/) {
  return std::nullopt;
}

// The same of version 3, which judges boundaries as areas.
template <class Act>
std::optional<std::string> member_of_third(const Act& act) {
  if constexpr (std::is_same_v<Act, model::SubmitProject>) {
    if (act.shares_boundary_with) return "sharesBoundaryWith";
  }
  return std::nullopt;
}

std::optional<std::string> newer_member(const model::RegisterProgramme& act) {
  const auto& approvals = act.policy.approvals;
  const bool newer = std::any_of(approvals.begin(), approvals.end(), [](const auto& rule) {
    return rule.act > kLastGovernedActOfFirst;
  });
  if (newer) return "policy/approvals";
  if (act.policy.lifecycle) return "policy/lifecycle";
  if (act.policy.integrity) return "policy/integrity";
  return std::nullopt;
}

std::optional<std::string> newer_member(const model::SubmitMonitoringReport& act) {
  for (std::size_t i = 0; i < act.evidence.size(); ++i) {
    const std::string item = "evidence/" + std::to_string(i);
    if (act.evidence[i].made_at) return item + "/madeAt";
    if (act.evidence[i].series) return item + "/series";
  }
  return std::nullopt;
}

std::optional<std::string> newer_member(const model::RegisterParty& act) {
  if (act.kind == model::PartyKind::account) return "kind";
  return std::nullopt;
}

Check newer(const std::string& member, std::int64_t version) {
  return refuse(Outcome::NOT_IN_RULES, "/credentialSubject/" + member,
                "it came with version " + std::to_string(version));
}

}  // namespace

Check check_in_rules(const model::ActBody& body, std::int64_t version) {
  return std::visit(
      [version](const auto& act) -> Check {
        using Act = std::decay_t<decltype(act)>;
        if (version < since<Act>()) {
          return refuse(Outcome::NOT_IN_RULES, "/type/1",
                        "it came with version " + std::to_string(since<Act>()));
        }
        if (version < kThird) {
          if (const auto member = member_of_third(act)) return newer(*member, kThird);
        }
        if (version >= kSecond) return std::nullopt;
        const auto member = newer_member(act);
        return member ? newer(*member, kSecond) : std::nullopt;
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
