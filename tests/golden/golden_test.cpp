// The logs of earlier builds replay to the same roots in every later one, whatever the compiler:
// rules, codec, map and engine of rules version 1 are frozen by these bytes. write-golden
// (write_golden_main.cpp) wrote them; golden-1 is the main job, golden-2 holds every kind of act.
#include "tests/support/golden.h"

#include <filesystem>
#include <set>

#include <doctest/doctest.h>

#include "crypto/sha256.h"
#include "crypto/signed_note.h"
#include "ledger/codec/act_codec.h"
#include "ledger/codec/entry_codec.h"
#include "tests/support/files.h"
#include "verifier/certificate.h"
#include "verifier/replay.h"

using namespace mrv;

namespace {

std::vector<Bytes> entries_of(const std::string& name) {
  auto entries = test::golden_entries(MRV_SOURCE_DIR "/tests/vectors/" + name);
  REQUIRE(!entries.empty());
  return entries;
}

std::optional<Bytes> example_data(const Hash& digest) {
  static const auto blobs = [] {
    std::map<Hash, Bytes> made;
    for (const char* path : {"schemas/examples/ccs/mass-meters-2023.csv",
                             "schemas/examples/ccs/volume-meters-2023.csv"}) {
      const std::string bytes = test::read_source(path);
      made[crypto::sha256(as_bytes(bytes))] = to_bytes(bytes);
    }
    return made;
  }();
  const auto found = blobs.find(digest);
  if (found == blobs.end()) return std::nullopt;
  return found->second;
}

void check_replay(const std::string& name) {
  verifier::Replay replay(example_data);
  for (const Bytes& entry : entries_of(name)) {
    const auto added = replay.add(entry);
    REQUIRE_MESSAGE(added.ok(), added.error().name << " " << added.error().detail);
  }
  CHECK(replay.sealed());
  CHECK(to_hex(replay.log_root()) + "\n" + to_hex(replay.map_root()) + "\n" ==
        test::read_file(MRV_SOURCE_DIR "/tests/vectors/" + name + "/roots"));
}

// Whom the golden logs' certificates are checked with: their log's key is that of its name.
std::string golden_policy() {
  const auto key = crypto::SecretKey::from_seed(crypto::sha256(as_bytes("log")));
  return "log " +
         crypto::vkey_of({"ledger.example/test", crypto::kNoteTypeEd25519, key.public_key()}) +
         "\nquorum none\n";
}

}  // namespace

TEST_CASE("the main job's log replays to its roots") { check_replay("golden-1"); }

TEST_CASE("the log of every kind of act replays to its roots") { check_replay("golden-2"); }

TEST_CASE("the second log holds every kind of act") {
  std::set<std::string, std::less<>> kinds;
  for (const Bytes& bytes : entries_of("golden-2")) {
    const auto entry = codec::decode_entry(bytes);
    REQUIRE(entry.ok());
    const auto* act = std::get_if<codec::ActEntry>(&*entry);
    if (act == nullptr) continue;
    const auto decoded = codec::decode_act(act->document, /*key_is_registered=*/true);
    REQUIRE(decoded.ok());
    kinds.emplace(model::type_of(decoded->act.body));
  }
  CHECK(kinds.size() == std::variant_size_v<model::ActBody>);
}

TEST_CASE("the main job's certificate verifies") {
  REQUIRE(crypto::initialise().ok());
  const auto policy = verifier::parse_policy(golden_policy());
  REQUIRE(policy.ok());
  const auto verdict = verifier::verify_certificate(
      *policy, test::read_file(MRV_SOURCE_DIR "/tests/vectors/golden-1/certificate.json"), {});
  REQUIRE_MESSAGE(verdict.ok(), verdict.error().name << " " << verdict.error().detail);
  CHECK(verdict->summary.quantity == 1'000);
  CHECK(to_hex(verdict->checkpoint.checkpoint.root) ==
        test::read_file(MRV_SOURCE_DIR "/tests/vectors/golden-1/roots").substr(0, 2 * kHashSize));
}
