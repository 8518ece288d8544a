// Checks and changes shared by the acts on projects.
#include "ledger/state/project_changes.h"

#include <algorithm>
#include <cassert>

#include "ledger/codec/methodology_codec.h"
#include "ledger/state/policy.h"
#include "ledger/state/rules_version.h"

namespace mrv::state {

using model::Outcome;
using model::ProjectState;

namespace {

constexpr const char* kProject = "/credentialSubject/project";
constexpr std::int64_t kDaysOfYearMax = 366;

}  // namespace

Check read_project(Context& context, const model::ProjectId& id, model::ProjectRow& out) {
  auto project = context.read<model::ProjectRow>(codec::project_key(id));
  if (!project) return refuse(Outcome::PROJECT_UNKNOWN, kProject);
  out = *std::move(project);
  return std::nullopt;
}

Check require_developer_of(const model::ProjectRow& project, const ActingParty& acting) {
  if (project.developer == acting.party.id) return std::nullopt;
  return refuse(Outcome::PROJECT_NOT_OF_PARTY, kProject);
}

Check require_state(const model::ProjectRow& project, std::initializer_list<ProjectState> states) {
  if (std::find(states.begin(), states.end(), project.state) != states.end()) return std::nullopt;
  return refuse(Outcome::PROJECT_STATE_WRONG, kProject,
                "it is " + std::string(model::name_of(project.state)));
}

Check read_own_project(Context& context, const model::ProjectId& id,
                       std::initializer_list<ProjectState> states, model::ProjectRow& out) {
  ActingParty acting;
  if (auto check =
          require_party(context, model::KeyPurpose::initiate, {model::Role::developer}, acting)) {
    return check;
  }
  if (auto check = read_project(context, id, out)) return check;
  if (auto check = require_developer_of(out, acting)) return check;
  return require_state(out, states);
}

Check read_registry_project(Context& context, const model::ProjectId& id,
                            std::initializer_list<ProjectState> states, model::ProjectRow& out) {
  ActingParty acting;
  if (auto check =
          require_party(context, model::KeyPurpose::initiate, {model::Role::registry}, acting)) {
    return check;
  }
  if (auto check = read_project(context, id, out)) return check;
  return require_state(out, states);
}

void change_state(Context& context, model::ProjectRow& project, ProjectState state,
                  std::optional<std::string> reason) {
  project.state = state;
  if (rules_version(context) < kProjectRulesVersion) return;
  if (!project.changes) project.changes.emplace();
  project.changes->push_back({context.index(), state, context.act().act.party, std::move(reason)});
}

model::Day open_from(Context& context, const model::ProjectRow& project) {
  model::Day day = project.issued_until.value_or(project.crediting_period.from);
  for (const auto& id : project.live_reports) {
    const auto report = context.read<model::ReportRow>(codec::report_key(id));
    if (report) day = std::max(day, report->period.to);
  }
  return day;
}

bool changes_within(const model::ProjectRow& project, const model::Period& period) {
  if (!project.methodologies) return false;
  return std::any_of(
      project.methodologies->begin(), project.methodologies->end(),
      [&](const auto& each) { return period.from < each.from && each.from < period.to; });
}

const Hash& methodology_on(const model::ProjectRow& project, model::Day day) {
  if (!project.methodologies) return project.methodology;
  const auto& list = *project.methodologies;
  const auto later =
      std::upper_bound(list.begin(), list.end(), day,
                       [](model::Day at, const auto& each) { return at < each.from; });
  return later == list.begin() ? list.front().digest : std::prev(later)->digest;
}

Check check_credits(Context& context, const Hash& methodology, const std::string& pointer) {
  const auto standard = context.read<model::StandardRow>(codec::standard_key(methodology));
  if (!standard || standard->is_table) return refuse(Outcome::STANDARD_UNKNOWN, pointer);
  if (!standard->activated) return refuse(Outcome::METHODOLOGY_NOT_ACTIVE, pointer);
  const auto document = codec::decode_methodology(standard->document.canonical);
  assert(document.ok());
  if (document->purpose == model::Purpose::inventory) {
    return refuse(Outcome::METHODOLOGY_CREDITS_NOTHING, pointer);
  }
  return std::nullopt;
}

Check check_years(const model::Period& days, std::int64_t years_max, const std::string& pointer) {
  const std::int64_t length = std::int64_t{days.to.days} - days.from.days;
  if (years_max == 0 || length <= years_max * kDaysOfYearMax) return std::nullopt;
  return refuse(Outcome::CREDITING_PERIOD_TOO_LONG, pointer,
                std::to_string(length) + " days, the programme allows " +
                    std::to_string(years_max) + " years");
}

model::ProgrammePolicy policy_of_project(Context& context, const model::ProjectRow& project) {
  const auto programme = context.read<model::ProgrammeRow>(codec::programme_key(project.programme));
  assert(programme);
  return policy_of(context, *programme);
}

std::vector<std::string> kinds_of(const std::vector<model::ManifestItem>& manifest) {
  std::vector<std::string> kinds;
  kinds.reserve(manifest.size());
  for (const auto& item : manifest) kinds.push_back(item.kind);
  return kinds;
}

}  // namespace mrv::state
