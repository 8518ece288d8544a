// `boundary check`: what the ledger would say of a boundary file, and what it leaves to people: its
// area, and whether its coordinates look like those of a Chinese web map.
#include <cmath>

#include "api/cli/boundary_text.h"
#include "api/cli/commands.h"
#include "api/files.h"
#include "api/gcj02.h"
#include "api/geometry.h"
#include "crypto/sha256.h"
#include "ledger/boundary/cells.h"
#include "ledger/boundary/overlap.h"
#include "ledger/codec/geojson.h"

namespace mrv::cli {

using boundary::Boundary;
using boundary::Finding;
using codec::BoundaryShape;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

struct BoundaryOptions {
  fs::path file;
  std::string other;  // a file, or a project of the ledger
  std::int64_t radius = 0;
};

// What is said, line by line for people and member by member for programs.
struct Said {
  std::string human;
  json machine = json::object();
  void line(const std::string& text) { human += (human.empty() ? "" : "\n") + text; }
};

api::Degrees degrees_of(const boundary::RawPosition& at) {
  return {static_cast<double>(at.longitude) / boundary::kUnitsPerDegree,
          static_cast<double>(at.latitude) / boundary::kUnitsPerDegree};
}

// In 10^-6 degree: the conversion is good to about a metre, not to a centimetre.
json converted(api::Datum datum, const boundary::RawPosition& at) {
  constexpr double kScale = 1e6;
  const api::Degrees wgs84 = api::wgs84_of(datum, degrees_of(at));
  return {std::round(wgs84.longitude * kScale) / kScale,
          std::round(wgs84.latitude * kScale) / kScale};
}

json converted(api::Datum datum, const std::vector<boundary::RawPosition>& list) {
  json positions = json::array();
  for (const auto& at : list) positions.push_back(converted(datum, at));
  return positions;
}

// The whole geometry as it would be if the suspicion is right.
json converted(api::Datum datum, const BoundaryShape& shape) {
  if (shape.has_points) {
    return {{"type", "MultiPoint"}, {"coordinates", converted(datum, shape.points)}};
  }
  json polygons = json::array();
  for (const auto& polygon : shape.polygons) {
    json rings = json::array();
    for (const auto& ring : polygon) rings.push_back(converted(datum, ring));
    polygons.push_back(std::move(rings));
  }
  return {{"type", "MultiPolygon"}, {"coordinates", std::move(polygons)}};
}

const boundary::RawPosition& first_position(const BoundaryShape& shape) {
  return shape.has_points ? shape.points.front() : shape.polygons.front().front().front();
}

void say_datum(const std::string& blob, const BoundaryShape& shape, bool chinese, Said& said) {
  const auto hint = api::suspect_datum(blob, shape);
  if (!hint) return;
  const std::string name = datum_name(hint->datum);
  const json first = converted(hint->datum, first_position(shape));
  said.line(datum_warning(*hint, chinese));
  said.line((chinese ? "  建议(近似,约一米):若是 " + name + ",第一个位置的 WGS 84 坐标为 "
                     : "  suggestion (approximate, to about a metre): if it is " + name +
                           ", the first position is in WGS 84 at ") +
            first.dump());
  const bool is_declared = hint->suspicion == api::Suspicion::declared;
  said.machine["warnings"] = {
      {{"warning", "datum-suspected"},
       {"datum", name},
       {"why", is_declared ? "declared" : "six-decimals"},
       {"evidence", hint->evidence},
       {"suggestion",
        {{"label", "approximate conversion to WGS 84, to be checked against a map"},
         {"geometry", converted(hint->datum, shape)}}}}};
}

void say_invalid(const std::string& detail, const std::string& pointer, Said& said) {
  said.line(std::string(codec::kBoundaryInvalid) + ": " + detail);
  if (!pointer.empty()) said.line("  " + pointer);
  said.machine = {{"holds", false},
                  {"outcome", codec::kBoundaryInvalid},
                  {"detail", detail},
                  {"pointer", pointer}};
}

// A flaw of geometry, with the opinion of an independent library.
void say_finding(const BoundaryShape& shape, const Finding& finding, bool chinese, Said& said) {
  say_invalid(boundary::describe(finding), pointer_of(shape, finding), said);
  if (chinese) {
    said.human.clear();
    said.line(std::string(codec::kBoundaryInvalid) + ": " + finding_text(finding, true));
    said.line("  " + pointer_of(shape, finding));
  }
  const auto geos = api::validity_message(shape.polygons);
  if (!geos.ok() || geos->empty()) return;
  said.line((chinese ? "  GEOS:" : "  GEOS: ") + *geos);
  said.machine["geos"] = *geos;
}

Status say_boundary(const Boundary& boundary, bool chinese, Said& said) {
  MRV_TRY(const double area, api::area_ha(boundary));
  std::size_t holes = 0;
  for (const auto& polygon : boundary.polygons()) holes += polygon.holes.size();
  const std::string polygons = std::to_string(boundary.polygons().size());
  const std::string positions = std::to_string(boundary.position_count());
  const std::string low = position_text(boundary.box().low);
  const std::string high = position_text(boundary.box().high);
  said.line(chinese ? "边界有效:多边形 " + polygons + ",洞 " + std::to_string(holes) + ",位置 " +
                          positions
                    : "the boundary holds: polygons " + polygons + ", holes " +
                          std::to_string(holes) + ", positions " + positions);
  said.line((chinese ? "面积 " : "area ") + area_text(area) +
            (chinese ? " 公顷(WGS 84 椭球面,仅供显示)" : " ha (WGS 84 ellipsoid, for display)"));
  said.line(chinese ? "范围 " + low + " 至 " + high : "from " + low + " to " + high);
  json cells = json::array();
  for (const auto& cell : cells_of(boundary)) cells.push_back(to_hex(key_of(cell)));
  said.machine = {{"holds", true},
                  {"polygons", boundary.polygons().size()},
                  {"holes", holes},
                  {"positions", boundary.position_count()},
                  {"areaHa", hectares_text(area)},
                  {"box", {{"low", low}, {"high", high}}},
                  {"cells", std::move(cells)}};
  return {};
}

// The bytes of a file, or of the boundary that a project has now.
Result<std::string> other_blob(Session& session, const std::string& other) {
  const auto project = model::ProjectId::parse(other);
  if (!project.ok()) return api::read_file(other);
  MRV_TRY(const json row, session.get("/v1/projects/" + other));
  MRV_TRY(const std::string digest, text_at(row, "/item/boundaryDigest"));
  MRV_TRY(std::string blob, session.get_text("/blob/" + digest));
  if (to_hex(crypto::sha256(as_bytes(blob))) == digest) return blob;
  return Error{"BLOB_DIGEST_DIFFERS", "the server sent other bytes than " + digest, {}};
}

Status say_overlap(Session& session, const Boundary& boundary, const BoundaryOptions& options,
                   Said& said) {
  const bool chinese = session.settings().language == "zh";
  MRV_TRY(const std::string blob, other_blob(session, options.other));
  MRV_TRY(const Boundary other, codec::decode_boundary(blob, options.radius));
  const bool overlaps = interiors_intersect(boundary, other);
  said.machine["overlaps"] = overlaps;
  if (!overlaps) {
    said.line(chinese ? "与另一边界不重叠" : "no ground in common with the other boundary");
    return {};
  }
  MRV_TRY(const double area, api::common_area_ha(boundary, other));
  said.machine["commonAreaHa"] = hectares_text(area);
  said.line(chinese ? "与另一边界重叠约 " + area_text(area) + " 公顷"
                    : "ground in common with the other boundary: about " + area_text(area) + " ha");
  return {};
}

// The exit code; an error where the files or the library fail.
Result<int> check(Session& session, const BoundaryOptions& options) {
  const bool chinese = session.settings().language == "zh";
  MRV_TRY(const std::string blob, api::read_file(options.file));
  Said said;
  int code = kExitOk;
  const auto shape = codec::read_boundary_shape(blob);
  if (!shape.ok()) {
    code = kExitFailed;
    say_invalid(shape.error().detail, shape.error().pointer, said);
    if (const auto hint = api::declared_datum(blob)) said.line(datum_warning(*hint, chinese));
  } else {
    const auto judged = codec::judge_shape(*shape, options.radius);
    if (const auto* finding = std::get_if<Finding>(&judged)) {
      code = kExitFailed;
      say_finding(*shape, *finding, chinese, said);
    } else {
      const auto& boundary = std::get<Boundary>(judged);
      MRV_CHECK(say_boundary(boundary, chinese, said));
      if (!options.other.empty()) MRV_CHECK(say_overlap(session, boundary, options, said));
      if (said.machine.value("overlaps", false)) code = kExitFailed;
      say_datum(blob, *shape, chinese, said);
    }
  }
  const std::string digest = to_hex(crypto::sha256(as_bytes(blob)));
  said.line((chinese ? "摘要 " : "digest ") + digest);
  said.machine["digest"] = digest;
  session.print(said.human, said.machine);
  return code;
}

int check_boundary(Session& session, const BoundaryOptions& options) {
  const auto code = check(session, options);
  return code.ok() ? *code : session.fail(code.error());
}

}  // namespace

void add_boundary_commands(CLI::App& app, Run& run) {
  auto* boundary = app.add_subcommand("boundary", "Project boundaries");
  boundary->require_subcommand(1);
  const auto o = kept<BoundaryOptions>();
  auto* check = boundary->add_subcommand(
      "check", "Validity, area and extent of a GeoJSON file, without submitting");
  check->add_option("FILE", o->file)->required();
  check
      ->add_option("--radius", o->radius,
                   "the programme's pointRadius, for a boundary of points (10^-7 degree)")
      ->check(CLI::Range(std::int64_t{0}, kPointRadiusMax));
  check->add_option(
      "--against", o->other,
      "another boundary file, or a project prj_…: whether the two overlap, and how much");
  check->callback(
      [&run, o] { run = [o](Session& session) { return check_boundary(session, *o); }; });
}

}  // namespace mrv::cli
