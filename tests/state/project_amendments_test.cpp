// A project changes: at once where nobody has built on it, after a new validation where it earns.
#include <doctest/doctest.h>

#include "tests/state/project_world.h"
#include "tests/support/pointers.h"

using namespace mrv;
using model::AmendmentState;
using model::Opinion;
using model::ProjectState;
using model::Role;
using test::kAtProject;
using test::kFirstDay;
using test::kNextYearDay;
using test::ProjectWorld;

namespace {

using Act = model::AmendProject;
const std::string kAt = "/credentialSubject/";
const std::string kStateWrong = "PROJECT_STATE_WRONG" + kAtProject;

struct RegisteredWorld : ProjectWorld {
  explicit RegisteredWorld(const ChangePolicy& change = {}) : ProjectWorld(change) {
    register_project();
  }
  std::string renew(std::int32_t to, const std::string& by = "dev") {
    return refused(by, model::RenewCreditingPeriod{project, {to}, std::nullopt, "goes on"});
  }
};

void allows(model::ProgrammePolicy& policy, std::int64_t years, std::int64_t renewals) {
  policy.lifecycle.emplace();
  policy.lifecycle->crediting_years_max = years;
  policy.lifecycle->renewals_max = renewals;
}

}  // namespace

TEST_CASE("a project is amended by its developer, while it is not over, and in something") {
  ProjectWorld world;
  world.submit_project();
  auto act = world.amendment();
  act.capacity_per_year = 1;
  CHECK(world.refused("registry", act) == "ROLE_MISSING/issuer/party");
  CHECK(world.refused("rival", act) == "PROJECT_NOT_OF_PARTY" + kAtProject);
  act.project = model::ProjectId{{9}};
  CHECK(world.refused("dev", act) == "PROJECT_UNKNOWN" + kAtProject);
  CHECK(world.amend([](Act&) {}) == "STATUS_UNCHANGED" + kAtProject);
  CHECK(world.amend([&](Act& a) {
    const auto row = world.project_row();
    a.name = row.name;
    a.capacity_per_year = row.capacity_per_year;
    a.boundary_digest = row.boundary_digest;
    a.methodology = row.methodology;
    a.listings.emplace();
    a.shares_boundary_with.emplace();
  }) == "STATUS_UNCHANGED" + kAtProject);
  CHECK(world.amend([](Act& a) { a.name.emplace(); }) == "NAME_MISSING" + kAt + "name");
  for (const auto state :
       {ProjectState::completed, ProjectState::withdrawn, ProjectState::rejected}) {
    auto row = world.project_row();
    row.state = state;
    world.put(codec::project_key(row.id), row);
    CHECK(world.amend([](Act& a) { a.capacity_per_year = 1; }) == kStateWrong);
  }
}

