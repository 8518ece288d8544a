// Policies by time.
#include "ledger/state/policy.h"

#include <algorithm>
#include <cassert>

namespace mrv::state {

const model::ProgrammePolicy& policy_at(const model::ProgrammeRow& programme, EntryIndex at,
                                        TimestampMs now) {
  assert(!programme.policies.empty());
  // The first version, of the registration, holds at once.
  for (std::size_t i = programme.policies.size(); i-- > 1;) {
    const auto& version = programme.policies[i];
    const auto& from = version.effective_from;
    if (version.in_force.from <= at && (!from || *from <= now)) return version.policy;
  }
  return programme.policies.front().policy;
}

const model::ProgrammePolicy& policy_of(const Context& context,
                                        const model::ProgrammeRow& programme) {
  return policy_at(programme, context.index(), context.recorded_at());
}

model::LifecyclePolicy lifecycle_of(const model::ProgrammePolicy& policy) {
  return policy.lifecycle.value_or(model::LifecyclePolicy{});
}

model::IntegrityPolicy integrity_of(const model::ProgrammePolicy& policy) {
  return policy.integrity.value_or(model::IntegrityPolicy{});
}

bool AccountPolicy::trusts(const model::PartyId& party) const {
  return std::find(trusted.begin(), trusted.end(), party) != trusted.end();
}

AccountPolicy account_policy(Context& context, const model::PartyId& account) {
  AccountPolicy policy;
  const auto row = context.read<model::AccountPolicyRow>(codec::account_policy_key(account));
  if (!row) return policy;
  const auto& version = row->versions.back();
  const TimestampMs now = context.recorded_at();
  policy.four_eyes =
      version.four_eyes || (version.four_eyes_until && now < *version.four_eyes_until);
  policy.auto_accept =
      version.auto_accept && (!version.auto_accept_from || *version.auto_accept_from <= now);
  for (const auto& trusted : version.trusted) {
    if (trusted.from <= now) policy.trusted.push_back(trusted.party);
  }
  return policy;
}

}  // namespace mrv::state
