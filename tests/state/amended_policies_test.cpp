// A programme's policy that changes after the review delay, and methodologies that are retired.
#include <doctest/doctest.h>

#include "ledger/state/methodology_use.h"
#include "ledger/state/policy.h"
#include "tests/support/signed_project.h"

using namespace mrv;
using model::Role;
using test::SignedProject;
using test::SignedWorld;

namespace {

constexpr std::int64_t kReviewSeconds = 900;
constexpr std::int64_t kReviewMs = kReviewSeconds * kMsPerSecond;

model::Genesis reviewed_genesis() {
  auto genesis = SignedWorld::genesis_of(2, 2);
  genesis.delays.activation_seconds = kReviewSeconds;
  return genesis;
}

struct PolicyWorld : SignedWorld {
  PolicyWorld() : SignedWorld(reviewed_genesis()) {
    party("dev", {Role::developer});
    party("buyer", {Role::buyer});
    accept(governed(SignedProject::programme_body()));
    programme = all<model::ProgrammeRow>().front().id;
  }
  std::string amend(const model::AmendProgramme& act) {
    const auto proposed = submit("gov1", "", act);
    if (!proposed.ok()) return proposed.name + proposed.pointer;
    return approve("gov2", "", proposed.digest).name;
  }
  model::AmendProgramme amendment(const std::string& rate) const {
    model::AmendProgramme act;
    act.programme = programme;
    act.policy = open_policy();
    act.policy.buffer_rate = {rate};
    return act;
  }
  [[nodiscard]] model::ProgrammeRow row() const {
    return get<model::ProgrammeRow>(codec::programme_key(programme));
  }
  // The buffer's rate as the next act would be judged by it.
  std::string rate() {
    std::string text;
    change(
        [&](state::Context& context) { text = state::policy_of(context, row()).buffer_rate.text; });
    return text;
  }

  model::ProgrammeId programme;
};

}  // namespace

TEST_CASE("a policy is amended by governance, and is as sound as a first one") {
  PolicyWorld world;
  auto act = world.amendment("0.1");
  CHECK(world.submit("dev", "dev", act).name == "GOVERNANCE_KEY_REQUIRED");
  act.programme = model::ProgrammeId{{9}};
  act.name = model::Name{};
  CHECK(world.amend(act) == "PROGRAMME_UNKNOWN/credentialSubject/programme");
  act.programme = world.programme;
  act.policy.buffer_rate = {"1.1"};
  CHECK(world.amend(act) == "NAME_MISSING/credentialSubject/name");
  act.name = model::Name{std::nullopt, "封存"};
  const std::string policy = "/credentialSubject/policy/";
  CHECK(world.amend(act) == "DECIMAL_INVALID" + policy + "bufferRate");
  act.policy.buffer_rate = {"1"};
  act.policy.approvals = {{model::GovernedAct::cancel, 1}, {model::GovernedAct::cancel, 2}};
  CHECK(world.amend(act) == "ITEM_REPEATED" + policy + "approvals");
  act.policy.approvals.pop_back();
  act.policy.integrity.emplace();
  for (const std::string share : {"1.01", "-0.1"}) {
    act.policy.integrity->release_share = model::DecimalText{share};
    CHECK(world.amend(act) == "DECIMAL_INVALID" + policy + "integrity/releaseShare");
  }
  act.policy.integrity->release_share = model::DecimalText{"x"};
  CHECK(world.amend(act) == "DECIMAL_INVALID" + policy + "integrity/releaseShare");
  for (const std::string share : {"0", "1", "0.25"}) {
    act.policy.integrity->release_share = model::DecimalText{share};
    CHECK(world.amend(act).empty());
  }
  CHECK(world.row().name == *act.name);
  CHECK(world.row().unit == model::AmountUnit::t);
  CHECK(world.row().policies.size() == 4);
}

