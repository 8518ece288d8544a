// The steps of the main job.
#include "tests/support/ccs_flow.h"

#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "ledger/codec/methodology_codec.h"
#include "tests/support/places.h"

namespace mrv::test {

CcsFlow::CcsFlow(LedgerWorld& world, std::string root) : world_(world), root_(std::move(root)) {}

void CcsFlow::run_to_issuance() {
  enter_parties();
  register_standards();
  register_project();
  const Units claimed = kTonnes2023 * units_per_tonne();
  submit_report(claimed);
  state("vvb1", claimed);
  state("vvb2", claimed);
  issue();
}

void CcsFlow::enter_parties() {
  world_.register_party("registry", {model::Role::registry});
  world_.register_party("standard", {model::Role::standard});
  world_.register_party("reviewer", {model::Role::standard});
  world_.register_party("developer", {model::Role::developer});
  world_.register_party("vvb1", {model::Role::vvb});
  world_.register_party("vvb2", {model::Role::vvb});
  world_.register_party("buyer", {model::Role::buyer});
}

Hash CcsFlow::approved(const std::string& party, model::ActBody body) {
  LedgerWorld::expect(world_.submit(party, party, std::move(body)));
  const Hash digest = world_.last_digest();
  LedgerWorld::expect(world_.approve(party + "-2", party, digest));
  return digest;
}

// The answer to the approval, where the act waits for one.
node::Answer CcsFlow::completed(const std::string& party, node::Answer answer) {
  const auto* recorded = std::get_if<node::Recorded>(&answer);
  if (recorded == nullptr || !recorded->proposal) return answer;
  return world_.approve(party + "-2", party, recorded->digest);
}

CcsFlow::Settled CcsFlow::settled(const std::string& party, model::ActBody body) {
  auto answer = world_.submit(party, party, std::move(body));
  const Hash digest = world_.last_digest();
  return {digest, LedgerWorld::expect(completed(party, std::move(answer))).index};
}

Hash CcsFlow::governed(model::ActBody body) {
  LedgerWorld::expect(world_.submit("gov1", "", std::move(body)));
  const Hash digest = world_.last_digest();
  LedgerWorld::expect(world_.approve("gov2", "", digest));
  return digest;
}

void CcsFlow::register_standards() {
  model::RegisterProgramme act;
  act.code = "CCS";
  act.name.en = "Storage";
  act.unit = unit;
  act.policy.approvals = {{model::GovernedAct::register_project, 1},
                          {model::GovernedAct::issue_credits, 1}};
  for (const auto waiting : second_person) act.policy.approvals.push_back({waiting, 1});
  act.policy.statements_min = 2;
  act.policy.accepted_opinions = {model::Opinion::unmodified};
  act.policy.validator_may_verify = true;
  act.policy.buffer_rate = {"0.05"};
  act.policy.capacity_margin = {"1.1"};
  act.policy.exclusive_evidence = {"meter-data"};
  act.policy.integrity = integrity;
  act.policy.lifecycle = lifecycle;
  programme = model::ProgrammeId::of(governed(act));
  const auto table_document = raw("schemas/tables/cn-grid-2023.json");
  const auto methodology_document = raw("schemas/methodologies/ccs-net-storage-1.json");
  approved("standard", model::RegisterFactorTable{table_document});
  LedgerWorld::expect(
      world_.submit("standard", "standard", model::RegisterMethodology{methodology_document}));
  table = codec::standard_digest(table_document);
  methodology = codec::standard_digest(methodology_document);
  for (const Hash& digest : {table, methodology}) {
    LedgerWorld::expect(world_.submit("reviewer", "reviewer", model::ActivateMethodology{digest}));
  }
  for (const std::string vvb : {"vvb1", "vvb2"}) {
    model::AccreditVvb accredit;
    accredit.party = world_.party(vvb);
    accredit.scopes = {model::AccreditationScope{std::nullopt, "ccs", std::nullopt}};
    accredit.from = TimestampMs{0};
    accredit.until = TimestampMs{4'000'000'000'000};
    approved("registry", accredit);
  }
}

model::SubmitProject CcsFlow::project_body() {
  model::SubmitProject act;
  act.programme = programme;
  act.methodology = methodology;
  act.activity_type = "storage";
  act.sector = "ccs";
  act.name.en = "Field";
  act.country = "CN";
  act.boundary_digest = blob(field(++fields_));
  act.crediting_period = {{kDay2023}, {kDay2024 + 3'652}};
  act.capacity_per_year = 150'000 * units_per_tonne();
  return act;
}

void CcsFlow::register_project() {
  const Hash digest = settled(developer, project_body()).digest;
  project = model::ProjectId::of(digest);
  settled("vvb1", model::ValidateProject{project, digest, model::Opinion::unmodified, Hash{1}});
  approved("registry", model::RegisterProject{project, "F1"});
}

model::SubmitMonitoringReport CcsFlow::report_body(Units claimed) {
  model::SubmitMonitoringReport act;
  act.project = project;
  act.period = {{kDay2023}, {kDay2024}};
  act.methodology = methodology;
  act.tables = {table};
  act.inputs = raw("schemas/examples/ccs/inputs-2023.json");
  act.datasets = {
      {"massMeters", blob(text("schemas/examples/ccs/mass-meters-2023.csv")), "text/csv"},
      {"volumeMeters", blob(text("schemas/examples/ccs/volume-meters-2023.csv")), "text/csv"}};
  act.claimed = {{2023, claimed}};
  return act;
}

void CcsFlow::submit_report(Units claimed) {
  const auto reported = settled(developer, report_body(claimed));
  report_digest = reported.digest;
  report = model::ReportId::of(report_digest);
  report_index = reported.index;
}

node::Answer CcsFlow::state(const std::string& vvb, Units quantity) {
  model::SubmitVerificationStatement act;
  act.report = report;
  act.digest = report_digest;
  act.index = static_cast<std::int64_t>(report_index.value());
  act.materiality = {"0.05"};
  act.verified = {{2023, quantity}};
  act.conflict_declaration = "none";
  return completed(vvb, world_.submit(vvb, vvb, act));
}

void CcsFlow::issue() {
  approved("registry", model::IssueCredits{report});
  const auto page = world_.node().reader()->page(model::BatchRow::kTag, std::nullopt, 1,
                                                 world_.node().reader()->published().size);
  need(page.ok() && page->rows.size() == 1, "a batch");
  batch = codec::decode_row<model::BatchRow>(page->rows[0].second)->id;
}

model::TransferId CcsFlow::transfer(const std::string& from, const std::string& to,
                                    Units quantity) {
  LedgerWorld::expect(world_.submit(from, from, transfer_body(to, quantity)));
  const auto id = model::TransferId::of(world_.last_digest());
  LedgerWorld::expect(world_.submit(to, to, model::AcceptTransfer{id}));
  return id;
}

model::Transfer CcsFlow::transfer_body(const std::string& to, Units quantity) {
  model::Transfer act;
  act.legs = {{batch, std::nullopt, std::nullopt, quantity}};
  act.to = world_.party(to);
  act.expires = TimestampMs{4'000'000'000'000};
  return act;
}

model::Retire CcsFlow::retire_body(Units quantity) {
  model::Retire act;
  act.legs = {{batch, std::nullopt, std::nullopt, quantity}};
  act.beneficiary = model::Beneficiary{
      model::Organisation{"Green Bridge", "CN", std::nullopt, std::nullopt}, std::nullopt};
  return act;
}

model::RetirementId CcsFlow::retire(const std::string& holder, Units quantity) {
  LedgerWorld::expect(world_.submit(holder, holder, retire_body(quantity)));
  return model::RetirementId::of(world_.last_digest());
}

Hash CcsFlow::blob(const std::string& bytes) {
  const Hash digest = crypto::sha256(as_bytes(bytes));
  auto writer = world_.node().blobs().begin(digest);
  need(writer.ok(), "blob");
  need((*writer)->write(as_bytes(bytes)).ok() && (*writer)->finish().ok(), "blob");
  return digest;
}

std::string CcsFlow::text(const std::string& path) const {
  std::ifstream file(root_ + "/" + path, std::ios::binary);
  need(file.good(), path);
  return {std::istreambuf_iterator<char>(file), {}};
}

model::RawJson CcsFlow::raw(const std::string& path) const {
  return {crypto::canonicalize(nlohmann::json::parse(text(path)))};
}

}  // namespace mrv::test
