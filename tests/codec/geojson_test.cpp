// Boundary blobs: what is read, exactly; what is refused, and where.
#include "ledger/codec/geojson.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "ledger/boundary/overlap.h"

using namespace mrv;
using boundary::Box;
using boundary::Flaw;
using codec::decode_boundary;
using codec::parse_coordinate;

namespace {

constexpr std::int64_t kRadius = 1'000;
const std::string kSquare = "[[0,0],[1,0],[1,1],[0,1],[0,0]]";

std::string geometry(const std::string& type, const std::string& coordinates,
                     const std::string& more = {}) {
  return R"({"type":")" + type + R"(","coordinates":)" + coordinates + more + "}";
}
std::string polygon(const std::string& rings) { return geometry("Polygon", "[" + rings + "]"); }
std::string feature(const std::string& inner, const std::string& more = R"(,"properties":null)") {
  return R"({"type":"Feature","geometry":)" + inner + more + "}";
}

// "BOUNDARY_INVALID/pointer", or "" where the blob is a boundary.
std::string verdict(const std::string& blob, std::int64_t radius = kRadius) {
  const auto boundary = decode_boundary(blob, radius);
  if (boundary.ok()) return {};
  CHECK(!boundary.error().detail.empty());
  return std::string(boundary.error().name) + boundary.error().pointer;
}
std::string detail(const std::string& blob, std::int64_t radius = kRadius) {
  const auto boundary = decode_boundary(blob, radius);
  REQUIRE(!boundary.ok());
  return boundary.error().detail;
}

Box box_of(const std::string& blob, std::int64_t radius = kRadius) {
  const auto boundary = decode_boundary(blob, radius);
  REQUIRE_MESSAGE(boundary.ok(), boundary.error().detail);
  return boundary->box();
}

std::int64_t coordinate(const std::string& text) {
  const auto value = parse_coordinate(text);
  REQUIRE_MESSAGE(value.ok(), text);
  return *value;
}
bool refused(const std::string& text) {
  const auto value = parse_coordinate(text);
  return !value.ok() && value.error().name == "BOUNDARY_INVALID";
}

}  // namespace

