// From cheap to dear: counts, each position, each ring, each polygon, all together. Every step may
// rely on those before it.
#include "ledger/boundary/validity.h"

#include <algorithm>
#include <numeric>

#include "ledger/boundary/edges.h"
#include "ledger/boundary/overlap.h"

namespace mrv::boundary {
namespace {

constexpr std::size_t kRingPositionsMin = 4;
constexpr std::int64_t kEdgeWidthMax = std::int64_t{kLongitudeMax};

std::optional<Finding> judge_ring_shape(const RawRing& raw, Place at) {
  if (raw.size() < kRingPositionsMin) return Finding{Flaw::ring_too_short, at, {}};
  for (at.position = 0; at.position < raw.size(); ++at.position) {
    if (const auto flaw = judge_position(raw[at.position])) return Finding{*flaw, at, {}};
    if (at.position == 0) continue;
    const auto width = raw[at.position].longitude - raw[at.position - 1].longitude;
    if (width > kEdgeWidthMax || width < -kEdgeWidthMax) {
      at.position -= 1;
      return Finding{Flaw::edge_too_wide, at, {}};
    }
  }
  at.position = raw.size() - 1;
  if (raw.back() != raw.front()) return Finding{Flaw::ring_open, at, {}};
  return std::nullopt;
}

// Precondition: judge_ring_shape found nothing.
NumberedRing numbered(const RawRing& raw) {
  NumberedRing result;
  for (std::size_t i = 0; i + 1 < raw.size(); ++i) {
    const Position position{static_cast<std::int32_t>(raw[i].longitude),
                            static_cast<std::int32_t>(raw[i].latitude)};
    if (!result.ring.empty() && result.ring.back() == position) continue;
    result.ring.push_back(position);
    result.numbers.push_back(i);
  }
  while (result.ring.size() > 1 && result.ring.back() == result.ring.front()) {
    result.ring.pop_back();
    result.numbers.pop_back();
  }
  return result;
}

bool all_on_one_line(const Ring& ring) {
  return ring.size() < 3 ||
         std::all_of(
             ring.begin(), ring.end(),
             [&ring](const Position& each) { return side_of(ring[0], ring[1], each) == 0; });
}

// The rings of one polygon by what their edges do to each other.
class PolygonJudge {
 public:
  PolygonJudge(std::vector<NumberedRing> rings, std::size_t polygon)
      : rings_(std::move(rings)), polygon_(polygon) {}

  std::optional<Finding> judge() {
    for (std::size_t r = 0; r < rings_.size(); ++r) {
      if (all_on_one_line(rings_[r].ring)) return Finding{Flaw::no_area, {polygon_, r, 0}, {}};
    }
    judge_edges();
    if (!finding_) judge_holes();
    if (!finding_) judge_connection();
    return finding_;
  }

  [[nodiscard]] Polygon normal_form() const {
    Polygon polygon;
    for (const auto& [ring, numbers] : rings_) {
      const bool is_outer = polygon.outer.empty();
      Ring turned = ring;
      if (turning_of(ring) != (is_outer ? 1 : -1)) std::reverse(turned.begin(), turned.end());
      if (is_outer) {
        polygon.outer = std::move(turned);
      } else {
        polygon.holes.push_back(std::move(turned));
      }
    }
    polygon.box = box_of(polygon.outer);
    return polygon;
  }

 private:
  struct RingTouch {
    Position at;
    std::size_t ring = 0;
    friend auto operator<=>(const RingTouch&, const RingTouch&) = default;
  };

  [[nodiscard]] Place place_of(const Edge& edge) const {
    return {polygon_, edge.ring, rings_[edge.ring].numbers[edge.index]};
  }
  [[nodiscard]] Place place_of(std::size_t ring) const { return {polygon_, ring, 0}; }

  // Neighbours in a ring share one corner, which is how they should meet.
  [[nodiscard]] bool are_neighbours(const Edge& e, const Edge& f) const {
    const std::size_t size = rings_[e.ring].ring.size();
    return e.ring == f.ring && ((e.index + 1) % size == f.index || (f.index + 1) % size == e.index);
  }

  void judge_edges() {
    Edges edges;
    for (std::size_t r = 0; r < rings_.size(); ++r) {
      add_edges(rings_[r].ring, static_cast<std::uint32_t>(r), edges);
    }
    each_contact(edges, [this](const Edge& e, const Edge& f, const Contact& contact) {
      if (const auto flaw = flaw_of(e, f, contact)) {
        const Place one = place_of(e);
        const Place other = place_of(f);
        finding_ = Finding{*flaw, std::min(one, other), std::max(one, other)};
      } else if (e.ring != f.ring) {
        for (std::size_t i = 0; i < contact.touch_count; ++i) {
          touches_.push_back({contact.touches[i], e.ring});
          touches_.push_back({contact.touches[i], f.ring});
        }
      }
      return !finding_;
    });
  }

