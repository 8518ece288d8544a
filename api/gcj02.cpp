// The published formula, and the signs.
#include "api/gcj02.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"

namespace mrv::api {
namespace {

using boundary::RawPosition;
using nlohmann::json;
using std::numbers::pi;

// The formula's ellipsoid (Krasovsky 1940) and the position that it counts from.
constexpr double kKrasovskySemiMajorAxis = 6'378'245.0;
constexpr double kEccentricitySquared = 0.00669342162296594323;
constexpr double kOriginLongitude = 105;
constexpr double kOriginLatitude = 35;
constexpr double kRadians = pi / 180;

// Outside this rectangle the published formula moves nothing.
constexpr Degrees kFormulaLow{72.004, 0.8293};
constexpr Degrees kFormulaHigh{137.8347, 55.8271};
// Mainland China and Hainan from their outermost points, rounded outwards; neighbours are inside as
// well, which is one reason why a warning is no more than that.
constexpr Degrees kMainlandLow{73.4, 18.1};
constexpr Degrees kMainlandHigh{135.2, 53.6};

bool inside(const Degrees& at, const Degrees& low, const Degrees& high) {
  return at.longitude >= low.longitude && at.longitude <= high.longitude &&
         at.latitude >= low.latitude && at.latitude <= high.latitude;
}

struct Wave {
  double amplitude;
  double half_period;  // in degrees
};

double waves(double at, std::span<const Wave> list) {
  double sum = 0;
  for (const auto& [amplitude, half_period] : list)
    sum += amplitude * std::sin(at * pi / half_period);
  return sum * 2 / 3;
}

constexpr std::array<Wave, 2> kShared = {{{20, 1.0 / 6}, {20, 0.5}}};  // of the longitude, in both
constexpr std::array<Wave, 4> kNorthward = {{{20, 1}, {40, 3}, {160, 12}, {320, 30}}};
constexpr std::array<Wave, 4> kEastward = {{{20, 1}, {40, 3}, {150, 12}, {300, 30}}};

// How far GCJ-02 is from a WGS 84 position, in degrees.
Degrees shift_at(const Degrees& wgs84) {
  if (!inside(wgs84, kFormulaLow, kFormulaHigh)) return {};
  const double x = wgs84.longitude - kOriginLongitude;
  const double y = wgs84.latitude - kOriginLatitude;
  const double root = std::sqrt(std::abs(x));
  const double shared = waves(x, kShared);
  const double north =
      -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + shared + waves(y, kNorthward);
  const double east =
      300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + shared + waves(x, kEastward);
  // Metres to degrees by the radii of curvature along the meridian and across it.
  const double sine = std::sin(wgs84.latitude * kRadians);
  const double w = 1 - kEccentricitySquared * sine * sine;
  const double meridian = kKrasovskySemiMajorAxis * (1 - kEccentricitySquared) / (w * std::sqrt(w));
  const double parallel =
      kKrasovskySemiMajorAxis / std::sqrt(w) * std::cos(wgs84.latitude * kRadians);
  return {east / (parallel * kRadians), north / (meridian * kRadians)};
}

// BD-09 turns and stretches GCJ-02 about the origin of coordinates, and moves it.
constexpr Degrees kBaiduOffset{0.0065, 0.006};
constexpr double kBaiduStretch = 0.00002;
constexpr double kBaiduTurn = 0.000003;
constexpr double kBaiduFrequency = pi * 3000 / 180;

Degrees from_polar(double radius, double angle) {
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

struct Mark {
  std::string_view text;
  Datum datum;
};
// As they are looked for: lower case, without hyphens, underscores and spaces.
constexpr std::array<Mark, 13> kMarks = {{{"gcj02", Datum::gcj02},
                                          {"bd09", Datum::bd09},
                                          {"火星坐标", Datum::gcj02},
                                          {"amap", Datum::gcj02},
                                          {"autonavi", Datum::gcj02},
                                          {"gaode", Datum::gcj02},
                                          {"高德", Datum::gcj02},
                                          {"tencent", Datum::gcj02},
                                          {"腾讯", Datum::gcj02},
                                          {"騰訊", Datum::gcj02},
                                          {"baidu", Datum::bd09},
                                          {"百度", Datum::bd09},
                                          {"国测局", Datum::gcj02}}};

bool is_latin_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }

// A mark of Latin letters does not begin inside a word: "datamap" names no map.
bool mentions(std::string_view text, std::string_view mark) {
  std::string plain;
  std::vector<bool> starts_word;
  char before = ' ';
  for (const char c : text) {
    if (c != '-' && c != '_' && c != ' ') {
      plain.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
      starts_word.push_back(!is_latin_letter(c) || !is_latin_letter(before));
    }
    before = c;
  }
  for (auto at = plain.find(mark); at != std::string::npos; at = plain.find(mark, at + 1)) {
    if (starts_word[at]) return true;
  }
  return false;
}

std::optional<DatumHint> mark_in(std::string_view text) {
  constexpr std::size_t kEvidenceBytesMax = 120;
  for (const auto& [mark, datum] : kMarks) {
    if (!mentions(text, mark)) continue;
    const bool is_short = text.size() <= kEvidenceBytesMax;
    return DatumHint{datum, Suspicion::declared, std::string(is_short ? text : mark)};
  }
  return std::nullopt;
}

// NOLINTNEXTLINE(misc-no-recursion): the depth was bounded when the text was read
std::optional<DatumHint> declared_in(const json& value) {
  if (value.is_string()) return mark_in(value.get_ref<const std::string&>());
  if (value.is_object()) {
    for (const auto& [name, member] : value.items()) {
      if (auto hint = mark_in(name)) return hint;
      if (auto hint = declared_in(member)) return hint;
    }
  }
  if (value.is_array()) {
    for (const auto& item : value) {
      if (auto hint = declared_in(item)) return hint;
    }
  }
  return std::nullopt;
}

bool in_mainland(const RawPosition& at) {
  const Degrees degrees{static_cast<double>(at.longitude) / boundary::kUnitsPerDegree,
                        static_cast<double>(at.latitude) / boundary::kUnitsPerDegree};
  return inside(degrees, kMainlandLow, kMainlandHigh);
}

bool any_in_mainland(const codec::BoundaryShape& shape) {
  const auto any = [](const std::vector<RawPosition>& list) {
    return std::any_of(list.begin(), list.end(), in_mainland);
  };
  return any(shape.points) ||
         std::any_of(shape.polygons.begin(), shape.polygons.end(), [&any](const auto& polygon) {
           return std::any_of(polygon.begin(), polygon.end(), any);
         });
}

bool written_like_web_maps(const codec::BoundaryShape& shape) {
  constexpr std::size_t kDecimals = 6;
  constexpr std::size_t kPositionsMin = 4;
  std::size_t all = 0;
  for (std::size_t d = 0; d < shape.positions_by_decimals.size(); ++d) {
    all += shape.positions_by_decimals[d];
    if (d > kDecimals && shape.positions_by_decimals[d] > 0) return false;
  }
  return all >= kPositionsMin && shape.positions_by_decimals[kDecimals] * 10 >= all * 9;
}

}  // namespace

Degrees gcj02_of_wgs84(const Degrees& wgs84) {
  const Degrees shift = shift_at(wgs84);
  return {wgs84.longitude + shift.longitude, wgs84.latitude + shift.latitude};
}

// The shift changes slowly: each round of taking it at the last guess leaves a thousandth of the
// error.
Degrees wgs84_of_gcj02(const Degrees& gcj02) {
  constexpr int kRounds = 6;
  Degrees guess = gcj02;
  for (int i = 0; i < kRounds; ++i) {
    const Degrees shift = shift_at(guess);
    guess = {gcj02.longitude - shift.longitude, gcj02.latitude - shift.latitude};
  }
  return guess;
}

Degrees bd09_of_gcj02(const Degrees& gcj02) {
  const auto [x, y] = gcj02;
  const Degrees turned =
      from_polar(std::hypot(x, y) + kBaiduStretch * std::sin(y * kBaiduFrequency),
                 std::atan2(y, x) + kBaiduTurn * std::cos(x * kBaiduFrequency));
  return {turned.longitude + kBaiduOffset.longitude, turned.latitude + kBaiduOffset.latitude};
}

Degrees gcj02_of_bd09(const Degrees& bd09) {
  const double x = bd09.longitude - kBaiduOffset.longitude;
  const double y = bd09.latitude - kBaiduOffset.latitude;
  return from_polar(std::hypot(x, y) - kBaiduStretch * std::sin(y * kBaiduFrequency),
                    std::atan2(y, x) - kBaiduTurn * std::cos(x * kBaiduFrequency));
}

Degrees wgs84_of(Datum datum, const Degrees& position) {
  return wgs84_of_gcj02(datum == Datum::bd09 ? gcj02_of_bd09(position) : position);
}

std::optional<DatumHint> declared_datum(std::string_view blob) {
  const auto root = crypto::parse_strict(blob, codec::kBoundaryLimits);
  return root.ok() ? declared_in(*root) : std::nullopt;
}

std::optional<DatumHint> suspect_datum(std::string_view blob, const codec::BoundaryShape& shape) {
  if (!any_in_mainland(shape)) return std::nullopt;
  if (auto hint = declared_datum(blob)) return hint;
  if (!written_like_web_maps(shape)) return std::nullopt;
  return DatumHint{Datum::gcj02, Suspicion::six_decimals, {}};
}

}  // namespace mrv::api
