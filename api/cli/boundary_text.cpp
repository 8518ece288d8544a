// The sentences.
#include "api/cli/boundary_text.h"

#include <array>
#include <cassert>
#include <cstdio>

#include "ledger/base/limits.h"

namespace mrv::cli {

using boundary::Finding;
using boundary::Flaw;
using boundary::Place;

namespace {

std::string polygon_zh(const Place& at) { return "多边形 " + std::to_string(at.polygon); }
std::string ring_zh(const Place& at) { return polygon_zh(at) + " 的环 " + std::to_string(at.ring); }
std::string position_zh(const Place& at) {
  return ring_zh(at) + " 的第 " + std::to_string(at.position) + " 个位置";
}
std::string edge_zh(const Place& at) { return "自" + position_zh(at) + "起的边"; }

std::string at_most_zh(std::size_t number, const char* what) {
  return "一个边界最多有 " + std::to_string(number) + " 个" + what;
}

// Counted from 0, as in the English sentences and in the pointer.
std::string chinese_text(const Finding& finding) {
  const Place& at = finding.at;
  const Place other = finding.other.value_or(Place{});
  switch (finding.flaw) {
    case Flaw::nothing_there:
      return "应有环、多边形或点之处为空";
    case Flaw::too_many_polygons:
      return at_most_zh(kBoundaryPolygonsMax, "多边形或点");
    case Flaw::too_many_holes:
      return at_most_zh(kBoundaryHolesMax, "洞");
    case Flaw::too_many_positions:
      return at_most_zh(kBoundaryPositionsMax, "位置");
    case Flaw::longitude_range:
      return position_zh(at) + "的经度超出 -180 至 180";
    case Flaw::latitude_range:
      return position_zh(at) + "的纬度超出 -90 至 90";
    case Flaw::ring_too_short:
      return ring_zh(at) + "少于 4 个位置";
    case Flaw::ring_open:
      return ring_zh(at) + "没有在起点闭合";
    case Flaw::edge_too_wide:
      return edge_zh(at) + "跨越的经度超过 180 度;请在 180 度经线处切开多边形";
    case Flaw::no_area:
      return ring_zh(at) + "没有面积:所有位置在一条直线上";
    case Flaw::ring_meets_itself:
      return edge_zh(at) + "与" + edge_zh(other) + "相遇";
    case Flaw::rings_cross:
      return edge_zh(at) + "与" + edge_zh(other) + "相交";
    case Flaw::rings_share_edge:
      return edge_zh(at) + "与" + edge_zh(other) + "有重合的一段";
    case Flaw::hole_outside:
      return ring_zh(at) + "是洞,但不在外环之内";
    case Flaw::holes_overlap:
      return ring_zh(at) + "与" + ring_zh(other) + "是相互重叠的洞";
    case Flaw::interior_in_pieces:
      return ring_zh(at) + "与其他环相接,把多边形内部分成了几块";
    case Flaw::polygons_overlap:
      return polygon_zh(at) + "与" + polygon_zh(other) + "重叠";
    case Flaw::points_not_accepted:
      return "未给出点的半径,边界须由多边形构成";
  }
  assert(false);
  return {};
}

template <class... Numbers>
std::string formatted(const char* format, Numbers... numbers) {
  constexpr std::size_t kRoom = 64;
  std::array<char, kRoom> text{};
  const int size = std::snprintf(text.data(), text.size(), format, numbers...);
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

std::string finding_text(const Finding& finding, bool chinese) {
  return chinese ? chinese_text(finding) : boundary::describe(finding);
}

std::string datum_name(api::Datum datum) { return datum == api::Datum::bd09 ? "BD-09" : "GCJ-02"; }

std::string datum_warning(const api::DatumHint& hint, bool chinese) {
  const std::string name = datum_name(hint.datum);
  if (hint.suspicion == api::Suspicion::declared) {
    return chinese ? "警告:坐标可能是 " + name + ",不是 WGS 84;文件中写有\"" + hint.evidence + "\""
                   : "warning: the coordinates may be " + name +
                         " and not WGS 84; the file says \"" + hint.evidence + "\"";
  }
  return chinese ? "警告:坐标可能是 " + name +
                       ",不是 WGS 84;位置都写到小数点后六位,网络地图也是这样写的(仅为弱线索)"
                 : "warning: the coordinates may be " + name +
                       " and not WGS 84; they are written with six decimals, as web maps of China "
                       "give them (a weak sign)";
}

std::string hectares_text(double hectares) { return formatted("%.2f", hectares); }

std::string area_text(double hectares) {
  std::string text = hectares_text(hectares);
  const std::size_t point = text.find('.');
  for (std::size_t at = point; at > 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

std::string position_text(const boundary::Position& position) {
  return formatted("%.7f, %.7f",
                   static_cast<double>(position.longitude) / boundary::kUnitsPerDegree,
                   static_cast<double>(position.latitude) / boundary::kUnitsPerDegree);
}

}  // namespace mrv::cli
