// The blocking client: one non-blocking socket, one poll loop that sends and receives together.
#include "api/http/client.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/http/fields.h"
#include "api/http/response_reader.h"

namespace mrv::api {

// Owns one descriptor. Not of the anonymous namespace, because HttpClient::Session holds one.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    if (this != &other) {
      reset();
      descriptor_ = std::exchange(other.descriptor_, -1);
    }
    return *this;
  }
  ~Socket() { reset(); }
  void reset() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }
  [[nodiscard]] bool open() const { return descriptor_ >= 0; }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kReadBytes = 64UL * 1024;

Error bad_url(const char* why) { return {"URL_INVALID", why, {}}; }
Error connect_failed(std::string why) { return {"CONNECT_FAILED", std::move(why), {}}; }
Error failed(std::string why) { return {"HTTP_FAILED", std::move(why), {}}; }

std::string system_text(int number) { return std::strerror(number); }

// The events that are there, or 0 at the deadline.
int wait_for(int descriptor, int events, Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd entry{descriptor, static_cast<short>(events), 0};
    const auto wait = std::clamp<long long>(left, 0, std::numeric_limits<int>::max());
    const int ready = ::poll(&entry, 1, static_cast<int>(wait));
    if (ready > 0) return entry.revents;
    if (ready == 0 || errno != EINTR) return 0;
  }
}

Result<Socket> connect_one(const addrinfo& address, Clock::time_point deadline) {
  Socket socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.open()) return connect_failed(system_text(errno));
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0) return socket;
  if (errno != EINPROGRESS) return connect_failed(system_text(errno));
  if (wait_for(socket.get(), POLLOUT, deadline) == 0) return connect_failed("no answer in time");
  int problem = 0;
  socklen_t size = sizeof problem;
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &problem, &size);
  if (problem != 0) return connect_failed(system_text(problem));
  return socket;
}

Result<Socket> connect_to(const HttpUrl& url, Clock::time_point deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int problem =
      ::getaddrinfo(url.host.c_str(), std::to_string(url.port).c_str(), &hints, &found);
  const std::string where = url.host + ":" + std::to_string(url.port) + ": ";
  if (problem != 0) return connect_failed(where + ::gai_strerror(problem));
  Result<Socket> last = connect_failed("no address");
  for (const addrinfo* each = found; each != nullptr && !last.ok(); each = each->ai_next) {
    last = connect_one(*each, deadline);
  }
  ::freeaddrinfo(found);
  if (!last.ok()) return connect_failed(where + last.error().detail);
  return last;
}

Result<std::string> request_text(std::string_view host, std::string_view method,
                                 std::string_view target, const HttpHeaders& headers,
                                 ByteView body) {
  const auto is_target_byte = [](char c) { return c > 0x20 && c < 0x7F; };
  if (!is_token(method) || !target.starts_with('/') ||
      !std::all_of(target.begin(), target.end(), is_target_byte)) {
    return failed("the method or target cannot be sent");
  }
  std::string text(method);
  text.append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
  for (const auto& [name, value] : headers) {
    if (!is_token(name) || !is_field_value(value)) return failed("a header cannot be sent");
    text.append(name).append(": ").append(value).append("\r\n");
  }
  if (!body.empty() || method == "POST" || method == "PUT" || method == "PATCH") {
    text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  }
  text += "\r\n";
  return text;
}

// What remains to be sent: the head, then the body.
struct Outgoing {
  std::string_view head;
  std::string_view body;
  [[nodiscard]] bool empty() const { return head.empty() && body.empty(); }
  [[nodiscard]] std::string_view front() const { return head.empty() ? body : head; }
  void sent(std::size_t size) { (head.empty() ? body : head).remove_prefix(size); }
};

