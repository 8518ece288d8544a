// Small polygons for tests: coordinates are plain 10^-7 degrees, so a grid of small integers makes
// touching, shared edges and shared corners the ordinary case.
#pragma once

#include <array>
#include <initializer_list>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "ledger/boundary/boundary.h"

namespace mrv::boundary::test {

// A closed ring out of its corners.
inline RawRing ring(std::initializer_list<RawPosition> corners) {
  RawRing result(corners);
  result.push_back(result.front());
  return result;
}

inline RawRing box(std::int64_t west, std::int64_t south, std::int64_t east, std::int64_t north) {
  return ring({{west, south}, {east, south}, {east, north}, {west, north}});
}

// The boundary of polygons that are valid.
inline Boundary made(std::vector<RawPolygon> polygons) {
  auto judged = Boundary::of_polygons(polygons);
  const auto* finding = std::get_if<Finding>(&judged);
  REQUIRE_MESSAGE(finding == nullptr, describe(finding == nullptr ? Finding{} : *finding));
  return std::get<Boundary>(std::move(judged));
}

// What is wrong with polygons that are not.
inline Finding finding_of(std::vector<RawPolygon> polygons) {
  const auto judged = Boundary::of_polygons(polygons);
  REQUIRE(std::holds_alternative<Finding>(judged));
  return std::get<Finding>(judged);
}
inline Flaw flaw_of(std::vector<RawPolygon> polygons) {
  return finding_of(std::move(polygons)).flaw;
}

}  // namespace mrv::boundary::test
