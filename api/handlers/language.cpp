// Accept-Language, as far as two languages need it.
#include <charconv>

#include "api/handlers/problem.h"

namespace mrv::api {
namespace {

constexpr int kWeightMax = 1'000;  // q=1, in thousandths

std::string_view without_spaces(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// "q=0.8" -> 800; anything that is no weight counts as absent.
int weight_of(std::string_view parameter) {
  if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) return kWeightMax;
  parameter.remove_prefix(2);
  if (parameter.empty() || (parameter[0] != '0' && parameter[0] != '1')) return 0;
  if (parameter[0] == '1') return kWeightMax;
  if (parameter.size() < 3 || parameter[1] != '.') return 0;
  std::string digits(parameter.substr(2, 3));
  digits.resize(3, '0');
  int weight = 0;
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), weight).ptr;
  return end == digits.data() + digits.size() ? weight : 0;
}

// "zh", "zh-Hans-CN", in any case; "*" is everybody's.
bool names(std::string_view tag, char first, char second) {
  if (tag == "*") return true;
  if (tag.size() < 2 || (tag.size() > 2 && tag[2] != '-')) return false;
  return (tag[0] | 0x20) == first && (tag[1] | 0x20) == second;
}

}  // namespace

Language language_of(std::string_view accept) {
  Language best = Language::kEnglish;
  int best_weight = 0;
  while (!accept.empty()) {
    const auto comma = accept.find(',');
    const auto item = without_spaces(accept.substr(0, comma));
    accept = comma == std::string_view::npos ? std::string_view() : accept.substr(comma + 1);
    const auto semicolon = item.find(';');
    const auto tag = without_spaces(item.substr(0, semicolon));
    const int weight = semicolon == std::string_view::npos
                           ? kWeightMax
                           : weight_of(without_spaces(item.substr(semicolon + 1)));
    if (weight <= best_weight) continue;
    if (names(tag, 'e', 'n')) {
      best = Language::kEnglish;
      best_weight = weight;
    } else if (names(tag, 'z', 'h')) {
      best = Language::kChinese;
      best_weight = weight;
    }
  }
  return best;
}

}  // namespace mrv::api
