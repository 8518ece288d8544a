// Well-formedness by the ranges of the second byte; no table, no copy.
#include "crypto/utf8.h"

#include <cstdint>

namespace mrv::crypto {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

// Length of the well-formed sequence at `at`, or 0.
std::size_t utf8_sequence_length(std::string_view text, std::size_t at) {
  const std::uint8_t lead = byte_at(text, at);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() - at < length) return 0;
  // The second byte's range excludes overlong forms, surrogates and values above U+10FFFF.
  const std::uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const std::uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  const std::uint8_t second = byte_at(text, at + 1);
  if (second < low || second > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte_at(text, at + i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

bool is_control_scalar(std::uint32_t scalar) {
  return scalar < 0x20 || (scalar >= 0x7F && scalar <= 0x9F) || scalar == 0x061C ||
         (scalar >= 0x200B && scalar <= 0x200F) || (scalar >= 0x202A && scalar <= 0x202E) ||
         (scalar >= 0x2060 && scalar <= 0x206F) || scalar == 0xFEFF;
}

}  // namespace

std::size_t utf8_error_offset(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = utf8_sequence_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return at;
}

// All refused scalars lie below U+10000.
bool has_control_text(std::string_view text, bool line_feed_allowed) {
  for (std::size_t at = 0; at < text.size();) {
    const std::uint8_t lead = byte_at(text, at);
    std::uint32_t scalar = lead;
    std::size_t length = 1;
    if (lead >= 0xF0) {
      at += 4;
      continue;
    }
    if (lead >= 0xE0) {
      length = 3;
      scalar = (lead & 0x0FU) << 12 | (byte_at(text, at + 1) & 0x3FU) << 6 |
               (byte_at(text, at + 2) & 0x3FU);
    } else if (lead >= 0xC0) {
      length = 2;
      scalar = (lead & 0x1FU) << 6 | (byte_at(text, at + 1) & 0x3FU);
    }
    if (is_control_scalar(scalar) && !(scalar == '\n' && line_feed_allowed)) return true;
    at += length;
  }
  return false;
}

}  // namespace mrv::crypto
