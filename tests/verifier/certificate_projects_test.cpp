// Certificates hold whatever lawfully becomes of the project, before and after its units came from
// it; a log that says of the project what nobody signed is found out.
#include <utility>

#include "crypto/canonical_json.h"
#include "ledger/codec/methodology_codec.h"
#include "tests/support/places.h"
#include "tests/verifier/life.h"
#include "verifier/certificate_project.h"

using namespace mrv;
using test::LedgerWorld;
using test::Life;
using test::LyingLog;

namespace {

constexpr const char* kOtherThings =
    "CERTIFICATE_LINK_BROKEN the row of the project says other things than its entry";
constexpr int kOtherField = 901;

model::AmendProject renamed() {
  model::AmendProject body;
  body.name = model::Name{"Wider field", std::nullopt};
  return body;
}
model::AmendProject larger(Units capacity) {
  model::AmendProject body;
  body.capacity_per_year = capacity;
  return body;
}

}  // namespace

TEST_CASE("an amended name: certificates hold before and after, and only as it was signed") {
  Life life;
  const auto retirement = life.run();
  CHECK(life.judge(retirement).empty());
  life.amend(renamed());
  CHECK(life.judge(retirement).empty());
  CHECK(life.judge(life.flow.retire("developer", 5)).empty());

  CHECK(life.lie(retirement, [](auto& row) { row.name.en = "A field"; }) == kOtherThings);
  CHECK(life.lie(retirement, [](auto& row) { row.document.reset(); }) == kOtherThings);
  CHECK(life.lie(retirement, [](auto& row) { row.amendments.reset(); }) == kOtherThings);
  const std::string spare = life.lie(retirement, [](auto& row) {
    row.amendments.reset();
    row.document.reset();
    row.name.en = "Field";
  });
  CHECK(spare.starts_with("CERTIFICATE_PART_SPARE"));
  CHECK(
      life.lie(retirement,
               [](auto& row) {
                 row.amendments->push_back(
                     {model::AmendmentId{}, EntryIndex{row.amendments->front().entry.value() + 1}});
               })
          .starts_with("CERTIFICATE_PART_MISSING"));
  CHECK(life.lie(retirement, [](auto& row) {
    row.amendments->push_back(row.amendments->front());
  }) == "CERTIFICATE_LINK_BROKEN two changes of the project at one entry");

  // The same words by another developer, and by the developer on another project.
  const auto reworded = [&](const std::string& signer, auto change) {
    LyingLog lying = life.log(retirement);
    life.introduce(lying, signer);
    const auto at = lying.find<model::AmendProject>().front();
    auto body = lying.body<model::AmendProject>(at);
    change(body);
    const Hash digest = lying.record(at, life.world.document(signer, signer, body));
    lying.change<model::ProjectRow>(life.key(), [&](auto& row) {
      row.amendments->front().id = model::AmendmentId::of(digest);
      row.document = digest;
    });
    return life.judge(lying.certificate());
  };
  CHECK(reworded("developer", [](auto&) {}).empty());
  CHECK(reworded("heir", [](auto&) {}) ==
        "CERTIFICATE_LINK_BROKEN an amendment is not by the project's developer");
  CHECK(reworded("developer", [](auto& body) { body.project = model::ProjectId{}; }) ==
        "CERTIFICATE_LINK_BROKEN an amendment is of another project");
  CHECK(reworded("developer", [](auto& body) { body.capacity_per_year = 7; }) ==
        "CERTIFICATE_LINK_BROKEN an amendment took effect without validation");
}

