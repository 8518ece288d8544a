// Label and Unlabel, and the retirements that rest on a label.
#include "tests/support/units_world.h"

using namespace mrv;
using model::LabelKind;
using model::PartyStatus;
using model::RetirementPurpose;
using model::Role;
using test::UnitsWorld;

namespace {

constexpr const char* kLabel = "/credentialSubject/label";
constexpr const char* kRequired = "LABEL_REQUIRED/credentialSubject/purpose";

struct LabelsWorld : UnitsWorld {
  explicit LabelsWorld(const model::Genesis& genesis = genesis_of(2, 2),
                       const model::ProgrammePolicy& policy = open_policy())
      : UnitsWorld(genesis, policy) {
    party("standard", {Role::standard});
  }

  // In force from now on, without an end.
  [[nodiscard]] model::Label corsia(Units first, Units last) const {
    model::Label act;
    act.kind = LabelKind::corsia;
    act.serials = {{batch, first, last}};
    act.from = now;
    act.corsia = model::CorsiaLabel{"First phase"};
    return act;
  }
  model::LabelId labelled(const model::Label& act, const std::string& by = "authority") {
    accept(submit(by, by, act));
    return model::LabelId::of(last_digest());
  }
  [[nodiscard]] model::LabelRow row(const model::LabelId& label) const {
    return get<model::LabelRow>(codec::label_key(label));
  }
  [[nodiscard]] model::Retire retirement(std::vector<model::Leg> legs,
                                         RetirementPurpose purpose) const {
    model::Retire act;
    act.legs = std::move(legs);
    act.beneficiary =
        model::Beneficiary{model::Organisation{"Green Bridge", "CN", {}, {}}, std::nullopt};
    act.purpose = purpose;
    return act;
  }
  // Where the retirement of these serials for corsia stops; what is accepted is not kept.
  std::string for_corsia(Units first, Units last) {
    return refused("dev", retirement({range(first, last)}, RetirementPurpose::corsia));
  }
};

}  // namespace

TEST_CASE("a label is kept as it was given, from the next entry on, with its end") {
  LabelsWorld world;
  auto act = world.corsia(1, 10);
  act.until = TimestampMs{act.from.value() + 1};
  const auto given = world.accept(world.submit("authority", "authority", act));
  const auto id = model::LabelId::of(given.digest);
  CHECK(world.row(id).in_force.from == given.index.next());
  CHECK(!world.row(id).in_force.until);
  CHECK(world.row(id).party == world.id("authority"));
  CHECK(world.row(id).label.kind == LabelKind::corsia);
  CHECK(world.row(id).label.corsia->phase == "First phase");
  CHECK(world.row(id).label.serials == act.serials);
  CHECK(world.row(id).label.until == act.until);
  CHECK(world.rows().contains(codec::pair_key(codec::kBatchLabelTag, world.batch, id)));
  const auto ended = world.accept(
      world.submit("authority", "authority", model::Unlabel{id, "the scheme withdrew it"}));
  CHECK(world.row(id).in_force.from == given.index.next());
  CHECK(world.row(id).in_force.until == ended.index.next());
  CHECK(world.holding("dev").active == 100);
}

