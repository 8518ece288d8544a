// The rounded functions against an independent oracle, against their definition over a whole small
// domain, and at every limit.
#include "ledger/methodology/transcendental.h"

#include <sstream>

#include <doctest/doctest.h>

#include "ledger/methodology/decimal34.h"
#include "tests/support/files.h"
#include "tests/support/numbers.h"

using namespace mrv;
using namespace mrv::methodology;
using test::decimal;
using test::fraction;
using test::number;
using test::said;

namespace {

Result<Rational> exp_of(const Rational& x) {
  Meter meter;
  return rounded_exp(x, meter);
}
Result<Rational> ln_of(const Rational& x) {
  Meter meter;
  return rounded_ln(x, meter);
}
Result<Rational> pow_of(const Rational& x, const Rational& y) {
  Meter meter;
  return rounded_pow(x, y, meter);
}

Rational nearest(const Rational& value) {
  const auto parts = RationalParts::of(value);
  return *exactly(round34(parts.numerator, parts.denominator));
}

Integer raised(const Integer& base, unsigned degree) { return pow(base, degree); }

// The definition, in integers: with h half a unit in the last place, result - h <= x^(a/b) <=
// result + h, each side raised to the power b, and an end is reached only from an even digit.
bool is_correct(const Rational& result, const Rational& x, unsigned a, unsigned b) {
  const auto parts = RationalParts::of(result);
  std::int64_t exponent = -60;
  while (result >= decimal(1, exponent + 34)) ++exponent;
  if (result < decimal(1, exponent + 33)) return false;
  const auto digits = RationalParts::of(*result.times(decimal(1, -exponent)));
  if (digits.denominator != 1) return false;
  // Below a power of ten the numbers are ten times as dense.
  const bool at_power = digits.numerator == power_of_ten(33);
  const auto low = RationalParts::of(*result.minus(decimal(5, exponent - (at_power ? 2 : 1))));
  const auto high = RationalParts::of(*result.plus(decimal(5, exponent - 1)));
  const auto of = RationalParts::of(x);
  const Integer numerator = raised(of.numerator, a);
  const Integer denominator = raised(of.denominator, a);
  const int from_low = Integer(raised(low.numerator, b) * denominator)
                           .compare(numerator * raised(low.denominator, b));
  const int to_high = Integer(numerator * raised(high.denominator, b))
                          .compare(raised(high.numerator, b) * denominator);
  const bool even = (digits.numerator & 1) == 0;
  return (from_low < 0 || (from_low == 0 && even)) && (to_high < 0 || (to_high == 0 && even));
}

Result<Rational> evaluated(const std::string& function, std::istringstream& words) {
  std::string x;
  words >> x;
  if (function == "sqrt") return rounded_sqrt(number(x));
  if (function == "exp") return exp_of(number(x));
  if (function == "ln") return ln_of(number(x));
  std::string y;
  words >> y;
  return pow_of(number(x), number(y));
}

}  // namespace

TEST_CASE("every digit is that of the oracle") {
  std::istringstream file(test::read_source("tests/methodology/transcendental_vectors.txt"));
  std::size_t vectors = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream words(line);
    std::string function;
    std::string digits;
    std::int64_t exponent = 0;
    words >> function;
    const auto result = evaluated(function, words);
    words >> digits >> exponent;
    REQUIRE_MESSAGE(words, line);
    REQUIRE_MESSAGE(result.ok(), line);
    CHECK_MESSAGE(*result == decimal(Integer(digits), exponent), line);
    ++vectors;
  }
  CHECK(vectors > 500);
}

TEST_CASE("the square root of every p/q up to 60 is the nearest decimal") {
  for (int p = 1; p <= 60; ++p) {
    for (int q = 1; q <= 60; ++q) {
      const Rational x = fraction(p, q);
      const Rational root = *rounded_sqrt(x);
      CHECK_MESSAGE(is_correct(root, x, 1, 2), x.text());
      CHECK_MESSAGE(*pow_of(x, number("0.5")) == root, x.text());
    }
  }
}

