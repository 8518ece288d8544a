// Programmes, factor tables and methodologies: who registers, who activates, what is refused.
#include <doctest/doctest.h>

#include "crypto/canonical_json.h"
#include "ledger/codec/methodology_codec.h"
#include "tests/support/signed_project.h"

using namespace mrv;
using model::Role;
using nlohmann::json;
using test::SignedProject;
using test::SignedWorld;

namespace {

model::RawJson changed(const model::RawJson& document, const std::function<void(json&)>& change) {
  auto parsed = json::parse(document.canonical);
  change(parsed);
  return {crypto::canonicalize(parsed)};
}

}  // namespace

TEST_CASE("a programme is made by governance under a code given once") {
  SignedWorld world;
  world.party("registry", {Role::registry});
  const auto refused = [&](const model::RegisterProgramme& act) {
    const auto answer = world.submit("gov1", "", act);
    return answer.name + answer.pointer;
  };
  auto act = SignedProject::programme_body();
  CHECK(world.submit("registry", "registry", act).name == "GOVERNANCE_KEY_REQUIRED");
  act.name.en.reset();
  CHECK(refused(act) == "NAME_MISSING/credentialSubject/name");
  act.name.zh = "封存";
  act.code = "ccs";
  CHECK(refused(act) == "CODE_INVALID/credentialSubject/code");
  act.code = "ABCDEFGHIJKLM";
  CHECK(refused(act) == "CODE_INVALID/credentialSubject/code");
  act.code = "ABCDEFGHIJKL";
  world.accept(world.governed(act));
  const auto row = world.all<model::ProgrammeRow>().at(0);
  CHECK(row.name == act.name);
  CHECK(row.policies.size() == 1);
  CHECK(refused(act) == "CODE_TAKEN/credentialSubject/code");
  // Two proposals of one code: the code belongs to whichever is completed first.
  act.code = "SAME";
  const auto first = world.accept(world.submit("gov1", "", act)).digest;
  const auto second = world.accept(world.submit("gov1", "", act)).digest;
  world.accept(world.approve("gov2", "", second));
  CHECK(world.approve("gov2", "", first).name == "CODE_TAKEN");
}

TEST_CASE("a programme's rates are shares and its lists say each thing once") {
  SignedWorld world;
  const auto with = [&](auto change) {
    auto act = SignedProject::programme_body();
    change(act.policy);
    const auto answer = world.submit("gov1", "", act);
    return answer.name + answer.pointer;
  };
  using Policy = model::ProgrammePolicy;
  constexpr const char* kRate = "DECIMAL_INVALID/credentialSubject/policy/bufferRate";
  CHECK(with([](Policy& p) { p.buffer_rate = {"-0.1"}; }) == kRate);
  CHECK(with([](Policy& p) { p.buffer_rate = {"1.1"}; }) == kRate);
  CHECK(with([](Policy& p) { p.buffer_rate = {"0.10"}; }) == kRate);
  CHECK(with([](Policy& p) { p.buffer_rate = {"0"}; }).empty());
  CHECK(with([](Policy& p) { p.buffer_rate = {"1"}; }).empty());
  constexpr const char* kMargin = "DECIMAL_INVALID/credentialSubject/policy/capacityMargin";
  CHECK(with([](Policy& p) { p.capacity_margin = {"-1"}; }) == kMargin);
  CHECK(with([](Policy& p) { p.capacity_margin = {"1.5"}; }).empty());
  constexpr const char* kApprovals = "ITEM_REPEATED/credentialSubject/policy/approvals";
  CHECK(with([](Policy& p) {
          p.approvals = {{model::GovernedAct::transfer, 0}, {model::GovernedAct::transfer, 2}};
        }) == kApprovals);
  CHECK(with([](Policy& p) {
          p.approvals = {{model::GovernedAct::transfer, kApprovalsMax + 1}};
        }) == "INTEGER_OUT_OF_RANGE/credentialSubject/policy/approvals/0/approvals");
  CHECK(with([](Policy& p) { p.accepted_opinions.clear(); }) ==
        "LIST_TOO_SHORT/credentialSubject/policy/acceptedOpinions");
  CHECK(with([](Policy& p) { p.statements_min = 0; }) ==
        "INTEGER_OUT_OF_RANGE/credentialSubject/policy/statementsMin");
}