  [[nodiscard]] std::optional<Flaw> flaw_of(const Edge& e, const Edge& f,
                                            const Contact& contact) const {
    // A neighbour that runs back along the other one ends on it or passes its far corner: there
    // the edge behind it meets an edge that is no neighbour.
    if (e.ring == f.ring) {
      return are_neighbours(e, f) ? std::nullopt : std::optional(Flaw::ring_meets_itself);
    }
    if (contact.common) return Flaw::rings_share_edge;
    if (contact.crosses) return Flaw::rings_cross;
    return std::nullopt;
  }

  // Rings meet in points only by now: a hole is inside the outer ring if no stretch of it is
  // outside, and apart from another hole if their areas, taken as polygons, are.
  void judge_holes() {
    Edges outer;
    add_edges(rings_[0].ring, 0, outer);
    for (std::size_t r = 1; r < rings_.size(); ++r) {
      Edges hole;
      add_edges(rings_[r].ring, 0, hole);
      if (any_stretch(hole, meet(hole, outer).on_a, outer, Location::outside)) {
        finding_ = Finding{Flaw::hole_outside, place_of(r), {}};
        return;
      }
    }
    std::vector<Polygon> filled;
    for (std::size_t r = 1; r < rings_.size(); ++r) {
      filled.push_back(PolygonJudge({rings_[r]}, polygon_).normal_form());
      for (std::size_t q = 1; q < r; ++q) {
        if (!interiors_intersect(filled[q - 1], filled[r - 1])) continue;
        finding_ = Finding{Flaw::holes_overlap, place_of(q), place_of(r)};
        return;
      }
    }
  }

  // Rings and the points in which they touch, as a graph: the interior is in one piece as long as
  // there is no way around in it.
  void judge_connection() {
    std::sort(touches_.begin(), touches_.end());
    touches_.erase(std::unique(touches_.begin(), touches_.end()), touches_.end());
    std::vector<std::size_t> parent(rings_.size() + touches_.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root_of = [&parent](std::size_t node) {
      while (parent[node] != node) node = parent[node] = parent[parent[node]];
      return node;
    };
    std::size_t point = rings_.size();
    for (std::size_t i = 0; i < touches_.size(); ++i) {
      if (i > 0 && touches_[i].at != touches_[i - 1].at) ++point;
      const std::size_t ring = root_of(touches_[i].ring);
      const std::size_t other = root_of(point);
      if (ring == other) {
        finding_ = Finding{Flaw::interior_in_pieces, place_of(touches_[i].ring), {}};
        return;
      }
      parent[ring] = other;
    }
  }

  std::vector<NumberedRing> rings_;
  std::size_t polygon_;
  std::vector<RingTouch> touches_;
  std::optional<Finding> finding_;
};

}  // namespace

std::optional<Finding> judge_counts(std::span<const RawPolygon> polygons) {
  if (polygons.empty()) return Finding{};
  if (polygons.size() > kBoundaryPolygonsMax) {
    return Finding{Flaw::too_many_polygons, {kBoundaryPolygonsMax, 0, 0}, {}};
  }
  std::size_t holes = 0;
  std::size_t positions = 0;
  for (std::size_t p = 0; p < polygons.size(); ++p) {
    if (polygons[p].empty()) return Finding{Flaw::nothing_there, {p, 0, 0}, {}};
    for (std::size_t r = 0; r < polygons[p].size(); ++r) {
      holes += r == 0 ? 0 : 1;
      positions += polygons[p][r].size();
      if (holes > kBoundaryHolesMax) return Finding{Flaw::too_many_holes, {p, r, 0}, {}};
      if (positions > kBoundaryPositionsMax) {
        return Finding{Flaw::too_many_positions, {p, r, 0}, {}};
      }
    }
  }
  return std::nullopt;
}

std::optional<Flaw> judge_position(const RawPosition& position) {
  if (position.longitude < -kLongitudeMax || position.longitude > kLongitudeMax) {
    return Flaw::longitude_range;
  }
  if (position.latitude < -kLatitudeMax || position.latitude > kLatitudeMax) {
    return Flaw::latitude_range;
  }
  return std::nullopt;
}

std::optional<Finding> judge_polygon(const RawPolygon& raw, std::size_t number, Polygon& polygon) {
  std::vector<NumberedRing> rings;
  for (std::size_t r = 0; r < raw.size(); ++r) {
    if (auto finding = judge_ring_shape(raw[r], {number, r, 0})) return finding;
    rings.push_back(numbered(raw[r]));
  }
  PolygonJudge judge(std::move(rings), number);
  if (auto finding = judge.judge()) return finding;
  polygon = judge.normal_form();
  return std::nullopt;
}

std::optional<Finding> judge_together(std::span<const Polygon> polygons) {
  for (std::size_t j = 1; j < polygons.size(); ++j) {
    for (std::size_t i = 0; i < j; ++i) {
      if (interiors_intersect(polygons[i], polygons[j])) {
        return Finding{Flaw::polygons_overlap, {i, 0, 0}, Place{j, 0, 0}};
      }
    }
  }
  return std::nullopt;
}

}  // namespace mrv::boundary