TEST_CASE("powers with halves and thirds of every p/q up to 12 are the nearest decimal") {
  for (int p = 1; p <= 12; ++p) {
    for (int q = 1; q <= 12; ++q) {
      for (const unsigned b : {1U, 2U, 3U}) {
        for (unsigned a = 1; a <= 7; ++a) {
          const Rational x = fraction(p, q);
          CAPTURE(x.text());
          CAPTURE(a);
          CAPTURE(b);
          CHECK(is_correct(*pow_of(x, fraction(a, b)), x, a, b));
          const Rational inverse = fraction(q, p);
          CHECK(*pow_of(x, fraction(-static_cast<int>(a), b)) == *pow_of(inverse, fraction(a, b)));
        }
      }
    }
  }
}

TEST_CASE("the judge of these cases tells a neighbour from the nearest") {
  const Rational root = *rounded_sqrt(Rational(2));
  CHECK(is_correct(root, Rational(2), 1, 2));
  CHECK(!is_correct(*root.plus(decimal(1, -33)), Rational(2), 1, 2));
  CHECK(!is_correct(*root.minus(decimal(1, -33)), Rational(2), 1, 2));
  CHECK(!is_correct(*root.plus(decimal(1, -34)), Rational(2), 1, 2));
}

TEST_CASE("exact results are exact") {
  CHECK(exp_of(Rational())->text() == "1");
  CHECK(ln_of(Rational(1))->text() == "0");
  CHECK(rounded_sqrt(Rational())->text() == "0");
  CHECK(rounded_sqrt(number("2.25"))->text() == "3/2");
  CHECK(pow_of(Rational(4), number("1/2"))->text() == "2");
  CHECK(pow_of(Rational(8), number("2/3"))->text() == "4");
  CHECK(pow_of(number("9/4"), number("1.5"))->text() == "27/8");
  CHECK(pow_of(number("-1.5"), Rational(3))->text() == "-27/8");
  CHECK(pow_of(number("-2"), Rational(-2))->text() == "1/4");
}

