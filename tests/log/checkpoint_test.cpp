// Checkpoints, receipts, tile paths and bundles: one spelling each, damage refused by name.
#include "ledger/log/checkpoint.h"

#include <doctest/doctest.h>

#include "ledger/base/limits.h"
#include "ledger/log/tile.h"

using namespace mrv;

namespace {

log::Checkpoint sample() {
  log::Checkpoint checkpoint{"example.org/log", TreeSize{20'852'163}, {}};
  checkpoint.root.fill(0xA5);
  return checkpoint;
}

log::TlogProof sample_proof() {
  log::TlogProof proof;
  proof.index = EntryIndex{1'234};
  proof.path = {sample().root, Hash{}};
  proof.checkpoint = log::checkpoint_text(sample()) + "\n\xE2\x80\x94 example.org/log c2ln\n";
  return proof;
}

}  // namespace

TEST_CASE("a checkpoint is read back from its text") {
  const std::string text = log::checkpoint_text(sample());
  CHECK(text.starts_with("example.org/log\n20852163\n"));
  CHECK(*log::parse_checkpoint(text) == sample());
}

TEST_CASE("every other spelling of a checkpoint is refused") {
  const std::string root = to_base64(sample().root);
  for (const std::string& text :
       {std::string(), std::string("example.org/log\n"), "\n1\n" + root + "\n",
        "example.org/log\n01\n" + root + "\n", "example.org/log\n+1\n" + root + "\n",
        "example.org/log\n-1\n" + root + "\n", "example.org/log\n1 \n" + root + "\n",
        "example.org/log\r\n1\r\n" + root + "\r\n", "example.org/log\n1\n" + root,
        "example.org/log\n1\n" + root + "\nextension\n", "example.org/log\n1\n" + root + "\n\n",
        "example.org/log\n18446744073709551616\n" + root + "\n",
        "example.org/log\n1\n" + root.substr(1) + "\n",
        std::string(kOriginBytesMax + 1, 'a') + "\n1\n" + root + "\n"}) {
    const auto parsed = log::parse_checkpoint(text);
    REQUIRE_MESSAGE(!parsed.ok(), text);
    CHECK(parsed.error().name == "CHECKPOINT_MALFORMED");
  }
  CHECK(log::parse_checkpoint(std::string(kOriginBytesMax, 'a') + "\n1\n" + root + "\n").ok());
}

TEST_CASE("a receipt is read back, with and without path and extra") {
  auto proof = sample_proof();
  CHECK(*log::parse_tlog_proof(log::tlog_proof_text(proof)) == proof);
  proof.extra = to_bytes("anything");
  CHECK(*log::parse_tlog_proof(log::tlog_proof_text(proof)) == proof);
  proof.path.clear();
  CHECK(*log::parse_tlog_proof(log::tlog_proof_text(proof)) == proof);
}

TEST_CASE("damaged receipts are refused by name") {
  const std::string good = log::tlog_proof_text(sample_proof());
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  std::string many = "c2sp.org/tlog-proof@v1\nindex 1\n";
  for (int i = 0; i < 65; ++i) many += to_base64(Hash{}) + "\n";
  for (const std::string& text :
       {std::string(), with("@v1", "@v2"), with("index 1234", "index 01234"),
        with("index 1234", "index +1234"), with("index 1234", "1234"), with("index", "Index"),
        with("index 1234\n", "index 1234\r\n"), with("index 1234\n", "extra !\nindex 1234\n"),
        with("index 1234\n", "index 1234\nindex 1234\n"), with("=\n\n", "=\n"),
        good.substr(0, good.find("\n\n") + 2), with("A=", "B="), many + "\nx\n"}) {
    const auto parsed = log::parse_tlog_proof(text);
    REQUIRE_MESSAGE(!parsed.ok(), text);
    CHECK(parsed.error().name == "TLOG_PROOF_MALFORMED");
  }
}

TEST_CASE("tile paths have one spelling") {
  using log::TilePath;
  CHECK(log::tile_path({0, 1'234'067, std::nullopt}) == "tile/0/x001/x234/067");
  CHECK(log::tile_path({std::nullopt, 0, 255}) == "tile/entries/000.p/255");
  for (const TilePath& path :
       {TilePath{0, 0, std::nullopt}, TilePath{1, 999, 1}, TilePath{63, 1'000, 255},
        TilePath{std::nullopt, 18'446'744'073'709'551'615ULL, std::nullopt},
        TilePath{std::nullopt, 1'000'000, 17}}) {
    const auto parsed = log::parse_tile_path(log::tile_path(path));
    REQUIRE(parsed.ok());
    CHECK(*parsed == path);
  }
  for (const char* text : {"",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/0/0",
                           "tile/0/00",
                           "tile/0/0000",
                           "tile/0/x000/000",
                           "tile/0/001/000",
                           "tile/0/x1/000",
                           "tile/00/000",
                           "tile/64/000",
                           "tile/-1/000",
                           "tile/0/000.p/0",
                           "tile/0/000.p/256",
                           "tile/0/000.p/01",
                           "tile/0/000.p/",
                           "tile/0/000/",
                           "/tile/0/000",
                           "tile/data/000",
                           "tile/0/000.p/1/2",
                           "tile/0/x018/x446/x744/x073/x709/x551/616",
                           "tile/0/000?x"}) {
    CHECK_MESSAGE(!log::parse_tile_path(text).ok(), text);
  }
}

TEST_CASE("bundles hold entries of every length and nothing left over") {
  std::vector<Bytes> entries = {Bytes{}, to_bytes("a"), Bytes(kEntryBytesMax, 7)};
  const Bytes bundle = log::encode_bundle(entries);
  CHECK(*log::decode_bundle(bundle) == entries);
  CHECK(!log::decode_bundle(ByteView(bundle).first(bundle.size() - 1)).ok());
  CHECK(!log::decode_bundle(ByteView(bundle).first(1)).ok());
  const std::vector<Bytes> full(log::kTileWidth, to_bytes("x"));
  Bytes wide = log::encode_bundle(full);
  CHECK(log::decode_bundle(wide).ok());
  wide.insert(wide.end(), {0, 1, 'x'});
  CHECK(!log::decode_bundle(wide).ok());
}

TEST_CASE("widths of open tiles follow from the size alone") {
  using Geometry = log::ProductionGeometry;
  CHECK(Geometry::open_width(0, 0) == 0);
  CHECK(Geometry::open_width(255, 0) == 255);
  CHECK(Geometry::open_width(256, 0) == 0);
  CHECK(Geometry::open_width(256, 1) == 1);
  CHECK(Geometry::open_width(70'000, 0) == 112);
  CHECK(Geometry::open_width(70'000, 1) == 17);
  CHECK(Geometry::open_width(70'000, 2) == 1);
  CHECK(Geometry::hashes_at(~std::uint64_t{0}, 63) == 0);
}
