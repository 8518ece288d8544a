// Verification statements. Internal to the verifier.
#pragma once

#include "verifier/certificate_origin.h"

namespace mrv::verifier {

// Every standing statement, as its entry says it, of an opinion that allows issuance; enough of
// them by bodies that were in good standing at `issued` and independent of each other. Errors:
// CERTIFICATE_LINK_BROKEN, CERTIFICATE_TONNES_DIFFER, those of check_effect and check_vvb.
Result<std::vector<model::StatementRow>> prove_statements(CertificateParts& parts,
                                                          const Origin& origin, EntryIndex issued);

}  // namespace mrv::verifier
