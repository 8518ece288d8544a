// The labels that a retirement for a labelled purpose rests on. Internal to the verifier.
#pragma once

#include "verifier/certificate_parts.h"

namespace mrv::verifier {

// A retirement for corsia or article6: a label of that kind was in force on every serial, each
// label as its giver signed it. Errors: CERTIFICATE_PART_MISSING, CERTIFICATE_PART_SPARE (a label
// of other serials or of another kind), CERTIFICATE_LINK_BROKEN, those of check_effect.
Status check_labels(CertificateParts& parts, const model::RetirementRow& retirement);

}  // namespace mrv::verifier
