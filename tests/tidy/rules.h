// The tree rules as plain functions: (path, text) -> findings. tidy_test.cpp runs them over the
// tree and shows on small bad samples that each of them can fail.
#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/include_table.h"
#include "tests/tidy/source_text.h"

namespace mrv::tidy {

constexpr std::size_t kColumnsMax = 100;
constexpr std::size_t kFunctionLinesMax = 70;

// One broken rule: "path:line: what".
using Findings = std::vector<std::string>;

inline std::string finding(std::string_view path, std::size_t line, std::string_view what) {
  return std::string(path) + ":" + std::to_string(line) + ": " + std::string(what);
}

inline bool is_header(std::string_view path) { return path.ends_with(".h"); }
inline bool is_test(std::string_view path) { return path.starts_with("tests/"); }
inline bool is_main(std::string_view path) { return path.ends_with("_main.cpp"); }

// The layer that rules a path; null for tests, which may include anything.
inline const Layer* layer_of(std::string_view path) {
  for (const Layer& layer : include_table()) {
    if (path.starts_with(layer.files)) return &layer;
  }
  return nullptr;
}

inline bool allowed(const std::vector<std::string_view>& entries, std::string_view target) {
  return std::any_of(entries.begin(), entries.end(), [target](std::string_view entry) {
    return entry.ends_with('/') ? target.starts_with(entry) : target == entry;
  });
}

// Third-party entries name a folder ("openssl/"), one header ("libpq-fe.h"), or a library whose
// main header stands beside its folder ("sodium": sodium.h and sodium/…).
inline bool third_party_allowed(const Layer& layer, std::string_view target) {
  return allowed(layer.third_party, target) ||
         std::any_of(layer.third_party.begin(), layer.third_party.end(), [&](std::string_view e) {
           return target == std::string(e) + ".h" || target.starts_with(std::string(e) + "/");
         });
}

inline bool is_posix_header(std::string_view target) {
  constexpr std::array<std::string_view, 14> kHeaders = {
      "unistd.h", "fcntl.h", "signal.h", "poll.h",   "pthread.h", "dirent.h", "termios.h",
      "netdb.h",  "sched.h", "sys/",     "netinet/", "arpa/",     "linux/",   "pwd.h"};
  return std::any_of(kHeaders.begin(), kHeaders.end(), [target](std::string_view h) {
    return h.ends_with('/') ? target.starts_with(h) : target == h;
  });
}

inline bool is_standard_header(std::string_view target) {
  return target.find_first_of("./") == std::string_view::npos;
}

// Standard headers through which I/O, clocks, chance, threads or unordered iteration would enter.
inline bool is_impure_header(std::string_view target) {
  constexpr std::array<std::string_view, 20> kHeaders = {"iostream",      "fstream",
                                                         "cstdio",        "filesystem",
                                                         "chrono",        "ctime",
                                                         "random",        "thread",
                                                         "mutex",         "shared_mutex",
                                                         "future",        "atomic",
                                                         "locale",        "condition_variable",
                                                         "unordered_map", "cmath",
                                                         "clocale",       "stop_token",
                                                         "unordered_set", "semaphore"};
  return std::find(kHeaders.begin(), kHeaders.end(), target) != kHeaders.end();
}

inline Findings check_one_include(std::string_view path, const Layer* layer, bool angle,
                                  std::string_view target, std::size_t line) {
  const auto stray = [&](std::string_view why) {
    return Findings{
        finding(path, line, "stray include " + std::string(target) + ": " + std::string(why))};
  };
  if (!angle && is_test(target) && !is_test(path)) return stray("nothing includes tests");
  if (layer == nullptr) return {};
  if (!angle) {
    if (target.find('/') == std::string_view::npos) return stray("write the path from the root");
    return allowed(layer->own, target) ? Findings{} : stray("not below this layer");
  }
  if (is_standard_header(target)) {
    return layer->pure && is_impure_header(target) ? stray("the pure core has none of this")
                                                   : Findings{};
  }
  if (is_posix_header(target)) {
    return layer->posix ? Findings{} : stray("this layer does not call the system");
  }
  return third_party_allowed(*layer, target) ? Findings{} : stray("third party not of this layer");
}

inline Findings check_includes(std::string_view path, std::string_view text) {
  Findings findings;
  const Layer* layer = layer_of(path);
  std::size_t number = 0;
  for (const std::string& line : split_lines(text)) {
    ++number;
    if (!line.starts_with("#include ")) continue;
    const std::size_t open = line.find_first_of("<\"");
    const std::size_t close =
        open == std::string::npos ? open : line.find_first_of(">\"", open + 1);
    if (close == std::string::npos) continue;
    const std::string target = line.substr(open + 1, close - open - 1);
    const Findings more = check_one_include(path, layer, line[open] == '<', target, number);
    findings.insert(findings.end(), more.begin(), more.end());
  }
  return findings;
}

// True where `word` stands alone in `code` at a position `follows` accepts (the text behind the
// word).
template <class Follows>
bool has_word(std::string_view code, std::string_view word, Follows follows) {
  for (std::size_t at = code.find(word); at != std::string_view::npos;
       at = code.find(word, at + 1)) {
    const bool starts = at == 0 || !is_word_char(code[at - 1]);
    const std::string_view behind = code.substr(at + word.size());
    const bool ends = behind.empty() || !is_word_char(behind.front());
    const bool member = at > 0 && (code[at - 1] == '.' || code[at - 1] == '>');
    if (starts && ends && !member && follows(behind)) return true;
  }
  return false;
}

inline bool anywhere(std::string_view) { return true; }
inline bool is_call(std::string_view behind) { return behind.starts_with("("); }

// time(nullptr) and its spellings; a field or parameter that is called `time` is no clock.
inline bool is_clock_read(std::string_view behind) {
  return behind.starts_with("(nullptr)") || behind.starts_with("(NULL)") ||
         behind.starts_with("(0)") || behind.starts_with("(&");
}

// Programs and the command line print; everything else answers its caller.
inline bool speaks_to_people(std::string_view path) {
  return is_main(path) || is_test(path) || path.starts_with("api/cli/") || path == "api/files.cpp";
}

inline Findings check_banned_words(std::string_view path, std::string_view text) {
  Findings findings;
  const Layer* layer = layer_of(path);
  const bool pure = layer != nullptr && layer->pure;
  std::size_t number = 0;
  for (const std::string& line : split_lines(code_only(text))) {
    ++number;
    const auto ban = [&](bool found, std::string_view what) {
      if (found) findings.push_back(finding(path, number, what));
    };
    ban(has_word(line, "rand", is_call) || has_word(line, "srand", is_call),
        "chance comes from crypto/ as data, not from the C library");
    ban(has_word(line, "time", is_clock_read), "time is a field, not a clock read");
    if (pure) {
      for (const std::string_view word :
           {"float", "double", "unordered_map", "unordered_set", "thread_local", "getenv"}) {
        ban(has_word(line, word, anywhere), "the pure core has no " + std::string(word));
      }
    }
    if (!speaks_to_people(path)) {
      for (const std::string_view word : {"std::cout", "std::cerr", "std::clog"}) {
        ban(has_word(line, word, anywhere), std::string(word) + " outside a program");
      }
    }
  }
  return findings;
}

inline Findings check_layout(std::string_view path, std::string_view text) {
  Findings findings;
  const std::vector<std::string> lines = split_lines(text);
  if (lines.empty() || !lines.front().starts_with("// ") || lines.front().size() < 10) {
    findings.push_back(
        finding(path, 1, "the file does not open with a comment that says its idea"));
  }
  const bool once = std::find(lines.begin(), lines.end(), "#pragma once") != lines.end();
  if (is_header(path) && !once) findings.push_back(finding(path, 1, "header without #pragma once"));
  // Spelt in halves, so that this file does not hold what it forbids.
  const std::array<std::string, 3> markers = {std::string("TO") + "DO", std::string("FIX") + "ME",
                                              std::string("XX") + "X"};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (columns_of(lines[i]) > kColumnsMax) {
      findings.push_back(finding(path, i + 1, "wider than 100 columns"));
    }
    for (const std::string& marker : markers) {
      if (has_word(lines[i], marker, anywhere)) {
        findings.push_back(finding(path, i + 1, "unfinished: " + marker));
      }
    }
  }
  return findings;
}

