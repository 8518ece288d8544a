// Reading C++ text the way the tree rules need it: code without comments and literals, lines,
// words.
//
// The scanner knows comments, string, raw string and character literals and digit separators; it
// keeps every newline, so line numbers in its output are those of the file.
#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mrv::tidy {

inline bool is_word_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

inline std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    lines.emplace_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

// The end (one past the closing quote) of the literal whose opening quote is at `at`.
inline std::size_t literal_end(std::string_view text, std::size_t at) {
  if (text[at] == '"' && at > 0 && text[at - 1] == 'R') {
    const std::size_t open = text.find('(', at);
    if (open == std::string_view::npos) return text.size();
    const std::string close = ")" + std::string(text.substr(at + 1, open - at - 1)) + "\"";
    const std::size_t end = text.find(close, open);
    return end == std::string_view::npos ? text.size() : end + close.size();
  }
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == quote || text[i] == '\n') {
      return i + 1;
    }
  }
  return text.size();
}

inline std::size_t comment_end(std::string_view text, std::size_t at) {
  if (text[at + 1] == '/') return std::min(text.find('\n', at), text.size());
  const std::size_t end = text.find("*/", at + 2);
  return end == std::string_view::npos ? text.size() : end + 2;
}

// The text with comments, literals' contents and preprocessor lines replaced by blanks.
inline std::string code_only(std::string_view text) {
  std::string code(text);
  const auto blank = [&code](std::size_t from, std::size_t end) {
    for (std::size_t i = from; i < end && i < code.size(); ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
  };
  bool line_start = true;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    std::size_t end = i + 1;
    if (c == '/' && i + 1 < text.size() && (text[i + 1] == '/' || text[i + 1] == '*')) {
      end = comment_end(text, i);
      blank(i, end);
    } else if (c == '#' && line_start) {
      end = std::min(text.find('\n', i), text.size());
      while (end < text.size() && text[end - 1] == '\\') {
        end = std::min(text.find('\n', end + 1), text.size());
      }
      blank(i, end);
    } else if (c == '"' || (c == '\'' && (i == 0 || !is_word_char(text[i - 1])))) {
      end = literal_end(text, i);
      blank(i, end);
      line_start = false;
    }
    if (c == '\n') {
      line_start = true;
    } else if (std::isspace(static_cast<unsigned char>(c)) == 0) {
      line_start = false;
    }
    i = end;
  }
  return code;
}

// Every identifier or number of a line of code.
inline std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : line) {
    if (is_word_char(c)) {
      word.push_back(c);
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

// The lower-case parts of an identifier: `blockManager_count` is block, manager, count.
inline std::vector<std::string> parts_of(std::string_view identifier) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : identifier) {
    const bool upper = std::isupper(static_cast<unsigned char>(c)) != 0;
    if ((c == '_' || upper) && !part.empty()) {
      parts.push_back(std::move(part));
      part.clear();
    }
    if (c != '_') part.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  }
  if (!part.empty()) parts.push_back(std::move(part));
  return parts;
}

// Width in characters: a UTF-8 sequence counts once.
inline std::size_t columns_of(std::string_view line) {
  std::size_t columns = 0;
  for (const char c : line) {
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++columns;
  }
  return columns;
}

}  // namespace mrv::tidy