TEST_CASE("zero and one to every power are agreed on") {
  const Rational long_number = fraction((Integer(1) << 65'535) - 1, 3);
  CHECK(pow_of(Rational(), Rational())->text() == "1");
  CHECK(pow_of(number("-7/3"), Rational())->text() == "1");
  CHECK(pow_of(Rational(), number("1/3"))->text() == "0");
  CHECK(pow_of(Rational(1), long_number)->text() == "1");
  CHECK(pow_of(Rational(1), long_number.negated())->text() == "1");
  CHECK(pow_of(Rational(-1), Rational(1'000'000'000'000))->text() == "1");
  CHECK(pow_of(Rational(-1), Rational(-1'000'000'000'001))->text() == "-1");
}

TEST_CASE("a whole power is rounded like any other") {
  const Rational x = *Rational(10'000'000'001).times(Rational(10'000'000'001));
  CHECK(*pow_of(x, Rational(2)) == nearest(*x.times(x)));
  CHECK(*pow_of(x, Rational(2)) != *x.times(x));
}

TEST_CASE("whole powers have the same digits where they are made exactly and where they are not") {
  const Rational x = number("3/2");
  for (const unsigned degree : {2'047U, 2'048U, 2'049U, 2'050U}) {
    const Rational exact = fraction(raised(3, degree), raised(2, degree));
    CHECK(*pow_of(x, Rational(degree)) == nearest(exact));
    CHECK(*pow_of(x.negated(), Rational(degree)) ==
          nearest(degree % 2 == 0 ? exact : exact.negated()));
  }
}

TEST_CASE("ties of long numbers are found by their exact form alone") {
  // 35 digits ending in 5, times a power of ten too long for an exact whole power.
  for (const std::int64_t exponent : {-2'000, 2'000}) {
    for (const int last : {5, 15}) {
      const Integer digits = power_of_ten(34) + last;
      const Rational tie = decimal(digits, exponent);
      const Rational even = decimal(power_of_ten(33) + (last == 5 ? 0 : 2), exponent + 1);
      CHECK(*pow_of(tie, Rational(1)) == even);
      CHECK(*pow_of(*tie.times(tie), number("1/2")) == even);
      CHECK(*rounded_sqrt(*tie.times(tie)) == even);
      const Rational beside = decimal(digits * power_of_ten(80) + 1, exponent - 80);
      CHECK(*pow_of(beside, Rational(1)) ==
            decimal(power_of_ten(33) + last / 10 + 1, exponent + 1));
    }
  }
}

TEST_CASE("what has no value is outside the domain") {
  const std::string outside = "OUTSIDE_DOMAIN";
  CHECK(said(rounded_sqrt(number("-0.0001"))) == outside);
  CHECK(said(ln_of(Rational())) == outside);
  CHECK(said(ln_of(Rational(-1))) == outside);
  CHECK(said(pow_of(Rational(), Rational(-1))) == outside);
  CHECK(said(pow_of(Rational(), number("-1/2"))) == outside);
  CHECK(said(pow_of(Rational(-8), number("1/3"))) == outside);
  CHECK(said(pow_of(Rational(-1), number("0.5"))) == outside);
}

TEST_CASE("results end at both ends of the range, with a name on the other side") {
  const std::string large = "NUMBER_TOO_LARGE";
  const std::string small = "NUMBER_TOO_SMALL";
  CHECK(exp_of(Rational(14'149)).ok());
  CHECK(said(exp_of(Rational(14'150))) == large);
  CHECK(exp_of(Rational(-14'144)).ok());
  CHECK(said(exp_of(Rational(-14'146))) == small);
  CHECK(*pow_of(Rational(10), Rational(6'144)) == decimal(1, 6'144));
  CHECK(said(pow_of(Rational(10), Rational(6'145))) == large);
  CHECK(*pow_of(Rational(10), Rational(-6'143)) == decimal(1, -6'143));
  CHECK(said(pow_of(Rational(10), Rational(-6'144))) == small);
  CHECK(*rounded_sqrt(decimal(1, 12'288)) == decimal(1, 6'144));
  CHECK(said(rounded_sqrt(decimal(1, 12'290))) == large);
  CHECK(*rounded_sqrt(decimal(1, -12'286)) == decimal(1, -6'143));
  CHECK(said(rounded_sqrt(decimal(1, -12'288))) == small);
  CHECK(*ln_of(*Rational(1).plus(decimal(1, -6'143))) == decimal(1, -6'143));
  CHECK(said(ln_of(*Rational(1).plus(decimal(1, -6'144)))) == small);
  CHECK(said(ln_of(*Rational(1).plus(decimal(1, -9'000)))) == small);
}

TEST_CASE("arguments whose result is hopeless are refused before any digit is made") {
  const auto detail = [](const Result<Rational>& result) { return result.error().detail; };
  CHECK(detail(exp_of(number("14999.999"))) == "the result is not below 10^6145");
  CHECK(detail(exp_of(Rational(15'000))) == "the result is far too large");
  CHECK(detail(exp_of(number("-14999.999"))) == "the result is nearer to zero than 10^-6143");
  CHECK(detail(exp_of(Rational(-15'000))) == "the result is far too near to zero");
  CHECK(detail(exp_of(Rational(1'000'000'000))) == "the result is far too large");
  CHECK(detail(exp_of(fraction(-(Integer(1) << 65'535), 1))) ==
        "the result is far too near to zero");
  // e^14,999 and e^15,001 or so.
  CHECK(detail(pow_of(Rational(10), number("6514.1"))) == "the result is not below 10^6145");
  CHECK(detail(pow_of(Rational(10), number("6514.9"))) == "the result is far too large");
  CHECK(detail(pow_of(Rational(10), Rational(1'000'000'000'000))) == "the result is far too large");
  CHECK(detail(pow_of(Rational(10), number("-6514.1"))) ==
        "the result is nearer to zero than 10^-6143");
  CHECK(detail(pow_of(Rational(10), number("-6514.9"))) == "the result is far too near to zero");
  CHECK(detail(pow_of(number("0.1"), fraction(Integer(1) << 60'000, 1))) ==
        "the result is far too near to zero");
}

TEST_CASE("the longest numbers have a root and a logarithm") {
  const Integer longest = (Integer(1) << kRationalBitsMax) - 1;
  CHECK(said(rounded_sqrt(fraction(longest, 1))) == "NUMBER_TOO_LARGE");
  const Rational near_one = fraction(longest, longest - 2);
  CHECK(rounded_sqrt(near_one)->text() == "1");
  CHECK(said(ln_of(near_one)) == "NUMBER_TOO_SMALL");
  CHECK(*exp_of(near_one) == *exp_of(Rational(1)));
  CHECK(*ln_of(fraction(longest, 1)) == *ln_of(fraction(longest - 1, 1)));
}

TEST_CASE("long arguments are paid for before they are worked on") {
  // 101,215 bits cost 2 · ⌊101,215 / 32⌋² = 2 · 3,162² = 19,996,488; one more bit is 20,009,138.
  const std::string too_dear = "CALCULATION_FAILED";
  CHECK(Meter().pay_rounded_function(101'215).ok());
  CHECK(!Meter().pay_rounded_function(101'216).ok());
  const Rational x = fraction((Integer(1) << 65'535) + 1, Integer(1) << 65'535);
  CHECK(said(pow_of(x, fraction((Integer(1) << 35'678) + 1, 5))) == "1");
  CHECK(said(pow_of(x, fraction((Integer(1) << 35'679) + 1, 5))) == too_dear);
  // 2 · 1,825² three times is 19,983,750; 2 · 1,826² three times is 20,005,656.
  Meter meter;
  CHECK(rounded_ln(fraction((Integer(1) << 58'400) - 1, 1), meter).ok());
  CHECK(rounded_ln(fraction((Integer(1) << 58'400) - 3, 1), meter).ok());
  CHECK(rounded_exp(fraction(1, (Integer(1) << 58'400) - 1), meter).ok());
  CHECK(rounded_ln(Rational(2), meter).ok());
  Meter other;
  CHECK(rounded_ln(fraction((Integer(1) << 58'432) - 1, 1), other).ok());
  CHECK(rounded_ln(fraction((Integer(1) << 58'432) - 3, 1), other).ok());
  CHECK(said(rounded_exp(fraction(1, (Integer(1) << 58'432) - 1), other)) == too_dear);
}

TEST_CASE("ln turns a quotient round and exp turns it back") {
  for (int p = 1; p <= 40; ++p) {
    const Rational x = fraction(p * p + 1, p + 7);
    const Rational inverse = *Rational(1).over(x);
    const Rational ln = *ln_of(x);
    CHECK(*ln_of(inverse) == ln.negated());
    const Rational error = *exp_of(ln)->minus(x);
    const Rational bound = *x.times(decimal(1, -31));
    CHECK(error < bound);
    CHECK(error > bound.negated());
  }
}

TEST_CASE("exp, ln and pow rise with their argument") {
  const Rational step = number("1/37");
  Rational x = number("-20");
  Rational before = *exp_of(x);
  for (int i = 0; i < 1'500; ++i) {
    x = *x.plus(step);
    const Rational next = *exp_of(x);
    CHECK(before < next);
    before = next;
    if (x.is_negative() || x.is_zero()) continue;
    CHECK(*ln_of(x) < *ln_of(*x.plus(step)));
    CHECK(*pow_of(x, number("2.53")) < *pow_of(*x.plus(step), number("2.53")));
  }
}
