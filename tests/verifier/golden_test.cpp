// The log of an earlier build replays to the same roots in every later one: rules, codec, map and
// engine of rules version 1 are frozen by these bytes. MRV_WRITE_GOLDEN=1 writes them anew, which
// is right only for a format that was never released.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "ledger/log/checkpoint.h"
#include "tests/support/ccs_flow.h"
#include "tests/support/files.h"
#include "verifier/replay.h"

using namespace mrv;

namespace {

const std::string kFolder = MRV_SOURCE_DIR "/tests/vectors/golden-1/";

void write(const std::string& name, std::string_view bytes) {
  std::filesystem::create_directories(kFolder);
  std::ofstream file(kFolder + name, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  REQUIRE(file.good());
}

void write_golden() {
  test::LedgerWorld world;
  test::CcsFlow flow(world, MRV_SOURCE_DIR);
  flow.run_to_issuance();
  flow.transfer("developer", "buyer", 5'000);
  flow.retire("buyer", 1'000);
  const auto reader = world.node().reader();
  std::vector<Bytes> entries;
  for (std::uint64_t i = 0; i < reader->published().size.value(); ++i) {
    entries.push_back(**reader->entry(EntryIndex{i}));
  }
  REQUIRE(entries.size() <= log::kTileWidth);
  write("entries", as_text(log::encode_bundle(entries)));
  write("roots",
        to_hex(reader->published().log_root) + "\n" + to_hex(reader->published().map_root) + "\n");
}

}  // namespace

TEST_CASE("the golden log of rules version 1 replays to its roots") {
  if (std::getenv("MRV_WRITE_GOLDEN") != nullptr) write_golden();
  std::map<Hash, Bytes> blobs;
  for (const char* path : {"schemas/examples/ccs/mass-meters-2023.csv",
                           "schemas/examples/ccs/volume-meters-2023.csv"}) {
    const std::string bytes = test::read_source(path);
    blobs[crypto::sha256(as_bytes(bytes))] = to_bytes(bytes);
  }
  verifier::Replay replay([&blobs](const Hash& digest) -> std::optional<Bytes> {
    const auto found = blobs.find(digest);
    if (found == blobs.end()) return std::nullopt;
    return found->second;
  });
  const auto entries = log::decode_bundle(as_bytes(test::read_file(kFolder + "entries")));
  REQUIRE(entries.ok());
  for (const Bytes& entry : *entries) {
    const auto added = replay.add(entry);
    REQUIRE_MESSAGE(added.ok(), added.error().name << " " << added.error().detail);
  }
  CHECK(replay.sealed());
  CHECK(to_hex(replay.log_root()) + "\n" + to_hex(replay.map_root()) + "\n" ==
        test::read_file(kFolder + "roots"));
}
