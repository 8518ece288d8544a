// SubmitProject, ValidateProject, RegisterProject (domain.md 3).
#include <algorithm>
#include <cassert>

#include "ledger/codec/methodology_codec.h"
#include "ledger/state/authority.h"
#include "ledger/state/independence.h"
#include "ledger/state/methodology_use.h"
#include "ledger/state/policy.h"
#include "ledger/state/rules.h"

namespace mrv::state {
namespace {

using model::Outcome;
using model::ProjectState;
using model::Role;

bool is_positive(model::Opinion opinion) {
  return opinion == model::Opinion::unmodified || opinion == model::Opinion::modified;
}

// The project's methodology: registered, active, no table, no inventory.
Check check_methodology(Context& context, const Hash& digest) {
  const auto standard = context.read<model::StandardRow>(codec::standard_key(digest));
  if (!standard || standard->is_table) {
    return refuse(Outcome::STANDARD_UNKNOWN, "/credentialSubject/methodology");
  }
  if (!standard->activated) {
    return refuse(Outcome::METHODOLOGY_NOT_ACTIVE, "/credentialSubject/methodology");
  }
  const auto document = codec::decode_methodology(standard->document.canonical);
  assert(document.ok());
  if (document->purpose == model::Purpose::inventory) {
    return refuse(Outcome::METHODOLOGY_CREDITS_NOTHING, "/credentialSubject/methodology");
  }
  return std::nullopt;
}

bool overlap(const model::Period& a, const model::Period& b) {
  return a.from < b.to && b.from < a.to;
}

// A boundary earns credits once at any time: no live project of the same boundary may have a
// crediting period that meets this one's. The same boundary is the same digest.
Check check_boundary(Context& context, const model::SubmitProject& act, model::BoundaryRow& out) {
  const auto row = context.read<model::BoundaryRow>(codec::boundary_key(act.boundary_digest));
  out = row.value_or(model::BoundaryRow{act.boundary_digest, {}});
  for (const auto& claim : out.claims) {
    if (!overlap(claim.crediting_period, act.crediting_period)) continue;
    return refuse(Outcome::BOUNDARY_OVERLAP, "/credentialSubject/boundaryDigest",
                  "with " + claim.project.text());
  }
  if (out.claims.size() < kBoundaryClaimsMax) return std::nullopt;
  return refuse(Outcome::LIST_TOO_LONG, "/credentialSubject/boundaryDigest",
                "too many projects have this boundary");
}

// A project that ended before it earned anything leaves its boundary to others.
void release_boundary(Context& context, const model::ProjectRow& project) {
  const Bytes key = codec::boundary_key(project.boundary_digest);
  auto row = context.read<model::BoundaryRow>(key);
  if (!row) return;
  std::erase_if(row->claims, [&](const auto& claim) { return claim.project == project.id; });
  if (row->claims.empty()) {
    context.overlay().erase(key);
  } else {
    context.write(key, *row);
  }
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
  if (!context.read<model::ProgrammeRow>(codec::programme_key(act.programme))) {
    return refuse(Outcome::PROGRAMME_UNKNOWN, "/credentialSubject/programme");
  }
  if (auto check = check_methodology(context, act.methodology)) return check;
  if (auto check = require_in_use_from(context, act.methodology, act.crediting_period.from,
                                       "/credentialSubject/methodology")) {
    return check;
  }
  model::BoundaryRow boundary;
  if (auto check = check_boundary(context, act, boundary)) return check;
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
  for (const auto& item : act.manifest) row.document_kinds.push_back(item.kind);
  row.listings = act.listings;
  boundary.claims.push_back({row.id, row.crediting_period});
  context.write(codec::boundary_key(boundary.digest), boundary);
  context.create(codec::project_key(row.id), row);
  return std::nullopt;
}

Check rule(Context& context, const model::ValidateProject& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {Role::vvb}, acting)) {
    return check;
  }
  auto project = context.read<model::ProjectRow>(codec::project_key(act.project));
  if (!project) return refuse(Outcome::PROJECT_UNKNOWN, "/credentialSubject/project");
  if (project->state != ProjectState::submitted) {
    return refuse(Outcome::PROJECT_STATE_WRONG, "/credentialSubject/project",
                  "it is " + std::string(model::name_of(project->state)));
  }
  if (act.digest != project->digest) {
    return refuse(Outcome::PROJECT_DIGEST_DIFFERS, "/credentialSubject/digest");
  }
  if (auto check = check_accredited(context, acting.party.id, *project)) return check;
  if (auto check = check_independent(context, acting.party, *project)) return check;
  project->state = is_positive(act.opinion) ? ProjectState::validated : ProjectState::rejected;
  if (project->state == ProjectState::rejected) release_boundary(context, *project);
  project->validator = acting.party.id;
  project->validated = context.index();
  context.write(codec::project_key(project->id), *project);
  return std::nullopt;
}

Check rule(Context& context, const model::RegisterProject& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {Role::registry}, acting)) {
    return check;
  }
  auto project = context.read<model::ProjectRow>(codec::project_key(act.project));
  if (!project) return refuse(Outcome::PROJECT_UNKNOWN, "/credentialSubject/project");
  if (project->state != ProjectState::validated) {
    return refuse(Outcome::PROJECT_STATE_WRONG, "/credentialSubject/project",
                  "it is " + std::string(model::name_of(project->state)));
  }
  const auto programme =
      context.read<model::ProgrammeRow>(codec::programme_key(project->programme));
  if (!programme) return refuse(Outcome::PROGRAMME_UNKNOWN, "/credentialSubject/project");
  for (const auto& kind : policy_of(context, *programme).required_documents) {
    const auto& given = project->document_kinds;
    if (std::find(given.begin(), given.end(), kind) == given.end()) {
      return refuse(Outcome::DOCUMENT_KIND_MISSING, "/credentialSubject/project", kind);
    }
  }
  const std::string space = programme->id.text();
  const Bytes code = codec::code_key(space, act.code);
  if (context.read<model::CodeRow>(code)) {
    return refuse(Outcome::CODE_TAKEN, "/credentialSubject/code");
  }
  project->state = ProjectState::registered;
  project->code = act.code;
  project->registered = context.index();
  context.write(code, model::CodeRow{space, act.code, project->id.text()});
  context.write(codec::project_key(project->id), *project);
  return std::nullopt;
}

}  // namespace mrv::state
