// Status line, framing and body of an answer.
#include "api/http/response_reader.h"

#include <algorithm>

namespace mrv::api {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";

Error answer_failed(std::string why) { return {"HTTP_FAILED", std::move(why), {}}; }

bool is_status_digit(char c) { return c >= '0' && c <= '9'; }

// status-line = ("HTTP/1.1" / "HTTP/1.0") SP 3DIGIT SP [ reason-phrase ]
Result<int> parse_status_line(std::string_view line) {
  constexpr std::size_t kVersionSize = 8;
  constexpr std::size_t kCodeSize = 3;
  const bool known = line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ");
  const std::string_view code = known ? line.substr(kVersionSize + 1, kCodeSize) : "";
  if (code.size() != kCodeSize || !std::all_of(code.begin(), code.end(), is_status_digit)) {
    return answer_failed("the answer does not start with an HTTP/1.1 status line");
  }
  const std::string_view rest = line.substr(kVersionSize + 1 + kCodeSize);
  if (!rest.empty() && rest.front() != ' ') return answer_failed("the status line is damaged");
  const int status = (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
  if (status < 100 || status > 599) return answer_failed("the status is none of HTTP");
  return status;
}

}  // namespace

Status ResponseReader::feed(std::string_view bytes) {
  if (bytes.empty()) return {};
  started_ = true;
  if (done()) return answer_failed("bytes follow the answer");
  pending_.append(bytes);
  while (state_ == State::head) {
    const std::size_t before = pending_.size();
    MRV_CHECK(feed_head());
    if (pending_.size() == before) return {};
  }
  return feed_body();
}

// Consumes one whole head, interim or final, if there is one.
Status ResponseReader::feed_head() {
  const auto end = pending_.find(kHeadEnd);
  const std::size_t size = end == std::string::npos ? pending_.size() : end + kHeadEnd.size();
  if (size > limits_.head_bytes_max) return answer_failed("the head of the answer is too large");
  if (end == std::string::npos) return {};
  const std::string head = pending_.substr(0, size);
  pending_.erase(0, size);
  return open_head(head);
}

Status ResponseReader::open_head(std::string_view head) {
  constexpr int kSwitchingProtocols = 101;
  const auto line_end = head.find("\r\n");
  MRV_TRY(const int status, parse_status_line(head.substr(0, line_end)));
  const auto begin = line_end + 2;
  auto headers = parse_fields(head.substr(begin, head.size() - 2 - begin));
  if (!headers.ok()) return answer_failed(headers.error().detail);
  if (status == kSwitchingProtocols) return answer_failed("the server wants another protocol");
  if (status < 200) return {};
  const bool http_1_1 = head.starts_with("HTTP/1.1");
  const auto framing = judge_framing(*headers, http_1_1);
  if (!framing.ok()) return answer_failed(framing.error().detail);
  response_.status = status;
  response_.headers = *std::move(headers);
  keep_alive_ = http_1_1 && !has_list_token(response_.headers, "connection", "close");
  response_.close = !keep_alive_;
  if (head_request_ || status == 204 || status == 304) {
    state_ = State::done;
  } else if (framing->kind == Framing::length) {
    left_ = framing->length;
    if (left_ > limits_.body_bytes_max) return answer_failed("the body of the answer is too large");
    state_ = left_ == 0 ? State::done : State::sized;
  } else if (framing->kind == Framing::chunked) {
    state_ = State::chunked;
  } else {
    keep_alive_ = false;
    state_ = State::until_end;
  }
  return {};
}

Status ResponseReader::append(std::string_view piece) {
  if (piece.size() > limits_.body_bytes_max - response_.body.size()) {
    return answer_failed("the body of the answer is too large");
  }
  response_.body.append(piece);
  return {};
}

Status ResponseReader::feed_body() {
  std::string_view bytes = pending_;
  if (state_ == State::sized) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    MRV_CHECK(append(bytes.substr(0, size)));
    bytes.remove_prefix(size);
    left_ -= size;
    if (left_ == 0) state_ = State::done;
  } else if (state_ == State::until_end) {
    MRV_CHECK(append(bytes));
    bytes = {};
  } else if (state_ == State::chunked) {
    while (!bytes.empty() && !chunks_.done()) {
      const auto step = chunks_.next(bytes);
      if (!step.ok()) return answer_failed(step.error().detail);
      MRV_CHECK(append(step->data));
      bytes.remove_prefix(step->consumed);
    }
    if (chunks_.done()) state_ = State::done;
  }
  if (done() && !bytes.empty()) return answer_failed("bytes follow the answer");
  pending_.clear();
  return {};
}

Status ResponseReader::end() {
  if (state_ == State::until_end) state_ = State::done;
  if (done()) return {};
  return answer_failed("the connection ended before the answer did");
}

}  // namespace mrv::api
