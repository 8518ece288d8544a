// AnnotateRetirement: notes are appended, the retirement stays as it is.
#include "tests/support/units_world.h"

using namespace mrv;
using test::UnitsWorld;

namespace {

struct AnnotationsWorld : UnitsWorld {
  explicit AnnotationsWorld(const model::ProgrammePolicy& policy = open_policy())
      : UnitsWorld(genesis_of(2, 2), policy) {
    model::Retire act;
    act.legs = {quantity(10)};
    act.beneficiary = named("Gren Bridge");
    accept(submit("dev", "dev", act));
    retirement = model::RetirementId::of(last_digest());
  }
  static model::Beneficiary named(const std::string& name) {
    return {model::Organisation{name, "CN", std::nullopt, std::nullopt}, std::nullopt};
  }
  [[nodiscard]] model::AnnotateRetirement note() const {
    return {retirement, "the embargo is lifted", std::nullopt, std::nullopt};
  }
  [[nodiscard]] model::AnnotateRetirement correction() const {
    return {retirement, "a letter was missing", named("Green Bridge"), Hash{1}};
  }
  model::RetirementId retirement;
};

}  // namespace

TEST_CASE("the holder and the registry append notes, and the retirement does not change") {
  AnnotationsWorld world;
  const auto key = codec::retirement_key(world.retirement);
  const auto before = world.rows().at(key);
  const auto by_holder = world.accept(world.submit("dev", "dev", world.note()));
  CHECK(!by_holder.proposal);
  const auto by_registry = world.accept(world.submit("registry", "registry", world.note()));
  CHECK(!by_registry.proposal);
  for (const auto& [answer, party] :
       {std::pair(by_holder, "dev"), std::pair(by_registry, "registry")}) {
    const auto id = model::AnnotationId::of(answer.digest);
    const auto row = world.get<model::AnnotationRow>(codec::annotation_key(id));
    CHECK(row.entry == answer.index);
    CHECK(row.retirement == world.retirement);
    CHECK(row.party == world.id(party));
    CHECK(row.note == "the embargo is lifted");
    CHECK(!row.beneficiary);
    CHECK(world.rows().contains(
        codec::pair_key(codec::kRetirementAnnotationTag, world.retirement, id)));
  }
  CHECK(world.rows().at(key) == before);
}

TEST_CASE("a beneficiary is corrected by the registry with a second person and a document") {
  AnnotationsWorld world;
  auto act = world.correction();
  act.retirement = model::RetirementId{{9}};
  act.digest.reset();
  act.beneficiary = model::Beneficiary{};
  CHECK(world.refused("other", act) == "RETIREMENT_UNKNOWN/credentialSubject/retirement");
  act.retirement = world.retirement;
  CHECK(world.refused("other", act) == "KEY_NOT_OF_PARTY/issuer/party");
  CHECK(world.refused("other", world.note()) == "KEY_NOT_OF_PARTY/issuer/party");
  CHECK(world.refused("dev", act) == "KEY_NOT_OF_PARTY/issuer/party");
  CHECK(world.refused("registry", act) == "FIELD_MISSING/credentialSubject/digest");
  act.digest = Hash{1};
  constexpr const char* kBeneficiary = "BENEFICIARY_MISSING/credentialSubject/beneficiary";
  CHECK(world.refused("registry", act) == kBeneficiary);
  act.beneficiary = AnnotationsWorld::named("Green Bridge");
  act.beneficiary->commitment = Hash{2};
  CHECK(world.refused("registry", act) == kBeneficiary);
  const auto proposed = world.accept(world.submit("registry", "registry", world.correction()));
  REQUIRE(proposed.proposal);
  CHECK(world.all<model::AnnotationRow>().empty());
  world.accept(world.approve("registry-2", "registry", proposed.digest));
  const auto row = world.all<model::AnnotationRow>().at(0);
  CHECK(row.beneficiary->organisation->name == "Green Bridge");
  CHECK(row.digest == Hash{1});
  CHECK(world.get<model::RetirementRow>(codec::retirement_key(world.retirement))
            .beneficiary.organisation->name == "Gren Bridge");
}

TEST_CASE("policy may ask for a second person who notes") {
  AnnotationsWorld world(UnitsWorld::policy_with(model::GovernedAct::annotate_retirement, 1));
  const auto proposed = world.accept(world.submit("dev", "dev", world.note()));
  REQUIRE(proposed.proposal);
  world.accept(world.approve("dev-2", "dev", proposed.digest));
  CHECK(world.all<model::AnnotationRow>().size() == 1);
}
