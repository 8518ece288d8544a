// A programme with second methodology and neighbours, for tests of the life of projects.
#pragma once

#include <functional>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "ledger/codec/methodology_codec.h"
#include "tests/support/places.h"
#include "tests/support/signed_project.h"

namespace mrv::test {

// The registry's acts need no approval, so that each test shows one rule.
class ProjectWorld : public SignedProject {
 public:
  using ChangePolicy = std::function<void(model::ProgrammePolicy&)>;

  explicit ProjectWorld(const ChangePolicy& change = {}) {
    auto body = programme_body();
    for (const auto act :
         {model::GovernedAct::accept_amendment, model::GovernedAct::suspend_project,
          model::GovernedAct::resume_project}) {
      body.policy.approvals.push_back({act, 0});
    }
    if (change) change(body.policy);
    register_standards(body);
    party("rival", {model::Role::developer});
    party("buyer", {model::Role::buyer});
  }

  static constexpr std::int32_t kLastDay =
      kNextYearDay + 3'652;  // of the crediting period, not in it

  // The methodology again under another version, so that the shipped data fit it.
  Hash second_methodology() {
    auto document = nlohmann::json::parse(methodology_document().canonical);
    document["version"] = "1.0.1-again";
    const model::RawJson raw{crypto::canonicalize(document)};
    accept(submit("standard", "standard", model::RegisterMethodology{raw}));
    const Hash digest = codec::standard_digest(raw);
    accept(submit("reviewer", "reviewer", model::ActivateMethodology{digest}));
    return digest;
  }

  // A project of `developer` on a boundary and for days of its own.
  model::SubmitProject body_on(const std::string& boundary, std::int32_t from = kFirstDay,
                               std::int32_t to = kLastDay) {
    auto act = project_body();
    act.boundary_digest = blob(boundary);
    act.crediting_period = {{from}, {to}};
    return act;
  }
  model::ProjectId submitted(const std::string& developer, const model::SubmitProject& act) {
    accept(submit(developer, developer, act));
    return model::ProjectId::of(last_digest());
  }

  model::AmendProject amendment() const {
    model::AmendProject act;
    act.project = project;
    act.reason = "a reason";
    return act;
  }
  // The id of the amendment that the last document made.
  model::AmendmentId amended() { return model::AmendmentId::of(last_digest()); }
  std::string amend(const std::function<void(model::AmendProject&)>& change) {
    auto act = amendment();
    change(act);
    return refused("dev", act);
  }
  std::string judged(const Hash& document, model::Opinion opinion = model::Opinion::unmodified,
                     const std::string& vvb = "vvb1") {
    return refused(vvb, model::ValidateProject{project, document, opinion, Hash{1}});
  }
  std::string accepted(const model::AmendmentId& id) {
    return refused("registry", model::AcceptAmendment{id});
  }
  // Amends, validates and accepts.
  void change_registered(const std::function<void(model::AmendProject&)>& change) {
    REQUIRE(amend(change).empty());
    const auto id = amended();
    REQUIRE(judged(last_digest()).empty());
    REQUIRE(accepted(id).empty());
  }

  // A live report of any days, without its data.
  void put_report(std::int32_t from, std::int32_t to, std::uint8_t number = 1) {
    model::ReportRow row;
    row.id = model::ReportId{{number}};
    row.project = project;
    row.period = {{from}, {to}};
    row.methodology = methodology;
    row.engine_version = "1";
    row.vintages = {{2023, "0", std::nullopt, 0, 0}};
    put(codec::report_key(row.id), row);
    auto owner = project_row();
    owner.live_reports.push_back(row.id);
    put(codec::project_key(project), owner);
  }
  void drop_reports() {
    auto row = project_row();
    row.live_reports.clear();
    put(codec::project_key(project), row);
  }
  // As if everything before that day had issued.
  void put_issued(std::int32_t until) {
    auto row = project_row();
    row.issued_until = model::Day{until};
    put(codec::project_key(project), row);
  }

  [[nodiscard]] std::optional<model::GeometryRow> geometry_of(const model::IdBytes& claim) const {
    return find<model::GeometryRow>(codec::geometry_key(claim));
  }
  [[nodiscard]] model::AmendmentRow amendment_row(const model::AmendmentId& id) const {
    return get<model::AmendmentRow>(codec::amendment_key(id));
  }
};

}  // namespace mrv::test
