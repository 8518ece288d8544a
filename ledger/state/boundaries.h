// Whose ground it is on which days (schemas/spec/registry.md 5, boundary.md): ground earns credits
// once at any time.
//
// From rules version 3 on a boundary is geometry, and its overlap is decided on that; before, and
// against a boundary that came before, the same boundary is the same digest. A project has
// its ground for the days of its crediting period; where its boundary changes, each boundary has
// the days that were or will be reported under it. Rows: BoundaryRow (digests), GeometryRow and
// BoundaryCellRow (model/project_rows.h).
#pragma once

#include "ledger/boundary/boundary.h"
#include "ledger/state/context.h"

namespace mrv::state {

// A boundary, with its geometry where that is known.
struct Ground {
  Hash digest{};
  std::optional<boundary::Boundary> geometry;
};

// The ground of a boundary blob as the rules in force read it; before version 3 none is read.
// `point_radius`: the programme's. Refusals, at `pointer`: BLOB_MISSING, BOUNDARY_INVALID. The
// act's entry carries the geometry as its result.
Check read_ground(Context& context, const Hash& digest, std::int64_t point_radius,
                  const std::string& pointer, Ground& out);

// Whether nobody else has any of it on any of these days, except projects that share it: each names
// the other, and their activities differ. `project` is the one that asks, as it will be; what it
// has itself is no obstacle. Names the project that was created first. Refusals, at `pointer`:
// BOUNDARY_TOO_WIDE, BOUNDARY_OVERLAP, LIST_TOO_LONG.
Check check_free(Context& context, const model::ProjectRow& project, const Ground& ground,
                 const model::Period& days, const std::string& pointer);

// A new project's ground, for its crediting period.
void take_ground(Context& context, const model::ProjectRow& project, const Ground& ground);

// What the project has now. Precondition: it has ground.
Ground ground_of(Context& context, const model::ProjectRow& project);
// The days for which it has that.
model::Period days_of(Context& context, const model::ProjectRow& project);
// The same of each boundary that was replaced and still has days.
std::vector<std::pair<Ground, model::Period>> former_grounds(Context& context,
                                                             const model::ProjectRow& project);

// Ends the project's days on all its ground: from `until` on others may have it.
void end_ground(Context& context, const model::ProjectRow& project, model::Day until);
// The same, and what has no day left is forgotten: the project is rejected or withdrawn.
void release_ground(Context& context, const model::ProjectRow& project, model::Day until);
// The crediting period goes on until `to`.
void extend_ground(Context& context, const model::ProjectRow& project, model::Day to);

// What an amendment asks for; nobody has it yet.
void want_ground(Context& context, const model::ProjectRow& project,
                 const model::AmendmentId& amendment, const Ground& ground);
std::optional<Ground> wanted_ground(Context& context, const model::AmendmentId& amendment);
void forget_wanted(Context& context, const model::AmendmentId& amendment);
// From `from` on the project has `next`; until then it keeps what it had. `project` as it was.
void replace_ground(Context& context, const model::ProjectRow& project,
                    const model::AmendmentId& amendment, const Ground& next, model::Day from);

}  // namespace mrv::state
