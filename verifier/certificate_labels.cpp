// Label by label, then serial by serial.
#include "verifier/certificate_labels.h"

#include <algorithm>

#include "ledger/state/serial_set.h"
#include "verifier/certificate_authority.h"
#include "verifier/certificate_units.h"

namespace mrv::verifier {
namespace {

using model::LabelRow;
using model::SerialRange;

std::optional<model::LabelKind> label_for(model::RetirementPurpose purpose) {
  if (purpose == model::RetirementPurpose::corsia) return model::LabelKind::corsia;
  if (purpose == model::RetirementPurpose::article6) return model::LabelKind::article6;
  return std::nullopt;
}

std::vector<SerialRange> serials_of(const model::Label& label) {
  std::vector<SerialRange> serials;
  for (const auto& range : label.serials) {
    serials.push_back({range.batch, range.first, range.last});
  }
  return serials;
}

// Ranges as the rules take them.
Status check_ranges(const std::vector<SerialRange>& serials) {
  const bool right = std::all_of(serials.begin(), serials.end(), [](const SerialRange& range) {
    return range.first <= range.last;
  });
  return right ? Status() : Status(broken("a label has a range of no serials"));
}

// The label as it was signed, in force from the entry after that in which it took effect.
Status check_given(CertificateParts& parts, const LabelRow& row) {
  MRV_TRY(const ProvedAct* const act, parts.act<model::Label>(row.id.bytes, "a label"));
  if (row.in_force.from.value() == 0) return broken("a label was in force before there was one");
  const EntryIndex effect{row.in_force.from.value() - 1};
  const auto& body = std::get<model::Label>(act->act.act.body);
  MRV_TRY(const auto needed,
          serials_approvals(parts, serials_of(body), model::GovernedAct::label, effect));
  MRV_CHECK(check_effect(parts, *act, effect, needed, "a label"));
  const LabelRow expected{row.id, row.in_force, act->act.act.party.value_or(model::PartyId{}),
                          body};
  return check_same(row, expected, "a label");
}

bool held(const LabelRow& row, const ProvedAct& retirement) {
  const TimestampMs at = retirement.entry.recorded_at;
  return row.in_force.covers(retirement.index) && row.label.from <= at &&
         (!row.label.until || at < *row.label.until);
}

// The serials that the certificate's labels cover; each label is one that the retirement needed.
Result<state::SerialSet> labelled_serials(CertificateParts& parts,
                                          const model::RetirementRow& retirement,
                                          model::LabelKind kind) {
  state::SerialSet retired;
  for (const auto& range : retirement.serials) retired.add(range);
  state::SerialSet labelled;
  MRV_TRY(const auto rows, parts.all_rows<LabelRow>("a label"));
  for (const auto& row : rows) {
    MRV_CHECK(check_given(parts, row));
    if (!held(row, *parts.at(retirement.entry))) {
      return broken("label " + row.id.text() + " was not in force when the serials were retired");
    }
    const auto serials = serials_of(row.label);
    MRV_CHECK(check_ranges(serials));
    const bool needed = row.label.kind == kind && std::any_of(serials.begin(), serials.end(),
                                                              [&retired](const SerialRange& range) {
                                                                return retired.touches(range);
                                                              });
    if (!needed) {
      return Error{"CERTIFICATE_PART_SPARE", row.id.text() + " is no label that this rests on",
                   "/state"};
    }
    for (const auto& range : serials) labelled.add(range);
  }
  return labelled;
}

}  // namespace

Status check_labels(CertificateParts& parts, const model::RetirementRow& retirement) {
  const auto kind = label_for(retirement.purpose);
  if (!kind) return {};  // a label that is there all the same was asked for by nobody
  MRV_TRY(const auto labelled, labelled_serials(parts, retirement, *kind));
  const bool all = std::all_of(retirement.serials.begin(), retirement.serials.end(),
                               [&](const auto& range) { return !labelled.first_outside(range); });
  if (all) return {};
  return Error{"CERTIFICATE_PART_MISSING", "a label that the retirement's purpose rests on",
               "/state"};
}

}  // namespace mrv::verifier
