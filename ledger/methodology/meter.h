// What a calculation may cost, so that no report holds up the sequence: steps, priced before
// anything runs, and digits, paid as the numbers turn out to be large.
#pragma once

#include <cstdint>

#include "ledger/base/rational.h"

namespace mrv::methodology {

// One calculation's, or that of all vectors of one document. Counts up; not thread-safe.
class Meter {
 public:
  // Steps about to be run. Errors: CALCULATION_FAILED above kCalculationCostMax.
  Status reserve(std::uint64_t steps);

  // What an operation on this number costs beyond its step: with n its length in words of
  // kDigitBits, n² + 8n, because reducing to lowest terms is quadratic, and a number that is longer
  // than a word is much slower than one that is not. Errors: CALCULATION_FAILED above
  // kCalculationCostMax.
  Status pay(const Rational& number);

  // What exp, ln or pow may cost with arguments of so many bits in all: the square of their length
  // in units of kArgumentBits, kArgumentUnit times, because arguments can be made to need twice
  // their own length in precision. Errors: as pay.
  Status pay_rounded_function(std::size_t bits);

 private:
  Status count_digits(std::uint64_t digits);

  static constexpr std::size_t kDigitBits = 64;
  static constexpr std::uint64_t kWordUnits = 8;
  static constexpr std::size_t kArgumentBits = 32;
  static constexpr std::uint64_t kArgumentUnit = 2;
  std::uint64_t steps_ = 0;
  std::uint64_t digits_ = 0;
};

}  // namespace mrv::methodology
