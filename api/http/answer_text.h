// Answers as bytes: the head of a response, and the problem documents (RFC 9457) the server writes
// itself when a message is refused before any handler sees it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "api/http/message.h"
#include "crypto/result.h"

namespace mrv::api {

inline constexpr std::string_view kProblemType = "application/problem+json";
inline constexpr std::string_view kProblemUriPrefix = "urn:mrv-ledger:http:";

// The HTTP status of an error that the HTTP layer itself names; 400 for names it does not know.
int status_of(std::string_view error_name);
// RFC 9110 section 15; "Unknown" for a number it does not list.
std::string_view reason_phrase(int status);

// {"type":<prefix and error.name>,"title":<reason phrase>,"status":…,"outcome":<error.name>,
//  "detail":<error.detail>}, not to be cached.
HttpResponse problem_response(const Error& error);

// RFC 9110 section 5.6.7 (IMF-fixdate), independent of the locale.
std::string http_date(std::int64_t unix_seconds);

// False where a status is no final one or a field could split the response: such an answer is a
// bug of its handler and is not sent.
bool is_sendable(const HttpResponse& response);

struct ResponseFraming {
  bool close = false;  // announce the end of the connection
  std::int64_t unix_seconds = 0;
};

// Status line, fields and the empty line. Content-Length is that of response.body, also where the
// body will not be sent (HEAD). Precondition: is_sendable(response).
std::string response_head(const HttpResponse& response, const ResponseFraming& framing);

// 204 and 304 have no body, whatever the handler gave.
bool has_body(int status);

}  // namespace mrv::api
