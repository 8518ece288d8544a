// AmendProject, RenewCreditingPeriod, AcceptAmendment, and the validation between.
#include "ledger/state/project_amendments.h"

#include <algorithm>
#include <cassert>

#include "ledger/state/boundaries.h"
#include "ledger/state/independence.h"
#include "ledger/state/methodology_use.h"
#include "ledger/state/policy.h"
#include "ledger/state/project_changes.h"
#include "ledger/state/rules.h"
#include "ledger/state/rules_version.h"

namespace mrv::state {
namespace {

using model::AmendmentState;
using model::Outcome;
using model::ProjectState;

// Where a check points: at the member of the amending act, or at the amendment that is accepted.
class Pointers {
 public:
  explicit Pointers(bool of_acceptance) : of_acceptance_(of_acceptance) {}
  [[nodiscard]] std::string to(const char* member) const {
    return at(of_acceptance_ ? "amendment" : member);
  }

 private:
  bool of_acceptance_;
};

bool is_registered(const model::ProjectRow& project) {
  return project.state == ProjectState::registered || project.state == ProjectState::suspended;
}

bool is_same(const model::Name& a, const model::Name& b) { return a.en == b.en && a.zh == b.zh; }

bool is_same(const std::vector<model::ForeignListing>& a,
             const std::vector<model::ForeignListing>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
    return one.registry == other.registry && one.id == other.id;
  });
}

// The methodologies of a project that has another one from a day on: whatever was to hold later is
// replaced.
std::vector<model::MethodologyFrom> with_methodology(const model::ProjectRow& project,
                                                     const model::MethodologyFrom& next) {
  auto list = project.methodologies.value_or(
      std::vector<model::MethodologyFrom>{{project.crediting_period.from, project.methodology}});
  std::erase_if(list, [&](const auto& each) { return next.from <= each.from; });
  list.push_back(next);
  return list;
}

// Whether the methodology differs on any day from the change on.
bool changes_methodology(const model::ProjectRow& project, const model::MethodologyFrom& next) {
  if (methodology_on(project, next.from) != next.digest) return true;
  if (!project.methodologies) return false;
  return std::any_of(
      project.methodologies->begin(), project.methodologies->end(),
      [&](const auto& each) { return next.from < each.from && each.digest != next.digest; });
}

}  // namespace

model::AmendmentRow changes_of(const model::ProjectRow& project, const model::AmendProject& act) {
  model::AmendmentRow row;
  row.project = project.id;
  if (act.name && !is_same(*act.name, project.name)) row.name = act.name;
  if (act.capacity_per_year && *act.capacity_per_year != project.capacity_per_year) {
    row.capacity_per_year = act.capacity_per_year;
  }
  if (act.boundary_digest && *act.boundary_digest != project.boundary_digest) {
    row.boundary_digest = act.boundary_digest;
  }
  if (act.methodology) {
    const model::MethodologyFrom next{act.methodology_from.value_or(project.crediting_period.from),
                                      *act.methodology};
    if (changes_methodology(project, next)) row.methodology = next;
  }
  // The documents themselves are named by digest, in the act alone: another list is another one.
  if (act.manifest) row.document_kinds = kinds_of(*act.manifest);
  if (act.listings && !is_same(*act.listings, project.listings)) row.listings = act.listings;
  if (act.shares_boundary_with &&
      *act.shares_boundary_with !=
          project.shares_boundary_with.value_or(std::vector<model::ProjectId>{})) {
    row.shares_boundary_with = act.shares_boundary_with;
  }
  return row;
}

model::AmendmentRow changes_of(const model::ProjectRow& project,
                               const model::RenewCreditingPeriod& act) {
  model::AmendmentRow row;
  row.project = project.id;
  row.crediting_to = act.to;
  if (act.manifest) row.document_kinds = kinds_of(*act.manifest);
  return row;
}