TEST_CASE("a label has the part of its kind and no other") {
  LabelsWorld world;
  model::Label base;
  base.serials = {{world.batch, 1, 1}};
  base.from = world.now;
  const std::vector<std::pair<LabelKind, std::function<void(model::Label&)>>> parts = {
      {LabelKind::corsia, [](auto& act) { act.corsia = model::CorsiaLabel{"First phase"}; }},
      {LabelKind::article6,
       [](auto& act) {
         act.article6 = model::Article6Label{
             "CN", {model::Article6Use::ndc, model::Article6Use::other}, Hash{1}};
       }},
      {LabelKind::adjustment,
       [](auto& act) {
         act.adjustment =
             model::AdjustmentLabel{"CN", model::AdjustmentStatus::promised, model::Day{21'000}};
       }},
      {LabelKind::sdg, [](auto& act) { act.sdg = model::SdgLabel{{"1", "13", "17"}}; }},
      {LabelKind::activity, [](auto& act) { act.activity = model::ActivityLabel{}; }},
      {LabelKind::durability, [](auto& act) { act.durability = model::DurabilityLabel{100}; }}};
  const std::string invalid = "LABEL_INVALID/credentialSubject/kind";
  for (std::size_t i = 0; i <= static_cast<std::size_t>(LabelKind::durability); ++i) {
    auto act = base;
    act.kind = static_cast<LabelKind>(i);
    const bool bare = act.kind == LabelKind::ccp;
    CHECK(world.refused("authority", act) == (bare ? "" : invalid));
    for (const auto& [kind, add] : parts) {
      auto with = act;
      add(with);
      CHECK(world.refused("standard", with) == (kind == act.kind ? "" : invalid));
      for (const auto& [other, add_other] : parts) {
        if (other == kind) continue;
        auto two = with;
        add_other(two);
        CHECK(world.refused("standard", two) == invalid);
      }
    }
  }
}

TEST_CASE("goals are numbers from 1 to 17, uses and goals none twice") {
  LabelsWorld world;
  auto act = world.corsia(1, 1);
  act.corsia.reset();
  act.kind = LabelKind::sdg;
  for (const std::vector<std::string>& goals :
       {std::vector<std::string>{"0"}, {"18"}, {"01"}, {"one"}, {"1", "2", "1"}}) {
    act.sdg = model::SdgLabel{goals};
    CHECK(world.refused("standard", act) == "LABEL_INVALID/credentialSubject/sdg/goals");
  }
  act.sdg->goals.clear();
  for (int goal = 1; goal <= 17; ++goal) act.sdg->goals.push_back(std::to_string(goal));
  CHECK(world.refused("standard", act).empty());
  act.sdg->goals.emplace_back("1");
  CHECK(world.refused("standard", act) == "LIST_TOO_LONG/credentialSubject/sdg/goals");
  act.sdg.reset();
  act.kind = LabelKind::article6;
  using model::Article6Use;
  act.article6 = model::Article6Label{"CN", {Article6Use::ndc, Article6Use::ndc}, Hash{1}};
  CHECK(world.refused("standard", act) == "LABEL_INVALID/credentialSubject/article6/uses");
  act.article6->uses = {Article6Use::ndc, Article6Use::international_mitigation};
  CHECK(world.refused("standard", act).empty());
}

TEST_CASE("what a label is refused for, in the order of the rules") {
  LabelsWorld world;
  auto act = world.corsia(11, 10);
  act.serials[0].batch = model::BatchId{{9}};
  act.until = act.from;
  act.corsia.reset();
  for (const std::string name : {"registry", "dev", "bank"}) {
    CHECK(world.refused(name, act) == "ROLE_MISSING/issuer/party");
  }
  CHECK(world.refused("authority", act) == "LABEL_INVALID/credentialSubject/kind");
  act.corsia = model::CorsiaLabel{"First phase"};
  CHECK(world.refused("authority", act) == "PERIOD_INVALID/credentialSubject/until");
  act.until = TimestampMs{act.from.value() + 1};
  CHECK(world.refused("authority", act) == "BATCH_UNKNOWN/credentialSubject/serials/0/batch");
  act.serials[0].batch = world.batch;
  CHECK(world.refused("authority", act) == "LEG_INVALID/credentialSubject/serials/0");
  act.serials = {{world.batch, 10, 10}, {world.batch, 100, 101}};
  CHECK(world.refused("authority", act) == "LEG_INVALID/credentialSubject/serials/1");
  act.serials[1].last = 100;
  CHECK(world.refused("authority", act).empty());
}

TEST_CASE("a batch has so many labels and no more, ended ones included") {
  LabelsWorld world;
  world.change([&](state::Context& context) {
    for (std::size_t i = 0; i + 1 < kLabelsPerBatchMax; ++i) {
      model::LabelRow row;
      row.id.bytes = {0xFF, static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i)};
      row.in_force.until = EntryIndex{1};
      row.party = world.id("authority");
      row.label = world.corsia(1, 1);
      context.write(codec::label_key(row.id), row);
      context.overlay().put(codec::pair_key(codec::kBatchLabelTag, world.batch, row.id), Bytes{});
    }
  });
  const auto second = world.give_units("dev", 10, 2);
  auto act = world.corsia(1, 1);
  act.serials = {{second, 1, 1}, {world.batch, 1, 1}};
  CHECK(world.refused("authority", act).empty());
  CHECK(world.refused("authority", act) == "LIST_TOO_LONG/credentialSubject/serials/1");
  act.serials.pop_back();
  CHECK(world.refused("authority", act).empty());
  // The last one counts.
  CHECK(world.for_corsia(1, 1).empty());
}

TEST_CASE("a label is ended by the party that gave it or by governance, once") {
  LabelsWorld world;
  const auto unlabel = [](const model::LabelId& id) { return model::Unlabel{id, "a reason"}; };
  CHECK(world.refused("authority", unlabel(model::LabelId{{9}})) ==
        std::string("LABEL_UNKNOWN") + kLabel);
  const auto first = world.labelled(world.corsia(1, 10));
  const auto second = world.labelled(world.corsia(1, 10), "standard");
  for (const std::string name : {"standard", "registry", "dev"}) {
    CHECK(world.refused(name, unlabel(first)) == std::string("LABEL_NOT_YOURS") + kLabel);
  }
  // Losing the role does not take the labels out of its hands.
  world.accept(world.governed(model::AdmitParty{world.id("authority"), {Role::auditor}, {}}));
  CHECK(world.refused("authority", unlabel(first)).empty());
  CHECK(world.refused("authority", unlabel(first)) == std::string("LABEL_ENDED") + kLabel);
  CHECK(world.governed(unlabel(second)).ok());
  CHECK(world.refused_to_governance(unlabel(second)) == std::string("LABEL_ENDED") + kLabel);
  CHECK(world.refused_to_governance(unlabel(model::LabelId{{9}})) ==
        std::string("LABEL_UNKNOWN") + kLabel);
  world.set_status("standard", PartyStatus::suspended);
  CHECK(world.refused("standard", unlabel(second)) == "PARTY_SUSPENDED/issuer/party");
}

TEST_CASE("policy may ask for a second person who labels") {
  LabelsWorld world(UnitsWorld::genesis_of(2, 2),
                    UnitsWorld::policy_with(model::GovernedAct::label, 1));
  const auto proposed = world.accept(world.submit("authority", "authority", world.corsia(1, 10)));
  REQUIRE(proposed.proposal);
  CHECK(world.for_corsia(1, 1) == kRequired);
  world.accept(world.approve("authority-2", "authority", proposed.digest));
  CHECK(world.for_corsia(1, 1).empty());
}

TEST_CASE("a retirement for corsia or article6 rests on a label of that kind on every serial") {
  LabelsWorld world;
  world.labelled(world.corsia(1, 10));
  world.labelled(world.corsia(12, 20));
  CHECK(world.for_corsia(11, 11) == kRequired);
  CHECK(world.for_corsia(20, 21) == kRequired);
  const auto answer =
      world.submit("dev", "dev", world.retirement({world.range(9, 12)}, RetirementPurpose::corsia));
  CHECK(UnitsWorld::told(answer) == kRequired);
  CHECK(answer.detail == world.batch.text() + " serial 11");
  CHECK(world.refused("dev", world.retirement({world.range(1, 2)}, RetirementPurpose::article6)) ==
        kRequired);
  // Labels of neighbours join, and those that overlap do.
  world.labelled(world.corsia(11, 15), "standard");
  CHECK(world.for_corsia(9, 20).empty());
  model::Label authorised = world.corsia(30, 40);
  authorised.kind = LabelKind::article6;
  authorised.corsia.reset();
  authorised.article6 =
      model::Article6Label{"CN", {model::Article6Use::international_mitigation}, Hash{1}};
  world.labelled(authorised);
  CHECK(world.for_corsia(30, 31) == kRequired);
  CHECK(world.refused("dev", world.retirement({world.range(30, 40)}, RetirementPurpose::article6))
            .empty());
  // A quantity takes the lowest serials, labelled or not.
  CHECK(world.refused("dev", world.retirement({world.quantity(8)}, RetirementPurpose::corsia))
            .empty());
  CHECK(world.refused("dev", world.retirement({world.quantity(1)}, RetirementPurpose::corsia)) ==
        kRequired);
  CHECK(world.holding("dev").retired == 12 + 11 + 8);
}

TEST_CASE("a label holds from its first instant, up to its end, and not when it was taken back") {
  LabelsWorld world;
  auto act = world.corsia(1, 10);
  act.from = TimestampMs{world.now.value() + 1'000};
  act.until = TimestampMs{world.now.value() + 2'000};
  world.labelled(act);
  world.pass(999);
  CHECK(world.for_corsia(1, 1) == kRequired);
  world.pass(1);
  CHECK(world.for_corsia(1, 1).empty());
  world.pass(999);
  CHECK(world.for_corsia(2, 2).empty());
  world.pass(1);
  CHECK(world.for_corsia(3, 3) == kRequired);
  const auto open = world.labelled(world.corsia(1, 10));
  CHECK(world.for_corsia(3, 3).empty());
  world.accept(world.submit("authority", "authority", model::Unlabel{open, "a reason"}));
  CHECK(world.for_corsia(4, 4) == kRequired);
}

TEST_CASE("the label is asked for after the legs and before their unit") {
  LabelsWorld world;
  const auto grams =
      world.give_units("dev", 10, 8, UnitsWorld::open_policy(), model::AmountUnit::g);
  auto act = world.retirement({world.quantity(101), {grams, 1, 1, std::nullopt}},
                              RetirementPurpose::corsia);
  CHECK(world.refused("dev", act) == "UNITS_NOT_HELD/credentialSubject/legs/0");
  act.legs[0] = world.quantity(1);
  CHECK(world.refused("dev", act) == kRequired);
  auto both = world.corsia(1, 1);
  both.serials.push_back({grams, 1, 1});
  world.labelled(both);
  CHECK(world.refused("dev", act) == "UNITS_MIXED/credentialSubject/legs");
}

TEST_CASE("under version 1 no serial carries a label, whatever the legs") {
  auto genesis = UnitsWorld::genesis_of(2, 2);
  genesis.rules_version = 1;
  LabelsWorld world(genesis);
  CHECK(world.for_corsia(1, 101) == kRequired);
  CHECK(world.refused("authority", world.corsia(1, 1)) == "NOT_IN_RULES/type/1");
}
