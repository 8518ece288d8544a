// Who has ground that a boundary may overlap: found by the cells, decided on the geometry.
#pragma once

#include <set>

#include "ledger/boundary/boundary.h"
#include "ledger/state/context.h"

namespace mrv::state {

// A boundary that a project has on some of the days asked for: by geometry, or by nothing but its
// digest, which then is the one asked for.
struct Neighbour {
  EntryIndex created;  // the project
  model::ProjectId project;
  std::optional<model::IdBytes> claim;  // of its GeometryRow
  friend auto operator<=>(const Neighbour&, const Neighbour&) = default;
};

// Geometry as a row has it. Precondition: a row does.
boundary::Boundary geometry_in(const std::string& text);

// Claims of other projects than `own` on days that meet `days` whose boxes meet those of the
// boundary; nothing where there are too many to look at.
std::optional<std::set<Neighbour>> neighbours_of(Context& context, const model::ProjectId& own,
                                                 const boundary::Boundary& boundary,
                                                 const model::Period& days);

}  // namespace mrv::state
