// Coordinates of Chinese web maps that are not WGS 84: recognising them, and turning them back.
//
// Public maps in mainland China show positions in GCJ-02 (Amap, Tencent), or in BD-09, which is
// made from it (Baidu). Both are WGS 84 moved by some hundred metres, differently everywhere, by a
// formula that is not official but widely published and agrees with the services to about a metre:
//   https://en.wikipedia.org/wiki/Restrictions_on_geographic_data_in_China
//   https://github.com/googollee/eviltransform (formula, reference positions)
//   https://github.com/caijun/geoChina (BD-09)
// A boundary in such coordinates is a valid boundary of the wrong ground. Nothing can prove that it
// is one, so all of this is a warning and a suggestion; no verdict depends on it.
//
// Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/codec/geojson.h"

namespace mrv::api {

enum class Datum : std::uint8_t { gcj02, bd09 };

// Degrees.
struct Degrees {
  double longitude = 0;
  double latitude = 0;
};

// How far a coordinate of the datum is from the WGS 84 one is what these undo. Away from mainland
// China the maps do not move anything, and neither do these.
Degrees gcj02_of_wgs84(const Degrees& wgs84);
Degrees wgs84_of_gcj02(const Degrees& gcj02);
Degrees bd09_of_gcj02(const Degrees& gcj02);
Degrees gcj02_of_bd09(const Degrees& bd09);
Degrees wgs84_of(Datum datum, const Degrees& position);

// Why a blob is suspected.
enum class Suspicion : std::uint8_t {
  declared,      // a member outside the coordinates names the datum or a map that uses it
  six_decimals,  // written as the web maps give positions: a weak sign, also many others write so
};

struct DatumHint {
  Datum datum = Datum::gcj02;
  Suspicion suspicion = Suspicion::declared;
  std::string evidence;  // the name or text that declares it, in short
};

// A name or text of the blob, outside the coordinates, that says GCJ-02, BD-09, 火星坐标, Amap,
// 高德, AutoNavi, Tencent, 腾讯, Baidu or 百度. Wherever the boundary lies, and for blobs that are
// no boundary as well (a `crs` member that says so is refused).
std::optional<DatumHint> declared_datum(std::string_view blob);

// Of a boundary that has a position in mainland China: a declaration; else, no position is written
// with more than six decimals and at least nine of ten with exactly six (a position counts by its
// longer number, as programs drop closing zeros), of four positions or more.
std::optional<DatumHint> suspect_datum(std::string_view blob, const codec::BoundaryShape& shape);

}  // namespace mrv::api
