// What a refusal means and what to do about it, in English and Chinese. Pure.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace mrv::verifier {

enum class Language { kEnglish, kChinese };

struct VerdictText {
  std::string_view name;
  std::string_view en;
  std::string_view zh;
  std::string_view hint_en;
  std::string_view hint_zh;

  [[nodiscard]] std::string_view message(Language language) const {
    return language == Language::kChinese ? zh : en;
  }
  [[nodiscard]] std::string_view hint(Language language) const {
    return language == Language::kChinese ? hint_zh : hint_en;
  }
};

// Those that only the verifier gives.
std::span<const VerdictText> verdict_table();

// By name, also of the ledger's outcomes; nothing for names that have no such text.
std::optional<VerdictText> find_verdict(std::string_view name);

}  // namespace mrv::verifier
