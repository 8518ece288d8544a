// The life of one connection: idle, head, plan, body, handler, answer, and again.
#include "api/http/connection.h"

#include <algorithm>
#include <tuple>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/http/answer_text.h"
#include "api/http/chunked.h"
#include "api/http/second_opinion.h"

namespace mrv::api {
namespace {

using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kHeadReadBytes = 4UL * 1024;
constexpr std::size_t kBodyReadBytes = 64UL * 1024;
constexpr std::size_t kSourceReadBytes = 64UL * 1024;
constexpr std::size_t kIdleBytesMax = 16UL * 1024;  // of input memory kept between requests
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kRetryAfter = "1";  // seconds

// The peer or this server has gone: there is nobody to answer.
Error gone() { return {"HTTP_PEER_GONE", "the connection has ended", {}}; }
Error too_slow() { return {"HTTP_REQUEST_TIMEOUT", "the request took too long to arrive", {}}; }
Error too_large() { return {"HTTP_BODY_TOO_LARGE", "the body is larger than allowed here", {}}; }
Error not_stored() { return {"HTTP_BODY_NOT_STORED", "the server could not store the body", {}}; }
Error handler_failed() {
  return {"HTTP_HANDLER_FAILED", "the server could not answer this request", {}};
}

std::int64_t unix_seconds() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(since).count();
}

std::string address_of(const asio::ip::tcp::socket& socket) {
  error_code failure;
  const auto endpoint = socket.remote_endpoint(failure);
  if (failure) return {};
  const std::string address = endpoint.address().to_string();
  const std::string host = endpoint.address().is_v6() ? "[" + address + "]" : address;
  return host + ":" + std::to_string(endpoint.port());
}

// One request's answer: given once, or replaced by 500 when the handler lets go of it.
class Answer {
 public:
  Answer(std::shared_ptr<Core> core, std::weak_ptr<Connection> connection)
      : core_(std::move(core)), connection_(std::move(connection)) {}
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  ~Answer() {
    if (given_.exchange(true)) return;
    ++core_->unanswered;
    send(problem_response(handler_failed()));
  }
  void give(HttpResponse response) {
    if (!given_.exchange(true)) send(std::move(response));
  }

 private:
  // The connection's executor exists while core_ does, so the connection is let go first.
  void send(HttpResponse response) {
    const std::shared_ptr<Connection> connection = connection_.lock();
    try {
      if (connection) connection->deliver(std::move(response));
    } catch (...) {
      ++core_->exceptions;  // out of memory: the peer waits until it leaves or the server drains
    }
  }

  const std::shared_ptr<Core> core_;
  const std::weak_ptr<Connection> connection_;
  std::atomic<bool> given_ = false;
};

}  // namespace

BodySink::~BodySink() = default;
std::optional<HttpResponse> BodySink::refusal() { return std::nullopt; }
HttpHandler::~HttpHandler() = default;

