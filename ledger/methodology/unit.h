// Units as products of symbols: numbers of different units are never added or compared, and there
// is no conversion but the one a document writes out. So t and kg, tC and tCO2, a mass fraction and
// a volume fraction cannot be confused. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "crypto/result.h"

namespace mrv::methodology {

inline constexpr std::int64_t kUnitExponentMax = 9;

// Symbol -> exponent, never 0. Empty: the unit "1".
struct Unit {
  std::map<std::string, std::int64_t, std::less<>> exponents;
  friend bool operator==(const Unit&, const Unit&) = default;

  [[nodiscard]] bool is_one() const { return exponents.empty(); }
  [[nodiscard]] Unit times(const Unit& other) const;
  [[nodiscard]] Unit over(const Unit& other) const;
  [[nodiscard]] std::string text() const;
};

// unit = ("1" | factor) { ("*" | "/") factor }; factor = symbol [ "^" digit ]; symbol = a letter,
// then letters and digits. "tCO2/m^3", "kgCO2/kWh", "1". Errors: UNIT_INVALID.
Result<Unit> parse_unit(std::string_view text);

}  // namespace mrv::methodology
