// The inline form of a rational: where it ends, what is read into it, and that nobody can tell.
#include "ledger/base/rational_small.h"

#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/numbers.h"

using namespace mrv;
using test::fraction;
using test::number;
using test::said;

namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

std::string written(SmallFraction a) {
  SmallTextBuffer buffer;
  return std::string(write_small(a, buffer));
}

std::string read(std::string_view text) {
  const auto small = read_small(text);
  return small ? written(*small) : "not small";
}

}  // namespace

TEST_CASE("small operations answer up to the border and nothing beyond it") {
  const SmallFraction one{1, 1};
  CHECK(small_sum({kMax - 1, 1}, one) == SmallFraction{kMax, 1});
  CHECK(small_sum({kMax, 1}, one) == std::nullopt);
  CHECK(small_sum({-kMax + 1, 1}, {-1, 1}) == SmallFraction{-kMax, 1});
  CHECK(small_sum({-kMax, 1}, {-1, 1}) == std::nullopt);
  CHECK(small_sum({1, kMax}, {1, kMax}) == SmallFraction{2, kMax});
  CHECK(small_sum({1, kMax}, {1, 2}) == std::nullopt);
  CHECK(small_sum({kMax, 2}, {kMax, 2}) == SmallFraction{kMax, 1});
  CHECK(small_sum({kMax, 2}, {-kMax, 2}) == SmallFraction{0, 1});
  CHECK(small_sum({kMax, kMax - 1}, {-kMax, kMax - 1}) == SmallFraction{0, 1});
  CHECK(small_product({kMax, 1}, {-1, 1}) == SmallFraction{-kMax, 1});
  CHECK(small_product({kMax, 2}, {2, kMax}) == SmallFraction{1, 1});
  CHECK(small_product({std::int64_t{1} << 62, 1}, {2, 1}) == std::nullopt);
  CHECK(small_product({std::int64_t{1} << 62, 1}, {-2, 1}) == std::nullopt);  // the smallest int64
  CHECK(small_product({1, kMax}, {1, 2}) == std::nullopt);
  CHECK(small_quotient(one, {-kMax, 1}) == SmallFraction{-1, kMax});
  CHECK(small_quotient({0, 1}, {-kMax, 3}) == SmallFraction{0, 1});
  CHECK(small_quotient({kMax, 1}, {1, 2}) == std::nullopt);
}

TEST_CASE("small operations stay small wherever the result is, however wide the way") {
  const std::int64_t half = std::int64_t{1} << 62;
  CHECK(small_sum({1, half}, {1, half}) == SmallFraction{1, half / 2});
  CHECK(small_sum({kMax - 2, kMax - 1}, {1, kMax - 1}) == SmallFraction{1, 1});
  CHECK(small_product({kMax, kMax - 1}, {kMax - 1, kMax}) == SmallFraction{1, 1});
  CHECK(small_order({kMax, kMax - 1}, {kMax - 1, kMax - 2}) == std::strong_ordering::less);
  CHECK(small_order({-kMax, kMax - 1}, {-(kMax - 1), kMax - 2}) == std::strong_ordering::greater);
  CHECK(small_floor({-kMax, 2}) == SmallFraction{-half, 1});
  CHECK(small_floor({kMax, 2}) == SmallFraction{half - 1, 1});
  CHECK(small_floor({-kMax, 1}) == SmallFraction{-kMax, 1});
}

TEST_CASE("short spellings are read without long integers, up to the limits of each part") {
  const std::string longest(kSmallDigitsMax, '9');
  CHECK(read("0") == "0");
  CHECK(read("46800") == "46800");
  CHECK(read("-3.25") == "-13/4");
  CHECK(read("0.05") == "1/20");
  CHECK(read("0.0") == "0");
  CHECK(read("44/12") == "11/3");
  CHECK(read("0/7") == "0");
  CHECK(read(longest) == longest);
  CHECK(read("-" + longest) == "-" + longest);
  CHECK(read("1" + longest) == "not small");
  CHECK(read("1/" + longest) == "1/" + longest);
  CHECK(read("1/1" + longest) == "not small");
  CHECK(read("0." + longest) == longest + "/1000000000000000000");
  CHECK(read("0.0" + longest) == "not small");
  // The places and the whole together: the last number that fits, and the next.
  CHECK(read("9.223372036854775807") == "9223372036854775807/1000000000000000000");
  CHECK(read("9.223372036854775808") == "not small");
  CHECK(read("9.000000000000000000") == "9");
  CHECK(read("10.000000000000000000") == "not small");
}

TEST_CASE("what is read as small is only what the language of numbers has") {
  for (const char* text :
       {"",      "-",   "--1", "+1",   "01",   "00",  "-0",   "-0.0",  "-0/5",  "1.",
        ".5",    "1/",  "/2",  "1/02", "1/0",  "0/0", "1/-2", "1.5/2", "1/2.5", "1/2/3",
        "1.2.3", "1e3", " 1",  "1 ",   "0x10", "1,5", "1:2",  "-.5",   "1./2"}) {
    CHECK_MESSAGE(read(text) == "not small", text);
  }
}

TEST_CASE("the longest small text fills its buffer and no more") {
  CHECK(written({-kMax, kMax - 1}).size() == kSmallTextBytesMax);
  CHECK(written({-kMax, kMax - 1}) == "-9223372036854775807/9223372036854775806");
  CHECK(written({0, 1}) == "0");
}

