// The guards of version 4 (schemas/spec/registry.md 9): each way around a rule, and that it was one
// under version 3.
#include <doctest/doctest.h>

#include "ledger/base/text.h"
#include "ledger/state/independence.h"
#include "ledger/state/obligations.h"
#include "ledger/state/settled_years.h"
#include "tests/support/verification_world.h"

using namespace mrv;
using test::VerificationWorld;

namespace {

struct GuardsWorld : VerificationWorld {
  template <class Change>
  void change_project(const Change& change) {
    auto row = project_row();
    change(row);
    put(codec::project_key(row.id), row);
  }
  // The developer that handed the project on to `other`.
  void hand_on() {
    change_project([&](model::ProjectRow& row) {
      row.former_developers = {{row.developer, EntryIndex{0}, EntryIndex{1}}};
      row.developer = other;
    });
  }
};

// A project whose reports are of a series: each tells whole years, those before its period too.
struct SeriesWorld : GuardsWorld {
  using Years = std::vector<model::YearFigure>;

  model::ReportId told_years(std::int32_t from, std::int32_t to, const Years& years,
                             const Years& history) {
    model::ReportRow row;
    row.id = model::ReportId{{++number_}};
    row.project = project;
    row.period = {{20'000 + from}, {20'000 + to}};
    row.engine_version = "1";
    for (const auto& [year, exact] : years) {
      row.vintages.push_back({year, exact, std::nullopt, 1'000'000, 1'000'000});
    }
    row.history = history;
    put(codec::report_key(row.id), row);
    return row.id;
  }
  // What the report's batches come to together.
  Units issued(const model::ReportId& of) {
    auto row = get<model::ReportRow>(codec::report_key(of));
    std::vector<model::VintageQuantity> verified;
    for (const auto& vintage : row.vintages) verified.push_back({vintage.year, 1'000'000});
    model::StatementRow statement;
    statement.id = model::StatementId{{++number_}};
    statement.report = of;
    statement.vvb = vvb;
    statement.verified = verified;
    put(codec::statement_key(statement.id), statement);
    row.statements = {statement.id};
    put(codec::report_key(of), row);
    REQUIRE(issue(of).empty());
    Units sum = 0;
    for (const auto& batch : all<model::BatchRow>()) {
      if (batch.report == of) sum += batch.quantity;
    }
    return sum;
  }
  std::string settled(std::int64_t year) const {
    const auto row = get<model::CarryRow>(codec::carry_key(project, year));
    return row.settled.value_or("nothing");
  }

 private:
  std::uint8_t number_ = 100;
};

}  // namespace

