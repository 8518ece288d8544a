// Request line, Host and the order of checks of a request's head.
#include "api/http/request_head.h"

#include <algorithm>

namespace mrv::api {
namespace {

Error bad_line(const char* why) { return {"HTTP_REQUEST_LINE_INVALID", why, {}}; }
Error bad_target(const char* why) { return {"HTTP_TARGET_INVALID", why, {}}; }
Error bad_bytes(const char* why) { return {"HTTP_FIELD_INVALID", why, {}}; }
Error bad_host(const char* why) { return {"HTTP_HOST_INVALID", why, {}}; }
Error target_too_long() {
  return {"HTTP_TARGET_TOO_LONG", "a request target has at most 8 KiB", {}};
}

struct RequestLine {
  std::string_view method;
  std::string_view target;
  bool http_1_1 = true;
};

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// RFC 3986: pchar / "/" / "?", a percent sign with its two digits.
Status check_target(std::string_view target) {
  constexpr std::string_view kSigns = "-._~!$&'()*+,;=:@/?";
  if (!target.starts_with('/')) return bad_target("a request target starts with a slash");
  if (target.size() > kTargetBytesMax) return target_too_long();
  for (std::size_t i = 0; i < target.size(); ++i) {
    const char c = target[i];
    if (is_alphanumeric(c) || kSigns.find(c) != std::string_view::npos) continue;
    if (c != '%') return bad_target("a request target has a byte that no URI has");
    if (i + 2 >= target.size() || !is_hex_digit(target[i + 1]) || !is_hex_digit(target[i + 2])) {
      return bad_target("a percent sign in a target is followed by two hexadecimal digits");
    }
  }
  return {};
}

Result<RequestLine> parse_request_line(std::string_view line) {
  const auto first = line.find(' ');
  if (first == std::string_view::npos) return bad_line("a request line has three parts");
  RequestLine parts;
  parts.method = line.substr(0, first);
  if (!is_token(parts.method) || parts.method.size() > kMethodBytesMax) {
    return bad_line("the method is not a short token");
  }
  const auto second = line.find(' ', first + 1);
  if (second == std::string_view::npos) return bad_line("a request line has three parts");
  parts.target = line.substr(first + 1, second - first - 1);
  MRV_CHECK(check_target(parts.target));
  const std::string_view version = line.substr(second + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return Error{"HTTP_VERSION_UNKNOWN", "this server speaks HTTP/1.1 and HTTP/1.0", {}};
  }
  parts.http_1_1 = version == "HTTP/1.1";
  return parts;
}

Status check_host(const HttpHeaders& headers, bool http_1_1) {
  constexpr std::string_view kSigns = "-._~:[]%";
  const auto lines = std::count_if(headers.begin(), headers.end(),
                                   [](const auto& field) { return field.first == "host"; });
  if (lines > 1) return bad_host("the request has Host more than once");
  if (lines == 0) return http_1_1 ? Status(bad_host("an HTTP/1.1 request has a Host")) : Status();
  const std::string_view host = first_header(headers, "host");
  const bool well_formed = std::all_of(host.begin(), host.end(), [&](char c) {
    return is_alphanumeric(c) || kSigns.find(c) != std::string_view::npos;
  });
  if (host.empty() || !well_formed) return bad_host("Host is a name or address with a port");
  return {};
}

Result<bool> expects_continue(const HttpHeaders& headers, bool http_1_1) {
  bool expects = false;
  for (const auto& [name, value] : headers) {
    if (name != "expect") continue;
    if (!equal_ignoring_case(value, "100-continue")) {
      return Error{"HTTP_EXPECTATION_UNKNOWN", "the only expectation known is 100-continue", {}};
    }
    expects = http_1_1;  // RFC 9110 section 10.1.1: ignored from an HTTP/1.0 client
  }
  return expects;
}

}  // namespace

// One byte: line ends, control bytes, the first line as soon as it is whole.
Status HeadScanner::take(std::string_view bytes) {
  const auto byte = static_cast<unsigned char>(bytes[scanned_]);
  const bool after_return = scanned_ > line_begin_ && bytes[scanned_ - 1] == '\r';
  if (after_return && byte != '\n') return bad_bytes("a CR stands without its LF");
  if (byte == '\n') {
    if (!after_return) return bad_bytes("a line ends in CR LF");
    const std::string_view line = bytes.substr(line_begin_, scanned_ - 1 - line_begin_);
    if (first_line_) {
      MRV_TRY([[maybe_unused]] const RequestLine parts, parse_request_line(line));
    }
    complete_ = !first_line_ && line.empty();
    first_line_ = false;
    line_begin_ = scanned_ + 1;
  } else if (byte != '\r' && byte != '\t' && (byte < 0x20 || byte == 0x7F)) {
    return bad_bytes("a head has no control bytes");
  }
  ++scanned_;
  return {};
}

Result<std::size_t> HeadScanner::scan(std::string_view bytes) {
  while (!complete_ && scanned_ < bytes.size() && scanned_ < bytes_max_) {
    MRV_CHECK(take(bytes));
  }
  if (complete_) return scanned_;
  if (scanned_ < bytes_max_) return std::size_t{0};
  if (first_line_) return target_too_long();
  return Error{"HTTP_HEADER_TOO_LARGE", "the header is larger than this server reads", {}};
}

Result<RequestHead> parse_request_head(std::string_view head) {
  const auto line_end = head.find("\r\n");
  if (line_end == std::string_view::npos || !head.ends_with("\r\n\r\n")) {
    return bad_line("a head ends in an empty line");
  }
  MRV_TRY(const RequestLine line, parse_request_line(head.substr(0, line_end)));
  const auto fields_begin = line_end + 2;
  MRV_TRY(HttpHeaders headers,
          parse_fields(head.substr(fields_begin, head.size() - 2 - fields_begin)));
  MRV_CHECK(check_host(headers, line.http_1_1));
  RequestHead out;
  MRV_TRY(out.framing, judge_framing(headers, line.http_1_1));
  MRV_TRY(out.expects_continue, expects_continue(headers, line.http_1_1));
  out.http_1_1 = line.http_1_1;
  out.close = !line.http_1_1 || has_list_token(headers, "connection", "close");
  const auto mark = line.target.find('?');
  out.request.method = line.method;
  out.request.path = line.target.substr(0, mark);
  if (mark != std::string_view::npos) out.request.query = line.target.substr(mark + 1);
  out.request.headers = std::move(headers);
  return out;
}

}  // namespace mrv::api
