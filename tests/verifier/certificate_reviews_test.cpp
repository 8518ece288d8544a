// Where a programme requires reviews, a certificate shows that another person of each body read the
// statement before it counted.
#include "tests/verifier/life.h"

using namespace mrv;
using test::LedgerWorld;
using test::Life;
using test::LyingLog;

namespace {

std::optional<model::LifecyclePolicy> reviews(bool required) {
  model::LifecyclePolicy policy;
  policy.review_required = required;
  return policy;
}

struct Reviewed : Life {
  explicit Reviewed(bool required) : Life({}, {}, reviews(required)) {
    submit(flow.project_body());
    validate();
    enter();
    flow.submit_report(test::CcsFlow::kTonnes2023);
    for (const std::string vvb : {"vvb1", "vvb2"}) state_and_review(vvb);
    flow.issue();
    retirement = flow.retire("developer", 1'000);
  }

  void state_and_review(const std::string& vvb) {
    const std::string reviewer = vvb + "-3";
    flow.approved(vvb, model::BindKey{world.party(vvb),
                                      {LedgerWorld::public_key(reviewer),
                                       LedgerWorld::person(reviewer),
                                       {model::KeyPurpose::review}}});
    LedgerWorld::expect(flow.state(vvb));
    statements.push_back(model::StatementId::of(world.last_digest()));
    LedgerWorld::expect(world.submit(reviewer, vvb, review(statements.back())));
  }
  static model::ReviewVerification review(const model::StatementId& statement) {
    return {statement, model::Decision::approve, "Working papers read."};
  }

  template <class Change>
  std::string key_lie(const std::string& name, const Change& change) {
    return lie<model::KeyRow>(retirement, codec::key_key(LedgerWorld::public_key(name)), change);
  }
  template <class Change>
  std::string statement_lie(const Change& change) {
    return lie<model::StatementRow>(retirement, codec::statement_key(statements[0]), change);
  }
  // Another review by the same key at the same place.
  std::string reviewed_otherwise(const model::ReviewVerification& body) {
    LyingLog lying = log(retirement);
    const auto at = lying.find<model::ReviewVerification>().front();
    lying.record(at, world.document("vvb1-3", "vvb1", body));
    return judge(lying.certificate());
  }

  std::vector<model::StatementId> statements;
  model::RetirementId retirement;
};

}  // namespace

TEST_CASE("a statement counts with a review by another person of the body") {
  Reviewed life(true);
  CHECK(life.judge(life.retirement).empty());
  CHECK(life.reviewed_otherwise(Reviewed::review(life.statements[0])).empty());
  // Whatever becomes of the reviewer's key later.
  life.flow.governed(
      model::RevokeKey{LedgerWorld::public_key("vvb1-3"), model::RevocationReason::compromised});
  CHECK(life.judge(life.retirement).empty());

  const std::string other = "CERTIFICATE_LINK_BROKEN a review is of something else";
  CHECK(life.reviewed_otherwise(Reviewed::review(life.statements[1])) == other);
  auto rejected = Reviewed::review(life.statements[0]);
  rejected.decision = model::Decision::reject;
  CHECK(life.reviewed_otherwise(rejected) == other);
  CHECK(life.statement_lie([](auto& row) { row.review->key = {}; }) == other);
  CHECK(life.statement_lie([](auto& row) { row.review->entry = row.entry; }) == other);
  // By a reviewer of the other body.
  const auto vvb2 = life.world.party("vvb2");
  CHECK(life.key_lie("vvb1-3", [&](auto& row) { row.party = vvb2; })
            .starts_with("CERTIFICATE_KEY_NOT_AUTHORISED"));
  CHECK(life.statement_lie([](auto& row) { row.review.reset(); }) ==
        "CERTIFICATE_LINK_BROKEN too few independent statements: 1");
  CHECK(life.key_lie("vvb1-3", [](auto& row) { row.person = LedgerWorld::person("vvb1"); }) ==
        "CERTIFICATE_LINK_BROKEN a statement was reviewed by the person who signed it");
  CHECK(life.key_lie("vvb1-3", [](auto& row) { row.purposes = {model::KeyPurpose::approve}; })
            .starts_with("CERTIFICATE_KEY_NOT_AUTHORISED"));
  LyingLog against = life.log(life.retirement);
  against.record(against.find<model::ReviewVerification>().front(),
                 life.world.document("vvb1-3", "vvb1", rejected));
  against.change<model::StatementRow>(codec::statement_key(life.statements[0]), [](auto& row) {
    row.review->decision = model::Decision::reject;
  });
  CHECK(life.judge(against.certificate()) ==
        "CERTIFICATE_LINK_BROKEN too few independent statements: 1");
  LyingLog without = life.log(life.retirement);
  without.erase_entry(without.find<model::ReviewVerification>().front());
  CHECK(life.judge(without.certificate()) == "CERTIFICATE_PART_MISSING the entry of a review");
}

TEST_CASE("a review that nobody asked for may be left out, and is not told otherwise") {
  Reviewed life(false);
  CHECK(life.judge(life.retirement).empty());
  LyingLog without = life.log(life.retirement);
  for (const auto at : without.find<model::ReviewVerification>()) without.erase_entry(at);
  for (const char* name : {"vvb1-3", "vvb2-3"}) {
    without.erase_row(codec::key_key(LedgerWorld::public_key(name)));
  }
  CHECK(life.judge(without.certificate()).empty());
  CHECK(life.statement_lie([](auto& row) { row.review->decision = model::Decision::reject; }) ==
        "CERTIFICATE_LINK_BROKEN a review is of something else");
}
