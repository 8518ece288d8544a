// The bytes of a connection are the same requests, or the same refusal, however they arrive: in one
// piece, byte by byte, or split anywhere. What is accepted means one thing: one framing, one Host
// for HTTP/1.1, a head that is accepted again when it is written out, and a body that another
// reading of the chunks gives too.
// fuzz-links: mrv_api
// fuzz-mutations: 1000
#include <algorithm>
#include <cstdlib>
#include <optional>
#include <vector>

#include "api/http/chunked.h"
#include "api/http/query.h"
#include "api/http/second_opinion.h"
#include "api/http/server.h"

namespace {

using namespace mrv;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Request {
  api::RequestHead head;  // with the body
  std::string head_bytes;
  std::string body_bytes;  // as they came
};

// The steps of a connection over bytes that arrive piece by piece (api/http/connection.cpp).
class Reading {
 public:
  void feed(std::string_view piece) {
    input_.append(piece);
    bool moves = true;
    while (moves && error_.empty()) moves = request_ ? read_body() : read_head();
  }
  [[nodiscard]] const std::vector<Request>& requests() const { return requests_; }
  [[nodiscard]] const std::string& error() const { return error_; }
  // Whether a request has begun that is not whole.
  [[nodiscard]] bool waiting() const { return request_.has_value() || !input_.empty(); }

 private:
  bool fail(const Error& error) {
    error_ = error.name;
    return false;
  }

  bool read_head() {
    if (input_.empty()) return false;
    const auto size = scanner_.scan(input_);
    if (!size.ok()) return fail(size.error());
    if (*size == 0) return false;
    const std::string bytes = input_.substr(0, *size);
    auto head = api::parse_request_head(bytes);
    if (!head.ok()) return fail(head.error());
    if (const auto agreed = api::agrees_with_beast(bytes, *head); !agreed.ok()) {
      return fail(agreed.error());
    }
    input_.erase(0, *size);
    left_ = head->framing.length;
    chunks_ = {};
    request_ = Request{*std::move(head), bytes, {}};
    return true;
  }

  bool read_body() {
    const bool chunked = request_->head.framing.kind == api::Framing::chunked;
    if (!chunked) take(input_.substr(0, left_), std::min<std::uint64_t>(left_, input_.size()));
    while (chunked && !input_.empty() && !chunks_.done()) {
      const auto step = chunks_.next(input_);
      if (!step.ok()) return fail(step.error());
      take(std::string(step->data), step->consumed);
    }
    if (chunked ? !chunks_.done() : left_ > 0) return false;
    requests_.push_back(*std::exchange(request_, std::nullopt));
    scanner_ = api::HeadScanner(api::kHeaderBytesMax);
    return true;
  }

  void take(const std::string& data, std::size_t consumed) {
    request_->head.request.body += data;
    request_->body_bytes += input_.substr(0, consumed);
    input_.erase(0, consumed);
    if (request_->head.framing.kind == api::Framing::length) left_ -= consumed;
  }

