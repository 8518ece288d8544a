// Decimal texts of coordinates to integers of 10^-7 degree, digit by digit.
#include <algorithm>
#include <charconv>

#include "ledger/codec/geojson.h"

namespace mrv::codec {
namespace {

constexpr std::int64_t kScaleDigits = 7;  // 10^-7 degree
constexpr std::int64_t kResultDigitsMax = 11;

Error invalid(const char* why) { return {kBoundaryInvalid, why, {}}; }

bool is_decimal_digit(char c) { return c >= '0' && c <= '9'; }

// A number as `digits` × 10^exponent.
struct Decimal {
  bool negative = false;
  std::string digits;  // without leading zeros; empty is zero
  std::int64_t exponent = 0;
};

std::string_view take_digits(std::string_view& rest) {
  const auto* end = std::find_if_not(rest.begin(), rest.end(), is_decimal_digit);
  const auto size = static_cast<std::size_t>(end - rest.begin());
  const std::string_view digits = rest.substr(0, size);
  rest.remove_prefix(size);
  return digits;
}

bool take(std::string_view& rest, std::string_view any_of) {
  if (rest.empty() || any_of.find(rest.front()) == std::string_view::npos) return false;
  rest.remove_prefix(1);
  return true;
}

Result<std::int64_t> take_exponent(std::string_view& rest) {
  const bool negative = !rest.empty() && rest.front() == '-';
  take(rest, "+-");
  const std::string_view digits = take_digits(rest);
  if (digits.empty()) return invalid("not a number");
  std::int64_t value = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (parsed.ec != std::errc{} || value > kCoordinateExponentMax) {
    return invalid("the number's exponent is too large");
  }
  return negative ? -value : value;
}

// The grammar of JSON numbers.
Result<Decimal> parse_decimal(std::string_view text) {
  if (text.size() > kCoordinateTextBytesMax) return invalid("the number is too long");
  Decimal decimal;
  std::string_view rest = text;
  decimal.negative = take(rest, "-");
  const std::string_view whole = take_digits(rest);
  if (whole.empty() || (whole.size() > 1 && whole[0] == '0')) return invalid("not a number");
  std::string_view fraction;
  if (take(rest, ".")) {
    fraction = take_digits(rest);
    if (fraction.empty()) return invalid("not a number");
  }
  if (take(rest, "eE")) {
    MRV_TRY(decimal.exponent, take_exponent(rest));
  }
  if (!rest.empty()) return invalid("not a number");
  decimal.exponent -= static_cast<std::int64_t>(fraction.size());
  decimal.digits = std::string(whole) + std::string(fraction);
  decimal.digits.erase(0, decimal.digits.find_first_not_of('0'));
  return decimal;
}

// Whether what stands behind the last digit that is kept asks for one more, a half going to even.
bool rounds_up(std::string_view kept, std::string_view dropped) {
  if (dropped.empty() || dropped[0] != '5') return !dropped.empty() && dropped[0] > '5';
  if (dropped.find_first_not_of('0', 1) != std::string_view::npos) return true;
  return !kept.empty() && (kept.back() - '0') % 2 == 1;
}

}  // namespace

Result<std::int64_t> parse_coordinate(std::string_view text) {
  MRV_TRY(const Decimal decimal, parse_decimal(text));
  const auto size = static_cast<std::int64_t>(decimal.digits.size());
  // How many of the digits stand before the point once the number is counted in 10^-7.
  const std::int64_t whole_digits = size + decimal.exponent + kScaleDigits;
  if (size == 0 || whole_digits < 0) return std::int64_t{0};
  if (whole_digits > kResultDigitsMax) return invalid("the number is no coordinate");
  std::string digits = decimal.digits;
  if (whole_digits > size) digits.append(static_cast<std::size_t>(whole_digits - size), '0');
  const std::string_view kept =
      std::string_view(digits).substr(0, static_cast<std::size_t>(whole_digits));
  const std::string_view dropped = std::string_view(digits).substr(kept.size());
  std::int64_t value = 0;
  for (const char digit : kept) value = value * 10 + (digit - '0');
  if (rounds_up(kept, dropped)) ++value;
  return decimal.negative ? -value : value;
}

}  // namespace mrv::codec
