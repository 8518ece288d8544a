// Patterns built from the same limits that the decoder reads.
#include "ledger/codec/schema_patterns.h"

#include <algorithm>
#include <cassert>

#include "crypto/did_key.h"

namespace mrv::codec {
namespace {

// First year 1970, last 9999. Of the two-digit endings 00 is a leap year only every fourth century.
constexpr std::string_view kYears = "(19[7-9][0-9]|[2-9][0-9]{3})";
constexpr std::string_view kLeapYears =
    "(19(72|76|8[048]|9[26])|[2-9][0-9](0[48]|[2468][048]|[13579][26])|([2468][048]|[3579][26])00)";
constexpr std::string_view kAllYears = "[0-9]{4}";
constexpr std::string_view kAllLeapYears =
    "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)";
constexpr std::string_view kMonthAndDay =
    "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|"
    "02-(0[1-9]|1[0-9]|2[0-8]))";
constexpr std::string_view kTimeOfDay = "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]";
constexpr std::string_view kMilliseconds = "(\\.([1-9][0-9]{2}|0[1-9][0-9]|00[1-9]))?";

constexpr std::string_view kBase58 = "[1-9A-HJ-NP-Za-km-z]";
constexpr std::string_view kCrockford = "[0-9a-hjkmnp-tv-z]";
// The last letter of an id carries two spare bits, which are zero: every fourth of the alphabet.
constexpr std::string_view kCrockfordLast = "[048cgmrw]";
// What the ED 01 prefix makes of the first letters of a Multikey: z6Mke… to z6Mkw….
constexpr std::string_view kMultikey = "z6Mk[e-km-w][1-9A-HJ-NP-Za-km-z]{43}";

std::string whole(std::string_view inner) { return "^" + std::string(inner) + "$"; }

std::string day_inner(std::string_view years, std::string_view leap_years) {
  return "(" + std::string(years) + "-" + std::string(kMonthAndDay) + "|" +
         std::string(leap_years) + "-02-29)";
}

// `count` digits of any value.
std::string any_digits(std::size_t count) {
  if (count == 0) return {};
  return count == 1 ? "[0-9]" : "[0-9]{" + std::to_string(count) + "}";
}

std::string digit_range(char from, char to) {
  if (from == to) return {from};
  return std::string("[") + from + "-" + to + "]";
}

void append_alternative(std::string& pattern, const std::string& alternative) {
  if (!pattern.empty()) pattern += "|";
  pattern += alternative;
}

// Numbers of one length from `low` to `high`: equal first digits are written once, otherwise the
// first digits that leave the rest free stand between the two that bind it.
// NOLINTNEXTLINE(misc-no-recursion): one digit less each time
std::string same_length(const std::string& low, const std::string& high) {
  if (low.empty()) return {};
  const std::size_t rest = low.size() - 1;
  const bool low_free = low.find_first_not_of('0', 1) == std::string::npos;
  const bool high_free = high.find_first_not_of('9', 1) == std::string::npos;
  if (low_free && high_free) return digit_range(low[0], high[0]) + any_digits(rest);
  if (low[0] == high[0]) return low[0] + same_length(low.substr(1), high.substr(1));
  std::string pattern;
  char from = low[0];
  char to = high[0];
  if (!low_free) {
    append_alternative(pattern, low[0] + same_length(low.substr(1), std::string(rest, '9')));
    ++from;
  }
  if (!high_free) --to;
  if (from <= to) append_alternative(pattern, digit_range(from, to) + any_digits(rest));
  if (!high_free) {
    append_alternative(pattern, high[0] + same_length(std::string(rest, '0'), high.substr(1)));
  }
  return "(" + pattern + ")";
}

std::string first_of_length(std::size_t length) { return "1" + std::string(length - 1, '0'); }
std::string last_of_length(std::size_t length) { return std::string(length, '9'); }

// All positive numbers of `from` to `to` digits.
std::string whole_lengths(std::size_t from, std::size_t to) {
  if (from == to) return "[1-9]" + any_digits(from - 1);
  return "[1-9][0-9]{" + std::to_string(from - 1) + "," + std::to_string(to - 1) + "}";
}

// Precondition: 1 <= min <= max.
std::string positive_range(std::int64_t min, std::int64_t max) {
  const std::string low = std::to_string(min);
  const std::string high = std::to_string(max);
  if (low.size() == high.size()) return same_length(low, high);
  std::size_t from = low.size();
  std::size_t to = high.size();
  std::string before;
  std::string after;
  if (low != first_of_length(from)) {
    before = same_length(low, last_of_length(from));
    ++from;
  }
  if (high != last_of_length(to)) {
    after = same_length(first_of_length(to), high);
    --to;
  }
  if (from <= to) append_alternative(before, whole_lengths(from, to));
  if (!after.empty()) append_alternative(before, after);
  return before;
}

}  // namespace

std::string integer_pattern(const model::Range& range) {
  assert(range.min >= 0 && range.min <= range.max);
  std::string pattern;
  if (range.min == 0) pattern = "0";
  if (range.max > 0)
    append_alternative(pattern, positive_range(std::max<std::int64_t>(range.min, 1), range.max));
  return whole("(" + pattern + ")");
}

std::string code_pattern(const model::Code& limits) {
  return whole("[A-Z0-9]{" + std::to_string(limits.length_min) + "," +
               std::to_string(limits.length_max) + "}");
}

std::string text_pattern(bool lines) {
  const std::string_view c0 = lines ? "\\u0000-\\u0009\\u000B-\\u001F" : "\\u0000-\\u001F";
  return "^[^" + std::string(c0) +
         "\\u007F-\\u009F\\u061C\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u206F\\uFEFF]*$";
}

std::string sha256_pattern() { return "^[0-9a-f]{64}$"; }

std::string day_pattern() { return whole(day_inner(kYears, kLeapYears)); }

std::string instant_pattern() {
  return whole(day_inner(kYears, kLeapYears) + std::string(kTimeOfDay) +
               std::string(kMilliseconds) + "Z");
}

std::string seconds_pattern() {
  return whole(day_inner(kYears, kLeapYears) + std::string(kTimeOfDay) + "Z");
}

std::string created_pattern() {
  return whole(day_inner(kAllYears, kAllLeapYears) + std::string(kTimeOfDay) + "Z");
}

// An integer, where only a positive one may carry no minus; or one with a fraction.
std::string decimal_pattern() { return "^(0|-?[1-9][0-9]*|-?(0|[1-9][0-9]*)\\.[0-9]*[1-9])$"; }

std::string number_pattern() {
  const std::string whole_number = "(0|[1-9][0-9]*)";
  return "^(" + whole_number + "(\\.[0-9]+)?|-[1-9][0-9]*(\\.[0-9]+)?|-0\\.[0-9]*[1-9][0-9]*|" +
         "(0|-?[1-9][0-9]*)/[1-9][0-9]*)$";
}

std::string id_pattern(std::string_view before, std::string_view prefix) {
  return whole(std::string(before) + std::string(prefix) + std::string(kCrockford) + "{25}" +
               std::string(kCrockfordLast));
}

std::string uuid_pattern() {
  return "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$";
}

std::string did_key_pattern() {
  return whole(std::string(crypto::kDidKeyPrefix) + std::string(kMultikey));
}

std::string verification_method_pattern() {
  return whole(std::string(crypto::kDidKeyPrefix) + std::string(kMultikey) + "#" +
               std::string(kMultikey));
}

std::string proof_value_pattern() { return whole("z" + std::string(kBase58) + "{64,88}"); }

}  // namespace mrv::codec
