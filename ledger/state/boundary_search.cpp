// The look-up in the cell index, and the verdict.
#include "ledger/state/boundary_search.h"

#include <algorithm>
#include <cassert>
#include <map>

#include "ledger/boundary/cells.h"
#include "ledger/boundary/overlap.h"
#include "ledger/state/boundaries.h"

namespace mrv::state {
namespace {

using model::Outcome;

bool meet(const model::Period& a, const model::Period& b) {
  return std::max(a.from, b.from) < std::min(a.to, b.to);
}

boundary::Box box_in(const model::BoundaryBox& row) {
  const auto narrow = [](std::int64_t value) { return static_cast<std::int32_t>(value); };
  return {{narrow(row.west), narrow(row.south)}, {narrow(row.east), narrow(row.north)}};
}

// One walk over the index.
class Search {
 public:
  Search(Context& context, const model::ProjectId& own, const boundary::Boundary& boundary,
         const model::Period& days)
      : context_(context), own_(own), boundary_(boundary), days_(days) {}

  std::optional<std::set<Neighbour>> run() {
    const auto query = boundary::query_of(boundary::cells_of(boundary_));
    for (const auto& key : query.keys) look(key, boundary::successor(key));
    for (const auto& range : query.ranges) look(range.first, range.end);
    if (is_too_wide_) return std::nullopt;
    std::set<Neighbour> neighbours;
    for (const auto& [claim, project] : found_) {
      const auto row = context_.read<model::ProjectRow>(codec::project_key(project));
      if (row) neighbours.insert({row->entry, project, claim});
    }
    return neighbours;
  }

 private:
  static Bytes row_key(const boundary::CellKey& cell) {
    Bytes key{model::BoundaryCellRow::kTag};
    key.insert(key.end(), cell.begin(), cell.end());
    return key;
  }

  void look(const boundary::CellKey& first, const boundary::CellKey& end) {
    if (is_too_wide_) return;
    context_.overlay().scan(row_key(first), row_key(end), [&](ByteView key, ByteView value) {
      visit(key, value);
      return !is_too_wide_;
    });
  }

  void visit(ByteView key, ByteView value) {
    if (++rows_read_ > kBoundaryCellRowsMax) is_too_wide_ = true;
    const auto row = context_.decoded<model::BoundaryCellRow>(value);
    if (is_too_wide_ || !row || row->project == own_ || !meet(row->days, days_)) return;
    const boundary::Box box = box_in(row->box);
    const auto& polygons = boundary_.polygons();
    const bool is_near =
        std::any_of(polygons.begin(), polygons.end(), [&](const boundary::Polygon& polygon) {
          return boundary::interiors_meet(polygon.box, box);
        });
    if (!is_near) return;
    model::IdBytes claim{};
    std::copy(key.end() - static_cast<std::ptrdiff_t>(model::kIdSize), key.end(), claim.begin());
    found_.emplace(claim, row->project);
    if (found_.size() > kBoundaryCandidatesMax) is_too_wide_ = true;
  }

  Context& context_;
  const model::ProjectId& own_;
  const boundary::Boundary& boundary_;
  const model::Period& days_;
  std::size_t rows_read_ = 0;
  std::map<model::IdBytes, model::ProjectId> found_;
  bool is_too_wide_ = false;
};

bool names(const model::ProjectRow& project, const model::ProjectId& other) {
  if (!project.shares_boundary_with) return false;
  const auto& named = *project.shares_boundary_with;
  return std::find(named.begin(), named.end(), other) != named.end();
}

// Different things are done on the same ground, and both know of it.
bool may_share(const model::ProjectRow& a, const model::ProjectRow& b) {
  return names(a, b.id) && names(b, a.id) && a.activity_type != b.activity_type;
}

// The same boundary where one of the two is not known as geometry.
void add_same_digest(Context& context, const model::ProjectId& own, const Ground& ground,
                     const model::BoundaryRow& row, const model::Period& days,
                     std::set<Neighbour>& out) {
  for (const auto& claim : row.claims) {
    const bool by_geometry = ground.geometry && claim.known.value_or(false);
    if (claim.project == own || by_geometry || !meet(claim.crediting_period, days)) continue;
    const auto project = context.read<model::ProjectRow>(codec::project_key(claim.project));
    out.insert({project ? project->entry : EntryIndex{0}, claim.project, std::nullopt});
  }
}

bool overlaps(Context& context, const Neighbour& neighbour, const Ground& ground) {
  if (!neighbour.claim) return true;
  const auto row = context.read<model::GeometryRow>(codec::geometry_key(*neighbour.claim));
  return row && row->geometry &&
         boundary::interiors_intersect(*ground.geometry, geometry_in(*row->geometry));
}

}  // namespace

boundary::Boundary geometry_in(const std::string& text) {
  const auto bytes = from_base64(text);
  assert(bytes.ok());
  auto geometry = boundary::Boundary::from_bytes(*bytes);
  assert(geometry.ok());
  return *std::move(geometry);
}

std::optional<std::set<Neighbour>> neighbours_of(Context& context, const model::ProjectId& own,
                                                 const boundary::Boundary& boundary,
                                                 const model::Period& days) {
  return Search(context, own, boundary, days).run();
}

Check check_free(Context& context, const model::ProjectRow& project, const Ground& ground,
                 const model::Period& days, const std::string& pointer) {
  if (days.to <= days.from) return std::nullopt;
  std::set<Neighbour> neighbours;
  if (ground.geometry) {
    auto near = neighbours_of(context, project.id, *ground.geometry, days);
    if (!near) {
      return refuse(Outcome::BOUNDARY_TOO_WIDE, pointer,
                    "more than " + std::to_string(kBoundaryCandidatesMax) + " boundaries or " +
                        std::to_string(kBoundaryCellRowsMax) + " cells to compare with");
    }
    neighbours = *std::move(near);
  }
  const auto row = context.read<model::BoundaryRow>(codec::boundary_key(ground.digest));
  if (row) add_same_digest(context, project.id, ground, *row, days, neighbours);
  for (const auto& neighbour : neighbours) {
    const auto other = context.read<model::ProjectRow>(codec::project_key(neighbour.project));
    if (other && may_share(project, *other)) continue;
    if (!overlaps(context, neighbour, ground)) continue;
    return refuse(Outcome::BOUNDARY_OVERLAP, pointer,
                  project.id.text() + " overlaps " + neighbour.project.text());
  }
  const bool is_full = row && row->claims.size() >= kBoundaryClaimsMax &&
                       std::none_of(row->claims.begin(), row->claims.end(),
                                    [&](const auto& claim) { return claim.project == project.id; });
  if (!is_full) return std::nullopt;
  return refuse(Outcome::LIST_TOO_LONG, pointer, "too many projects have this boundary");
}

}  // namespace mrv::state
