// Rationals against arithmetic that is obviously right: integers on a small domain, every pair of
// it; plain fractions of long integers on random values around the border of the inline form.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "ledger/base/rational.h"
#include "ledger/base/rational_parts.h"
#include "tests/support/numbers.h"

using namespace mrv;
using test::fraction;
using test::said;

namespace {

// Numerator over denominator as calculated, neither reduced nor signed in one place.
struct Plain {
  Integer numerator;
  Integer denominator;

  [[nodiscard]] Plain reduced() const {
    const Integer divisor = gcd(numerator, denominator) * denominator.sign();
    return {numerator / divisor, denominator / divisor};
  }
  [[nodiscard]] std::string text() const {
    const auto [p, q] = reduced();
    return q == 1 ? p.str() : p.str() + "/" + q.str();
  }
  [[nodiscard]] std::string floor_text() const {
    const auto [p, q] = reduced();
    Integer whole = p / q;
    while (whole * q > p) --whole;
    return whole.str();
  }
  [[nodiscard]] std::string ceil_text() const {
    const auto [p, q] = reduced();
    Integer whole = p / q;
    while (whole * q < p) ++whole;
    return whole.str();
  }
  [[nodiscard]] std::string units_text() const {
    const auto [p, q] = reduced();
    if (q != 1) return "NUMBER_NOT_INTEGER";
    const bool fits =
        p >= std::numeric_limits<Units>::min() && p <= std::numeric_limits<Units>::max();
    return fits ? p.str() : "NUMBER_TOO_LARGE";
  }
};

std::string units_text(const Rational& value) {
  const auto units = value.to_units();
  return units.ok() ? std::to_string(*units) : std::string(units.error().name);
}

void agrees(const Rational& got, const Plain& expected) {
  const auto [p, q] = expected.reduced();
  const std::string text = expected.text();
  REQUIRE(got.text() == text);
  // Made on other ways, and still the same value.
  REQUIRE(got == fraction(p, q));
  REQUIRE(got == *Rational::parse(text));
  REQUIRE(got == *Rational::parse_canonical(text));
  REQUIRE(got == got.negated().negated());
  REQUIRE((got <=> fraction(p, q)) == std::strong_ordering::equal);
  REQUIRE(RationalParts::of(got).numerator == p);
  REQUIRE(RationalParts::of(got).denominator == q);
  REQUIRE(got.bits() == std::max(bits_of(p), bits_of(q)));
  REQUIRE(got.is_zero() == (p == 0));
  REQUIRE(got.is_negative() == (p < 0));
  REQUIRE(got.floor().text() == expected.floor_text());
  REQUIRE(got.ceil().text() == expected.ceil_text());
  REQUIRE(units_text(got) == expected.units_text());
}

void agrees(const Result<Rational>& got, const Plain& expected) {
  REQUIRE(got.ok());
  agrees(*got, expected);
}

void operations_agree(const Plain& a, const Plain& b) {
  const Rational x = fraction(a.numerator, a.denominator);
  const Rational y = fraction(b.numerator, b.denominator);
  CAPTURE(x.text());
  CAPTURE(y.text());
  const Integer left = a.numerator * b.denominator;
  const Integer right = b.numerator * a.denominator;
  const Integer below = a.denominator * b.denominator;
  agrees(x, a);
  agrees(x.negated(), {-a.numerator, a.denominator});
  agrees(x.plus(y), {left + right, below});
  agrees(x.minus(y), {left - right, below});
  agrees(x.times(y), {a.numerator * b.numerator, below});
  if (b.numerator == 0) {
    REQUIRE(said(x.over(y)) == "DIVISION_BY_ZERO");
  } else {
    agrees(x.over(y), {left, right});
  }
  REQUIRE((x < y) == (left < right));
  REQUIRE((x > y) == (left > right));
  REQUIRE((x == y) == (left == right));
}

// Lengths on both sides of the inline form, of 64 and of 128 bits, and far from them.
Integer random_side(std::mt19937_64& random) {
  static const std::vector<unsigned> lengths = {0, 1, 2, 8, 31, 32, 62, 63, 64, 65, 127, 128, 300};
  const unsigned length = lengths[random() % lengths.size()];
  const Integer power = Integer(1) << length;
  if (random() % 2 == 0) return power + static_cast<std::int64_t>(random() % 5) - 2;
  Integer digits = 0;
  for (int i = 0; i < 5; ++i) digits = (digits << 64) + random();
  return digits % power;
}

Plain random_fraction(std::mt19937_64& random) {
  // One draw a statement: the order within an expression is the compiler's.
  const Integer sign = random() % 2 == 0 ? 1 : -1;
  const Integer numerator = sign * random_side(random);
  const Integer denominator = abs(random_side(random));
  return {numerator, denominator == 0 ? Integer(1) : denominator};
}

std::string quotient_text(std::int64_t p, std::int64_t q) {
  const std::int64_t divisor = std::gcd(p, q) * (q < 0 ? -1 : 1);
  if (q / divisor == 1) return std::to_string(p / divisor);
  return std::to_string(p / divisor) + "/" + std::to_string(q / divisor);
}

struct SmallCase {
  std::int64_t p;
  std::int64_t q;
  Rational value;
};

std::vector<SmallCase> small_domain() {
  std::vector<SmallCase> out;
  for (std::int64_t p = -12; p <= 12; ++p) {
    for (std::int64_t q = 1; q <= 12; ++q) {
      const auto parsed = Rational::parse(std::to_string(p) + "/" + std::to_string(q));
      REQUIRE(parsed.ok());
      out.push_back({p, q, *parsed});
    }
  }
  return out;
}

}  // namespace

