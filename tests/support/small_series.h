// Small series for tests: readings a minute apart, each with a salt of its own.
#pragma once

#include <string>
#include <vector>

#include "crypto/rfc6962.h"
#include "ledger/codec/series.h"

namespace mrv::test {

class SmallSeries {
 public:
  explicit SmallSeries(std::int64_t count, std::uint8_t seed = 1) {
    constexpr std::int64_t kStartMs = 1'680'307'200'000;
    constexpr std::int64_t kMinuteMs = 60'000;
    for (std::int64_t n = 0; n < count; ++n) {
      codec::Reading reading{TimestampMs{kStartMs + n * kMinuteMs}, n, {}, "t", {}};
      reading.salt.bytes.assign(codec::kSaltBytesMin, seed);
      reading.salt.bytes[0] = static_cast<std::uint8_t>(n);
      reading.value.text = std::to_string(n) + ".50";
      leaves_.push_back(crypto::leaf_hash(as_bytes(codec::encode_reading(reading))));
      readings_.push_back(std::move(reading));
    }
  }

  [[nodiscard]] Hash root() const { return crypto::root_of(leaves_); }
  [[nodiscard]] Hash digest() const { return codec::series_digest(count(), root()); }
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(leaves_.size()); }
  [[nodiscard]] codec::DisclosedReading disclose(std::int64_t index) const {
    const auto at = static_cast<std::size_t>(index);
    return {std::string(codec::kReadingFormat), readings_.at(at), index, count(), root(),
            crypto::inclusion_path(at, leaves_)};
  }

 private:
  std::vector<codec::Reading> readings_;
  std::vector<Hash> leaves_;
};

}  // namespace mrv::test
