// A small blocking HTTP/1.1 client for the command line and for tests: one server, one connection,
// one request at a time. Not for concurrent use; move-only. No TLS: an https URL is refused.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "api/http/message.h"
#include "crypto/bytes.h"
#include "crypto/result.h"

namespace mrv::api {

inline constexpr std::chrono::milliseconds kClientTimeout{60'000};
inline constexpr std::size_t kClientBodyBytesMax = 128UL * 1024 * 1024;
inline constexpr std::size_t kClientHeadBytesMax = 64UL * 1024;
inline constexpr std::uint16_t kHttpPort = 80;

struct HttpUrl {
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = kHttpPort;
};

// "http://host", "http://host:port", "http://[address]:port", each with at most one slash behind
// it. Errors: URL_INVALID.
Result<HttpUrl> parse_url(std::string_view url);

class HttpClient {
 public:
  // `timeout` holds for connecting and for each whole request.
  // Errors: URL_INVALID, CONNECT_FAILED.
  static Result<HttpClient> connect(std::string_view url,
                                    std::chrono::milliseconds timeout = kClientTimeout);
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  ~HttpClient();

  // Sends Host and, with a body or for a method that has one, Content-Length; everything else comes
  // from `headers`. The connection is kept when the server keeps it. When it was closed since the
  // last answer, the request is sent once more on a new one: every request of this ledger may
  // arrive twice. An answer that comes before the body is sent is taken as it is.
  // Errors: CONNECT_FAILED; HTTP_FAILED (time out, damaged answer, connection lost, answer body
  // above `body_bytes_max`, headers that cannot be sent).
  Result<HttpResponse> request(std::string_view method, std::string_view target,
                               const HttpHeaders& headers = {}, ByteView body = {},
                               std::size_t body_bytes_max = kClientBodyBytesMax);

 private:
  struct Session;
  explicit HttpClient(std::unique_ptr<Session> session);
  std::unique_ptr<Session> session_;
};

}  // namespace mrv::api
