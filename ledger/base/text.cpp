// White space as Unicode's White_Space property has it, and U+200B, which shows nothing either.
#include "ledger/base/text.h"

#include <algorithm>
#include <array>

namespace mrv {
namespace {

// In UTF-8; none begins another.
// clang-format off
constexpr std::array<std::string_view, 26> kBlanks = {
    " ", "\t", "\n", "\v", "\f", "\r", "\xC2\x85", "\xC2\xA0", "\xE1\x9A\x80",
    // U+2000 to U+200B
    "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85",
    "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\x8B",
    "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};
// clang-format on

char upper(char letter) {
  return 'a' <= letter && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

}  // namespace

bool is_blank(std::string_view utf8) {
  while (!utf8.empty()) {
    const auto blank = std::find_if(kBlanks.begin(), kBlanks.end(),
                                    [&](std::string_view one) { return utf8.starts_with(one); });
    if (blank == kBlanks.end()) return false;
    utf8.remove_prefix(blank->size());
  }
  return true;
}

std::string folded(std::string_view text) {
  std::string out;
  bool blank_before = false;
  for (const char letter : text) {
    if (letter == ' ') {
      blank_before = !out.empty();
      continue;
    }
    if (blank_before) out += ' ';
    blank_before = false;
    out += upper(letter);
  }
  return out;
}

}  // namespace mrv