Connection::Connection(Core& core, asio::ip::tcp::socket socket, bool overloaded)
    : core_(core),
      socket_(std::move(socket)),
      overloaded_(overloaded),
      watch_timer_(socket_.get_executor()),
      answer_timer_(socket_.get_executor()),
      remote_(address_of(socket_)),
      deadline_(Clock::time_point::max()) {
  error_code ignored;
  std::ignore = socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

void Connection::start(const std::shared_ptr<Connection>& connection) {
  try {
    asio::co_spawn(
        connection->socket_.get_executor(), [connection] { return connection->run(); },
        asio::detached);
  } catch (...) {
    ++connection->core_.exceptions;  // out of memory: this peer is lost, the listener goes on
    connection->leave();
  }
}

void Connection::begin_drain() {
  asio::dispatch(socket_.get_executor(), [self = shared_from_this()] {
    if (self->idle_) self->close_socket();
  });
}

void Connection::cut() {
  asio::dispatch(socket_.get_executor(), [self = shared_from_this()] {
    self->cut_ = true;
    self->close_socket();
    self->answer_timer_.cancel();
  });
}

void Connection::deliver(HttpResponse response) {
  asio::dispatch(socket_.get_executor(),
                 [self = shared_from_this(), answer = std::move(response)]() mutable {
                   self->answer_ = std::move(answer);
                   self->answer_timer_.cancel();
                 });
}

asio::awaitable<void> Connection::run() {
  const auto self = shared_from_this();
  try {
    if (overloaded_) {
      HttpResponse response = problem_response(
          {"HTTP_CONNECTIONS_TOO_MANY", "the server has too many connections", {}});
      response.headers.emplace_back("retry-after", kRetryAfter);
      const bool written = co_await write_answer(response, false, true);
      if (written) co_await linger();
    } else {
      bool more = true;
      while (more) more = co_await serve_one();
    }
  } catch (...) {
    // Out of memory, or a failure of the event loop: this connection ends, the others do not.
    ++core_.exceptions;
  }
  finish();
}

void Connection::finish() {
  unwatch();
  watch_timer_.cancel();
  close_socket();
  leave();
}

void Connection::leave() {
  const std::lock_guard lock(core_.mutex);
  core_.open.erase(this);
  if (overloaded_) --core_.overloaded_open;
  core_.connection_gone.notify_all();
}

// True when the connection stays open for the next request.
asio::awaitable<bool> Connection::serve_one() {
  const bool begun = co_await await_first_byte();
  if (!begun) co_return false;
  Result<RequestHead> head = co_await read_head();
  if (!head.ok()) {
    co_await refuse(head.error(), false);
    co_return false;
  }
  const bool head_only = head->request.method == "HEAD";
  const Result<BodyPlan> plan = ask_plan(head->request);
  if (!plan.ok()) {
    co_await refuse(plan.error(), head_only);
    co_return false;
  }
  const bool body_outstanding = head->framing.kind == Framing::chunked || head->framing.length > 0;
  bool close = head->close;
  if (plan->refuse) {
    close = close || body_outstanding;
    answer_ = *plan->refuse;
  } else {
    const Status body = co_await read_body(*head, *plan);
    if (!body.ok()) {
      co_await refuse(body.error(), head_only, plan->sink.get());
      co_return false;
    }
    const bool answered = co_await obtain_answer(std::move(head->request), plan->sink);
    if (!answered) co_return false;
  }
  const HttpResponse response = std::move(*answer_);
  answer_.reset();
  close = close || response.close || core_.draining;
  const bool written = co_await write_answer(response, head_only, close);
  if (!written) co_return false;
  if (close) co_await linger();
  co_return !close;
}

asio::awaitable<bool> Connection::await_first_byte() {
  if (!input_.empty()) co_return true;
  if (core_.draining) co_return false;
  input_.shrink(kIdleBytesMax);
  idle_ = true;
  watch(core_.options.idle_deadline);
  const Status read = co_await read_more(kHeadReadBytes);
  idle_ = false;
  co_return read.ok();
}

asio::awaitable<Result<RequestHead>> Connection::read_head() {
  watch(core_.options.header_deadline);
  HeadScanner scanner(core_.options.header_bytes_max);
  std::size_t size = 0;
  while (size == 0) {
    const Result<std::size_t> found = scanner.scan(input_.view());
    if (!found.ok()) co_return found.error();
    size = *found;
    if (size > 0) break;
    const Status read = co_await read_more(kHeadReadBytes);
    if (!read.ok()) co_return read.error();
  }
  const std::string_view bytes = input_.view().substr(0, size);
  Result<RequestHead> head = parse_request_head(bytes);
  if (head.ok()) {
    const Status agreed = agrees_with_beast(bytes, *head);
    if (!agreed.ok()) co_return agreed.error();
    head->request.remote = remote_;
  }
  input_.consume(size);
  co_return head;
}

Result<BodyPlan> Connection::ask_plan(const HttpRequest& head) {
  try {
    return core_.handler.plan(head);
  } catch (...) {
    ++core_.exceptions;
    return handler_failed();
  }
}

asio::awaitable<Status> Connection::read_body(RequestHead& head, const BodyPlan& plan) {
  body_bytes_ = 0;
  const BodyFraming& framing = head.framing;
  if (framing.kind == Framing::length && framing.length > plan.bytes_max) co_return too_large();
  if (framing.kind == Framing::none || (framing.kind == Framing::length && framing.length == 0)) {
    co_return Status();
  }
  // RFC 9110 section 10.1.1: no 100 where the body is already on its way.
  if (head.expects_continue && input_.empty()) {
    const bool sent = co_await write_all(kContinue, {});
    if (!sent) co_return gone();
  }
  watch(core_.options.body_deadline);
  Status read;
  if (framing.kind == Framing::length) {
    read = co_await read_sized(framing.length, plan, head.request.body);
  } else {
    read = co_await read_chunked(plan, head.request.body);
  }
  co_return read;
}

asio::awaitable<Status> Connection::read_sized(std::uint64_t length, const BodyPlan& plan,
                                               std::string& text) {
  std::uint64_t left = length;
  for (;;) {
    const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(left, input_.view().size()));
    const Status stored = store(input_.view().substr(0, take), plan, text);
    if (!stored.ok()) co_return stored;
    input_.consume(take);
    left -= take;
    if (left == 0) co_return Status();
    const Status read = co_await read_more(kBodyReadBytes);
    if (!read.ok()) co_return read;
  }
}

