// HTTP messages as plain structs: what handlers and the client see. No sockets, no Boost.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mrv::api {

// In the order of the message. A field that came on two lines stands here twice.
using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// The value of the first field called `lower_name` (compared byte for byte), or an empty view.
std::string_view first_header(const HttpHeaders& headers, std::string_view lower_name);

struct HttpRequest {
  std::string method;   // a token as sent: methods are case-sensitive (RFC 9110 section 9.1)
  std::string path;     // before '?', percent-decoding NOT applied; starts with '/'
  std::string query;    // after '?', undecoded; empty also where there is no '?'
  HttpHeaders headers;  // names lower-case, values without surrounding white space
  std::string body;
  std::string remote;  // address:port of the peer, IPv6 addresses in brackets

  [[nodiscard]] std::string_view header(std::string_view lower_name) const {
    return first_header(headers, lower_name);
  }
};

// A body too large to hold: read piece by piece while it is sent. One caller at a time.
class BodySource {
 public:
  BodySource() = default;
  BodySource(const BodySource&) = delete;
  BodySource& operator=(const BodySource&) = delete;
  virtual ~BodySource() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  // Fills all of `into` from `offset` on; false ends the connection.
  virtual bool read(std::uint64_t offset, std::span<char> into) = 0;
};

// The server writes Content-Length, Connection, Transfer-Encoding and Date itself; a handler's
// fields of these names are left out.
struct HttpResponse {
  int status = 200;
  HttpHeaders headers;
  std::string body;
  std::shared_ptr<BodySource> source;  // sent after `body`, where there is one
  bool close = false;                  // the connection ends after this answer

  [[nodiscard]] std::string_view header(std::string_view lower_name) const {
    return first_header(headers, lower_name);
  }
};

}  // namespace mrv::api
