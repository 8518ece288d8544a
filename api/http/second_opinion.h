// A second parser (Boost.Beast) for every request head: what the strict one accepted must mean the
// same to it. Each of the two alone has had or may have faults in framing; a head that they read
// differently is refused.
#pragma once

#include <string_view>

#include "api/http/request_head.h"
#include "crypto/result.h"

namespace mrv::api {

// `head`: the bytes; `read`: what parse_request_head made of them. Compared: size of the head,
// method, target, version, number of fields, framing. Any thread. Errors: HTTP_PARSERS_DISAGREE.
Status agrees_with_beast(std::string_view head, const RequestHead& read);

}  // namespace mrv::api
