// Exact numbers for tests: from text, from integers of any length, as decimals.
#pragma once

#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "ledger/base/rational_parts.h"

namespace mrv::test {

inline Rational fraction(Integer numerator, Integer denominator) {
  auto joined = RationalParts{std::move(numerator), std::move(denominator)}.joined();
  REQUIRE(joined.ok());
  return *std::move(joined);
}

// digits · 10^exponent
inline Rational decimal(const Integer& digits, std::int64_t exponent) {
  const Integer power = power_of_ten(static_cast<std::size_t>(exponent < 0 ? -exponent : exponent));
  return exponent < 0 ? fraction(digits, power) : fraction(digits * power, 1);
}

inline Rational number(const std::string& text) {
  auto parsed = Rational::parse(text);
  REQUIRE_MESSAGE(parsed.ok(), text);
  return *std::move(parsed);
}

// The canonical text of a result, or the name of its error.
inline std::string said(const Result<Rational>& result) {
  return result.ok() ? result->text() : std::string(result.error().name);
}

}  // namespace mrv::test
