// Measurement series and the disclosure of one of their readings (schemas/spec/series.md).
//
//   leaf n = SHA-256(0x00 ‖ canonical JSON of reading n), in a tree of RFC 6962
//   digest = SHA-256("mrv-ledger/series/v1\n<count>\n<hex root>\n"): what a device signs as
//   evidence
//
// Each reading has a random salt of its own, so that the hashes of a path say nothing of the
// readings under them. Pure; whether a disclosure holds is judged by verifier/reading.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/rfc6962.h"
#include "ledger/base/limits.h"
#include "ledger/base/types.h"
#include "ledger/model/describe.h"

namespace mrv::codec {

inline constexpr std::string_view kSeriesDigestHeader = "mrv-ledger/series/v1";
inline constexpr std::string_view kReadingFormat = "mrv-reading/1";
inline constexpr std::string_view kSeriesFormat = "mrv-series/1";

inline constexpr std::size_t kSaltBytesMin = 16;
inline constexpr std::size_t kSaltBytesMax = 64;
inline constexpr std::size_t kUnitBytesMax = 64;
inline constexpr std::size_t kValueBytesMax = 128;
// Of the container's text; the largest disclosure needs about 5 KiB.
inline constexpr std::size_t kDisclosureBytesMax = 8UL * 1024;

// The evidence digest of a series. Precondition: 1 <= count <= kSeriesReadingsMax.
Hash series_digest(std::int64_t count, const Hash& root);

struct Salt {
  Bytes bytes;
  friend bool operator==(const Salt&, const Salt&) = default;
};
// Lower-case hex, kSaltBytesMin to kSaltBytesMax bytes. Errors: HEX_INVALID, SALT_LENGTH_INVALID.
std::string to_text(const Salt& salt);
Status from_text(std::string_view text, Salt& out);

// What the meter wrote, digit for digit: "12.50" is not "12.5", because trailing zeros state the
// resolution. Digits with at most one point inside, no leading zeros, no negative zero.
struct MeasuredValue {
  std::string text;
  friend bool operator==(const MeasuredValue&, const MeasuredValue&) = default;
};
// Errors: DECIMAL_INVALID.
std::string to_text(const MeasuredValue& value);
Status from_text(std::string_view text, MeasuredValue& out);

struct Reading {
  TimestampMs at;
  std::int64_t n = 0;  // its index in the series, from 0
  Salt salt;
  std::string unit;
  MeasuredValue value;
  friend bool operator==(const Reading&, const Reading&) = default;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("at", t.at, model::None{});
    v.field("n", t.n, model::Range{0, kSeriesReadingsMax - 1});
    v.field("salt", t.salt, model::None{});
    v.field("unit", t.unit, model::Text{1, kUnitBytesMax});
    v.field("value", t.value, model::None{});
  }
};

// Whether readings can have this unit. Errors: TEXT_TOO_SHORT, TEXT_TOO_LONG, TEXT_HAS_NEWLINE, and
// the strict JSON reader's for characters that nobody sees.
Status judge_unit(std::string_view unit);

// The bytes that a leaf is the hash of. Precondition: every member can be read back.
std::string encode_reading(const Reading& reading);
// Errors: READING_MALFORMED for everything that encode_reading does not write.
Result<Reading> decode_reading(std::string_view text);

// How many readings under which root: the last line of the file that holds them all.
struct SeriesSummary {
  std::string format = std::string(kSeriesFormat);
  std::int64_t count = 0;
  Hash root{};
  friend bool operator==(const SeriesSummary&, const SeriesSummary&) = default;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("format", t.format, model::Text{1, 64});
    v.field("count", t.count, model::Range{1, kSeriesReadingsMax});
    v.field("root", t.root, model::None{});
  }
};
std::string encode_summary(const SeriesSummary& summary);
// Only what encode_summary writes. Errors: READING_MALFORMED.
Result<SeriesSummary> decode_summary(std::string_view text);

// One reading with its path to the root, the leaf's sibling first.
struct DisclosedReading {
  std::string format = std::string(kReadingFormat);
  Reading reading;
  std::int64_t index = 0;
  std::int64_t count = 0;
  Hash root{};
  std::vector<Hash> path;
  friend bool operator==(const DisclosedReading&, const DisclosedReading&) = default;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("format", t.format, model::Text{1, 64});
    v.field("reading", t.reading, model::None{});
    v.field("index", t.index, model::Range{0, kSeriesReadingsMax - 1});
    v.field("count", t.count, model::Range{1, kSeriesReadingsMax});
    v.field("root", t.root, model::None{});
    v.field("path", t.path, model::Count{0, crypto::kProofHashesMax});
  }
};

// Canonical JSON. Precondition: as for encode_reading.
std::string encode_disclosure(const DisclosedReading& disclosed);
// Only what encode_disclosure writes, with an index below the count and the reading's own; one line
// feed may end the text. Errors: READING_MALFORMED with the pointer, READING_TOO_LARGE.
Result<DisclosedReading> decode_disclosure(std::string_view text);

}  // namespace mrv::codec
