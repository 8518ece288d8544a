// Positions of Chinese web maps: the published reference positions, and what raises a suspicion.
#include "api/gcj02.h"

#include <array>
#include <cmath>
#include <string>

#include <doctest/doctest.h>

using namespace mrv;
using api::Datum;
using api::Degrees;
using api::Suspicion;

namespace {

constexpr double kMetresPerDegree = 111'320;

double metres_apart(const Degrees& a, const Degrees& b) {
  const double north = (a.latitude - b.latitude) * kMetresPerDegree;
  const double east =
      (a.longitude - b.longitude) * kMetresPerDegree * std::cos(a.latitude * 3.14159265 / 180);
  return std::hypot(north, east);
}

struct Pair {
  Degrees wgs84;
  Degrees gcj02;
};
// Reference positions of googollee/eviltransform: Shanghai, Shenzhen, Beijing.
constexpr std::array<Pair, 3> kPairs = {
    {{{121.5272106, 31.1774276}, {121.531541859215, 31.17530398364597}},
     {{113.912316, 22.543847}, {113.9171764808363, 22.540796131694766}},
     {{116.377817, 39.911954}, {116.38404722455657, 39.91334545536069}}}};

std::string blob(const std::string& ring, const std::string& properties = "null") {
  return R"({"type":"Feature","properties":)" + properties +
         R"(,"geometry":{"type":"Polygon","coordinates":[)" + ring + "]}}";
}
const std::string kSixDecimals =
    "[[116.397428,39.909230],[116.407428,39.909231],[116.407421,39.919232],[116.397428,39.909230]]";
const std::string kSevenDecimals =
    "[[116.3974281,39.90923],[116.407428,39.909231],[116.407421,39.919232],[116.3974281,39.90923]]";

std::optional<api::DatumHint> hint_of(const std::string& text) {
  const auto shape = codec::read_boundary_shape(text);
  REQUIRE_MESSAGE(shape.ok(), shape.error().detail);
  return api::suspect_datum(text, *shape);
}

}  // namespace

TEST_CASE("the published reference positions come out, there and back") {
  for (const auto& [wgs84, gcj02] : kPairs) {
    CHECK(metres_apart(api::gcj02_of_wgs84(wgs84), gcj02) < 0.05);
    CHECK(metres_apart(api::wgs84_of_gcj02(gcj02), wgs84) < 0.05);
    CHECK(metres_apart(wgs84, gcj02) > 300);
  }
  // A reference position of caijun/geoChina, Beijing railway station, to five decimals.
  CHECK(metres_apart(api::bd09_of_gcj02({116.42703, 39.90245}), {116.43351, 39.90851}) < 1.5);
  CHECK(metres_apart(api::gcj02_of_bd09({116.43351, 39.90851}), {116.42703, 39.90245}) < 1.5);
  CHECK(metres_apart(api::wgs84_of(Datum::bd09, {116.43351, 39.90851}),
                     api::wgs84_of(Datum::gcj02, {116.42703, 39.90245})) < 1.5);
  CHECK(metres_apart(api::wgs84_of(Datum::gcj02, kPairs[0].gcj02), kPairs[0].wgs84) < 0.05);
}

TEST_CASE("there and back is the same place everywhere in China, and nothing moves elsewhere") {
  for (int longitude = 74; longitude <= 134; ++longitude) {
    for (int latitude = 19; latitude <= 53; ++latitude) {
      const Degrees at{longitude + 0.123, latitude + 0.456};
      CHECK(metres_apart(api::wgs84_of_gcj02(api::gcj02_of_wgs84(at)), at) < 0.01);
      CHECK(metres_apart(api::gcj02_of_bd09(api::bd09_of_gcj02(at)), at) < 1);
    }
  }
  const Degrees berlin{13.4, 52.5};
  CHECK(metres_apart(api::gcj02_of_wgs84(berlin), berlin) == 0);
  CHECK(metres_apart(api::wgs84_of_gcj02(berlin), berlin) == 0);
}

TEST_CASE("a declared datum is a suspicion wherever the declaration stands") {
  for (const char* properties :
       {R"({"datum":"GCJ-02"})", R"({"gcj02":true})", R"({"x":{"y":["see gcj_02 note"]}})",
        R"({"source":"高德地图"})", R"({"来源":"腾讯地图"})", R"({"amapId":"B000A"})",
        R"({"source":"AutoNavi"})", R"({"坐标系":"火星坐标系"})", R"({"map":"gaode.com"})"}) {
    CAPTURE(properties);
    const auto hint = hint_of(blob(kSevenDecimals, properties));
    REQUIRE(hint);
    CHECK(hint->datum == Datum::gcj02);
    CHECK(hint->suspicion == Suspicion::declared);
    CHECK(!hint->evidence.empty());
  }
  for (const char* properties : {R"({"crs":"bd09ll"})", R"({"source":"Baidu Map"})",
                                 R"({"source":"百度地图"})", R"({"BD-09":1})"}) {
    CAPTURE(properties);
    const auto hint = hint_of(blob(kSevenDecimals, properties));
    REQUIRE(hint);
    CHECK(hint->datum == Datum::bd09);
  }
}

TEST_CASE("other words are no declaration") {
  for (const char* properties : {R"({"layer":"datamap","tool":"examap"})", R"({"name":"林场"})",
                                 R"({"crs":"CGCS2000"})", R"({"bd":"09"})", "null"}) {
    CAPTURE(properties);
    CHECK(!hint_of(blob(kSevenDecimals, properties)));
  }
}

TEST_CASE("positions as the web maps write them are a weak suspicion") {
  const auto hint = hint_of(blob(kSixDecimals));
  REQUIRE(hint);
  CHECK(hint->suspicion == Suspicion::six_decimals);
  CHECK(hint->datum == Datum::gcj02);
  CHECK(!hint_of(blob(kSevenDecimals)));
  CHECK(!hint_of(blob("[[116.3,39.9],[116.4,39.9],[116.4,40.0],[116.3,39.9]]")));
  // Three positions are too few to tell; one of ten may have lost its closing zeros, two may not.
  const auto points = [](const std::string& list) {
    return R"({"type":"MultiPoint","coordinates":[)" + list + "]}";
  };
  const std::string six = "[116.397428,39.909231],";
  std::string nine;
  for (int i = 0; i < 8; ++i) nine += six;
  CHECK(!hint_of(points(six + six + "[116.397428,39.9]")));
  CHECK(hint_of(points(six + six + six + "[116.397428,39.9]")));
  CHECK(hint_of(points(nine + six + "[116.39742,39.9]")));
  CHECK(!hint_of(points(nine + "[116.39,39.90],[116.39742,39.9]")));
}

TEST_CASE("outside mainland China nothing is suspected") {
  CHECK(
      !hint_of(blob("[[13.397428,52.909230],[13.407428,52.909231],[13.407421,52.919232],"
                    "[13.397428,52.909230]]",
                    R"({"datum":"GCJ-02"})")));
  // But a refused blob can still be told why.
  const std::string refused =
      R"({"type":"Polygon","crs":{"type":"name","properties":{"name":"GCJ-02"}},"coordinates":[]})";
  CHECK(!codec::read_boundary_shape(refused).ok());
  const auto declared = api::declared_datum(refused);
  REQUIRE(declared);
  CHECK(declared->evidence == "GCJ-02");
  CHECK(!api::declared_datum("no JSON"));
}