TEST_CASE("tables come from a standard or authority with a second person, and must be sound") {
  SignedProject world;
  world.party("authority", {Role::authority});
  const auto table = SignedProject::table_document();
  CHECK(world.refused("dev", model::RegisterFactorTable{table}) == "ROLE_MISSING/issuer/party");
  CHECK(world.refused("registry", model::RegisterFactorTable{table}) ==
        "ROLE_MISSING/issuer/party");
  CHECK(world.submit("gov1", "", model::RegisterFactorTable{table}).name == "KEY_UNKNOWN");
  const auto unsound = changed(table, [](json& j) { j["rows"][1] = j["rows"][0]; });
  CHECK(world.submit("authority", "authority", model::RegisterFactorTable{unsound}).name ==
        "TABLE_INVALID");
  const auto unread = changed(table, [](json& j) { j.erase("series"); });
  const auto answer = world.submit("authority", "authority", model::RegisterFactorTable{unread});
  CHECK(answer.name == "TABLE_INVALID");
  CHECK(answer.pointer == "/credentialSubject/document/series");
  const auto proposed =
      world.accept(world.submit("authority", "authority", model::RegisterFactorTable{table}));
  REQUIRE(proposed.proposal);
  CHECK(world.all<model::StandardRow>().empty());
  world.accept(world.approve("authority-2", "authority", proposed.digest));
  const auto row = world.all<model::StandardRow>().at(0);
  CHECK(row.is_table);
  CHECK(!row.activated);
  CHECK(row.party == world.id("authority"));
  CHECK(world.refused("standard", model::RegisterFactorTable{table}) ==
        "STANDARD_KNOWN/credentialSubject/document");
}

TEST_CASE("a methodology is registered by a standard when its own checks and vectors hold") {
  SignedProject world;
  world.party("authority", {Role::authority});
  const auto document = SignedProject::methodology_document();
  CHECK(world.refused("authority", model::RegisterMethodology{document}) ==
        "ROLE_MISSING/issuer/party");
  const auto wrong =
      changed(document, [](json& j) { j["vectors"][0]["expect"][0]["value"] = "1"; });
  const auto answer = world.submit("standard", "standard", model::RegisterMethodology{wrong});
  CHECK(answer.name == "METHODOLOGY_INVALID");
  CHECK(answer.pointer == "/credentialSubject/document/vectors/0/expect/0");
  CHECK(world
            .submit("standard", "standard",
                    model::RegisterMethodology{SignedProject::table_document()})
            .name == "METHODOLOGY_INVALID");
  CHECK(world.refused("standard", model::RegisterMethodology{document}).empty());
  CHECK(world.refused("reviewer", model::RegisterMethodology{document}) ==
        "STANDARD_KNOWN/credentialSubject/document");
}

TEST_CASE("somebody else activates, after the review delay, once") {
  auto genesis = SignedWorld::genesis_of(2, 2);
  genesis.delays.activation_seconds = 60;
  SignedProject world(genesis);
  const auto document = SignedProject::methodology_document();
  const auto digest = codec::standard_digest(document);
  const model::ActivateMethodology act{digest};
  CHECK(world.refused("reviewer", act) == "STANDARD_UNKNOWN/credentialSubject/digest");
  CHECK(world.submit("gov1", "", act).name == "STANDARD_UNKNOWN");
  REQUIRE(world.refused("standard", model::RegisterMethodology{document}).empty());
  CHECK(world.refused("dev", act) == "ROLE_MISSING/issuer/party");
  world.pass(59'999);
  CHECK(world.refused("reviewer", act) == "ACTIVATION_TOO_EARLY/credentialSubject/digest");
  CHECK(world.submit("gov1", "", act).name == "ACTIVATION_TOO_EARLY");
  world.pass(1);
  CHECK(world.refused("standard", act) == "ACTIVATOR_IS_REGISTRANT/issuer/party");
  world.accept(world.governed(act));
  CHECK(world.refused("reviewer", act) == "ACTIVATED_ALREADY/credentialSubject/digest");
}

TEST_CASE("a constructed table can be registered and never activated") {
  SignedProject world;
  const auto table =
      changed(SignedProject::table_document(), [](json& j) { j["confidence"] = "constructed"; });
  world.accept(world.approved("standard", model::RegisterFactorTable{table}));
  const model::ActivateMethodology act{codec::standard_digest(table)};
  CHECK(world.refused("reviewer", act) == "TABLE_CONSTRUCTED/credentialSubject/digest");
  CHECK(world.submit("gov1", "", act).name == "TABLE_CONSTRUCTED");
}

TEST_CASE("no project earns credits by an inventory") {
  SignedProject world;
  world.register_standards();
  const auto inventory = changed(SignedProject::methodology_document(), [](json& j) {
    j["purpose"] = "inventory";
    j["outputs"][0]["name"] = "net";
  });
  world.accept(world.submit("standard", "standard", model::RegisterMethodology{inventory}));
  world.methodology = codec::standard_digest(inventory);
  world.accept(world.submit("reviewer", "reviewer", model::ActivateMethodology{world.methodology}));
  CHECK(world.refused("dev", world.project_body()) ==
        "METHODOLOGY_CREDITS_NOTHING/credentialSubject/methodology");
}
