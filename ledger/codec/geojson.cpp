// GeoJSON text -> JSON with numbers as text -> shape -> boundary.
#include "ledger/codec/geojson.h"

#include <algorithm>
#include <array>
#include <cassert>

#include <nlohmann/json.hpp>

#include "ledger/codec/json_codec.h"

namespace mrv::codec {

using nlohmann::json;

namespace {

constexpr std::size_t kDecimalsCounted = 16;

Error invalid(std::string detail, std::string pointer) {
  return {kBoundaryInvalid, std::move(detail), std::move(pointer)};
}

std::string step(const std::string& base, std::size_t index) {
  return base + "/" + std::to_string(index);
}

// Names under which a `crs` member (of the GeoJSON of 2008) means WGS 84, as longitude and
// latitude.
bool names_wgs84(const std::string& name) {
  constexpr std::array<std::string_view, 6> kNames = {
      "urn:ogc:def:crs:OGC:1.3:CRS84",
      "urn:ogc:def:crs:OGC::CRS84",
      "OGC:CRS84",
      "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
      "urn:ogc:def:crs:EPSG::4326",
      "EPSG:4326"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

Status check_crs(const json& object, const std::string& pointer) {
  const auto crs = object.find("crs");
  if (crs == object.end()) return {};
  const json::json_pointer type("/type");
  const json::json_pointer name("/properties/name");
  if (crs->is_object() && crs->contains(type) && crs->at(type) == "name" && crs->contains(name) &&
      crs->at(name).is_string() && names_wgs84(crs->at(name).get_ref<const std::string&>())) {
    return {};
  }
  return invalid(
      "crs is absent or names WGS 84 (urn:ogc:def:crs:OGC:1.3:CRS84): other reference "
      "systems are transformed before they come here",
      pointer + "/crs");
}

// One object of the text: its type is among `types`, it has no member that would give it a second
// meaning, and its reference system is WGS 84.
Result<std::string> type_of(const json& object, const std::string& pointer) {
  if (!object.is_object()) return invalid("an object is expected", pointer);
  const auto type = object.find("type");
  if (type == object.end() || !type->is_string()) {
    return invalid("a GeoJSON object has a type", pointer + "/type");
  }
  MRV_CHECK(check_crs(object, pointer));
  return type->get<std::string>();
}

Status check_without(const json& object, const std::string& pointer,
                     std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (object.contains(name)) {
      return invalid("an object of this type has no such member (RFC 7946, section 7.1)",
                     pointer_step(pointer, name));
    }
  }
  return {};
}

class ShapeReader {
 public:
  Result<BoundaryShape> read(const json& root) {
    shape_.positions_by_decimals.resize(kDecimalsCounted + 1);
    MRV_TRY(const std::string type, type_of(root, {}));
    if (type == "FeatureCollection") {
      MRV_CHECK(collection(root));
    } else if (type == "Feature") {
      MRV_CHECK(feature(root, {}));
    } else {
      MRV_CHECK(geometry(root, type, {}));
    }
    return std::move(shape_);
  }

 private:
  Status collection(const json& object) {
    MRV_CHECK(check_without(object, {}, {"coordinates", "geometries", "geometry", "properties"}));
    const auto features = object.find("features");
    if (features == object.end() || !features->is_array() || features->size() != 1) {
      return invalid("the boundary is exactly one Feature", "/features");
    }
    const std::string pointer = "/features/0";
    MRV_TRY(const std::string type, type_of(features->front(), pointer));
    if (type != "Feature") return invalid("a Feature is expected", pointer + "/type");
    return feature(features->front(), pointer);
  }

  Status feature(const json& object, const std::string& pointer) {
    MRV_CHECK(check_without(object, pointer, {"coordinates", "geometries", "features"}));
    const auto properties = object.find("properties");
    if (properties == object.end() || !(properties->is_object() || properties->is_null())) {
      return invalid("a Feature has properties, an object or null", pointer + "/properties");
    }
    const auto found = object.find("geometry");
    const std::string at = pointer + "/geometry";
    if (found == object.end() || found->is_null()) return invalid("a geometry is expected", at);
    MRV_TRY(const std::string type, type_of(*found, at));
    return geometry(*found, type, at);
  }

  Status geometry(const json& object, const std::string& type, const std::string& pointer) {
    MRV_CHECK(check_without(object, pointer, {"geometries", "geometry", "properties", "features"}));
    const bool of_points = type == "Point" || type == "MultiPoint";
    shape_.is_multi = type == "MultiPoint" || type == "MultiPolygon";
    if (!of_points && type != "Polygon" && type != "MultiPolygon") {
      return invalid("a boundary is a Polygon, MultiPolygon, Point or MultiPoint",
                     pointer + "/type");
    }
    shape_.coordinates_pointer = pointer + "/coordinates";
    const auto found = object.find("coordinates");
    if (found == object.end()) {
      return invalid("a geometry has coordinates", shape_.coordinates_pointer);
    }
    return of_points ? points(*found) : polygons(*found);
  }

  Status points(const json& coordinates) {
    const std::string& at = shape_.coordinates_pointer;
    shape_.has_points = true;
    if (!shape_.is_multi) {
      MRV_TRY(shape_.points.emplace_back(), position(coordinates, at));
      return {};
    }
    MRV_TRY(shape_.points, positions(coordinates, at));
    return {};
  }

  Status polygons(const json& coordinates) {
    const std::string& at = shape_.coordinates_pointer;
    if (!shape_.is_multi) {
      MRV_TRY(shape_.polygons.emplace_back(), polygon(coordinates, at));
      return {};
    }
    MRV_CHECK(check_array(coordinates, at));
    for (std::size_t i = 0; i < coordinates.size(); ++i) {
      MRV_TRY(shape_.polygons.emplace_back(), polygon(coordinates[i], step(at, i)));
    }
    return {};
  }

  Result<boundary::RawPolygon> polygon(const json& rings, const std::string& pointer) {
    MRV_CHECK(check_array(rings, pointer));
    boundary::RawPolygon result;
    for (std::size_t i = 0; i < rings.size(); ++i) {
      MRV_TRY(boundary::RawRing ring, positions(rings[i], step(pointer, i)));
      result.push_back(std::move(ring));
    }
    return result;
  }

  Result<boundary::RawRing> positions(const json& list, const std::string& pointer) {
    MRV_CHECK(check_array(list, pointer));
    boundary::RawRing result;
    for (std::size_t i = 0; i < list.size(); ++i) {
      MRV_TRY(const boundary::RawPosition at, position(list[i], step(pointer, i)));
      result.push_back(at);
    }
    return result;
  }

  Result<boundary::RawPosition> position(const json& numbers, const std::string& pointer) {
    if (!numbers.is_array() || numbers.size() < 2 || numbers.size() > 3) {
      return invalid("a position is [longitude, latitude] or [longitude, latitude, altitude]",
                     pointer);
    }
    if (numbers.size() == 3 && !crypto::number_text(numbers[2])) {
      return invalid("a number is expected", step(pointer, 2));
    }
    boundary::RawPosition result;
    MRV_TRY(result.longitude, coordinate(numbers[0], step(pointer, 0)));
    MRV_TRY(result.latitude, coordinate(numbers[1], step(pointer, 1)));
    const auto decimals = [](const json& number) {
      const auto text = crypto::number_text(number).value_or("");
      const auto point = text.find('.');
      if (point == std::string_view::npos) return std::size_t{0};
      return text.substr(0, text.find_first_of("eE")).size() - point - 1;
    };
    const std::size_t longer = std::max(decimals(numbers[0]), decimals(numbers[1]));
    ++shape_.positions_by_decimals[std::min(longer, kDecimalsCounted)];
    return result;
  }

  static Result<std::int64_t> coordinate(const json& number, const std::string& pointer) {
    const auto text = crypto::number_text(number);
    if (!text) return invalid("a number is expected", pointer);
    auto value = parse_coordinate(*text);
    if (!value.ok()) return invalid(value.error().detail, pointer);
    return value;
  }

  static Status check_array(const json& value, const std::string& pointer) {
    if (value.is_array()) return {};
    return invalid("a list is expected", pointer);
  }

  BoundaryShape shape_;
};

// How deep into the coordinates of a MultiPolygon the place of a flaw is.
enum class Depth : std::uint8_t { coordinates, polygon, ring, position, longitude, latitude };

Depth depth_of(boundary::Flaw flaw) {
  using boundary::Flaw;
  switch (flaw) {
    case Flaw::too_many_polygons:
    case Flaw::points_not_accepted:
      return Depth::coordinates;
    case Flaw::nothing_there:
    case Flaw::polygons_overlap:
      return Depth::polygon;
    case Flaw::too_many_holes:
    case Flaw::too_many_positions:
    case Flaw::ring_too_short:
    case Flaw::no_area:
    case Flaw::hole_outside:
    case Flaw::holes_overlap:
    case Flaw::interior_in_pieces:
      return Depth::ring;
    case Flaw::ring_open:
    case Flaw::edge_too_wide:
    case Flaw::ring_meets_itself:
    case Flaw::rings_cross:
    case Flaw::rings_share_edge:
      return Depth::position;
    case Flaw::longitude_range:
      return Depth::longitude;
    case Flaw::latitude_range:
      return Depth::latitude;
  }
  assert(false);
  return Depth::coordinates;
}

}  // namespace

std::string pointer_of(const BoundaryShape& shape, const boundary::Finding& finding) {
  const Depth depth = depth_of(finding.flaw);
  const auto& [polygon, ring, position] = finding.at;
  std::string pointer = shape.coordinates_pointer;
  const bool is_empty = shape.polygons.empty() && shape.points.empty();
  if (depth >= Depth::polygon && shape.is_multi && !is_empty) pointer = step(pointer, polygon);
  if (!shape.has_points) {
    if (depth >= Depth::ring) pointer = step(pointer, ring);
    if (depth >= Depth::position) pointer = step(pointer, position);
  }
  if (depth == Depth::longitude) pointer = step(pointer, 0);
  if (depth == Depth::latitude) pointer = step(pointer, 1);
  return pointer;
}

Result<BoundaryShape> read_boundary_shape(std::string_view blob) {
  const auto root = crypto::parse_strict(blob, kBoundaryLimits);
  if (!root.ok()) {
    const Error& error = root.error();
    return invalid(std::string(error.name) + ": " + error.detail, error.pointer);
  }
  return ShapeReader().read(*root);
}

std::variant<boundary::Boundary, boundary::Finding> judge_shape(const BoundaryShape& shape,
                                                                std::int64_t point_radius) {
  using boundary::Boundary;
  return shape.has_points ? Boundary::of_points(shape.points, point_radius)
                          : Boundary::of_polygons(shape.polygons);
}

Result<boundary::Boundary> decode_boundary(std::string_view blob, std::int64_t point_radius) {
  MRV_TRY(const BoundaryShape shape, read_boundary_shape(blob));
  auto judged = judge_shape(shape, point_radius);
  if (const auto* finding = std::get_if<boundary::Finding>(&judged)) {
    return invalid(describe(*finding), pointer_of(shape, *finding));
  }
  return std::get<boundary::Boundary>(std::move(judged));
}

}  // namespace mrv::codec