TEST_CASE("before registration a change holds at once, and what was validated is examined again") {
  ProjectWorld world;
  const Hash second = world.second_methodology();
  world.submit_project();
  const Hash first_document = world.project_digest;
  REQUIRE(world
              .amend([](Act& a) {
                a.name = model::Name{"Other field", std::nullopt};
                a.listings = std::vector{model::ForeignListing{"ACR", "ACR100"}};
                a.manifest = {{"pdd", Hash{1}, "application/pdf", "Design"}};
              })
              .empty());
  const Hash amendment = world.last_digest();
  auto row = world.project_row();
  CHECK(row.name.en == "Other field");
  CHECK(row.listings.at(0).id == "ACR100");
  CHECK(row.document_kinds == std::vector<std::string>{"pdd"});
  CHECK(row.document == amendment);
  CHECK(row.digest == first_document);
  REQUIRE(row.amendments->size() == 1);
  CHECK(row.amendments->at(0).id == model::AmendmentId::of(amendment));
  CHECK(row.amendments->at(0).entry.next() == EntryIndex{world.size()});
  // Whoever validates says which document was read.
  CHECK(world.judged(first_document) == "PROJECT_DIGEST_DIFFERS" + kAt + "digest");
  CHECK(world.judged(amendment).empty());
  // What does not touch the design leaves the validation alone.
  REQUIRE(world.amend([](Act& a) { a.name = model::Name{"Third name", std::nullopt}; }).empty());
  CHECK(world.project_row().state == ProjectState::validated);
  const std::vector<std::function<void(Act&)>> touching = {
      [&](Act& a) { a.methodology = second; }, [](Act& a) { a.capacity_per_year = 140'000; },
      [&](Act& a) { a.boundary_digest = world.blob(test::field(2)); }};
  for (const auto& change : touching) {
    REQUIRE(world.amend(change).empty());
    row = world.project_row();
    CHECK(row.state == ProjectState::submitted);
    CHECK(!row.validator);
    CHECK(!row.validated);
    CHECK(row.changes->back().state == ProjectState::submitted);
    CHECK(row.changes->back().actor == world.id("dev"));
    CHECK(row.changes->back().reason == "a reason");
    CHECK(world.judged(*row.document, Opinion::unmodified, "vvb2").empty());
  }
  row = world.project_row();
  CHECK(row.methodology == second);
  CHECK(!row.methodologies);
  CHECK(row.capacity_per_year == 140'000);
  CHECK(row.boundary_digest == world.blob(test::field(2)));
  CHECK(world.all<model::AmendmentRow>().empty());
  CHECK(world.refused("rival", world.body_on(test::field(1))).empty());
  CHECK(world.refused("rival", world.body_on(test::field(2))) ==
        "BOUNDARY_OVERLAP" + kAt + "boundaryDigest");
}

TEST_CASE("the methodology of an amendment is judged as that of a submission, then its day") {
  ProjectWorld world;
  const Hash second = world.second_methodology();
  const auto with = [&](const Hash& digest, std::optional<model::Day> from) {
    return world.amend([&](Act& a) {
      a.methodology = digest;
      a.methodology_from = from;
    });
  };
  const model::Day day{kNextYearDay};
  const std::string at_day = kAt + "methodologyFrom";
  world.submit_project();
  CHECK(with(Hash{9}, std::nullopt) == "STANDARD_UNKNOWN" + kAt + "methodology");
  CHECK(with(second, day) == "CHANGE_DAY_INVALID" + at_day);
  REQUIRE(world.refused("vvb1", world.validation()).empty());
  CHECK(with(second, day) == "CHANGE_DAY_INVALID" + at_day);
  REQUIRE(world.refused("registry", model::RegisterProject{world.project, "F1"}).empty());
  CHECK(with(world.table, std::nullopt) == "STANDARD_UNKNOWN" + kAt + "methodology");
  CHECK(with(second, std::nullopt) == "FIELD_MISSING" + at_day);
  CHECK(world.amend([&](Act& a) {
    a.methodology_from = day;
    a.capacity_per_year = 1;
  }) == "FIELD_MISSING" + kAt + "methodology");
  CHECK(world.amend([&](Act& a) { a.methodology_from = day; }) == "STATUS_UNCHANGED" + kAtProject);
  CHECK(with(world.methodology, day) == "STATUS_UNCHANGED" + kAtProject);
  CHECK(with(second, model::Day{kFirstDay - 1}) == "CHANGE_DAY_INVALID" + at_day);
  CHECK(with(second, model::Day{ProjectWorld::kLastDay}) == "CHANGE_DAY_INVALID" + at_day);
  world.put_issued(kFirstDay + 10);
  CHECK(with(second, model::Day{kFirstDay + 9}) == "CHANGE_DAY_INVALID" + at_day);
  world.put_report(kFirstDay + 10, kNextYearDay);
  CHECK(with(second, model::Day{kNextYearDay - 1}) == "CHANGE_DAY_INVALID" + at_day);
  // Retired: no period that begins on that day could be reported.
  auto standard = world.get<model::StandardRow>(codec::standard_key(second));
  standard.last_period_end = day;
  world.put(codec::standard_key(second), standard);
  CHECK(with(second, day) == "METHODOLOGY_RETIRED" + kAt + "methodology");
  standard.last_period_end = model::Day{kNextYearDay + 1};
  world.put(codec::standard_key(second), standard);
  CHECK(with(second, day).empty());
  standard.activated.reset();
  world.put(codec::standard_key(second), standard);
  CHECK(with(second, day) == "METHODOLOGY_NOT_ACTIVE" + kAt + "methodology");
}

TEST_CASE("an inventory credits nothing, and a retired methodology takes no project") {
  ProjectWorld world;
  world.submit_project();
  const auto raw = ProjectWorld::raw("schemas/methodologies/corporate-inventory-1.json");
  REQUIRE(world.refused("standard", model::RegisterMethodology{raw}).empty());
  const Hash inventory = codec::standard_digest(raw);
  REQUIRE(world.refused("reviewer", model::ActivateMethodology{inventory}).empty());
  CHECK(world.amend([&](Act& a) { a.methodology = inventory; }) ==
        "METHODOLOGY_CREDITS_NOTHING" + kAt + "methodology");
  auto standard = world.get<model::StandardRow>(codec::standard_key(world.methodology));
  standard.last_period_end = model::Day{kFirstDay};
  world.put(codec::standard_key(world.methodology), standard);
  const auto act = world.body_on(test::field(5));
  CHECK(world.refused("dev", act) == "METHODOLOGY_RETIRED" + kAt + "methodology");
  standard.last_period_end = model::Day{kFirstDay + 1};
  world.put(codec::standard_key(world.methodology), standard);
  CHECK(world.refused("dev", act).empty());
}

TEST_CASE("what a registered project earns by waits for a verifier and the registry") {
  RegisteredWorld world;
  REQUIRE(world.amend([](Act& a) { a.name = model::Name{"New name", std::nullopt}; }).empty());
  CHECK(world.project_row().name.en == "New name");
  CHECK(world.all<model::AmendmentRow>().empty());
  REQUIRE(world
              .amend([](Act& a) {
                a.capacity_per_year = 170'000;
                a.name = model::Name{"Later name", std::nullopt};
              })
              .empty());
  const Hash document = world.last_digest();
  const auto id = model::AmendmentId::of(document);
  auto row = world.amendment_row(id);
  CHECK(row.state == AmendmentState::waiting);
  CHECK(row.capacity_per_year == 170'000);
  CHECK(row.digest == document);
  CHECK(!row.boundary_digest);
  CHECK(!row.methodology);
  CHECK(world.project_row().amendment == id);
  CHECK(world.project_row().capacity_per_year == 150'000);
  CHECK(world.project_row().name.en == "New name");
  CHECK(world.accepted(id) == "AMENDMENT_STATE_WRONG" + kAt + "amendment");
  CHECK(world.accepted(model::AmendmentId{{9}}) == "AMENDMENT_UNKNOWN" + kAt + "amendment");
  CHECK(world.amend([](Act& a) { a.capacity_per_year = 160'000; }) ==
        "AMENDMENT_STATE_WRONG" + kAtProject);
  // What needs no validation does not wait for what does.
  CHECK(world.amend([](Act& a) { a.listings = std::vector{model::ForeignListing{"ACR", "1"}}; })
            .empty());
  CHECK(world.judged(world.project_digest) == "PROJECT_DIGEST_DIFFERS" + kAt + "digest");
  world.party("stranger", {Role::vvb});
  CHECK(world.judged(document, Opinion::unmodified, "stranger") ==
        "VVB_NOT_ACCREDITED/issuer/party");
  auto vvb = world.row_of("vvb2");
  vvb.affiliates = {world.id("dev")};
  world.put(codec::party_key(vvb.id), vvb);
  CHECK(world.judged(document, Opinion::unmodified, "vvb2") == "VVB_NOT_INDEPENDENT/issuer/party");
  CHECK(world.judged(document, Opinion::modified).empty());
  CHECK(world.amendment_row(id).state == AmendmentState::validated);
  CHECK(world.amendment_row(id).validator == world.id("vvb1"));
  CHECK(world.project_row().state == ProjectState::registered);
  CHECK(world.amend([](Act& a) { a.capacity_per_year = 160'000; }) ==
        "AMENDMENT_STATE_WRONG" + kAtProject);
  CHECK(world.refused("dev", model::AcceptAmendment{id}) == "ROLE_MISSING/issuer/party");
  CHECK(world.accepted(id).empty());
  const auto project = world.project_row();
  CHECK(project.capacity_per_year == 170'000);
  CHECK(project.name.en == "Later name");
  CHECK(project.document == document);
  CHECK(!project.amendment);
  CHECK(project.amendments->back().id == id);
  row = world.amendment_row(id);
  CHECK(row.state == AmendmentState::accepted);
  CHECK(row.settled->next() == EntryIndex{world.size()});
  CHECK(world.accepted(id) == "AMENDMENT_STATE_WRONG" + kAt + "amendment");
  CHECK(world.judged(document) == kStateWrong);
}

TEST_CASE("a negative opinion ends the amendment and nothing else, also after a positive one") {
  RegisteredWorld world;
  for (const bool had_positive : {false, true}) {
    REQUIRE(world.amend([&](Act& a) { a.boundary_digest = world.blob(test::field(2)); }).empty());
    const Hash document = world.last_digest();
    const auto id = model::AmendmentId::of(document);
    CHECK(world.geometry_of(id.bytes)->digest == world.blob(test::field(2)));
    CHECK(!world.geometry_of(id.bytes)->days);
    if (had_positive) REQUIRE(world.judged(document).empty());
    CHECK(world.judged(document, Opinion::adverse, "vvb2").empty());
    const auto row = world.amendment_row(id);
    CHECK(row.state == AmendmentState::rejected);
    CHECK(row.settled->next() == EntryIndex{world.size()});
    CHECK(!world.geometry_of(id.bytes));
    CHECK(!world.project_row().amendment);
    CHECK(world.project_row().state == ProjectState::registered);
    CHECK(world.project_row().boundary_digest == world.blob(test::field(1)));
    CHECK(world.accepted(id) == "AMENDMENT_STATE_WRONG" + kAt + "amendment");
  }
}

TEST_CASE("a suspended project is amended like a registered one") {
  RegisteredWorld world;
  REQUIRE(world.refused("registry", model::SuspendProject{world.project, "a leak"}).empty());
  world.change_registered([](Act& a) { a.capacity_per_year = 100'000; });
  CHECK(world.project_row().state == ProjectState::suspended);
  CHECK(world.project_row().capacity_per_year == 100'000);
}

TEST_CASE("an amendment ends with its project") {
  for (const bool completes : {true, false}) {
    RegisteredWorld world;
    REQUIRE(world.amend([&](Act& a) { a.boundary_digest = world.blob(test::field(2)); }).empty());
    const auto id = world.amended();
    REQUIRE(world.judged(world.last_digest()).empty());
    const auto over =
        completes ? world.refused("dev", model::CompleteProject{world.project, {kNextYearDay}, "x"})
                  : world.refused("dev", model::WithdrawProject{world.project, "x"});
    REQUIRE(over.empty());
    CHECK(world.amendment_row(id).state == AmendmentState::rejected);
    CHECK(!world.geometry_of(id.bytes));
    CHECK(!world.project_row().amendment);
    CHECK(world.accepted(id) == "AMENDMENT_STATE_WRONG" + kAt + "amendment");
  }
}

TEST_CASE("reports are made by the methodology of their days") {
  RegisteredWorld world;
  const Hash second = world.second_methodology();
  world.change_registered([&](Act& a) {
    a.methodology = second;
    a.methodology_from = model::Day{kNextYearDay};
  });
  auto row = world.project_row();
  CHECK(row.methodology == second);
  REQUIRE(row.methodologies->size() == 2);
  CHECK(row.methodologies->at(0).from == model::Day{kFirstDay});
  CHECK(row.methodologies->at(0).digest == world.methodology);
  CHECK(row.methodologies->at(1).from == model::Day{kNextYearDay});
  CHECK(row.methodologies->at(1).digest == second);
  const auto reported = [&](const Hash& methodology, std::int32_t from, std::int32_t to) {
    auto act = world.report_body();
    act.methodology = methodology;
    act.period = {{from}, {to}};
    return world.refused("dev", act);
  };
  const std::string within = "METHODOLOGY_CHANGES_WITHIN" + kAt + "period";
  const std::string other = "METHODOLOGY_NOT_PROJECTS" + kAt + "methodology";
  CHECK(reported(world.methodology, kFirstDay, kNextYearDay + 1) == within);
  CHECK(reported(second, kNextYearDay - 1, kNextYearDay + 1) == within);
  CHECK(reported(Hash{9}, kNextYearDay - 1, kNextYearDay + 1) == within);
  CHECK(reported(second, kFirstDay, kNextYearDay) == other);
  CHECK(reported(world.methodology, kNextYearDay, kNextYearDay + 1) == other);
  // Right, and refused for other reasons: no claim for that year.
  CHECK(reported(second, kNextYearDay, kNextYearDay + 1) == "CLAIM_YEARS_WRONG" + kAt + "claimed");
  CHECK(reported(world.methodology, kFirstDay, kNextYearDay).empty());
  CHECK(world.all<model::ReportRow>().at(0).methodology == world.methodology);
}

TEST_CASE("a later amendment replaces the methodologies from its day on") {
  RegisteredWorld world;
  const Hash second = world.second_methodology();
  const auto change = [&](const Hash& digest, std::int32_t from) {
    world.change_registered([&](Act& a) {
      a.methodology = digest;
      a.methodology_from = model::Day{from};
    });
  };
  change(second, kNextYearDay + 100);
  change(world.methodology, kNextYearDay + 200);
  CHECK(world.project_row().methodologies->size() == 3);
  // The same one for good, from an earlier day on.
  CHECK(world.amend([&](Act& a) {
    a.methodology = world.methodology;
    a.methodology_from = model::Day{kNextYearDay + 200};
  }) == "STATUS_UNCHANGED" + kAtProject);
  change(world.methodology, kNextYearDay + 50);
  REQUIRE(world.project_row().methodologies->size() == 2);
  CHECK(world.project_row().methodologies->at(1).digest == world.methodology);
  change(second, kFirstDay);
  REQUIRE(world.project_row().methodologies->size() == 1);
  auto act = world.report_body();
  act.methodology = second;
  CHECK(world.refused("dev", act).empty());
  CHECK(world.all<model::ReportRow>().at(0).methodology == second);
}

TEST_CASE("verifiers are accredited for the methodology that they judge by") {
  RegisteredWorld world;
  const Hash second = world.second_methodology();
  for (const auto& [vvb, methodology] :
       {std::pair("old", world.methodology), std::pair("new", second)}) {
    world.party(vvb, {Role::vvb});
    world.accredit(vvb, {std::nullopt, std::nullopt, methodology});
  }
  REQUIRE(world
              .amend([&](Act& a) {
                a.methodology = second;
                a.methodology_from = model::Day{kNextYearDay};
              })
              .empty());
  const Hash document = world.last_digest();
  CHECK(world.judged(document, Opinion::unmodified, "old") == "VVB_NOT_ACCREDITED/issuer/party");
  REQUIRE(world.judged(document, Opinion::unmodified, "new").empty());
  REQUIRE(world.accepted(model::AmendmentId::of(document)).empty());
  world.submit_report(world.report_body());
  CHECK(world.refused("new", world.statement()) == "VVB_NOT_ACCREDITED/issuer/party");
  CHECK(world.refused("old", world.statement()).empty());
  CHECK(world.refused("registry", model::IssueCredits{world.report}).empty());
}

TEST_CASE("who validated an amendment verifies only where policy lets one body do both") {
  RegisteredWorld world([](auto& policy) { policy.validator_may_verify = false; });
  world.party("vvb3", {Role::vvb});
  world.accredit("vvb3", {});
  REQUIRE(world.amend([](Act& a) { a.capacity_per_year = 160'000; }).empty());
  const Hash document = world.last_digest();
  REQUIRE(world.judged(document, Opinion::unmodified, "vvb2").empty());
  REQUIRE(world.accepted(model::AmendmentId::of(document)).empty());
  world.submit_report(world.report_body());
  CHECK(world.refused("vvb1", world.statement()) == "VVB_NOT_INDEPENDENT/issuer/party");
  CHECK(world.refused("vvb2", world.statement()) == "VVB_NOT_INDEPENDENT/issuer/party");
  CHECK(world.refused("vvb3", world.statement()).empty());
}

TEST_CASE("the day of a change is judged again when it is accepted") {
  RegisteredWorld world;
  const Hash second = world.second_methodology();
  REQUIRE(world
              .amend([&](Act& a) {
                a.methodology = second;
                a.methodology_from = model::Day{kNextYearDay};
              })
              .empty());
  const auto id = world.amended();
  REQUIRE(world.judged(world.last_digest()).empty());
  world.put_report(kFirstDay, kNextYearDay + 1);
  CHECK(world.accepted(id) == "CHANGE_DAY_INVALID" + kAt + "amendment");
  world.drop_reports();
  auto standard = world.get<model::StandardRow>(codec::standard_key(second));
  standard.last_period_end = model::Day{kNextYearDay};
  world.put(codec::standard_key(second), standard);
  CHECK(world.accepted(id) == "METHODOLOGY_RETIRED" + kAt + "amendment");
  standard.last_period_end.reset();
  world.put(codec::standard_key(second), standard);
  CHECK(world.accepted(id).empty());
}

TEST_CASE("a crediting period goes on, as long and as often as the programme allows") {
  constexpr std::int32_t kDay = ProjectWorld::kLastDay;
  RegisteredWorld world([](auto& policy) { allows(policy, 12, 2); });
  CHECK(world.renew(kDay, "rival") == "PROJECT_NOT_OF_PARTY" + kAtProject);
  CHECK(world.renew(kDay, "registry") == "ROLE_MISSING/issuer/party");
  CHECK(world.refused(
            "dev", model::RenewCreditingPeriod{model::ProjectId{{9}}, {kDay}, std::nullopt, "x"}) ==
        "PROJECT_UNKNOWN" + kAtProject);
  CHECK(world.renew(kDay) == "PERIOD_INVALID" + kAt + "to");
  CHECK(world.renew(kDay + 12 * 366 + 1) == "CREDITING_PERIOD_TOO_LONG" + kAt + "to");
  CHECK(world.renew(kDay + 12 * 366).empty());
  const auto id = world.amended();
  CHECK(world.renew(kDay + 1) == "AMENDMENT_STATE_WRONG" + kAtProject);
  CHECK(world.project_row().crediting_period.to == model::Day{kDay});
  CHECK(world.amendment_row(id).crediting_to == model::Day{kDay + 12 * 366});
  REQUIRE(world.judged(world.amendment_row(id).digest).empty());
  CHECK(world.accepted(id).empty());
  auto row = world.project_row();
  CHECK(row.crediting_period.to == model::Day{kDay + 12 * 366});
  CHECK(row.crediting_period.from == model::Day{kFirstDay});
  CHECK(row.renewals == 1);
  CHECK(world.geometry_of(world.project.bytes)->days == row.crediting_period);
  CHECK(world.all<model::BoundaryRow>().at(0).claims.size() == 1);
  CHECK(world.all<model::BoundaryRow>().at(0).claims.at(0).crediting_period ==
        row.crediting_period);
  REQUIRE(world.renew(kDay + 12 * 366 + 1).empty());
  REQUIRE(world.judged(world.last_digest()).empty());
  REQUIRE(world.accepted(*world.project_row().amendment).empty());
  CHECK(world.project_row().renewals == 2);
  CHECK(world.renew(kDay + 12 * 366 + 2) == "CREDITING_PERIOD_TOO_LONG" + kAt + "to");
  REQUIRE(world.refused("registry", model::SuspendProject{world.project, "a leak"}).empty());
  CHECK(world.renew(kDay + 12 * 366 + 2) == kStateWrong);
}

TEST_CASE("a renewal may bring documents, and is judged again when it is accepted") {
  constexpr std::int32_t kDay = ProjectWorld::kLastDay;
  RegisteredWorld world([](auto& policy) { allows(policy, 0, 100); });
  REQUIRE(world
              .refused("dev", model::RenewCreditingPeriod{world.project,
                                                          {kDay + 365},
                                                          std::vector<model::ManifestItem>{
                                                              {"renewal", Hash{2},
                                                               "application/pdf", "Renewal"}},
                                                          "goes on"})
              .empty());
  const auto id = world.amended();
  REQUIRE(world.judged(world.last_digest()).empty());
  // Somebody came in between, for days that were free then.
  const auto rival = world.submitted("rival", world.body_on(test::field(1), kDay, kDay + 1));
  CHECK(world.accepted(id) == "BOUNDARY_OVERLAP" + kAt + "amendment");
  CHECK(world.refused("rival", model::WithdrawProject{rival, "x"}).empty());
  auto row = world.project_row();
  row.crediting_period.to = model::Day{kDay + 365};
  world.put(codec::project_key(row.id), row);
  CHECK(world.accepted(id) == "PERIOD_INVALID" + kAt + "amendment");
  row.crediting_period.to = model::Day{kDay};
  row.renewals = 100;
  world.put(codec::project_key(row.id), row);
  CHECK(world.accepted(id) == "CREDITING_PERIOD_TOO_LONG" + kAt + "amendment");
  row.renewals.reset();
  world.put(codec::project_key(row.id), row);
  CHECK(world.accepted(id).empty());
  CHECK(world.project_row().document_kinds == std::vector<std::string>{"renewal"});
  CHECK(world.refused("rival", world.body_on(test::field(1), kDay + 364, kDay + 366)) ==
        "BOUNDARY_OVERLAP" + kAt + "boundaryDigest");
}

TEST_CASE("ground that another project has for the added days refuses the renewal") {
  constexpr std::int32_t kDay = ProjectWorld::kLastDay;
  RegisteredWorld world;
  world.submitted("rival", world.body_on(test::field(1), kDay + 100, kDay + 200));
  CHECK(world.renew(kDay + 101) == "BOUNDARY_OVERLAP" + kAt + "to");
  CHECK(world.renew(kDay + 100).empty());
}

TEST_CASE("a project's first crediting period is bounded, after everything else") {
  ProjectWorld world([](auto& policy) { allows(policy, 2, 0); });
  const auto with = [&](std::int32_t days) {
    return world.refused("dev", world.body_on(test::field(3), kFirstDay, kFirstDay + days));
  };
  CHECK(with(2 * 366 + 1) == "CREDITING_PERIOD_TOO_LONG" + kAt + "creditingPeriod");
  CHECK(with(2 * 366).empty());
  CHECK(with(2 * 366 + 1) == "BOUNDARY_OVERLAP" + kAt + "boundaryDigest");
  // A programme without a bound has none.
  ProjectWorld open([](auto& policy) { allows(policy, 0, 0); });
  CHECK(open.refused("dev", open.body_on(test::field(3), kFirstDay, kFirstDay + 40'000)).empty());
}

TEST_CASE("a project carries a bounded number of changes") {
  RegisteredWorld world;
  auto row = world.project_row();
  row.amendments.emplace(kRowVersionsMax - 1);
  world.put(codec::project_key(row.id), row);
  const auto rename = [&](const char* name) {
    return world.amend([&](Act& a) { a.name = model::Name{name, std::nullopt}; });
  };
  CHECK(rename("One").empty());
  CHECK(rename("Two") == "RECORD_LIMIT_REACHED");
}
