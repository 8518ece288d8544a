// Verification statements, and whether a VVB might judge a project. Internal to the verifier.
#pragma once

#include "verifier/certificate_origin.h"

namespace mrv::verifier {

// The act's party was accredited for the project when it acted, and is neither the developer, nor
// affiliated with it, nor the registry. Errors: CERTIFICATE_LINK_BROKEN, CERTIFICATE_PART_MISSING.
Status check_vvb(CertificateParts& parts, const model::ProjectRow& project, const ProvedAct& act);

// Every standing statement, as its entry says it, of an opinion that allows issuance; enough of
// them by bodies that were in good standing at `issued` and independent of each other. Errors: the
// same.
Result<std::vector<model::StatementRow>> prove_statements(CertificateParts& parts,
                                                          const Origin& origin, EntryIndex issued);

}  // namespace mrv::verifier
