// What the acts on a project have in common (schemas/spec/registry.md 5).
#pragma once

#include <initializer_list>

#include "ledger/state/authority.h"
#include "ledger/state/context.h"

namespace mrv::state {

// PROJECT_UNKNOWN at the act's `project`.
Check read_project(Context& context, const model::ProjectId& id, model::ProjectRow& out);
// PROJECT_NOT_OF_PARTY.
Check require_developer_of(const model::ProjectRow& project, const ActingParty& acting);
// PROJECT_STATE_WRONG.
Check require_state(const model::ProjectRow& project,
                    std::initializer_list<model::ProjectState> states);

// The developer of an own act on its project: signature, role, project, developer, state.
Check read_own_project(Context& context, const model::ProjectId& id,
                       std::initializer_list<model::ProjectState> states, model::ProjectRow& out);
// The registry's act on a project, likewise.
Check read_registry_project(Context& context, const model::ProjectId& id,
                            std::initializer_list<model::ProjectState> states,
                            model::ProjectRow& out);

// The new state, and from version 3 on by which act of whom, and why.
void change_state(Context& context, model::ProjectRow& project, model::ProjectState state,
                  std::optional<std::string> reason = std::nullopt);

// Where the days begin that no issued or live report covers: nothing before can change any more.
model::Day open_from(Context& context, const model::ProjectRow& project);

// Whether the methodology changes on a day inside the period, and the one that holds on a day.
bool changes_within(const model::ProjectRow& project, const model::Period& period);
const Hash& methodology_on(const model::ProjectRow& project, model::Day day);

// A methodology that a project may be credited under: registered, active, no table, no inventory.
// STANDARD_UNKNOWN, METHODOLOGY_NOT_ACTIVE, METHODOLOGY_CREDITS_NOTHING, at `pointer`.
Check check_credits(Context& context, const Hash& methodology, const std::string& pointer);
// At most so many years of 366 days, 0 being any number: CREDITING_PERIOD_TOO_LONG, at `pointer`.
Check check_years(const model::Period& days, std::int64_t years_max, const std::string& pointer);

// The policy of the project's programme as it holds at this entry.
model::ProgrammePolicy policy_of_project(Context& context, const model::ProjectRow& project);

std::vector<std::string> kinds_of(const std::vector<model::ManifestItem>& manifest);

}  // namespace mrv::state