inline bool is_avoided_word(const std::string& part) {
  constexpr std::array<std::string_view, 8> kAvoided = {"manager", "managers", "helper", "helpers",
                                                        "util",    "utils",    "mint",   "burn"};
  return std::find(kAvoided.begin(), kAvoided.end(), part) != kAvoided.end();
}

// Identifiers and file names say what a thing is (words of ledger/README.md).
inline Findings check_names(std::string_view path, std::string_view text) {
  Findings findings;
  const auto judge = [&](std::string_view identifier, std::size_t line) {
    for (const std::string& part : parts_of(identifier)) {
      if (is_avoided_word(part)) {
        findings.push_back(finding(path, line, "avoided word in " + std::string(identifier)));
      }
    }
  };
  for (const std::string& word : words_of(path)) judge(word, 0);
  std::size_t number = 0;
  for (const std::string& line : split_lines(code_only(text))) {
    ++number;
    for (const std::string& word : words_of(line)) judge(word, number);
  }
  return findings;
}

// A test file in a folder that no mrv_test(area …) line registers would never run.
inline Findings check_registered(std::string_view path, std::string_view cmake) {
  if (!is_test(path) || !path.ends_with("_test.cpp")) return {};
  const std::string_view below = path.substr(std::string_view("tests/").size());
  const std::size_t slash = below.rfind('/');
  const std::string area(slash == std::string_view::npos ? "" : below.substr(0, slash));
  for (const std::string& line : split_lines(cmake)) {
    const std::string call = "mrv_test(" + area;
    if (!area.empty() && line.starts_with(call) && line.size() > call.size() &&
        (line[call.size()] == ' ' || line[call.size()] == ')')) {
      return {};
    }
  }
  return {finding(path, 0, "no mrv_test(" + area + " …) in tests/CMakeLists.txt")};
}