// False when the peer takes no more; its answer may still be there to read.
bool send_some(int descriptor, Outgoing& outgoing) {
  while (!outgoing.empty()) {
    const std::string_view piece = outgoing.front();
    const ssize_t size = ::send(descriptor, piece.data(), piece.size(), MSG_NOSIGNAL);
    if (size < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    outgoing.sent(static_cast<std::size_t>(size));
  }
  return true;
}

// Sends and receives until the answer is whole. Whatever is not sent by then stays unsent.
Status exchange(int descriptor, Outgoing& outgoing, ResponseReader& reader,
                Clock::time_point deadline) {
  std::array<char, kReadBytes> bytes{};
  bool sending = true;
  while (!reader.done()) {
    const bool wants_out = sending && !outgoing.empty();
    const int events = wait_for(descriptor, POLLIN | (wants_out ? POLLOUT : 0), deadline);
    if (events == 0) return failed("the server did not answer in time");
    if ((events & POLLOUT) != 0) sending = send_some(descriptor, outgoing);
    if ((events & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
    const ssize_t size = ::recv(descriptor, bytes.data(), bytes.size(), 0);
    if (size == 0) {
      MRV_CHECK(reader.end());
    } else if (size > 0) {
      MRV_CHECK(reader.feed({bytes.data(), static_cast<std::size_t>(size)}));
    } else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
      return failed("the connection was lost: " + system_text(errno));
    }
  }
  return {};
}

Result<std::uint16_t> parse_port(std::string_view text) {
  constexpr unsigned kPortMax = 65'535;
  constexpr std::size_t kPortDigitsMax = 5;
  unsigned port = 0;
  if (text.empty() || text.size() > kPortDigitsMax) return bad_url("the port is no port number");
  for (const char c : text) {
    if (c < '0' || c > '9') return bad_url("the port is no port number");
    port = port * 10 + static_cast<unsigned>(c - '0');
  }
  if (port == 0 || port > kPortMax) return bad_url("the port is no port number");
  return static_cast<std::uint16_t>(port);
}

bool is_host_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '.' || c == '_';
}

bool is_address_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' ||
         c == '.';
}

}  // namespace

Result<HttpUrl> parse_url(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (url.starts_with("https://")) return bad_url("https is not spoken here: use a local proxy");
  if (!url.starts_with(kScheme)) return bad_url("a URL starts with http://");
  url.remove_prefix(kScheme.size());
  if (url.ends_with('/')) url.remove_suffix(1);
  HttpUrl parsed;
  const bool bracketed = url.starts_with('[');
  const auto host_end = bracketed ? url.find(']') : url.find(':');
  if (bracketed && host_end == std::string_view::npos) return bad_url("a bracket is open");
  parsed.host = bracketed ? url.substr(1, host_end - 1) : url.substr(0, host_end);
  const auto well_formed = bracketed ? is_address_char : is_host_char;
  if (parsed.host.empty() || !std::all_of(parsed.host.begin(), parsed.host.end(), well_formed)) {
    return bad_url("the host is no name or address");
  }
  const auto rest = host_end == std::string_view::npos
                        ? std::string_view()
                        : url.substr(bracketed ? host_end + 1 : host_end);
  if (rest.empty()) return parsed;
  if (rest.front() != ':') return bad_url("only a port follows the host");
  MRV_TRY(parsed.port, parse_port(rest.substr(1)));
  return parsed;
}

struct HttpClient::Session {
  HttpUrl url;
  std::chrono::milliseconds timeout{};
  std::string host_field;
  Socket socket;

  // The server closes an idle connection by ending it; bytes without a request are no better.
  void drop_if_closed() {
    if (socket.open() && wait_for(socket.get(), POLLIN, Clock::now()) != 0) socket.reset();
  }
  Status open(Clock::time_point deadline) {
    MRV_TRY(socket, connect_to(url, deadline));
    return {};
  }
};

HttpClient::HttpClient(std::unique_ptr<Session> session) : session_(std::move(session)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

Result<HttpClient> HttpClient::connect(std::string_view url, std::chrono::milliseconds timeout) {
  auto session = std::make_unique<Session>();
  MRV_TRY(session->url, parse_url(url));
  session->timeout = timeout;
  const bool address = session->url.host.find(':') != std::string::npos;
  session->host_field = (address ? "[" + session->url.host + "]" : session->url.host) + ":" +
                        std::to_string(session->url.port);
  MRV_CHECK(session->open(Clock::now() + timeout));
  return HttpClient(std::move(session));
}

Result<HttpResponse> HttpClient::request(std::string_view method, std::string_view target,
                                         const HttpHeaders& headers, ByteView body,
                                         std::size_t body_bytes_max) {
  Session& session = *session_;
  MRV_TRY(const std::string head, request_text(session.host_field, method, target, headers, body));
  const auto deadline = Clock::now() + session.timeout;
  session.drop_if_closed();
  for (;;) {
    const bool fresh = !session.socket.open();
    if (fresh) MRV_CHECK(session.open(deadline));
    Outgoing outgoing{head, as_text(body)};
    ResponseReader reader(method == "HEAD", {kClientHeadBytesMax, body_bytes_max});
    const Status done = exchange(session.socket.get(), outgoing, reader, deadline);
    if (done.ok()) {
      if (!reader.keep_alive() || !outgoing.empty()) session.socket.reset();
      return reader.take();
    }
    // Closed while it was idle: nothing of an answer came. At most once, for a new one is fresh.
    const bool again = !fresh && !reader.started() && Clock::now() < deadline;
    session.socket.reset();
    if (!again) return done.error();
  }
}

}  // namespace mrv::api