TEST_CASE("the halves of a year of a series come to the year, once") {
  SeriesWorld world;
  CHECK(world.issued(world.told_years(0, 181, {{2025, "1000"}}, {})) == 1'000);
  CHECK(world.settled(2025) == "1000");
  CHECK(world.issued(world.told_years(181, 365, {{2025, "2001/2"}}, {})) == 0);
  CHECK(world.settled(2025) == "2001/2");
  // The half unit was carried.
  CHECK(world.issued(world.told_years(365, 366, {{2025, "1001"}}, {})) == 1);
}

TEST_CASE("a history that is told anew brings nothing back, and its losses come off") {
  SeriesWorld world;
  CHECK(world.issued(world.told_years(0, 365, {{2025, "1000"}}, {})) == 1'000);
  SUBCASE("the year before is emptied, so that this one seems to bring it all") {
    const auto next = world.told_years(365, 730, {{2026, "1000"}}, {{2025, "0"}});
    CHECK(world.issued(next) == 0);
    CHECK(world.settled(2025) == "0");
    CHECK(world.project_row().deficit == "0");
  }
  SUBCASE("a loss that this year does not make good is a deficit") {
    const auto next = world.told_years(365, 730, {{2026, "100"}}, {{2025, "400"}});
    CHECK(world.issued(next) == 0);
    CHECK(world.project_row().deficit == "500");
  }
  SUBCASE("what the year before has gained stays its own") {
    const auto next = world.told_years(365, 730, {{2026, "5"}}, {{2025, "3000"}});
    CHECK(world.issued(next) == 5);
    CHECK(world.settled(2025) == "1000");
  }
  SUBCASE("a year that never issued stands at its figure and adds nothing") {
    const auto next = world.told_years(365, 730, {{2026, "7"}}, {{2024, "50"}, {2025, "1000"}});
    CHECK(world.issued(next) == 7);
    CHECK(world.settled(2024) == "50");
  }
}

TEST_CASE("two reports of a series that wait together settle one after the other") {
  SeriesWorld world;
  const auto first = world.told_years(0, 365, {{2025, "1000"}}, {});
  const auto second = world.told_years(365, 730, {{2026, "800"}}, {{2025, "200"}});
  CHECK(world.issued(first) == 1'000);
  CHECK(world.issued(second) == 0);
}

TEST_CASE("what other reports issued counts for a series that follows within the year") {
  SeriesWorld world;
  auto dated = world.told_years(0, 181, {{2025, "600"}}, {});
  auto row = world.get<model::ReportRow>(codec::report_key(dated));
  row.history.reset();
  world.put(codec::report_key(dated), row);
  CHECK(world.issued(dated) == 600);
  CHECK(world.settled(2025) == "600");
  CHECK(world.issued(world.told_years(181, 365, {{2025, "1000"}}, {})) == 400);
}

TEST_CASE("under version 3 nothing was settled, and each report of a year issued it") {
  SeriesWorld world;
  world.set_rules(3);
  for (int half = 0; half < 2; ++half) {
    const auto report = world.told_years(181 * half, 181 * half + 181, {{2025, "1000"}}, {});
    auto row = world.get<model::ReportRow>(codec::report_key(report));
    row.history.reset();
    world.put(codec::report_key(report), row);
    CHECK(world.issued(report) == 1'000);
    CHECK(world.settled(2025) == "nothing");
  }
}

TEST_CASE("whoever handed a project on, and its affiliates, do not verify it") {
  GuardsWorld world;
  world.put(codec::party_key(world.developer), [&] {
    auto row = world.get<model::PartyRow>(codec::party_key(world.developer));
    row.affiliates = {world.second_vvb};
    return row;
  }());
  world.hand_on();
  CHECK(world.attest(world.second_vvb) == "VVB_NOT_INDEPENDENT/issuer/party");
  CHECK(world.attest(world.vvb).empty());
  world.set_rules(3);
  CHECK(world.attest(world.second_vvb).empty());
}

TEST_CASE("the validator's affiliate is the validator, also at issuance") {
  GuardsWorld world;
  world.change_project([&](model::ProjectRow& row) { row.validator = world.vvb; });
  CHECK(world.attest(world.vvb) == "VVB_NOT_INDEPENDENT/issuer/party");
  world.stated(world.second_vvb);
  world.affiliate(world.vvb, world.second_vvb);
  CHECK(world.attest(world.second_vvb) == "VVB_NOT_INDEPENDENT/issuer/party");
  CHECK(world.issue() == "STATEMENTS_MISSING/credentialSubject/report");
  SUBCASE("under version 3 it was not") {
    world.set_rules(3);
    CHECK(world.attest(world.second_vvb).empty());
    CHECK(world.issue().empty());
  }
  SUBCASE("unless policy lets one body do both") {
    world.policy().validator_may_verify = true;
    world.store();
    CHECK(world.issue().empty());
  }
}

TEST_CASE("a run of periods goes on in an affiliate") {
  GuardsWorld world;
  world.policy().consecutive_periods_max = 2;
  world.store();
  world.change_project([&](model::ProjectRow& row) { row.verifier_runs = {{world.vvb, 1}}; });
  world.affiliate(world.second_vvb, world.vvb);
  world.stated(world.second_vvb);
  REQUIRE(world.issue().empty());
  const auto runs = world.project_row().verifier_runs;
  REQUIRE(runs.size() == 1);
  CHECK(runs[0].vvb == world.second_vvb);
  CHECK(runs[0].periods == 2);
  const auto is_due = [&](const model::PartyId& body) {
    bool due = false;
    world.look([&](state::Context& context) {
      const auto row = *context.read<model::PartyRow>(codec::party_key(body));
      due = state::is_rotation_due(context, world.policy(), world.project_row(), row);
    });
    return due;
  };
  CHECK(is_due(world.second_vvb));
  CHECK(is_due(world.vvb));
  world.set_rules(3);
  CHECK(!is_due(world.vvb));
}

TEST_CASE("verifiers that are affiliates through a third one are one voice, in whatever order") {
  for (const bool middle_first : {false, true}) {
    CAPTURE(middle_first);
    GuardsWorld world;
    const auto third = world.party(8, {model::Role::vvb});
    world.accredit(third);
    world.affiliate(world.vvb, world.second_vvb);
    world.affiliate(third, world.second_vvb);
    world.policy().statements_min = 2;
    world.store();
    if (middle_first) world.stated(world.second_vvb);
    world.stated(world.vvb);
    if (!middle_first) world.stated(world.second_vvb);
    world.stated(third);
    CHECK(world.issue() == "STATEMENTS_MISSING/credentialSubject/report");
    world.set_rules(3);
    CHECK(world.issue().empty() == !middle_first);
  }
}

TEST_CASE("a debt from a project holds up the project, whoever has it now") {
  GuardsWorld world;
  world.stated(world.vvb);
  state::NewObligation debt;
  debt.party = world.developer;
  debt.programme = world.programme.id;
  debt.quantity = 5;
  debt.deadline = TimestampMs{world.now.value() + 10};
  SUBCASE("from this project") { debt.project = world.project; }
  SUBCASE("from another one it does not") { debt.project = world.neighbour; }
  world.change([&](state::Context& context) { state::open_obligation(context, debt); });
  world.hand_on();
  CHECK(world.issue().empty());
  const bool ours = debt.project == world.project;
  world.look([&](state::Context& context) {
    const auto row = world.project_row();
    CHECK((state::former_debtor(context, row, state::DebtAge::any) == world.developer) == ours);
    CHECK(!state::former_debtor(context, row, state::DebtAge::overdue));
  });
}

TEST_CASE("an overdue debt that was left behind stops the issuance, and did not before") {
  for (const bool guarded : {true, false}) {
    GuardsWorld world;
    world.set_rules(guarded ? 4 : 3);
    world.stated(world.vvb);
    state::NewObligation debt;
    debt.party = world.developer;
    debt.programme = world.programme.id;
    debt.project = world.project;
    debt.quantity = 5;
    debt.deadline = TimestampMs{world.now.value() - 1};
    world.change([&](state::Context& context) { state::open_obligation(context, debt); });
    world.hand_on();
    CHECK(world.issue() == (guarded ? "OBLIGATION_OVERDUE/credentialSubject/report" : ""));
  }
}

TEST_CASE("a blank is nobody's name, in any script") {
  CHECK(is_blank(""));
  CHECK(is_blank(" \t\n"));
  CHECK(is_blank("\u00a0\u1680\u2000\u200a\u200b\u2028\u202f\u205f\u3000\u0085"));
  CHECK(!is_blank("\u3000\u4e2d"));
  CHECK(!is_blank(". "));
}

TEST_CASE("two spellings of one reference are one") {
  CHECK(folded("  acr  77 ") == "ACR 77");
  CHECK(folded("ACR 77") == "ACR 77");
  CHECK(folded("ACR77") != folded("ACR 77"));
  CHECK(folded("\u00e9a") == "\u00e9A");
  CHECK(folded("   ").empty());
}
