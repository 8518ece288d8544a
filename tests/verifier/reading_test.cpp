// Every way of damaging a disclosure of a small series, and the largest series there can be.
#include "verifier/reading.h"

#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "tests/support/small_series.h"
#include "verifier/commands.h"

using namespace mrv;
using nlohmann::json;
using test::SmallSeries;

namespace {

constexpr std::int64_t kCountMax = 32;

std::string name_of(const Status& status) {
  return status.ok() ? "" : std::string(status.error().name);
}

std::string refusal(std::string_view text, const Hash& digest) {
  const auto verdict = verifier::verify_reading(text, digest);
  return verdict.ok() ? "" : std::string(verdict.error().name);
}

// Flips each bit of `bytes` in turn and counts the flips after which `holds`.
template <class Holds>
int survivors(std::span<std::uint8_t> bytes, const Holds& holds) {
  int count = 0;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    const auto mask = static_cast<std::uint8_t>(1U << bit % 8);
    bytes[bit / 8] ^= mask;
    if (holds()) ++count;
    bytes[bit / 8] ^= mask;
  }
  return count;
}

Hash leaf_of(const codec::DisclosedReading& disclosed) {
  return crypto::leaf_hash(as_bytes(codec::encode_reading(disclosed.reading)));
}

template <class Work>
void for_every_reading(const Work& work) {
  for (std::int64_t count = 1; count <= kCountMax; ++count) {
    const SmallSeries series(count);
    for (std::int64_t index = 0; index < count; ++index) work(series, series.disclose(index));
  }
}

}  // namespace

TEST_CASE("every reading of every small series is in it") {
  for_every_reading([](const SmallSeries& series, const codec::DisclosedReading& disclosed) {
    const std::string text = codec::encode_disclosure(disclosed);
    const auto verdict = verifier::verify_reading(text, series.digest());
    REQUIRE(verdict.ok());
    CHECK(verdict->disclosed == disclosed);
    CHECK(verdict->digest == series.digest());
    CHECK(!verdict->report);
  });
}

TEST_CASE("no bit of a path, root or leaf can be another") {
  for_every_reading([](const SmallSeries&, codec::DisclosedReading disclosed) {
    Hash leaf = leaf_of(disclosed);
    const auto holds = [&] {
      return crypto::verify_inclusion(static_cast<std::uint64_t>(disclosed.index),
                                      static_cast<std::uint64_t>(disclosed.count), leaf,
                                      disclosed.path, disclosed.root)
          .ok();
    };
    REQUIRE(holds());
    CHECK(survivors(leaf, holds) == 0);
    CHECK(survivors(disclosed.root, holds) == 0);
    for (Hash& hash : disclosed.path) CHECK(survivors(hash, holds) == 0);
  });
}

TEST_CASE("no damaged hash or salt gets past the verdict, whichever series is meant") {
  for_every_reading([](const SmallSeries& series, codec::DisclosedReading disclosed) {
    const Hash digest = series.digest();
    const auto flipped = [&](std::uint8_t& byte, const Hash& meant) {
      byte ^= 0x10U;
      const std::string name = name_of(verifier::check_disclosure(disclosed, meant));
      byte ^= 0x10U;
      return name;
    };
    for (Hash& hash : disclosed.path) CHECK(flipped(hash[9], digest) == "READING_NOT_IN_SERIES");
    CHECK(flipped(disclosed.reading.salt.bytes[9], digest) == "READING_NOT_IN_SERIES");
    CHECK(flipped(disclosed.root[9], digest) == "SERIES_DIFFERS");
    disclosed.root[9] ^= 0x10U;
    CHECK(name_of(verifier::check_disclosure(
              disclosed, codec::series_digest(disclosed.count, disclosed.root))) ==
          "READING_NOT_IN_SERIES");
  });
}

TEST_CASE("no bit of the reading's text, nor of the whole file, can be another") {
  for (const std::int64_t count : {1, 3, 32}) {
    const SmallSeries series(count);
    for (const std::int64_t index : std::set<std::int64_t>{0, count - 1}) {
      std::string text = codec::encode_disclosure(series.disclose(index));
      const std::span bytes(reinterpret_cast<std::uint8_t*>(text.data()), text.size());
      CHECK(survivors(bytes, [&] { return refusal(text, series.digest()).empty(); }) == 0);
      CHECK(refusal(text, series.digest()).empty());
    }
  }
}