asio::awaitable<Status> Connection::read_chunked(const BodyPlan& plan, std::string& text) {
  ChunkDecoder decoder;
  for (;;) {
    while (!input_.empty() && !decoder.done()) {
      const Result<ChunkDecoder::Step> step = decoder.next(input_.view());
      if (!step.ok()) co_return step.error();
      const Status stored = store(step->data, plan, text);
      if (!stored.ok()) co_return stored;
      input_.consume(step->consumed);
    }
    if (decoder.done()) co_return Status();
    const Status read = co_await read_more(kBodyReadBytes);
    if (!read.ok()) co_return read;
  }
}

Status Connection::store(std::string_view piece, const BodyPlan& plan, std::string& text) {
  if (piece.empty()) return {};
  if (piece.size() > plan.bytes_max - body_bytes_) return too_large();
  const std::size_t slice = body_bytes_ / kBodySliceBytes;
  body_bytes_ += piece.size();
  if (body_bytes_ / kBodySliceBytes > slice) watch(core_.options.body_deadline);
  if (!plan.sink) {
    text.append(piece);
    return {};
  }
  bool written = false;
  try {
    written = plan.sink->write(as_bytes(piece)).ok();
  } catch (...) {
    ++core_.exceptions;
  }
  if (written) return {};
  return not_stored();
}

// More input, or why there is none: HTTP_REQUEST_TIMEOUT, HTTP_PEER_GONE.
asio::awaitable<Status> Connection::read_more(std::size_t bytes) {
  if (expired_) co_return too_slow();
  const std::span<char> room = input_.prepare(bytes);
  error_code failure;
  const std::size_t size = co_await socket_.async_read_some(
      asio::buffer(room.data(), room.size()), asio::redirect_error(asio::use_awaitable, failure));
  input_.commit(size);
  if (expired_) co_return too_slow();
  if (failure) co_return gone();
  co_return Status();
}

// False when the connection was cut before an answer came.
asio::awaitable<bool> Connection::obtain_answer(HttpRequest request,
                                                std::shared_ptr<BodySink> sink) {
  unwatch();  // the handler's time is its own
  ++core_.requests;
  answer_.reset();
  hand_over(std::move(request), std::move(sink));
  while (!answer_ && !cut_) {
    answer_timer_.expires_at(Clock::time_point::max());
    error_code ignored;
    co_await answer_timer_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
  co_return !cut_;
}

void Connection::hand_over(HttpRequest request, std::shared_ptr<BodySink> sink) {
  try {
    auto answer = std::make_shared<Answer>(core_.shared_from_this(), weak_from_this());
    core_.handler.handle(std::move(request), std::move(sink),
                         [answer](HttpResponse response) { answer->give(std::move(response)); });
  } catch (...) {
    ++core_.exceptions;  // the Respond that went down with the handler has answered 500
  }
}

asio::awaitable<bool> Connection::write_answer(const HttpResponse& response, bool head_only,
                                               bool close) {
  const bool sendable = is_sendable(response);
  const HttpResponse failed = sendable ? HttpResponse() : problem_response(handler_failed());
  const HttpResponse& sent = sendable ? response : failed;
  const std::string head = response_head(sent, {close, unix_seconds()});
  const std::string_view body =
      head_only || !has_body(sent.status) ? std::string_view() : std::string_view(sent.body);
  bool written = co_await write_all(head, body);
  if (written && sent.source && !head_only && has_body(sent.status)) {
    written = co_await write_source(*sent.source);
  }
  co_return written;
}

asio::awaitable<bool> Connection::write_source(BodySource& source) {
  std::vector<char> piece(kSourceReadBytes);
  for (std::uint64_t sent = 0; sent < source.size();) {
    const auto size =
        static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), source.size() - sent));
    if (!source.read(sent, std::span(piece).first(size))) co_return false;
    const bool written = co_await write_more({}, {piece.data(), size});
    if (!written) co_return false;
    sent += size;
  }
  co_return true;
}

