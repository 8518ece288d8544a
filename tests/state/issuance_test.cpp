// From a recomputed report to issued, transferred and retired units.
#include "ledger/state/issuance.h"

#include <doctest/doctest.h>

#include "tests/support/state_world.h"

using namespace mrv;
using model::Role;

namespace {

Rational number(std::string_view text) { return *Rational::parse(text); }

// One registered project with a live report, two VVBs and a buyer.
struct IssuanceWorld : test::StateWorld {
  model::PartyId registry = party(1, {Role::registry});
  model::PartyId developer = party(2, {Role::developer});
  model::PartyId vvb = party(3, {Role::vvb});
  model::PartyId other_vvb = party(4, {Role::vvb});
  model::PartyId buyer = party(5, {Role::buyer});
  model::ProgrammeRow programme;
  model::ProjectRow project;
  model::ReportRow report;

  IssuanceWorld() {
    programme.id = model::ProgrammeId{{1}};
    programme.code = "CCS";
    programme.name.en = "Storage";
    model::ProgrammePolicy policy;
    policy.statements_min = 2;
    policy.accepted_opinions = {model::Opinion::unmodified};
    policy.buffer_rate = {"0.05"};
    policy.capacity_margin = {"1"};
    programme.policies = {{{EntryIndex{0}, std::nullopt}, policy}};
    project.id = model::ProjectId{{1}};
    project.developer = developer;
    project.programme = programme.id;
    project.activity_type = "storage";
    project.sector = "ccs";
    project.name.en = "Field";
    project.country = "CN";
    project.crediting_period = {{20'000}, {24'000}};
    project.capacity_per_year = 1'000'000;
    project.state = model::ProjectState::registered;
    project.code = "F1";
    set_report("14676391899/100000", 146'763, {20'000}, {20'365});
    for (const auto& id : {vvb, other_vvb}) {
      model::AccreditationRow row;
      row.party = id;
      row.accreditations = {{{EntryIndex{0}, std::nullopt},
                             {model::AccreditationScope{}},
                             TimestampMs{0},
                             TimestampMs{2 * test::kStartMs}}};
      put(codec::accreditation_key(id), row);
    }
    store();
  }

  void set_report(const std::string& exact, Units claimed, model::Day from, model::Day to) {
    report = {};
    report.id = model::ReportId{{++reports_}};
    report.entry = EntryIndex{7};
    report.digest.fill(reports_);
    report.project = project.id;
    report.period = {from, to};
    report.engine_version = "1";
    const auto settled = state::settle_vintage(number(exact), Rational(), Rational());
    report.vintages = {{2025, exact, std::nullopt, settled->ceiling, claimed}};
    put(codec::report_key(report.id), report);
  }

  void store() {
    put(codec::programme_key(programme.id), programme);
    put(codec::project_key(project.id), project);
  }

  Verdict state(const model::PartyId& by, Units quantity,
                model::Opinion opinion = model::Opinion::unmodified,
                const std::optional<std::string>& buffer_rate = std::nullopt) {
    model::SubmitVerificationStatement act;
    act.report = report.id;
    act.digest = report.digest;
    act.index = 7;
    act.opinion = opinion;
    act.materiality = {"0.05"};
    act.verified = {{2025, quantity}};
    act.conflict_declaration = "none";
    if (buffer_rate) act.buffer_rate = model::DecimalText{*buffer_rate};
    return run(by, act);
  }

  Verdict issue() { return run(registry, model::IssueCredits{report.id}); }

 private:
  std::uint8_t reports_ = 0;
};

}  // namespace

TEST_CASE("146,763.91899 t become 139,424 for the developer and 7,339 for the buffer") {
  IssuanceWorld world;
  REQUIRE(world.state(world.vvb, 146'763).ok());
  CHECK(world.issue().name() == "STATEMENTS_MISSING");
  REQUIRE(world.state(world.other_vvb, 146'763).ok());
  REQUIRE(world.issue().ok());
  const auto batches = world.all<model::BatchRow>();
  REQUIRE(batches.size() == 1);
  CHECK(batches[0].prefix == "TEST-CCS-CN-F1-2025-1");
  CHECK(batches[0].quantity == 146'763);
  CHECK(batches[0].buffer == 7'339);
  const auto holding =
      world.get<model::HoldingRow>(codec::holding_key(world.developer, batches[0].id));
  CHECK(holding.active == 139'424);
  CHECK(world.get<model::PoolRow>(codec::pool_key(world.programme.id)).units == 7'339);
  CHECK(world.get<model::CarryRow>(codec::carry_key(world.project.id, 2025)).carry ==
        "91899/100000");
  CHECK(world.issue().name() == "REPORT_ISSUED");
  CHECK(world.state(world.vvb, 1).name() == "REPORT_ISSUED");
  CHECK(world.run(world.developer, model::WithdrawReport{world.report.id, "x"}).name() ==
        "REPORT_ISSUED");
}

TEST_CASE("the lowest statement binds, a later one replaces it, and one bad opinion blocks") {
  IssuanceWorld world;
  CHECK(world.state(world.vvb, 146'764).name() == "VERIFIED_TOO_HIGH");
  REQUIRE(world.state(world.vvb, 100).ok());
  REQUIRE(world.state(world.other_vvb, 146'763, model::Opinion::adverse).ok());
  CHECK(world.issue().name() == "OPINION_BLOCKS");
  REQUIRE(world.state(world.other_vvb, 146'763).ok());
  REQUIRE(world.issue().ok());
  CHECK(world.all<model::BatchRow>()[0].quantity == 100);
  CHECK(world.all<model::BatchRow>()[0].buffer == 5);
}

TEST_CASE("only independent, accredited VVBs state, on the bytes that are there") {
  IssuanceWorld world;
  CHECK(world.state(world.developer, 1).name() == "ROLE_MISSING");
  const auto stranger = world.party(9, {Role::vvb});
  CHECK(world.state(stranger, 1).name() == "VVB_NOT_ACCREDITED");
  auto affiliate = world.get<model::PartyRow>(codec::party_key(world.vvb));
  affiliate.affiliates = {world.developer};
  world.put(codec::party_key(world.vvb), affiliate);
  CHECK(world.state(world.vvb, 1).name() == "VVB_NOT_INDEPENDENT");
  world.report.digest.fill(99);
  CHECK(world.state(world.other_vvb, 1).name() == "REPORT_DIGEST_DIFFERS");
}

TEST_CASE("a statement of a suspended VVB no longer counts, yet its lower figure binds") {
  IssuanceWorld world;
  REQUIRE(world.state(world.vvb, 146'763).ok());
  REQUIRE(world.state(world.other_vvb, 50).ok());
  auto row = world.get<model::PartyRow>(codec::party_key(world.other_vvb));
  row.standings.back().status = model::PartyStatus::suspended;
  world.put(codec::party_key(world.other_vvb), row);
  CHECK(world.issue().name() == "STATEMENTS_MISSING");
  world.programme.policies.back().policy.statements_min = 1;
  world.store();
  REQUIRE(world.issue().ok());
  CHECK(world.all<model::BatchRow>()[0].quantity == 50);
}

TEST_CASE("a VVB whose accreditation has lapsed since no longer counts, yet its figure binds") {
  IssuanceWorld world;
  REQUIRE(world.state(world.vvb, 146'763).ok());
  REQUIRE(world.state(world.other_vvb, 50).ok());
  auto row = world.get<model::AccreditationRow>(codec::accreditation_key(world.other_vvb));
  row.accreditations[0].until = TimestampMs{test::kStartMs + 1};
  world.put(codec::accreditation_key(world.other_vvb), row);
  world.now = TimestampMs{test::kStartMs + 1};
  CHECK(world.issue().name() == "STATEMENTS_MISSING");
  world.programme.policies.back().policy.statements_min = 1;
  world.store();
  REQUIRE(world.issue().ok());
  CHECK(world.all<model::BatchRow>()[0].quantity == 50);
}

TEST_CASE("statements made ahead do not get round the rotation") {
  IssuanceWorld world;
  auto& policy = world.programme.policies.back().policy;
  policy.consecutive_periods_max = 1;
  world.store();
  const auto state_both = [&] {
    REQUIRE(world.state(world.vvb, 10).ok());
    REQUIRE(world.state(world.other_vvb, 10).ok());
  };
  state_both();
  const auto first = world.report.id;
  world.set_report("10", 10, {20'365}, {20'400});
  state_both();
  REQUIRE(world.run(world.registry, model::IssueCredits{first}).ok());
  CHECK(world.issue().name() == "STATEMENTS_MISSING");
  CHECK(world.state(world.vvb, 10).name() == "VVB_ROTATION_DUE");
  policy.consecutive_periods_max = 2;
  world.put(codec::programme_key(world.programme.id), world.programme);
  CHECK(world.issue().ok());
}

TEST_CASE("an adverse opinion and a disclaimer block even where policy lists them") {
  for (const auto opinion : {model::Opinion::adverse, model::Opinion::disclaimer}) {
    IssuanceWorld world;
    world.programme.policies.back().policy.accepted_opinions = {model::Opinion::unmodified,
                                                                opinion};
    world.store();
    REQUIRE(world.state(world.vvb, 146'763).ok());
    REQUIRE(world.state(world.other_vvb, 146'763, opinion).ok());
    CHECK(world.issue().name() == "OPINION_BLOCKS");
  }
}

TEST_CASE("units are issued to a developer only") {
  IssuanceWorld world;
  REQUIRE(world.state(world.vvb, 146'763).ok());
  REQUIRE(world.state(world.other_vvb, 146'763).ok());
  auto row = world.get<model::PartyRow>(codec::party_key(world.developer));
  const auto with = [&](model::PartyStatus status, std::vector<Role> roles) {
    row.standings.back().status = status;
    row.standings.back().roles = std::move(roles);
    world.put(codec::party_key(world.developer), row);
    return world.issue().name();
  };
  CHECK(with(model::PartyStatus::closed, {Role::developer}) == "DEVELOPER_NOT_ELIGIBLE");
  CHECK(with(model::PartyStatus::admitted, {Role::buyer}) == "DEVELOPER_NOT_ELIGIBLE");
  CHECK(with(model::PartyStatus::frozen, {Role::developer}).empty());
}

TEST_CASE("the buffer's rate is the highest over the statements that count") {
  const auto buffer_when = [](model::PartyStatus status) {
    IssuanceWorld world;
    world.programme.policies.back().policy.statements_min = 1;
    world.store();
    REQUIRE(world.state(world.vvb, 146'763).ok());
    REQUIRE(world.state(world.other_vvb, 146'763, model::Opinion::unmodified, "0.5").ok());
    auto row = world.get<model::PartyRow>(codec::party_key(world.other_vvb));
    row.standings.back().status = status;
    world.put(codec::party_key(world.other_vvb), row);
    REQUIRE(world.issue().ok());
    return world.all<model::BatchRow>()[0].buffer;
  };
  CHECK(buffer_when(model::PartyStatus::admitted) == 73'382);
  CHECK(buffer_when(model::PartyStatus::suspended) == 7'339);
}

TEST_CASE("a list or total that is full refuses by name what would not fit") {
  IssuanceWorld world;
  REQUIRE(world.state(world.vvb, 146'763).ok());
  world.report = world.get<model::ReportRow>(codec::report_key(world.report.id));
  auto full = world.report;
  while (full.statements.size() < kStatementsMax) {
    full.statements.push_back(
        model::StatementId{{static_cast<std::uint8_t>(full.statements.size()), 1}});
  }
  world.put(codec::report_key(full.id), full);
  CHECK(world.state(world.other_vvb, 146'763).name() == "LIST_TOO_LONG");
  CHECK(world.state(world.vvb, 146'763).ok());  // in the place of its earlier one
  world.put(codec::report_key(world.report.id), world.report);
  REQUIRE(world.state(world.other_vvb, 146'763).ok());
  const Bytes pool = codec::pool_key(world.programme.id);
  world.put(pool, model::PoolRow{world.programme.id, kUnitsMax - 7'338});
  CHECK(world.issue().name() == "AMOUNT_OVERFLOW");
  world.put(pool, model::PoolRow{world.programme.id, kUnitsMax - 7'339});
  world.project.issuances = kIssuancesMax;
  world.store();
  CHECK(world.issue().name() == "LIST_TOO_LONG");
  world.project.issuances = kIssuancesMax - 1;
  world.project.live_reports = {world.report.id};
  world.store();
  CHECK(world.issue().ok());
  CHECK(world.get<model::ProjectRow>(codec::project_key(world.project.id)).live_reports.empty());
}

TEST_CASE("every day issues once and in order") {
  IssuanceWorld world;
  world.set_report("10", 10, {20'365}, {20'400});
  REQUIRE(world.state(world.vvb, 10).ok());
  REQUIRE(world.state(world.other_vvb, 10).ok());
  CHECK(world.issue().name() == "PERIOD_GAP");
  world.programme.policies.back().policy.gaps_allowed = true;
  world.store();
  CHECK(world.issue().ok());
}

TEST_CASE("fractions are carried, losses are made good first, and nothing leaks") {
  const auto first = *state::settle_vintage(number("10.75"), Rational(), Rational());
  CHECK(first.ceiling == 10);
  CHECK(first.carry == number("0.75"));
  const auto second = *state::settle_vintage(number("10.25"), first.carry, Rational());
  CHECK(second.ceiling == 11);
  CHECK(second.carry.is_zero());
  const auto loss = *state::settle_vintage(number("-5.5"), number("0.5"), Rational());
  CHECK(loss.ceiling == 0);
  CHECK(loss.carry.is_zero());
  CHECK(loss.deficit == Rational(5));
  const auto after = *state::settle_vintage(number("7.25"), loss.carry, loss.deficit);
  CHECK(after.ceiling == 2);
  CHECK(after.carry == number("0.25"));
  CHECK(after.deficit.is_zero());
}

TEST_CASE("the buffer is rounded up and never exceeds the quantity") {
  CHECK(*state::buffer_share(146'763, number("0.05"), Rational(146'763)) == 7'339);
  CHECK(*state::buffer_share(100, number("0.05"), Rational(100)) == 5);
  CHECK(*state::buffer_share(101, number("0.05"), Rational(101)) == 6);
  CHECK(*state::buffer_share(3, number("0.05"), Rational(1'000)) == 3);
  CHECK(*state::buffer_share(3, Rational(), Rational(3)) == 0);
}

TEST_CASE("units go to the buyer when he accepts, and are retired once, for somebody") {
  IssuanceWorld world;
  REQUIRE(world.state(world.vvb, 146'763).ok());
  REQUIRE(world.state(world.other_vvb, 146'763).ok());
  REQUIRE(world.issue().ok());
  const auto batch = world.all<model::BatchRow>()[0].id;
  model::Transfer transfer;
  transfer.legs = {{batch, std::nullopt, std::nullopt, 1'000}};
  transfer.to = world.buyer;
  transfer.expires = TimestampMs{test::kStartMs + 10};
  REQUIRE(world.run(world.developer, transfer).ok());
  const auto id = model::TransferId::of(world.digest());
  CHECK(world.run(world.developer, model::AcceptTransfer{id}).name() == "TRANSFER_NOT_YOURS");
  CHECK(world.run(world.buyer, model::LapseTransfer{id}).name() == "TRANSFER_NOT_EXPIRED");
  REQUIRE(world.run(world.buyer, model::AcceptTransfer{id}).ok());
  CHECK(world.run(world.buyer, model::AcceptTransfer{id}).name() == "TRANSFER_SETTLED");
  model::Retire retire;
  retire.legs = {{batch, 1, 1'000, std::nullopt}};
  CHECK(world.run(world.buyer, retire).name() == "BENEFICIARY_MISSING");
  retire.beneficiary = model::Beneficiary{model::Organisation{"Buyer", "CN", {}, {}}, {}};
  CHECK(world.run(world.developer, retire).name() == "UNITS_NOT_HELD");
  retire.purpose = model::RetirementPurpose::corsia;
  CHECK(world.run(world.buyer, retire).name() == "LABEL_REQUIRED");
  retire.purpose = model::RetirementPurpose::voluntary;
  REQUIRE(world.run(world.buyer, retire).ok());
  CHECK(world.run(world.buyer, retire).name() == "UNITS_NOT_HELD");
  const auto retired = world.all<model::RetirementRow>();
  REQUIRE(retired.size() == 1);
  CHECK(retired[0].quantity == 1'000);
  transfer.to = world.developer;
  transfer.legs = {{batch, 1, 1, std::nullopt}};
  CHECK(world.run(world.buyer, transfer).name() == "UNITS_NOT_HELD");
}

TEST_CASE("a transfer is refused, returned or lapsed without losing a unit") {
  IssuanceWorld world;
  REQUIRE(world.state(world.vvb, 146'763).ok());
  REQUIRE(world.state(world.other_vvb, 146'763).ok());
  REQUIRE(world.issue().ok());
  const auto batch = world.all<model::BatchRow>()[0].id;
  model::Transfer transfer;
  transfer.legs = {{batch, 5, 9, std::nullopt}};
  transfer.to = world.developer;
  transfer.expires = TimestampMs{test::kStartMs + 10};
  CHECK(world.run(world.developer, transfer).name() == "RECIPIENT_IS_SENDER");
  transfer.to = model::PartyId{{77}};
  CHECK(world.run(world.developer, transfer).name() == "PARTY_UNKNOWN");
  transfer.to = world.vvb;
  CHECK(world.run(world.developer, transfer).name() == "RECIPIENT_NOT_ADMITTED");
  transfer.to = world.buyer;
  transfer.expires = TimestampMs{test::kStartMs};
  CHECK(world.run(world.developer, transfer).name() == "TRANSFER_EXPIRY_INVALID");
  transfer.expires = TimestampMs{test::kStartMs + 10};
  const auto all_back = [&] {
    const auto rows = world.all<model::SerialRow>();
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].first == 1);
    CHECK(rows[0].last == 139'424);
    CHECK(rows[0].holder == world.developer);
  };
  REQUIRE(world.run(world.developer, transfer).ok());
  REQUIRE(world.run(world.buyer, model::RejectTransfer{model::TransferId::of(world.digest()), "no"})
              .ok());
  all_back();
  REQUIRE(world.run(world.developer, transfer).ok());
  REQUIRE(
      world.run(world.developer, model::CancelTransfer{model::TransferId::of(world.digest()), "no"})
          .ok());
  all_back();
  REQUIRE(world.run(world.developer, transfer).ok());
  const auto id = model::TransferId::of(world.digest());
  world.now = TimestampMs{test::kStartMs + 11};
  CHECK(world.run(world.buyer, model::AcceptTransfer{id}).name() == "TRANSFER_EXPIRED");
  REQUIRE(world.run(world.vvb, model::LapseTransfer{id}).ok());
  all_back();
}
