// Rational arithmetic on boost::multiprecision integers; no other file names Boost but the one that
// names the integer type (rational_parts.h).
#include "ledger/base/rational.h"

#include <algorithm>
#include <cassert>
#include <limits>

#include <boost/multiprecision/cpp_int.hpp>

#include "ledger/base/rational_parts.h"

namespace mrv {
namespace {

Error malformed() {
  return {
      "NUMBER_MALFORMED", "a decimal like 12 or 0.05, or a fraction like 44/12, is expected", {}};
}
Error too_large() { return {"NUMBER_TOO_LARGE", "the number has too many digits", {}}; }
Error by_zero() { return {"DIVISION_BY_ZERO", "a division by zero", {}}; }

bool is_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Digits without leading zeros (cpp_int's own reader would take one for the mark of an octal
// number).
bool parse_digits(std::string_view text, Integer& out) {
  if (!is_digits(text) || (text.size() > 1 && text[0] == '0')) return false;
  out = Integer(std::string(text));
  return true;
}

// -?digits, no negative zero.
bool parse_integer(std::string_view text, Integer& out) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (!parse_digits(text, out) || (negative && out == 0)) return false;
  if (negative) out = -out;
  return true;
}

}  // namespace

std::size_t bits_of(const Integer& value) {
  return value == 0 ? 0 : boost::multiprecision::msb(abs(value)) + 1;
}

Integer power_of_ten(std::size_t exponent) {
  return boost::multiprecision::pow(Integer(10), static_cast<unsigned>(exponent));
}

Integer floor_division(const Integer& numerator, const Integer& denominator) {
  Integer quotient = numerator / denominator;
  if (numerator < 0 && quotient * denominator != numerator) --quotient;
  return quotient;
}

struct Rational::Value {
  Integer numerator = 0;
  Integer denominator = 1;
};

RationalParts RationalParts::of(const Rational& rational) {
  return {rational.value_->numerator, rational.value_->denominator};
}

Result<Rational> RationalParts::joined() const { return Rational::make({numerator, denominator}); }

Rational::Rational() : value_(std::make_shared<const Value>()) {}
Rational::Rational(std::int64_t value)
    : value_(std::make_shared<const Value>(Value{Integer(value), Integer(1)})) {}

// Reduces and applies the cap. Precondition: denominator is not zero.
Result<Rational> Rational::make(Value value) {
  assert(value.denominator != 0);
  if (value.denominator < 0) {
    value.numerator = -value.numerator;
    value.denominator = -value.denominator;
  }
  const Integer divisor = gcd(value.numerator, value.denominator);
  if (divisor != 1) {
    value.numerator /= divisor;
    value.denominator /= divisor;
  }
  if (bits_of(value.numerator) > kRationalBitsMax ||
      bits_of(value.denominator) > kRationalBitsMax) {
    return too_large();
  }
  return Rational(std::make_shared<const Value>(std::move(value)));
}

Result<Rational> Rational::parse(std::string_view text) {
  if (text.size() > kRationalTextBytesMax) return too_large();
  Value value;
  const auto slash = text.find('/');
  if (slash != std::string_view::npos) {
    if (!parse_integer(text.substr(0, slash), value.numerator) ||
        !parse_digits(text.substr(slash + 1), value.denominator)) {
      return malformed();
    }
    if (value.denominator == 0) return by_zero();
    return make(std::move(value));
  }
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto point = text.find('.');
  if (!parse_digits(text.substr(0, point), value.numerator)) return malformed();
  if (point != std::string_view::npos) {
    const auto fraction = text.substr(point + 1);
    if (!is_digits(fraction)) return malformed();
    const auto significant = fraction.find_first_not_of('0');
    value.denominator = power_of_ten(fraction.size());
    value.numerator *= value.denominator;
    if (significant != std::string_view::npos) {
      value.numerator += Integer(std::string(fraction.substr(significant)));
    }
  }
  if (negative) {
    if (value.numerator == 0) return malformed();
    value.numerator = -value.numerator;
  }
  return make(std::move(value));
}

Result<Rational> Rational::parse_canonical(std::string_view text) {
  const auto slash = text.find('/');
  Value value;
  if (!parse_integer(text.substr(0, slash), value.numerator)) return malformed();
  if (slash != std::string_view::npos &&
      (!parse_digits(text.substr(slash + 1), value.denominator) || value.denominator == 0)) {
    return malformed();
  }
  MRV_TRY(Rational rational, make(std::move(value)));
  if (rational.text() != text) return malformed();
  return rational;
}

Result<Rational> Rational::plus(const Rational& other) const {
  const Value& a = *value_;
  const Value& b = *other.value_;
  return make(
      {a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator});
}

Result<Rational> Rational::minus(const Rational& other) const { return plus(other.negated()); }

Result<Rational> Rational::times(const Rational& other) const {
  return make({value_->numerator * other.value_->numerator,
               value_->denominator * other.value_->denominator});
}

Result<Rational> Rational::over(const Rational& other) const {
  if (other.is_zero()) return by_zero();
  return make({value_->numerator * other.value_->denominator,
               value_->denominator * other.value_->numerator});
}

Rational Rational::negated() const {
  return Rational(std::make_shared<const Value>(Value{-value_->numerator, value_->denominator}));
}

bool Rational::is_negative() const { return value_->numerator < 0; }
bool Rational::is_zero() const { return value_->numerator == 0; }
std::size_t Rational::bits() const {
  return std::max(bits_of(value_->numerator), bits_of(value_->denominator));
}

Rational Rational::floor() const {
  return Rational(std::make_shared<const Value>(
      Value{floor_division(value_->numerator, value_->denominator), Integer(1)}));
}

Rational Rational::ceil() const { return negated().floor().negated(); }

Result<Units> Rational::to_units() const {
  if (value_->denominator != 1) {
    return Error{"NUMBER_NOT_INTEGER", "a whole number is expected", {}};
  }
  if (value_->numerator > std::numeric_limits<Units>::max() ||
      value_->numerator < std::numeric_limits<Units>::min()) {
    return too_large();
  }
  return static_cast<Units>(value_->numerator);
}

std::string Rational::text() const {
  if (value_->denominator == 1) return value_->numerator.str();
  return value_->numerator.str() + "/" + value_->denominator.str();
}

std::string Rational::decimal(std::size_t digits) const {
  const Integer scaled = abs(value_->numerator) * power_of_ten(digits);
  const Integer whole = scaled / value_->denominator;
  std::string text = whole.str();
  if (text.size() <= digits) text.insert(0, digits + 1 - text.size(), '0');
  if (digits > 0) {
    text.insert(text.size() - digits, ".");
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  if (is_negative() && text != "0") text.insert(0, "-");
  if (whole * value_->denominator != scaled) text += "\xE2\x80\xA6";
  return text;
}

bool operator==(const Rational& a, const Rational& b) {
  return a.value_->numerator == b.value_->numerator &&
         a.value_->denominator == b.value_->denominator;
}

std::strong_ordering operator<=>(const Rational& a, const Rational& b) {
  const Integer left = a.value_->numerator * b.value_->denominator;
  const Integer right = b.value_->numerator * a.value_->denominator;
  const int sign = left.compare(right);
  return sign < 0   ? std::strong_ordering::less
         : sign > 0 ? std::strong_ordering::greater
                    : std::strong_ordering::equal;
}

}  // namespace mrv
