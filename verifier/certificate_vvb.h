// Whether a verification body might judge a project. Internal to the verifier.
#pragma once

#include "verifier/certificate_parts.h"

namespace mrv::verifier {

// The body was accredited for the project at the entry `at`, where its act took effect, and is
// neither the developer, nor affiliated with it, nor the registry. `project` as it was then.
// Errors: CERTIFICATE_LINK_BROKEN, CERTIFICATE_PART_MISSING.
Status check_vvb(CertificateParts& parts, const model::ProjectRow& project,
                 const model::PartyId& body, const ProvedAct& at);

// Whether a statement of the body counts where its report issues: accredited and independent, as
// above, and still admitted as a body. Errors: CERTIFICATE_PART_MISSING.
Result<bool> may_count(CertificateParts& parts, const model::ProjectRow& project,
                       const model::PartyRow& vvb, const ProvedAct& issuance);

// Whether the party was admitted with the role at an entry.
bool has_role(const model::PartyRow& party, model::Role role, EntryIndex at);

}  // namespace mrv::verifier
