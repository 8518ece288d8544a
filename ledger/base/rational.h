// Exact rational numbers: what every calculation of tonnes is made of.
//
// Always in lowest terms with a positive denominator, so equal values have equal text. Numerator
// and denominator have at most kRationalBitsMax bits each: the cap is part of the format, because
// where a calculation ends in an error is part of its result. Every operation that can leave the
// cap, and division by zero, answers a named error. Values are immutable after construction; any
// thread.
//
// A number whose two sides have at most kSmallSideBitsMax bits each is held inline: it costs no
// allocation, whatever it was calculated from, and operations between two such numbers allocate
// only if their result is longer. Longer numbers are shared by their copies.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "crypto/result.h"
#include "ledger/base/types.h"

namespace mrv {

inline constexpr std::size_t kRationalBitsMax = 65'536;
// Longest text that is read as a number.
inline constexpr std::size_t kRationalTextBytesMax = 4'096;

// The magnitude of either side of a number that is held inline: negating one never overflows, which
// is why the smallest int64 is not among them.
inline constexpr std::size_t kSmallSideBitsMax = 63;
inline constexpr std::int64_t kSmallSideMax = std::numeric_limits<std::int64_t>::max();
static_assert(kSmallSideMax == (std::uint64_t{1} << kSmallSideBitsMax) - 1);

// In lowest terms; |numerator| <= kSmallSideMax, 0 < denominator <= kSmallSideMax.
struct SmallFraction {
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;
  friend bool operator==(const SmallFraction&, const SmallFraction&) = default;
};

struct RationalParts;

class Rational {
 public:
  Rational() = default;  // zero
  explicit Rational(std::int64_t value);

  // "12", "-0.05", "44/12": digits with at most one point, or two integers and a slash; no leading
  // zeros, no plus sign, no exponent, no separators. Errors: NUMBER_MALFORMED, NUMBER_TOO_LARGE,
  // DIVISION_BY_ZERO.
  static Result<Rational> parse(std::string_view text);
  // The canonical form "p/q" in lowest terms, "p" where q is 1; nothing else. The cap is its only
  // limit of length. Errors: NUMBER_MALFORMED, NUMBER_TOO_LARGE.
  static Result<Rational> parse_canonical(std::string_view text);

  // Errors: NUMBER_TOO_LARGE; division also DIVISION_BY_ZERO.
  [[nodiscard]] Result<Rational> plus(const Rational& other) const;
  [[nodiscard]] Result<Rational> minus(const Rational& other) const;
  [[nodiscard]] Result<Rational> times(const Rational& other) const;
  [[nodiscard]] Result<Rational> over(const Rational& other) const;
  [[nodiscard]] Rational negated() const;

  [[nodiscard]] bool is_negative() const { return small_.numerator < 0; }
  [[nodiscard]] bool is_zero() const { return small_.numerator == 0; }
  // Bits of the larger side: what an operation on this number costs.
  [[nodiscard]] std::size_t bits() const;

  // Toward minus and plus infinity.
  [[nodiscard]] Rational floor() const;
  [[nodiscard]] Rational ceil() const;
  // An integer that fits. Errors: NUMBER_NOT_INTEGER, NUMBER_TOO_LARGE.
  [[nodiscard]] Result<Units> to_units() const;

  [[nodiscard]] std::string text() const;  // canonical
  // `digits` places after the point, truncated toward zero, with a trailing ellipsis mark when
  // inexact: for people, never for calculation.
  [[nodiscard]] std::string decimal(std::size_t digits) const;

  friend bool operator==(const Rational& a, const Rational& b);
  friend std::strong_ordering operator<=>(const Rational& a, const Rational& b);

 private:
  friend struct RationalParts;
  explicit Rational(SmallFraction small) : small_(small) {}
  // Reduces and applies the cap. Precondition: the denominator is not zero.
  static Result<Rational> make(RationalParts parts);
  // Chooses the form. Precondition: lowest terms, the denominator positive.
  static Rational canonical(RationalParts parts);
  // The sides of either form; `scratch` holds those of a small number.
  [[nodiscard]] const RationalParts& sides(RationalParts& scratch) const;
  [[nodiscard]] Result<Rational> plus_long(const Rational& other) const;
  [[nodiscard]] Result<Rational> times_long(const Rational& other) const;
  [[nodiscard]] Result<Rational> over_long(const Rational& other) const;

  // One value has one form: big_ is set exactly where a side is too long to be small, and then
  // small_ is the sign over 1, so that sign and zero are read the same way in both forms.
  SmallFraction small_;
  std::shared_ptr<const RationalParts> big_;
};

static_assert(sizeof(Rational) <= 32, "a column of numbers is an array of these");

}  // namespace mrv
