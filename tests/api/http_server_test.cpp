// The HTTP layer over real sockets: one reading per message, every limit and deadline, every way a
// request, its answer or its peer can go missing.
#include <array>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "api/http/answer_text.h"
#include "api/http/chunked.h"
#include "api/http/client.h"
#include "api/http/query.h"
#include "api/http/request_head.h"
#include "api/http/response_reader.h"
#include "api/http/second_opinion.h"
#include "api/http/server.h"

using namespace mrv;
using namespace mrv::api;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kShort{40};        // a deadline that is meant to pass
constexpr milliseconds kForever{60'000};  // one that must not decide a test
constexpr int kPeerPatienceSeconds = 30;  // a hanging server fails the test instead of it hanging

// A handler made of two functions. By default every body up to 1 MiB is echoed at once.
class Scripted : public HttpHandler {
 public:
  std::function<BodyPlan(const HttpRequest&)> on_plan = [](const HttpRequest&) {
    BodyPlan plan;
    plan.bytes_max = 1UL << 20;
    return plan;
  };
  std::function<void(HttpRequest, std::shared_ptr<BodySink>, Respond)> on_handle =
      [](const HttpRequest& request, const std::shared_ptr<BodySink>&, const Respond& respond) {
        respond(echo(request));
      };

  BodyPlan plan(const HttpRequest& head) override { return on_plan(head); }
  void handle(HttpRequest request, std::shared_ptr<BodySink> sink, Respond respond) override {
    on_handle(std::move(request), std::move(sink), std::move(respond));
  }

  static HttpResponse echo(const HttpRequest& request) {
    HttpResponse response;
    response.headers.emplace_back("Content-Type", "text/plain");
    response.body = request.method + " " + request.path + " " + request.query + " " + request.body;
    return response;
  }
};

ServerOptions patient() {
  ServerOptions options;
  options.header_deadline = options.body_deadline = kForever;
  options.idle_deadline = options.write_deadline = kForever;
  return options;
}

std::unique_ptr<HttpServer> started(HttpHandler& handler, const ServerOptions& options) {
  auto server = HttpServer::start(options, handler);
  REQUIRE_MESSAGE(server.ok(), server.error().detail);
  return std::move(server).value();
}

// A raw TCP peer on the loopback.
class Peer {
 public:
  explicit Peer(std::uint16_t port, int receive_bytes = 0) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(socket_ >= 0);
    if (receive_bytes > 0) {
      ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    }
    const int on = 1;  // small pieces go out at once
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval patience{kPeerPatienceSeconds, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer() { leave(); }

  [[nodiscard]] bool connected() const { return connected_; }
  [[nodiscard]] int descriptor() const { return socket_; }
  void leave() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  // False when the server has closed; what it answered can still be read.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t size = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (size <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
  }
  // One answer with a body, unless `head_only`. Empty when the connection ended first.
  std::string answer(bool head_only = false) {
    for (;;) {
      const auto head_end = received_.find("\r\n\r\n");
      if (head_end != std::string::npos) {
        const std::size_t size =
            head_end + 4 + (head_only ? 0 : length_in(received_.substr(0, head_end)));
        if (received_.size() >= size) {
          const std::string one = received_.substr(0, size);
          received_.erase(0, size);
          return one;
        }
      }
      if (!receive()) return {};
    }
  }
  // Everything until the server ends the connection.
  std::string rest() {
    while (receive()) {
    }
    return std::exchange(received_, {});
  }
  [[nodiscard]] bool timed_out() const { return timed_out_; }

 private:
  static std::size_t length_in(const std::string& head) {
    const auto at = head.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
  }
  bool receive() {
    std::array<char, 4096> bytes{};
    const ssize_t size = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) timed_out_ = true;
    REQUIRE_FALSE(timed_out_);
    if (size <= 0) return false;
    received_.append(bytes.data(), static_cast<std::size_t>(size));
    return true;
  }

  int socket_ = -1;
  bool connected_ = false;
  bool timed_out_ = false;
  std::string received_;
};

bool has_status(const std::string& answer, int status) {
  return answer.starts_with("HTTP/1.1 " + std::to_string(status) + " ");
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string body_of(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : answer.substr(end + 4);
}

// What the server says to these bytes, with the connection ended behind it.
std::string verdict(std::uint16_t port, std::string_view bytes) {
  Peer peer(port);
  peer.send(bytes);
  return peer.rest();
}

void check_refused(const std::string& answer, int status, std::string_view code) {
  CAPTURE(answer);
  CHECK(has_status(answer, status));
  CHECK(has(answer, "content-type: application/problem+json\r\n"));
  CHECK(has(answer, "Connection: close\r\n"));
  CHECK(has(answer, "\"outcome\":\"" + std::string(code) + "\""));
  CHECK(has(answer, "\"title\":\"" + std::string(reason_phrase(status)) + "\""));
}

// Collects Responds, to be answered from the test's thread.
class Desk {
 public:
  void put(Respond respond) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(respond));
    changed_.notify_all();
  }
  Respond take() {
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, std::chrono::seconds(kPeerPatienceSeconds),
                              [&] { return !waiting_.empty(); }));
    Respond respond = std::move(waiting_.front());
    waiting_.pop_front();
    return respond;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Respond> waiting_;
};

HttpResponse text_answer(std::string body) {
  HttpResponse response;
  response.body = std::move(body);
  return response;
}

struct Form {
  std::string_view name;
  std::string bytes;
  std::string_view code;
};

std::string get_with(std::string_view fields) {
  return "GET / HTTP/1.1\r\n" + std::string(fields) + "\r\n";
}
std::string post_with(std::string_view fields, std::string_view body) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n" + std::string(body);
}

// The forms of request smuggling and of damaged heads, each of which must end in 400 and close.
std::vector<Form> framing_forms() {
  const std::string_view kFraming = "HTTP_FRAMING_INVALID";
  const std::string_view kChunk = "HTTP_CHUNK_INVALID";
  const std::string te = "Transfer-Encoding: chunked\r\n";
  const std::string zero = "0\r\n\r\n";
  return {
      {"length, then encoding", post_with("Content-Length: 5\r\n" + te, zero), kFraming},
      {"encoding, then length", post_with(te + "Content-Length: 5\r\n", zero), kFraming},
      {"gzip with length", post_with("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n", "aaaaa"),
       kFraming},
      {"encoding gzip", post_with("Transfer-Encoding: gzip\r\n", ""), kFraming},
      {"encoding xchunked", post_with("Transfer-Encoding: xchunked\r\n", zero), kFraming},
      {"encoding identity", post_with("Transfer-Encoding: identity\r\n", ""), kFraming},
      {"encoding empty", post_with("Transfer-Encoding:\r\n", ""), kFraming},
      {"chunked not last", post_with("Transfer-Encoding: chunked, identity\r\n", zero), kFraming},
      {"gzip before chunked", post_with("Transfer-Encoding: gzip, chunked\r\n", zero), kFraming},
      {"chunked twice in a list", post_with("Transfer-Encoding: chunked, chunked\r\n", zero),
       kFraming},
      {"chunked in quotes", post_with("Transfer-Encoding: \"chunked\"\r\n", zero), kFraming},
      {"chunked with a vertical tab",
       post_with("Transfer-Encoding: \x0B"
                 "chunked\r\n",
                 zero),
       "HTTP_FIELD_INVALID"},
      {"encoding on two lines", post_with(te + te, zero), kFraming},
      {"encoding in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\n" + te + "\r\n" + zero, kFraming},
      {"length twice, equal", post_with("Content-Length: 1\r\nContent-Length: 1\r\n", "a"),
       kFraming},
      {"length twice, different", post_with("Content-Length: 1\r\nContent-Length: 2\r\n", "aa"),
       kFraming},
      {"length as a list", post_with("Content-Length: 1, 1\r\n", "a"), kFraming},
      {"length with plus", post_with("Content-Length: +1\r\n", "a"), kFraming},
      {"length with minus", post_with("Content-Length: -1\r\n", "a"), kFraming},
      {"length hexadecimal", post_with("Content-Length: 0x1\r\n", "a"), kFraming},
      {"length with a fraction", post_with("Content-Length: 1.0\r\n", "a"), kFraming},
      {"length with a leading zero", post_with("Content-Length: 01\r\n", "a"), kFraming},
      {"length empty", post_with("Content-Length:\r\n", ""), kFraming},
      {"length with inner space", post_with("Content-Length: 1 1\r\n", "a"), kFraming},
      {"length 2^64", post_with("Content-Length: 18446744073709551616\r\n", ""), kFraming},
      {"chunk size with 0x", post_with(te, "0x1\r\na\r\n" + zero), kChunk},
      {"chunk size 2^64", post_with(te, "10000000000000000\r\na\r\n" + zero), kChunk},
      {"chunk size empty", post_with(te, "\r\na\r\n" + zero), kChunk},
      {"chunk size with minus", post_with(te, "-1\r\na\r\n" + zero), kChunk},
      {"chunk size with space", post_with(te, "1 \r\na\r\n" + zero), kChunk},
      {"chunk extension", post_with(te, "1;x=y\r\na\r\n" + zero), kChunk},
      {"chunk size ended by LF", post_with(te, "1\na\r\n" + zero), kChunk},
      {"chunk size ended by CR", post_with(te, "1\ra\r\n" + zero), kChunk},
      {"chunk longer than its size", post_with(te, "1\r\nab\r\n" + zero), kChunk},
      {"chunk data ended by LF", post_with(te, "1\r\na\n" + zero), kChunk},
      {"trailer field", post_with(te, "0\r\nX: y\r\n\r\n"), kChunk},
      {"last chunk ended by LF", post_with(te, "0\r\n\n"), kChunk},
  };
}

