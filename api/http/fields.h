// Header fields and body framing of HTTP/1.1 (RFC 9112 sections 5 and 6), stricter than the RFC
// where two readers of one message could differ: a message means one thing or is refused.
//   field-line = field-name ":" OWS field-value OWS CRLF
// Pure, any thread. Used for requests by the server and for responses by the client.
#pragma once

#include <cstdint>
#include <string_view>

#include "api/http/message.h"
#include "crypto/result.h"

namespace mrv::api {

inline constexpr std::size_t kHeaderFieldsMax = 100;
inline constexpr std::size_t kContentLengthDigitsMax = 18;  // below 2^63

// RFC 9110 section 5.6.2.
bool is_token(std::string_view text);
// HTAB, SP, visible ASCII and bytes above 0x7F (RFC 9110 section 5.5): no CR, LF, NUL, DEL.
bool is_field_value(std::string_view text);
std::string to_lower(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
// Whether one of the comma-separated elements of a field called `lower_name` is `token`.
bool has_list_token(const HttpHeaders& headers, std::string_view lower_name,
                    std::string_view token);

// `lines`: whole field lines, each with its CRLF, without the empty line that ends the head.
// Names become lower-case. Errors: HTTP_FIELD_INVALID, HTTP_FIELDS_TOO_MANY.
Result<HttpHeaders> parse_fields(std::string_view lines);

enum class Framing { none, length, chunked };

struct BodyFraming {
  Framing kind = Framing::none;
  std::uint64_t length = 0;  // bytes, for Framing::length
};

// Errors: HTTP_FRAMING_INVALID for everything that parsers are known to read in different ways:
// Content-Length twice, as a list, signed, with leading zeros or beyond 18 digits; both
// Content-Length and Transfer-Encoding; any Transfer-Encoding but one line that says `chunked`;
// Transfer-Encoding in HTTP/1.0.
Result<BodyFraming> judge_framing(const HttpHeaders& headers, bool http_1_1);

}  // namespace mrv::api
