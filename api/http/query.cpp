// Percent-encoding, paths and queries.
#include "api/http/query.h"

#include <algorithm>

#include "crypto/utf8.h"

namespace mrv::api {
namespace {

Error bad_percent(const char* why) { return {"PERCENT_INVALID", why, {}}; }
Error bad_path(const char* why) { return {"PATH_INVALID", why, {}}; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

Result<std::string> decode_query_part(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decode(spaced);
}

}  // namespace

Result<std::string> percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0) return bad_percent("two hexadecimal digits follow a percent sign");
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  if (std::any_of(out.begin(), out.end(), is_control)) return bad_percent("a control character");
  if (crypto::utf8_error_offset(out) != out.size()) return bad_percent("the text is not UTF-8");
  return out;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4];
    out += kDigits[byte & 0x0F];
  }
  return out;
}

Result<std::vector<std::string>> path_segments(std::string_view path) {
  if (!path.starts_with('/')) return bad_path("a path starts with a slash");
  std::vector<std::string> segments;
  if (path == "/") return segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto end = path.find('/');
    if (segments.size() == kPathSegmentsMax) return bad_path("the path has too many segments");
    MRV_TRY(std::string segment, percent_decode(path.substr(0, end)));
    if (segment.empty() || segment == "." || segment == "..") {
      return bad_path("a segment is empty or a dot segment");
    }
    if (segment.find('/') != std::string::npos) return bad_path("a segment holds a slash");
    segments.push_back(std::move(segment));
    path = end == std::string_view::npos ? std::string_view() : path.substr(end);
  }
  return segments;
}

const std::string* find_parameter(const QueryParameters& parameters, std::string_view name) {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const auto& each) { return each.first == name; });
  return found == parameters.end() ? nullptr : &found->second;
}

Result<QueryParameters> parse_query(std::string_view query) {
  QueryParameters parameters;
  bool more = !query.empty();
  while (more) {
    const auto end = query.find('&');
    const std::string_view part = query.substr(0, end);
    const auto equals = part.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      return Error{"QUERY_INVALID", "a query is name=value&name=value", {}};
    }
    MRV_TRY(std::string name, decode_query_part(part.substr(0, equals)));
    MRV_TRY(std::string value, decode_query_part(part.substr(equals + 1)));
    if (find_parameter(parameters, name) != nullptr) {
      return Error{"QUERY_REPEATED", "the parameter " + name + " is given twice", {}};
    }
    if (parameters.size() == kQueryParametersMax) {
      return Error{"QUERY_TOO_LONG", "a query has at most 32 parameters", {}};
    }
    parameters.emplace_back(std::move(name), std::move(value));
    more = end != std::string_view::npos;
    if (more) query.remove_prefix(end + 1);
  }
  return parameters;
}

}  // namespace mrv::api