TEST_CASE("an amended capacity holds by its validation and acceptance, and by nothing less") {
  Life life;
  const auto retirement = life.run();
  const Hash document = life.amend(larger(200'000));
  CHECK(life.judge(retirement).empty());
  life.accept(document);
  CHECK(life.judge(retirement).empty());
  CHECK(life.judge(life.flow.retire("developer", 5)).empty());

  const auto amendment = codec::amendment_key(model::AmendmentId::of(document));
  const auto differs = [&](auto change) {
    return life.lie<model::AmendmentRow>(retirement, amendment, change) ==
           "CERTIFICATE_LINK_BROKEN the row of an amendment says other things than its entry";
  };
  CHECK(differs([](auto& row) { row.capacity_per_year = 300'000; }));
  CHECK(differs([](auto& row) { row.settled = row.entry; }));
  CHECK(differs([](auto& row) { row.state = model::AmendmentState::validated; }));
  CHECK(life.lie(retirement, [](auto& row) { row.capacity_per_year = 300'000; }) == kOtherThings);
  CHECK(life.lie<model::AmendmentRow>(retirement, amendment, [&](auto& row) {
    row.validator = life.world.party("vvb2");
  }) == "CERTIFICATE_LINK_BROKEN the validation of an amendment is of something else");
  CHECK(life.lie<model::AmendmentRow>(retirement, amendment, [](auto& row) {
    row.validated.reset();
  }) == "CERTIFICATE_LINK_BROKEN an amendment took effect without validation");
  CHECK(life.lie<model::PartyRow>(
            retirement, codec::party_key(life.world.party("vvb1")),
            [&](auto& row) { row.affiliates = {life.world.party("developer")}; }) ==
        "CERTIFICATE_LINK_BROKEN a verification body is not independent of the developer");

  // As if it had held from its own entry on.
  LyingLog early = life.log(retirement);
  const auto own = early.find<model::AmendProject>().front();
  early.change<model::ProjectRow>(life.key(),
                                  [&](auto& row) { row.amendments->front().entry = own; });
  const std::string unexamined =
      "CERTIFICATE_LINK_BROKEN an amendment took effect without validation";
  CHECK(life.judge(early.certificate()) == unexamined);
  early.erase_row(amendment);
  CHECK(life.judge(early.certificate()) == unexamined);
  // By the registry's first person alone; validated by an opinion on another document.
  LyingLog alone = life.log(retirement);
  const auto accepted = alone.find<model::AcceptAmendment>().front();
  alone.change<model::ProjectRow>(life.key(),
                                  [&](auto& row) { row.amendments->front().entry = accepted; });
  alone.change<model::AmendmentRow>(amendment, [&](auto& row) { row.settled = accepted; });
  CHECK(life.judge(alone.certificate()) ==
        "CERTIFICATE_LINK_BROKEN the acceptance of an amendment took effect without approval");
  for (const bool adverse : {false, true}) {
    LyingLog other = life.log(retirement);
    const auto at = other.find<model::ValidateProject>().back();
    auto body = other.body<model::ValidateProject>(at);
    if (adverse) body.opinion = model::Opinion::adverse;
    if (!adverse) body.digest = life.row().digest;
    other.record(at, life.world.document("vvb1", "vvb1", body));
    CHECK(life.judge(other.certificate()) ==
          "CERTIFICATE_LINK_BROKEN the validation of an amendment is of something else");
  }
}

TEST_CASE("a renewed crediting period carries the report that it was renewed for") {
  Life life;
  auto body = life.flow.project_body();
  body.crediting_period.to = model::Day{test::kDay2023 + 100};
  life.submit(body);
  life.validate();
  life.enter();
  life.accept(life.renew(model::Day{test::kDay2024}));
  const auto retirement = life.issue_and_retire();
  CHECK(life.judge(retirement).empty());
  const model::Day later{test::kDay2024 + 365};
  life.accept(life.renew(later));
  CHECK(life.judge(retirement).empty());

  CHECK(life.lie(retirement, [](auto& row) { row.crediting_period.to.days += 1; }) == kOtherThings);
  CHECK(life.lie(retirement, [](auto& row) { row.renewals = 1; }) == kOtherThings);
  // The first renewal left out, the last one told as it is.
  LyingLog left_out = life.log(retirement);
  left_out.change<model::ProjectRow>(life.key(), [](auto& row) {
    row.amendments->erase(row.amendments->begin());
    row.renewals = 1;
  });
  CHECK(life.judge(left_out.certificate()) ==
        "CERTIFICATE_LINK_BROKEN the report is not one of the project's");
}

TEST_CASE("a project handed over: each developer's reports and units stay its own") {
  Life life;
  const auto retirement = life.run();
  life.hand_over();
  CHECK(life.judge(retirement).empty());
  CHECK(life.judge(life.flow.retire("developer", 5)).empty());

  const auto heir = life.world.party("heir");
  const auto developer = life.world.party("developer");
  CHECK(life.lie(retirement, [&](auto& row) { row.developer = developer; }) ==
        "CERTIFICATE_LINK_BROKEN the project was not handed over as it says");
  CHECK(life.lie(retirement, [&](auto& row) { row.former_developers->front().party = heir; }) ==
        "CERTIFICATE_LINK_BROKEN the project was not handed over as it says");
  CHECK(life.lie(retirement,
                 [](auto& row) {
                   row.former_developers->front().until = row.former_developers->front().offered;
                 })
            .starts_with("CERTIFICATE_PART_MISSING"));
  CHECK(life.lie(retirement, [&](auto& row) { row.former_developers.reset(); }) == kOtherThings);
  CHECK(life.lie<model::BatchRow>(retirement, codec::batch_key(life.flow.batch), [&](auto& row) {
    row.developer = heir;
  }) == "CERTIFICATE_LINK_BROKEN the row of a batch says other things than its entry");
  // Accepted by one to whom nobody had offered it.
  LyingLog taken = life.log(retirement);
  const auto at = taken.find<model::AcceptProject>().front();
  taken.record(at, life.world.document("heir", "heir", model::AcceptProject{}));
  CHECK(life.judge(taken.certificate()).starts_with("CERTIFICATE_PART_MISSING"));
  LyingLog offered = life.log(retirement);
  offered.record(offered.find<model::TransferProject>().front(),
                 life.world.document("developer", "developer",
                                     model::TransferProject{life.flow.project, developer}));
  CHECK(life.judge(offered.certificate()) ==
        "CERTIFICATE_LINK_BROKEN the project was not handed over as it says");
}

TEST_CASE("what the buffer pool gives back is the developer's of that time") {
  model::IntegrityPolicy policy;
  policy.release_after_seconds = 0;
  policy.release_share = model::DecimalText{"0.1"};
  Life life({}, policy);
  life.run();
  life.hand_over();
  life.flow.approved("registry", model::ReleaseBuffer{life.flow.batch, 20, "nothing was lost"});
  const auto sold = life.flow.transfer("heir", "buyer", 10);
  const auto retirement = life.flow.retire("buyer", 10);
  CHECK(life.judge(retirement).empty());
  // Given straight to the buyer, to whom the developer then need not have sold it.
  LyingLog lying = life.log(retirement);
  const auto proposal = lying.body<model::Approve>(lying.find<model::Approve>().back()).proposal;
  lying.change<model::TransferRow>(codec::transfer_key(model::TransferId{proposal.bytes}),
                                   [&](auto& row) { row.to = life.world.party("buyer"); });
  lying.erase_row(codec::transfer_key(sold));
  lying.erase_entry(lying.find<model::Transfer>().front());
  lying.erase_entry(lying.find<model::AcceptTransfer>().front());
  CHECK(life.judge(lying.certificate()) ==
        "CERTIFICATE_LINK_BROKEN a release of the buffer went to another than the developer");
}

TEST_CASE("a project that came back: no offer serves twice") {
  Life life;
  const auto retirement = life.run();
  life.hand_over();
  life.flow.settled("heir",
                    model::TransferProject{life.flow.project, life.world.party("developer")});
  life.flow.settled("developer", model::AcceptProject{life.flow.project});
  life.hand_over();
  CHECK(life.judge(retirement).empty());
  CHECK(life.lie(retirement, [](auto& row) {
    row.former_developers->back().offered = row.former_developers->front().offered;
  }) == "CERTIFICATE_LINK_BROKEN the project was not handed over as it says");
  CHECK(life.lie(retirement, [](auto& row) {
    std::swap(row.former_developers->front(), row.former_developers->back());
  }) == "CERTIFICATE_LINK_BROKEN the project was not handed over as it says");
}

TEST_CASE("the heir reports, and its units begin with it") {
  Life life;
  life.submit(life.flow.project_body());
  life.validate();
  life.enter();
  life.hand_over();
  const auto retirement = life.issue_and_retire();
  CHECK(life.judge(retirement).empty());
  CHECK(life.lie<model::BatchRow>(retirement, codec::batch_key(life.flow.batch), [&](auto& row) {
    row.developer = life.world.party("developer");
  }) == "CERTIFICATE_LINK_BROKEN the row of a batch says other things than its entry");
  CHECK(
      life.lie<model::PartyRow>(retirement, codec::party_key(life.world.party("vvb2")),
                                [&](auto& row) { row.affiliates = {life.world.party("heir")}; }) ==
      "CERTIFICATE_LINK_BROKEN a verification body is not independent of the developer");
}

TEST_CASE("an affiliation declared later leaves the statements of before as they were") {
  Life life;
  const auto retirement = life.run();
  const auto declare = [&](const std::string& party, const std::string& with) {
    model::AmendParty act;
    act.party = life.world.party(party);
    act.affiliates = {life.world.party(with)};
    life.flow.settled(party, act);
  };
  declare("vvb1", "developer");
  declare("developer", "vvb2");
  CHECK(life.judge(retirement).empty());
  CHECK(life.judge(life.flow.retire("developer", 5)).empty());
  declare("vvb2", "vvb1");
  CHECK(life.judge(retirement).empty());

  const auto since = [&](const std::string& party, EntryIndex entry) {
    return life.lie<model::PartyRow>(
        retirement, codec::party_key(life.world.party(party)),
        [&](auto& row) { row.affiliations->front().in_force.from = entry; });
  };
  const std::string dependent =
      "CERTIFICATE_LINK_BROKEN a verification body is not independent of the developer";
  CHECK(since("vvb1", EntryIndex{0}) == dependent);
  CHECK(since("developer", EntryIndex{0}) == dependent);
  CHECK(since("vvb2", EntryIndex{0}) ==
        "CERTIFICATE_LINK_BROKEN too few independent statements: 1");
}

TEST_CASE("a body that is no longer independent where the report issues does not count") {
  Life life;
  const auto retirement = life.run();
  // Declared between statement and issuance: the ledger would have refused to issue.
  const auto since = [&](const std::string& party, const std::string& with) {
    const LyingLog log = life.log(retirement);
    const auto entry = log.find<model::IssueCredits>().back();
    return life.lie<model::PartyRow>(retirement, codec::party_key(life.world.party(party)),
                                     [&](auto& row) {
                                       const auto other = life.world.party(with);
                                       row.affiliates = {other};
                                       row.affiliations = {{other, {entry, std::nullopt}}};
                                     });
  };
  const std::string few = "CERTIFICATE_LINK_BROKEN too few independent statements: 1";
  CHECK(since("vvb1", "developer") == few);
  CHECK(since("developer", "vvb2") == few);
  CHECK(since("vvb1", "vvb2") == few);
  CHECK(since("vvb1", "buyer").empty());
  const auto accreditation = codec::accreditation_key(life.world.party("vvb1"));
  const auto ended = life.lie<model::AccreditationRow>(retirement, accreditation, [&](auto& row) {
    row.accreditations[0].in_force.until =
        life.log(retirement).template find<model::IssueCredits>().back();
  });
  CHECK(ended == few);
}

TEST_CASE("a completed project: the period ends where its developer said") {
  Life life;
  const auto retirement = life.run();
  life.flow.settled("developer", model::CompleteProject{life.flow.project,
                                                        model::Day{test::kDay2024}, "it is full"});
  CHECK(life.judge(retirement).empty());
  CHECK(life.judge(life.flow.retire("developer", 5)).empty());
  CHECK(life.lie(retirement, [](auto& row) { row.crediting_period.to.days += 1; }) == kOtherThings);
  CHECK(life.lie(retirement, [](auto& row) { row.changes.reset(); }) == kOtherThings);
  CHECK(life.lie(retirement, [](auto& row) { row.changes->back().entry = *row.registered; })
            .starts_with("CERTIFICATE_LINK_BROKEN"));
}

TEST_CASE("amended before registration: what was examined last is what was registered") {
  Life life;
  life.submit(life.flow.project_body());
  life.amend(renamed());
  const auto first = life.validate();
  auto changed = larger(170'000);
  changed.boundary_digest = life.flow.blob(test::field(kOtherField));
  changed.methodology = life.next_methodology();
  life.flow.methodology = *changed.methodology;
  life.amend(changed);
  life.validate();
  life.amend([] {
    model::AmendProject body;
    body.listings = std::vector<model::ForeignListing>{{"ACR", "ACR102"}};
    return body;
  }());
  life.enter();
  const auto retirement = life.issue_and_retire();
  CHECK(life.judge(retirement).empty());

  CHECK(life.lie(retirement, [](auto& row) { row.boundary_digest = Hash{}; }) == kOtherThings);
  CHECK(life.lie(retirement, [](auto& row) { row.listings.clear(); }) == kOtherThings);
  // What was examined before the methodology changed is not what was registered.
  LyingLog earlier = life.log(retirement);
  earlier.put_entry(first, **life.world.node().reader()->entry(first));
  earlier.change<model::ProjectRow>(life.key(), [&](auto& row) { row.validated = first; });
  CHECK(life.judge(earlier.certificate()) ==
        "CERTIFICATE_LINK_BROKEN the project was registered as nobody had validated it");
}

TEST_CASE("a methodology from a day on: each report under the one of its days") {
  Life life;
  life.submit(life.flow.project_body());
  life.validate();
  life.enter();
  model::AmendProject change;
  change.methodology = life.next_methodology();
  change.methodology_from = model::Day{test::kDay2023};
  const Hash document = life.amend(change);
  life.accept(document);
  std::swap(life.flow.methodology, *change.methodology);
  const auto retirement = life.issue_and_retire();
  CHECK(life.judge(retirement).empty());
  change.methodology_from = model::Day{test::kDay2024};
  life.accept(life.amend(change));
  CHECK(life.row().methodologies->size() == 2);
  CHECK(life.row().methodology != life.flow.methodology);
  CHECK(life.judge(retirement).empty());

  CHECK(life.lie(retirement, [](auto& row) { row.methodologies->back().from.days += 1; }) ==
        kOtherThings);
  CHECK(life.lie(retirement, [](auto& row) { row.methodologies.reset(); }) == kOtherThings);
  // Without the first change the report is under a methodology that the project never had.
  LyingLog left_out = life.log(retirement);
  left_out.change<model::ProjectRow>(life.key(), [&](auto& row) {
    row.amendments.reset();
    row.methodologies.reset();
    row.document.reset();
  });
  CHECK(life.judge(left_out.certificate()) ==
        "CERTIFICATE_LINK_BROKEN the report is not one of the project's");
  // Active only after the amendment that named it.
  const auto own =
      life.world.row<model::AmendmentRow>(codec::amendment_key(model::AmendmentId::of(document)));
  CHECK(life.lie<model::StandardRow>(
            retirement, codec::standard_key(life.flow.methodology), [&](auto& row) {
              row.activated = EntryIndex{own->entry.value() + 1};
            }) == "CERTIFICATE_LINK_BROKEN a standard was not active when it was used");
}

TEST_CASE("every step of a project waits for a second person") {
  using model::GovernedAct;
  Life life({GovernedAct::submit_project, GovernedAct::validate_project, GovernedAct::amend_project,
             GovernedAct::renew_crediting_period, GovernedAct::transfer_project,
             GovernedAct::accept_project, GovernedAct::complete_project,
             GovernedAct::submit_monitoring_report, GovernedAct::submit_verification_statement});
  life.submit(life.flow.project_body());
  life.amend(renamed());
  life.validate();
  life.enter();
  life.accept(life.amend(larger(160'000)));
  life.accept(life.renew(model::Day{test::kDay2024 + 2 * 3'652}));
  life.hand_over();
  const auto retirement = life.issue_and_retire();
  life.flow.settled(
      "heir", model::CompleteProject{life.flow.project, model::Day{test::kDay2024}, "it is full"});
  CHECK(life.judge(retirement).empty());

  const LyingLog honest = life.log(retirement);
  const std::string alone = " took effect without approval";
  const auto refused = [&](auto change) { return life.lie(retirement, change); };
  CHECK(refused([&](auto& row) {
          row.amendments->front().entry = honest.find<model::AmendProject>().front();
        }) == "CERTIFICATE_LINK_BROKEN an amendment" + alone);
  CHECK(refused([&](auto& row) {
          row.former_developers->front().offered = honest.find<model::TransferProject>().front();
        }) == "CERTIFICATE_LINK_BROKEN the offer of the project" + alone);
  CHECK(refused([&](auto& row) {
          row.former_developers->front().until = honest.find<model::AcceptProject>().front();
        }) == "CERTIFICATE_LINK_BROKEN the acceptance of the project" + alone);
  CHECK(refused([&](auto& row) {
          row.changes->back().entry = honest.find<model::CompleteProject>().front();
        }) == "CERTIFICATE_LINK_BROKEN the completion of the project" + alone);
}

TEST_CASE("a project's history answers for the entry that asks: what took effect before it") {
  verifier::ProjectHistory history;
  model::ProjectRow row;
  row.methodology = Hash{1};
  row.capacity_per_year = 1;
  history.add({EntryIndex{5}, EntryIndex{5}, row});
  row.methodology = Hash{2};
  row.capacity_per_year = 2;
  history.add({EntryIndex{7}, EntryIndex{9}, row});
  const auto capacity = [&](std::uint64_t entry) {
    const auto project = history.before(EntryIndex{entry});
    return project.ok() ? project->capacity_per_year : -1;
  };
  CHECK(capacity(5) == -1);
  CHECK(capacity(6) == 1);
  CHECK(capacity(9) == 1);
  CHECK(capacity(10) == 2);
  CHECK(history.asked_for(Hash{1}).value() == EntryIndex{5});
  CHECK(history.asked_for(Hash{2}).value() == EntryIndex{7});
  CHECK(!history.asked_for(Hash{3}).ok());
  // Whoever validated an amendment has validated from its acceptance on.
  model::PartyId body;
  body.bytes[0] = 1;
  history.add_validator(body, EntryIndex{9});
  CHECK(!history.validated_by(body, EntryIndex{9}));
  CHECK(history.validated_by(body, EntryIndex{10}));
  CHECK(!history.validated_by(model::PartyId{}, EntryIndex{10}));
}
