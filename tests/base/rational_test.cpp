// Exact rationals: identities over random values, strict text, caps on both sides.
#include "ledger/base/rational.h"

#include <random>

#include <doctest/doctest.h>

using namespace mrv;

namespace {

Rational number(std::string_view text) {
  auto parsed = Rational::parse(text);
  REQUIRE_MESSAGE(parsed.ok(), std::string(text));
  return *parsed;
}

Rational random_number(std::mt19937_64& random) {
  const auto numerator = static_cast<std::int64_t>(random() % 2'000'001) - 1'000'000;
  const auto denominator = static_cast<std::int64_t>(random() % 9'999) + 1;
  return number(std::to_string(numerator) + "/" + std::to_string(denominator));
}

}  // namespace

TEST_CASE("a number has one canonical text, whatever it was written as") {
  CHECK(number("44/12").text() == "11/3");
  CHECK(number("0.9921").text() == "9921/10000");
  CHECK(number("-0.50").text() == "-1/2");
  CHECK(number("3.000").text() == "3");
  CHECK(number("0").text() == "0");
  CHECK(number("0.010").text() == "1/100");
}

TEST_CASE("whatever is not exactly a number is refused by name") {
  for (const char* text : {"",      "-",     "+1",           "01", "1.",   ".5",    "1e3",  "1,5",
                           "1 000", "1_000", "0x10",         "-0", "-0.0", "1/2/3", "1/-2", "1.5/2",
                           "nan",   "inf",   "\xEF\xBC\x91", " 1", "1 ",   "1/02"}) {
    const auto parsed = Rational::parse(text);
    REQUIRE_MESSAGE(!parsed.ok(), text);
    CHECK(parsed.error().name == "NUMBER_MALFORMED");
  }
  CHECK(Rational::parse("1/0").error().name == "DIVISION_BY_ZERO");
  CHECK(Rational(1).over(Rational()).error().name == "DIVISION_BY_ZERO");
}

TEST_CASE("canonical text is read back and every other spelling refused") {
  std::mt19937_64 random(11);
  for (int i = 0; i < 500; ++i) {
    const Rational value = random_number(random);
    const auto again = Rational::parse_canonical(value.text());
    REQUIRE(again.ok());
    CHECK(*again == value);
  }
  for (const char* text : {"2/4", "3/1", "0.5", "-0", "0/5", "1/0", "01", "1/"}) {
    CHECK_MESSAGE(!Rational::parse_canonical(text).ok(), text);
  }
}

TEST_CASE("the field's laws hold exactly") {
  std::mt19937_64 random(5);
  for (int i = 0; i < 1'000; ++i) {
    const Rational a = random_number(random);
    const Rational b = random_number(random);
    const Rational c = random_number(random);
    CHECK(*a.plus(b) == *b.plus(a));
    CHECK(*a.plus(*b.plus(c)) == *a.plus(b)->plus(c));
    CHECK(*a.times(*b.plus(c)) == *a.times(b)->plus(*a.times(c)));
    CHECK(a.minus(a)->is_zero());
    if (!b.is_zero()) CHECK(*a.times(b)->over(b) == a);
    CHECK((a < b) == b.minus(a)->negated().is_negative());
    CHECK(a.floor() <= a);
    CHECK(a.ceil() >= a);
    CHECK(*a.ceil().minus(a.floor()) <= Rational(1));
    CHECK(a.negated().floor() == a.ceil().negated());
  }
}

TEST_CASE("a third times three is one, so no tonne is lost at a boundary") {
  CHECK(number("1/3").times(Rational(3))->floor() == Rational(1));
}

TEST_CASE("floor goes toward minus infinity and ceil toward plus infinity") {
  CHECK(number("-7/2").floor() == Rational(-4));
  CHECK(number("-7/2").ceil() == Rational(-3));
  CHECK(number("7338.15").ceil() == Rational(7'339));
  CHECK(number("146763.91899").floor() == Rational(146'763));
}

TEST_CASE("amounts are whole numbers that fit") {
  CHECK(*number("9223372036854775807").to_units() == 9'223'372'036'854'775'807);
  CHECK(number("9223372036854775808").to_units().error().name == "NUMBER_TOO_LARGE");
  CHECK(number("0.5").to_units().error().name == "NUMBER_NOT_INTEGER");
}

TEST_CASE("the bit cap holds on both sides") {
  Rational value(2);
  while (value.bits() * 2 <= kRationalBitsMax) value = *value.times(value);
  // value = 2^32768 has 32,769 bits; its square has 65,537.
  CHECK(value.times(value).error().name == "NUMBER_TOO_LARGE");
  const auto half = value.over(Rational(2));
  REQUIRE(half.ok());
  CHECK(half->times(value).ok());
  const auto reciprocal = Rational(1).over(value);
  REQUIRE(reciprocal.ok());
  CHECK(reciprocal->times(*reciprocal).error().name == "NUMBER_TOO_LARGE");
}

TEST_CASE("a million digits end in a named error at once") {
  CHECK(Rational::parse(std::string(1'000'000, '9')).error().name == "NUMBER_TOO_LARGE");
  CHECK(Rational::parse(std::string(kRationalTextBytesMax, '9')).ok());
  CHECK(Rational::parse(std::string(kRationalTextBytesMax + 1, '9')).error().name ==
        "NUMBER_TOO_LARGE");
}

TEST_CASE("decimals for people are cut, never rounded up, and say when they are inexact") {
  CHECK(number("146763.91899").decimal(5) == "146763.91899");
  CHECK(number("2/3").decimal(3) == "0.666\xE2\x80\xA6");
  CHECK(number("-1/8").decimal(3) == "-0.125");
  CHECK(number("5").decimal(2) == "5");
}
