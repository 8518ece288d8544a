// The HTTP/1.1 server: listener, connections, limits, deadlines. It knows no resources; a handler
// does. Boost stays in this folder's .cpp files.
//
// One request of a connection is served at a time; pipelined ones wait in the socket. A request
// that could be read in two ways is refused with 400 and the connection ends (request_head.h,
// fields.h, chunked.h, second_opinion.h). HTTP/1.0 gets one answer per connection. Answers that the
// server gives itself are application/problem+json with `outcome` = the name of the error:
//   400 damaged or ambiguous message    408 too slow, once a request had started
//   413 / 414 / 431 body, target, header over its limit    417 unknown expectation
//   500 handler threw, dropped its Respond or answered unsendably, or a sink failed without a word
//   503 more than connections_max connections
// All of them but the 500 of a handler end the connection.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "api/http/message.h"
#include "crypto/bytes.h"
#include "crypto/result.h"

namespace mrv::api {

inline constexpr std::size_t kConnectionsMax = 1'024;
// Connections over the limit that are told 503; beyond this many they are closed without a word.
inline constexpr std::size_t kOverloadedMax = 64;
inline constexpr std::size_t kHeaderBytesMax = 16UL * 1024;
inline constexpr std::chrono::milliseconds kHeaderDeadline{10'000};
inline constexpr std::chrono::milliseconds kBodyDeadline{30'000};
inline constexpr std::chrono::milliseconds kIdleDeadline{60'000};
inline constexpr std::chrono::milliseconds kWriteDeadline{30'000};
inline constexpr std::chrono::milliseconds kDrainDeadline{30'000};
// How long a peer may take to close after its last answer. Closing at once would send a reset,
// which could destroy the answer before the peer has read it.
inline constexpr std::chrono::milliseconds kLingerDeadline{2'000};

// A deadline for bodies holds for each slice of this size, so that a large upload or download needs
// a rate (about 70 KB/s with the default deadlines), not a fast line.
inline constexpr std::size_t kBodySliceBytes = 2UL * 1024 * 1024;
inline constexpr std::size_t kWriteSliceBytes = 2UL * 1024 * 1024;

// Where an upload goes piece by piece. Called on a server thread, one call at a time. A sink that
// is dropped without handle() having been called belongs to an upload that never became whole.
class BodySink {
 public:
  BodySink() = default;
  BodySink(const BodySink&) = delete;
  BodySink& operator=(const BodySink&) = delete;
  virtual ~BodySink();
  // An error ends the request and the connection: with refusal(), or with 500 where there is none.
  virtual Status write(ByteView bytes) = 0;
  // Asked for once, after a write() that ended in an error.
  virtual std::optional<HttpResponse> refusal();
};

struct BodyPlan {
  std::size_t bytes_max = 0;           // a larger body is refused with 413
  std::shared_ptr<BodySink> sink;      // null: the body goes into HttpRequest::body
  std::optional<HttpResponse> refuse;  // answer at once; with a body outstanding, then close
};

// Answers one request: exactly once, from any thread, also after the peer or the server has gone.
// Further calls do nothing. Dropping the last copy without a call answers 500.
using Respond = std::function<void(HttpResponse)>;

class HttpHandler {
 public:
  HttpHandler() = default;
  HttpHandler(const HttpHandler&) = delete;
  HttpHandler& operator=(const HttpHandler&) = delete;
  virtual ~HttpHandler();
  // After the header, before the body and before any 100 (Continue).
  virtual BodyPlan plan(const HttpRequest& head) = 0;
  // Runs on a server thread and must not block for long; `respond` may be kept and called later.
  // `sink` is the one of the plan; it has the whole body, and request.body is then empty.
  virtual void handle(HttpRequest request, std::shared_ptr<BodySink> sink, Respond respond) = 0;
};

struct ServerOptions {
  std::string host = "127.0.0.1";  // an address, or a name that resolves to one
  std::uint16_t port = 0;          // 0: any free one, see HttpServer::port
  unsigned threads = 1;
  std::size_t connections_max = kConnectionsMax;
  std::size_t header_bytes_max = kHeaderBytesMax;  // request line, fields and the empty line
  std::chrono::milliseconds header_deadline = kHeaderDeadline;  // from a request's first byte
  std::chrono::milliseconds body_deadline = kBodyDeadline;      // for each kBodySliceBytes
  std::chrono::milliseconds idle_deadline = kIdleDeadline;      // for a request's first byte
  std::chrono::milliseconds write_deadline = kWriteDeadline;    // for each kWriteSliceBytes
};

// Every method may be called from any thread except the server's own.
class HttpServer {
 public:
  struct Counters {
    std::uint64_t connections = 0;       // accepted since the start
    std::uint64_t connections_open = 0;  // now
    std::uint64_t requests = 0;          // given to the handler
    std::uint64_t refused = 0;           // answered 4xx or 500 by the server itself
    std::uint64_t overloaded = 0;        // connections over connections_max
    std::uint64_t accept_failures = 0;   // mostly: no free file descriptor
    std::uint64_t unanswered = 0;        // requests whose handler let go of its Respond
    std::uint64_t exceptions = 0;        // that a handler or sink let out, or the server met
  };

  // Listens when it returns. `handler` must outlive the server.
  // Errors: LISTEN_FAILED (address, port in use, permission, threads).
  static Result<std::unique_ptr<HttpServer>> start(const ServerOptions& options,
                                                   HttpHandler& handler);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();  // drain with no patience

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] Counters counters() const;

  // Stops accepting, closes idle connections, lets running requests finish (their answers carry
  // Connection: close), then joins the threads. Connections still busy at `deadline` are cut. After
  // return the handler is called no more. A second call does nothing.
  void drain(std::chrono::milliseconds deadline = kDrainDeadline);

 private:
  struct Running;
  explicit HttpServer(std::unique_ptr<Running> running);
  std::unique_ptr<Running> running_;
};

}  // namespace mrv::api