bool needs_validation(const model::AmendmentRow& row) {
  return row.methodology || row.boundary_digest || row.capacity_per_year;
}

void apply_amendment(model::ProjectRow& project, const model::AmendmentRow& row) {
  if (row.name) project.name = *row.name;
  if (row.capacity_per_year) project.capacity_per_year = *row.capacity_per_year;
  if (row.boundary_digest) project.boundary_digest = *row.boundary_digest;
  if (row.methodology) {
    if (is_registered(project)) project.methodologies = with_methodology(project, *row.methodology);
    project.methodology = row.methodology->digest;
  }
  if (row.document_kinds) project.document_kinds = *row.document_kinds;
  if (row.listings) project.listings = *row.listings;
  if (row.shares_boundary_with) project.shares_boundary_with = row.shares_boundary_with;
  if (row.crediting_to) {
    project.crediting_period.to = *row.crediting_to;
    project.renewals = project.renewals.value_or(0) + 1;
  }
}

namespace {

bool is_empty(const model::AmendmentRow& row) {
  return !needs_validation(row) && !row.name && !row.document_kinds && !row.listings &&
         !row.shares_boundary_with;
}

// A day of change is given where reports can have been made, and only there.
Check check_day_given(const model::ProjectRow& project, const model::AmendProject& act) {
  if (is_registered(project) && act.methodology && !act.methodology_from) {
    return refuse(Outcome::FIELD_MISSING, at("methodologyFrom"));
  }
  if (act.methodology_from && !act.methodology) {
    return refuse(Outcome::FIELD_MISSING, at("methodology"));
  }
  if (act.methodology_from && !is_registered(project)) {
    return refuse(Outcome::CHANGE_DAY_INVALID, at("methodologyFrom"),
                  "before registration a methodology holds from the beginning");
  }
  return std::nullopt;
}

// Open to change: a day of the crediting period that no report covers or follows.
Check check_methodology(Context& context, const model::ProjectRow& project,
                        const model::AmendmentRow& row, const Pointers& pointers) {
  if (!row.methodology) return std::nullopt;
  const auto& [from, digest] = *row.methodology;
  if (is_registered(project)) {
    const bool is_open = open_from(context, project) <= from && from < project.crediting_period.to;
    if (!is_open) return refuse(Outcome::CHANGE_DAY_INVALID, pointers.to("methodologyFrom"));
  }
  return require_in_use_from(context, digest, from, pointers.to("methodology"));
}

bool drops_a_name(const model::ProjectRow& before, const model::ProjectRow& after) {
  if (!before.shares_boundary_with) return false;
  const auto& left = after.shares_boundary_with.value_or(std::vector<model::ProjectId>{});
  return std::any_of(
      before.shares_boundary_with->begin(), before.shares_boundary_with->end(),
      [&](const auto& id) { return std::find(left.begin(), left.end(), id) == left.end(); });
}

// A boundary that the amendment brings is free for the days that no report covers; ground that was
// shared stays shared for as long as the other one has it too.
Check check_ground(Context& context, const model::ProjectRow& project,
                   const model::AmendmentRow& row, const std::optional<Ground>& next,
                   const Pointers& pointers) {
  auto after = project;
  apply_amendment(after, row);
  const model::Day open = open_from(context, project);
  if (next) {
    const model::Period days{open, project.crediting_period.to};
    if (auto check = check_free(context, after, *next, days, pointers.to("boundaryDigest"))) {
      return check;
    }
  }
  if (!drops_a_name(project, after)) return std::nullopt;
  auto kept = former_grounds(context, project);
  auto own = days_of(context, project);
  if (next) own.to = std::min(own.to, open);
  kept.emplace_back(ground_of(context, project), own);
  for (const auto& [ground, days] : kept) {
    if (auto check = check_free(context, after, ground, days, pointers.to("sharesBoundaryWith"))) {
      return check;
    }
  }
  return std::nullopt;
}

Check check_nothing_waits(const model::ProjectRow& project) {
  if (!project.amendment) return std::nullopt;
  return refuse(Outcome::AMENDMENT_STATE_WRONG, at("project"),
                project.amendment->text() + " waits");
}

// The change takes effect in this entry. What was examined last is the amending document.
void take_effect(Context& context, model::ProjectRow& project, const model::AmendmentRow& row,
                 const std::optional<Ground>& next) {
  if (next) replace_ground(context, project, row.id, *next, open_from(context, project));
  if (row.crediting_to) extend_ground(context, project, *row.crediting_to);
  apply_amendment(project, row);
  project.document = row.digest;
  if (!project.amendments) project.amendments.emplace();
  project.amendments->push_back({row.id, context.index()});
}

void wait(Context& context, model::ProjectRow& project, const model::AmendmentRow& row,
          const std::optional<Ground>& next) {
  if (next) want_ground(context, project, row.id, *next);
  project.amendment = row.id;
  context.create(codec::amendment_key(row.id), row);
  context.write(codec::project_key(project.id), project);
}

void name_row(Context& context, model::AmendmentRow& row) {
  row.id = model::AmendmentId::of(context.act().digest);
  row.entry = context.index();
  row.digest = context.act().digest;
}

void settle(Context& context, model::AmendmentRow& row, AmendmentState state) {
  row.state = state;
  row.settled = context.index();
  context.write(codec::amendment_key(row.id), row);
}

// A renewal: as many and as long as the programme allows, on ground that is free for the new days.
Check check_renewal(Context& context, const model::ProjectRow& project, model::Day to,
                    const Pointers& pointers) {
  const model::Period added{project.crediting_period.to, to};
  if (added.to <= added.from) return refuse(Outcome::PERIOD_INVALID, pointers.to("to"));
  const auto lifecycle = lifecycle_of(policy_of_project(context, project));
  if (auto check = check_years(added, lifecycle.crediting_years_max, pointers.to("to"))) {
    return check;
  }
  const auto renewals = project.renewals.value_or(0);
  if (lifecycle.renewals_max != 0 && renewals >= lifecycle.renewals_max) {
    return refuse(Outcome::CREDITING_PERIOD_TOO_LONG, pointers.to("to"),
                  "renewed " + std::to_string(renewals) + " times");
  }
  return check_free(context, project, ground_of(context, project), added, pointers.to("to"));
}

}  // namespace

