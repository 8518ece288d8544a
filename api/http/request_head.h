// The head of a request, read strictly (RFC 9112 sections 2 to 5; reliability rules on request
// smuggling): request line, fields, framing, Host.
//   request-line = method SP origin-form SP ("HTTP/1.1" / "HTTP/1.0") CRLF
// Only origin-form targets are known: no absolute-form, no CONNECT, no asterisk. Lines end in CR LF
// only. Pure, any thread.
#pragma once

#include <string_view>

#include "api/http/fields.h"
#include "api/http/message.h"
#include "crypto/result.h"

namespace mrv::api {

inline constexpr std::size_t kMethodBytesMax = 32;
inline constexpr std::size_t kTargetBytesMax = 8UL * 1024;

struct RequestHead {
  HttpRequest request;  // body and remote are still empty
  BodyFraming framing;
  bool http_1_1 = true;
  bool close = false;             // the peer asked for it, or it is HTTP/1.0
  bool expects_continue = false;  // Expect: 100-continue
};

// Finds the end of a head in bytes that arrive piece by piece, and refuses a damaged one at the
// first byte that shows it: a peer that never sends the end is not waited for.
class HeadScanner {
 public:
  // `bytes_max` counts the whole head with its last empty line.
  explicit HeadScanner(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // `bytes`: everything since the first byte of the head, each time with more at its end. The size
  // of the head, or 0 while it is not complete. Errors: HTTP_REQUEST_LINE_INVALID,
  // HTTP_TARGET_INVALID, HTTP_TARGET_TOO_LONG, HTTP_VERSION_UNKNOWN, HTTP_FIELD_INVALID,
  // HTTP_HEADER_TOO_LARGE.
  Result<std::size_t> scan(std::string_view bytes);

 private:
  Status take(std::string_view bytes);

  std::size_t bytes_max_;
  std::size_t scanned_ = 0;
  std::size_t line_begin_ = 0;
  bool first_line_ = true;
  bool complete_ = false;
};

// `head`: the bytes HeadScanner found. Errors: those of HeadScanner, parse_fields and
// judge_framing, HTTP_HOST_INVALID, HTTP_EXPECTATION_UNKNOWN.
Result<RequestHead> parse_request_head(std::string_view head);

}  // namespace mrv::api
