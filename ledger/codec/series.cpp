// Readings and disclosures as strict canonical JSON.
#include "ledger/codec/series.h"

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "crypto/sha256.h"
#include "ledger/base/rational.h"
#include "ledger/codec/json_codec.h"

namespace mrv::codec {
namespace {

constexpr crypto::JsonLimits kDisclosureLimits{
    .body_bytes_max = kDisclosureBytesMax,
    .depth_max = 2,
    .string_bytes_max = 128,
    .array_items_max = crypto::kProofHashesMax,
    .values_max = 128,
    .integers_only = true,
    .refuse_control_text = true,
};
static_assert(kUnitBytesMax <= kDisclosureLimits.string_bytes_max);
static_assert(kValueBytesMax <= kDisclosureLimits.string_bytes_max);
static_assert(2 * kSaltBytesMax <= kDisclosureLimits.string_bytes_max);

Error series_malformed(const Error& error) {
  return {"READING_MALFORMED", std::string(error.name) + ": " + error.detail, error.pointer};
}

Error series_malformed(std::string detail, std::string pointer) {
  return {"READING_MALFORMED", std::move(detail), std::move(pointer)};
}

// The struct whose one spelling `text` is.
template <class T>
Result<T> decode_canonical(std::string_view text) {
  const auto parsed = crypto::parse_strict(text, kDisclosureLimits);
  if (!parsed.ok()) return series_malformed(parsed.error());
  auto decoded = decode_json<T>(*parsed, "");
  if (!decoded.ok()) return series_malformed(decoded.error());
  if (crypto::canonicalize(*parsed) != text) {
    return series_malformed("the text is not in its canonical form", "");
  }
  return decoded;
}

}  // namespace

Hash series_digest(std::int64_t count, const Hash& root) {
  return crypto::sha256(as_bytes(std::string(kSeriesDigestHeader) + "\n" + std::to_string(count) +
                                 "\n" + to_hex(root) + "\n"));
}

std::string to_text(const Salt& salt) { return to_hex(salt.bytes); }

Status from_text(std::string_view text, Salt& out) {
  MRV_TRY(out.bytes, from_hex(text));
  if (out.bytes.size() >= kSaltBytesMin && out.bytes.size() <= kSaltBytesMax) return {};
  return Error{"SALT_LENGTH_INVALID",
               "a salt has " + std::to_string(2 * kSaltBytesMin) + " to " +
                   std::to_string(2 * kSaltBytesMax) + " hex digits",
               {}};
}

std::string to_text(const MeasuredValue& value) { return value.text; }

Status from_text(std::string_view text, MeasuredValue& out) {
  const bool decimal = text.size() <= kValueBytesMax && text.find('/') == std::string_view::npos &&
                       Rational::parse(text).ok();
  if (!decimal) {
    return Error{"DECIMAL_INVALID",
                 "an exact decimal is expected: digits with at most one point inside, without "
                 "leading zeros, exponent or separators",
                 {}};
  }
  out.text = text;
  return {};
}

Status judge_unit(std::string_view unit) {
  MRV_CHECK(judge_text(unit, model::Text{1, kUnitBytesMax}));
  const auto text = crypto::try_canonicalize(nlohmann::json(std::string(unit)));
  if (!text.ok()) return text.error();
  const auto read = crypto::parse_strict(*text, kDisclosureLimits);
  return read.ok() ? Status() : Status(read.error());
}

std::string encode_reading(const Reading& reading) {
  return crypto::canonicalize(encode_json(reading));
}

Result<Reading> decode_reading(std::string_view text) { return decode_canonical<Reading>(text); }

std::string encode_summary(const SeriesSummary& summary) {
  return crypto::canonicalize(encode_json(summary));
}

Result<SeriesSummary> decode_summary(std::string_view text) {
  MRV_TRY(auto summary, decode_canonical<SeriesSummary>(text));
  if (summary.format == kSeriesFormat) return summary;
  return series_malformed("the format is not " + std::string(kSeriesFormat), "/format");
}

std::string encode_disclosure(const DisclosedReading& disclosed) {
  return crypto::canonicalize(encode_json(disclosed));
}

Result<DisclosedReading> decode_disclosure(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.size() > kDisclosureBytesMax) {
    return Error{"READING_TOO_LARGE",
                 "a disclosure has at most " + std::to_string(kDisclosureBytesMax) + " bytes",
                 {}};
  }
  MRV_TRY(auto disclosed, decode_canonical<DisclosedReading>(text));
  if (disclosed.format != kReadingFormat) {
    return series_malformed("the format is not " + std::string(kReadingFormat), "/format");
  }
  if (disclosed.index != disclosed.reading.n) {
    return series_malformed("the reading says another index", "/index");
  }
  if (disclosed.index >= disclosed.count) {
    return series_malformed("the index is not below the count", "/index");
  }
  return disclosed;
}

}  // namespace mrv::codec
