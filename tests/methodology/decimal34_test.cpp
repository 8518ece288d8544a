// Rounding to 34 digits: half to even, carries, and both ends of the range of results.
#include "ledger/methodology/decimal34.h"

#include <doctest/doctest.h>

#include "tests/support/numbers.h"

using namespace mrv;
using namespace mrv::methodology;
using test::decimal;
using test::said;

namespace {

const Integer kSmallest = power_of_ten(33);
const Integer kLargest = power_of_ten(34) - 1;

std::string shown(const Decimal34& value) {
  return (value.negative ? "-" : "") + value.coefficient.str() + "e" +
         std::to_string(value.exponent);
}

std::string rounded(const Integer& numerator, const Integer& denominator) {
  return shown(round34(numerator, denominator));
}

}  // namespace

TEST_CASE("a result has 34 digits, or is zero") {
  CHECK(rounded(0, 7) == "0e0");
  CHECK(rounded(1, 1) == kSmallest.str() + "e-33");
  CHECK(rounded(2, 3) == "6666666666666666666666666666666667e-34");
  CHECK(rounded(-1, 3) == "-3333333333333333333333333333333333e-34");
  CHECK(rounded(power_of_ten(100), 1) == kSmallest.str() + "e67");
  CHECK(rounded(1, power_of_ten(100)) == kSmallest.str() + "e-133");
}

TEST_CASE("halfway goes to the even digit, anything beside it to the nearer") {
  for (const std::int64_t last : {0, 1, 2, 9}) {
    const Integer down = kSmallest + last;
    const Integer middle = down * 10 + 5;
    const Integer even = last % 2 == 0 ? down : Integer(down + 1);
    const Integer far = power_of_ten(500);
    CAPTURE(last);
    CHECK(round34(middle, 10).coefficient == even);
    CHECK(round34(-middle, 10) == Decimal34{true, even, 0});
    CHECK(round34(middle * far - 1, far * 10).coefficient == down);
    CHECK(round34(middle * far + 1, far * 10).coefficient == down + 1);
  }
}

TEST_CASE("what rounds up to a power of ten has one more place") {
  const Decimal34 next{false, kSmallest, 1};
  CHECK(round34(kLargest * 10 + 5, 10) == next);
  CHECK(round34(kLargest * 10 + 4, 10) == Decimal34{false, kLargest, 0});
  CHECK(round34(kLargest + 1, 1) == next);
}

TEST_CASE("the decimal exponent is exact around every power of ten") {
  for (int power = 0; power <= 700; ++power) {
    const Integer ten = power_of_ten(static_cast<std::size_t>(power));
    const Integer fine = power_of_ten(900);
    CAPTURE(power);
    CHECK(decimal_exponent(ten, 1) == power);
    CHECK(decimal_exponent(ten * fine - 1, fine) == power - 1);
    CHECK(decimal_exponent(1, ten) == -power);
    CHECK(decimal_exponent(fine - 1, ten * fine) == -power - 1);
  }
  CHECK(decimal_exponent(Integer(1) << 65'535, 1) == 19'728);
  CHECK(decimal_exponent(1, Integer(1) << 65'535) == -19'729);
}

TEST_CASE("the range of results ends where that of decimal128 does, on either side") {
  CHECK(*exactly({false, kLargest, kRoundedExponentMax - 33}) ==
        decimal(kLargest, kRoundedExponentMax - 33));
  CHECK(said(exactly({false, kSmallest, kRoundedExponentMax - 32})) == "NUMBER_TOO_LARGE");
  CHECK(said(exactly({true, kSmallest, kRoundedExponentMax - 32})) == "NUMBER_TOO_LARGE");
  CHECK(*exactly({true, kSmallest, kRoundedExponentMin - 33}) == decimal(-1, kRoundedExponentMin));
  CHECK(said(exactly({false, kLargest, kRoundedExponentMin - 34})) == "NUMBER_TOO_SMALL");
  CHECK(said(exactly({true, kLargest, kRoundedExponentMin - 34})) == "NUMBER_TOO_SMALL");
  CHECK(exactly({})->is_zero());
}
