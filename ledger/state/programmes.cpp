// Programmes and their policy (domain.md 2).
#include <algorithm>
#include <cassert>
#include <set>

#include "crypto/sha256.h"
#include "ledger/base/rational.h"
#include "ledger/state/authority.h"
#include "ledger/state/rules.h"

namespace mrv::state {
namespace {

using model::GovernedAct;
using model::Outcome;

// The buffer's rate is a share, the margin no less than nothing, and each act has one rule.
Check check_policy(const model::ProgrammePolicy& policy) {
  const std::string pointer = "/credentialSubject/policy/";
  const auto rate = Rational::parse(policy.buffer_rate.text);
  if (!rate.ok() || rate->is_negative() || *rate > Rational(1)) {
    return refuse(Outcome::DECIMAL_INVALID, pointer + "bufferRate", "a share between 0 and 1");
  }
  const auto margin = Rational::parse(policy.capacity_margin.text);
  if (!margin.ok() || margin->is_negative()) {
    return refuse(Outcome::DECIMAL_INVALID, pointer + "capacityMargin", "not below 0");
  }
  std::set<GovernedAct> acts;
  for (const auto& approval : policy.approvals) {
    if (!acts.insert(approval.act).second) {
      return refuse(Outcome::ITEM_REPEATED, pointer + "approvals");
    }
  }
  if (!policy.integrity || !policy.integrity->release_share) return std::nullopt;
  const auto share = Rational::parse(policy.integrity->release_share->text);
  if (share.ok() && !share->is_negative() && *share <= Rational(1)) return std::nullopt;
  return refuse(Outcome::DECIMAL_INVALID, pointer + "integrity/releaseShare",
                "a share between 0 and 1");
}

Check check_name(const model::Name& name) {
  if (name.en || name.zh) return std::nullopt;
  return refuse(Outcome::NAME_MISSING, "/credentialSubject/name");
}

}  // namespace

Check rule(Context& context, const model::RegisterProgramme& act) {
  if (auto check = require_governance(context)) return check;
  if (auto check = check_name(act.name)) return check;
  if (auto check = check_policy(act.policy)) return check;
  const Bytes code = codec::code_key("programme", act.code);
  if (context.read<model::CodeRow>(code)) {
    return refuse(Outcome::CODE_TAKEN, "/credentialSubject/code");
  }
  model::ProgrammeRow row;
  row.id = model::ProgrammeId::of(context.act().digest);
  row.entry = context.index();
  row.code = act.code;
  row.name = act.name;
  row.unit = act.unit;
  row.policies = {{{context.index().next(), std::nullopt}, act.policy}};
  context.create(codec::programme_key(row.id), row);
  context.write(code, model::CodeRow{"programme", act.code, row.id.text()});
  return std::nullopt;
}

// Whoever relies on the policy in force has the review delay to see what comes. The versions before
// stay: which of them holds is a matter of time (policy.h).
Check rule(Context& context, const model::AmendProgramme& act) {
  if (auto check = require_governance(context)) return check;
  auto programme = context.read<model::ProgrammeRow>(codec::programme_key(act.programme));
  if (!programme) {
    return refuse(Outcome::PROGRAMME_UNKNOWN, "/credentialSubject/programme");
  }
  if (act.name) {
    if (auto check = check_name(*act.name)) return check;
    programme->name = *act.name;
  }
  if (auto check = check_policy(act.policy)) return check;
  const auto delay = context.ledger()->delays.activation_seconds * kMsPerSecond;
  programme->policies.push_back({{context.index().next(), std::nullopt},
                                 act.policy,
                                 TimestampMs{context.recorded_at().value() + delay}});
  context.write(codec::programme_key(programme->id), *programme);
  return std::nullopt;
}

}  // namespace mrv::state
