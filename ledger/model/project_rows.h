// Rows about the life of projects (rules version 3).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/model/project_changes.h"
#include "ledger/model/row_parts.h"

namespace mrv::model {

MRV_ENUM(AmendmentState, 4, waiting, validated, accepted, rejected)

struct Listing {
  EntryIndex entry;
  TimestampMs comment_until;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("entry", t.entry, None{});
    v.field("commentUntil", t.comment_until, None{});
  }
};

// The methodology from a day of the crediting period on.
struct MethodologyFrom {
  Day from;
  Hash digest{};
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("from", t.from, None{});
    v.field("digest", t.digest, None{});
  }
};

// One change of a project's state: who, when, why. Governance has no party.
struct StateChange {
  EntryIndex entry;
  ProjectState state = ProjectState::submitted;
  std::optional<PartyId> actor;
  std::optional<std::string> reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("entry", t.entry, None{});
    v.field("state", t.state, None{});
    v.field("actor", t.actor, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

// An amendment that took effect at `entry`; one that needed no validation has no row of its own.
struct AmendmentEffect {
  AmendmentId id;
  EntryIndex entry;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
  }
};

// Who had the project until it was accepted from it at `until`.
struct FormerDeveloper {
  PartyId party;
  EntryIndex offered;
  EntryIndex until;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("party", t.party, None{});
    v.field("offered", t.offered, None{});
    v.field("until", t.until, None{});
  }
};

// An amendment or renewal of a registered project, as far as it needs a validation. Absent members
// stay as they are.
struct AmendmentRow {
  static constexpr std::uint8_t kTag = 0x1C;
  AmendmentId id;
  EntryIndex entry;
  Hash digest{};
  ProjectId project;
  AmendmentState state = AmendmentState::waiting;
  std::optional<Name> name;
  std::optional<Units> capacity_per_year;
  std::optional<Hash> boundary_digest;
  std::optional<MethodologyFrom> methodology;
  std::optional<std::vector<std::string>> document_kinds;
  std::optional<std::vector<ForeignListing>> listings;
  std::optional<std::vector<ProjectId>> shares_boundary_with;
  std::optional<Day> crediting_to;  // a renewal
  std::optional<PartyId> validator;
  std::optional<EntryIndex> validated;  // the entry of the validator's last opinion
  std::optional<EntryIndex> settled;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("digest", t.digest, None{});
    v.field("project", t.project, None{});
    v.field("state", t.state, None{});
    v.field("name", t.name, None{});
    v.field("capacityPerYear", t.capacity_per_year, Range{1, kUnitsMax});
    v.field("boundaryDigest", t.boundary_digest, None{});
    v.field("methodology", t.methodology, None{});
    v.field("documentKinds", t.document_kinds, Count{0, kManifestMax});
    v.field("listings", t.listings, Count{0, 32});
    v.field("sharesBoundaryWith", t.shares_boundary_with, Count{0, kSharedBoundariesMax});
    v.field("creditingTo", t.crediting_to, None{});
    v.field("validator", t.validator, None{});
    v.field("validated", t.validated, None{});
    v.field("settled", t.settled, None{});
  }
};

// A boundary as geometry and the days for which its project has it.
//
// `claim` is the row's key: the project's own id for the boundary that it has now; the id of an
// amendment for the boundary that it asks for, and from its acceptance on for the one that it
// replaced. `geometry` is base64 of boundary::Boundary::to_bytes(), absent where a boundary of
// before rules version 3 was replaced; `days` is absent while the amendment waits, and may be
// without a day.
struct GeometryRow {
  static constexpr std::uint8_t kTag = 0x2A;
  std::string claim;
  ProjectId project;
  Hash digest{};
  std::optional<Period> days;
  std::optional<std::string> geometry;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("claim", t.claim, Text{1, 64});
    v.field("project", t.project, None{});
    v.field("digest", t.digest, None{});
    v.field("days", t.days, None{});
    v.field("geometry", t.geometry, Text{1, kBoundaryTextBytesMax});
  }
};

// Longitudes and latitudes in 10^-7 degree.
struct BoundaryBox {
  std::int64_t west = 0;
  std::int64_t south = 0;
  std::int64_t east = 0;
  std::int64_t north = 0;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("west", t.west, Range{-1'800'000'000, 1'800'000'000});
    v.field("south", t.south, Range{-900'000'000, 900'000'000});
    v.field("east", t.east, Range{-1'800'000'000, 1'800'000'000});
    v.field("north", t.north, Range{-900'000'000, 900'000'000});
  }
};

// One cell of a boundary that has days: where the boundary is found. `box` holds those of its
// polygons that are entered under this cell.
struct BoundaryCellRow {
  static constexpr std::uint8_t kTag = 0x2B;
  std::string cell;  // its key (ledger/boundary/cells.h) in hex
  std::string claim;
  ProjectId project;
  Period days;
  BoundaryBox box;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("cell", t.cell, Text{18, 18});
    v.field("claim", t.claim, Text{1, 64});
    v.field("project", t.project, None{});
    v.field("days", t.days, None{});
    v.field("box", t.box, None{});
  }
};

struct CommentRow {
  static constexpr std::uint8_t kTag = 0x1D;
  CommentId id;
  EntryIndex entry;
  ProjectId project;
  PartyId party;
  std::string text;
  std::optional<Hash> digest;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("project", t.project, None{});
    v.field("party", t.party, None{});
    v.field("text", t.text, Text{1, kNoteBytesMax, true});
    v.field("digest", t.digest, None{});
  }
};

struct GrievanceRow {
  static constexpr std::uint8_t kTag = 0x1E;
  GrievanceId id;
  EntryIndex entry;
  ProjectId project;
  PartyId party;
  std::string text;
  std::optional<Hash> digest;
  TimestampMs deadline;
  std::optional<GrievanceResolution> resolution;
  std::optional<std::string> reason;
  std::optional<Hash> answer_digest;
  std::optional<EntryIndex> resolved;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("project", t.project, None{});
    v.field("party", t.party, None{});
    v.field("text", t.text, Text{1, kNoteBytesMax, true});
    v.field("digest", t.digest, None{});
    v.field("deadline", t.deadline, None{});
    v.field("resolution", t.resolution, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
    v.field("answerDigest", t.answer_digest, None{});
    v.field("resolved", t.resolved, None{});
  }
};

}  // namespace mrv::model
