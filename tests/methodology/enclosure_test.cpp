// Bounds of ln and exp hold at every precision and close in as it is raised.
#include "ledger/methodology/enclosure.h"

#include <vector>

#include <doctest/doctest.h>

#include "ledger/base/rational_parts.h"

using namespace mrv;
using namespace mrv::methodology;

namespace {

// Digits after the point, from another program.
constexpr const char* kLn2 =
    "6931471805599453094172321214581765680755001343602552541206800094933936219696947156058633269964"
    "18"
    "687542001481020570685733685520235758130557032670751635";
constexpr const char* kLn10 =
    "2302585092994045684017991454684364207601101488628772976033327900967572609677352480235997205089"
    "59"
    "8298341967784042286248633409525465082806756666287369098";

using Sizes = std::vector<std::size_t>;

struct Argument {
  Integer numerator;
  Integer denominator;
};

std::vector<Argument> arguments() {
  const Integer far = Integer(1) << 3'000;
  return {{2, 1},
          {1, 2},
          {10, 7},
          {7, 10},
          {3, 2},
          {1, 3},
          {1'000, 1},
          {1, 1'000'000},
          {1'000'001, 1'000'000},
          {far, 3},
          {3, far},
          {far + 1, far},
          {far, far + 1},
          {(Integer(1) << 65'535) - 1, 1},
          {355, 113},
          {far * 7 + 1, far * 5}};
}

// A scale so that each number is at it: low/2^scale compared with high/2^scale of the other.
bool not_above(const Integer& a, std::size_t a_scale, const Integer& b, std::size_t b_scale) {
  return (a << b_scale) <= (b << a_scale);
}

bool overlap(const Enclosure& a, const Enclosure& b) {
  return not_above(a.low, a.scale, b.high, b.scale) && not_above(b.low, b.scale, a.high, a.scale);
}

// width / |value| < 2^-bits
bool is_narrow(const Enclosure& enclosure, std::size_t bits) {
  const Integer low = abs(enclosure.low);
  const Integer high = abs(enclosure.high);
  return ((enclosure.high - enclosure.low) << bits) < (low < high ? low : high);
}

}  // namespace

TEST_CASE("ln 2 and ln 10 have the digits that others have") {
  const Integer places = power_of_ten(150);
  CHECK(Integer((ln2(600) * places) >> 600) == Integer(kLn2));
  CHECK(Integer((ln10(600) * places) >> 600) == Integer(kLn10));
}

TEST_CASE("the constants are near from below at every scale, kept or not") {
  const std::size_t fine = 5'000;
  for (const std::size_t scale : Sizes{10, 64, 500, 1'023, 1'024, 1'025, 1'026, 2'000, 4'000}) {
    CAPTURE(scale);
    for (Integer (*constant)(std::size_t) : {&ln2, &ln10}) {
      const Integer low = constant(scale);
      CHECK(not_above(low, scale, constant(fine) + kConstantError, fine));
      CHECK(not_above(constant(fine), fine, low + kConstantError, scale));
    }
  }
}

TEST_CASE("atanh 1/5 is half of ln 3/2, at every scale") {
  for (const std::size_t scale : Sizes{64, 200, 1'000, 3'000}) {
    Enclosure twice = enclose_atanh(1, 5, scale);
    twice = {twice.low << 1, twice.high << 1, scale};
    CHECK(overlap(twice, enclose_ln(3, 2, 4'000)));
    CHECK(is_narrow(twice, scale - 14));
  }
  CHECK(enclose_atanh(0, 5, 64).low == 0);
}

TEST_CASE("enclosures of ln hold at every precision and are as narrow as asked") {
  for (const Argument& x : arguments()) {
    const Enclosure fine = enclose_ln(x.numerator, x.denominator, 6'000);
    CHECK(fine.low < fine.high);
    for (const std::size_t bits : Sizes{64, 100, 160, 320, 376, 377, 378, 500, 777, 1'500, 3'000}) {
      CAPTURE(bits);
      const Enclosure ln = enclose_ln(x.numerator, x.denominator, bits);
      CHECK(overlap(ln, fine));
      CHECK(is_narrow(ln, bits));
    }
  }
}

TEST_CASE("exp of ln is the number again, at every precision") {
  for (const Argument& x : arguments()) {
    for (const std::size_t bits : Sizes{64, 100, 160, 320, 700, 1'500, 3'000}) {
      CAPTURE(bits);
      const std::size_t scale = bits + kExpGuardBits;
      Enclosure ln = enclose_ln(x.numerator, x.denominator, scale + 20);
      // Beyond 2^14 is outside the precondition.
      if ((abs(ln.low) >> ln.scale) >= 16'384) continue;
      const Integer shift = Integer(1) << (ln.scale - scale);
      ln = {floor_division(ln.low, shift), floor_division(ln.high, shift) + 1, scale};
      const ScaledEnclosure exp = enclose_exp(ln, bits);
      Integer numerator = x.numerator << bits;
      Integer denominator = x.denominator;
      if (exp.exponent < 0) numerator *= power_of_ten(static_cast<std::size_t>(-exp.exponent));
      if (exp.exponent > 0) denominator *= power_of_ten(static_cast<std::size_t>(exp.exponent));
      CHECK(exp.bounds.low * denominator <= numerator);
      CHECK(numerator <= exp.bounds.high * denominator);
      CHECK(exp.bounds.low >= (Integer(1) << bits) * 9 / 10);
      CHECK(exp.bounds.high <= (Integer(1) << bits) * 11);
      CHECK(is_narrow(exp.bounds, bits - 9));
    }
  }
}

TEST_CASE("exp from below is below by less than its bound") {
  for (const std::size_t bits : Sizes{64, 65, 160, 600, 2'000}) {
    for (const int eighths : {0, 1, 5, 8, 19}) {
      CAPTURE(bits);
      CAPTURE(eighths);
      const Integer coarse = exp_from_below((Integer(eighths) << bits) >> 3, bits);
      const std::size_t fine_bits = bits + 100;
      const Integer fine = exp_from_below((Integer(eighths) << fine_bits) >> 3, fine_bits);
      CHECK(not_above(coarse, bits, fine + kExpError, fine_bits));
      CHECK(not_above(fine, fine_bits, coarse + kExpError, bits));
    }
  }
  CHECK(exp_from_below(0, 64) == Integer(1) << 64);
}
