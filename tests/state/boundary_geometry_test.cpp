// Ground earns credits once at any time: rules version 3, where overlap is decided on geometry.
#include <doctest/doctest.h>

#include "ledger/boundary/boundary.h"
#include "tests/state/project_world.h"

using namespace mrv;
using model::Opinion;
using model::Role;
using test::kFirstDay;
using test::kNextYearDay;
using test::ProjectWorld;
using test::square;

namespace {

const std::string kAtBoundary = "/credentialSubject/boundaryDigest";
const std::string kGeometryOverlap = "BOUNDARY_OVERLAP" + kAtBoundary;

struct GroundWorld : ProjectWorld {
  explicit GroundWorld(const ChangePolicy& change = {}) : ProjectWorld(change) {}
  // "" or what refused it; the developer is another one.
  std::string rival(const std::string& boundary, std::int32_t from = kFirstDay,
                    std::int32_t to = kLastDay) {
    return refused("rival", body_on(boundary, from, to));
  }
  void submit_on(const std::string& boundary) {
    project = submitted("dev", body_on(boundary));
    project_digest = last_digest();
  }
  void register_on(const std::string& boundary) {
    submit_on(boundary);
    accept(submit("vvb1", "vvb1", validation()));
    accept(submit("registry", "registry", model::RegisterProject{project, "F1"}));
  }
  // What a reader of the index would find: all cells and what they belong to.
  [[nodiscard]] std::size_t cells() const { return all<model::BoundaryCellRow>().size(); }
};

// Both project rows allow the other.
void share(GroundWorld& world, const model::ProjectId& a, const model::ProjectId& b) {
  auto row = world.get<model::ProjectRow>(codec::project_key(a));
  row.shares_boundary_with = {b};
  world.put(codec::project_key(a), row);
}

}  // namespace

