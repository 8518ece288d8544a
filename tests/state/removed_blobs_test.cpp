// Data that is gone by decision: no new act is judged with it, and what was judged with it before
// can be judged again from what the log recorded.
#include <doctest/doctest.h>

#include "tests/support/signed_project.h"

using namespace mrv;
using test::SignedProject;

namespace {

struct RemovalWorld : SignedProject {
  RemovalWorld() { register_standards(programme_policy()); }
  static model::RegisterProgramme programme_policy() {
    auto body = programme_body();
    body.policy.approvals.push_back({model::GovernedAct::submit_monitoring_report, 1});
    return body;
  }
  std::string remove(const Hash& digest) {
    const auto proposed = submit("gov1", "", model::RemoveBlob{digest, "an order"});
    if (!proposed.ok()) return proposed.name + proposed.pointer;
    return approve("gov2", "", proposed.digest).name;
  }
};

// The state as it is now, to judge an act in beside the world.
class Aside {
 public:
  explicit Aside(const test::SignedWorld& world) : now_(world.now), size_(world.size()) {
    state::Delta delta;
    for (const auto& [key, value] : world.rows()) delta[key] = value;
    state_.apply(delta);
  }
  state::Verdict judge(const model::VerifiedAct& act, const std::map<Hash, Bytes>& blobs,
                       const state::Recorded* recorded = nullptr) const {
    const state::BlobSource source = [&blobs](const Hash& digest) -> std::optional<Bytes> {
      const auto found = blobs.find(digest);
      if (found == blobs.end()) return std::nullopt;
      return found->second;
    };
    return state::apply(state_, {EntryIndex{size_}, now_, act, recorded}, source);
  }

 private:
  TimestampMs now_;
  std::uint64_t size_;
  state::MemoryState state_;
};

std::string name_of(const state::Verdict& verdict) {
  if (const auto* rejected = std::get_if<state::Rejected>(&verdict)) {
    return std::string(model::describe_outcome(rejected->refusal.outcome).name);
  }
  if (const auto* undecided = std::get_if<state::Undecided>(&verdict)) {
    return undecided->error.name == "BLOB_MISSING" ? "undecided" : std::string("damage");
  }
  return "";
}

model::VerifiedAct verified(test::SignedWorld& world, const std::string& signer,
                            const std::string& party, model::ActBody body) {
  const auto act = world.act(signer, party, std::move(body));
  const auto document = codec::sign_act(act, test::SignedWorld::key(signer), act.valid_from);
  REQUIRE(document.ok());
  auto decoded = codec::decode_act(*document);
  REQUIRE(decoded.ok());
  return *std::move(decoded);
}

std::map<Hash, Bytes> datasets_of(const model::SubmitMonitoringReport& report) {
  std::map<Hash, Bytes> blobs;
  for (const std::string name : {"mass-meters", "volume-meters"}) {
    const auto text = test::read_source("schemas/examples/ccs/" + name + "-2023.csv");
    blobs[crypto::sha256(as_bytes(text))] = to_bytes(text);
  }
  for (const auto& dataset : report.datasets) REQUIRE(blobs.contains(dataset.digest));
  return blobs;
}

}  // namespace

TEST_CASE("no new report is judged with removed data, proposed or completed") {
  RemovalWorld world;
  world.register_project();
  const auto body = world.report_body();
  const auto proposed = world.accept(world.submit("dev", "dev", body));
  REQUIRE(proposed.proposal);
  REQUIRE(world.remove(body.datasets[1].digest).empty());
  const auto answer = world.approve("dev-2", "dev", proposed.digest);
  CHECK(answer.name == "BLOB_REMOVED");
  CHECK(answer.detail == to_hex(body.datasets[1].digest));
  const auto again = world.submit("dev", "dev", body);
  CHECK(again.name == "BLOB_REMOVED");
  CHECK(again.pointer == "/credentialSubject/datasets/1/digest");
  // The refusal stands where the data would be read: what is wrong before it is said first.
  auto named_wrong = body;
  named_wrong.datasets[1].name = "noSuchMeters";
  CHECK(world.submit("dev", "dev", named_wrong).pointer == "/credentialSubject/datasets/1/name");
}

TEST_CASE("a project's boundary is not removed once an act was judged with it") {
  RemovalWorld world;
  const auto body = world.project_body();
  world.submit_project();
  CHECK(world.remove(body.boundary_digest) == "BLOB_NEEDED/credentialSubject/digest");
  CHECK(world.remove(Hash{5}).empty());
}

