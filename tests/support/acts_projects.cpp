// The life of projects, under version 3 of the rules.
#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "ledger/codec/methodology_codec.h"
#include "tests/support/all_acts.h"
#include "tests/support/places.h"

namespace mrv::test {

namespace {

constexpr int kOtherField = 101;
constexpr int kWiderField = 102;
constexpr int kThirdField = 103;

}  // namespace

void AllActs::live_through_projects() {
  flow_.governed(model::ActivateRules{3});
  world_.register_party("heir", {model::Role::developer});
  comment_in_public();
  amend_and_renew();
  suspend_and_resume();
  hand_over();
}

// Submits, lists, hears the public, registers.
void AllActs::comment_in_public() {
  auto body = flow_.project_body();
  body.boundary_digest = flow_.blob(field(kOtherField));
  body.region = "Shaanxi";
  body.manifest = {{"design-document", Hash{1}, "application/pdf", "Project design"}};
  body.listings = {{"ACR", "ACR102"}};
  body.shares_boundary_with = {flow_.project};
  const Hash document = accepted("developer", body);
  second_project_ = model::ProjectId::of(document);
  accepted("registry", model::ListProject{second_project_});
  accepted("buyer", model::Comment{second_project_, "The well is near a school.", Hash{2}});
  const auto grievance = model::GrievanceId::of(accepted(
      "buyer", model::RaiseGrievance{second_project_, "Our land was not paid for.", Hash{3}}));
  accepted("registry", model::ResolveGrievance{grievance, model::GrievanceResolution::settled,
                                               "The owner was paid.", Hash{4}});
  validate(document);
  as_registry(model::RegisterProject{second_project_, "F2"});
}

// By the second verifier: the first one is the design's.
void AllActs::validate(const Hash& document) {
  accepted("vvb2",
           model::ValidateProject{second_project_, document, model::Opinion::unmodified, Hash{5}});
}

void AllActs::amend_and_renew() {
  auto methodology =
      nlohmann::json::parse(flow_.raw("schemas/methodologies/ccs-net-storage-1.json").canonical);
  methodology["version"] = "1.0.1";
  const model::RawJson next{crypto::canonicalize(methodology)};
  accepted("standard", model::RegisterMethodology{next});
  accepted("reviewer", model::ActivateMethodology{codec::standard_digest(next)});
  model::AmendProject amendment;
  amendment.project = second_project_;
  amendment.name = model::Name{"Wider field", "扩展场地"};
  amendment.capacity_per_year = 200'000;
  amendment.boundary_digest = flow_.blob(field(kWiderField));
  amendment.methodology = codec::standard_digest(next);
  amendment.methodology_from = model::Day{kDay2024};
  amendment.manifest = {{"monitoring-plan", Hash{6}, "application/pdf", "Monitoring plan"}};
  amendment.listings.emplace();
  amendment.shares_boundary_with.emplace();
  amendment.reason = "A second well, and the methodology's next version.";
  const Hash document = accepted("developer", amendment);
  validate(document);
  as_registry(model::AcceptAmendment{model::AmendmentId::of(document)});
  model::RenewCreditingPeriod renewal;
  renewal.project = second_project_;
  renewal.to = model::Day{kDay2024 + 2 * 3'652};
  renewal.manifest = {{"renewal", Hash{7}, "application/pdf", "Baseline, judged again"}};
  renewal.reason = "The reservoir takes more.";
  const Hash longer = accepted("developer", renewal);
  validate(longer);
  as_registry(model::AcceptAmendment{model::AmendmentId::of(longer)});
}

void AllActs::suspend_and_resume() {
  as_registry(model::SuspendProject{second_project_, "A well leaked."});
  as_registry(model::ResumeProject{second_project_, "It is repaired."});
}

// To another developer, who completes it; a third project is given up before it began.
void AllActs::hand_over() {
  accepted("developer", model::TransferProject{second_project_, world_.party("heir")});
  accepted("heir", model::AcceptProject{second_project_});
  accepted("heir",
           model::CompleteProject{second_project_, model::Day{kDay2024}, "The field is full."});
  auto body = flow_.project_body();
  body.boundary_digest = flow_.blob(field(kThirdField));
  const auto given_up = model::ProjectId::of(accepted("heir", body));
  accepted("heir", model::WithdrawProject{given_up, "No money."});
}

}  // namespace mrv::test