std::vector<Form> field_forms() {
  const std::string_view kField = "HTTP_FIELD_INVALID";
  const std::string_view kHost = "HTTP_HOST_INVALID";
  using namespace std::string_literals;
  return {
      {"folded line", get_with("Host: a\r\nX: y\r\n z\r\n"), kField},
      {"folded line with a tab", get_with("Host: a\r\nX: y\r\n\tz\r\n"), kField},
      {"folded first line", get_with(" Host: a\r\n"), kField},
      {"space before the colon", get_with("Host : a\r\n"), kField},
      {"tab before the colon", get_with("Host\t: a\r\n"), kField},
      {"space inside a name", get_with("Host: a\r\nContent Length: 5\r\n"), kField},
      {"line without a colon", get_with("Host: a\r\nX\r\n"), kField},
      {"empty field name", get_with("Host: a\r\n: y\r\n"), kField},
      {"field name above ASCII", get_with("Host: a\r\nX\xC3\xA4: y\r\n"), kField},
      {"LF alone ends a line", "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", kField},
      {"LF alone ends the head", "GET / HTTP/1.1\r\nHost: a\r\n\n", kField},
      {"LF alone everywhere", "GET / HTTP/1.1\nHost: a\n\n", kField},
      {"CR alone in a value", get_with("Host: a\r\nX: y\rz\r\n"), kField},
      {"CR twice", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", kField},
      {"NUL in a value", get_with("Host: a\r\nX: y\0z\r\n"s), kField},
      {"NUL in a name", get_with("Host: a\r\nX\0: y\r\n"s), kField},
      {"escape in a value", get_with("Host: a\r\nX: \x1B[0m\r\n"), kField},
      {"DEL in a value", get_with("Host: a\r\nX: \x7F\r\n"), kField},
      {"no Host", get_with(""), kHost},
      {"Host twice", get_with("Host: a\r\nHost: b\r\n"), kHost},
      {"Host twice, equal", get_with("Host: a\r\nHost: a\r\n"), kHost},
      {"Host twice in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", kHost},
      {"Host empty", get_with("Host:\r\n"), kHost},
      {"Host list", get_with("Host: a, b\r\n"), kHost},
      {"Host with user", get_with("Host: u@a\r\n"), kHost},
      {"Host with path", get_with("Host: a/b\r\n"), kHost},
      {"damaged Connection list", get_with("Host: a\r\nConnection: a b\r\n"),
       "HTTP_PARSERS_DISAGREE"},
  };
}

std::vector<Form> line_forms() {
  const std::string_view kLine = "HTTP_REQUEST_LINE_INVALID";
  const std::string_view kTarget = "HTTP_TARGET_INVALID";
  const std::string_view kVersion = "HTTP_VERSION_UNKNOWN";
  const auto line = [](std::string_view text) { return std::string(text) + "\r\nHost: a\r\n\r\n"; };
  using namespace std::string_literals;
  return {
      {"HTTP/0.9", "GET /\r\n", kLine},
      {"empty line first", "\r\n" + line("GET / HTTP/1.1"), kLine},
      {"method alone", line("GET"), kLine},
      {"two spaces before the target", line("GET  / HTTP/1.1"), kTarget},
      {"two spaces behind the target", line("GET /  HTTP/1.1"), kVersion},
      {"tab as separator", line("GET\t/ HTTP/1.1"), kLine},
      {"space first", line(" GET / HTTP/1.1"), kLine},
      {"method with a colon", line("GET: / HTTP/1.1"), kLine},
      {"space behind the version", line("GET / HTTP/1.1 "), kVersion},
      {"space in the target", line("GET /a b HTTP/1.1"), kVersion},
      {"HTTP/1.9", line("GET / HTTP/1.9"), kVersion},
      {"HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", kTarget},
      {"HTTP/2.0 with a path", line("GET / HTTP/2.0"), kVersion},
      {"HTTP/1.10", line("GET / HTTP/1.10"), kVersion},
      {"HTTP/01.1", line("GET / HTTP/01.1"), kVersion},
      {"version in lower case", line("GET / http/1.1"), kVersion},
      {"absolute form", line("GET http://a/ HTTP/1.1"), kTarget},
      {"authority form", line("CONNECT a:80 HTTP/1.1"), kTarget},
      {"asterisk form", line("OPTIONS * HTTP/1.1"), kTarget},
      {"target without slash", line("GET a HTTP/1.1"), kTarget},
      {"target empty", line("GET  HTTP/1.1"), kTarget},
      {"fragment", line("GET /a#b HTTP/1.1"), kTarget},
      {"backslash", line("GET /a\\b HTTP/1.1"), kTarget},
      {"high byte in the target", line("GET /\xC3\xA4 HTTP/1.1"), kTarget},
      {"percent alone", line("GET /% HTTP/1.1"), kTarget},
      {"percent with one digit", line("GET /%4 HTTP/1.1"), kTarget},
      {"percent with a letter", line("GET /%4g HTTP/1.1"), kTarget},
      {"NUL in the target", line("GET /\0 HTTP/1.1"s), "HTTP_FIELD_INVALID"},
      {"TLS greeting", "\x16\x03\x01\x02"s, "HTTP_FIELD_INVALID"},
  };
}

std::vector<Form> all_forms() {
  std::vector<Form> forms = framing_forms();
  for (const auto& more : {field_forms(), line_forms()}) {
    forms.insert(forms.end(), more.begin(), more.end());
  }
  return forms;
}

}  // namespace

