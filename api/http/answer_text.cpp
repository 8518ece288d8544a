// Response heads and problem documents.
#include "api/http/answer_text.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "api/http/fields.h"

namespace mrv::api {
namespace {

// The language that the peer asked for may be in the very bytes that could not be read, so these
// answers speak both.
struct NamedStatus {
  std::string_view name;
  int status;
  std::string_view zh;
};

constexpr std::string_view kBadMessageZh = "请求格式有误或可作两种解读,已拒绝。";

// Every error name of api/http that ends in an answer, except those that mean 400.
constexpr std::array kStatuses = {
    NamedStatus{"HTTP_REQUEST_TIMEOUT", 408, "请求传输过慢。"},
    NamedStatus{"HTTP_BODY_TOO_LARGE", 413, "请求体超过此处允许的大小。"},
    NamedStatus{"HTTP_TARGET_TOO_LONG", 414, "请求地址过长。"},
    NamedStatus{"HTTP_EXPECTATION_UNKNOWN", 417, "不支持 Expect 字段的该取值。"},
    NamedStatus{"HTTP_HEADER_TOO_LARGE", 431, "请求头过大。"},
    NamedStatus{"HTTP_FIELDS_TOO_MANY", 431, "请求头字段过多。"},
    NamedStatus{"HTTP_HANDLER_FAILED", 500, "服务器无法处理该请求。"},
    NamedStatus{"HTTP_BODY_NOT_STORED", 500, "服务器无法保存请求体。"},
    NamedStatus{"HTTP_CONNECTIONS_TOO_MANY", 503, "服务器连接数过多,请稍后再试。"},
};

const NamedStatus* find_named(std::string_view error_name) {
  const auto* const found =
      std::find_if(kStatuses.begin(), kStatuses.end(),
                   [&](const NamedStatus& named) { return named.name == error_name; });
  return found == kStatuses.end() ? nullptr : found;
}

struct Phrase {
  int status;
  std::string_view text;
};

constexpr std::array kPhrases = {
    Phrase{200, "OK"},
    Phrase{201, "Created"},
    Phrase{202, "Accepted"},
    Phrase{204, "No Content"},
    Phrase{206, "Partial Content"},
    Phrase{301, "Moved Permanently"},
    Phrase{302, "Found"},
    Phrase{303, "See Other"},
    Phrase{304, "Not Modified"},
    Phrase{307, "Temporary Redirect"},
    Phrase{308, "Permanent Redirect"},
    Phrase{400, "Bad Request"},
    Phrase{401, "Unauthorized"},
    Phrase{403, "Forbidden"},
    Phrase{404, "Not Found"},
    Phrase{405, "Method Not Allowed"},
    Phrase{406, "Not Acceptable"},
    Phrase{408, "Request Timeout"},
    Phrase{409, "Conflict"},
    Phrase{410, "Gone"},
    Phrase{411, "Length Required"},
    Phrase{412, "Precondition Failed"},
    Phrase{413, "Content Too Large"},
    Phrase{414, "URI Too Long"},
    Phrase{415, "Unsupported Media Type"},
    Phrase{416, "Range Not Satisfiable"},
    Phrase{417, "Expectation Failed"},
    Phrase{422, "Unprocessable Content"},
    Phrase{428, "Precondition Required"},
    Phrase{429, "Too Many Requests"},
    Phrase{431, "Request Header Fields Too Large"},
    Phrase{500, "Internal Server Error"},
    Phrase{501, "Not Implemented"},
    Phrase{503, "Service Unavailable"},
    Phrase{504, "Gateway Timeout"},
    Phrase{507, "Insufficient Storage"},
};

// Fields that say where a message ends, or that the server knows better.
bool is_owned_by_server(std::string_view name) {
  constexpr std::array<std::string_view, 6> kOwned = {
      "content-length", "transfer-encoding", "connection", "keep-alive", "date", "trailer"};
  return std::any_of(kOwned.begin(), kOwned.end(),
                     [&](std::string_view owned) { return equal_ignoring_case(name, owned); });
}

std::string two_digits(int number) {
  const std::string text = std::to_string(number);
  return text.size() < 2 ? "0" + text : text;
}

// Details are constants of this folder, without anything that JSON would escape but quotes.
std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

}  // namespace

int status_of(std::string_view error_name) {
  const auto* const found = find_named(error_name);
  return found == nullptr ? 400 : found->status;
}

std::string_view reason_phrase(int status) {
  const auto* const found =
      std::find_if(kPhrases.begin(), kPhrases.end(),
                   [&](const Phrase& phrase) { return phrase.status == status; });
  return found == kPhrases.end() ? "Unknown" : found->text;
}

HttpResponse problem_response(const Error& error) {
  const auto* const named = find_named(error.name);
  const std::string detail =
      error.detail + " / " + std::string(named == nullptr ? kBadMessageZh : named->zh);
  HttpResponse response;
  response.status = status_of(error.name);
  response.headers.emplace_back("content-type", kProblemType);
  response.headers.emplace_back("cache-control", "no-store");
  response.body =
      "{\"type\":" + json_text(std::string(kProblemUriPrefix) + std::string(error.name)) +
      ",\"title\":" + json_text(reason_phrase(response.status)) +
      ",\"status\":" + std::to_string(response.status) + ",\"outcome\":" + json_text(error.name) +
      ",\"detail\":" + json_text(detail) + "}\n";
  return response;
}

std::string http_date(std::int64_t unix_seconds) {
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto seconds = static_cast<std::time_t>(unix_seconds);
  std::tm parts{};
  if (gmtime_r(&seconds, &parts) == nullptr) return "Thu, 01 Jan 1970 00:00:00 GMT";
  return std::string(kDays.at(static_cast<std::size_t>(parts.tm_wday))) + ", " +
         two_digits(parts.tm_mday) + " " + kMonths.at(static_cast<std::size_t>(parts.tm_mon)) +
         " " + std::to_string(parts.tm_year + 1900) + " " + two_digits(parts.tm_hour) + ":" +
         two_digits(parts.tm_min) + ":" + two_digits(parts.tm_sec) + " GMT";
}

bool has_body(int status) { return status != 204 && status != 304; }

bool is_sendable(const HttpResponse& response) {
  if (response.status < 200 || response.status > 599) return false;
  return std::all_of(response.headers.begin(), response.headers.end(), [](const auto& field) {
    return is_token(field.first) && is_field_value(field.second);
  });
}

std::string response_head(const HttpResponse& response, const ResponseFraming& framing) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head += reason_phrase(response.status);
  head += "\r\nDate: " + http_date(framing.unix_seconds) + "\r\n";
  for (const auto& [name, value] : response.headers) {
    if (!is_owned_by_server(name)) head.append(name).append(": ").append(value).append("\r\n");
  }
  if (has_body(response.status)) {
    const std::uint64_t streamed = response.source ? response.source->size() : 0;
    head += "Content-Length: " + std::to_string(response.body.size() + streamed) + "\r\n";
  }
  if (framing.close) head += "Connection: close\r\n";
  head += "\r\n";
  return head;
}

}  // namespace mrv::api