TEST_CASE("coordinates are read from their text, exactly") {
  CHECK(coordinate("0") == 0);
  CHECK(coordinate("-0") == 0);
  CHECK(coordinate("-0.0e5") == 0);
  CHECK(coordinate("1") == 10'000'000);
  CHECK(coordinate("-180") == -1'800'000'000);
  CHECK(coordinate("109.5") == 1'095'000'000);
  CHECK(coordinate("0.0000001") == 1);
  CHECK(coordinate("116.3974281") == 1'163'974'281);
  CHECK(coordinate("1.163974281e2") == 1'163'974'281);
  CHECK(coordinate("1163974281E-7") == 1'163'974'281);
  CHECK(coordinate("0.00001163974281e+7") == 1'163'974'281);
  CHECK(coordinate("1e-0000000000000000000000000007") == 1);
  CHECK(coordinate("0.1000000000000000055511151231257827") == 1'000'000);
}

TEST_CASE("what is finer than 10^-7 degree is rounded half-even") {
  CHECK(coordinate("0.00000005") == 0);
  CHECK(coordinate("0.000000050000000000000000001") == 1);
  CHECK(coordinate("0.00000004999999999999999999") == 0);
  CHECK(coordinate("0.00000015") == 2);
  CHECK(coordinate("0.00000025") == 2);
  CHECK(coordinate("0.000000250") == 2);
  CHECK(coordinate("0.00000035") == 4);
  CHECK(coordinate("-0.00000015") == -2);
  CHECK(coordinate("-0.00000025") == -2);
  CHECK(coordinate("-0.00000026") == -3);
  CHECK(coordinate("0.99999995") == 10'000'000);
  CHECK(coordinate("5e-8") == 0);
  CHECK(coordinate("5.0000001e-8") == 1);
  CHECK(coordinate("9e-9") == 0);
  CHECK(coordinate("5.684341886080802e-14") == 0);
  CHECK(coordinate("1e-999") == 0);
  CHECK(coordinate("179.99999995") == 1'800'000'000);
  CHECK(coordinate("180.00000005") == 1'800'000'000);
  CHECK(coordinate("180.00000006") == 1'800'000'001);
}

TEST_CASE("numbers beyond the limits of a coordinate are refused") {
  CHECK(coordinate("9999.9999999") == 99'999'999'999);
  CHECK(refused("10000"));
  CHECK(refused("1e308"));
  CHECK(coordinate("0." + std::string(kCoordinateTextBytesMax - 2, '0')) == 0);
  CHECK(refused("0." + std::string(kCoordinateTextBytesMax - 1, '0')));
  CHECK(coordinate("0e" + std::to_string(kCoordinateExponentMax)) == 0);
  CHECK(refused("0e" + std::to_string(kCoordinateExponentMax + 1)));
  CHECK(coordinate("1e-" + std::to_string(kCoordinateExponentMax)) == 0);
  CHECK(refused("1e-" + std::to_string(kCoordinateExponentMax + 1)));
  CHECK(refused("1e99999999999999999999999999"));
}

TEST_CASE("texts that are no JSON numbers are refused") {
  for (const char* text : {"", "-", "+1", ".5", "1.", "01", "1e", "1e+", "0x1", "1,5", " 1", "1 ",
                           "NaN", "Infinity", "--1", "1.5.5", "1e5e5"}) {
    CAPTURE(text);
    CHECK(refused(text));
  }
}

TEST_CASE("the four geometries, bare, in a Feature and in a collection of one") {
  const std::string square = polygon(kSquare);
  const Box box{{0, 0}, {10'000'000, 10'000'000}};
  CHECK(box_of(square) == box);
  CHECK(box_of(feature(square)) == box);
  CHECK(box_of(R"({"type":"FeatureCollection","features":[)" + feature(square) + "]}") == box);
  CHECK(box_of(geometry("MultiPolygon", "[[" + kSquare + "],[[[5,5],[6,5],[6,6],[5,5]]]]")) ==
        Box{{0, 0}, {60'000'000, 60'000'000}});
  CHECK(box_of(geometry("Point", "[5,6]")) ==
        Box{{49'999'000, 59'999'000}, {50'001'000, 60'001'000}});
  CHECK(box_of(geometry("MultiPoint", "[[5,6],[7,8]]"), 1) ==
        Box{{49'999'999, 59'999'999}, {70'000'001, 80'000'001}});
}

TEST_CASE("altitudes, foreign members and bounding boxes are ignored") {
  CHECK(verdict(polygon("[[0,0,12.5],[1,0,-3],[1,1,1e9],[0,0,12]]")).empty());
  CHECK(
      verdict(
          feature(polygon(kSquare),
                  R"(,"properties":{"name":"林场","area":1.5e3,"tags":[1,[2]]},"id":7,"bbox":[9])"))
          .empty());
  CHECK(
      verdict(geometry("Polygon", "[" + kSquare + "]", R"(,"source":{"type":"survey"})")).empty());
}

TEST_CASE("what a blob is not") {
  CHECK(verdict("") == "BOUNDARY_INVALID");
  CHECK(verdict("[]") == "BOUNDARY_INVALID");
  CHECK(verdict("{}") == "BOUNDARY_INVALID/type");
  CHECK(verdict(R"({"type":7})") == "BOUNDARY_INVALID/type");
  CHECK(verdict(geometry("LineString", "[[0,0],[1,1]]")) == "BOUNDARY_INVALID/type");
  CHECK(verdict(feature(R"({"type":"GeometryCollection","geometries":[]})")) ==
        "BOUNDARY_INVALID/geometry/geometries");
  CHECK(verdict(R"({"type":"Polygon"})") == "BOUNDARY_INVALID/coordinates");
  CHECK(verdict(feature("null")) == "BOUNDARY_INVALID/geometry");
  CHECK(verdict(R"({"type":"Feature","properties":{}})") == "BOUNDARY_INVALID/geometry");
  CHECK(verdict(feature(polygon(kSquare), "")) == "BOUNDARY_INVALID/properties");
  CHECK(verdict(feature(polygon(kSquare), R"(,"properties":[])")) == "BOUNDARY_INVALID/properties");
  CHECK(verdict(feature(feature(polygon(kSquare)))) == "BOUNDARY_INVALID/geometry/geometry");
}

TEST_CASE("a collection has exactly one feature") {
  const std::string one = feature(polygon(kSquare));
  const auto of = [](const std::string& features) {
    return R"({"type":"FeatureCollection","features":)" + features + "}";
  };
  CHECK(verdict(of("[" + one + "]")).empty());
  CHECK(verdict(of("[]")) == "BOUNDARY_INVALID/features");
  CHECK(verdict(of("[" + one + "," + one + "]")) == "BOUNDARY_INVALID/features");
  CHECK(verdict(of(one)) == "BOUNDARY_INVALID/features");
  CHECK(verdict(of("[" + polygon(kSquare) + "]")) == "BOUNDARY_INVALID/features/0/type");
  CHECK(verdict(of("[7]")) == "BOUNDARY_INVALID/features/0");
}

TEST_CASE("members that would give an object a second meaning are refused") {
  CHECK(verdict(geometry("Polygon", "[" + kSquare + "]", R"(,"geometry":null)")) ==
        "BOUNDARY_INVALID/geometry");
  CHECK(verdict(geometry("Polygon", "[" + kSquare + "]", R"(,"features":[])")) ==
        "BOUNDARY_INVALID/features");
  CHECK(verdict(feature(polygon(kSquare), R"(,"properties":null,"coordinates":[])")) ==
        "BOUNDARY_INVALID/coordinates");
  CHECK(verdict(R"({"type":"FeatureCollection","properties":null,"features":[]})") ==
        "BOUNDARY_INVALID/properties");
}

TEST_CASE("a reference system other than WGS 84 is refused, wherever it stands") {
  const auto crs = [](const std::string& value) {
    return geometry("Polygon", "[" + kSquare + "]", R"(,"crs":)" + value);
  };
  const auto named = [&](const std::string& name) {
    return crs(R"({"type":"name","properties":{"name":")" + name + R"("}})");
  };
  CHECK(verdict(named("urn:ogc:def:crs:OGC:1.3:CRS84")).empty());
  CHECK(verdict(named("urn:ogc:def:crs:OGC::CRS84")).empty());
  CHECK(verdict(named("OGC:CRS84")).empty());
  CHECK(verdict(named("http://www.opengis.net/def/crs/OGC/1.3/CRS84")).empty());
  CHECK(verdict(named("EPSG:4326")).empty());
  CHECK(verdict(named("urn:ogc:def:crs:EPSG::4326")).empty());
  for (const char* name : {"EPSG:3857", "GCJ-02", "EPSG:4490", "crs84", ""}) {
    CHECK(verdict(named(name)) == "BOUNDARY_INVALID/crs");
  }
  for (const char* value : {"null", "7", "[]", "{}", R"({"type":"link","properties":{"href":"x"}})",
                            R"({"type":"name","properties":[]})", R"({"type":"name"})",
                            R"({"type":"name","properties":{"name":4326}})"}) {
    CHECK(verdict(crs(value)) == "BOUNDARY_INVALID/crs");
  }
  CHECK(verdict(feature(crs("null"))) == "BOUNDARY_INVALID/geometry/crs");
  CHECK(verdict(R"({"type":"FeatureCollection","crs":null,"features":[]})") ==
        "BOUNDARY_INVALID/crs");
}

TEST_CASE("positions are two or three numbers") {
  const std::string at = "BOUNDARY_INVALID/coordinates/0/1";
  CHECK(verdict(polygon("[[0,0],[1],[1,1],[0,0]]")) == at);
  CHECK(verdict(polygon("[[0,0],[1,0,0,0],[1,1],[0,0]]")) == at);
  CHECK(verdict(polygon("[[0,0],7,[1,1],[0,0]]")) == at);
  CHECK(verdict(polygon(R"([[0,0],["1",0],[1,1],[0,0]])")) == at + "/0");
  CHECK(verdict(polygon("[[0,0],[1,null],[1,1],[0,0]]")) == at + "/1");
  CHECK(verdict(polygon("[[0,0],[1,0,[]],[1,1],[0,0]]")) == at + "/2");
  CHECK(verdict(polygon("[[0,0],[1,10000],[1,1],[0,0]]")) == at + "/1");
  CHECK(verdict(polygon("7")) == "BOUNDARY_INVALID/coordinates/0");
  CHECK(verdict(geometry("Polygon", "7")) == "BOUNDARY_INVALID/coordinates");
  CHECK(verdict(geometry("MultiPolygon", "7")) == "BOUNDARY_INVALID/coordinates");
  CHECK(verdict(geometry("Point", "7")) == "BOUNDARY_INVALID/coordinates");
  CHECK(verdict(geometry("MultiPoint", "[7]")) == "BOUNDARY_INVALID/coordinates/0");
}

TEST_CASE("a finding of geometry points into the blob") {
  const std::string bow = "[[0,0],[4,4],[4,0],[0,4],[0,0]]";
  const std::string open = "[[0,0],[4,0],[4,4],[0,1]]";
  CHECK(verdict(polygon(bow)) == "BOUNDARY_INVALID/coordinates/0/0");
  CHECK(verdict(polygon(open)) == "BOUNDARY_INVALID/coordinates/0/3");
  CHECK(verdict(polygon(kSquare + "," + "[[5,5],[6,5],[6,6],[5,5]]")) ==
        "BOUNDARY_INVALID/coordinates/1");
  CHECK(verdict(geometry("MultiPolygon", "[[" + kSquare + "],[" + open + "]]")) ==
        "BOUNDARY_INVALID/coordinates/1/0/3");
  CHECK(verdict(geometry("MultiPolygon", "[[" + kSquare + "],[" + kSquare + "]]")) ==
        "BOUNDARY_INVALID/coordinates/0");
  CHECK(verdict(feature(polygon("[[0,0],[181,0],[1,1],[0,0]]"))) ==
        "BOUNDARY_INVALID/geometry/coordinates/0/1/0");
  CHECK(verdict(polygon("[[0,0],[1,0],[1,90.1],[0,0]]")) == "BOUNDARY_INVALID/coordinates/0/2/1");
  CHECK(verdict(geometry("Polygon", "[]")) == "BOUNDARY_INVALID/coordinates");
  CHECK(verdict(geometry("MultiPolygon", "[]")) == "BOUNDARY_INVALID/coordinates");
  CHECK(verdict(geometry("MultiPolygon", "[[]]")) == "BOUNDARY_INVALID/coordinates/0");
  CHECK(verdict(geometry("MultiPoint", "[]")) == "BOUNDARY_INVALID/coordinates");
  CHECK(verdict(geometry("MultiPoint", "[[0,0],[0,91]]")) == "BOUNDARY_INVALID/coordinates/1/1");
  CHECK(verdict(geometry("Point", "[-181,0]")) == "BOUNDARY_INVALID/coordinates/0");
  CHECK(verdict(geometry("Point", "[0,0]"), 0) == "BOUNDARY_INVALID/coordinates");
  CHECK(detail(polygon(open)) == "ring 0 of polygon 0 does not end where it begins");
}

TEST_CASE("rings are closed, apart and ordered after rounding") {
  CHECK(verdict(polygon("[[0,0],[1,0],[1,1],[0,0.00000001]]")).empty());
  CHECK(verdict(polygon("[[0,0],[1,0],[1,1],[0,0.00000006]]")) ==
        "BOUNDARY_INVALID/coordinates/0/3");
  CHECK(verdict(polygon("[[0,0],[1,0],[1,0.00000001],[0,0]]")) == "BOUNDARY_INVALID/coordinates/0");
  // Neighbours whose common border differs by less than half a unit.
  const auto west = decode_boundary(polygon("[[0,0],[1.00000004,0],[1.00000004,1],[0,0]]"), 0);
  const auto east =
      decode_boundary(polygon("[[0.99999996,0],[2,0],[0.99999996,1],[0.99999996,0]]"), 0);
  REQUIRE((west.ok() && east.ok()));
  CHECK(!interiors_intersect(*west, *east));
}

TEST_CASE("strict JSON within the limits of a blob") {
  CHECK(detail("\xEF\xBB\xBF{}").starts_with("JSON_BOM"));
  CHECK(detail(R"({"type":"Polygon","type":"Point"})").starts_with("JSON_DUPLICATE_NAME"));
  CHECK(detail("{} {}").starts_with("JSON_SYNTAX"));
  CHECK(detail(R"({"type":"Polygon","coordinates":[[[1e999,0]]]})")
            .starts_with("JSON_NUMBER_OUT_OF_RANGE"));
  CHECK(verdict(R"({"type":"Polygon","coordinates":[[[1e999,0]]]})") ==
        "BOUNDARY_INVALID/coordinates/0/0/0");
  const std::string good = feature(polygon(kSquare));
  CHECK(verdict(good + std::string(kBoundaryBytesMax - good.size(), ' ')).empty());
  CHECK(detail(good + std::string(kBoundaryBytesMax - good.size() + 1, ' '))
            .starts_with("JSON_TOO_LARGE"));
  const auto with_values = [](std::size_t count) {
    std::string lists;
    while (count > 0) {
      const std::size_t items = std::min<std::size_t>(count - 1, 4'000);
      lists += (lists.empty() ? R"(")" : R"(,")") + std::to_string(count) + R"(":[)";
      for (std::size_t i = 0; i < items; ++i) lists += i == 0 ? "0" : ",0";
      lists += "]";
      count -= items + 1;
    }
    return feature(polygon(kSquare), R"(,"properties":{)" + lists + "}");
  };
  // The feature, its geometry, their types, the properties; the coordinates, one ring, five
  // positions.
  constexpr std::size_t kOthers = 5 + 2 + 5 * 3;
  CHECK(verdict(with_values(kBoundaryValuesMax - kOthers)).empty());
  CHECK(detail(with_values(kBoundaryValuesMax - kOthers + 1)).starts_with("JSON_TOO_MANY_VALUES"));
}

TEST_CASE("how many decimals the positions are written with") {
  const auto shape = codec::read_boundary_shape(
      polygon("[[116.397428,39.90923],[116.4,39.9],[117,40],[1.163974e2,39.12345678901234567890],"
              "[116.397428,39.90923]]"));
  REQUIRE(shape.ok());
  CHECK(shape->positions_by_decimals[6] == 2);
  CHECK(shape->positions_by_decimals[1] == 1);
  CHECK(shape->positions_by_decimals[0] == 1);
  CHECK(shape->positions_by_decimals.back() == 1);
}
