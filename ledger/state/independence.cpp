// Accreditation scopes and affiliations.
#include "ledger/state/independence.h"

#include <algorithm>

#include "ledger/state/authority.h"
#include "ledger/state/policy.h"
#include "ledger/state/rules_version.h"

namespace mrv::state {
namespace {

using model::Outcome;

// An absent member of a scope means any.
bool covers(const model::AccreditationScope& scope, const model::ProjectRow& project) {
  return (!scope.programme || *scope.programme == project.programme) &&
         (!scope.sector || *scope.sector == project.sector) &&
         (!scope.methodology || *scope.methodology == project.methodology);
}

bool names(const model::PartyRow& party, const model::PartyId& other) {
  return std::find(party.affiliates.begin(), party.affiliates.end(), other) !=
         party.affiliates.end();
}

bool named(const model::PartyRow& party, const model::PartyId& other, EntryIndex at) {
  bool is_recorded = false;
  for (const auto& affiliation : party.affiliations.value_or(std::vector<model::Affiliation>{})) {
    if (affiliation.party != other) continue;
    if (affiliation.in_force.covers(at)) return true;
    is_recorded = true;
  }
  return !is_recorded && names(party, other);
}

}  // namespace

bool is_accredited(const model::AccreditationRow& row, const model::ProjectRow& project,
                   EntryIndex index, TimestampMs now) {
  return std::any_of(row.accreditations.begin(), row.accreditations.end(),
                     [&](const model::Accreditation& a) {
                       return a.in_force.covers(index) && a.from <= now && now < a.until &&
                              std::any_of(
                                  a.scopes.begin(), a.scopes.end(),
                                  [&](const auto& scope) { return covers(scope, project); });
                     });
}

Check check_accredited(Context& context, const model::PartyId& vvb,
                       const model::ProjectRow& project) {
  const auto row = context.read<model::AccreditationRow>(codec::accreditation_key(vvb));
  if (row && is_accredited(*row, project, context.index(), context.recorded_at())) {
    return std::nullopt;
  }
  return refuse(Outcome::VVB_NOT_ACCREDITED, "/issuer/party");
}

bool are_affiliates(const model::PartyRow& a, const model::PartyRow& b) {
  return names(a, b.id) || names(b, a.id);
}

bool were_affiliates(const model::PartyRow& a, const model::PartyRow& b, EntryIndex at) {
  return named(a, b.id, at) || named(b, a.id, at);
}

void Voices::add(const model::PartyRow& vvb) {
  std::vector<model::PartyRow> group{vvb};
  const auto is_near = [&](const std::vector<model::PartyRow>& other) {
    return std::any_of(other.begin(), other.end(), [&](const auto& one) {
      return one.id == vvb.id || were_affiliates(vvb, one, at_);
    });
  };
  if (!through_others_) {
    if (std::none_of(groups_.begin(), groups_.end(), is_near)) groups_.push_back(group);
    return;
  }
  for (const auto& other : groups_) {
    if (is_near(other)) group.insert(group.end(), other.begin(), other.end());
  }
  std::erase_if(groups_, is_near);
  groups_.push_back(std::move(group));
}

bool is_or_is_near(Context& context, const model::PartyRow& vvb, const model::PartyId& other) {
  if (vvb.id == other) return true;
  if (rules_version(context) < kGuardRulesVersion) return false;
  const auto row = context.read<model::PartyRow>(codec::party_key(other));
  return row && are_affiliates(vvb, *row);
}

namespace {

// Handing a project on makes nobody independent of it (from version 4 on).
bool had_the_project(Context& context, const model::PartyRow& vvb,
                     const model::ProjectRow& project) {
  if (!project.former_developers || rules_version(context) < kGuardRulesVersion) return false;
  return std::any_of(project.former_developers->begin(), project.former_developers->end(),
                     [&](const auto& former) { return is_or_is_near(context, vvb, former.party); });
}

}  // namespace

Check check_independent(Context& context, const model::PartyRow& vvb,
                        const model::ProjectRow& project) {
  const auto developer = context.read<model::PartyRow>(codec::party_key(project.developer));
  const bool dependent =
      !developer || vvb.id == project.developer || are_affiliates(vvb, *developer) ||
      has_role(context, vvb, model::Role::registry) || had_the_project(context, vvb, project);
  if (!dependent) return std::nullopt;
  return refuse(Outcome::VVB_NOT_INDEPENDENT, "/issuer/party");
}

bool has_validated(Context& context, const model::ProjectRow& project, const model::PartyRow& vvb) {
  if (project.validator && is_or_is_near(context, vvb, *project.validator)) return true;
  if (!project.amendments) return false;
  return std::any_of(
      project.amendments->begin(), project.amendments->end(), [&](const auto& amendment) {
        const auto row = context.read<model::AmendmentRow>(codec::amendment_key(amendment.id));
        return row && row->validator && is_or_is_near(context, vvb, *row->validator);
      });
}

model::ProjectRow reported_by(const model::ProjectRow& project, const model::ReportRow& report) {
  auto then = project;
  then.methodology = report.methodology;
  return then;
}

Check check_may_verify(Context& context, const model::PartyRow& vvb,
                       const model::ProjectRow& project, const model::ReportRow& report) {
  if (auto check = check_accredited(context, vvb.id, reported_by(project, report))) return check;
  if (auto check = check_independent(context, vvb, project)) return check;
  const auto programme = context.read<model::ProgrammeRow>(codec::programme_key(project.programme));
  if (!programme) return refuse(Outcome::PROGRAMME_UNKNOWN, "/credentialSubject/report");
  const auto& policy = policy_of(context, *programme);
  if (!policy.validator_may_verify && has_validated(context, project, vvb)) {
    return refuse(Outcome::VVB_NOT_INDEPENDENT, "/issuer/party", "it validated the project");
  }
  const bool due = is_rotation_due(context, policy, project, vvb);
  if (due) return refuse(Outcome::VVB_ROTATION_DUE, "/issuer/party");
  return std::nullopt;
}

bool is_rotation_due(Context& context, const model::ProgrammePolicy& policy,
                     const model::ProjectRow& project, const model::PartyRow& vvb) {
  if (policy.consecutive_periods_max == 0) return false;
  return std::any_of(project.verifier_runs.begin(), project.verifier_runs.end(),
                     [&](const auto& run) {
                       return run.periods >= policy.consecutive_periods_max &&
                              is_or_is_near(context, vvb, run.vvb);
                     });
}

}  // namespace mrv::state
