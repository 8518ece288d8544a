// One boundary earns credits once at any time: before rules version 3, where the same boundary is
// the same digest.
#include <doctest/doctest.h>

#include "tests/support/signed_project.h"

using namespace mrv;
using model::Opinion;
using model::Role;
using test::kFirstDay;
using test::SignedProject;

namespace {

constexpr const char* kOverlap = "BOUNDARY_OVERLAP/credentialSubject/boundaryDigest";

// A registered project over one boundary and 365 days, and others that want it too.
struct BoundaryWorld : SignedProject {
  explicit BoundaryWorld(std::int64_t version = 1) : SignedProject(founded_under(version)) {
    party("rival", {Role::developer});
    register_standards();
    submit_over(kFirstDay, kFirstDay + 365);
  }
  static model::Genesis founded_under(std::int64_t version) {
    auto genesis = genesis_of(2, 2);
    genesis.rules_version = version;
    return genesis;
  }
  model::SubmitProject body(std::int32_t from, std::int32_t to) {
    auto act = project_body();
    act.crediting_period = {{from}, {to}};
    return act;
  }
  void submit_over(std::int32_t from, std::int32_t to) {
    accept(submit("dev", "dev", body(from, to)));
    project_digest = last_digest();
    project = model::ProjectId::of(project_digest);
  }
  std::string rival(const model::SubmitProject& act) { return refused("rival", act); }
};

}  // namespace

TEST_CASE("a live project's boundary is taken for the days of its crediting period") {
  BoundaryWorld world;
  const auto named = world.submit("rival", "rival", world.body(kFirstDay + 364, kFirstDay + 800));
  CHECK(named.name + named.pointer == kOverlap);
  CHECK(world.rival(world.body(kFirstDay - 10, kFirstDay + 1)) == kOverlap);
  CHECK(world.rival(world.body(kFirstDay - 10, kFirstDay + 900)) == kOverlap);
  CHECK(world.rival(world.body(kFirstDay + 1, kFirstDay + 2)) == kOverlap);
  CHECK(world.refused("dev", world.body(kFirstDay, kFirstDay + 365)) == kOverlap);
  world.accept(world.submit("vvb1", "vvb1", world.validation()));
  world.accept(world.submit("registry", "registry", model::RegisterProject{world.project, "F1"}));
  CHECK(world.rival(world.body(kFirstDay + 1, kFirstDay + 2)) == kOverlap);
  CHECK(world.rival(world.body(kFirstDay - 10, kFirstDay)).empty());
  CHECK(world.rival(world.body(kFirstDay + 365, kFirstDay + 366)).empty());
  CHECK(world.rival(world.body(kFirstDay + 365, kFirstDay + 366)) == kOverlap);
  auto elsewhere = world.body(kFirstDay, kFirstDay + 365);
  elsewhere.boundary_digest = world.blob("[]");
  CHECK(world.rival(elsewhere).empty());
}

TEST_CASE("a rejected project leaves its boundary to others") {
  BoundaryWorld world;
  const auto same = world.body(kFirstDay, kFirstDay + 365);
  CHECK(world.rival(same) == kOverlap);
  REQUIRE(world.refused("vvb1", world.validation(Opinion::adverse)).empty());
  CHECK(world.all<model::BoundaryRow>().empty());
  CHECK(world.rival(same).empty());
  CHECK(world.all<model::BoundaryRow>().at(0).claims.size() == 1);
}

TEST_CASE("a boundary with too many projects takes no further one") {
  BoundaryWorld world;
  const Bytes key = codec::boundary_key(world.project_body().boundary_digest);
  auto row = world.get<model::BoundaryRow>(key);
  while (row.claims.size() < kBoundaryClaimsMax) row.claims.push_back(row.claims[0]);
  world.put(key, row);
  const auto later = world.body(kFirstDay + 365, kFirstDay + 366);
  CHECK(world.rival(later) == "LIST_TOO_LONG/credentialSubject/boundaryDigest");
  row.claims.pop_back();
  world.put(key, row);
  CHECK(world.rival(later).empty());
}

TEST_CASE("before version 3 a boundary is any blob, and the life of projects is not known") {
  for (const std::int64_t version : {1, 2}) {
    BoundaryWorld world(version);
    CHECK(world.rival(world.body(kFirstDay + 364, kFirstDay + 800)) == kOverlap);
    auto act = world.project_body();
    act.boundary_digest = world.blob("no geometry at all");
    CHECK(world.rival(act).empty());
    CHECK(world.all<model::GeometryRow>().empty());
    CHECK(world.all<model::BoundaryCellRow>().empty());
    CHECK(!world.project_row().changes);
    act.boundary_digest = world.blob("another");
    act.shares_boundary_with = {world.project};
    CHECK(world.rival(act) == "NOT_IN_RULES/credentialSubject/sharesBoundaryWith");
    CHECK(world.refused("dev", model::WithdrawProject{world.project, "x"}) ==
          "NOT_IN_RULES/type/1");
  }
}

TEST_CASE("before version 3 a programme asks neither for comment nor for short crediting periods") {
  BoundaryWorld world(2);
  auto programme = SignedProject::programme_body("LATER");
  programme.policy.lifecycle.emplace();
  programme.policy.lifecycle->comment_seconds = 3'600;
  programme.policy.lifecycle->crediting_years_max = 1;
  auto act = world.project_body();
  act.programme = model::ProgrammeId::of(world.accept_governed(programme));
  act.boundary_digest = world.blob("a field");
  world.accept(world.submit("dev", "dev", act));
  world.project_digest = world.last_digest();
  world.project = model::ProjectId::of(world.project_digest);
  world.accept(world.submit("vvb1", "vvb1", world.validation()));
  CHECK(world.refused("registry", model::RegisterProject{world.project, "F1"}).empty());
}

TEST_CASE("what a project declares in other registries stands in its row") {
  BoundaryWorld world;
  auto act = world.project_body();
  act.boundary_digest = world.blob("[]");
  act.listings = {{"ACR", "ACR100"}};
  world.accept(world.submit("dev", "dev", act));
  const auto row =
      world.get<model::ProjectRow>(codec::project_key(model::ProjectId::of(world.last_digest())));
  REQUIRE(row.listings.size() == 1);
  CHECK(row.listings[0].registry == "ACR");
  CHECK(row.listings[0].id == "ACR100");
}
