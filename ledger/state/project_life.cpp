// SuspendProject, ResumeProject, CompleteProject, WithdrawProject; TransferProject, AcceptProject.
#include "ledger/base/time.h"
#include "ledger/state/boundaries.h"
#include "ledger/state/project_amendments.h"
#include "ledger/state/project_changes.h"
#include "ledger/state/rules.h"

namespace mrv::state {
namespace {

using model::Outcome;
using model::ProjectState;
using model::Role;

void write(Context& context, const model::ProjectRow& project) {
  context.write(codec::project_key(project.id), project);
}

// The registry suspends and resumes.
template <class Act>
Check change_by_registry(Context& context, const Act& act, ProjectState from, ProjectState to) {
  model::ProjectRow project;
  if (auto check = read_registry_project(context, act.project, {from}, project)) return check;
  change_state(context, project, to, act.reason);
  write(context, project);
  return std::nullopt;
}

// Its developer, or the registry.
Check check_may_withdraw(Context& context, const model::ProjectRow& project,
                         const ActingParty& acting) {
  if (has_role(context, acting.party, Role::registry)) return std::nullopt;
  return require_developer_of(project, acting);
}

// Another party that may have projects.
Check check_recipient(Context& context, const model::PartyId& to) {
  const std::string pointer = "/credentialSubject/to";
  const auto party = context.read<model::PartyRow>(codec::party_key(to));
  if (!party) return refuse(Outcome::PARTY_UNKNOWN, pointer);
  if (party->owner) return refuse(Outcome::ACCOUNT_NESTED, pointer);
  if (require_admitted(context, *party, pointer) || !has_role(context, *party, Role::developer)) {
    return refuse(Outcome::RECIPIENT_NOT_ADMITTED, pointer);
  }
  return std::nullopt;
}

}  // namespace

Check rule(Context& context, const model::SuspendProject& act) {
  return change_by_registry(context, act, ProjectState::registered, ProjectState::suspended);
}

Check rule(Context& context, const model::ResumeProject& act) {
  return change_by_registry(context, act, ProjectState::suspended, ProjectState::registered);
}

Check rule(Context& context, const model::CompleteProject& act) {
  model::ProjectRow project;
  if (auto check = read_own_project(context, act.project, {ProjectState::registered}, project)) {
    return check;
  }
  const auto& period = project.crediting_period;
  const model::Day open = open_from(context, project);
  if (act.until <= period.from || act.until < open || period.to < act.until) {
    return refuse(Outcome::CHANGE_DAY_INVALID, "/credentialSubject/until",
                  "after " + day_text(period.from.days) + ", from " + day_text(open.days) + " to " +
                      day_text(period.to.days));
  }
  end_amendment(context, project);
  end_ground(context, project, act.until);
  project.crediting_period.to = act.until;
  change_state(context, project, ProjectState::completed, act.reason);
  write(context, project);
  return std::nullopt;
}

Check rule(Context& context, const model::WithdrawProject& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate,
                                 {Role::developer, Role::registry}, acting)) {
    return check;
  }
  model::ProjectRow project;
  if (auto check = read_project(context, act.project, project)) return check;
  if (auto check = check_may_withdraw(context, project, acting)) return check;
  if (auto check = require_state(project, {ProjectState::submitted, ProjectState::validated,
                                           ProjectState::registered, ProjectState::suspended})) {
    return check;
  }
  if (!project.live_reports.empty()) return refuse(Outcome::REPORTS_LIVE, at("project"));
  end_amendment(context, project);
  release_ground(context, project, open_from(context, project));
  project.offered_to.reset();
  project.offered.reset();
  change_state(context, project, ProjectState::withdrawn, act.reason);
  write(context, project);
  return std::nullopt;
}

Check rule(Context& context, const model::TransferProject& act) {
  model::ProjectRow project;
  if (auto check = read_own_project(
          context, act.project,
          {ProjectState::submitted, ProjectState::validated, ProjectState::registered,
           ProjectState::suspended, ProjectState::completed},
          project)) {
    return check;
  }
  if (act.to == project.developer) {
    if (!project.offered_to) {
      return refuse(Outcome::RECIPIENT_IS_SENDER, "/credentialSubject/to");
    }
    project.offered_to.reset();
    project.offered.reset();
    write(context, project);
    return std::nullopt;
  }
  if (auto check = check_recipient(context, act.to)) return check;
  project.offered_to = act.to;
  project.offered = context.index();
  write(context, project);
  return std::nullopt;
}

Check rule(Context& context, const model::AcceptProject& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {Role::developer}, acting)) {
    return check;
  }
  model::ProjectRow project;
  if (auto check = read_project(context, act.project, project)) return check;
  if (project.offered_to != acting.party.id) {
    return refuse(Outcome::PROJECT_NOT_OFFERED, at("project"));
  }
  const auto seller = context.read<model::PartyRow>(codec::party_key(project.developer));
  if (!seller) return refuse(Outcome::PARTY_UNKNOWN, at("project"));
  if (auto check = require_admitted(context, *seller, at("project"))) return check;
  if (!project.former_developers) project.former_developers.emplace();
  project.former_developers->push_back({project.developer, *project.offered, context.index()});
  project.developer = acting.party.id;
  project.offered_to.reset();
  project.offered.reset();
  write(context, project);
  return std::nullopt;
}

}  // namespace mrv::state
