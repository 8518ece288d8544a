// Whether a VVB may judge a project: accreditation and independence (domain.md 4).
#pragma once

#include <vector>

#include "ledger/state/context.h"

namespace mrv::state {

// Accredited for the project when entry `index` was judged at `now`.
bool is_accredited(const model::AccreditationRow& row, const model::ProjectRow& project,
                   EntryIndex index, TimestampMs now);

// Accredited for the project's programme, sector and methodology, at this entry and its recordedAt:
// VVB_NOT_ACCREDITED.
Check check_accredited(Context& context, const model::PartyId& vvb,
                       const model::ProjectRow& project);

// Neither the developer, nor affiliated with it in either direction, nor the registry; from version
// 4 on neither of these of a former developer: VVB_NOT_INDEPENDENT.
Check check_independent(Context& context, const model::PartyRow& vvb,
                        const model::ProjectRow& project);

// It, or from version 4 on an affiliate, validated the design or an amendment that was accepted.
bool has_validated(Context& context, const model::ProjectRow& project, const model::PartyRow& vvb);

// May verify this report of the project: accredited for the report's methodology, independent, not
// the validator unless policy lets one body do both, and not due for rotation: VVB_NOT_ACCREDITED,
// VVB_NOT_INDEPENDENT, VVB_ROTATION_DUE.
Check check_may_verify(Context& context, const model::PartyRow& vvb,
                       const model::ProjectRow& project, const model::ReportRow& report);
// The project under the methodology of one of its reports.
model::ProjectRow reported_by(const model::ProjectRow& project, const model::ReportRow& report);

// Declared by either side.
bool are_affiliates(const model::PartyRow& a, const model::PartyRow& b);
// The same when entry `at` was judged, as far as the rows still tell: what was declared before
// version 5 counts as declared from the beginning.
bool were_affiliates(const model::PartyRow& a, const model::PartyRow& b, EntryIndex at);
// The same party, or from version 4 on an affiliate.
bool is_or_is_near(Context& context, const model::PartyRow& vvb, const model::PartyId& other);

// How many independent bodies speak: affiliated VVBs count as one, from version 4 on also where a
// third one stands between them.
class Voices {
 public:
  // Affiliations are those at the entry `at`.
  Voices(bool through_others, EntryIndex at) : through_others_(through_others), at_(at) {}
  void add(const model::PartyRow& vvb);
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(groups_.size()); }

 private:
  bool through_others_;
  EntryIndex at_;
  std::vector<std::vector<model::PartyRow>> groups_;
};

// Whether the VVB has verified as many issued periods in a row as policy lets one body verify; from
// version 4 on with its affiliates.
bool is_rotation_due(Context& context, const model::ProgrammePolicy& policy,
                     const model::ProjectRow& project, const model::PartyRow& vvb);

}  // namespace mrv::state
