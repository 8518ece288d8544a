// The two integers of a rational number, for calculations that Rational does not have itself (the
// rounded functions of ledger/methodology).
#pragma once

#include <cstddef>
#include <cstdint>

#include <boost/multiprecision/cpp_int.hpp>

#include "ledger/base/rational.h"

namespace mrv {

// Of any length, signed; without expression templates: every intermediate is a value of its own.
// Division and remainder truncate toward zero; a negative number must not be shifted to the right.
using Integer = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<>,
                                              boost::multiprecision::et_off>;

// Of the magnitude; 0 for zero.
std::size_t bits_of(const Integer& value);

Integer power_of_ten(std::size_t exponent);

// Quotient rounded toward minus infinity; denominator positive.
Integer floor_division(const Integer& numerator, const Integer& denominator);

struct RationalParts {
  Integer numerator = 0;
  Integer denominator = 1;

  // In lowest terms, the denominator positive.
  static RationalParts of(const Rational& rational);

  // Reduces and applies the cap. Precondition: the denominator is not zero. Errors:
  // NUMBER_TOO_LARGE.
  [[nodiscard]] Result<Rational> joined() const;
};

}  // namespace mrv
