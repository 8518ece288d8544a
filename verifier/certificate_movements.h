// How each unit came to its next holder: a transfer with both its sides, a pledge delivered, an
// order, an undoing. Internal to the verifier.
#pragma once

#include "verifier/certificate_parts.h"

namespace mrv::verifier {

// The transfer's row is what signed entries make of it, each by who may sign it and with the
// approvals and consents that it needs. Errors: CERTIFICATE_PART_MISSING, CERTIFICATE_LINK_BROKEN,
// those of check_effect.
Status check_movement(CertificateParts& parts, const model::TransferRow& row);

}  // namespace mrv::verifier
