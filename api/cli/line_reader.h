// Lines of a stream of any length, in the memory of one line.
#pragma once

#include <istream>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/result.h"

namespace mrv::cli {

// Not copyable; the stream must outlive it.
class LineReader {
 public:
  // `bytes_max`: of a line, without its line feed.
  LineReader(std::istream& stream, std::size_t bytes_max)
      : stream_(stream), buffer_(bytes_max + 1, '\0') {}
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;

  // The next line with its line feed (the last one may have none), valid until the next call;
  // nothing at the end. Errors: LINE_TOO_LONG, FILE_UNREADABLE (also for a folder).
  Result<std::optional<std::string_view>> next();

 private:
  std::istream& stream_;
  std::string buffer_;
};

}  // namespace mrv::cli