Check rule(Context& context, const model::AmendProject& act) {
  model::ProjectRow project;
  if (auto check = read_own_project(context, act.project,
                                    {ProjectState::submitted, ProjectState::validated,
                                     ProjectState::registered, ProjectState::suspended},
                                    project)) {
    return check;
  }
  auto row = changes_of(project, act);
  if (is_empty(row)) return refuse(Outcome::STATUS_UNCHANGED, at("project"));
  if (row.name && !row.name->en && !row.name->zh) return refuse(Outcome::NAME_MISSING, at("name"));
  const Pointers pointers(false);
  if (act.methodology) {
    if (auto check = check_credits(context, *act.methodology, at("methodology"))) return check;
  }
  if (auto check = check_day_given(project, act)) return check;
  if (auto check = check_methodology(context, project, row, pointers)) return check;
  std::optional<Ground> next;
  if (row.boundary_digest) {
    const auto lifecycle = lifecycle_of(policy_of_project(context, project));
    if (auto check = read_ground(context, *row.boundary_digest, lifecycle.point_radius,
                                 at("boundaryDigest"), next.emplace())) {
      return check;
    }
  }
  if (auto check = check_ground(context, project, row, next, pointers)) return check;
  name_row(context, row);
  if (is_registered(project) && needs_validation(row)) {
    if (auto check = check_nothing_waits(project)) return check;
    wait(context, project, row, next);
    return std::nullopt;
  }
  const bool undoes = project.state == ProjectState::validated && needs_validation(row);
  take_effect(context, project, row, next);
  if (undoes) {
    project.validator.reset();
    project.validated.reset();
    // Comment is on what is registered.
    if (rules_version(context) >= kGuardRulesVersion) project.listing.reset();
    change_state(context, project, ProjectState::submitted, act.reason);
  }
  context.write(codec::project_key(project.id), project);
  return std::nullopt;
}