TEST_CASE("a report is judged again from its recorded result where its data is gone") {
  RemovalWorld world;
  world.register_project();
  const auto body = world.report_body();
  const auto blobs = datasets_of(body);
  const auto proposal = verified(world, "dev", "dev", body);
  {
    const Aside aside(world);
    const auto whole = aside.judge(proposal, blobs);
    REQUIRE(name_of(whole).empty());
    CHECK(std::get<state::Accepted>(whole).not_recomputed.empty());
    CHECK(name_of(aside.judge(proposal, {})) == "undecided");
    const state::Recorded nothing;
    const auto again = aside.judge(proposal, {}, &nothing);
    REQUIRE(name_of(again).empty());
    CHECK(std::get<state::Accepted>(again).delta == std::get<state::Accepted>(whole).delta);
    CHECK(std::get<state::Accepted>(again).not_recomputed.size() == 2);
  }
  REQUIRE(world.judge(proposal.canonical).ok());
  const model::Approve approve{model::ProposalId::of(proposal.digest), proposal.digest,
                               model::Decision::approve, "seen"};
  const auto completing = verified(world, "dev-2", "dev", approve);
  const Aside aside(world);
  const auto whole = aside.judge(completing, blobs);
  REQUIRE(name_of(whole).empty());
  const auto& accepted = std::get<state::Accepted>(whole);
  REQUIRE(accepted.result);
  const state::Recorded recorded{accepted.result};
  SUBCASE("all of the data") {
    const auto again = aside.judge(completing, {}, &recorded);
    REQUIRE(name_of(again).empty());
    CHECK(std::get<state::Accepted>(again).delta == accepted.delta);
    CHECK(std::get<state::Accepted>(again).result == accepted.result);
    CHECK(std::get<state::Accepted>(again).not_recomputed.size() == 2);
  }
  SUBCASE("a part of it") {
    auto part = blobs;
    part.erase(body.datasets[0].digest);
    const auto again = aside.judge(completing, part, &recorded);
    REQUIRE(name_of(again).empty());
    CHECK(std::get<state::Accepted>(again).delta == accepted.delta);
    CHECK(std::get<state::Accepted>(again).not_recomputed == std::vector{body.datasets[0].digest});
  }
  SUBCASE("nothing: then the recorded result proves nothing and is not read") {
    const state::Recorded other{"{}"};
    const auto again = aside.judge(completing, blobs, &other);
    REQUIRE(name_of(again).empty());
    CHECK(std::get<state::Accepted>(again).result == accepted.result);
    CHECK(std::get<state::Accepted>(again).not_recomputed.empty());
  }
  SUBCASE("an entry without a result gives no verdict") {
    const state::Recorded nothing;
    CHECK(name_of(aside.judge(completing, {}, &nothing)) == "undecided");
  }
}

TEST_CASE("a recorded result of another report is none") {
  RemovalWorld world;
  world.register_project();
  const auto proposal = verified(world, "dev", "dev", world.report_body());
  REQUIRE(world.judge(proposal.canonical).ok());
  const model::Approve approve{model::ProposalId::of(proposal.digest), proposal.digest,
                               model::Decision::approve, "seen"};
  const auto completing = verified(world, "dev-2", "dev", approve);
  const Aside aside(world);
  const auto whole = aside.judge(completing, datasets_of(world.report_body()));
  const std::string text = *std::get<state::Accepted>(whole).result;
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    const auto place = changed.find(from);
    REQUIRE(place != std::string::npos);
    changed.replace(place, from.size(), to);
    const state::Recorded recorded{changed};
    return name_of(aside.judge(completing, {}, &recorded));
  };
  CHECK(with("\"year\":\"2023\"", "\"year\":\"2024\"") == "CALCULATION_FAILED");
  CHECK(with(to_hex(world.methodology), to_hex(Hash{1})) == "CALCULATION_FAILED");
  CHECK(with(to_hex(world.table), to_hex(Hash{1})) == "CALCULATION_FAILED");
  CHECK(with("\"name\":\"credited\"", "\"name\":\"creditet\"") == "CALCULATION_FAILED");
  CHECK(with("{", "") == "CALCULATION_FAILED");
  CHECK(with("14676391899/100000", "2/2") == "CALCULATION_FAILED");
  // Figures are believed as they stand, and the claim is held against them.
  CHECK(with("14676391899/100000", "146762") == "OVER_CLAIM");
}