asio::awaitable<bool> Connection::write_all(std::string_view head, std::string_view body) {
  watch(core_.options.write_deadline);
  slice_sent_ = 0;
  const bool written = co_await write_more(head, body);
  co_return written;
}

// Goes on under the deadline of the slice that is being written.
asio::awaitable<bool> Connection::write_more(std::string_view head, std::string_view body) {
  for (std::size_t sent = 0; sent < head.size() + body.size();) {
    const std::string_view head_left = sent < head.size() ? head.substr(sent) : std::string_view();
    const std::string_view body_left = sent < head.size() ? body : body.substr(sent - head.size());
    const std::array<asio::const_buffer, 2> pieces = {
        asio::buffer(head_left.data(), head_left.size()),
        asio::buffer(body_left.data(), body_left.size())};
    error_code failure;
    const std::size_t size = co_await socket_.async_write_some(
        pieces, asio::redirect_error(asio::use_awaitable, failure));
    sent += size;
    slice_sent_ += size;
    if (expired_) {
      // A peer that does not read would keep the rest in the kernel: drop it with a reset.
      error_code ignored;
      std::ignore = socket_.set_option(asio::socket_base::linger(true, 0), ignored);
      co_return false;
    }
    if (failure) co_return false;
    if (slice_sent_ >= kWriteSliceBytes) {
      slice_sent_ = 0;
      watch(core_.options.write_deadline);
    }
  }
  co_return true;
}

// `sink`: of the body that was being read, where there was one.
asio::awaitable<void> Connection::refuse(const Error& error, bool head_only, BodySink* sink) {
  if (error.name == gone().name) co_return;
  ++core_.refused;
  std::optional<HttpResponse> own;
  if (sink != nullptr && error.name == not_stored().name) own = sink->refusal();
  const HttpResponse response = own ? *std::move(own) : problem_response(error);
  const bool written = co_await write_answer(response, head_only, true);
  if (written) co_await linger();
}

asio::awaitable<void> Connection::linger() {
  error_code ignored;
  std::ignore = socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  watch(std::min(kLingerDeadline, core_.options.write_deadline));
  bool reading = true;
  while (reading) {
    input_.clear();
    const Status read = co_await read_more(kBodyReadBytes);
    reading = read.ok();
  }
}

// From now until the deadline the session may wait for the peer; then its reads and writes end and
// expired_ is set. The timer is moved only to look earlier: a later deadline is seen when it fires.
void Connection::watch(std::chrono::milliseconds deadline) {
  expired_ = false;
  deadline_ = Clock::now() + deadline;
  if (!watch_armed_ || deadline_ < watch_until_) arm_watch();
}

void Connection::unwatch() { deadline_ = Clock::time_point::max(); }

void Connection::arm_watch() {
  watch_armed_ = true;
  watch_until_ = deadline_;
  watch_timer_.expires_at(watch_until_);
  watch_timer_.async_wait([self = shared_from_this()](error_code failure) {
    if (failure != asio::error::operation_aborted) self->on_watch();
  });
}

void Connection::on_watch() {
  watch_armed_ = false;
  if (deadline_ == Clock::time_point::max()) return;
  if (Clock::now() < deadline_) {
    arm_watch();
    return;
  }
  expired_ = true;
  error_code ignored;
  std::ignore = socket_.cancel(ignored);
}

void Connection::close_socket() {
  error_code ignored;
  std::ignore = socket_.close(ignored);
}

}  // namespace mrv::api
