// A disclosure, a reading and a kept file's last line have one spelling each; of all bytes only the
// seeds' disclosures hold under the seeds' digest.
#include <cstdlib>

#include "tests/support/small_series.h"
#include "verifier/reading.h"

namespace {

using namespace mrv;

void require(bool holds) {
  if (!holds) std::abort();
}

// corpus/reading has disclosures of this series.
const test::SmallSeries& seed_series() {
  static const test::SmallSeries series(7);
  return series;
}

void judge(std::string_view text) {
  const auto verdict = verifier::verify_reading(text, seed_series().digest());
  const auto decoded = codec::decode_disclosure(text);
  if (!decoded.ok()) {
    require(decoded.error().name == "READING_MALFORMED" ||
            decoded.error().name == "READING_TOO_LARGE");
    require(verdict.error().name == decoded.error().name);
    return;
  }
  const std::string_view line = text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
  require(codec::encode_disclosure(*decoded) == line);
  require(decoded->index == decoded->reading.n && decoded->index < decoded->count);
  require(decoded->path.size() <= crypto::kProofHashesMax);
  require(codec::judge_unit(decoded->reading.unit).ok());
  require(*codec::decode_reading(codec::encode_reading(decoded->reading)) == decoded->reading);
  // A foreign disclosure may hold for its own series; under this digest there are seven.
  if (verdict.ok()) require(seed_series().disclose(decoded->index) == *decoded);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  judge(text);
  const auto reading = codec::decode_reading(text);
  if (reading.ok()) require(codec::encode_reading(*reading) == text);
  const auto summary = codec::decode_summary(text);
  if (summary.ok()) require(codec::encode_summary(*summary) == text);
  return 0;
}
