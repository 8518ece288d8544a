// Exact rational numbers: what every calculation of tonnes is made of.
//
// Always in lowest terms with a positive denominator, so equal values have equal text. Numerator
// and denominator have at most kRationalBitsMax bits each: the cap is part of the format, because
// where a calculation ends in an error is part of its result. Every operation that can leave the
// cap, and division by zero, answers a named error. Values are immutable after construction; any
// thread.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "crypto/result.h"
#include "ledger/base/types.h"

namespace mrv {

inline constexpr std::size_t kRationalBitsMax = 65'536;
// Longest text that is read as a number.
inline constexpr std::size_t kRationalTextBytesMax = 4'096;

class Rational {
 public:
  Rational();  // zero
  explicit Rational(std::int64_t value);

  // "12", "-0.05", "44/12": digits with at most one point, or two integers and a slash; no leading
  // zeros, no plus sign, no exponent, no separators. Errors: NUMBER_MALFORMED, NUMBER_TOO_LARGE,
  // DIVISION_BY_ZERO.
  static Result<Rational> parse(std::string_view text);
  // The canonical form "p/q" in lowest terms, "p" where q is 1; nothing else. Errors:
  // NUMBER_MALFORMED.
  static Result<Rational> parse_canonical(std::string_view text);

  // Errors: NUMBER_TOO_LARGE; division also DIVISION_BY_ZERO.
  [[nodiscard]] Result<Rational> plus(const Rational& other) const;
  [[nodiscard]] Result<Rational> minus(const Rational& other) const;
  [[nodiscard]] Result<Rational> times(const Rational& other) const;
  [[nodiscard]] Result<Rational> over(const Rational& other) const;
  [[nodiscard]] Rational negated() const;

  [[nodiscard]] bool is_negative() const;
  [[nodiscard]] bool is_zero() const;
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
  struct Value;
  explicit Rational(std::shared_ptr<const Value> value) : value_(std::move(value)) {}
  static Result<Rational> make(Value value);
  std::shared_ptr<const Value> value_;
};

}  // namespace mrv
