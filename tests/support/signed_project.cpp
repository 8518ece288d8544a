// The steps from parties to a report.
#include "tests/support/signed_project.h"

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "ledger/codec/methodology_codec.h"
#include "tests/support/places.h"

namespace mrv::test {

SignedProject::SignedProject(const model::Genesis& genesis) : SignedWorld(genesis) {
  party("registry", {model::Role::registry});
  party("standard", {model::Role::standard});
  party("reviewer", {model::Role::standard});
  party("dev", {model::Role::developer});
  for (const std::string vvb : {"vvb1", "vvb2"}) {
    party(vvb, {model::Role::vvb});
    accredit(vvb, {std::nullopt, "ccs", std::nullopt});
  }
}

void SignedProject::accredit(const std::string& vvb, const model::AccreditationScope& scope) {
  accept(approved("registry", accreditation(vvb, scope)));
}

model::AccreditVvb SignedProject::accreditation(const std::string& vvb,
                                                const model::AccreditationScope& scope) {
  model::AccreditVvb act;
  act.party = id(vvb);
  act.scopes = {scope};
  act.until = TimestampMs{2 * kFirstMs};
  return act;
}

model::RegisterProgramme SignedProject::programme_body(const std::string& code) {
  model::RegisterProgramme act;
  act.code = code;
  act.name.en = "Storage";
  act.policy = open_policy();
  act.policy.approvals = {{model::GovernedAct::register_project, 0},
                          {model::GovernedAct::issue_credits, 0}};
  act.policy.validator_may_verify = true;
  return act;
}

model::RawJson SignedProject::raw(const std::string& path) {
  return {crypto::canonicalize(nlohmann::json::parse(read_source(path)))};
}

model::RawJson SignedProject::table_document() { return raw("schemas/tables/cn-grid-2023.json"); }

model::RawJson SignedProject::methodology_document() {
  return raw("schemas/methodologies/ccs-net-storage-1.json");
}

void SignedProject::register_standards(const model::RegisterProgramme& body) {
  programme = model::ProgrammeId::of(accept_governed(body));
  accept(approved("standard", model::RegisterFactorTable{table_document()}));
  accept(submit("standard", "standard", model::RegisterMethodology{methodology_document()}));
  table = codec::standard_digest(table_document());
  methodology = codec::standard_digest(methodology_document());
  for (const Hash& digest : {table, methodology}) {
    accept(submit("reviewer", "reviewer", model::ActivateMethodology{digest}));
  }
}

Hash SignedProject::accept_governed(model::ActBody body) {
  const auto proposed = accept(submit("gov1", "", std::move(body)));
  accept(approve("gov2", "", proposed.digest));
  return proposed.digest;
}

model::SubmitProject SignedProject::project_body() {
  model::SubmitProject act;
  act.programme = programme;
  act.methodology = methodology;
  act.activity_type = "storage";
  act.sector = "ccs";
  act.name.en = "Field";
  act.country = "CN";
  act.boundary_digest = blob(field(1));
  act.crediting_period = {{kFirstDay}, {kNextYearDay + 3'652}};
  act.capacity_per_year = 150'000;
  return act;
}

void SignedProject::submit_project() {
  accept(submit("dev", "dev", project_body()));
  project_digest = last_digest();
  project = model::ProjectId::of(project_digest);
}

model::ValidateProject SignedProject::validation(model::Opinion opinion) const {
  return {project, project_digest, opinion, Hash{1}};
}

void SignedProject::register_project() {
  submit_project();
  accept(submit("vvb1", "vvb1", validation()));
  accept(submit("registry", "registry", model::RegisterProject{project, "F1"}));
}

model::SubmitMonitoringReport SignedProject::report_body(Units claimed) {
  model::SubmitMonitoringReport act;
  act.project = project;
  act.period = {{kFirstDay}, {kNextYearDay}};
  act.methodology = methodology;
  act.tables = {table};
  act.inputs = raw("schemas/examples/ccs/inputs-2023.json");
  act.datasets = {
      {"massMeters", blob(read_source("schemas/examples/ccs/mass-meters-2023.csv")), "text/csv"},
      {"volumeMeters", blob(read_source("schemas/examples/ccs/volume-meters-2023.csv")),
       "text/csv"}};
  act.claimed = {{2023, claimed}};
  return act;
}

void SignedProject::submit_report(const model::SubmitMonitoringReport& body) {
  const auto answer = accept(submit("dev", "dev", body));
  report = model::ReportId::of(answer.digest);
  report_digest = answer.digest;
  report_index = answer.index;
}

model::SubmitVerificationStatement SignedProject::statement(Units quantity) const {
  model::SubmitVerificationStatement act;
  act.report = report;
  act.digest = report_digest;
  act.index = static_cast<std::int64_t>(report_index.value());
  act.materiality = {"0.05"};
  act.verified = {{2023, quantity}};
  act.conflict_declaration = "none";
  return act;
}

std::string SignedProject::refused(const std::string& party, model::ActBody act) {
  const auto answer = submit(party, party, std::move(act));
  return answer.name + answer.pointer;
}

model::ProjectRow SignedProject::project_row() const {
  return get<model::ProjectRow>(codec::project_key(project));
}

model::ReportRow SignedProject::report_row() const {
  return get<model::ReportRow>(codec::report_key(report));
}

}  // namespace mrv::test
