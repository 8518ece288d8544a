// The two integers of a rational: taken apart and joined again, under the same cap.
#include "ledger/base/rational_parts.h"

#include <doctest/doctest.h>

#include "tests/support/numbers.h"

using namespace mrv;
using test::fraction;
using test::number;

TEST_CASE("a number is taken apart in lowest terms and joined again") {
  for (const char* text : {"0", "1", "-1", "44/12", "-0.05", "123456789012345678901234567890"}) {
    const Rational value = number(text);
    const RationalParts parts = RationalParts::of(value);
    CHECK(parts.denominator > 0);
    CHECK(gcd(parts.numerator, parts.denominator) == 1);
    CHECK(*parts.joined() == value);
  }
  CHECK(fraction(-6, -4).text() == "3/2");
  CHECK(fraction(6, -4).text() == "-3/2");
}

TEST_CASE("joined numbers keep the cap on both sides") {
  const Integer longest = (Integer(1) << kRationalBitsMax) - 1;
  CHECK(fraction(longest, 1).bits() == kRationalBitsMax);
  CHECK(fraction(1, longest).bits() == kRationalBitsMax);
  CHECK(test::said(RationalParts{longest + 1, 1}.joined()) == "NUMBER_TOO_LARGE");
  CHECK(test::said(RationalParts{1, longest + 1}.joined()) == "NUMBER_TOO_LARGE");
  CHECK(fraction(longest + 1, 2).bits() == kRationalBitsMax);
}

TEST_CASE("lengths, powers of ten and floors") {
  CHECK(bits_of(0) == 0);
  CHECK(bits_of(-255) == 8);
  CHECK(bits_of(256) == 9);
  CHECK(power_of_ten(0) == 1);
  CHECK(power_of_ten(20).str() == "100000000000000000000");
  CHECK(floor_division(7, 2) == 3);
  CHECK(floor_division(-7, 2) == -4);
  CHECK(floor_division(-8, 2) == -4);
}