TEST_CASE("every operation of one number is right on a small domain") {
  for (const auto& [p, q, value] : small_domain()) {
    CAPTURE(p);
    CAPTURE(q);
    std::int64_t below = -12;
    while ((below + 1) * q <= p) ++below;
    REQUIRE(value.text() == quotient_text(p, q));
    REQUIRE(value == fraction(p, q));
    REQUIRE(value.negated().text() == quotient_text(-p, q));
    REQUIRE(value.floor() == Rational(below));
    REQUIRE(value.ceil() == Rational(below * q == p ? below : below + 1));
    REQUIRE(value.is_zero() == (p == 0));
    REQUIRE(value.is_negative() == (p < 0));
    REQUIRE(units_text(value) == (p % q == 0 ? std::to_string(p / q) : "NUMBER_NOT_INTEGER"));
  }
}

TEST_CASE("every operation of two numbers is right on a small domain") {
  const std::vector<SmallCase> domain = small_domain();
  for (const auto& a : domain) {
    for (const auto& b : domain) {
      CAPTURE(a.value.text());
      CAPTURE(b.value.text());
      const std::int64_t left = a.p * b.q;
      const std::int64_t right = b.p * a.q;
      REQUIRE(said(a.value.plus(b.value)) == quotient_text(left + right, a.q * b.q));
      REQUIRE(said(a.value.minus(b.value)) == quotient_text(left - right, a.q * b.q));
      REQUIRE(said(a.value.times(b.value)) == quotient_text(a.p * b.p, a.q * b.q));
      REQUIRE(said(a.value.over(b.value)) ==
              (b.p == 0 ? "DIVISION_BY_ZERO" : quotient_text(left, right)));
      REQUIRE((a.value <=> b.value) == (left <=> right));
      REQUIRE((a.value == b.value) == (left == right));
    }
  }
}

TEST_CASE("random operations agree with plain fractions on both sides of the inline form") {
  std::mt19937_64 random(20'260'101);
  for (int i = 0; i < 3'000; ++i) {
    const Plain a = random_fraction(random);
    const Plain b = random_fraction(random);
    operations_agree(a, b);
  }
}

TEST_CASE("operations between the borders of the inline form agree with plain fractions") {
  const Integer border = std::numeric_limits<std::int64_t>::max();
  const std::vector<Integer> sides = {1, 2, 3, border - 1, border, border + 1, border + 2};
  std::vector<Plain> values = {{0, 1}};
  for (const Integer& p : sides) {
    for (const Integer& q : sides) {
      values.push_back({p, q});
      values.push_back({-p, q});
    }
  }
  for (const Plain& a : values) {
    for (const Plain& b : values) operations_agree(a, b);
  }
}

TEST_CASE("a random decimal is what its digits over a power of ten are") {
  std::mt19937_64 random(77);
  const auto digits = [&](std::size_t count) {
    std::string out;
    while (out.size() < count) out += static_cast<char>('0' + random() % 10);
    return out;
  };
  for (int i = 0; i < 3'000; ++i) {
    std::string whole = digits(random() % 21 + 1);
    whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
    std::string places = digits(random() % 22);
    if (random() % 4 == 0) places.append(random() % 5, '0');
    std::string all = whole + places;
    all.erase(0, std::min(all.find_first_not_of('0'), all.size() - 1));
    const bool negative = random() % 2 == 0 && all != "0";
    const std::string text = (negative ? "-" : "") + whole + (places.empty() ? "" : "." + places);
    CAPTURE(text);
    agrees(Rational::parse(text),
           {Integer(all) * (negative ? -1 : 1), power_of_ten(places.size())});
  }
}
