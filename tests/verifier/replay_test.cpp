// Replaying a log from its entries, and what keeps a mirror from being another log's.
#include "verifier/replay.h"

#include "tests/verifier/certificate_fixture.h"
#include "verifier/commands.h"

using namespace mrv;
using test::LedgerWorld;

namespace {

test::CertificateFixture& fixture() { return test::CertificateFixture::shared(); }

}  // namespace

TEST_CASE("replaying the entries gives the published roots; a changed entry does not replay") {
  auto& f = fixture();
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

TEST_CASE("replay refuses where a dataset is missing") {
  auto& f = fixture();
  const auto reader = f.world.node().reader();
  verifier::Replay replay([](const Hash&) { return std::nullopt; });
  std::string name;
  for (std::uint64_t i = 0; i < reader->published().size.value() && name.empty(); ++i) {
    const auto added = replay.add(**reader->entry(EntryIndex{i}));
    if (!added.ok()) name = added.error().name;
  }
  CHECK(name == "REPLAY_BLOB_MISSING");
}

TEST_CASE(
    "a mirror of a log under another origin does not hold: its acts are signed for this one") {
  auto& f = fixture();
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