struct FunctionLength {
  std::string name;
  std::size_t lines = 0;
};

// The name of the function whose head is the code before its '{'; empty for anything else.
inline std::string function_name(std::string_view head) {
  const std::size_t paren = head.find('(');
  if (paren == std::string_view::npos) return {};
  const std::vector<std::string> words = words_of(head.substr(0, paren));
  if (words.empty() || head.substr(0, paren).find('=') != std::string_view::npos) return {};
  for (const std::string_view word : {"namespace", "class", "struct", "union", "enum"}) {
    if (words.front() == word) return {};
  }
  return words.back();
}

// Outermost functions with their length from head to closing brace. Rough brace matching: good
// enough for a ratchet, which only asks whether a long function became longer.
inline std::vector<FunctionLength> function_lengths(std::string_view text) {
  std::vector<FunctionLength> functions;
  const std::string code = code_only(text);
  std::vector<std::string> open;  // the function name of each open brace, or empty
  std::string head;
  std::size_t line = 1;
  std::size_t head_line = 1;
  std::size_t function_depth = 0;  // open.size() at which the current function began, or 0
  std::size_t begun = 0;
  for (const char c : code) {
    if (c == '\n') ++line;
    if (c == '{') {
      std::string name = function_depth == 0 ? function_name(head) : std::string();
      open.push_back(name);
      if (!name.empty()) {
        function_depth = open.size();
        begun = head_line;
      }
    } else if (c == '}' && !open.empty()) {
      if (function_depth == open.size()) {
        functions.push_back({open.back(), line - begun + 1});
        function_depth = 0;
      }
      open.pop_back();
    }
    if (c == '{' || c == '}' || c == ';') {
      head.clear();
    } else if (!head.empty() || std::isspace(static_cast<unsigned char>(c)) == 0) {
      if (head.empty()) head_line = line;
      head.push_back(c);
    }
  }
  return functions;
}

// `ledger/x/y.cpp name lines` per line, '#' for comments: the long functions that exist, and how
// long each may be at most.
inline std::map<std::string, std::size_t> read_ratchet(std::string_view text) {
  std::map<std::string, std::size_t> ratchet;
  for (const std::string& line : split_lines(text)) {
    const std::size_t last = line.rfind(' ');
    if (line.starts_with("#") || last == std::string::npos) continue;
    ratchet[line.substr(0, last)] = std::stoul(line.substr(last + 1));
  }
  return ratchet;
}

inline Findings check_function_lengths(std::string_view path, std::string_view text,
                                       const std::map<std::string, std::size_t>& ratchet) {
  Findings findings;
  if (is_test(path)) return findings;
  for (const FunctionLength& function : function_lengths(text)) {
    const auto listed = ratchet.find(std::string(path) + " " + function.name);
    const std::size_t limit = listed == ratchet.end() ? kFunctionLinesMax : listed->second;
    if (function.lines > std::max(limit, kFunctionLinesMax)) {
      findings.push_back(finding(path, 0,
                                 function.name + " has " + std::to_string(function.lines) +
                                     " lines; at most " + std::to_string(limit)));
    }
  }
  return findings;
}

}  // namespace mrv::tidy
