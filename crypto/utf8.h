// Well-formed UTF-8 (The Unicode Standard, table 3-7) and the characters that signed text must not
// hold. Pure functions.
#pragma once

#include <cstddef>
#include <string_view>

namespace mrv::crypto {

// Offset of the first byte that is not part of a well-formed sequence, or text.size(). Overlong
// forms, surrogates and values above U+10FFFF are not well-formed.
std::size_t utf8_error_offset(std::string_view text);

// Whether `text` holds a control character or one that is invisible or reorders its neighbours: C0,
// DEL, C1, U+061C, U+200B..200F, U+202A..202E, U+2060..206F, U+FEFF. A line feed counts unless
// allowed. Precondition: `text` is well-formed.
bool has_control_text(std::string_view text, bool line_feed_allowed);

}  // namespace mrv::crypto
