// Verification statements, and whether a VVB might judge a project. Internal to the verifier.
#pragma once

#include "verifier/certificate_origin.h"

namespace mrv::verifier {

// The body was accredited for the project at the entry `at`, where its act took effect, and is
// neither the developer, nor affiliated with it, nor the registry. Errors: CERTIFICATE_LINK_BROKEN,
// CERTIFICATE_PART_MISSING.
Status check_vvb(CertificateParts& parts, const model::ProjectRow& project,
                 const model::PartyId& body, const ProvedAct& at);

// Every standing statement, as its entry says it, of an opinion that allows issuance; enough of
// them by bodies that were in good standing at `issued` and independent of each other. Errors: the
// same.
Result<std::vector<model::StatementRow>> prove_statements(CertificateParts& parts,
                                                          const Origin& origin, EntryIndex issued);

}  // namespace mrv::verifier
