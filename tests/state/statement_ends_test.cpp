// ReviewVerification and WithdrawStatement: a second person of the verifier, and a verifier that
// takes back what it said.
#include <doctest/doctest.h>

#include "tests/support/verification_world.h"

using namespace mrv;
using model::Decision;
using model::KeyPurpose;
using model::ReportState;
using model::Role;
using test::VerificationWorld;

namespace {

struct ReviewWorld : VerificationWorld {
  model::KeyBytes reviewer = add_key(vvb, 50, {KeyPurpose::review});

  std::string review(const model::StatementId& id, Decision decision = Decision::approve,
                     std::optional<model::KeyBytes> key = std::nullopt,
                     std::optional<model::PartyId> by = std::nullopt) {
    auto verdict = judge(key.value_or(reviewer), by.value_or(vvb),
                         model::ReviewVerification{id, decision, "read in full"});
    return told(verdict);
  }
  std::string withdraw(const model::PartyId& by, const model::StatementId& id) {
    return told(by, model::WithdrawStatement{id, "a calibration was forged"});
  }
  model::StatementRow statement(const model::StatementId& id) const {
    return get<model::StatementRow>(codec::statement_key(id));
  }
  using IntegrityWorld::told;
};

std::string at_statement(const char* name) {
  return std::string(name) + "/credentialSubject/statement";
}
constexpr const char* kSigner = "APPROVER_IS_SIGNER/proof/verificationMethod";

}  // namespace

TEST_CASE("a review is made once, with a review key, by another person of the same verifier") {
  ReviewWorld world;
  const auto id = world.stated(world.vvb);
  CHECK(world.statement(id).signer == world.key_of(world.vvb));
  CHECK(world.review(id, Decision::approve, world.key_of(world.vvb)) ==
        "KEY_PURPOSE_MISSING/proof/verificationMethod");
  CHECK(world.review(model::StatementId{{99}}) == at_statement("STATEMENT_UNKNOWN"));
  const auto outsider = world.add_key(world.second_vvb, 51, {KeyPurpose::review});
  CHECK(world.review(id, Decision::approve, outsider, world.second_vvb) ==
        "KEY_NOT_OF_PARTY/issuer/party");
  // Another key of the person who signed.
  const auto second_key = world.add_key(world.vvb, 0, {KeyPurpose::review});
  CHECK(world.review(id, Decision::approve, second_key) == kSigner);
  REQUIRE(world.review(id, Decision::reject).empty());
  const auto review = world.statement(id).review;
  REQUIRE(review.has_value());
  CHECK(review->key == world.reviewer);
  CHECK(review->decision == Decision::reject);
  CHECK(world.review(id) == at_statement("REVIEWED_ALREADY"));
  CHECK(world.review(id, Decision::approve, second_key) == kSigner);
}

TEST_CASE("the key that signed does not review, though it is bound for both") {
  ReviewWorld world;
  auto key = world.get<model::KeyRow>(codec::key_key(world.key_of(world.vvb)));
  key.purposes.push_back(KeyPurpose::review);
  world.put(codec::key_key(key.key), key);
  const auto id = world.stated(world.vvb);
  CHECK(world.review(id, Decision::approve, key.key) == kSigner);
}

TEST_CASE("nobody reviews a statement whose signer the ledger did not keep") {
  ReviewWorld world;
  const auto id = world.stated(world.vvb);
  auto row = world.statement(id);
  row.signer.reset();
  world.put(codec::statement_key(id), row);
  CHECK(world.review(id) == kSigner);
}

TEST_CASE("only a statement that stands on a live report is reviewed") {
  ReviewWorld world;
  const auto replaced = world.stated(world.vvb);
  const auto standing = world.stated(world.vvb);
  CHECK(world.review(replaced) == at_statement("STATEMENT_NOT_STANDING"));
  for (const auto state : {ReportState::superseded, ReportState::withdrawn, ReportState::issued}) {
    world.set_report_state(state);
    CHECK(world.review(standing) == at_statement("STATEMENT_NOT_STANDING"));
  }
  world.set_report_state(ReportState::live);
  CHECK(world.review(standing).empty());
  REQUIRE(world.withdraw(world.vvb, standing).empty());
  CHECK(world.review(standing) == at_statement("STATEMENT_NOT_STANDING"));
}