TEST_CASE("a first policy's release share is a share, too") {
  SignedWorld world;
  auto act = SignedProject::programme_body();
  act.policy.integrity.emplace();
  const auto with = [&](const std::string& share) {
    act.policy.integrity->release_share = model::DecimalText{share};
    const auto answer = world.submit("gov1", "", act);
    return answer.name + answer.pointer;
  };
  CHECK(with("1.000001") == "DECIMAL_INVALID/credentialSubject/policy/integrity/releaseShare");
  CHECK(with("1").empty());
}

TEST_CASE("an amendment holds for acts recorded at or after its day, and not before") {
  PolicyWorld world;
  REQUIRE(world.rate() == "0.05");
  REQUIRE(world.amend(world.amendment("0.1")).empty());
  CHECK(world.row().policies[1].effective_from == TimestampMs{world.now.value() + kReviewMs});
  world.pass(kReviewMs - 1);
  CHECK(world.rate() == "0.05");
  REQUIRE(world.amend(world.amendment("0.2")).empty());
  world.pass(1);
  CHECK(world.rate() == "0.1");
  world.pass(kReviewMs - 2);
  CHECK(world.rate() == "0.1");
  world.pass(1);
  CHECK(world.rate() == "0.2");
}

TEST_CASE("of two amendments of one instant the later one holds") {
  PolicyWorld world;
  REQUIRE(world.amend(world.amendment("0.1")).empty());
  REQUIRE(world.amend(world.amendment("0.2")).empty());
  world.pass(kReviewMs);
  CHECK(world.rate() == "0.2");
}

TEST_CASE("what held at an entry is told from the row whatever was amended since") {
  PolicyWorld world;
  const auto before = EntryIndex{world.size()};
  const auto at = world.now;
  REQUIRE(world.amend(world.amendment("0.1")).empty());
  const auto row = world.row();
  const TimestampMs later{at.value() + kReviewMs};
  CHECK(state::policy_at(row, before, later).buffer_rate.text == "0.05");
  CHECK(state::policy_at(row, EntryIndex{world.size()}, at).buffer_rate.text == "0.05");
  CHECK(state::policy_at(row, EntryIndex{world.size()}, later).buffer_rate.text == "0.1");
}

TEST_CASE("an amended policy says how many approve, from its day on") {
  PolicyWorld world;
  model::BatchRow batch;
  const auto id = world.give_units("dev", 100);
  batch = world.get<model::BatchRow>(codec::batch_key(id));
  batch.programme = world.programme;
  world.put(codec::batch_key(id), batch);
  auto act = world.amendment("0.1");
  act.policy.approvals = {{model::GovernedAct::transfer, 1}};
  REQUIRE(world.amend(act).empty());
  model::Transfer transfer;
  transfer.legs = {{id, std::nullopt, std::nullopt, 1}};
  transfer.to = world.id("buyer");
  transfer.expires = TimestampMs{world.now.value() + 86'400'000};
  world.pass(kReviewMs - 1);
  CHECK(!world.accept(world.submit("dev", "dev", transfer)).proposal);
  world.pass(1);
  CHECK(world.accept(world.submit("dev", "dev", transfer)).proposal);
}