TEST_CASE("a project has its ground for its days, and its geometry is kept") {
  GroundWorld world;
  world.submit_on(square(1'000'000, 300'000, 100));
  const auto row = world.geometry_of(world.project.bytes);
  REQUIRE(row);
  CHECK(row->claim == world.project.text());
  CHECK(row->project == world.project);
  CHECK(row->digest == world.project_row().boundary_digest);
  CHECK(row->days == world.project_row().crediting_period);
  const auto bytes = from_base64(*row->geometry);
  REQUIRE(bytes.ok());
  const auto geometry = boundary::Boundary::from_bytes(*bytes);
  REQUIRE(geometry.ok());
  CHECK(geometry->box() ==
        boundary::Box{{1'000'000'000, 300'000'000}, {1'000'100'000, 300'100'000}});
  REQUIRE(world.cells() > 0);
  for (const auto& cell : world.all<model::BoundaryCellRow>()) {
    CHECK(cell.claim == world.project.text());
    CHECK(cell.project == world.project);
    CHECK(cell.days == *row->days);
    CHECK(cell.box.west == 1'000'000'000);
    CHECK(cell.box.north == 300'100'000);
  }
}

TEST_CASE("interiors that meet on a day refuse, edges and other days do not") {
  GroundWorld world;
  const std::string own = square(1'000'000, 300'000, 100);
  world.submit_on(own);
  const auto refusal =
      world.submit("rival", "rival", world.body_on(square(1'000'099, 300'099, 100)));
  CHECK(refusal.name + refusal.pointer == kGeometryOverlap);
  CHECK(refusal.detail ==
        model::ProjectId::of(refusal.digest).text() + " overlaps " + world.project.text());
  CHECK(world.rival(own) == kGeometryOverlap);                              // the same
  CHECK(world.rival(square(1'000'010, 300'010, 10)) == kGeometryOverlap);   // inside
  CHECK(world.rival(square(999'000, 299'000, 5'000)) == kGeometryOverlap);  // around
  CHECK(world.rival(square(999'999, 299'999, 2)) == kGeometryOverlap);      // a corner of it
  CHECK(world.rival(own, kFirstDay - 10, kFirstDay + 1) == kGeometryOverlap);
  CHECK(world.rival(own, ProjectWorld::kLastDay - 1, ProjectWorld::kLastDay + 9) ==
        kGeometryOverlap);
  CHECK(world.refused("dev", world.body_on(own)) == kGeometryOverlap);
  CHECK(world.rival(square(1'000'100, 300'000, 100)).empty());  // an edge in common
  CHECK(world.rival(square(999'900, 299'900, 100)).empty());    // a corner in common
  CHECK(world.rival(own, kFirstDay - 10, kFirstDay).empty());
  CHECK(world.rival(own, ProjectWorld::kLastDay, ProjectWorld::kLastDay + 9).empty());
}

TEST_CASE("the project that was created first is named") {
  GroundWorld world;
  std::vector<model::ProjectId> projects;
  for (int i = 0; i < 8; ++i) {
    const int west = 1'000'000 + i * 3 % 8 * 200;
    projects.push_back(world.submitted("dev", world.body_on(square(west, 300'000, 100))));
  }
  const auto all_of_them =
      world.submit("rival", "rival", world.body_on(square(1'000'000, 299'000, 3'000)));
  CHECK(all_of_them.name == "BOUNDARY_OVERLAP");
  CHECK(all_of_them.detail.ends_with(" overlaps " + projects[0].text()));
  auto gone = world.get<model::ProjectRow>(codec::project_key(projects[0]));
  REQUIRE(world.refused("dev", model::WithdrawProject{projects[0], "x"}).empty());
  const auto again =
      world.submit("rival", "rival", world.body_on(square(1'000'000, 299'000, 3'000)));
  CHECK(again.detail.ends_with(" overlaps " + projects[1].text()));
}

TEST_CASE("a blob that is no boundary is refused, with the place") {
  GroundWorld world;
  const auto with = [&](const std::string& text) {
    return world.submit("rival", "rival", world.body_on(text));
  };
  const auto no_json = with("{");
  CHECK(no_json.name + no_json.pointer == "BOUNDARY_INVALID" + kAtBoundary);
  CHECK(with("{}").name == "BOUNDARY_INVALID");
  const auto bow = with(R"({"type":"Polygon","coordinates":[[[1,1],[2,2],[2,1],[1,2],[1,1]]]})");
  CHECK(bow.name == "BOUNDARY_INVALID");
  CHECK(bow.detail.find("/coordinates") != std::string::npos);
  // Before the days and before the overlap, after the methodology.
  auto act = world.body_on("{}");
  act.methodology = Hash{9};
  CHECK(world.refused("rival", act) == "STANDARD_UNKNOWN/credentialSubject/methodology");
  // A blob that is not here is no verdict, one that was removed is.
  act = world.project_body();
  act.boundary_digest = Hash{9};
  CHECK(world.refused("rival", act) == "BLOB_MISSING");
  act = world.body_on(test::field(4));
  world.put(codec::removed_blob_key(act.boundary_digest),
            model::RemovedBlobRow{act.boundary_digest, EntryIndex{1}, "names in it"});
  CHECK(world.refused("rival", act) == "BLOB_REMOVED" + kAtBoundary);
}

TEST_CASE(
    "points stand for squares where the programme gives a radius, and for nothing elsewhere") {
  const std::string point = R"({"type":"Point","coordinates":[100.005,30.005]})";
  GroundWorld world;
  CHECK(world.rival(point) == "BOUNDARY_INVALID" + kAtBoundary);
  GroundWorld stoves([](auto& policy) {
    policy.lifecycle.emplace();
    policy.lifecycle->point_radius = 1'000;
  });
  stoves.submit_on(square(1'000'000, 300'000, 100));
  CHECK(stoves.rival(point) == kGeometryOverlap);
  CHECK(stoves.rival(R"({"type":"Point","coordinates":[100.0101,30.005]})").empty());
  CHECK(stoves.rival(R"({"type":"Point","coordinates":[100.0102,30.005]})") == kGeometryOverlap);
}

TEST_CASE("the entry of a submission carries the geometry that it was judged by") {
  GroundWorld world;
  const auto act = world.body_on(test::field(7));
  const auto document =
      codec::sign_act(world.act("dev", "dev", act), GroundWorld::key("dev"), world.now);
  REQUIRE(document.ok());
  const auto decoded = codec::decode_act(*document);
  REQUIRE(decoded.ok());
  state::MemoryState rows;
  state::Delta copy;
  for (const auto& [key, value] : world.rows()) copy[key] = value;
  rows.apply(copy);
  const std::string text = test::field(7);
  const state::BlobSource blobs = [&](const Hash&) { return std::optional(to_bytes(text)); };
  const auto verdict = state::apply(rows, {EntryIndex{world.size()}, world.now, *decoded}, blobs);
  const auto* accepted = std::get_if<state::Accepted>(&verdict);
  REQUIRE(accepted != nullptr);
  REQUIRE(accepted->result);
  const auto key = codec::geometry_key(model::ProjectId::of(decoded->digest).bytes);
  const auto row = codec::decode_row<model::GeometryRow>(*accepted->delta.at(key));
  CHECK(nlohmann::json::parse(*accepted->result) == nlohmann::json{{"boundary", *row->geometry}});
}

TEST_CASE("two projects share ground where each names the other and does something else") {
  GroundWorld world;
  const std::string own = square(1'000'000, 300'000, 100);
  world.register_on(own);
  auto solar = world.body_on(own);
  solar.activity_type = "solar power";
  CHECK(world.refused("rival", solar) == kGeometryOverlap);
  solar.shares_boundary_with = {world.project};
  // The document is signed, its id known, before it is sent.
  const auto act = world.act("rival", "rival", solar);
  const auto document = codec::sign_act(act, GroundWorld::key("rival"), act.valid_from);
  REQUIRE(document.ok());
  const auto id = model::ProjectId::of(crypto::sha256(as_bytes(*document)));
  CHECK(world.judge(*document).name == "BOUNDARY_OVERLAP");
  REQUIRE(world.amend([&](auto& a) { a.shares_boundary_with = {id}; }).empty());
  CHECK(world.project_row().shares_boundary_with == std::vector<model::ProjectId>{id});
  CHECK(world.judge(*document).ok());
  // A third one is named by neither.
  auto third = world.body_on(own);
  third.activity_type = "grazing";
  third.shares_boundary_with = {world.project, id};
  CHECK(world.refused("rival", third) == kGeometryOverlap);
  // Nobody goes back on it while both have the ground.
  CHECK(world.amend([](auto& a) { a.shares_boundary_with.emplace(); }) ==
        "BOUNDARY_OVERLAP/credentialSubject/sharesBoundaryWith");
  CHECK(
      world.amend([&](auto& a) { a.shares_boundary_with = {id, model::ProjectId{{9}}}; }).empty());
  REQUIRE(world.refused("rival", model::WithdrawProject{id, "x"}).empty());
  CHECK(world.amend([](auto& a) { a.shares_boundary_with.emplace(); }).empty());
}

TEST_CASE("the same activity shares no ground, whatever the two declare") {
  GroundWorld world;
  const std::string own = square(1'000'000, 300'000, 100);
  world.submit_on(own);
  auto same = world.body_on(own);
  same.shares_boundary_with = {world.project};
  const auto act = world.act("rival", "rival", same);
  const auto document = codec::sign_act(act, GroundWorld::key("rival"), act.valid_from);
  share(world, world.project, model::ProjectId::of(crypto::sha256(as_bytes(*document))));
  CHECK(world.judge(*document).name == "BOUNDARY_OVERLAP");
}

TEST_CASE("a rejected project leaves its ground to others") {
  GroundWorld world;
  const std::string own = square(1'000'000, 300'000, 100);
  world.submit_on(own);
  CHECK(world.rival(own) == kGeometryOverlap);
  REQUIRE(world.refused("vvb1", world.validation(Opinion::adverse)).empty());
  CHECK(world.all<model::GeometryRow>().empty());
  CHECK(world.cells() == 0);
  CHECK(world.all<model::BoundaryRow>().empty());
  CHECK(world.rival(own).empty());
}

TEST_CASE("an amended boundary is judged like a new one, leaving out the project itself") {
  GroundWorld world;
  const std::string own = square(1'000'000, 300'000, 100);
  const std::string wider = square(1'000'000, 300'000, 150);
  world.register_on(own);
  const auto to = [&](const std::string& boundary) {
    return world.amend([&](auto& a) { a.boundary_digest = world.blob(boundary); });
  };
  CHECK(to("{}") == "BOUNDARY_INVALID" + kAtBoundary);
  const auto neighbour = world.submitted("rival", world.body_on(square(1'000'140, 300'000, 100)));
  CHECK(to(wider) == kGeometryOverlap);
  REQUIRE(world.refused("rival", model::WithdrawProject{neighbour, "x"}).empty());
  REQUIRE(to(wider).empty());
  const Hash document = world.last_digest();
  const auto id = model::AmendmentId::of(document);
  // It has nothing of the new ground yet, and is judged again before it gets it.
  const auto later = world.submitted("rival", world.body_on(square(1'000'140, 300'000, 100)));
  REQUIRE(world.judged(document).empty());
  CHECK(world.accepted(id) == "BOUNDARY_OVERLAP/credentialSubject/amendment");
  REQUIRE(world.refused("rival", model::WithdrawProject{later, "x"}).empty());
  REQUIRE(world.accepted(id).empty());
  CHECK(world.rival(square(1'000'140, 300'000, 100)) == kGeometryOverlap);
  CHECK(world.project_row().boundary_digest == world.blob(wider));
  // Nothing was reported under the old one: nothing of it is left.
  CHECK(!world.geometry_of(id.bytes));
  CHECK(!world.find<model::BoundaryRow>(codec::boundary_key(world.blob(own))));
}

TEST_CASE("each boundary keeps the days that were reported under it") {
  GroundWorld world;
  const std::string west = square(1'000'000, 300'000, 100);
  const std::string east = square(1'000'100, 300'000, 100);
  world.register_on(west);
  world.put_issued(kFirstDay + 100);
  world.put_report(kFirstDay + 100, kFirstDay + 200);
  world.change_registered([&](auto& a) { a.boundary_digest = world.blob(east); });
  const auto id = world.project_row().amendments->back().id;
  const auto former = world.geometry_of(id.bytes);
  REQUIRE(former);
  CHECK(former->claim == id.text());
  CHECK(former->digest == world.blob(west));
  CHECK(former->days == model::Period{{kFirstDay}, {kFirstDay + 200}});
  CHECK(world.geometry_of(world.project.bytes)->days ==
        model::Period{{kFirstDay + 200}, {ProjectWorld::kLastDay}});
  CHECK(world.rival(west, kFirstDay + 199, kFirstDay + 300) == kGeometryOverlap);
  CHECK(world.rival(east, kFirstDay + 200, kFirstDay + 201) == kGeometryOverlap);
  // Free again, before and after.
  const auto after = world.submitted("rival", world.body_on(west, kFirstDay + 200, kNextYearDay));
  const auto before = world.submitted("rival", world.body_on(east, kFirstDay, kFirstDay + 200));
  for (const auto& each : {after, before}) {
    REQUIRE(world.refused("rival", model::WithdrawProject{each, "x"}).empty());
  }
  // The report that had not issued is withdrawn, then the project: what issued stays.
  world.drop_reports();
  REQUIRE(world.refused("dev", model::WithdrawProject{world.project, "x"}).empty());
  CHECK(world.geometry_of(id.bytes)->days == model::Period{{kFirstDay}, {kFirstDay + 100}});
  CHECK(!world.geometry_of(world.project.bytes));
  CHECK(world.rival(west, kFirstDay + 99, kFirstDay + 300) == kGeometryOverlap);
  CHECK(world.rival(west, kFirstDay + 100, kFirstDay + 300).empty());
  CHECK(world.rival(east).empty());
}

TEST_CASE("a boundary that comes back has its own days each time") {
  GroundWorld world;
  const std::string west = square(1'000'000, 300'000, 100);
  const std::string east = square(1'000'100, 300'000, 100);
  world.register_on(west);
  const auto move_to = [&](const std::string& boundary, std::int32_t issued) {
    world.put_issued(issued);
    world.change_registered([&](auto& a) { a.boundary_digest = world.blob(boundary); });
  };
  move_to(east, kFirstDay + 100);
  move_to(west, kFirstDay + 200);
  CHECK(world.rival(west, kFirstDay + 99, kFirstDay + 101) == kGeometryOverlap);
  CHECK(world.rival(west, kFirstDay + 100, kFirstDay + 201) == kGeometryOverlap);
  CHECK(world.rival(east, kFirstDay + 100, kFirstDay + 101) == kGeometryOverlap);
  CHECK(world.rival(west, kFirstDay + 100, kFirstDay + 200).empty());
  CHECK(world.rival(east, kFirstDay + 200, kFirstDay + 300).empty());
  const auto row = world.get<model::BoundaryRow>(codec::boundary_key(world.blob(west)));
  CHECK(std::count_if(row.claims.begin(), row.claims.end(),
                      [&](const auto& claim) { return claim.project == world.project; }) == 2);
  // The renewal goes on with the last one.
  REQUIRE(world
              .refused("dev",
                       model::RenewCreditingPeriod{
                           world.project, {ProjectWorld::kLastDay + 10}, std::nullopt, "goes on"})
              .empty());
  REQUIRE(world.judged(world.last_digest()).empty());
  REQUIRE(world.accepted(*world.project_row().amendment).empty());
  CHECK(world.geometry_of(world.project.bytes)->days ==
        model::Period{{kFirstDay + 200}, {ProjectWorld::kLastDay + 10}});
}

TEST_CASE("ground that was shared stays shared for the days reported under an earlier boundary") {
  GroundWorld world;
  const std::string west = square(1'000'000, 300'000, 100);
  world.register_on(west);
  auto solar = world.body_on(west);
  solar.activity_type = "solar power";
  solar.shares_boundary_with = {world.project};
  const auto act = world.act("rival", "rival", solar);
  const auto document = codec::sign_act(act, GroundWorld::key("rival"), act.valid_from);
  const auto id = model::ProjectId::of(crypto::sha256(as_bytes(*document)));
  REQUIRE(world.amend([&](auto& a) { a.shares_boundary_with = {id}; }).empty());
  REQUIRE(world.judge(*document).ok());
  world.put_issued(kNextYearDay);
  world.change_registered(
      [&](auto& a) { a.boundary_digest = world.blob(square(1'000'100, 300'000, 100)); });
  CHECK(world.amend([](auto& a) { a.shares_boundary_with.emplace(); }) ==
        "BOUNDARY_OVERLAP/credentialSubject/sharesBoundaryWith");
}

namespace {

// A project, a boundary that lies around it without touching it, and the project's ground again
// under other claims.
struct CrowdedWorld : GroundWorld {
  CrowdedWorld() {
    submit_on(square(1'000'000, 300'000, 100));
    cell_ = all<model::BoundaryCellRow>().at(0);
    geometry_ = *geometry_of(project.bytes);
  }
  void claim_again(std::size_t first, std::size_t end, const model::Period& days) {
    change([&](state::Context& context) {
      for (std::size_t i = first; i < end; ++i) {
        const model::IdBytes claim{0xEE, static_cast<std::uint8_t>(i >> 8U),
                                   static_cast<std::uint8_t>(i)};
        cell_.days = days;
        context.write(codec::boundary_cell_key(*from_hex(cell_.cell), claim), cell_);
        context.write(codec::geometry_key(claim), geometry_);
      }
    });
  }
  // Takes and leaves it again.
  std::string around() {
    const auto answer =
        rival(R"({"type":"Polygon","coordinates":[[[99,29],[102,29],[102,32],[99,32],[99,29]],)"
              R"([[99.9,29.9],[100.2,29.9],[100.2,30.2],[99.9,30.2],[99.9,29.9]]]})");
    if (!answer.empty()) return answer;
    return refused("rival", model::WithdrawProject{model::ProjectId::of(last_digest()), "x"});
  }

 private:
  model::BoundaryCellRow cell_;
  model::GeometryRow geometry_;
};

const std::string kTooWide = "BOUNDARY_TOO_WIDE" + kAtBoundary;

}  // namespace

TEST_CASE("a boundary is compared with at most 128 others, on its days and near it") {
  CrowdedWorld world;
  const auto days = world.project_row().crediting_period;
  world.claim_again(1, kBoundaryCandidatesMax, days);
  CHECK(world.around().empty());
  world.claim_again(kBoundaryCandidatesMax, kBoundaryCandidatesMax + 1, days);
  CHECK(world.around() == kTooWide);
  CHECK(world.rival(square(990'000, 290'000, 30'000)) == kTooWide);  // before any overlap
  // Another box, but a rival of its own inside the boundary around it.
  REQUIRE(world.rival(square(1'010'000, 300'000, 100)).empty());
  REQUIRE(
      world.refused("rival", model::WithdrawProject{model::ProjectId::of(world.last_digest()), "x"})
          .empty());
  world.claim_again(kBoundaryCandidatesMax, kBoundaryCandidatesMax + 1, {{0}, {1}});
  CHECK(world.around().empty());
}

TEST_CASE("an amended boundary and a renewal can be too wide as well") {
  CrowdedWorld world;
  const auto mine = world.submitted("rival", world.body_on(square(1'010'000, 300'000, 100)));
  world.claim_again(1, kBoundaryCandidatesMax + 1, world.project_row().crediting_period);
  model::AmendProject act;
  act.project = mine;
  act.boundary_digest = world.blob(square(990'000, 290'000, 30'000));
  act.reason = "more land";
  CHECK(world.refused("rival", act) == kTooWide);
  auto removed = act;
  removed.boundary_digest = world.blob(test::field(9));
  world.put(codec::removed_blob_key(*removed.boundary_digest),
            model::RemovedBlobRow{*removed.boundary_digest, EntryIndex{1}, "names in it"});
  CHECK(world.refused("rival", removed) == "BLOB_REMOVED" + kAtBoundary);
}

TEST_CASE("one blob is the boundary of at most 256 projects") {
  GroundWorld world;
  const std::string own = square(1'000'000, 300'000, 100);
  world.submit_on(own);
  const Bytes key = codec::boundary_key(world.blob(own));
  auto row = world.get<model::BoundaryRow>(key);
  while (row.claims.size() < kBoundaryClaimsMax) row.claims.push_back(row.claims[0]);
  world.put(key, row);
  const auto last = ProjectWorld::kLastDay;
  CHECK(world.rival(own, last, last + 1) == "LIST_TOO_LONG" + kAtBoundary);
  row.claims.pop_back();
  world.put(key, row);
  CHECK(world.rival(own, last, last + 1).empty());
}

TEST_CASE("a boundary from before version 3 is compared by its digest under it") {
  auto genesis = GroundWorld::genesis_of(2, 2);
  genesis.rules_version = 2;
  test::SignedProject world(genesis);
  world.party("rival", {Role::developer});
  world.register_standards();
  auto act = world.project_body();
  act.boundary_digest = world.blob(square(1'000'000, 300'000, 100));
  world.accept(world.submit("dev", "dev", act));
  world.project_digest = world.last_digest();
  world.project = model::ProjectId::of(world.project_digest);
  world.accept(world.submit("vvb1", "vvb1", world.validation()));
  world.accept(world.submit("registry", "registry", model::RegisterProject{world.project, "F1"}));
  world.accept(world.governed(model::ActivateRules{3}));
  const auto end = act.crediting_period.to.days;
  CHECK(world.refused("rival", act) == kGeometryOverlap);
  // Where it lies is not known.
  act.boundary_digest = world.blob(square(1'000'010, 300'010, 10));
  REQUIRE(world.refused("rival", act).empty());
  const auto inside = model::ProjectId::of(world.last_digest());
  REQUIRE(world.refused("rival", model::WithdrawProject{inside, "x"}).empty());
  // Its own renewal is held against the same digest, whoever knows it as geometry.
  act.boundary_digest = world.project_row().boundary_digest;
  act.crediting_period = {{end}, {end + 100}};
  act.shares_boundary_with = {world.project};
  REQUIRE(world.refused("rival", act).empty());
  const auto later = model::ProjectId::of(world.last_digest());
  const model::RenewCreditingPeriod renewal{world.project, {end + 1}, std::nullopt, "goes on"};
  CHECK(world.refused("dev", renewal) == "BOUNDARY_OVERLAP/credentialSubject/to");
  REQUIRE(world.refused("rival", model::WithdrawProject{later, "x"}).empty());
  REQUIRE(world.refused("dev", renewal).empty());
  const auto judge = [&] {
    const model::AmendmentId id = *world.project_row().amendment;
    REQUIRE(world
                .refused("vvb1", model::ValidateProject{world.project, world.last_digest(),
                                                        Opinion::unmodified, Hash{1}})
                .empty());
    world.accept(world.approved("registry", model::AcceptAmendment{id}));
  };
  judge();
  const auto claims =
      world.get<model::BoundaryRow>(codec::boundary_key(world.project_row().boundary_digest))
          .claims;
  REQUIRE(claims.size() == 1);
  CHECK(claims[0].crediting_period == model::Period{{kFirstDay}, {end + 1}});
  CHECK(!claims[0].known);
  // An amendment makes it known; what was reported before stays as it was.
  auto row = world.project_row();
  row.issued_until = model::Day{kNextYearDay};
  world.put(codec::project_key(row.id), row);
  const Hash old_boundary = row.boundary_digest;
  model::AmendProject amendment;
  amendment.project = world.project;
  amendment.boundary_digest = world.blob(square(1'000'000, 300'000, 101));
  amendment.reason = "surveyed";
  REQUIRE(world.refused("dev", amendment).empty());
  judge();
  CHECK(world.get<model::GeometryRow>(codec::geometry_key(world.project.bytes)).days ==
        model::Period{{kNextYearDay}, {end + 1}});
  const auto former = codec::geometry_key(world.project_row().amendments->back().id.bytes);
  CHECK(world.get<model::GeometryRow>(former).digest == old_boundary);
  CHECK(!world.get<model::GeometryRow>(former).geometry);
  act.shares_boundary_with.reset();
  act.crediting_period = {{kNextYearDay - 1}, {kNextYearDay}};
  CHECK(world.refused("rival", act) == kGeometryOverlap);
  act.crediting_period = {{kNextYearDay}, {kNextYearDay + 1}};
  CHECK(world.refused("rival", act) == kGeometryOverlap);  // now by geometry
  act.boundary_digest = world.blob(square(1'000'101, 300'000, 10));
  CHECK(world.refused("rival", act).empty());
  REQUIRE(world.refused("dev", model::WithdrawProject{world.project, "x"}).empty());
  act.boundary_digest = old_boundary;
  CHECK(world.refused("rival", act).empty());
  act.crediting_period = {{kNextYearDay - 1}, {kNextYearDay}};
  CHECK(world.refused("rival", act) == kGeometryOverlap);
}

TEST_CASE("no more than 16,384 cells are read to find them") {
  CrowdedWorld world;
  const std::size_t missing = kBoundaryCellRowsMax - world.cells();
  world.claim_again(1, missing + 1, {{0}, {1}});
  REQUIRE(world.cells() == kBoundaryCellRowsMax);
  CHECK(world.around().empty());
  world.claim_again(missing + 1, missing + 2, {{0}, {1}});
  CHECK(world.around() == kTooWide);
}
