// The writing half.
#include "crypto/canonical_json.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <iterator>
#include <vector>

#include <nlohmann/json.hpp>

#include "crypto/utf8.h"

namespace mrv::crypto {
namespace {

using nlohmann::json;

// Orders UTF-8 as its UTF-16 code units would be ordered. The two differ only where a supplementary
// character (lead byte F0..F4, in UTF-16 a surrogate D800..DFFF) meets U+E000..U+FFFF (lead EE,
// EF): ranking those two below the others is enough. Lead bytes never equal continuation bytes.
std::uint8_t utf16_rank(char c) {
  const auto byte = static_cast<std::uint8_t>(c);
  if (byte < 0xEE) return byte;
  return static_cast<std::uint8_t>(byte >= 0xF0 ? byte - 2 : byte + 0x10);
}

bool utf16_less(std::string_view a, std::string_view b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](char x, char y) { return utf16_rank(x) < utf16_rank(y); });
}

bool byte_order_may_differ(std::string_view name) {
  return std::any_of(name.begin(), name.end(),
                     [](char c) { return static_cast<std::uint8_t>(c) >= 0xEE; });
}

void append_integer(std::string& out, std::int64_t value) {
  char buffer[24];
  const auto [end, error] = std::to_chars(std::begin(buffer), std::end(buffer), value);
  assert(error == std::errc{});
  out.append(buffer, end);
}

// ECMAScript Number::toString for finite values: `digits` are the shortest that read back as the
// same double, `point` the position of the decimal point relative to their start.
void append_double(std::string& out, double value) {
  assert(std::isfinite(value));
  if (value == 0) {  // also -0
    out += '0';
    return;
  }
  char buffer[32];
  const auto [end, error] = std::to_chars(std::begin(buffer), std::end(buffer), std::fabs(value),
                                          std::chars_format::scientific);
  assert(error == std::errc{});
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  const std::size_t mark = text.find('e');
  int exponent = 0;
  const char* first = buffer + mark + (text[mark + 1] == '+' ? 2 : 1);
  std::from_chars(first, end, exponent);

  std::string digits(1, text[0]);
  if (mark > 2) digits += text.substr(2, mark - 2);
  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;

  if (value < 0) out += '-';
  if (count <= point && point <= 21) {
    out += digits;
    out.append(static_cast<std::size_t>(point - count), '0');
  } else if (0 < point && point <= 21) {
    out.append(digits, 0, static_cast<std::size_t>(point));
    out += '.';
    out.append(digits, static_cast<std::size_t>(point));
  } else if (-6 < point && point <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-point), '0');
    out += digits;
  } else {
    out += digits[0];
    if (count > 1) out.append(1, '.').append(digits, 1);
    out += exponent < 0 ? "e-" : "e+";
    append_integer(out, std::abs(exponent));
  }
}

void append_number(std::string& out, const json& value) {
  constexpr std::int64_t kExactMax = kSafeIntegerMax + 1;
  if (value.is_number_unsigned()) {
    const auto number = value.get<json::number_unsigned_t>();
    if (number <= static_cast<json::number_unsigned_t>(kExactMax)) {
      append_integer(out, static_cast<std::int64_t>(number));
    } else {
      append_double(out, static_cast<double>(number));
    }
  } else if (value.is_number_integer()) {
    const auto number = value.get<json::number_integer_t>();
    if (number >= -kExactMax && number <= kExactMax) {
      append_integer(out, number);
    } else {
      append_double(out, static_cast<double>(number));
    }
  } else {
    append_double(out, value.get<double>());
  }
}

// The escape for `c`, or an empty view where the character stands for itself.
std::string_view short_escape(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\b':
      return "\\b";
    case '\t':
      return "\\t";
    case '\n':
      return "\\n";
    case '\f':
      return "\\f";
    case '\r':
      return "\\r";
    default:
      return {};
  }
}

void append_string(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  std::size_t copied = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::uint8_t byte = static_cast<std::uint8_t>(text[at]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out.append(text, copied, at - copied);
    copied = at + 1;
    if (const std::string_view escape = short_escape(text[at]); !escape.empty()) {
      out += escape;
    } else {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 0x0F];
    }
  }
  out.append(text, copied);
  out += '"';
}