TEST_CASE("no other index, count or length of path") {
  for_every_reading([](const SmallSeries& series, const codec::DisclosedReading& disclosed) {
    const Hash digest = series.digest();
    const auto name = [&](const codec::DisclosedReading& damaged) {
      return name_of(verifier::check_disclosure(damaged, digest));
    };
    auto damaged = disclosed;
    for (std::int64_t other = 0; other < kCountMax; ++other) {
      if (other == disclosed.index) continue;
      damaged.index = other;
      CHECK(name(damaged) == "READING_NOT_IN_SERIES");
    }
    damaged = disclosed;
    for (std::int64_t other = 1; other <= kCountMax + 1; ++other) {
      if (other == disclosed.count) continue;
      damaged.count = other;
      CHECK(name(damaged) == "SERIES_DIFFERS");
    }
    damaged = disclosed;
    damaged.path.push_back(Hash{1});
    CHECK(name(damaged) == "READING_NOT_IN_SERIES");
    if (disclosed.path.empty()) return;
    damaged.path.resize(disclosed.path.size() - 1);
    CHECK(name(damaged) == "READING_NOT_IN_SERIES");
    damaged.path = disclosed.path;
    std::reverse(damaged.path.begin(), damaged.path.end());
    if (damaged.path.size() > 1) CHECK(name(damaged) == "READING_NOT_IN_SERIES");
  });
}

TEST_CASE("a file whose index is not the reading's, or not below its count, is no disclosure") {
  const SmallSeries series(7);
  auto damaged = series.disclose(3);
  damaged.index = 4;
  CHECK(refusal(codec::encode_disclosure(damaged), series.digest()) == "READING_MALFORMED");
  damaged.reading.n = 4;
  CHECK(refusal(codec::encode_disclosure(damaged), series.digest()) == "READING_NOT_IN_SERIES");
  damaged.index = damaged.reading.n = 7;
  CHECK(refusal(codec::encode_disclosure(damaged), series.digest()) == "READING_MALFORMED");
}

TEST_CASE("another series, another reading, another salt, another spelling") {
  const SmallSeries series(7);
  const SmallSeries other(7, 2);
  const auto disclosed = series.disclose(3);
  const auto name = [&](const codec::DisclosedReading& damaged) {
    return refusal(codec::encode_disclosure(damaged), series.digest());
  };
  CHECK(refusal(codec::encode_disclosure(disclosed), other.digest()) == "SERIES_DIFFERS");
  CHECK(name(other.disclose(3)) == "SERIES_DIFFERS");
  auto damaged = disclosed;
  damaged.path = other.disclose(3).path;
  CHECK(name(damaged) == "READING_NOT_IN_SERIES");
  damaged = disclosed;
  damaged.reading.value.text = "3.5";
  CHECK(name(damaged) == "READING_NOT_IN_SERIES");
  damaged = disclosed;
  damaged.reading.unit = "kg";
  CHECK(name(damaged) == "READING_NOT_IN_SERIES");
  damaged = disclosed;
  damaged.reading.at = TimestampMs{damaged.reading.at.value() + 1};
  CHECK(name(damaged) == "READING_NOT_IN_SERIES");
  damaged = disclosed;
  damaged.reading.salt.bytes.push_back(0);
  CHECK(name(damaged) == "READING_NOT_IN_SERIES");
  CHECK(refusal(json::parse(codec::encode_disclosure(disclosed)).dump(1), series.digest()) ==
        "READING_MALFORMED");
  CHECK(refusal(std::string(codec::kDisclosureBytesMax + 1, ' '), series.digest()) ==
        "READING_TOO_LARGE");
}

TEST_CASE("a reading of the largest series there can be is checked like any other") {
  // Any hashes make a path of some tree: nobody has to build it.
  auto disclosed = SmallSeries(1).disclose(0);
  const auto place = [&](std::int64_t index, std::int64_t count) {
    disclosed.index = disclosed.reading.n = index;
    disclosed.count = count;
    const Hash leaf = crypto::leaf_hash(as_bytes(codec::encode_reading(disclosed.reading)));
    disclosed.path.clear();
    auto root = crypto::root_from_inclusion_proof(
        static_cast<std::uint64_t>(index), static_cast<std::uint64_t>(count), leaf, disclosed.path);
    while (!root.ok()) {
      REQUIRE(disclosed.path.size() < crypto::kProofHashesMax);
      disclosed.path.push_back(Hash{static_cast<std::uint8_t>(disclosed.path.size() + 1)});
      root = crypto::root_from_inclusion_proof(static_cast<std::uint64_t>(index),
                                               static_cast<std::uint64_t>(count), leaf,
                                               disclosed.path);
    }
    disclosed.root = *root;
    return refusal(codec::encode_disclosure(disclosed), codec::series_digest(count, *root));
  };
  CHECK(place(0, kSeriesReadingsMax).empty());
  CHECK(disclosed.path.size() == 24);
  CHECK(place(kSeriesReadingsMax - 1, kSeriesReadingsMax).empty());
  CHECK(place(0, kSeriesReadingsMax + 1) == "READING_MALFORMED");
  CHECK(place(kSeriesReadingsMax, kSeriesReadingsMax + 1) == "READING_MALFORMED");
}
