// Small fractions read from text and written to it.
#include "ledger/base/rational_small.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <limits>

namespace mrv {
namespace {

constexpr std::array<std::int64_t, kSmallDigitsMax + 1> powers_of_ten() {
  std::array<std::int64_t, kSmallDigitsMax + 1> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}
constexpr auto kPowersOfTen = powers_of_ten();
static_assert(kSmallDigitsMax <= std::numeric_limits<std::int64_t>::digits10);
static_assert(std::numeric_limits<std::int64_t>::digits10 + 1 == 19 && kSmallTextBytesMax == 40);

// The digits that `text` begins with, taken off it: kSmallDigitsMax at most and one at least.
std::optional<std::int64_t> take_digits(std::string_view& text) {
  std::int64_t value = 0;
  std::size_t count = 0;
  for (; count < text.size() && text[count] >= '0' && text[count] <= '9'; ++count) {
    if (count == kSmallDigitsMax) return std::nullopt;
    value = value * 10 + (text[count] - '0');
  }
  if (count == 0) return std::nullopt;
  text.remove_prefix(count);
  return value;
}

// The same without leading zeros.
std::optional<std::int64_t> take_whole(std::string_view& text) {
  const bool zero_leads = text.starts_with('0');
  const std::size_t length = text.size();
  const auto value = take_digits(text);
  if (zero_leads && length - text.size() > 1) return std::nullopt;
  return value;
}

// value/10^places; 2 and 5 are all that the denominator can share.
SmallFraction reduced_decimal(std::int64_t value, std::size_t places) {
  if (value == 0) return {};
  SmallFraction out{value, kPowersOfTen[places]};
  const int twos = std::min(std::countr_zero(magnitude(value)), static_cast<int>(places));
  out.numerator >>= twos;
  out.denominator >>= twos;
  for (std::size_t i = 0; i < places && out.numerator % 5 == 0; ++i) {
    out.numerator /= 5;
    out.denominator /= 5;
  }
  return out;
}

// "q" after "p/".
std::optional<SmallFraction> read_denominator(std::int64_t numerator, std::string_view text) {
  const auto denominator = take_whole(text);
  if (!denominator || *denominator == 0 || !text.empty()) return std::nullopt;
  const std::int64_t factor = common_factor(magnitude(numerator), *denominator);
  return SmallFraction{numerator / factor, *denominator / factor};
}

// The digits after "p.".
std::optional<SmallFraction> read_places(std::int64_t whole, std::string_view text) {
  const std::size_t places = text.size();
  const auto fraction = take_digits(text);
  if (!fraction || !text.empty()) return std::nullopt;
  const std::int64_t denominator = kPowersOfTen[places];
  std::int64_t numerator = 0;
  if (__builtin_mul_overflow(whole, denominator, &numerator)) return std::nullopt;
  if (__builtin_add_overflow(numerator, *fraction, &numerator)) return std::nullopt;
  return reduced_decimal(numerator, places);
}

std::optional<SmallFraction> read_unsigned(std::string_view text) {
  const auto whole = take_whole(text);
  if (!whole) return std::nullopt;
  if (text.empty()) return SmallFraction{*whole, 1};
  const char mark = text.front();
  text.remove_prefix(1);
  if (mark == '/') return read_denominator(*whole, text);
  if (mark == '.') return read_places(*whole, text);
  return std::nullopt;
}

}  // namespace

std::optional<SmallFraction> read_small(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto value = read_unsigned(text);
  if (!value || !negative) return value;
  if (value->numerator == 0) return std::nullopt;  // there is no negative zero
  return small_negated(*value);
}

std::string_view write_small(SmallFraction a, SmallTextBuffer& buffer) {
  char* const end = buffer.data() + buffer.size();
  auto written = std::to_chars(buffer.data(), end, a.numerator);
  if (a.denominator != 1) {
    *written.ptr = '/';
    written = std::to_chars(written.ptr + 1, end, a.denominator);
  }
  assert(written.ec == std::errc());
  return {buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data())};
}

}  // namespace mrv