// Canonicalising and checking follow the value's own nesting, at most kCanonicalDepthMax deep.
// NOLINTBEGIN(misc-no-recursion)
void append_value(std::string& out, const json& value);

void append_object(std::string& out, const json::object_t& members,
                   const std::string_view* left_out) {
  char separator = '{';
  const auto append_member = [&](const json::object_t::value_type& member) {
    if (left_out != nullptr && member.first == *left_out) return;
    out += separator;
    separator = ',';
    append_string(out, member.first);
    out += ':';
    append_value(out, member.second);
  };
  const bool resort = std::any_of(members.begin(), members.end(), [](const auto& member) {
    return byte_order_may_differ(member.first);
  });
  if (resort) {
    std::vector<const json::object_t::value_type*> sorted;
    sorted.reserve(members.size());
    for (const auto& member : members) sorted.push_back(&member);
    std::sort(sorted.begin(), sorted.end(),
              [](const auto* a, const auto* b) { return utf16_less(a->first, b->first); });
    for (const auto* member : sorted) append_member(*member);
  } else {
    for (const auto& member : members) append_member(member);
  }
  out += separator == '{' ? "{}" : "}";
}

void append_value(std::string& out, const json& value) {
  switch (value.type()) {
    case json::value_t::object:
      append_object(out, value.get_ref<const json::object_t&>(), nullptr);
      return;
    case json::value_t::array: {
      out += '[';
      bool first = true;
      for (const json& item : value) {
        if (!first) out += ',';
        first = false;
        append_value(out, item);
      }
      out += ']';
      return;
    }
    case json::value_t::string:
      append_string(out, value.get_ref<const std::string&>());
      return;
    case json::value_t::boolean:
      out += value.get<bool>() ? "true" : "false";
      return;
    case json::value_t::null:
      out += "null";
      return;
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
    case json::value_t::number_float:
      append_number(out, value);
      return;
    case json::value_t::binary:
    case json::value_t::discarded:
      assert(false && "the value has no canonical text");
      return;
  }
}

Status check_string(std::string_view text) {
  if (utf8_error_offset(text) == text.size()) return {};
  return Error{kJsonUtf8Invalid, "a string is not UTF-8", ""};
}

Status check_value(const json& value, std::size_t depth) {
  if (value.is_string()) return check_string(value.get_ref<const std::string&>());
  if (value.is_number_float() && !std::isfinite(value.get<double>())) {
    return Error{kJsonNotRepresentable, "NaN and infinity have no JSON form", ""};
  }
  if (value.is_binary() || value.is_discarded()) {
    return Error{kJsonNotRepresentable, "binary values have no JSON form", ""};
  }
  if (!value.is_structured()) return {};
  if (depth >= kCanonicalDepthMax) {
    return Error{kJsonTooDeep, "nested deeper than " + std::to_string(kCanonicalDepthMax), ""};
  }
  if (value.is_object()) {
    for (const auto& [name, member] : value.get_ref<const json::object_t&>()) {
      MRV_CHECK(check_string(name));
      MRV_CHECK(check_value(member, depth + 1));
    }
    return {};
  }
  for (const json& item : value) MRV_CHECK(check_value(item, depth + 1));
  return {};
}
// NOLINTEND(misc-no-recursion)

}  // namespace

std::string canonicalize(const nlohmann::json& value) {
  std::string out;
  append_value(out, value);
  return out;
}

std::string canonicalize_without(const nlohmann::json& object, std::string_view name) {
  assert(object.is_object());
  std::string out;
  append_object(out, object.get_ref<const json::object_t&>(), &name);
  return out;
}

Status check_canonicalizable(const nlohmann::json& value) { return check_value(value, 0); }

Result<std::string> try_canonicalize(const nlohmann::json& value) {
  MRV_CHECK(check_canonicalizable(value));
  return canonicalize(value);
}

bool is_canonical(std::string_view text, const JsonLimits& limits) {
  const auto value = parse_strict(text, limits);
  return value.ok() && canonicalize(*value) == text;
}

}  // namespace mrv::crypto
