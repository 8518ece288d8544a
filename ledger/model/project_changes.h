// What happens to a project after it was submitted (domain.md 3, 12): rules version 3.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/model/projects.h"

namespace mrv::model {

MRV_ENUM(GrievanceResolution, 3, upheld, rejected, settled)

// Opens the project to public comment.
struct ListProject {
  static constexpr std::string_view kType = "ListProject";
  static constexpr std::int64_t kSince = 3;
  ProjectId project;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("project", t.project, None{});
  }
};

struct Comment {
  static constexpr std::string_view kType = "Comment";
  static constexpr std::int64_t kSince = 3;
  ProjectId project;
  std::string text;
  std::optional<Hash> digest;  // of a longer text
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("project", t.project, None{});
    v.field("text", t.text, Text{1, kNoteBytesMax, true});
    v.field("digest", t.digest, None{});
  }
};

struct RaiseGrievance {
  static constexpr std::string_view kType = "RaiseGrievance";
  static constexpr std::int64_t kSince = 3;
  ProjectId project;
  std::string text;
  std::optional<Hash> digest;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("project", t.project, None{});
    v.field("text", t.text, Text{1, kNoteBytesMax, true});
    v.field("digest", t.digest, None{});
  }
};

struct ResolveGrievance {
  static constexpr std::string_view kType = "ResolveGrievance";
  static constexpr std::int64_t kSince = 3;
  GrievanceId grievance;
  GrievanceResolution resolution = GrievanceResolution::upheld;
  std::string reason;
  std::optional<Hash> digest;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("grievance", t.grievance, None{});
    v.field("resolution", t.resolution, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
    v.field("digest", t.digest, None{});
  }
};

// Absent members stay as they are; lists are given whole.
struct AmendProject {
  static constexpr std::string_view kType = "AmendProject";
  static constexpr std::int64_t kSince = 3;
  ProjectId project;
  std::optional<Name> name;
  std::optional<Units> capacity_per_year;
  std::optional<Hash> boundary_digest;
  std::optional<Hash> methodology;
  std::optional<Day> methodology_from;  // the first day under it
  std::optional<std::vector<ManifestItem>> manifest;
  std::optional<std::vector<ForeignListing>> listings;
  std::optional<std::vector<ProjectId>> shares_boundary_with;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("project", t.project, None{});
    v.field("name", t.name, None{});
    v.field("capacityPerYear", t.capacity_per_year, Range{1, kUnitsMax});
    v.field("boundaryDigest", t.boundary_digest, None{});
    v.field("methodology", t.methodology, None{});
    v.field("methodologyFrom", t.methodology_from, None{});
    v.field("manifest", t.manifest, Count{0, kManifestMax});
    v.field("listings", t.listings, Count{0, 32});
    v.field("sharesBoundaryWith", t.shares_boundary_with, Count{0, kSharedBoundariesMax});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

// The crediting period goes on until `to`.
struct RenewCreditingPeriod {
  static constexpr std::string_view kType = "RenewCreditingPeriod";
  static constexpr std::int64_t kSince = 3;
  ProjectId project;
  Day to;
  std::optional<std::vector<ManifestItem>> manifest;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("project", t.project, None{});
    v.field("to", t.to, None{});
    v.field("manifest", t.manifest, Count{0, kManifestMax});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

struct AcceptAmendment {
  static constexpr std::string_view kType = "AcceptAmendment";
  static constexpr std::int64_t kSince = 3;
  AmendmentId amendment;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("amendment", t.amendment, None{});
  }
};

struct SuspendProject {
  static constexpr std::string_view kType = "SuspendProject";
  static constexpr std::int64_t kSince = 3;
  ProjectId project;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("project", t.project, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

struct ResumeProject {
  static constexpr std::string_view kType = "ResumeProject";
  static constexpr std::int64_t kSince = 3;
  ProjectId project;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("project", t.project, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

// The crediting period ends with the day before `until`.
struct CompleteProject {
  static constexpr std::string_view kType = "CompleteProject";
  static constexpr std::int64_t kSince = 3;
  ProjectId project;
  Day until;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("project", t.project, None{});
    v.field("until", t.until, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

struct WithdrawProject {
  static constexpr std::string_view kType = "WithdrawProject";
  static constexpr std::int64_t kSince = 3;
  ProjectId project;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("project", t.project, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

// Offers the project to another developer, who takes it by AcceptProject.
struct TransferProject {
  static constexpr std::string_view kType = "TransferProject";
  static constexpr std::int64_t kSince = 3;
  ProjectId project;
  PartyId to;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("project", t.project, None{});
    v.field("to", t.to, None{});
  }
};

struct AcceptProject {
  static constexpr std::string_view kType = "AcceptProject";
  static constexpr std::int64_t kSince = 3;
  ProjectId project;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("project", t.project, None{});
  }
};

}  // namespace mrv::model
