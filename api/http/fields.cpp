// Header fields and body framing: one reading or a refusal.
#include "api/http/fields.h"

#include <algorithm>

namespace mrv::api {
namespace {

Error bad_field(const char* why) { return {"HTTP_FIELD_INVALID", why, {}}; }
Error bad_framing(const char* why) { return {"HTTP_FRAMING_INVALID", why, {}}; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_token_char(char c) {
  constexpr std::string_view kSigns = "!#$%&'*+-.^_`|~";
  return is_digit(c) || is_letter(c) || kSigns.find(c) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kWhite = " \t";
  const auto begin = text.find_first_not_of(kWhite);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kWhite) - begin + 1);
}

Result<std::pair<std::string, std::string>> parse_field(std::string_view line) {
  if (line.starts_with(' ') || line.starts_with('\t')) {
    return bad_field("a field line does not continue on the next one");
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return bad_field("a field line has a colon");
  const std::string_view name = line.substr(0, colon);
  if (name.ends_with(' ') || name.ends_with('\t')) {
    return bad_field("no white space stands between a field name and its colon");
  }
  if (!is_token(name)) return bad_field("a field name is a token");
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (!is_field_value(value)) return bad_field("a field value has no control bytes");
  return std::pair{to_lower(name), std::string(value)};
}

Result<std::uint64_t> parse_content_length(std::string_view text) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) {
    return bad_framing("Content-Length is one number in decimal digits");
  }
  if (text.size() > kContentLengthDigitsMax) return bad_framing("Content-Length is too long");
  if (text.size() > 1 && text.front() == '0') {
    return bad_framing("Content-Length has no leading zeros");
  }
  std::uint64_t value = 0;
  for (const char c : text) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  return value;
}

}  // namespace

std::string_view first_header(const HttpHeaders& headers, std::string_view lower_name) {
  for (const auto& [name, value] : headers) {
    if (name == lower_name) return value;
  }
  return {};
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

bool is_field_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7F);
  });
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool has_list_token(const HttpHeaders& headers, std::string_view lower_name,
                    std::string_view token) {
  for (const auto& [name, value] : headers) {
    if (name != lower_name) continue;
    for (std::string_view rest = value; !rest.empty();) {
      const auto comma = rest.find(',');
      if (equal_ignoring_case(trimmed(rest.substr(0, comma)), token)) return true;
      rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
  }
  return false;
}

Result<HttpHeaders> parse_fields(std::string_view lines) {
  HttpHeaders headers;
  while (!lines.empty()) {
    const auto end = lines.find("\r\n");
    if (end == std::string_view::npos) return bad_field("a field line ends in CR LF");
    if (headers.size() == kHeaderFieldsMax) {
      return Error{"HTTP_FIELDS_TOO_MANY", "a head has at most 100 field lines", {}};
    }
    MRV_TRY(auto field, parse_field(lines.substr(0, end)));
    headers.push_back(std::move(field));
    lines.remove_prefix(end + 2);
  }
  return headers;
}

Result<BodyFraming> judge_framing(const HttpHeaders& headers, bool http_1_1) {
  const auto count = [&](std::string_view wanted) {
    return std::count_if(headers.begin(), headers.end(),
                         [&](const auto& field) { return field.first == wanted; });
  };
  const auto lengths = count("content-length");
  const auto encodings = count("transfer-encoding");
  if (lengths > 0 && encodings > 0) {
    return bad_framing("the message has both Content-Length and Transfer-Encoding");
  }
  if (lengths > 1) return bad_framing("the message has Content-Length more than once");
  if (encodings > 1) return bad_framing("the message has Transfer-Encoding more than once");
  if (lengths == 1) {
    MRV_TRY(const std::uint64_t length,
            parse_content_length(first_header(headers, "content-length")));
    return BodyFraming{Framing::length, length};
  }
  if (encodings == 0) return BodyFraming{};
  if (!http_1_1) return bad_framing("HTTP/1.0 has no Transfer-Encoding");
  if (!equal_ignoring_case(first_header(headers, "transfer-encoding"), "chunked")) {
    return bad_framing("the only Transfer-Encoding understood here is chunked");
  }
  return BodyFraming{Framing::chunked, 0};
}

}  // namespace mrv::api
