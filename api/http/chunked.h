// The chunked transfer coding (RFC 9112 section 7.1), decoded piece by piece.
//   chunked-body = *( size CRLF data CRLF ) "0" CRLF CRLF        size = 1*16HEXDIG
// Chunk extensions and trailer fields are refused, not skipped: nobody sends them here, and parsers
// differ on them. (Beast's decoder is not used: with assertions on, Boost 1.81 aborts when the two
// line ends of an empty body arrive in two pieces.) Pure; one decoder for one body.
#pragma once

#include <cstdint>
#include <string_view>

#include "crypto/result.h"

namespace mrv::api {

inline constexpr std::size_t kChunkSizeDigitsMax = 15;  // below 2^60

class ChunkDecoder {
 public:
  struct Step {
    std::size_t consumed = 0;  // bytes of the input used up
    std::string_view data;     // of the body, a view into the input
  };

  // Goes on until a piece of data, the end of the body, or the end of the input. The caller calls
  // again with the rest; no byte is ever asked for twice. Errors: HTTP_CHUNK_INVALID.
  Result<Step> next(std::string_view bytes);
  [[nodiscard]] bool done() const { return state_ == State::done; }

 private:
  enum class State { size, size_lf, data, data_cr, data_lf, last_cr, last_lf, done };
  Status take(char c);

  State state_ = State::size;
  std::uint64_t left_ = 0;  // of the size being read, then of the chunk
  std::size_t digits_ = 0;
};

}  // namespace mrv::api
