// The name of an act as files and policies write it.
#pragma once

#include <string>
#include <string_view>

namespace mrv::model {

// "SubmitProject" -> "submit-project".
inline std::string hyphenated(std::string_view type) {
  std::string name;
  for (const char c : type) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !name.empty()) name += '-';
    name += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name;
}

}  // namespace mrv::model
