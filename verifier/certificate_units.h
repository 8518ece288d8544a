// Serials: that signed legs come to exactly these, and whose they were on the way from developer to
// holder. Internal to the verifier.
#pragma once

#include "verifier/certificate_parts.h"

namespace mrv::verifier {

// The ranges are what the legs resolve to, in their order: a leg of explicit serials is the next
// range, a leg of a quantity the next ranges of its batch that add up to it. No serial twice.
// Answers their number. That a quantity took the holder's lowest serials cannot be seen here.
// Errors: CERTIFICATE_LINK_BROKEN.
Result<Units> check_legs(const std::vector<model::Leg>& legs,
                         const std::vector<model::SerialRange>& serials, const std::string& what);

// Approvals that the programmes of the serials' batches ask for at the entry `effect`, as far as
// the certificate has them; `usual` where a programme is silent. Errors: CERTIFICATE_PART_MISSING.
Result<std::int64_t> serials_approvals(CertificateParts& parts,
                                       const std::vector<model::SerialRange>& serials,
                                       model::GovernedAct act, EntryIndex effect,
                                       std::int64_t usual = 0);

// Each retired serial is recorded as retired by this retirement, was issued to the developer or
// released to it from the buffer pool, and came to the one who retired it by changes of holder that
// were each signed by whoever may (certificate_movements.h). Errors: CERTIFICATE_PART_MISSING,
// CERTIFICATE_LINK_BROKEN, CERTIFICATE_ROW_NOT_PROVED, CERTIFICATE_PART_SPARE (a transfer of other
// serials).
Status check_holders(CertificateParts& parts, const model::RetirementRow& retirement);

}  // namespace mrv::verifier