TEST_CASE("a programme has at most 1024 policies in its life") {
  PolicyWorld world;
  auto row = world.row();
  row.policies.resize(1'023, row.policies.front());
  world.put(codec::programme_key(row.id), row);
  CHECK(world.amend(world.amendment("0.1")).empty());
  CHECK(world.amend(world.amendment("0.1")) == "RECORD_LIMIT_REACHED");
}

TEST_CASE("a methodology is retired once, by who registered it or by governance, a table never") {
  SignedProject world;
  world.register_standards();
  const model::Day last{test::kNextYearDay};
  const auto retire = [&](const std::string& signer, const std::string& party, const Hash& digest) {
    const auto answer = world.submit(signer, party, model::RetireMethodology{digest, last});
    return answer.name + answer.pointer;
  };
  const std::string pointer = "/credentialSubject/digest";
  CHECK(retire("standard-2", "standard", world.methodology) ==
        "KEY_PURPOSE_MISSING/proof/verificationMethod");
  CHECK(retire("reviewer", "reviewer", Hash{9}) == "STANDARD_UNKNOWN" + pointer);
  CHECK(retire("reviewer", "reviewer", world.table) == "STANDARD_UNKNOWN" + pointer);
  CHECK(retire("reviewer", "reviewer", world.methodology) == "KEY_NOT_OF_PARTY/issuer/party");
  CHECK(retire("standard", "standard", world.methodology).empty());
  const auto row = world.get<model::StandardRow>(codec::standard_key(world.methodology));
  CHECK(row.last_period_end == last);
  CHECK(retire("reviewer", "reviewer", world.methodology) == "KEY_NOT_OF_PARTY/issuer/party");
  CHECK(retire("standard", "standard", world.methodology) == "METHODOLOGY_RETIRED" + pointer);
  CHECK(retire("gov1", "", world.methodology) == "METHODOLOGY_RETIRED" + pointer);
}

TEST_CASE("governance retires what anybody registered") {
  SignedProject world;
  world.register_standards();
  world.accept_governed(model::RetireMethodology{world.methodology, {0}});
  CHECK(world.get<model::StandardRow>(codec::standard_key(world.methodology)).last_period_end ==
        model::Day{0});
}

TEST_CASE("no crediting begins under a retired methodology, and no period ends after its last") {
  for (const std::int32_t beyond : {0, 1}) {
    CAPTURE(beyond);
    SignedProject world;
    world.register_standards();
    auto project = world.project_body();
    world.register_project();
    // The period ends with the last day that is accepted, or a day after it.
    const model::Day last{test::kNextYearDay - beyond};
    world.accept_governed(model::RetireMethodology{world.methodology, last});
    const std::string refusal = "METHODOLOGY_RETIRED/credentialSubject/methodology";
    CHECK(world.refused("dev", world.report_body()) == (beyond == 1 ? refusal : ""));
    project.crediting_period.from = last;
    CHECK(world.refused("dev", project) == refusal);
    project.crediting_period.from = {last.days + 1};
    CHECK(world.refused("dev", project) == refusal);
    // The methodology is still in use: what stands in the way is the project that is there.
    project.crediting_period.from = {last.days - 1};
    CHECK(world.refused("dev", project) == "BOUNDARY_OVERLAP/credentialSubject/boundaryDigest");
  }
}

TEST_CASE("reports and batches of before stand when their methodology is retired") {
  SignedProject world;
  world.register_standards();
  world.register_project();
  world.submit_report(world.report_body());
  world.accept(world.submit("standard", "standard",
                            model::RetireMethodology{world.methodology, {test::kFirstDay}}));
  world.accept(world.submit("vvb1", "vvb1", world.statement()));
  CHECK(world.refused("registry", model::IssueCredits{world.report}).empty());
  CHECK(world.all<model::BatchRow>().size() == 1);
}

TEST_CASE("where an amendment's crediting begins decides whether its methodology is in use") {
  SignedProject world;
  world.register_standards();
  world.accept_governed(model::RetireMethodology{world.methodology, {100}});
  world.change([&](state::Context& context) {
    CHECK(!state::require_in_use_from(context, world.methodology, {99}, "/x"));
    const auto refusal = state::require_in_use_from(context, world.methodology, {100}, "/x");
    REQUIRE(refusal);
    CHECK(refusal->pointer == "/x");
    CHECK(refusal->detail == "its last period ends on 1970-04-11");
    CHECK(!state::require_in_use_until(context, world.methodology, {100}, "/x"));
    CHECK(state::require_in_use_until(context, world.methodology, {101}, "/x"));
    CHECK(!state::require_in_use_from(context, Hash{9}, {100}, "/x"));
  });
}
