// The chunked decoder: one state per byte of the grammar.
#include "api/http/chunked.h"

#include <algorithm>

namespace mrv::api {
namespace {

Error bad_chunk(const char* why) { return {"HTTP_CHUNK_INVALID", why, {}}; }

int chunk_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Status ChunkDecoder::take(char c) {
  const auto expect = [&](char wanted, State next) -> Status {
    if (c != wanted) return bad_chunk("a chunk line or its data does not end in CR LF");
    state_ = next;
    return {};
  };
  switch (state_) {
    case State::size: {
      const int digit = chunk_digit(c);
      if (digit >= 0) {
        if (++digits_ > kChunkSizeDigitsMax) return bad_chunk("a chunk size is too long");
        left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
        return {};
      }
      if (digits_ == 0) return bad_chunk("a chunk size starts with a hexadecimal digit");
      if (c != '\r') return bad_chunk("only CR LF follows a chunk size: no extensions");
      state_ = State::size_lf;
      return {};
    }
    case State::size_lf:
      digits_ = 0;
      return expect('\n', left_ == 0 ? State::last_cr : State::data);
    case State::data_cr:
      return expect('\r', State::data_lf);
    case State::data_lf:
      return expect('\n', State::size);
    case State::last_cr:
      if (c != '\r') return bad_chunk("no trailer fields follow the last chunk");
      state_ = State::last_lf;
      return {};
    case State::last_lf:
      return expect('\n', State::done);
    case State::data:
    case State::done:
      break;
  }
  assert(false && "data and done take no single bytes");
  return {};
}

Result<ChunkDecoder::Step> ChunkDecoder::next(std::string_view bytes) {
  Step step;
  while (step.consumed < bytes.size() && !done()) {
    if (state_ != State::data) {
      MRV_CHECK(take(bytes[step.consumed]));
      ++step.consumed;
      continue;
    }
    const std::size_t rest = bytes.size() - step.consumed;
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, rest));
    step.data = bytes.substr(step.consumed, size);
    step.consumed += size;
    left_ -= size;
    if (left_ == 0) state_ = State::data_cr;
    return step;
  }
  return step;
}

}  // namespace mrv::api