Check rule(Context& context, const model::RenewCreditingPeriod& act) {
  model::ProjectRow project;
  if (auto check = read_own_project(context, act.project, {ProjectState::registered}, project)) {
    return check;
  }
  if (auto check = check_nothing_waits(project)) return check;
  if (auto check = check_renewal(context, project, act.to, Pointers(false))) return check;
  auto row = changes_of(project, act);
  name_row(context, row);
  wait(context, project, row, std::nullopt);
  return std::nullopt;
}

Check validate_amendment(Context& context, const model::ValidateProject& act,
                         const ActingParty& acting, model::ProjectRow& project) {
  auto row = context.read<model::AmendmentRow>(codec::amendment_key(*project.amendment));
  assert(row);
  if (act.digest != row->digest) return refuse(Outcome::PROJECT_DIGEST_DIFFERS, at("digest"));
  const bool again = row->state == AmendmentState::validated && model::is_positive(act.opinion);
  if (again && rules_version(context) >= kGuardRulesVersion) {
    // Its validator would be forgotten, and free to verify.
    return refuse(Outcome::AMENDMENT_STATE_WRONG, at("project"), "it is validated");
  }
  auto after = project;
  apply_amendment(after, *row);
  if (auto check = check_accredited(context, acting.party.id, after)) return check;
  if (auto check = check_independent(context, acting.party, project)) return check;
  row->validator = acting.party.id;
  row->validated = context.index();
  if (model::is_positive(act.opinion)) {
    row->state = AmendmentState::validated;
    context.write(codec::amendment_key(row->id), *row);
    return std::nullopt;
  }
  forget_wanted(context, row->id);
  settle(context, *row, AmendmentState::rejected);
  project.amendment.reset();
  context.write(codec::project_key(project.id), project);
  return std::nullopt;
}

void end_amendment(Context& context, model::ProjectRow& project) {
  if (!project.amendment) return;
  auto row = context.read<model::AmendmentRow>(codec::amendment_key(*project.amendment));
  assert(row);
  forget_wanted(context, row->id);
  settle(context, *row, AmendmentState::rejected);
  project.amendment.reset();
}

Check rule(Context& context, const model::AcceptAmendment& act) {
  ActingParty acting;
  if (auto check =
          require_party(context, model::KeyPurpose::initiate, {model::Role::registry}, acting)) {
    return check;
  }
  auto row = context.read<model::AmendmentRow>(codec::amendment_key(act.amendment));
  if (!row) return refuse(Outcome::AMENDMENT_UNKNOWN, at("amendment"));
  if (row->state != AmendmentState::validated) {
    return refuse(Outcome::AMENDMENT_STATE_WRONG, at("amendment"),
                  "it is " + std::string(model::name_of(row->state)));
  }
  auto project = context.read<model::ProjectRow>(codec::project_key(row->project));
  assert(project);
  const Pointers pointers(true);
  if (auto check = check_methodology(context, *project, *row, pointers)) return check;
  if (row->crediting_to) {
    if (auto check = check_renewal(context, *project, *row->crediting_to, pointers)) return check;
  }
  const auto next = wanted_ground(context, row->id);
  if (auto check = check_ground(context, *project, *row, next, pointers)) return check;
  project->amendment.reset();
  take_effect(context, *project, *row, next);
  settle(context, *row, AmendmentState::accepted);
  context.write(codec::project_key(project->id), *project);
  return std::nullopt;
}

}  // namespace mrv::state
