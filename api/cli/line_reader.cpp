// getline() into a buffer of the longest line.
#include "api/cli/line_reader.h"

namespace mrv::cli {

Result<std::optional<std::string_view>> LineReader::next() {
  using Line = std::optional<std::string_view>;
  stream_.getline(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  const auto got = static_cast<std::size_t>(stream_.gcount());
  if (stream_.bad()) return Error{"FILE_UNREADABLE", "the file cannot be read", {}};
  if (stream_.eof()) {
    return got == 0 ? Line() : Line(std::string_view(buffer_.data(), got));
  }
  if (stream_.fail()) {
    return Error{"LINE_TOO_LONG",
                 "a line has more than " + std::to_string(buffer_.size() - 1) + " bytes",
                 {}};
  }
  // Where getline() ended the text with a NUL, the file has the line feed.
  buffer_[got - 1] = '\n';
  return Line(std::string_view(buffer_.data(), got));
}

}  // namespace mrv::cli
