// SubmitProject, ValidateProject, RegisterProject (domain.md 3).
#include <algorithm>

#include "ledger/state/boundaries.h"
#include "ledger/state/independence.h"
#include "ledger/state/methodology_use.h"
#include "ledger/state/policy.h"
#include "ledger/state/project_amendments.h"
#include "ledger/state/project_changes.h"
#include "ledger/state/rules.h"
#include "ledger/state/rules_version.h"

namespace mrv::state {
namespace {

using model::Outcome;
using model::ProjectState;
using model::Role;

// What a programme says of the coming of projects holds from version 3 on.
model::LifecyclePolicy lifecycle_in_force(Context& context, const model::ProgrammePolicy& policy) {
  if (rules_version(context) < kProjectRulesVersion) return {};
  return lifecycle_of(policy);
}

// One that credits, and takes reports from the first day on.
Check check_methodology(Context& context, const model::SubmitProject& act) {
  const std::string pointer = "/credentialSubject/methodology";
  if (auto check = check_credits(context, act.methodology, pointer)) return check;
  return require_in_use_from(context, act.methodology, act.crediting_period.from, pointer);
}

// Public comment, where the programme wants it, has been asked for and is over.
Check check_comment(const Context& context, const model::ProjectRow& project,
                    const model::LifecyclePolicy& lifecycle) {
  const std::string pointer = "/credentialSubject/project";
  if (lifecycle.comment_seconds == 0) return std::nullopt;
  if (!project.listing) return refuse(Outcome::PROJECT_NOT_LISTED, pointer);
  if (project.listing->comment_until < context.recorded_at()) return std::nullopt;
  return refuse(Outcome::COMMENT_PERIOD_OPEN, pointer);
}

model::ProjectRow project_row(const Context& context, const model::SubmitProject& act,
                              const ActingParty& acting) {
  model::ProjectRow row;
  row.id = model::ProjectId::of(context.act().digest);
  row.entry = context.index();
  row.digest = context.act().digest;
  row.developer = acting.party.id;
  row.programme = act.programme;
  row.methodology = act.methodology;
  row.activity_type = act.activity_type;
  row.sector = act.sector;
  row.name = act.name;
  row.country = act.country;
  row.boundary_digest = act.boundary_digest;
  row.crediting_period = act.crediting_period;
  row.capacity_per_year = act.capacity_per_year;
  row.document_kinds = kinds_of(act.manifest);
  row.listings = act.listings;
  row.shares_boundary_with = act.shares_boundary_with;
  return row;
}

}  // namespace

Check rule(Context& context, const model::SubmitProject& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {Role::developer}, acting)) {
    return check;
  }
  if (!act.name.en && !act.name.zh) {
    return refuse(Outcome::NAME_MISSING, "/credentialSubject/name");
  }
  if (act.crediting_period.to <= act.crediting_period.from) {
    return refuse(Outcome::PERIOD_INVALID, "/credentialSubject/creditingPeriod");
  }
  const auto programme = context.read<model::ProgrammeRow>(codec::programme_key(act.programme));
  if (!programme) return refuse(Outcome::PROGRAMME_UNKNOWN, "/credentialSubject/programme");
  if (auto check = check_methodology(context, act)) return check;
  const auto lifecycle = lifecycle_in_force(context, policy_of(context, *programme));
  const std::string boundary = "/credentialSubject/boundaryDigest";
  Ground ground;
  if (auto check =
          read_ground(context, act.boundary_digest, lifecycle.point_radius, boundary, ground)) {
    return check;
  }
  auto row = project_row(context, act, acting);
  if (auto check = check_free(context, row, ground, row.crediting_period, boundary)) return check;
  if (auto check = check_years(act.crediting_period, lifecycle.crediting_years_max,
                               "/credentialSubject/creditingPeriod")) {
    return check;
  }
  take_ground(context, row, ground);
  change_state(context, row, ProjectState::submitted);
  context.create(codec::project_key(row.id), row);
  return std::nullopt;
}

Check rule(Context& context, const model::ValidateProject& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {Role::vvb}, acting)) {
    return check;
  }
  model::ProjectRow project;
  if (auto check = read_project(context, act.project, project)) return check;
  if (project.amendment) return validate_amendment(context, act, acting, project);
  if (auto check = require_state(project, {ProjectState::submitted})) return check;
  if (act.digest != project.document.value_or(project.digest)) {
    return refuse(Outcome::PROJECT_DIGEST_DIFFERS, "/credentialSubject/digest");
  }
  if (auto check = check_accredited(context, acting.party.id, project)) return check;
  if (auto check = check_independent(context, acting.party, project)) return check;
  const bool passes = model::is_positive(act.opinion);
  if (!passes) release_ground(context, project, project.crediting_period.from);
  project.validator = acting.party.id;
  project.validated = context.index();
  change_state(context, project, passes ? ProjectState::validated : ProjectState::rejected);
  context.write(codec::project_key(project.id), project);
  return std::nullopt;
}

Check rule(Context& context, const model::RegisterProject& act) {
  model::ProjectRow project;
  if (auto check =
          read_registry_project(context, act.project, {ProjectState::validated}, project)) {
    return check;
  }
  // The second person approves what the first one saw.
  const bool is_another = context.proposed_at() && *context.proposed_at() < project.validated;
  if (is_another && rules_version(context) >= kGuardRulesVersion) {
    return refuse(Outcome::PROJECT_DIGEST_DIFFERS, "/credentialSubject/project",
                  "it was validated again after this was proposed");
  }
  const auto policy = policy_of_project(context, project);
  if (auto check = check_comment(context, project, lifecycle_in_force(context, policy))) {
    return check;
  }
  for (const auto& kind : policy.required_documents) {
    const auto& given = project.document_kinds;
    if (std::find(given.begin(), given.end(), kind) == given.end()) {
      return refuse(Outcome::DOCUMENT_KIND_MISSING, "/credentialSubject/project", kind);
    }
  }
  const std::string space = project.programme.text();
  const Bytes code = codec::code_key(space, act.code);
  if (context.read<model::CodeRow>(code)) {
    return refuse(Outcome::CODE_TAKEN, "/credentialSubject/code");
  }
  project.code = act.code;
  project.registered = context.index();
  change_state(context, project, ProjectState::registered);
  context.write(code, model::CodeRow{space, act.code, project.id.text()});
  context.write(codec::project_key(project.id), project);
  return std::nullopt;
}

}  // namespace mrv::state
