// Projects from submission to registration (domain.md 3).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/model/programmes.h"

namespace mrv::model {

MRV_ENUM(ProjectState, 7, submitted, validated, registered, suspended, completed, withdrawn,
         rejected)

// [from, to) in whole UTC days.
struct Period {
  Day from;
  Day to;
  friend bool operator==(const Period&, const Period&) = default;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("from", t.from, None{});
    v.field("to", t.to, None{});
  }
};

struct ManifestItem {
  std::string kind;
  Hash digest{};
  std::string media_type;
  std::string title;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("kind", t.kind, Text{1, 64});
    v.field("digest", t.digest, None{});
    v.field("mediaType", t.media_type, Text{1, 128});
    v.field("title", t.title, Text{1, kNameBytesMax});
  }
};

// Where the same activity is listed in another registry (declared, never silent).
struct ForeignListing {
  std::string registry;
  std::string id;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("registry", t.registry, Text{1, 64});
    v.field("id", t.id, Text{1, 128});
  }
};

struct SubmitProject {
  static constexpr std::string_view kType = "SubmitProject";
  ProgrammeId programme;
  Hash methodology{};
  std::string activity_type;
  std::string sector;
  Name name;
  std::string country;
  std::optional<std::string> region;
  Hash boundary_digest{};
  Period crediting_period;
  Units capacity_per_year = 0;
  std::vector<ManifestItem> manifest;
  std::vector<ForeignListing> listings;
  std::optional<std::vector<ProjectId>> shares_boundary_with = std::nullopt;  // rules version 2
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("programme", t.programme, None{});
    v.field("methodology", t.methodology, None{});
    v.field("activityType", t.activity_type, Text{1, 128});
    v.field("sector", t.sector, Text{1, kNameBytesMax});
    v.field("name", t.name, None{});
    v.field("country", t.country, Code{2, 2});
    v.field("region", t.region, Text{1, kNameBytesMax});
    v.field("boundaryDigest", t.boundary_digest, None{});
    v.field("creditingPeriod", t.crediting_period, None{});
    v.field("capacityPerYear", t.capacity_per_year, Range{1, kUnitsMax});
    v.field("manifest", t.manifest, Count{0, kManifestMax});
    v.field("listings", t.listings, Count{0, 32});
    v.field("sharesBoundaryWith", t.shares_boundary_with, Count{0, kSharedBoundariesMax});
  }
};

struct ValidateProject {
  static constexpr std::string_view kType = "ValidateProject";
  ProjectId project;
  Hash digest{};  // of the project's canonical secured document: the bytes examined
  Opinion opinion = Opinion::unmodified;
  Hash report_digest{};
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("project", t.project, None{});
    v.field("digest", t.digest, None{});
    v.field("opinion", t.opinion, None{});
    v.field("reportDigest", t.report_digest, None{});
  }
};

struct RegisterProject {
  static constexpr std::string_view kType = "RegisterProject";
  ProjectId project;
  std::string code;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("project", t.project, None{});
    v.field("code", t.code, Code{1, 12});
  }
};

}  // namespace mrv::model
