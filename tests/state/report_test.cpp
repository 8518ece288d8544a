// Monitoring reports under the real methodology: recomputed, bounded, dated, never counted twice.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "crypto/ed25519.h"
#include "ledger/codec/methodology_codec.h"
#include "ledger/state/evidence.h"
#include "tests/support/files.h"
#include "tests/support/small_methodology.h"
#include "tests/support/state_world.h"

using namespace mrv;
using model::Role;
using nlohmann::json;

namespace {

constexpr std::int32_t kYear2023 = 19'358;
constexpr std::int32_t kYear2024 = 19'723;

model::RawJson raw(const std::string& text) { return {crypto::canonicalize(json::parse(text))}; }

// A registered project under the shipped methodology and table.
struct ReportWorld : test::StateWorld {
  model::PartyId standard = party(1, {Role::standard});
  model::PartyId other_standard = party(2, {Role::standard});
  model::PartyId developer = party(3, {Role::developer});
  model::ProgrammeRow programme;
  model::ProjectRow project;
  Hash methodology{};
  Hash table{};

  ReportWorld() {
    methodology = add(model::RegisterMethodology{
        raw(test::read_source("schemas/methodologies/ccs-net-storage-1.json"))});
    table =
        add(model::RegisterFactorTable{raw(test::read_source("schemas/tables/cn-grid-2023.json"))});
    programme.id = model::ProgrammeId{{1}};
    programme.code = "CCS";
    programme.name.en = "Storage";
    programme.policies = {{{EntryIndex{0}, std::nullopt}, {}}};
    policy().accepted_opinions = {model::Opinion::unmodified};
    policy().buffer_rate = {"0.05"};
    policy().capacity_margin = {"1.1"};
    policy().exclusive_evidence = {"meter-data"};
    project.id = model::ProjectId{{1}};
    project.developer = developer;
    project.programme = programme.id;
    project.methodology = methodology;
    project.activity_type = "storage";
    project.sector = "ccs";
    project.name.en = "Field";
    project.country = "CN";
    project.crediting_period = {{kYear2023}, {kYear2024 + 3'652}};
    project.capacity_per_year = 150'000;
    project.state = model::ProjectState::registered;
    project.code = "F1";
    store();
  }

  model::ProgrammePolicy& policy() { return programme.policies[0].policy; }

  void store() {
    put(codec::programme_key(programme.id), programme);
    put(codec::project_key(project.id), project);
  }

  template <class Act>
  Hash add(const Act& act) {
    REQUIRE(run(standard, act).ok());
    const Hash digest = codec::standard_digest(act.document);
    REQUIRE(run(other_standard, model::ActivateMethodology{digest}).ok());
    return digest;
  }

  Hash blob(const std::string& text) {
    const Hash digest = codec::standard_digest({text});
    blobs[digest] = to_bytes(text);
    return digest;
  }

  model::SubmitMonitoringReport report(Units claimed = 146'763) {
    model::SubmitMonitoringReport act;
    act.project = project.id;
    act.period = {{kYear2023}, {kYear2024}};
    act.methodology = methodology;
    act.tables = {table};
    act.inputs = raw(test::read_source("schemas/examples/ccs/inputs-2023.json"));
    act.datasets = {
        {"massMeters", blob(test::read_source("schemas/examples/ccs/mass-meters-2023.csv")),
         "text/csv"},
        {"volumeMeters", blob(test::read_source("schemas/examples/ccs/volume-meters-2023.csv")),
         "text/csv"}};
    act.claimed = {{2023, claimed}};
    return act;
  }

  static model::Evidence evidence(std::uint8_t number, std::int32_t day,
                                  const std::string& kind = "meter-data") {
    model::Evidence item;
    item.digest.fill(number);
    item.kind = kind;
    item.taken_at = TimestampMs{std::int64_t{day} * 86'400'000};
    return item;
  }

  std::string name(const model::SubmitMonitoringReport& act) { return run(developer, act).name(); }
};

}  // namespace

TEST_CASE("the claim is held against the recomputed tonnes, with both figures") {
  ReportWorld world;
  const auto over = world.run(world.developer, world.report(146'764));
  CHECK(over.name() == "OVER_CLAIM");
  CHECK(over.check->pointer == "/credentialSubject/claimed/0/quantity");
  CHECK(over.check->detail ==
        "claimed 146764, recomputed 146763 (credited = 146763.91899, year 2023)");
  REQUIRE(world.run(world.developer, world.report()).ok());
  const auto rows = world.all<model::ReportRow>();
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].vintages[0].exact == "14676391899/100000");
  CHECK(rows[0].vintages[0].ceiling == 146'763);
  CHECK(rows[0].vintages[0].claimed == 146'763);
  CHECK(rows[0].datasets.size() == 2);
}

TEST_CASE("a lower claim stands") {
  ReportWorld world;
  CHECK(world.name(world.report(146'762)).empty());
}

TEST_CASE("a deficit of the project lowers what may be claimed, a carry raises it") {
  ReportWorld world;
  world.project.deficit = "1/2";
  world.store();
  CHECK(world.name(world.report(146'763)).empty());
  ReportWorld other;
  other.project.deficit = "2";
  other.store();
  CHECK(other.name(other.report(146'762)) == "OVER_CLAIM");
  ReportWorld third;
  third.put(codec::carry_key(third.project.id, 2023),
            model::CarryRow{third.project.id, 2023, "9/10", "0"});
  CHECK(third.name(third.report(146'764)).empty());
}

TEST_CASE("no day counts twice: overlap, supersede, withdraw") {
  ReportWorld world;
  REQUIRE(world.run(world.developer, world.report()).ok());
  const auto first = world.all<model::ReportRow>()[0].id;
  CHECK(world.name(world.report()) == "PERIOD_OVERLAP");
  auto next = world.report(100);
  next.supersedes = first;
  REQUIRE(world.run(world.developer, next).ok());
  CHECK(world.get<model::ReportRow>(codec::report_key(first)).state ==
        model::ReportState::superseded);
  CHECK(world.name(next) == "REPORT_NOT_LIVE");
  next.supersedes = model::ReportId{{77}};
  CHECK(world.name(next) == "REPORT_UNKNOWN");
  const auto project = world.get<model::ProjectRow>(codec::project_key(world.project.id));
  REQUIRE(project.live_reports.size() == 1);
  REQUIRE(world.run(world.developer, model::WithdrawReport{project.live_reports[0], "x"}).ok());
  CHECK(world.name(world.report()).empty());
}

TEST_CASE("who may report what, and for when") {
  ReportWorld world;
  const auto with = [&](auto change) {
    auto act = world.report();
    change(act);
    return world.name(act);
  };
  using Report = model::SubmitMonitoringReport;
  CHECK(world.run(world.standard, world.report()).name() == "ROLE_MISSING");
  const auto other = world.party(9, {Role::developer});
  CHECK(world.run(other, world.report()).name() == "PROJECT_NOT_OF_PARTY");
  CHECK(with([](Report& r) { r.project = model::ProjectId{{5}}; }) == "PROJECT_UNKNOWN");
  CHECK(with([](Report& r) { r.methodology.fill(1); }) == "METHODOLOGY_NOT_PROJECTS");
  CHECK(with([](Report& r) { r.period.to = r.period.from; }) == "PERIOD_INVALID");
  CHECK(with([](Report& r) { r.period.from.days -= 365; }) == "PERIOD_OUTSIDE_CREDITING");
  CHECK(with([](Report& r) { r.claimed[0].year = 2022; }) == "CLAIM_YEARS_WRONG");
  CHECK(with([](Report& r) { r.claimed.push_back({2024, 0}); }) == "CLAIM_YEARS_WRONG");
  CHECK(with([](Report& r) { r.tables.clear(); }) == "TABLE_NOT_ALLOWED");
  CHECK(with([](Report& r) { r.tables[0].fill(3); }) == "TABLE_NOT_ALLOWED");
  CHECK(with([](Report& r) { r.datasets[0].name = "received"; }) == "PARAMETER_INVALID");
  CHECK(with([](Report& r) { r.datasets.pop_back(); }) == "PARAMETER_MISSING");
  world.now = TimestampMs{std::int64_t{kYear2024} * 86'400'000 - 1};
  CHECK(world.name(world.report()) == "PERIOD_INVALID");
  world.now = TimestampMs{std::int64_t{kYear2024} * 86'400'000};
  world.project.state = model::ProjectState::suspended;
  world.store();
  CHECK(world.name(world.report()) == "PROJECT_STATE_WRONG");
  world.project.state = model::ProjectState::registered;
  world.store();
  CHECK(world.name(world.report()).empty());
}

TEST_CASE("a report that breaks a check of its methodology is refused with the check's sentence") {
  ReportWorld world;
  auto act = world.report();
  auto inputs = json::parse(act.inputs.canonical);
  inputs["received"][0]["value"] = "1";
  act.inputs = raw(inputs.dump());
  const auto answer = world.run(world.developer, act);
  REQUIRE(answer.name() == "CHECK_FAILED");
  CHECK(answer.check->pointer == "/credentialSubject/inputs");
  CHECK(answer.check->detail.find("injected-not-above-received") != std::string::npos);
  CHECK(world.name(world.report()).empty());
}

TEST_CASE("more than the declared capacity is implausible, at the capacity it is not") {
  ReportWorld world;
  world.policy().capacity_margin = {"1"};
  world.project.capacity_per_year = 146'762;
  world.store();
  CHECK(world.name(world.report()) == "IMPLAUSIBLE");
  world.project.capacity_per_year = 146'763;
  world.store();
  CHECK(world.name(world.report()).empty());
}

TEST_CASE("exclusive evidence serves one report, shared evidence any") {
  ReportWorld world;
  auto act = world.report();
  act.evidence = {world.evidence(1, kYear2023), world.evidence(2, kYear2023, "calibration")};
  REQUIRE(world.run(world.developer, act).ok());
  auto second = act;
  second.supersedes = world.all<model::ReportRow>()[0].id;
  REQUIRE(world.run(world.developer, second).ok());
  // The same files for another project.
  world.project.id = model::ProjectId{{2}};
  world.store();
  act.project = world.project.id;
  CHECK(world.name(act) == "EVIDENCE_REUSED");
  act.evidence.erase(act.evidence.begin());
  CHECK(world.name(act).empty());
}

TEST_CASE("exclusive evidence is exclusive whatever the other report calls it, in either order") {
  for (const bool exclusive_first : {true, false}) {
    ReportWorld world;
    const char* const kinds[] = {"meter-data", "photo"};
    auto act = world.report();
    act.evidence = {world.evidence(1, kYear2023, kinds[exclusive_first ? 0 : 1])};
    REQUIRE(world.run(world.developer, act).ok());
    const auto first = world.all<model::ReportRow>()[0].id;
    world.project.id = model::ProjectId{{2}};
    world.store();
    act.project = world.project.id;
    act.evidence = {world.evidence(1, kYear2023, kinds[exclusive_first ? 1 : 0])};
    CHECK(world.name(act) == "EVIDENCE_REUSED");
    REQUIRE(world.run(world.developer, model::WithdrawReport{first, "x"}).ok());
    CHECK(world.all<model::EvidenceRow>().empty());
    CHECK(world.name(act).empty());
  }
}

TEST_CASE("a superseding report may rename evidence that no other report names") {
  ReportWorld world;
  auto act = world.report();
  act.evidence = {world.evidence(1, kYear2023, "photo")};
  REQUIRE(world.run(world.developer, act).ok());
  const auto first = world.all<model::ReportRow>()[0].id;
  act.supersedes = first;
  act.evidence[0].kind = "meter-data";
  auto other = world.report();
  other.evidence = {world.evidence(1, kYear2023, "photo")};
  world.project.id = other.project = model::ProjectId{{2}};
  world.store();
  REQUIRE(world.run(world.developer, other).ok());
  const auto shared = model::ReportId::of(world.digest());
  CHECK(world.all<model::EvidenceRow>().at(0).shared == 2);
  CHECK(world.name(act) == "EVIDENCE_REUSED");
  REQUIRE(world.run(world.developer, model::WithdrawReport{shared, "x"}).ok());
  CHECK(world.name(act).empty());
  CHECK(world.all<model::EvidenceRow>().at(0).shared == 0);
  CHECK(world.all<model::EvidenceRow>().at(0).report.has_value());
}

TEST_CASE("days that have issued are not reported again") {
  ReportWorld world;
  world.project.issued_until = model::Day{kYear2023 + 1};
  world.store();
  CHECK(world.name(world.report()) == "PERIOD_OVERLAP");
  world.project.issued_until = model::Day{kYear2023};
  world.store();
  CHECK(world.name(world.report()).empty());
}

TEST_CASE("a report that no row could hold is refused by name") {
  ReportWorld world;
  const Bytes key = codec::carry_key(world.project.id, 2023);
  world.put(key, model::CarryRow{world.project.id, 2023, "9000000000000000", "0"});
  CHECK(world.name(world.report()) == "AMOUNT_OVERFLOW");
  world.put(key, model::CarryRow{world.project.id, 2023, "0", "0"});
  for (std::size_t i = 0; i < kLiveReportsMax; ++i) {
    world.project.live_reports.push_back(model::ReportId{
        {9, static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i & 0xFFU)}});
  }
  world.store();
  CHECK(world.name(world.report()) == "LIST_TOO_LONG");
  world.project.live_reports.pop_back();
  world.store();
  CHECK(world.name(world.report()).empty());
}

TEST_CASE("evidence is taken inside the period and not after submission") {
  ReportWorld world;
  const auto dated = [&](std::int32_t day) {
    auto act = world.report();
    act.evidence = {world.evidence(1, day)};
    return world.name(act);
  };
  CHECK(dated(kYear2023 - 1) == "EVIDENCE_DATE_INVALID");
  CHECK(dated(kYear2024) == "EVIDENCE_DATE_INVALID");
  CHECK(dated(kYear2024 - 1).empty());
  auto twice = world.report();
  twice.evidence = {world.evidence(1, kYear2023), world.evidence(1, kYear2023)};
  ReportWorld other;
  CHECK(other.name(twice) == "ITEM_REPEATED");
}

TEST_CASE("a device signs digest, project, period and time with a key bound as a device's") {
  REQUIRE(crypto::initialise().ok());
  const auto secret = crypto::SecretKey::from_seed(Bytes(32, 7));
  ReportWorld world;
  auto item = world.evidence(1, kYear2023);
  auto act = world.report();
  const auto sign = [&](const model::Evidence& what, const model::Period& period) {
    const auto signature =
        secret.sign(as_bytes(state::evidence_message(what, act.project, period)));
    item.source = model::SourceSignature{{secret.public_key().bytes}, to_base64(signature.bytes)};
    act.evidence = {item};
    return world.name(act);
  };
  CHECK(sign(item, act.period) == "DEVICE_SIGNATURE_INVALID");
  model::KeyRow key;
  key.key = {secret.public_key().bytes};
  key.party = world.developer;
  key.purposes = {model::KeyPurpose::device};
  key.bound = {EntryIndex{0}, std::nullopt};
  world.put(codec::key_key(key.key), key);
  CHECK(sign(item, {{kYear2023}, {kYear2023 + 1}}) == "DEVICE_SIGNATURE_INVALID");
  CHECK(sign(world.evidence(2, kYear2023), act.period) == "DEVICE_SIGNATURE_INVALID");
  CHECK(sign(item, act.period).empty());
}

TEST_CASE("standards are activated by another party after the review delay") {
  ReportWorld world;
  auto document = json::parse(test::read_source("schemas/tables/cn-grid-2023.json"));
  document["version"] = "2023b";
  const model::RegisterFactorTable act{{crypto::canonicalize(document)}};
  const Hash digest = codec::standard_digest(act.document);
  auto ledger = world.get<model::LedgerRow>(codec::ledger_key());
  ledger.delays.activation_seconds = 60;
  world.put(codec::ledger_key(), ledger);
  CHECK(world.run(world.other_standard, model::ActivateMethodology{digest}).name() ==
        "STANDARD_UNKNOWN");
  REQUIRE(world.run(world.standard, act).ok());
  CHECK(world.run(world.standard, act).name() == "STANDARD_KNOWN");
  CHECK(world.run(world.standard, model::ActivateMethodology{digest}).name() ==
        "ACTIVATOR_IS_REGISTRANT");
  world.now = TimestampMs{test::kStartMs + 59'999};
  CHECK(world.run(world.other_standard, model::ActivateMethodology{digest}).name() ==
        "ACTIVATION_TOO_EARLY");
  world.now = TimestampMs{test::kStartMs + 60'000};
  auto report = world.report();
  report.tables = {digest};
  CHECK(world.name(report) == "TABLE_NOT_ALLOWED");
  CHECK(world.run(world.other_standard, model::ActivateMethodology{digest}).ok());
  CHECK(world.run(world.other_standard, model::ActivateMethodology{digest}).name() ==
        "ACTIVATED_ALREADY");
  CHECK(world.name(report).empty());
  document["rows"][1]["keys"][0] = "national";
  CHECK(world.run(world.standard, model::RegisterFactorTable{{crypto::canonicalize(document)}})
            .name() == "TABLE_INVALID");
  auto methodology = json::parse(test::read_source("schemas/methodologies/ccs-net-storage-1.json"));
  methodology["vectors"][0]["expect"][0]["value"] = "1";
  const auto refused =
      world.run(world.standard, model::RegisterMethodology{{crypto::canonicalize(methodology)}});
  CHECK(refused.name() == "METHODOLOGY_INVALID");
  CHECK(refused.check->pointer == "/credentialSubject/document/vectors/0/expect/0");
}

TEST_CASE("a series is reported from the year in which the project's crediting begins") {
  ReportWorld world;
  auto document = test::stock_series();
  auto inputs = test::small_inputs();
  inputs["stock"] = {{{"year", "2023"}, {"c", "5.5"}}};
  document["vectors"][0]["inputs"] = inputs;
  document["vectors"][0]["expect"] = {
      {{"definition", "total"}, {"at", {"2023"}}, {"value", "5.5"}}};
  world.project.methodology =
      world.add(model::RegisterMethodology{{crypto::canonicalize(document)}});
  world.store();
  auto act = world.report(5);
  act.methodology = world.project.methodology;
  act.tables.clear();
  act.datasets.clear();
  const auto answer = [&] {
    act.inputs = {crypto::canonicalize(inputs)};
    const auto judged = world.run(world.developer, act);
    return judged.ok() ? "" : judged.name() + ": " + judged.check->detail;
  };
  inputs["stock"].push_back({{"year", "2022"}, {"c", "5"}});
  CHECK(answer() == "PARAMETER_INVALID: stock.year: the series begins with 2022, not with 2023");
  inputs["stock"].erase(1);
  act.claimed[0].quantity = 6;
  CHECK(answer().starts_with("OVER_CLAIM"));
  act.claimed[0].quantity = 5;
  CHECK(answer().empty());
}
