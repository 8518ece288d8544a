// Which acts and members the rules in force know (schemas/spec/registry.md 1).
#pragma once

#include "ledger/state/context.h"

namespace mrv::state {

// NOT_IN_RULES for an act, or a member of one, that a later version of the rules brought.
Check check_in_rules(const model::ActBody& body, std::int64_t version);

// The version in force at this entry; the latest before Genesis.
std::int64_t rules_version(Context& context);

// From version 3 on a project has a life after its registration, and its boundary is an area.
inline constexpr std::int64_t kProjectRulesVersion = 3;

// From version 4 on the guards of registry.md 9 hold.
inline constexpr std::int64_t kGuardRulesVersion = 4;

// From version 5 on records tell more (registry.md 10).
inline constexpr std::int64_t kRecordRulesVersion = 5;

}  // namespace mrv::state
