// ListProject, Comment, RaiseGrievance, ResolveGrievance: the public has a say.
#include "ledger/state/policy.h"
#include "ledger/state/project_changes.h"
#include "ledger/state/rules.h"

namespace mrv::state {
namespace {

using model::Outcome;
using model::ProjectState;
using model::Role;

TimestampMs after(const Context& context, std::int64_t seconds) {
  return TimestampMs{context.recorded_at().value() + seconds * kMsPerSecond};
}

// Any admitted party, on a project that there is.
Check read_public(Context& context, const model::ProjectId& id, ActingParty& acting,
                  model::ProjectRow& project) {
  if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  return read_project(context, id, project);
}

}  // namespace

Check rule(Context& context, const model::ListProject& act) {
  model::ProjectRow project;
  if (auto check = read_registry_project(
          context, act.project, {ProjectState::submitted, ProjectState::validated}, project)) {
    return check;
  }
  if (project.listing) return refuse(Outcome::STATUS_UNCHANGED, at("project"));
  const auto lifecycle = lifecycle_of(policy_of_project(context, project));
  project.listing = model::Listing{context.index(), after(context, lifecycle.comment_seconds)};
  context.write(codec::project_key(project.id), project);
  return std::nullopt;
}

Check rule(Context& context, const model::Comment& act) {
  ActingParty acting;
  model::ProjectRow project;
  if (auto check = read_public(context, act.project, acting, project)) return check;
  if (!project.listing) return refuse(Outcome::PROJECT_NOT_LISTED, at("project"));
  if (project.listing->comment_until < context.recorded_at()) {
    return refuse(Outcome::COMMENT_PERIOD_CLOSED, at("project"));
  }
  const auto id = model::CommentId::of(context.act().digest);
  context.create(codec::comment_key(id), model::CommentRow{id, context.index(), project.id,
                                                           acting.party.id, act.text, act.digest});
  context.overlay().put(codec::pair_key(codec::kProjectCommentTag, project.id, id), Bytes{});
  return std::nullopt;
}

Check rule(Context& context, const model::RaiseGrievance& act) {
  ActingParty acting;
  model::ProjectRow project;
  if (auto check = read_public(context, act.project, acting, project)) return check;
  const auto lifecycle = lifecycle_of(policy_of_project(context, project));
  model::GrievanceRow row;
  row.id = model::GrievanceId::of(context.act().digest);
  row.entry = context.index();
  row.project = project.id;
  row.party = acting.party.id;
  row.text = act.text;
  row.digest = act.digest;
  row.deadline = after(context, lifecycle.grievance_seconds);
  context.create(codec::grievance_key(row.id), row);
  context.overlay().put(codec::pair_key(codec::kProjectGrievanceTag, project.id, row.id), Bytes{});
  return std::nullopt;
}

Check rule(Context& context, const model::ResolveGrievance& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate,
                                 {Role::registry, Role::authority}, acting)) {
    return check;
  }
  auto row = context.read<model::GrievanceRow>(codec::grievance_key(act.grievance));
  if (!row) return refuse(Outcome::GRIEVANCE_UNKNOWN, "/credentialSubject/grievance");
  if (row->resolved) return refuse(Outcome::GRIEVANCE_RESOLVED, "/credentialSubject/grievance");
  row->resolution = act.resolution;
  row->reason = act.reason;
  row->answer_digest = act.digest;
  row->resolved = context.index();
  context.write(codec::grievance_key(row->id), *row);
  return std::nullopt;
}

}  // namespace mrv::state
