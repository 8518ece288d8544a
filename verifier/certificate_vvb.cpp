// Accreditation and independence, from the rows of the body and of the developer.
#include "verifier/certificate_vvb.h"

#include <algorithm>

#include "ledger/state/independence.h"

namespace mrv::verifier {
namespace {

Result<bool> is_independent(CertificateParts& parts, const model::PartyRow& vvb,
                            const model::ProjectRow& project, EntryIndex at) {
  MRV_TRY(const auto developer,
          parts.row<model::PartyRow>(codec::party_key(project.developer), "the developer"));
  return vvb.id != developer.id && !state::were_affiliates(vvb, developer, at) &&
         !has_role(vvb, model::Role::registry, at);
}

Result<bool> is_accredited(CertificateParts& parts, const model::PartyId& body,
                           const model::ProjectRow& project, const ProvedAct& at) {
  MRV_TRY(const auto row,
          parts.row<model::AccreditationRow>(codec::accreditation_key(body), "an accreditation"));
  return state::is_accredited(row, project, at.index, at.entry.recorded_at);
}

}  // namespace

Status check_vvb(CertificateParts& parts, const model::ProjectRow& project,
                 const model::PartyId& body, const ProvedAct& at) {
  MRV_TRY(const bool accredited, is_accredited(parts, body, project, at));
  if (!accredited) return broken("a verification body was not accredited for it then");
  MRV_TRY(const auto vvb, parts.row<model::PartyRow>(codec::party_key(body), "a party"));
  MRV_TRY(const bool independent, is_independent(parts, vvb, project, at.index));
  if (independent) return {};
  return broken("a verification body is not independent of the developer");
}

Result<bool> may_count(CertificateParts& parts, const model::ProjectRow& project,
                       const model::PartyRow& vvb, const ProvedAct& issuance) {
  if (!has_role(vvb, model::Role::vvb, issuance.index)) return false;
  MRV_TRY(const bool accredited, is_accredited(parts, vvb.id, project, issuance));
  if (!accredited) return false;
  return is_independent(parts, vvb, project, issuance.index);
}

bool has_role(const model::PartyRow& party, model::Role role, EntryIndex at) {
  return std::any_of(party.standings.begin(), party.standings.end(), [&](const auto& standing) {
    return standing.in_force.covers(at) && standing.status == model::PartyStatus::admitted &&
           std::find(standing.roles.begin(), standing.roles.end(), role) != standing.roles.end();
  });
}

}  // namespace mrv::verifier
