// Boundaries for tests: each number is a place of its own.
#pragma once

#include <cassert>
#include <string>

namespace mrv::test {

// A GeoJSON polygon: the square with the given south-western corner and side, in 10^-4 degree.
inline std::string square(int west, int south, int side) {
  const auto text = [](int value) {
    const std::string digits = std::to_string(10'000 + value % 10'000);
    return std::to_string(value / 10'000) + "." + digits.substr(1);
  };
  const auto corner = [&](int x, int y) { return "[" + text(x) + "," + text(y) + "]"; };
  assert(west >= 0 && south >= 0);
  return R"({"coordinates":[[)" + corner(west, south) + "," + corner(west + side, south) + "," +
         corner(west + side, south + side) + "," + corner(west, south + side) + "," +
         corner(west, south) + R"(]],"type":"Polygon"})";
}

// The boundary of the project with this number: no two of them have anything in common.
inline std::string field(int number) {
  constexpr int kWest = 1'000'000;
  constexpr int kSouth = 300'000;
  constexpr int kApart = 200;
  constexpr int kColumns = 1'000;
  return square(kWest + number % kColumns * kApart, kSouth + number / kColumns * kApart, 100);
}

}  // namespace mrv::test
