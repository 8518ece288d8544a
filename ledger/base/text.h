// Texts that people wrote.
#pragma once

#include <string>
#include <string_view>

namespace mrv {

// Whether it is white space alone (Unicode's White_Space, and U+200B). `utf8` is valid UTF-8.
bool is_blank(std::string_view utf8);

// ASCII letters in upper case, no blanks at either end, one where several stood: two spellings of
// one registry's reference.
std::string folded(std::string_view text);

}  // namespace mrv
