// The policy of a programme and of an account as it holds at one entry.
#pragma once

#include "ledger/state/context.h"

namespace mrv::state {

// As it held for the entry `at` recorded at `now`, whatever was amended since: an amendment holds
// from the entry after its own on, and for acts recorded at or after its day.
[[nodiscard]] const model::ProgrammePolicy& policy_at(const model::ProgrammeRow& programme,
                                                      EntryIndex at, TimestampMs now);
[[nodiscard]] const model::ProgrammePolicy& policy_of(const Context& context,
                                                      const model::ProgrammeRow& programme);

// The parts of version 2, with their defaults where the programme is silent.
[[nodiscard]] model::LifecyclePolicy lifecycle_of(const model::ProgrammePolicy& policy);
[[nodiscard]] model::IntegrityPolicy integrity_of(const model::ProgrammePolicy& policy);

// What an account has asked for and what of it holds by now. A party that never set a policy has
// neither four eyes nor auto-accept and trusts nobody.
struct AccountPolicy {
  bool four_eyes = false;
  bool auto_accept = false;
  std::vector<model::PartyId> trusted;
  [[nodiscard]] bool trusts(const model::PartyId& party) const;
};
AccountPolicy account_policy(Context& context, const model::PartyId& account);

}  // namespace mrv::state
