// One connection of the HTTP server, and what all its connections share. Private to api/http: the
// only header that shows Boost.
#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "api/http/input_buffer.h"
#include "api/http/request_head.h"
#include "api/http/server.h"

namespace mrv::api {

namespace asio = boost::asio;
class Connection;

// Shared by listener, connections and outstanding Responds. A Respond may be the last to hold it.
struct Core : std::enable_shared_from_this<Core> {
  Core(ServerOptions server_options, HttpHandler& request_handler)
      : options(std::move(server_options)), handler(request_handler) {}

  const ServerOptions options;
  HttpHandler& handler;  // not touched after the threads are joined
  std::atomic<bool> draining = false;
  std::atomic<std::uint64_t> connections = 0;
  std::atomic<std::uint64_t> requests = 0;
  std::atomic<std::uint64_t> refused = 0;
  std::atomic<std::uint64_t> overloaded = 0;
  std::atomic<std::uint64_t> accept_failures = 0;
  std::atomic<std::uint64_t> unanswered = 0;
  std::atomic<std::uint64_t> exceptions = 0;

  std::mutex mutex;                         // guards open and overloaded_open
  std::condition_variable connection_gone;  // open has become smaller
  std::map<const Connection*, std::weak_ptr<Connection>> open;
  std::size_t overloaded_open = 0;  // of `open`, those that only get their 503

  // Last: its destructor ends handlers that are still queued, while all of the above exists.
  asio::io_context context;
};

// All members but the constructor's run on the connection's strand. A running session holds the
// connection; outstanding Responds hold it weakly.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // `overloaded`: answer 503 and nothing else.
  Connection(Core& core, asio::ip::tcp::socket socket, bool overloaded);

  // Any thread, once, after it was entered in core.open.
  static void start(const std::shared_ptr<Connection>& connection);
  // Any thread: close when idle, otherwise after the running answer.
  void begin_drain();
  // Any thread: end whatever is going on.
  void cut();
  // Any thread: the handler's answer to the running request.
  void deliver(HttpResponse response);

 private:
  template <class T>
  using Awaitable = asio::awaitable<T>;

  Awaitable<void> run();
  Awaitable<bool> serve_one();
  Awaitable<bool> await_first_byte();
  Awaitable<Result<RequestHead>> read_head();
  Awaitable<Status> read_body(RequestHead& head, const BodyPlan& plan);
  Awaitable<Status> read_sized(std::uint64_t length, const BodyPlan& plan, std::string& text);
  Awaitable<Status> read_chunked(const BodyPlan& plan, std::string& text);
  Awaitable<Status> read_more(std::size_t bytes);
  Awaitable<bool> obtain_answer(HttpRequest request, std::shared_ptr<BodySink> sink);
  Awaitable<bool> write_answer(const HttpResponse& response, bool head_only, bool close);
  Awaitable<bool> write_all(std::string_view head, std::string_view body);
  Awaitable<bool> write_more(std::string_view head, std::string_view body);
  Awaitable<bool> write_source(BodySource& source);
  Awaitable<void> refuse(const Error& error, bool head_only, BodySink* sink = nullptr);
  Awaitable<void> linger();

  Result<BodyPlan> ask_plan(const HttpRequest& head);
  Status store(std::string_view piece, const BodyPlan& plan, std::string& text);
  void hand_over(HttpRequest request, std::shared_ptr<BodySink> sink);
  void watch(std::chrono::milliseconds deadline);
  void unwatch();
  void arm_watch();
  void on_watch();
  void close_socket();
  void finish();
  void leave();

  Core& core_;  // kept alive by the server, or by whoever calls deliver
  asio::ip::tcp::socket socket_;
  const bool overloaded_;
  asio::steady_timer watch_timer_;
  asio::steady_timer answer_timer_;  // never expires: cancelled when the answer is there
  std::string remote_;
  InputBuffer input_;
  std::size_t body_bytes_ = 0;    // of the running request, stored so far
  std::uint64_t slice_sent_ = 0;  // of the answer, since the write deadline was moved

  std::chrono::steady_clock::time_point deadline_;
  std::chrono::steady_clock::time_point watch_until_;  // when the timer will look next
  bool watch_armed_ = false;
  bool expired_ = false;
  bool idle_ = false;
  bool cut_ = false;
  std::optional<HttpResponse> answer_;
};

}  // namespace mrv::api
