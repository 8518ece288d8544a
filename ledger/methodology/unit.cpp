// Reading, multiplying and writing units.
#include "ledger/methodology/unit.h"

#include <algorithm>

namespace mrv::methodology {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

void add(Unit& unit, const std::string& symbol, std::int64_t exponent) {
  const auto found = unit.exponents.emplace(symbol, 0).first;
  found->second += exponent;
  if (found->second == 0) unit.exponents.erase(found);
}

// One factor from the front of `text`, with `sign`. Answers false where there is none.
bool take_factor(std::string_view& text, std::int64_t sign, Unit& unit) {
  if (text.empty() || !is_letter(text[0])) return false;
  std::size_t length = 1;
  while (length < text.size() && (is_letter(text[length]) || is_digit(text[length]))) ++length;
  const std::string symbol(text.substr(0, length));
  text.remove_prefix(length);
  std::int64_t exponent = 1;
  if (text.starts_with('^')) {
    if (text.size() < 2 || text[1] < '2' || text[1] > '9') return false;
    exponent = text[1] - '0';
    text.remove_prefix(2);
  }
  add(unit, symbol, sign * exponent);
  return true;
}

}  // namespace

Unit Unit::times(const Unit& other) const {
  Unit product = *this;
  for (const auto& [symbol, exponent] : other.exponents) add(product, symbol, exponent);
  return product;
}

Unit Unit::over(const Unit& other) const {
  Unit quotient = *this;
  for (const auto& [symbol, exponent] : other.exponents) add(quotient, symbol, -exponent);
  return quotient;
}

std::string Unit::text() const {
  std::string above;
  std::string below;
  for (const auto& [symbol, exponent] : exponents) {
    const std::int64_t size = std::abs(exponent);
    const std::string power = size == 1 ? "" : "^" + std::to_string(size);
    if (exponent > 0) {
      if (!above.empty()) above += '*';
      above += symbol;
      above += power;
    } else {
      below += '/';
      below += symbol;
      below += power;
    }
  }
  return (above.empty() ? "1" : above) + below;
}

Result<Unit> parse_unit(std::string_view text) {
  const Error invalid{"UNIT_INVALID", "not a unit: " + std::string(text.substr(0, 64)), {}};
  Unit unit;
  if (text.starts_with('1')) {
    text.remove_prefix(1);
  } else if (!take_factor(text, 1, unit)) {
    return invalid;
  }
  while (!text.empty()) {
    const char sign = text[0];
    text.remove_prefix(1);
    if (sign != '*' && sign != '/') return invalid;
    if (!take_factor(text, sign == '*' ? 1 : -1, unit)) return invalid;
  }
  for (const auto& [symbol, exponent] : unit.exponents) {
    if (std::abs(exponent) > kUnitExponentMax) return invalid;
  }
  return unit;
}

}  // namespace mrv::methodology