TEST_CASE("the smallest int64 is a number like every other") {
  const Rational smallest(kMin);
  CHECK(smallest.text() == "-9223372036854775808");
  CHECK(smallest == number("-9223372036854775808"));
  CHECK(smallest == *Rational(kMin + 1).minus(Rational(1)));
  CHECK(smallest.bits() == 64);
  CHECK(smallest.is_negative());
  CHECK(*smallest.to_units() == kMin);
  CHECK(smallest.negated().text() == "9223372036854775808");
  CHECK(smallest.negated().to_units().error().name == "NUMBER_TOO_LARGE");
  CHECK(smallest.floor() == smallest);
  CHECK(smallest.ceil() == smallest);
  CHECK(said(smallest.over(Rational(-1))) == "9223372036854775808");
  CHECK(said(smallest.over(smallest)) == "1");
  CHECK(*smallest.plus(Rational(1)) == Rational(kMin + 1));
  CHECK(smallest < Rational(kMin + 1));
  CHECK(number("-9223372036854775809").to_units().error().name == "NUMBER_TOO_LARGE");
  CHECK(number("-18446744073709551617/2").to_units().error().name == "NUMBER_NOT_INTEGER");
}

TEST_CASE("a value crosses the border in both directions and is the same value afterwards") {
  const Rational longest(kMax);
  const Rational beyond = *longest.plus(Rational(1));
  CHECK(longest.bits() == kSmallSideBitsMax);
  CHECK(beyond.bits() == kSmallSideBitsMax + 1);
  CHECK(beyond == number("9223372036854775808"));
  CHECK(*beyond.minus(Rational(1)) == longest);
  CHECK(*beyond.over(Rational(2)) == Rational(std::int64_t{1} << 62));
  CHECK(*beyond.plus(beyond.negated()) == Rational());
  CHECK(number("1/9223372036854775808").times(beyond)->text() == "1");
  CHECK(number("-1/9223372036854775808").ceil() == Rational());
  CHECK(number("-1/9223372036854775808").floor() == Rational(-1));
  CHECK_FALSE(number("-1/9223372036854775808").ceil().is_negative());
  CHECK(number("1/9223372036854775807").plus(number("1/9223372036854775807"))->text() ==
        "2/9223372036854775807");
  CHECK(number("18446744073709551616/4") == Rational(std::int64_t{1} << 62));
  CHECK(fraction(Integer(1) << 80, Integer(1) << 79) == Rational(2));
}

TEST_CASE("a copy and a moved value of either form are the value") {
  for (const char* text : {"-7/2", "-1/18446744073709551617"}) {
    Rational first = number(text);
    const Rational copy = first;
    const Rational moved = std::move(first);
    CHECK(copy == moved);
    CHECK(moved.text() == text);
    first = copy;
    CHECK(first == moved);
  }
}

TEST_CASE("an error of reading has the same name in short and in long spellings") {
  const std::string zeros(40, '0');
  for (const std::string text : {"-0.0", "1/", "1./2"})
    CHECK(said(Rational::parse(text)) == "NUMBER_MALFORMED");
  CHECK(said(Rational::parse("-0." + zeros)) == "NUMBER_MALFORMED");
  CHECK(said(Rational::parse("1" + zeros + "/")) == "NUMBER_MALFORMED");
  CHECK(said(Rational::parse("0" + zeros)) == "NUMBER_MALFORMED");
  CHECK(said(Rational::parse("7/0")) == "DIVISION_BY_ZERO");
  CHECK(said(Rational::parse("-7/0")) == "DIVISION_BY_ZERO");
  CHECK(said(Rational::parse("1" + zeros + "/0")) == "DIVISION_BY_ZERO");
  CHECK(said(Rational::parse("-0/0")) == "NUMBER_MALFORMED");
  for (const std::string q : {"0", "1", "02", "4"}) {
    CHECK(said(Rational::parse_canonical("2/" + q)) == "NUMBER_MALFORMED");
    CHECK(said(Rational::parse_canonical("4" + zeros + "/" + q)) == "NUMBER_MALFORMED");
  }
  CHECK(said(Rational::parse_canonical("1.5")) == "NUMBER_MALFORMED");
  CHECK(said(Rational::parse_canonical("1.5" + zeros)) == "NUMBER_MALFORMED");
  CHECK(said(Rational::parse_canonical("2" + zeros + "/3")) == "2" + zeros + "/3");
}

TEST_CASE("a small operand changes nothing about the cap") {
  const Rational longest = fraction((Integer(1) << kRationalBitsMax) - 1, 1);
  CHECK(longest.plus(Rational())->bits() == kRationalBitsMax);
  CHECK(said(longest.plus(Rational(1))) == "NUMBER_TOO_LARGE");
  CHECK(longest.minus(Rational(1))->bits() == kRationalBitsMax);
  CHECK(said(longest.negated().minus(Rational(1))) == "NUMBER_TOO_LARGE");
  CHECK(longest.times(Rational(-1))->bits() == kRationalBitsMax);
  CHECK(said(longest.times(Rational(2))) == "NUMBER_TOO_LARGE");
  CHECK(said(longest.over(number("1/2"))) == "NUMBER_TOO_LARGE");
  CHECK(Rational(1).over(longest)->bits() == kRationalBitsMax);
  CHECK(said(Rational(1).over(longest)->over(Rational(2))) == "NUMBER_TOO_LARGE");
}
