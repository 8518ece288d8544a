// A project through its life: what its entries make of it, from the submission on. Internal to the
// verifier.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "verifier/certificate_parts.h"

namespace mrv::verifier {

// One change: the entries that brought it up and made it so, and the project from then on. `state`
// is registered also while it is suspended.
struct ProjectStep {
  EntryIndex asked;
  EntryIndex entry;
  model::ProjectRow project;
};

class ProjectHistory {
 public:
  // Precondition: later than the steps before.
  void add(ProjectStep step) { steps_.push_back(std::move(step)); }
  void add_validator(const model::PartyId& body, EntryIndex from) {
    validators_.emplace_back(body, from);
  }

  // As an act that takes effect at this entry finds it. Errors: CERTIFICATE_LINK_BROKEN (there was
  // no such project yet).
  [[nodiscard]] Result<model::ProjectRow> before(EntryIndex entry) const;
  // Where the methodology was first asked for. Errors: CERTIFICATE_LINK_BROKEN (it never was).
  [[nodiscard]] Result<EntryIndex> asked_for(const Hash& methodology) const;
  // Whether the body had validated the project as registered, or an amendment, before this entry.
  [[nodiscard]] bool validated_by(const model::PartyId& body, EntryIndex entry) const;

 private:
  std::vector<ProjectStep> steps_;  // in the order of their entries
  std::vector<std::pair<model::PartyId, EntryIndex>> validators_;
};

// Everything that the row says by signed entries is what they say: submission, validation and
// registration, amendments and renewals with theirs, hand-overs and completion, each by whoever
// may, with the approvals that it needs. Errors: CERTIFICATE_PART_MISSING, CERTIFICATE_LINK_BROKEN,
// those of check_effect.
Result<ProjectHistory> prove_project(CertificateParts& parts, const model::ProjectRow& row,
                                     const model::ProgrammeRow& programme);

}  // namespace mrv::verifier
