// Replaying a log from its entries, and what keeps a mirror from being another log's.
#include "verifier/replay.h"

#include "ledger/codec/entry_codec.h"
#include "tests/verifier/certificate_fixture.h"
#include "verifier/commands.h"

using namespace mrv;
using test::LedgerWorld;

namespace {

test::CertificateFixture& replay_fixture() { return test::CertificateFixture::shared(); }

std::vector<Bytes> entries_of(LedgerWorld& world) {
  const auto reader = world.node().reader();
  std::vector<Bytes> entries;
  for (std::uint64_t i = 0; i < reader->published().size.value(); ++i) {
    entries.push_back(**reader->entry(EntryIndex{i}));
  }
  return entries;
}

// The blob, where it is a boundary.
std::optional<Bytes> boundaries_of(const state::BlobSource& blobs, const Hash& digest) {
  auto bytes = blobs(digest);
  const bool is_boundary = bytes && as_text(*bytes).find("\"Polygon\"") != std::string::npos;
  return is_boundary ? bytes : std::nullopt;
}

}  // namespace

TEST_CASE("replaying the entries gives the published roots; a changed entry does not replay") {
  auto& f = replay_fixture();
  const auto reader = f.world.node().reader();
  const auto blobs = f.options().datasets;
  const auto run = [&](std::uint64_t skip, std::uint64_t damage) -> std::string {
    verifier::Replay replay(blobs);
    for (std::uint64_t i = 0; i < reader->published().size.value(); ++i) {
      if (i == skip) continue;
      Bytes entry = **reader->entry(EntryIndex{i});
      if (i == damage) entry[entry.size() / 2] ^= 1U;
      const auto added = replay.add(entry);
      if (!added.ok()) return std::string(added.error().name);
    }
    CHECK(replay.log_root() == reader->published().log_root);
    CHECK(replay.map_root() == reader->published().map_root);
    return {};
  };
  constexpr std::uint64_t kNone = ~std::uint64_t{0};
  CHECK(run(kNone, kNone).empty());
  for (std::uint64_t i = 0; i < reader->published().size.value(); i += 9) {
    CAPTURE(i);
    CHECK(!run(i, kNone).empty());
    CHECK(!run(kNone, i).empty());
  }
}

TEST_CASE("replay refuses where a dataset is missing that no decision removed") {
  auto& f = replay_fixture();
  const auto entries = entries_of(f.world);
  const auto run = [&](const state::BlobSource& blobs) {
    verifier::Replay replay(blobs);
    for (const auto& entry : entries) REQUIRE(replay.add(entry).ok());
    const auto finished = replay.finish();
    CHECK((replay.not_recomputed() > 0) == !finished.ok());
    return finished.ok() ? std::string() : std::string(finished.error().name);
  };
  const auto all = f.options().datasets;
  CHECK(run(all).empty());
  CHECK(run([&](const Hash& digest) { return boundaries_of(all, digest); }) ==
        "REPLAY_BLOB_MISSING");
}

TEST_CASE("replay cannot do without a boundary, whatever the entry says") {
  auto& f = replay_fixture();
  const auto all = f.options().datasets;
  verifier::Replay replay(
      [&](const Hash& digest) { return boundaries_of(all, digest) ? std::nullopt : all(digest); });
  std::string refusal;
  for (const auto& entry : entries_of(f.world)) {
    const auto added = replay.add(entry);
    if (!added.ok()) refusal = added.error().name;
    if (!refusal.empty()) break;
  }
  CHECK(refusal == "REPLAY_BLOB_MISSING");
}

TEST_CASE("a tree that is published ends in a seal") {
  auto& f = replay_fixture();
  auto entries = entries_of(f.world);
  entries.pop_back();
  verifier::Replay replay(f.options().datasets);
  for (const auto& entry : entries) REQUIRE(replay.add(entry).ok());
  CHECK(replay.finish().error().name == "REPLAY_SEAL_WRONG");
}

