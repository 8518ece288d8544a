// A response, read piece by piece with the strict field, framing and chunk rules of this folder.
// Interim answers (1xx) are skipped. Pure; one reader for one answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/http/chunked.h"
#include "api/http/fields.h"
#include "api/http/message.h"
#include "crypto/result.h"

namespace mrv::api {

class ResponseReader {
 public:
  struct Limits {
    std::size_t head_bytes_max = 0;
    std::size_t body_bytes_max = 0;
  };
  // `head_request`: the answer to HEAD has no body, whatever its fields say.
  ResponseReader(bool head_request, Limits limits) : head_request_(head_request), limits_(limits) {}

  // Takes all of `bytes`. Errors: HTTP_FAILED; also when bytes follow the end of the answer.
  Status feed(std::string_view bytes);
  // The peer has closed. Errors: HTTP_FAILED when the answer is not whole.
  Status end();

  [[nodiscard]] bool done() const { return state_ == State::done; }
  // Whether any byte of an answer has come.
  [[nodiscard]] bool started() const { return started_; }
  // Precondition of both: done().
  [[nodiscard]] bool keep_alive() const { return keep_alive_; }
  HttpResponse take() { return std::move(response_); }

 private:
  enum class State { head, sized, chunked, until_end, done };
  Status feed_head();
  Status feed_body();
  Status open_head(std::string_view head);
  Status append(std::string_view piece);

  bool head_request_;
  Limits limits_;
  State state_ = State::head;
  bool started_ = false;
  bool keep_alive_ = false;
  std::string pending_;  // received, not yet understood
  std::uint64_t left_ = 0;
  ChunkDecoder chunks_;
  HttpResponse response_;
};

}  // namespace mrv::api
