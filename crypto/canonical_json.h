// Strict reading and canonical writing of JSON.
//
// Reading is RFC 8259 grammar narrowed by named limits that hold while the text is parsed, so a
// hostile text costs no more than its length: nothing is built beyond the first violation. Grammar
// and number conversion are nlohmann/json's; what it lets through (byte-order mark, repeated names,
// a NUL taken for the end of input, any depth) is refused here. Writing is RFC 8785 (JCS): names in
// UTF-16 order, numbers in ECMAScript form, no white space.
//
// All functions are pure and may be called from any thread. No function throws.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "crypto/result.h"

namespace mrv::crypto {

// The largest integer that every JSON reader holds exactly: 2^53 - 1 (RFC 7493).
inline constexpr std::int64_t kSafeIntegerMax = 9'007'199'254'740'991;

// All lengths are in bytes of UTF-8, all limits inclusive.
struct JsonLimits {
  std::size_t body_bytes_max;    // the text as received, white space included
  std::size_t depth_max;         // arrays and objects open at once
  std::size_t string_bytes_max;  // one string or member name, unescaped
  std::size_t array_items_max;   // items of one array
  std::size_t values_max;        // values in the whole text: bounds memory to a multiple of it
  bool integers_only;            // numbers are integers within +-kSafeIntegerMax
  // Strings hold none of: C0 (except line feed), DEL, C1, U+061C, U+200B..200F, U+202A..202E,
  // U+2060..206F, U+FEFF. Member names hold no line feed either.
  bool refuse_control_text;
  // A number is kept as its text, in a binary value (number_text reads it): for numbers that must
  // not pass through a double. Such a value has no canonical form.
  bool numbers_as_text = false;
};

// A signed act (formats.md section 1). The bound on canonical size is the decoder's.
inline constexpr JsonLimits kDocumentLimits{
    .body_bytes_max = std::size_t{256} << 10,
    .depth_max = 32,
    .string_bytes_max = std::size_t{8} << 10,
    .array_items_max = 2'000,
    .values_max = std::size_t{64} << 10,
    .integers_only = true,
    .refuse_control_text = true,
};

// A certificate: entries and proofs travel inside it as base64 strings.
inline constexpr JsonLimits kCertificateLimits{
    .body_bytes_max = std::size_t{16} << 20,
    .depth_max = 32,
    .string_bytes_max = std::size_t{128} << 10,
    .array_items_max = 4'096,
    .values_max = std::size_t{1} << 20,
    .integers_only = true,
    .refuse_control_text = true,
};

// Any JSON that RFC 8785 can canonicalise, bounded only in size; for foreign documents.
inline constexpr JsonLimits kForeignLimits{
    .body_bytes_max = std::size_t{16} << 20,
    .depth_max = 512,
    .string_bytes_max = std::size_t{16} << 20,
    .array_items_max = std::size_t{4} << 20,
    .values_max = std::size_t{4} << 20,
    .integers_only = false,
    .refuse_control_text = false,
};

// Errors; `detail` names the byte offset at which reading stopped, `pointer` the value concerned.
inline constexpr std::string_view kJsonSyntax = "JSON_SYNTAX";
inline constexpr std::string_view kJsonBom = "JSON_BOM";
inline constexpr std::string_view kJsonUtf8Invalid = "JSON_UTF8_INVALID";
inline constexpr std::string_view kJsonLoneSurrogate = "JSON_LONE_SURROGATE";
inline constexpr std::string_view kJsonDuplicateName = "JSON_DUPLICATE_NAME";
inline constexpr std::string_view kJsonControlCharacter = "JSON_CONTROL_CHARACTER";
inline constexpr std::string_view kJsonTooLarge = "JSON_TOO_LARGE";
inline constexpr std::string_view kJsonTooDeep = "JSON_TOO_DEEP";
inline constexpr std::string_view kJsonStringTooLong = "JSON_STRING_TOO_LONG";
inline constexpr std::string_view kJsonArrayTooLong = "JSON_ARRAY_TOO_LONG";
inline constexpr std::string_view kJsonTooManyValues = "JSON_TOO_MANY_VALUES";
inline constexpr std::string_view kJsonNumberNotInteger = "JSON_NUMBER_NOT_INTEGER";
inline constexpr std::string_view kJsonNumberOutOfRange = "JSON_NUMBER_OUT_OF_RANGE";
inline constexpr std::string_view kJsonNotRepresentable = "JSON_NOT_REPRESENTABLE";

// A pointer longer than this is cut at a whole reference token, so that an error stays small.
inline constexpr std::size_t kJsonPointerBytesMax = 1'024;

// The one value that `text` holds. An integer beyond 64 bits becomes the nearest double (foreign
// limits). Errors: all of the above but JSON_NOT_REPRESENTABLE.
Result<nlohmann::json> parse_strict(std::string_view text, const JsonLimits& limits);

// The text of a number read with numbers_as_text; nothing for every other value. Views `value`.
std::optional<std::string_view> number_text(const nlohmann::json& value);

// Deepest value that can be canonicalised; deeper ones do not come out of parse_strict.
inline constexpr std::size_t kCanonicalDepthMax = 512;

// The canonical text. Precondition: `value` came from parse_strict, or check_canonicalizable(value)
// holds.
std::string canonicalize(const nlohmann::json& value);

// As canonicalize, leaving out the top-level member `name`; spares the copy that signing would
// need. Precondition: value is an object.
std::string canonicalize_without(const nlohmann::json& object, std::string_view name);

// NaN, infinity, binary values, strings that are not UTF-8 and depth beyond kCanonicalDepthMax have
// no canonical text. Errors: JSON_NOT_REPRESENTABLE, JSON_UTF8_INVALID, JSON_TOO_DEEP.
Status check_canonicalizable(const nlohmann::json& value);

// For values of any origin. Errors: those of check_canonicalizable.
Result<std::string> try_canonicalize(const nlohmann::json& value);

// Whether `text` is, byte for byte, what canonicalize writes for the value it holds.
bool is_canonical(std::string_view text, const JsonLimits& limits = kForeignLimits);

}  // namespace mrv::crypto
