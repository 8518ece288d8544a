// Percent-encoding and query strings (RFC 3986 section 2.1), strict: what is damaged or said twice
// is refused, never repaired. Pure, any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/result.h"

namespace mrv::api {

inline constexpr std::size_t kQueryParametersMax = 32;
inline constexpr std::size_t kPathSegmentsMax = 32;

// %XX becomes its byte; every other byte stays, a plus sign too. The result is UTF-8 without
// control characters. Errors: PERCENT_INVALID.
Result<std::string> percent_decode(std::string_view text);

// Everything but unreserved characters (RFC 3986 section 2.3) as %XX with upper-case digits.
std::string percent_encode(std::string_view text);

// "/a/b%20c" -> {"a", "b c"}; "/" -> {}. No empty segment, no "." or "..", no slash inside one,
// encoded or not. Errors: PATH_INVALID, PERCENT_INVALID.
Result<std::vector<std::string>> path_segments(std::string_view path);

using QueryParameters = std::vector<std::pair<std::string, std::string>>;

// "a=1&b=2", decoded, in its order; "" -> {}. Each part has a name and an equals sign; a plus sign
// means a space, as browsers write it. Errors: QUERY_INVALID (a part without name or '='),
// QUERY_REPEATED, QUERY_TOO_LONG (more than kQueryParametersMax), PERCENT_INVALID.
Result<QueryParameters> parse_query(std::string_view query);

// Null where there is no such parameter.
const std::string* find_parameter(const QueryParameters& parameters, std::string_view name);

}  // namespace mrv::api
