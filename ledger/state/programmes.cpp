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
  return std::nullopt;
}

}  // namespace

Check rule(Context& context, const model::RegisterProgramme& act) {
  if (auto check = require_governance(context)) return check;
  if (!act.name.en && !act.name.zh) {
    return refuse(Outcome::NAME_MISSING, "/credentialSubject/name");
  }
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

}  // namespace mrv::state