TEST_CASE("data that the log removed is not asked for: its reports count as not recomputed") {
  LedgerWorld world;
  test::CcsFlow flow(world, MRV_SOURCE_DIR);
  flow.run_to_issuance();
  const auto report = world.row<model::ReportRow>(codec::report_key(flow.report));
  REQUIRE(report);
  const Hash removed = report->datasets[0].digest;
  std::map<Hash, Bytes> rest;
  const auto project = world.row<model::ProjectRow>(codec::project_key(flow.project));
  REQUIRE(project);
  const auto keep = [&](const Hash& digest) { rest[digest] = **world.node().blobs().read(digest); };
  keep(project->boundary_digest);
  for (const auto& dataset : report->datasets) {
    if (dataset.digest != removed) keep(dataset.digest);
  }
  flow.governed(model::RemoveBlob{removed, "an order"});
  const auto entries = entries_of(world);
  const auto run = [&](const std::map<Hash, Bytes>& blobs, std::size_t count) {
    verifier::Replay replay([&blobs](const Hash& digest) -> std::optional<Bytes> {
      const auto found = blobs.find(digest);
      if (found == blobs.end()) return std::nullopt;
      return found->second;
    });
    for (std::size_t i = 0; i < count; ++i) {
      const auto added = replay.add(entries[i]);
      if (!added.ok()) return std::string(added.error().name);
    }
    CHECK(replay.not_recomputed() == 1);
    const auto finished = replay.finish();
    if (!finished.ok()) return std::string(finished.error().name);
    CHECK(replay.map_root() == world.node().reader()->published().map_root);
    CHECK(replay.log_root() == world.node().reader()->published().log_root);
    return std::string();
  };
  CHECK(run(rest, entries.size()).empty());
  // The other dataset nobody decided to remove.
  const std::map<Hash, Bytes> boundary = {*rest.find(project->boundary_digest)};
  CHECK(run(boundary, entries.size()) == "REPLAY_BLOB_MISSING");
  // The log as it was before the decision.
  std::size_t before = entries.size() - 1;
  while (std::holds_alternative<codec::ActEntry>(*codec::decode_entry(entries[before - 1]))) {
    --before;
  }
  CHECK(run(rest, before) == "REPLAY_BLOB_MISSING");
}

TEST_CASE("a replay holds a checkpoint against the key that the log announced for its size") {
  LedgerWorld world;
  test::CcsFlow flow(world, MRV_SOURCE_DIR);
  flow.governed(model::SucceedLogKey{LedgerWorld::vkey("log-2")});
  const auto check = [&](const std::string& signer, const std::vector<std::string>& listed) {
    const auto entries = entries_of(world);
    const auto& published = world.node().reader()->published();
    const std::string text =
        log::checkpoint_text({test::kWorldOrigin, published.size, published.log_root});
    verifier::Mirror mirror;
    mirror.blob = [](const Hash&) { return std::nullopt; };
    mirror.read = [&](const std::string& name) -> Result<std::string> {
      if (name != "checkpoint") return std::string(as_text(log::encode_bundle(entries)));
      const auto key = LedgerWorld::key(signer);
      return crypto::write_note({text, {*crypto::sign_note(text, test::kWorldOrigin, key)}});
    };
    std::string policy = "quorum none\n";
    for (const auto& name : listed) policy += "log " + LedgerWorld::vkey(name) + "\n";
    const auto answer = verifier::check_replay(policy, mirror);
    return answer.text.substr(0, answer.text.find(':'));
  };
  const std::vector<std::string> both = {"log", "log-2"};
  CHECK(check("log", both) == "holds");
  CHECK(check("log-2", both) == "CHECKPOINT_KEY_OUT_OF_RANGE");
  world.register_party("dev", {model::Role::developer});
  CHECK(check("log-2", both) == "holds");
  CHECK(check("log-2", {"log-2"}) == "holds");
  CHECK(check("log", both) == "CHECKPOINT_KEY_OUT_OF_RANGE");
  CHECK(check("log-2", {"log"}) == "CHECKPOINT_SIGNATURE_INVALID");
}

TEST_CASE(
    "a mirror of a log under another origin does not hold: its acts are signed for this one") {
  auto& f = replay_fixture();
  const auto reader = f.world.node().reader();
  std::vector<Bytes> entries;
  for (std::uint64_t i = 0; i < reader->published().size.value(); ++i) {
    entries.push_back(**reader->entry(EntryIndex{i}));
  }
  const auto check = [&](const std::string& origin) {
    const auto key = LedgerWorld::key("log");
    const std::string text =
        log::checkpoint_text({origin, reader->published().size, reader->published().log_root});
    verifier::Mirror mirror;
    mirror.blob = f.options().datasets;
    mirror.read = [&](const std::string& name) -> Result<std::string> {
      if (name == "checkpoint") {
        return crypto::write_note({text, {*crypto::sign_note(text, origin, key)}});
      }
      return std::string(as_text(log::encode_bundle(entries)));
    };
    const std::string policy =
        "log " + crypto::vkey_of({origin, crypto::kNoteTypeEd25519, key.public_key()}) +
        "\nquorum none\n";
    return verifier::check_replay(policy, mirror);
  };
  const auto own = check(test::kWorldOrigin);
  CHECK_MESSAGE(own.exit_code == verifier::kExitHolds, own.text);
  const auto foreign = check("ledger.example/other");
  CHECK(foreign.exit_code == verifier::kExitRefused);
  CHECK_MESSAGE(foreign.text.starts_with("REPLAY_ORIGIN_DIFFERS: entry 0:"), foreign.text);
}
