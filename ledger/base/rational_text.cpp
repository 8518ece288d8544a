// Rationals read from text and written to it.
#include <algorithm>
#include <string>

#include <boost/multiprecision/cpp_int.hpp>

#include "ledger/base/rational.h"
#include "ledger/base/rational_errors.h"
#include "ledger/base/rational_parts.h"
#include "ledger/base/rational_small.h"

namespace mrv {
namespace {

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

// -?digits with at most one point inside, no negative zero; neither reduced nor capped.
bool parse_decimal(std::string_view text, RationalParts& out) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto point = text.find('.');
  if (!parse_digits(text.substr(0, point), out.numerator)) return false;
  if (point != std::string_view::npos) {
    const auto fraction = text.substr(point + 1);
    if (!is_digits(fraction)) return false;
    const auto significant = fraction.find_first_not_of('0');
    out.denominator = power_of_ten(fraction.size());
    out.numerator *= out.denominator;
    if (significant != std::string_view::npos) {
      out.numerator += Integer(std::string(fraction.substr(significant)));
    }
  }
  if (negative && out.numerator == 0) return false;
  if (negative) out.numerator = -out.numerator;
  return true;
}

}  // namespace

Result<Rational> Rational::parse(std::string_view text) {
  if (const auto small = read_small(text)) return Rational(*small);
  if (text.size() > kRationalTextBytesMax) return number_too_large();
  RationalParts parts;
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    if (!parse_decimal(text, parts)) return number_malformed();
    return make(std::move(parts));
  }
  if (!parse_integer(text.substr(0, slash), parts.numerator) ||
      !parse_digits(text.substr(slash + 1), parts.denominator)) {
    return number_malformed();
  }
  if (parts.denominator == 0) return division_by_zero();
  return make(std::move(parts));
}

Result<Rational> Rational::parse_canonical(std::string_view text) {
  SmallTextBuffer buffer;
  const auto small = read_small(text);
  if (small && write_small(*small, buffer) == text) return Rational(*small);
  RationalParts parts;
  const auto slash = text.find('/');
  if (!parse_integer(text.substr(0, slash), parts.numerator)) return number_malformed();
  if (slash != std::string_view::npos &&
      (!parse_digits(text.substr(slash + 1), parts.denominator) || parts.denominator == 0)) {
    return number_malformed();
  }
  MRV_TRY(Rational rational, make(std::move(parts)));
  if (rational.text() != text) return number_malformed();
  return rational;
}

std::string Rational::text() const {
  if (!big_) {
    SmallTextBuffer buffer;
    return std::string(write_small(small_, buffer));
  }
  if (big_->denominator == 1) return big_->numerator.str();
  return big_->numerator.str() + "/" + big_->denominator.str();
}

std::string Rational::decimal(std::size_t digits) const {
  const RationalParts parts = RationalParts::of(*this);
  const Integer scaled = abs(parts.numerator) * power_of_ten(digits);
  const Integer whole = scaled / parts.denominator;
  std::string text = whole.str();
  if (text.size() <= digits) text.insert(0, digits + 1 - text.size(), '0');
  if (digits > 0) {
    text.insert(text.size() - digits, ".");
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  if (is_negative() && text != "0") text.insert(0, "-");
  if (whole * parts.denominator != scaled) text += "\xE2\x80\xA6";
  return text;
}

}  // namespace mrv
