// Scalar text forms, one canonical spelling each.
#include "ledger/codec/scalar_text.h"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "crypto/did_key.h"
#include "ledger/base/time.h"

namespace mrv::codec {
namespace {

constexpr std::size_t kDecimalBytesMax = 128;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_code_letter(char c) { return is_digit(c) || (c >= 'A' && c <= 'Z'); }

Result<std::int64_t> parse_canonical_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    return Error{"INTEGER_OUT_OF_RANGE", "the integer is too large", {}};
  }
  if (error != std::errc{} || end != text.data() + text.size() || std::to_string(value) != text) {
    return Error{"INTEGER_INVALID", "a decimal integer without leading zeros is expected", {}};
  }
  return value;
}

}  // namespace

std::string to_text(const Hash& hash) { return to_hex(hash); }

Status from_text(std::string_view text, Hash& out) {
  const auto hash = hash_from_hex(text);
  if (!hash.ok()) return Error{"HEX_INVALID", "64 lower-case hex digits are expected", {}};
  out = *hash;
  return {};
}

std::string to_text(const model::KeyBytes& key) {
  return crypto::did_of(crypto::PublicKey{key.bytes});
}

Status from_text(std::string_view text, model::KeyBytes& out) {
  const auto key = crypto::parse_did(text);
  if (!key.ok()) return Error{"KEY_INVALID", key.error().detail, {}};
  out.bytes = key->bytes;
  return {};
}

std::string to_text(const TimestampMs& time) {
  return time.value() % kMsPerSecond == 0 ? seconds_text(time) : milliseconds_text(time);
}

Status from_text(std::string_view text, TimestampMs& out) {
  const auto whole = parse_seconds(text);
  if (whole.ok()) {
    out = *whole;
    return {};
  }
  MRV_TRY(out, parse_milliseconds(text));
  if (out.value() % kMsPerSecond == 0) {
    return Error{"TIME_INVALID", "whole seconds are written without a fraction", {}};
  }
  return {};
}

std::string to_text(const EntryIndex& index) { return std::to_string(index.value()); }

Status from_text(std::string_view text, EntryIndex& out) {
  MRV_TRY(const std::int64_t value, parse_canonical_integer(text));
  if (value < 0) return Error{"INTEGER_OUT_OF_RANGE", "an index is not negative", {}};
  out = EntryIndex{static_cast<std::uint64_t>(value)};
  return {};
}

std::string to_text(const model::Day& day) { return day_text(day.days); }

Status from_text(std::string_view text, model::Day& out) {
  MRV_TRY(out.days, parse_day(text));
  return {};
}

std::string to_text(const model::DecimalText& decimal) { return decimal.text; }

// -?(0|[1-9][0-9]*)(\.[0-9]*[1-9])? and no negative zero.
Status from_text(std::string_view text, model::DecimalText& out) {
  const Error invalid{"DECIMAL_INVALID", "digits with at most one point, no superfluous zeros", {}};
  if (text.size() > kDecimalBytesMax) return invalid;
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  const auto point = rest.find('.');
  const auto whole = rest.substr(0, point);
  if (whole.empty() || !std::all_of(whole.begin(), whole.end(), is_digit)) return invalid;
  if (whole.size() > 1 && whole[0] == '0') return invalid;
  if (point != std::string_view::npos) {
    const auto fraction = rest.substr(point + 1);
    if (fraction.empty() || fraction.back() == '0') return invalid;
    if (!std::all_of(fraction.begin(), fraction.end(), is_digit)) return invalid;
  } else if (negative && whole == "0") {
    return invalid;
  }
  out.text = text;
  return {};
}

std::string to_text(const model::CodeText& code) { return code.text; }

Status from_text(std::string_view text, model::CodeText& out) {
  MRV_CHECK(judge_text(text, model::Code{}));
  out.text = text;
  return {};
}

Result<std::int64_t> parse_integer(std::string_view text, const model::Range& range) {
  MRV_TRY(const std::int64_t value, parse_canonical_integer(text));
  if (value < range.min || value > range.max) {
    return Error{
        "INTEGER_OUT_OF_RANGE",
        "the integer lies outside " + std::to_string(range.min) + ".." + std::to_string(range.max),
        {}};
  }
  return value;
}

Result<std::int64_t> parse_integer(std::string_view text, const model::None& /*range*/) {
  return parse_canonical_integer(text);
}

Status judge_text(std::string_view text, const model::Text& limits) {
  if (text.size() < limits.bytes_min) return Error{"TEXT_TOO_SHORT", "the text is too short", {}};
  if (text.size() > limits.bytes_max) {
    return Error{"TEXT_TOO_LONG",
                 "the text has more than " + std::to_string(limits.bytes_max) + " bytes",
                 {}};
  }
  if (!limits.lines && text.find('\n') != std::string_view::npos) {
    return Error{"TEXT_HAS_NEWLINE", "the text is written on one line", {}};
  }
  return {};
}

Status judge_text(std::string_view text, const model::Code& limits) {
  const bool fits = text.size() >= limits.length_min && text.size() <= limits.length_max &&
                    std::all_of(text.begin(), text.end(), is_code_letter);
  if (!fits) {
    return Error{"CODE_INVALID",
                 "capital letters and digits, " + std::to_string(limits.length_min) + " to " +
                     std::to_string(limits.length_max),
                 {}};
  }
  return {};
}

Result<model::RawJson> raw_from_json(const nlohmann::json& json) {
  return model::RawJson{crypto::canonicalize(json)};
}

}  // namespace mrv::codec
