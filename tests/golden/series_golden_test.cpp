// The published series of schemas/spec/series.md: bytes, root, digest and every disclosure stay
// what they are.
#include <sstream>

#include <doctest/doctest.h>

#include "ledger/log/leaf_stream.h"
#include "tests/support/files.h"
#include "verifier/reading.h"

using namespace mrv;

namespace {

std::string vector_file(const std::string& name) {
  return test::read_source("tests/vectors/series-1/" + name);
}

}  // namespace

TEST_CASE("the published series has its digest, and each of its readings its disclosure") {
  const std::string kept = vector_file("kept");
  std::istringstream file(kept);
  std::vector<Hash> leaves;
  std::vector<codec::Reading> readings;
  log::RootOfStream tree;
  std::string line;
  std::optional<codec::SeriesSummary> summary;
  while (std::getline(file, line)) {
    if (const auto last = codec::decode_summary(line); last.ok()) {
      summary = *last;
      continue;
    }
    const auto reading = codec::decode_reading(line);
    REQUIRE(reading.ok());
    CHECK(codec::encode_reading(*reading) == line);
    readings.push_back(*reading);
    leaves.push_back(crypto::leaf_hash(as_bytes(line)));
    tree.add(leaves.back());
  }
  REQUIRE(summary);
  CHECK(kept.ends_with(codec::encode_summary(*summary) + "\n"));
  CHECK(summary->count == 7);
  CHECK(summary->root == tree.root());
  const Hash digest = codec::series_digest(summary->count, summary->root);
  CHECK(to_hex(digest) + "\n" == vector_file("digest"));
  CHECK(to_hex(digest) == "c62c7a0fd29683cbffe1c9c79fe94d53c115c9b6af785c2a41a767d0e7f448f5");
  REQUIRE(readings.size() == 7);
  for (std::size_t n = 0; n < readings.size(); ++n) {
    const std::string text = vector_file("reading-" + std::to_string(n) + ".json");
    const auto verdict = verifier::verify_reading(text, digest);
    REQUIRE(verdict.ok());
    CHECK(verdict->disclosed.reading == readings[n]);
    CHECK(verdict->disclosed.path == crypto::inclusion_path(n, leaves));
    CHECK(codec::encode_disclosure(verdict->disclosed) == text);
  }
}
