// Ziv's loop with made-up values: it asks for more until both ends agree, knows a tie, and gives up
// by name.
#include "ledger/methodology/settle.h"

#include <vector>

#include <doctest/doctest.h>

using namespace mrv;
using namespace mrv::methodology;

namespace {

// Of the value (digits + 1/2 + distance) / 10^33, enclosed by ±2^(4 - bits).
class Value {
 public:
  Value(Integer digits, const Integer& distance_numerator, std::size_t distance_scale)
      : numerator_(((2 * digits + 1) << distance_scale) + 2 * distance_numerator),
        denominator_((2 * power_of_ten(33)) << distance_scale) {}

  Result<ScaledEnclosure> enclose(std::size_t bits) {
    asked_.push_back(bits);
    const Integer middle = (numerator_ << bits) / denominator_;
    return ScaledEnclosure{{middle - 8, middle + 8, bits}, 2};
  }
  [[nodiscard]] const std::vector<std::size_t>& asked() const { return asked_; }

 private:
  Integer numerator_;
  Integer denominator_;
  std::vector<std::size_t> asked_;
};

Result<Decimal34> settled(Value& value, const Precisions& precisions, bool tie = false) {
  return settle(
      precisions, [&](std::size_t bits) { return value.enclose(bits); },
      [&](const Integer&, std::int64_t) { return tie; });
}

const Integer kDigits("2718281828459045235360287471352662");
constexpr Precisions kPrecisions = {1'000, 5'000};

}  // namespace

TEST_CASE("a value far from the middle is settled at the first precision") {
  Value value(kDigits, 1, 2);
  CHECK(*settled(value, kPrecisions) == Decimal34{false, kDigits + 1, -31});
  CHECK(value.asked() == std::vector<std::size_t>{160});
}

TEST_CASE("a value near the middle is asked for more precisely, on either side of it") {
  Value above(kDigits, 1, 300);
  CHECK(*settled(above, kPrecisions) == Decimal34{false, kDigits + 1, -31});
  CHECK(above.asked() == std::vector<std::size_t>{160, 320, 640});
  Value below(kDigits, -1, 300);
  CHECK(*settled(below, kPrecisions) == Decimal34{false, kDigits, -31});
}

TEST_CASE("the expected precision is not jumped over, and then doubling goes on") {
  Value value(kDigits, 1, 3'000);
  CHECK(settled(value, kPrecisions).ok());
  CHECK(value.asked() == std::vector<std::size_t>{160, 320, 640, 1'000, 2'000, 4'000});
}

TEST_CASE("a tie goes to the even digit, once it is known to be one") {
  Value even(kDigits, 0, 0);
  CHECK(*settled(even, kPrecisions, true) == Decimal34{false, kDigits, -31});
  Value odd(kDigits + 1, 0, 0);
  CHECK(*settled(odd, kPrecisions, true) == Decimal34{false, kDigits + 2, -31});
  Value carried(power_of_ten(34) - 1, 0, 0);
  CHECK(*settled(carried, kPrecisions, true) == Decimal34{false, power_of_ten(33), -30});
  CHECK(odd.asked() == std::vector<std::size_t>{160});
}

TEST_CASE("the candidate for a tie is the middle itself") {
  Value value(kDigits, 0, 0);
  const auto result = settle(
      kPrecisions, [&](std::size_t bits) { return value.enclose(bits); },
      [](const Integer& digits, std::int64_t exponent) {
        return digits == kDigits * 10 + 5 && exponent == -32;
      });
  CHECK(result.ok());
}

TEST_CASE("what no precision decides is NOT_ROUNDABLE, one more decides it") {
  Value value(kDigits, 1, 3'000);
  const auto given_up = settled(value, {1'000, 3'999});
  REQUIRE(!given_up.ok());
  CHECK(given_up.error().name == "NOT_ROUNDABLE");
  CHECK(value.asked().back() == 2'000);
  CHECK(settled(value, {1'000, 4'000}).ok());
}

TEST_CASE("an error of the enclosure is the error of the result") {
  const auto result = settle(
      kPrecisions, [](std::size_t) -> Result<ScaledEnclosure> { return Error{"NO", "no", {}}; },
      [](const Integer&, std::int64_t) { return false; });
  REQUIRE(!result.ok());
  CHECK(result.error().name == "NO");
}