TEST_CASE("where a review is required only an approved statement counts, and every figure binds") {
  ReviewWorld world;
  model::LifecyclePolicy lifecycle;
  lifecycle.review_required = true;
  world.policy().lifecycle = lifecycle;
  world.store();
  constexpr const char* kMissing = "STATEMENTS_MISSING/credentialSubject/report";
  const auto first = world.stated(world.vvb, 90);
  CHECK(world.issue() == kMissing);
  REQUIRE(world.review(first, Decision::reject).empty());
  CHECK(world.issue() == kMissing);
  const auto again = world.stated(world.vvb, 90);
  REQUIRE(world.review(again).empty());
  world.stated(world.second_vvb, 60);  // not reviewed
  REQUIRE(world.issue().empty());
  CHECK(world.all<model::BatchRow>()[0].quantity == 60);
}

TEST_CASE("a statement is withdrawn by its verifier, once") {
  ReviewWorld world;
  const auto replaced = world.stated(world.vvb);
  const auto id = world.stated(world.vvb);
  CHECK(world.withdraw(world.developer, id) == "ROLE_MISSING/issuer/party");
  CHECK(world.withdraw(world.vvb, model::StatementId{{99}}) == at_statement("STATEMENT_UNKNOWN"));
  CHECK(world.withdraw(world.second_vvb, id) == "KEY_NOT_OF_PARTY/issuer/party");
  CHECK(world.withdraw(world.vvb, replaced) == at_statement("STATEMENT_NOT_STANDING"));
  for (const auto state : {ReportState::superseded, ReportState::withdrawn}) {
    world.set_report_state(state);
    CHECK(world.withdraw(world.vvb, id) == at_statement("STATEMENT_NOT_STANDING"));
  }
  world.set_report_state(ReportState::live);
  REQUIRE(world.withdraw(world.vvb, id).empty());
  CHECK(world.withdraw(world.vvb, id) == at_statement("STATEMENT_NOT_STANDING"));
}

TEST_CASE("before issuance a withdrawn statement neither counts nor binds, and may be made again") {
  ReviewWorld world;
  const auto low = world.stated(world.vvb, 10);
  world.stated(world.second_vvb, 80);
  REQUIRE(world.withdraw(world.vvb, low).empty());
  CHECK(world.statement(low).withdrawn.has_value());
  CHECK(world.report_row().statements.size() == 1);
  world.policy().statements_min = 2;
  world.store();
  CHECK(world.issue() == "STATEMENTS_MISSING/credentialSubject/report");
  world.stated(world.vvb, 70);
  CHECK(world.report_row().statements.size() == 2);
  CHECK(!world.statement(low).replaced_by);
  REQUIRE(world.issue().empty());
  CHECK(world.all<model::BatchRow>()[0].quantity == 70);
}

TEST_CASE("after issuance it changes no unit and stands on the report's batches alone") {
  ReviewWorld world;
  const auto first = world.stated(world.vvb);
  const auto second = world.stated(world.second_vvb);
  REQUIRE(world.issue().empty());
  const auto batch = world.all<model::BatchRow>()[0];
  const auto foreign = world.add_batch(200, world.neighbour, 2025, 10, 0);
  const auto other_report = world.add_report(3, world.project);
  auto other = world.batch_row(world.add_batch(201, world.project, 2025, 10, 0));
  other.report = other_report;
  world.put(codec::batch_key(other.id), other);
  const auto before = world.all<model::SerialRow>();
  REQUIRE(world.withdraw(world.vvb, first).empty());
  CHECK(world.batch_row(batch.id).withdrawn_statements == std::vector<model::StatementId>{first});
  REQUIRE(world.withdraw(world.second_vvb, second).empty());
  CHECK(world.batch_row(batch.id).withdrawn_statements ==
        std::vector<model::StatementId>{first, second});
  CHECK(!world.batch_row(foreign).withdrawn_statements);
  CHECK(!world.batch_row(other.id).withdrawn_statements);
  CHECK(world.all<model::SerialRow>().size() == before.size());
  // What was verified stays on the report, as the certificate shows it.
  CHECK(world.report_row().statements.size() == 2);
  CHECK(world.statement(first).withdrawn.has_value());
}
