// Rows of boundaries: claims by digest, claims by geometry, cells.
#include "ledger/state/boundaries.h"

#include <algorithm>
#include <cassert>
#include <map>

#include "ledger/boundary/cells.h"
#include "ledger/codec/geojson.h"
#include "ledger/state/boundary_search.h"
#include "ledger/state/rules_version.h"

namespace mrv::state {
namespace {

using model::Outcome;

// Not above the row's bound: base64 writes 4 characters for 3 bytes.
static_assert(kBoundaryTextBytesMax == (boundary::kBoundaryRowBytesMax + 2) / 3 * 4);

bool has_days(const model::Period& days) { return days.from < days.to; }

model::Period cut(const model::Period& days, model::Day end) {
  return {days.from, std::max(days.from, std::min(days.to, end))};
}

std::string text_of(const boundary::Boundary& geometry) { return to_base64(geometry.to_bytes()); }

Ground ground_in(const model::GeometryRow& row) {
  Ground ground{row.digest, std::nullopt};
  if (row.geometry) ground.geometry = geometry_in(*row.geometry);
  return ground;
}

// Claims by digest.

void change_claims(Context& context, const Hash& digest,
                   const std::function<void(model::BoundaryRow&)>& work) {
  const Bytes key = codec::boundary_key(digest);
  auto row = context.read<model::BoundaryRow>(key).value_or(model::BoundaryRow{digest, {}});
  work(row);
  if (row.claims.empty()) {
    context.overlay().erase(key);
  } else {
    context.write(key, row);
  }
}

void add_claim(Context& context, const model::ProjectId& project, const Ground& ground,
               const model::Period& days) {
  if (!has_days(days)) return;
  model::BoundaryClaim claim{project, days};
  if (ground.geometry) claim.known = true;
  change_claims(context, ground.digest,
                [&](model::BoundaryRow& row) { row.claims.push_back(claim); });
}

void end_claims(Context& context, const Hash& digest, const model::ProjectId& project,
                model::Day end) {
  change_claims(context, digest, [&](model::BoundaryRow& row) {
    for (auto& claim : row.claims) {
      if (claim.project == project) claim.crediting_period = cut(claim.crediting_period, end);
    }
    std::erase_if(row.claims, [](const auto& claim) { return !has_days(claim.crediting_period); });
  });
}

// Claims by geometry.

// The cells of a boundary, each with the box of what is entered under it.
std::map<boundary::CellKey, boundary::Box> cells_with_boxes(const boundary::Boundary& geometry) {
  std::map<boundary::CellKey, boundary::Box> cells;
  for (const auto& polygon : geometry.polygons()) {
    for (const auto& cell : boundary::cells_of(polygon.box)) {
      const auto [at, is_new] = cells.try_emplace(boundary::key_of(cell), polygon.box);
      if (!is_new) at->second = boundary::join(at->second, polygon.box);
    }
  }
  return cells;
}

model::BoundaryBox box_row(const boundary::Box& box) {
  return {box.low.longitude, box.low.latitude, box.high.longitude, box.high.latitude};
}

void put_cells(Context& context, const model::IdBytes& claim, const model::GeometryRow& row) {
  if (!row.geometry || !row.days || !has_days(*row.days)) return;
  for (const auto& [cell, box] : cells_with_boxes(geometry_in(*row.geometry))) {
    context.write(
        codec::boundary_cell_key(cell, claim),
        model::BoundaryCellRow{to_hex(cell), row.claim, row.project, *row.days, box_row(box)});
  }
}

void erase_cells(Context& context, const model::IdBytes& claim, const model::GeometryRow& row) {
  if (!row.geometry || !row.days || !has_days(*row.days)) return;
  for (const auto& [cell, box] : cells_with_boxes(geometry_in(*row.geometry))) {
    context.overlay().erase(codec::boundary_cell_key(cell, claim));
  }
}

std::optional<model::GeometryRow> read_row(Context& context, const model::IdBytes& claim) {
  return context.read<model::GeometryRow>(codec::geometry_key(claim));
}

void put_row(Context& context, const model::IdBytes& claim, const model::GeometryRow& row) {
  context.write(codec::geometry_key(claim), row);
  put_cells(context, claim, row);
}

void erase_row(Context& context, const model::IdBytes& claim, const model::GeometryRow& row) {
  erase_cells(context, claim, row);
  context.overlay().erase(codec::geometry_key(claim));
}

void set_days(Context& context, const model::IdBytes& claim, model::GeometryRow row,
              const model::Period& days) {
  if (row.days == days) return;
  erase_cells(context, claim, row);
  row.days = days;
  put_row(context, claim, row);
}

// Boundaries that amendments replaced.

Bytes former_key(const model::ProjectId& project, const model::AmendmentId& amendment) {
  return codec::pair_key(codec::kFormerBoundaryTag, project, amendment);
}

std::vector<model::AmendmentId> former_claims(Context& context, const model::ProjectId& project) {
  constexpr std::uint8_t kLastByte = 0xFF;
  model::AmendmentId last;
  last.bytes.fill(kLastByte);
  Bytes end = former_key(project, last);
  end.push_back(0);
  std::vector<model::AmendmentId> claims;
  context.overlay().scan(former_key(project, {}), end, [&](ByteView key, ByteView) {
    auto& claim = claims.emplace_back();
    std::copy(key.end() - static_cast<std::ptrdiff_t>(model::kIdSize), key.end(),
              claim.bytes.begin());
    return true;
  });
  return claims;
}

void end_former(Context& context, const model::ProjectRow& project, model::Day end) {
  for (const auto& claim : former_claims(context, project.id)) {
    const auto row = read_row(context, claim.bytes);
    assert(row && row->days);
    end_claims(context, row->digest, project.id, end);
    const auto days = cut(*row->days, end);
    if (has_days(days)) {
      set_days(context, claim.bytes, *row, days);
      continue;
    }
    erase_row(context, claim.bytes, *row);
    context.overlay().erase(former_key(project.id, claim));
  }
}

}  // namespace

Check read_ground(Context& context, const Hash& digest, std::int64_t point_radius,
                  const std::string& pointer, Ground& out) {
  out = {digest, std::nullopt};
  if (rules_version(context) < kProjectRulesVersion) return std::nullopt;
  const auto bytes = context.blob(digest);
  if (!bytes) return refuse(Outcome::BLOB_MISSING, pointer);
  auto geometry = codec::decode_boundary(as_text(*bytes), point_radius);
  if (!geometry.ok()) {
    const auto& error = geometry.error();
    const std::string where = error.pointer.empty() ? std::string() : " (" + error.pointer + ")";
    return refuse(Outcome::BOUNDARY_INVALID, pointer, error.detail + where);
  }
  context.set_result(R"({"boundary":")" + text_of(*geometry) + R"("})");
  out.geometry = *std::move(geometry);
  return std::nullopt;
}

void take_ground(Context& context, const model::ProjectRow& project, const Ground& ground) {
  add_claim(context, project.id, ground, project.crediting_period);
  if (!ground.geometry) return;
  put_row(context, project.id.bytes,
          {project.id.text(), project.id, ground.digest, project.crediting_period,
           text_of(*ground.geometry)});
}

Ground ground_of(Context& context, const model::ProjectRow& project) {
  const auto row = read_row(context, project.id.bytes);
  return row ? ground_in(*row) : Ground{project.boundary_digest, std::nullopt};
}

model::Period days_of(Context& context, const model::ProjectRow& project) {
  const auto row = read_row(context, project.id.bytes);
  return row && row->days ? *row->days : project.crediting_period;
}

std::vector<std::pair<Ground, model::Period>> former_grounds(Context& context,
                                                             const model::ProjectRow& project) {
  std::vector<std::pair<Ground, model::Period>> grounds;
  for (const auto& claim : former_claims(context, project.id)) {
    const auto row = read_row(context, claim.bytes);
    assert(row && row->days);
    grounds.emplace_back(ground_in(*row), *row->days);
  }
  return grounds;
}

void end_ground(Context& context, const model::ProjectRow& project, model::Day end) {
  end_former(context, project, end);
  end_claims(context, project.boundary_digest, project.id, end);
  const auto row = read_row(context, project.id.bytes);
  if (row) set_days(context, project.id.bytes, *row, cut(*row->days, end));
}

void release_ground(Context& context, const model::ProjectRow& project, model::Day end) {
  end_ground(context, project, end);
  const auto row = read_row(context, project.id.bytes);
  if (row && !has_days(*row->days)) erase_row(context, project.id.bytes, *row);
}

void extend_ground(Context& context, const model::ProjectRow& project, model::Day to) {
  const Ground ground = ground_of(context, project);
  const model::Period before = days_of(context, project);
  const model::Period after{before.from, to};
  change_claims(context, ground.digest, [&](model::BoundaryRow& row) {
    std::erase_if(row.claims, [&](const auto& claim) {
      return claim.project == project.id && claim.crediting_period == before;
    });
  });
  add_claim(context, project.id, ground, after);
  const auto row = read_row(context, project.id.bytes);
  if (row) set_days(context, project.id.bytes, *row, after);
}

void want_ground(Context& context, const model::ProjectRow& project,
                 const model::AmendmentId& amendment, const Ground& ground) {
  assert(ground.geometry);
  put_row(context, amendment.bytes,
          {amendment.text(), project.id, ground.digest, std::nullopt, text_of(*ground.geometry)});
}

std::optional<Ground> wanted_ground(Context& context, const model::AmendmentId& amendment) {
  const auto row = read_row(context, amendment.bytes);
  if (!row) return std::nullopt;
  return ground_in(*row);
}

void forget_wanted(Context& context, const model::AmendmentId& amendment) {
  const auto row = read_row(context, amendment.bytes);
  if (row) erase_row(context, amendment.bytes, *row);
}

void replace_ground(Context& context, const model::ProjectRow& project,
                    const model::AmendmentId& amendment, const Ground& next, model::Day from) {
  const Ground before = ground_of(context, project);
  const model::Period kept = cut(days_of(context, project), from);
  end_ground(context, project, from);
  const auto row = read_row(context, project.id.bytes);
  if (row) erase_row(context, project.id.bytes, *row);
  forget_wanted(context, amendment);
  if (has_days(kept)) {
    model::GeometryRow former{amendment.text(), project.id, before.digest, kept, std::nullopt};
    if (before.geometry) former.geometry = text_of(*before.geometry);
    put_row(context, amendment.bytes, former);
    context.overlay().put(former_key(project.id, amendment), Bytes{});
  }
  auto after = project;
  after.crediting_period = {from, project.crediting_period.to};
  take_ground(context, after, next);
}

}  // namespace mrv::state