TEST_CASE(
    "each request that could be read in two ways is refused with 400 and the connection ends") {
  Scripted handler;
  std::atomic<int> handled = 0;
  handler.on_handle = [&](const HttpRequest&, const std::shared_ptr<BodySink>&,
                          const Respond& respond) {
    ++handled;
    respond(text_answer("reached"));
  };
  const auto server = started(handler, patient());
  for (const Form& form : all_forms()) {
    CAPTURE(form.name);
    // A second request rides behind each: it must never be reached.
    const std::string answer =
        verdict(server->port(), form.bytes + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    check_refused(answer, 400, form.code);
    CHECK_FALSE(has(body_of(answer), "\r\n"));  // nothing behind the one document
  }
  CHECK(handled == 0);
  CHECK(server->counters().refused == all_forms().size());
}

TEST_CASE("the verdict on a damaged head does not depend on where it was cut into pieces") {
  std::vector<Form> heads = field_forms();
  for (auto& form : line_forms()) heads.push_back(std::move(form));
  for (const Form& form : heads) {
    CAPTURE(form.name);
    const auto judge = [&](bool whole) -> std::string_view {
      HeadScanner scanner(kHeaderBytesMax);
      for (std::size_t size = whole ? form.bytes.size() : 1; size <= form.bytes.size(); ++size) {
        const auto end = scanner.scan(std::string_view(form.bytes).substr(0, size));
        if (!end.ok()) return end.error().name;
        if (*end == 0) continue;
        const std::string_view bytes = std::string_view(form.bytes).substr(0, *end);
        const auto head = parse_request_head(bytes);
        if (!head.ok()) return head.error().name;
        const Status agreed = agrees_with_beast(bytes, *head);
        return agreed.ok() ? "accepted" : agreed.error().name;
      }
      return "incomplete";
    };
    CHECK(judge(true) == form.code);
    CHECK(judge(false) == form.code);
  }
}

TEST_CASE("every well-formed request is read alike by both parsers and reaches the handler") {
  Scripted handler;
  const auto server = started(handler, patient());
  const std::vector<std::pair<std::string, std::string>> good = {
      {get_with("Host: a\r\n"), "GET /  "},
      {get_with("hOST:a:80\r\n"), "GET /  "},
      {get_with("Host: \t a \t \r\n"), "GET /  "},
      {get_with("Host: [::1]:80\r\nX:\r\nY: \xC3\xA4\tz\r\n"), "GET /  "},
      {"GET /a/b%20c?d=e&f HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a/b%20c d=e&f "},
      {"GET /? HTTP/1.1\r\nHost: a\r\n\r\n", "GET /  "},
      {"DELETE //a/../b;c=1 HTTP/1.1\r\nHost: a\r\n\r\n", "DELETE //a/../b;c=1  "},
      {post_with("Content-Length: 0\r\n", ""), "POST /  "},
      {post_with("Content-Length: 5\r\n", "hello"), "POST /  hello"},
      {post_with("transfer-encoding: CHUNKED\r\n", "3\r\nhel\r\n02\r\nlo\r\n0\r\n\r\n"),
       "POST /  hello"},
      {post_with("Transfer-Encoding: chunked\r\n", "000\r\n\r\n"), "POST /  "},
      {post_with("Transfer-Encoding: chunked\r\n", "A\r\n0123456789\r\n0\r\n\r\n"),
       "POST /  0123456789"},
  };
  Peer peer(server->port());
  for (const auto& [bytes, echoed] : good) {
    CAPTURE(bytes);
    REQUIRE(peer.send(bytes));
    const std::string answer = peer.answer();
    CHECK(has_status(answer, 200));
    CHECK_FALSE(has(answer, "Connection: close"));
    CHECK(body_of(answer) == echoed);
  }
  CHECK(server->counters().connections == 1);
  CHECK(server->counters().requests == good.size());
}

TEST_CASE("a request is read alike wherever it is cut, down to single bytes") {
  Scripted handler;
  const auto server = started(handler, patient());
  for (const std::string& bytes :
       {post_with("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        post_with("Transfer-Encoding: chunked\r\n", "2\r\nhi\r\n0\r\n\r\n"),
        post_with("Content-Length: 2\r\n", "hi")}) {
    Peer peer(server->port());
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
      REQUIRE(peer.send(bytes.substr(0, cut)));
      REQUIRE(peer.send(bytes.substr(cut)));
      CHECK(has_status(peer.answer(), 200));
    }
    for (const char byte : bytes) REQUIRE(peer.send(std::string(1, byte)));
    CHECK(has_status(peer.answer(), 200));
  }
}

TEST_CASE("the chunk decoder finds the same body at every cut and stops at its end") {
  const std::string coded = "1\r\na\r\nb\r\n0123456789X\r\n0\r\n\r\n";
  const std::string next = "GET / HTTP/1.1";
  for (std::size_t cut = 0; cut <= coded.size(); ++cut) {
    ChunkDecoder decoder;
    std::string body;
    std::string pending = coded.substr(0, cut);
    const auto feed = [&] {
      while (!pending.empty() && !decoder.done()) {
        const auto step = decoder.next(pending);
        REQUIRE(step.ok());
        body += step->data;
        pending.erase(0, step->consumed);
      }
    };
    feed();
    CHECK(decoder.done() == (cut == coded.size()));
    pending += coded.substr(cut) + next;
    feed();
    CHECK(decoder.done());
    CHECK(body == "a0123456789X");
    CHECK(pending == next);
  }
}

TEST_CASE("pipelined requests are answered in order, one at a time") {
  Scripted handler;
  Desk desk;
  std::atomic<int> running = 0;
  std::atomic<bool> overlapped = false;
  handler.on_handle = [&](const HttpRequest& request, const std::shared_ptr<BodySink>&,
                          Respond respond) {
    if (++running != 1) overlapped = true;
    desk.put([&running, path = request.path, answer = std::move(respond)](HttpResponse response) {
      response.body = path;
      --running;
      answer(std::move(response));
    });
  };
  ServerOptions options = patient();
  options.threads = 2;
  const auto server = started(handler, options);
  constexpr int kRequests = 300;
  std::string bytes;
  for (int i = 0; i < kRequests; ++i) {
    bytes += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }
  Peer peer(server->port());
  REQUIRE(peer.send(bytes));
  for (int i = 0; i < kRequests; ++i) {
    desk.take()({});
    CHECK(body_of(peer.answer()) == "/" + std::to_string(i));
  }
  CHECK_FALSE(overlapped);
}

TEST_CASE("the head of a request reaches the handler as it was sent") {
  Scripted handler;
  HttpRequest seen;
  handler.on_plan = [&](const HttpRequest& head) {
    seen = head;
    BodyPlan plan;
    plan.bytes_max = 1;
    return plan;
  };
  const auto server = started(handler, patient());
  Peer peer(server->port());
  REQUIRE(peer.send("PUT /A%41?q=%20 HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nX-One: 2\r\n\r\n"));
  CHECK(has_status(peer.answer(), 200));
  CHECK(seen.method == "PUT");
  CHECK(seen.path == "/A%41");
  CHECK(seen.query == "q=%20");
  CHECK(seen.headers == HttpHeaders{{"host", "a"}, {"x-one", "1"}, {"x-one", "2"}});
  CHECK(seen.header("x-one") == "1");
  CHECK(seen.header("x-two").empty());
  CHECK(seen.remote.starts_with("127.0.0.1:"));
}

TEST_CASE("a header of the limit is served and one byte more is refused with 431") {
  Scripted handler;
  ServerOptions options = patient();
  options.header_bytes_max = 200;
  const auto server = started(handler, options);
  const auto of_size = [](std::size_t size) {
    const std::string base = get_with("Host: a\r\nConnection: close\r\nX: \r\n");
    return get_with("Host: a\r\nConnection: close\r\nX: " + std::string(size - base.size(), 'x') +
                    "\r\n");
  };
  CHECK(has_status(verdict(server->port(), of_size(200)), 200));
  check_refused(verdict(server->port(), of_size(201)), 431, "HTTP_HEADER_TOO_LARGE");
  check_refused(verdict(server->port(), "GET /" + std::string(200, 'a')), 414,
                "HTTP_TARGET_TOO_LONG");
  check_refused(verdict(server->port(), of_size(100'000)), 431, "HTTP_HEADER_TOO_LARGE");
}

TEST_CASE("targets, methods and field counts have their limits on both sides") {
  Scripted handler;
  const auto server = started(handler, patient());
  const auto with = [&](const std::string& method, std::size_t target, std::size_t fields) {
    std::string bytes = method + " /" + std::string(target - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n";
    for (std::size_t i = 2; i < fields; ++i) bytes += "X: y\r\n";
    return verdict(server->port(), bytes + "Connection: close\r\n\r\n");
  };
  CHECK(has_status(with("GET", kTargetBytesMax, 2), 200));
  check_refused(with("GET", kTargetBytesMax + 1, 2), 414, "HTTP_TARGET_TOO_LONG");
  CHECK(has_status(with(std::string(kMethodBytesMax, 'M'), 1, 2), 200));
  check_refused(with(std::string(kMethodBytesMax + 1, 'M'), 1, 2), 400,
                "HTTP_REQUEST_LINE_INVALID");
  CHECK(has_status(with("GET", 1, kHeaderFieldsMax), 200));
  check_refused(with("GET", 1, kHeaderFieldsMax + 1), 431, "HTTP_FIELDS_TOO_MANY");
}

TEST_CASE("numbers of the framing have their limits on both sides") {
  const auto length = [](std::size_t digits) {
    return judge_framing({{"content-length", std::string(digits, '9')}}, true);
  };
  CHECK(length(kContentLengthDigitsMax)->length == 999'999'999'999'999'999U);
  CHECK(length(kContentLengthDigitsMax + 1).error().name == "HTTP_FRAMING_INVALID");
  CHECK(judge_framing({{"content-length", "0"}}, true)->kind == Framing::length);
  CHECK(judge_framing({}, true)->kind == Framing::none);
  const auto chunk = [](std::size_t digits) -> Result<std::string> {
    const std::string coded = std::string(digits, 'f') + "\r\nx";
    MRV_TRY(const ChunkDecoder::Step step, ChunkDecoder().next(coded));
    return std::string(step.data);
  };
  CHECK(*chunk(kChunkSizeDigitsMax) == "x");
  CHECK(chunk(kChunkSizeDigitsMax + 1).error().name == "HTTP_CHUNK_INVALID");
}

TEST_CASE("a body of the plan's limit is served and one byte more is refused with 413") {
  Scripted handler;
  handler.on_plan = [](const HttpRequest&) {
    BodyPlan plan;
    plan.bytes_max = 10;
    return plan;
  };
  const auto server = started(handler, patient());
  const std::string ten(10, 'x');
  const std::string te = "Connection: close\r\nTransfer-Encoding: chunked\r\n";
  const auto sized = [&](const std::string& body) {
    return verdict(
        server->port(),
        post_with("Connection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n",
                  body));
  };
  CHECK(body_of(sized(ten)) == "POST /  " + ten);
  check_refused(sized(ten + "x"), 413, "HTTP_BODY_TOO_LARGE");
  check_refused(sized(std::string(1UL << 20, 'x')), 413, "HTTP_BODY_TOO_LARGE");
  CHECK(body_of(verdict(server->port(), post_with(te, "a\r\n" + ten + "\r\n0\r\n\r\n"))) ==
        "POST /  " + ten);
  check_refused(verdict(server->port(), post_with(te, "b\r\n" + ten + "x\r\n0\r\n\r\n")), 413,
                "HTTP_BODY_TOO_LARGE");
  check_refused(verdict(server->port(), post_with(te, "9\r\n012345678\r\n2\r\nxx\r\n0\r\n\r\n")),
                413, "HTTP_BODY_TOO_LARGE");
}

TEST_CASE("a connection over the limit gets 503 and a place that becomes free is given away") {
  Scripted handler;
  ServerOptions options = patient();
  options.connections_max = 2;
  const auto server = started(handler, options);
  Peer first(server->port());
  Peer second(server->port());
  for (Peer* peer : {&first, &second}) {
    REQUIRE(peer->send(get_with("Host: a\r\n")));
    CHECK(has_status(peer->answer(), 200));
  }
  const std::string answer = verdict(server->port(), get_with("Host: a\r\n"));
  check_refused(answer, 503, "HTTP_CONNECTIONS_TOO_MANY");
  CHECK(has(answer, "retry-after: 1\r\n"));
  CHECK(server->counters().overloaded == 1);
  REQUIRE(first.send(get_with("Host: a\r\nConnection: close\r\n")));
  CHECK(has_status(first.answer(), 200));
  first.rest();
  first.leave();
  // The server notices the end of the first one in its own time: ask until it has.
  std::string third;
  while (!has_status(third, 200)) {
    third = verdict(server->port(), get_with("Host: a\r\nConnection: close\r\n"));
    REQUIRE_FALSE(third.empty());
  }
  CHECK(server->counters().connections_open >= 1);
}

TEST_CASE("so many connections over the limit get 503 and the next one is closed without a word") {
  Scripted handler;
  ServerOptions options = patient();
  options.connections_max = 0;
  const auto server = started(handler, options);
  std::vector<std::unique_ptr<Peer>> peers;
  for (std::size_t i = 0; i < kOverloadedMax; ++i) {
    peers.push_back(std::make_unique<Peer>(server->port()));
    REQUIRE(has_status(peers.back()->answer(), 503));
  }
  CHECK(Peer(server->port()).rest().empty());
  CHECK(server->counters().overloaded == kOverloadedMax + 1);
}

TEST_CASE("a peer that stays after its last answer is cut") {
  Scripted handler;
  ServerOptions options = patient();
  options.write_deadline = kShort;
  const auto server = started(handler, options);
  Peer peer(server->port());
  REQUIRE(peer.send("damaged\r\n"));
  check_refused(peer.rest(), 400, "HTTP_REQUEST_LINE_INVALID");
  while (peer.send("x")) {  // ends with the reset that answers bytes to a closed socket
    pollfd entry{peer.descriptor(), 0, 0};
    if (::poll(&entry, 1, 1) != 0) break;
  }
  CHECK(server->counters().requests == 0);
}

TEST_CASE("a server without free descriptors goes on when there are some again") {
  Scripted handler;
  const auto server = started(handler, patient());
  rlimit usual{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &usual) == 0);
  const int next = ::dup(STDIN_FILENO);  // the lowest free number: the peer's socket
  REQUIRE(next >= 0);
  ::close(next);
  rlimit none = usual;
  none.rlim_cur = static_cast<rlim_t>(next) + 1;
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  Peer peer(server->port());
  peer.send(get_with("Host: a\r\n"));
  while (server->counters().accept_failures == 0) std::this_thread::yield();
  CHECK(server->counters().connections == 0);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &usual) == 0);
  CHECK(has_status(peer.answer(), 200));
}

TEST_CASE("a request whose header does not arrive in time ends in 408") {
  Scripted handler;
  ServerOptions options = patient();
  options.header_deadline = kShort;
  const auto server = started(handler, options);
  check_refused(verdict(server->port(), "GET / HT"), 408, "HTTP_REQUEST_TIMEOUT");
  // Also behind a first request that was served, and with bytes trickling in.
  Peer peer(server->port());
  REQUIRE(peer.send(get_with("Host: a\r\n")));
  CHECK(has_status(peer.answer(), 200));
  std::string header = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  while (peer.send(header)) {
    header = "x";
    pollfd entry{peer.descriptor(), POLLIN, 0};
    if (::poll(&entry, 1, 1) != 0) break;
  }
  check_refused(peer.rest(), 408, "HTTP_REQUEST_TIMEOUT");
}

TEST_CASE("a request whose body does not arrive in time ends in 408") {
  Scripted handler;
  ServerOptions options = patient();
  options.body_deadline = kShort;
  const auto server = started(handler, options);
  check_refused(verdict(server->port(), post_with("Content-Length: 5\r\n", "hell")), 408,
                "HTTP_REQUEST_TIMEOUT");
  check_refused(
      verdict(server->port(), post_with("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n")),
      408, "HTTP_REQUEST_TIMEOUT");
}

TEST_CASE("an idle connection is closed without a word, unused or used") {
  Scripted handler;
  ServerOptions options = patient();
  options.idle_deadline = kShort;
  const auto server = started(handler, options);
  CHECK(verdict(server->port(), "").empty());
  bool served = false;
  while (!served) {  // a slow machine may let the deadline pass before the request is sent
    Peer peer(server->port());
    peer.send(get_with("Host: a\r\n"));
    served = has_status(peer.answer(), 200);
    CHECK(peer.rest().empty());
  }
  CHECK(server->counters().refused == 0);
}

TEST_CASE("a peer that does not read its answer is cut with a reset") {
  Scripted handler;
  handler.on_handle = [](const HttpRequest&, const std::shared_ptr<BodySink>&,
                         const Respond& respond) {
    respond(text_answer(std::string(64UL << 20, 'x')));
  };
  ServerOptions options = patient();
  options.write_deadline = kShort;
  const auto server = started(handler, options);
  Peer peer(server->port(), 4096);
  REQUIRE(peer.send(get_with("Host: a\r\n")));
  pollfd entry{peer.descriptor(), 0, 0};  // a reset is reported without being asked for
  REQUIRE(::poll(&entry, 1, kPeerPatienceSeconds * 1000) == 1);
  CHECK((entry.revents & POLLERR) != 0);
}

TEST_CASE("a slow handler outlives every deadline of the peer") {
  Scripted handler;
  Desk desk;
  handler.on_handle = [&](const HttpRequest&, const std::shared_ptr<BodySink>&, Respond respond) {
    desk.put(std::move(respond));
  };
  ServerOptions options = patient();
  options.header_deadline = options.body_deadline = kShort;
  const auto server = started(handler, options);
  Peer slow(server->port());
  REQUIRE(slow.send(post_with("Content-Length: 1\r\n", "x")));
  const Respond respond = desk.take();
  // A request that comes to its own end afterwards shows that the deadlines have passed.
  check_refused(verdict(server->port(), "GET / HT"), 408, "HTTP_REQUEST_TIMEOUT");
  respond(text_answer("late"));
  CHECK(body_of(slow.answer()) == "late");
}

TEST_CASE("HTTP/1.0 gets one answer, even when it asks to be kept") {
  Scripted handler;
  const auto server = started(handler, patient());
  for (const std::string_view fields :
       {"", "Host: a\r\n", "Connection: keep-alive\r\n", "Connection: Keep-Alive, x\r\n"}) {
    const std::string request = "GET / HTTP/1.0\r\n" + std::string(fields) + "\r\n";
    const std::string answer = verdict(server->port(), request + request);
    CHECK(has_status(answer, 200));
    CHECK(has(answer, "Connection: close\r\n"));
    CHECK(body_of(answer) == "GET /  ");
  }
}

TEST_CASE("the connection ends after an answer when either side asks for it") {
  Scripted handler;
  handler.on_handle = [](const HttpRequest& request, const std::shared_ptr<BodySink>&,
                         const Respond& respond) {
    HttpResponse response;
    response.close = request.path == "/close";
    respond(response);
  };
  const auto server = started(handler, patient());
  const std::string second = get_with("Host: a\r\n");
  for (const std::string& first : {get_with("Host: a\r\nConnection: x, CLOSE\r\n"),
                                   std::string("GET /close HTTP/1.1\r\nHost: a\r\n\r\n")}) {
    const std::string answer = verdict(server->port(), first + second);
    CHECK(has(answer, "Connection: close\r\n"));
    CHECK(body_of(answer).empty());
  }
}

TEST_CASE("HEAD and answers without a body send headers only") {
  Scripted handler;
  handler.on_handle = [](const HttpRequest& request, const std::shared_ptr<BodySink>&,
                         const Respond& respond) {
    HttpResponse response = text_answer("12345");
    if (request.path == "/204") response.status = 204;
    if (request.path == "/304") response.status = 304;
    respond(response);
  };
  const auto server = started(handler, patient());
  Peer peer(server->port());
  REQUIRE(peer.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"));
  CHECK(has(peer.answer(true), "Content-Length: 5\r\n"));
  for (const std::string_view path : {"/204", "/304"}) {
    REQUIRE(peer.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n"));
    CHECK_FALSE(has(peer.answer(true), "Content-Length"));
  }
  REQUIRE(peer.send(get_with("Host: a\r\nConnection: close\r\n")));
  CHECK(body_of(peer.rest()) == "12345");
  // The server's own refusal of a HEAD has no body either.
  const std::string refused =
      verdict(server->port(), "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n");
  CHECK(has_status(refused, 413));
  CHECK(body_of(refused).empty());
}

TEST_CASE("an answer cannot split or reframe the response") {
  Scripted handler;
  HttpResponse answer;
  handler.on_handle = [&](const HttpRequest&, const std::shared_ptr<BodySink>&,
                          const Respond& respond) { respond(answer); };
  const auto server = started(handler, patient());
  Peer peer(server->port());
  const auto ask = [&] {
    REQUIRE(peer.send(get_with("Host: a\r\n")));
    return peer.answer();
  };
  answer.body = "body";
  answer.headers = {{"content-LENGTH", "1"}, {"Transfer-Encoding", "chunked"}, {"X", "y"}};
  const std::string framed = ask();
  CHECK(body_of(framed) == "body");
  CHECK_FALSE(has(framed, "chunked"));
  CHECK(has(framed, "X: y\r\n"));
  for (const auto& [name, value] : HttpHeaders{{"X", "a\r\nY: b"}, {"X:", "a"}, {"", "a"}}) {
    answer.headers = {{name, value}};
    CHECK(has(ask(), "\"outcome\":\"HTTP_HANDLER_FAILED\""));
  }
  answer.headers.clear();
  for (const int status : {0, 100, 199, 600}) {
    answer.status = status;
    CHECK(has_status(ask(), 500));
  }
  answer.status = 599;
  CHECK(has_status(ask(), 599));
}

TEST_CASE("a dropped Respond and a throwing handler end in 500 and the connection lives on") {
  Scripted handler;
  Desk desk;
  handler.on_handle = [&](const HttpRequest& request, const std::shared_ptr<BodySink>&,
                          Respond respond) {
    if (request.path == "/throw") throw std::runtime_error("handler");
    if (request.path == "/throw-number") throw 1;
    if (request.path == "/later")
      desk.put(std::move(respond));
    else if (request.path == "/twice") {
      respond(text_answer("first"));
      respond(text_answer("second"));
    }
  };
  const auto server = started(handler, patient());
  Peer peer(server->port());
  const auto ask = [&](std::string_view path) {
    REQUIRE(peer.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n"));
  };
  for (const std::string_view path : {"/drop", "/throw", "/throw-number"}) {
    ask(path);
    const std::string answer = peer.answer();
    CHECK(has_status(answer, 500));
    CHECK(has(answer, "\"outcome\":\"HTTP_HANDLER_FAILED\""));
  }
  ask("/later");
  {
    const Respond dropped = desk.take();
  }
  CHECK(has_status(peer.answer(), 500));
  ask("/twice");
  CHECK(body_of(peer.answer()) == "first");
  ask("/drop");
  CHECK(has_status(peer.answer(), 500));
  CHECK(server->counters().unanswered == 5);
  CHECK(server->counters().exceptions == 2);
}

TEST_CASE("a plan that throws ends in 500 and the connection ends") {
  Scripted handler;
  handler.on_plan = [](const HttpRequest&) -> BodyPlan { throw std::runtime_error("plan"); };
  const auto server = started(handler, patient());
  check_refused(verdict(server->port(), get_with("Host: a\r\n")), 500, "HTTP_HANDLER_FAILED");
}

TEST_CASE("an answer after the peer or the server has gone is dropped") {
  Scripted handler;
  Desk desk;
  handler.on_handle = [&](const HttpRequest&, const std::shared_ptr<BodySink>&, Respond respond) {
    desk.put(std::move(respond));
  };
  auto server = started(handler, patient());
  Respond orphan;
  {
    Peer peer(server->port());
    REQUIRE(peer.send(get_with("Host: a\r\n")));
    orphan = desk.take();
  }
  orphan(text_answer(std::string(1UL << 20, 'x')));
  Peer second(server->port());
  REQUIRE(second.send(get_with("Host: a\r\n")));
  const Respond late = desk.take();
  Peer third(server->port());
  REQUIRE(third.send(get_with("Host: a\r\n")));
  Respond forgotten = desk.take();
  server.reset();
  CHECK(second.rest().empty());
  late(text_answer("nobody"));
  forgotten = nullptr;
}

TEST_CASE("answers from several threads to many connections all arrive") {
  Scripted handler;
  Desk desk;
  handler.on_handle = [&](const HttpRequest& request, const std::shared_ptr<BodySink>&,
                          Respond respond) {
    desk.put([path = request.path, answer = std::move(respond)](HttpResponse response) {
      response.body = path;
      answer(std::move(response));
    });
  };
  ServerOptions options = patient();
  options.threads = 2;
  const auto server = started(handler, options);
  constexpr int kConnections = 16;
  constexpr int kRounds = 20;
  std::vector<std::thread> workers;
  for (int i = 0; i < 2; ++i) {
    workers.emplace_back([&] {
      for (int n = 0; n < kConnections * kRounds / 2; ++n) desk.take()({});
    });
  }
  std::vector<std::unique_ptr<Peer>> peers;
  for (int i = 0; i < kConnections; ++i) peers.push_back(std::make_unique<Peer>(server->port()));
  for (int round = 0; round < kRounds; ++round) {
    for (int i = 0; i < kConnections; ++i) {
      const std::string path = "/" + std::to_string(i) + "/" + std::to_string(round);
      REQUIRE(
          peers[static_cast<std::size_t>(i)]->send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    for (int i = 0; i < kConnections; ++i) {
      CHECK(body_of(peers[static_cast<std::size_t>(i)]->answer()) ==
            "/" + std::to_string(i) + "/" + std::to_string(round));
    }
  }
  for (std::thread& worker : workers) worker.join();
  CHECK(server->counters().requests == kConnections * kRounds);
}

TEST_CASE("drain lets a running request finish, closes idle connections, accepts no more") {
  Scripted handler;
  Desk desk;
  handler.on_handle = [&](const HttpRequest& request, const std::shared_ptr<BodySink>&,
                          Respond respond) {
    if (request.path == "/wait") return desk.put(std::move(respond));
    respond(text_answer("now"));
  };
  const auto server = started(handler, patient());
  Peer idle(server->port());
  REQUIRE(idle.send(get_with("Host: a\r\n")));
  CHECK(body_of(idle.answer()) == "now");
  Peer fresh(server->port());
  Peer busy(server->port());
  REQUIRE(busy.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\nGET /next HTTP/1.1\r\nHost: a\r\n\r\n"));
  const Respond respond = desk.take();
  std::thread drain([&] { server->drain(kForever); });
  CHECK(idle.rest().empty());
  CHECK(fresh.rest().empty());
  respond(text_answer("finished"));
  const std::string last = busy.rest();
  busy.leave();
  drain.join();
  CHECK(has(last, "Connection: close\r\n"));
  CHECK(body_of(last) == "finished");
  CHECK_FALSE(Peer(server->port()).connected());
  CHECK(server->counters().connections_open == 0);
  server->drain();
}

TEST_CASE("drain cuts what is still busy at its deadline") {
  Scripted handler;
  Desk desk;
  handler.on_handle = [&](const HttpRequest&, const std::shared_ptr<BodySink>&, Respond respond) {
    desk.put(std::move(respond));
  };
  const auto server = started(handler, patient());
  Peer stuck(server->port());
  REQUIRE(stuck.send(get_with("Host: a\r\n")));
  const Respond respond = desk.take();
  Peer half(server->port());
  REQUIRE(half.send("GET / HT"));
  server->drain(kShort);
  CHECK(stuck.rest().empty());
  CHECK(half.rest().empty());
  CHECK(server->counters().connections_open == 0);
  respond(text_answer("too late"));
}

namespace {

// Collects an upload; `fail_at` bytes and more are refused.
class Collector : public BodySink {
 public:
  Collector(std::string& text, std::atomic<bool>& gone, std::size_t fail_at,
            const std::optional<HttpResponse>& refusal)
      : text_(text), gone_(gone), fail_at_(fail_at), refusal_(refusal) {}
  ~Collector() override { gone_ = true; }
  Status write(ByteView bytes) override {
    text_ += as_text(bytes);
    if (text_.size() >= fail_at_) return Error{"DISK_FULL", "no room", {}};
    return {};
  }
  std::optional<HttpResponse> refusal() override { return refusal_; }

 private:
  std::string& text_;
  std::atomic<bool>& gone_;
  std::size_t fail_at_;
  std::optional<HttpResponse> refusal_;
};

struct Upload {
  std::string text;
  std::atomic<bool> sink_gone = false;
  std::size_t fail_at = SIZE_MAX;
  std::optional<HttpResponse> refusal;
  bool handled = false;
  Scripted handler;

  Upload() {
    handler.on_plan = [this](const HttpRequest&) {
      BodyPlan plan;
      plan.bytes_max = 64UL << 20;
      plan.sink = std::make_shared<Collector>(text, sink_gone, fail_at, refusal);
      return plan;
    };
    handler.on_handle = [this](const HttpRequest& request, const std::shared_ptr<BodySink>& sink,
                               const Respond& respond) {
      handled = true;
      respond(text_answer(sink && request.body.empty() ? std::to_string(text.size()) : "wrong"));
    };
  }
};

}  // namespace

TEST_CASE("an upload streams into its sink, sized or chunked") {
  for (const bool chunked : {false, true}) {
    Upload upload;
    const auto server = started(upload.handler, patient());
    std::string body(20UL << 20, 'x');  // more than two slices of the body deadline
    for (std::size_t i = 0; i < body.size(); i += 1000) body[i] = static_cast<char>('a' + i % 23);
    Peer peer(server->port());
    if (chunked) {
      REQUIRE(peer.send(post_with("Transfer-Encoding: chunked\r\n", "1400000\r\n")));
      REQUIRE(peer.send(body));
      REQUIRE(peer.send("\r\n0\r\n\r\n"));
    } else {
      REQUIRE(peer.send(post_with("Content-Length: 20971520\r\n", body)));
    }
    CHECK(body_of(peer.answer()) == "20971520");
    CHECK(upload.text == body);
  }
}

TEST_CASE("an upload that never becomes whole drops its sink without reaching the handler") {
  Upload upload;
  auto server = started(upload.handler, patient());
  {
    Peer peer(server->port());
    REQUIRE(peer.send(post_with("Content-Length: 100\r\nExpect: 100-continue\r\n", "")));
    CHECK(has_status(peer.answer(true), 100));
    CHECK_FALSE(upload.sink_gone);
    REQUIRE(peer.send("half"));
  }
  // A drain waits for connections that are busy; this one ends because its peer has left.
  server->drain(kForever);
  CHECK(upload.sink_gone);
  CHECK_FALSE(upload.handled);
}

TEST_CASE("a sink that fails ends the upload with 500 and the connection") {
  Upload upload;
  upload.fail_at = 100'000;
  const auto server = started(upload.handler, patient());
  check_refused(verdict(server->port(),
                        post_with("Content-Length: 1000000\r\n", std::string(1'000'000, 'x'))),
                500, "HTTP_BODY_NOT_STORED");
  CHECK_FALSE(upload.handled);
}

TEST_CASE("a sink that says why it fails gives the answer, and the connection ends") {
  Upload upload;
  upload.fail_at = 100'000;
  upload.refusal = text_answer("enough");
  upload.refusal->status = 429;
  const auto server = started(upload.handler, patient());
  const auto answer = verdict(
      server->port(), post_with("Content-Length: 1000000\r\n", std::string(1'000'000, 'x')));
  CHECK(has_status(answer, 429));
  CHECK(has(answer, "Connection: close\r\n"));
  CHECK(body_of(answer) == "enough");
  CHECK_FALSE(upload.handled);
}

TEST_CASE("Expect: 100-continue is answered after the plan and before the body") {
  Scripted handler;
  handler.on_plan = [](const HttpRequest& head) {
    BodyPlan plan;
    plan.bytes_max = 10;
    if (head.path == "/refuse") {
      plan.refuse = text_answer("no");
      plan.refuse->status = 403;
    }
    return plan;
  };
  const auto server = started(handler, patient());
  Peer peer(server->port());
  REQUIRE(peer.send(post_with("Expect: 100-Continue\r\nContent-Length: 2\r\n", "")));
  CHECK(peer.answer(true) == "HTTP/1.1 100 Continue\r\n\r\n");
  REQUIRE(peer.send("hi"));
  CHECK(body_of(peer.answer()) == "POST /  hi");
  // The body is already there, or there is none: no interim answer.
  REQUIRE(peer.send(post_with("Expect: 100-continue\r\nContent-Length: 2\r\n", "hi")));
  CHECK(body_of(peer.answer()) == "POST /  hi");
  REQUIRE(peer.send(post_with("Expect: 100-continue\r\nContent-Length: 0\r\n", "")));
  CHECK(body_of(peer.answer()) == "POST /  ");
  // Refused before the body: a final answer at once.
  check_refused(
      verdict(server->port(), post_with("Expect: 100-continue\r\nContent-Length: 11\r\n", "")), 413,
      "HTTP_BODY_TOO_LARGE");
  const std::string refused = verdict(
      server->port(),
      "PUT /refuse HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
  CHECK(has_status(refused, 403));
  CHECK(has(refused, "Connection: close\r\n"));
  check_refused(verdict(server->port(), get_with("Host: a\r\nExpect: coffee\r\n")), 417,
                "HTTP_EXPECTATION_UNKNOWN");
  const std::string old = verdict(
      server->port(), "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
  CHECK(body_of(old) == "POST /  hi");
}

TEST_CASE("a refusal by the plan keeps the connection only where no body is outstanding") {
  Scripted handler;
  handler.on_plan = [](const HttpRequest&) {
    BodyPlan plan;
    plan.refuse = text_answer("refused");
    plan.refuse->status = 404;
    return plan;
  };
  const auto server = started(handler, patient());
  Peer peer(server->port());
  for (int i = 0; i < 2; ++i) {
    REQUIRE(peer.send(get_with("Host: a\r\n")));
    CHECK(has_status(peer.answer(), 404));
  }
  REQUIRE(peer.send(post_with("Content-Length: 40\r\n", get_with("Host: a\r\n"))));
  const std::string last = peer.rest();
  CHECK(has(last, "Connection: close\r\n"));
  CHECK(body_of(last) == "refused");
}

TEST_CASE("a peer that closes its sending side still gets its answer") {
  Scripted handler;
  const auto server = started(handler, patient());
  Peer peer(server->port());
  REQUIRE(peer.send(get_with("Host: a\r\n")));
  ::shutdown(peer.descriptor(), SHUT_WR);
  CHECK(body_of(peer.rest()) == "GET /  ");
}

TEST_CASE("a server says why it cannot listen") {
  Scripted handler;
  const auto server = started(handler, patient());
  ServerOptions options = patient();
  options.port = server->port();
  CHECK(HttpServer::start(options, handler).error().name == "LISTEN_FAILED");
  options.port = 0;
  options.host = "256.1.1.1";
  CHECK(HttpServer::start(options, handler).error().name == "LISTEN_FAILED");
}

TEST_CASE("dates, phrases and problem documents have one form") {
  CHECK(http_date(784'111'777) == "Sun, 06 Nov 1994 08:49:37 GMT");  // RFC 9110 section 5.6.7
  CHECK(http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
  CHECK(http_date(1'709'210'096) == "Thu, 29 Feb 2024 12:34:56 GMT");
  CHECK(reason_phrase(299) == "Unknown");
  const HttpResponse problem = problem_response({"HTTP_BODY_TOO_LARGE", "a \"b\"", {}});
  CHECK(problem.status == 413);
  CHECK(problem.header("content-type") == kProblemType);
  CHECK(problem.body ==
        "{\"type\":\"urn:mrv-ledger:http:HTTP_BODY_TOO_LARGE\",\"title\":\"Content Too "
        "Large\",\"status\":413,"
        "\"outcome\":\"HTTP_BODY_TOO_LARGE\",\"detail\":\"a \\\"b\\\" / "
        "请求体超过此处允许的大小。\"}\n");
}

namespace {

std::string local_url(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

HttpClient client_of(std::uint16_t port) {
  auto client = HttpClient::connect(local_url(port), kForever);
  REQUIRE(client.ok());
  return std::move(client).value();
}

// A server that says fixed bytes: for each connection, the answers to its requests in turn; then it
// closes. An empty answer closes without one.
class Parrot {
 public:
  explicit Parrot(std::vector<std::vector<std::string>> connections) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(listener_ >= 0);
    REQUIRE(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listener_, 8) == 0);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, script = std::move(connections)] { run(script); });
  }
  Parrot(const Parrot&) = delete;
  Parrot& operator=(const Parrot&) = delete;
  ~Parrot() {
    thread_.join();
    ::close(listener_);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  void run(const std::vector<std::vector<std::string>>& connections) const {
    for (const auto& answers : connections) {
      const int peer = ::accept(listener_, nullptr, nullptr);
      if (peer < 0) return;
      for (const std::string& answer : answers) {
        std::string received;
        std::array<char, 4096> bytes{};
        while (received.find("\r\n\r\n") == std::string::npos) {
          const ssize_t size = ::recv(peer, bytes.data(), bytes.size(), 0);
          if (size <= 0) break;
          received.append(bytes.data(), static_cast<std::size_t>(size));
        }
        if (::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
      }
      ::close(peer);
    }
  }

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

}  // namespace

TEST_CASE("the client keeps its connection over requests of every kind") {
  Scripted handler;
  const auto server = started(handler, patient());
  HttpClient client = client_of(server->port());
  CHECK(client.request("GET", "/a?b=c")->body == "GET /a b=c ");
  CHECK(client.request("POST", "/", {{"X", "y"}}, as_bytes("hello"))->body == "POST /  hello");
  CHECK(client.request("POST", "/")->body == "POST /  ");
  const auto head = client.request("HEAD", "/");
  CHECK(head->body.empty());
  CHECK(head->header("content-length") == "8");
  CHECK(client.request("PUT", "/", {{"Expect", "100-continue"}}, as_bytes("x"))->body ==
        "PUT /  x");
  CHECK(server->counters().connections == 1);
  CHECK(client.request("GET", "/", {{"Connection", "close"}})->close);
  CHECK(client.request("GET", "/")->status == 200);
  CHECK(server->counters().connections == 2);
}

TEST_CASE("the client takes an early answer to a large upload") {
  Scripted handler;
  const auto server = started(handler, patient());
  HttpClient client = client_of(server->port());
  const Bytes large(32UL << 20, 0x55);
  const auto refused = client.request("PUT", "/", {}, large);
  REQUIRE_MESSAGE(refused.ok(), refused.error().detail);
  CHECK(refused->status == 413);
  CHECK(client.request("GET", "/")->status == 200);
}

TEST_CASE("the client connects again when its idle connection was closed") {
  Scripted handler;
  auto server = started(handler, patient());
  ServerOptions options = patient();
  options.port = server->port();
  HttpClient client = client_of(options.port);
  CHECK(client.request("GET", "/")->status == 200);
  server.reset();
  CHECK(client.request("GET", "/").error().name == "CONNECT_FAILED");
  server = started(handler, options);
  CHECK(client.request("GET", "/")->status == 200);
}

TEST_CASE("the client sends once more when the connection ends under a request, and only once") {
  {
    const Parrot parrot({{kOk, ""}, {kOk}});
    HttpClient client = client_of(parrot.port());
    CHECK(client.request("GET", "/")->body == "ok");
    CHECK(client.request("GET", "/")->body == "ok");
  }
  {
    const Parrot parrot({{kOk, ""}, {""}});
    HttpClient client = client_of(parrot.port());
    CHECK(client.request("GET", "/")->body == "ok");
    CHECK(client.request("GET", "/").error().name == "HTTP_FAILED");
  }
  {
    // An answer had begun: the request is not sent again.
    const Parrot parrot({{kOk, "HTTP/1.1 2"}});
    HttpClient client = client_of(parrot.port());
    CHECK(client.request("GET", "/")->body == "ok");
    CHECK(client.request("GET", "/").error().name == "HTTP_FAILED");
  }
}

TEST_CASE("the client gives up at its time limit") {
  Scripted handler;
  Desk desk;
  handler.on_handle = [&](const HttpRequest&, const std::shared_ptr<BodySink>&, Respond respond) {
    desk.put(std::move(respond));
  };
  const auto server = started(handler, patient());
  auto client = HttpClient::connect(local_url(server->port()), kShort);
  REQUIRE(client.ok());
  CHECK(client->request("GET", "/").error().name == "HTTP_FAILED");
  const Respond unread = desk.take();  // the request did arrive
}

TEST_CASE("the client takes a body of its limit and refuses one byte more") {
  Scripted handler;
  const auto server = started(handler, patient());
  HttpClient client = client_of(server->port());
  CHECK(client.request("GET", "/", {}, {}, 7)->body.size() == 7);
  CHECK(client.request("GET", "/", {}, {}, 6).error().name == "HTTP_FAILED");
}

TEST_CASE("the client sends nothing that would split a request") {
  Scripted handler;
  const auto server = started(handler, patient());
  HttpClient client = client_of(server->port());
  CHECK(client.request("GET", "/ HTTP/1.1\r\nX: y").error().name == "HTTP_FAILED");
  CHECK(client.request("GET", "a").error().name == "HTTP_FAILED");
  CHECK(client.request("G T", "/").error().name == "HTTP_FAILED");
  CHECK(client.request("GET", "/", {{"X", "y\r\nZ: 1"}}).error().name == "HTTP_FAILED");
  CHECK(client.request("GET", "/", {{"X:", "y"}}).error().name == "HTTP_FAILED");
  CHECK(server->counters().requests == 0);
}

TEST_CASE("URLs are read or refused") {
  CHECK(parse_url("http://a")->port == 80);
  CHECK(parse_url("http://a.example:8080/")->port == 8080);
  CHECK(parse_url("http://[::1]:1")->host == "::1");
  CHECK(parse_url("http://[::1]")->port == 80);
  CHECK(parse_url("http://a:65535")->port == 65535);
  for (const std::string_view url : {"",
                                     "a",
                                     "a:80",
                                     "http://",
                                     "http:///",
                                     "https://a",
                                     "ftp://a",
                                     "http://a:",
                                     "http://a:0",
                                     "http://a:65536",
                                     "http://a:000080",
                                     "http://a:8x",
                                     "http://a/b",
                                     "http://a//",
                                     "http://a?b",
                                     "http://u@a",
                                     "http://[::1",
                                     "http://[]",
                                     "http://[::1]x",
                                     "http://a b",
                                     "http://[x]"}) {
    CAPTURE(url);
    REQUIRE_FALSE(parse_url(url).ok());
    CHECK(parse_url(url).error().name == "URL_INVALID");
    CHECK(HttpClient::connect(url).error().name == "URL_INVALID");
  }
}

namespace {

Result<HttpResponse> read_answer(std::string_view bytes, std::size_t piece, bool head = false) {
  ResponseReader reader(head, {100, 10});
  while (!bytes.empty()) {
    const std::size_t size = std::min(piece, bytes.size());
    MRV_CHECK(reader.feed(bytes.substr(0, size)));
    bytes.remove_prefix(size);
  }
  if (!reader.done()) MRV_CHECK(reader.end());
  return reader.take();
}

}  // namespace

TEST_CASE("answers are read alike wherever they are cut") {
  const std::vector<std::pair<std::string, std::string>> answers = {
      {kOk, "ok"},
      {"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", ""},
      {"HTTP/1.1 200 \r\n\r\nuntil end", "until end"},
      {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", "x"},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 X\r\nA: b\r\n\r\n" + kOk, "ok"},
      {"HTTP/1.1 204 No Content\r\n\r\n", ""},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "ok"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789", "0123456789"},
  };
  for (const auto& [bytes, body] : answers) {
    CAPTURE(bytes);
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
      const auto answer = read_answer(bytes, piece);
      REQUIRE(answer.ok());
      CHECK(answer->body == body);
    }
  }
  CHECK(read_answer("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", 7, true)->body.empty());
}

TEST_CASE("damaged answers are refused wherever they are cut") {
  const std::string head = "HTTP/1.1 200 OK\r\n";
  for (const std::string& bytes :
       {std::string("HTTP/1.1 200 OK\r\n"), std::string("HTTP/2 200 OK\r\n\r\n"),
        std::string("HTTP/1.1 20 OK\r\n\r\n"), std::string("HTTP/1.1 2000 OK\r\n\r\n"),
        std::string("HTTP/1.1 099 OK\r\n\r\n"), std::string("HTTP/1.1 600 OK\r\n\r\n"),
        std::string("HTTP/1.1 101 Switching Protocols\r\n\r\n"), std::string("\r\n\r\n"),
        head + "Content-Length: 3\r\n\r\nok", head + "Content-Length: 1\r\n\r\nok",
        head + "Content-Length: 11\r\n\r\n01234567890", head + "\r\n01234567890",
        head + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok",
        head + "Transfer-Encoding: gzip\r\n\r\nok", head + " folded: x\r\n\r\n",
        head + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n",
        head + "Transfer-Encoding: chunked\r\n\r\nx\r\n",
        head + "Transfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n",
        head + "X: " + std::string(100, 'x') + "\r\n\r\n"}) {
    CAPTURE(bytes);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{5}, bytes.size()}) {
      const auto answer = read_answer(bytes, piece);
      REQUIRE_FALSE(answer.ok());
      CHECK(answer.error().name == "HTTP_FAILED");
    }
  }
}

TEST_CASE("percent-encoding is undone strictly") {
  CHECK(*percent_decode("a%20b+c%2B") == "a b+c+");
  CHECK(*percent_decode("%E4%B8%AD%e6%96%87") == "\xE4\xB8\xAD\xE6\x96\x87");
  CHECK(percent_decode("")->empty());
  for (const std::string_view text : {"%", "%4", "a%", "%4g", "%g4", "%%41", "%00", "%0A", "%7F",
                                      "%FF", "%C3", "%C0%80", "%ED%A0%80", "\xFF"}) {
    CAPTURE(text);
    REQUIRE_FALSE(percent_decode(text).ok());
    CHECK(percent_decode(text).error().name == "PERCENT_INVALID");
  }
  CHECK(percent_encode("aZ09-._~ /%\xC3\xA4") == "aZ09-._~%20%2F%25%C3%A4");
  for (int byte = 0x20; byte < 0x7F; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    CHECK(*percent_decode(percent_encode(text)) == text);
  }
}

TEST_CASE("paths come apart into segments, or are refused") {
  CHECK(path_segments("/")->empty());
  CHECK(*path_segments("/v1/acts/a%20b") == std::vector<std::string>{"v1", "acts", "a b"});
  for (const std::string_view path :
       {"", "a", "//", "/a/", "/a//b", "/.", "/..", "/%2e%2E", "/a%2Fb", "/a/../b"}) {
    CAPTURE(path);
    REQUIRE_FALSE(path_segments(path).ok());
    CHECK(path_segments(path).error().name == "PATH_INVALID");
  }
  CHECK(path_segments("/%zz").error().name == "PERCENT_INVALID");
  std::string path;
  for (std::size_t i = 0; i < kPathSegmentsMax; ++i) path += "/a";
  CHECK(path_segments(path)->size() == kPathSegmentsMax);
  CHECK(path_segments(path + "/a").error().name == "PATH_INVALID");
}

TEST_CASE("queries come apart into parameters, or are refused by name") {
  CHECK(parse_query("")->empty());
  const auto query = parse_query("a=1&b=&c%20=x%26y+z%2B&d==");
  REQUIRE(query.ok());
  CHECK(*query == QueryParameters{{"a", "1"}, {"b", ""}, {"c ", "x&y z+"}, {"d", "="}});
  CHECK(*find_parameter(*query, "a") == "1");
  CHECK(find_parameter(*query, "e") == nullptr);
  const auto name_of = [](std::string_view text) { return parse_query(text).error().name; };
  for (const std::string_view text : {"a", "=", "=1", "&", "a=1&", "&a=1", "a=1&&b=2"}) {
    CAPTURE(text);
    CHECK(name_of(text) == "QUERY_INVALID");
  }
  CHECK(name_of("a=1&a=1") == "QUERY_REPEATED");
  CHECK(name_of("a=1&%61=2") == "QUERY_REPEATED");
  CHECK(name_of("a=%") == "PERCENT_INVALID");
  CHECK(name_of("%00=1") == "PERCENT_INVALID");
  std::string many = "p0=";
  for (std::size_t i = 1; i < kQueryParametersMax; ++i) many += "&p" + std::to_string(i) + "=";
  CHECK(parse_query(many)->size() == kQueryParametersMax);
  CHECK(name_of(many + "&q=") == "QUERY_TOO_LONG");
}