  std::string input_;
  api::HeadScanner scanner_{api::kHeaderBytesMax};
  std::optional<Request> request_;
  std::uint64_t left_ = 0;
  api::ChunkDecoder chunks_;
  std::vector<Request> requests_;
  std::string error_;
};

bool same_head(const api::RequestHead& a, const api::RequestHead& b) {
  return a.request.method == b.request.method && a.request.path == b.request.path &&
         a.request.query == b.request.query && a.request.headers == b.request.headers &&
         a.framing.kind == b.framing.kind && a.framing.length == b.framing.length &&
         a.http_1_1 == b.http_1_1 && a.close == b.close && a.expects_continue == b.expects_continue;
}

void require_same(const Reading& a, const Reading& b) {
  require(a.error() == b.error() && a.waiting() == b.waiting());
  require(a.requests().size() == b.requests().size());
  for (std::size_t i = 0; i < a.requests().size(); ++i) {
    const auto& one = a.requests()[i];
    const auto& other = b.requests()[i];
    require(same_head(one.head, other.head) && one.head_bytes == other.head_bytes);
    require(one.head.request.body == other.head.request.body);
    require(one.body_bytes == other.body_bytes);
  }
}

// Lines of the head whose name is `name` to whoever reads carelessly: any case, any space around.
std::size_t careless_count(std::string_view head, std::string_view name) {
  std::size_t count = 0;
  for (std::size_t at = head.find('\n'); at != std::string_view::npos; at = head.find('\n', at)) {
    ++at;
    while (at < head.size() && (head[at] == ' ' || head[at] == '\t')) ++at;
    std::size_t matched = 0;
    while (matched < name.size() && at + matched < head.size() &&
           api::to_lower(head.substr(at + matched, 1)) == name.substr(matched, 1)) {
      ++matched;
    }
    const auto rest = head.substr(std::min(head.size(), at + matched));
    const auto next = rest.find_first_not_of(" \t\v\f\r");
    if (matched == name.size() && next != std::string_view::npos && rest[next] == ':') ++count;
  }
  return count;
}

// The body by another route: whole, from the grammar of RFC 9112 section 7.1.
std::string dechunked(std::string_view bytes) {
  std::string body;
  for (;;) {
    const auto line_end = bytes.find("\r\n");
    require(line_end != std::string_view::npos && line_end > 0);
    const std::uint64_t size =
        std::strtoull(std::string(bytes.substr(0, line_end)).c_str(), nullptr, 16);
    bytes.remove_prefix(line_end + 2);
    require(bytes.size() >= size + 2 && bytes.substr(size, 2) == "\r\n");
    body += bytes.substr(0, size);
    bytes.remove_prefix(size + 2);
    if (size > 0) continue;
    require(bytes.empty());
    return body;
  }
}

void check_body(const Request& request) {
  const auto& body = request.head.request.body;
  switch (request.head.framing.kind) {
    case api::Framing::none:
      require(body.empty() && request.body_bytes.empty());
      return;
    case api::Framing::length:
      require(body.size() == request.head.framing.length && body == request.body_bytes);
      return;
    case api::Framing::chunked:
      require(dechunked(request.body_bytes) == body);
      return;
  }
}

void check_written_again(const api::RequestHead& head) {
  std::string text = head.request.method + " " + head.request.path;
  if (!head.request.query.empty()) text += "?" + head.request.query;
  text += head.http_1_1 ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n";
  for (const auto& [name, value] : head.request.headers) text += name + ": " + value + "\r\n";
  text += "\r\n";
  const auto again = api::parse_request_head(text);
  require(again.ok() && same_head(*again, head));
}

void check_request(const Request& request) {
  const auto lengths = careless_count(request.head_bytes, "content-length");
  const auto encodings = careless_count(request.head_bytes, "transfer-encoding");
  require(lengths + encodings <= 1);
  require((lengths == 1) == (request.head.framing.kind == api::Framing::length));
  require((encodings == 1) == (request.head.framing.kind == api::Framing::chunked));
  require(encodings == 0 || request.head.http_1_1);
  const auto hosts = careless_count(request.head_bytes, "host");
  require(request.head.http_1_1 ? hosts == 1 : hosts <= 1);
  require(request.head_bytes.find("\r\n\r\n") + 4 == request.head_bytes.size());
  require(request.head_bytes.size() <= api::kHeaderBytesMax);
  require(request.head.request.path.starts_with('/'));
  check_body(request);
  check_written_again(request.head);
  // What handlers do next.
  const auto segments = api::path_segments(request.head.request.path);
  for (std::size_t i = 0; segments.ok() && i < segments->size(); ++i) {
    const auto again = api::percent_decode(api::percent_encode((*segments)[i]));
    require(again.ok() && *again == (*segments)[i]);
  }
  static_cast<void>(api::parse_query(request.head.request.query));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Every split of short inputs, some of long ones.
  constexpr std::size_t kSplitsMax = 64;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Reading whole;
  whole.feed(text);
  for (const Request& request : whole.requests()) check_request(request);

  Reading bytes;
  for (const char& byte : text) bytes.feed({&byte, 1});
  require_same(whole, bytes);
  const std::size_t step = size / kSplitsMax + 1;
  for (std::size_t at = 1; at < size; at += step) {
    Reading split;
    split.feed(text.substr(0, at));
    split.feed(text.substr(at));
    require_same(whole, split);
  }
  return 0;
}
