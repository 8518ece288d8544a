// The logs of earlier builds replay to the same roots in every later one, whatever the compiler:
// rules, codec, map and engine of every rules version are frozen by these bytes. write-golden
// (write_golden_main.cpp) wrote them; golden-1 is the main job, golden-2 holds every kind of act of
// version 1, golden-3 begins under version 1 and goes on with every act of versions 2 and 3,
// golden-4 is the main job under version 4, golden-5 goes from version 1 through all five.
#include "tests/support/golden.h"

#include <filesystem>
#include <set>

#include <doctest/doctest.h>

#include "crypto/sha256.h"
#include "crypto/signed_note.h"
#include "ledger/codec/act_codec.h"
#include "ledger/codec/entry_codec.h"
#include "tests/support/files.h"
#include "tests/support/places.h"
#include "verifier/certificate.h"
#include "verifier/replay.h"
#include "verifier/status.h"

using namespace mrv;

namespace {

std::vector<Bytes> entries_of(const std::string& name) {
  auto entries = test::golden_entries(MRV_SOURCE_DIR "/tests/vectors/" + name);
  REQUIRE(!entries.empty());
  return entries;
}

constexpr int kFields = 200;  // at least as many as the histories have boundaries

std::optional<Bytes> example_data(const Hash& digest) {
  static const auto blobs = [] {
    std::map<Hash, Bytes> made;
    for (const char* path : {"schemas/examples/ccs/mass-meters-2023.csv",
                             "schemas/examples/ccs/volume-meters-2023.csv"}) {
      const std::string bytes = test::read_source(path);
      made[crypto::sha256(as_bytes(bytes))] = to_bytes(bytes);
    }
    for (int number = 1; number <= kFields; ++number) {
      const std::string bytes = test::field(number);
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
  CHECK(replay.finish().ok());
  CHECK(to_hex(replay.log_root()) + "\n" + to_hex(replay.map_root()) + "\n" ==
        test::read_file(MRV_SOURCE_DIR "/tests/vectors/" + name + "/roots"));
}

using Kinds = std::set<std::string, std::less<>>;

Kinds kinds_in(const std::string& name) {
  Kinds kinds;
  for (const Bytes& bytes : entries_of(name)) {
    const auto entry = codec::decode_entry(bytes);
    REQUIRE(entry.ok());
    const auto* act = std::get_if<codec::ActEntry>(&*entry);
    if (act == nullptr) continue;
    const auto decoded = codec::decode_act(act->document, /*key_is_registered=*/true);
    REQUIRE(decoded.ok());
    kinds.emplace(model::type_of(decoded->act.body));
  }
  return kinds;
}

template <std::size_t... I>
Kinds kinds_until(std::int64_t version, std::index_sequence<I...> /*acts*/) {
  Kinds kinds;
  const auto add = [&]<class Act>(const Act* /*act*/) {
    std::int64_t since = 1;
    if constexpr (requires { Act::kSince; }) since = Act::kSince;
    if (since <= version) kinds.emplace(Act::kType);
  };
  (add(static_cast<const std::variant_alternative_t<I, model::AnyAct>*>(nullptr)), ...);
  return kinds;
}
Kinds kinds_until(std::int64_t version) {
  return kinds_until(version, std::make_index_sequence<std::variant_size_v<model::AnyAct>>());
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

TEST_CASE("the log of three versions of the rules replays to its roots") {
  check_replay("golden-3");
}

TEST_CASE("the log of version 4 replays to its roots") { check_replay("golden-4"); }

TEST_CASE("the log of five versions of the rules replays to its roots") {
  check_replay("golden-5");
}

TEST_CASE("the logs hold every kind of act of their versions") {
  CHECK(kinds_in("golden-2") == kinds_until(1));
  CHECK(kinds_in("golden-3") == kinds_until(3));
  CHECK(kinds_in("golden-5") == kinds_until(5));
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

TEST_CASE("the status of a retirement verifies, and continues its certificate's tree") {
  REQUIRE(crypto::initialise().ok());
  const auto policy = verifier::parse_policy(golden_policy());
  REQUIRE(policy.ok());
  const std::string folder = MRV_SOURCE_DIR "/tests/vectors/status-1/";
  const auto verdict =
      verifier::verify_status_of_certificate(*policy, test::read_file(folder + "status.json"),
                                             test::read_file(folder + "certificate.json"));
  REQUIRE_MESSAGE(verdict.ok(), verdict.error().name << " " << verdict.error().detail);
  CHECK(verdict->continues);
  CHECK(!verdict->status.stands);
  CHECK(verdict->status.invalidations.size() == 1);
  CHECK(verdict->status.obligations.size() == 2);
  CHECK(verdict->status.withdrawn_statements.size() == 1);
}
