// Whether the tonnes follow from the data, the methodology and the rules of rounding and carrying
// (domain.md 5). Internal to the verifier.
#pragma once

#include "verifier/certificate.h"
#include "verifier/certificate_origin.h"

namespace mrv::verifier {

// The standards were registered and activated before the report, the report's row and its entry's
// result come from them, no vintage's ceiling is above what its exact quantity can give, and no
// claim above its ceiling. Where every dataset is at hand all of it is calculated again. Answers
// "recomputed" or "not recomputed: <why>". Errors: CERTIFICATE_TONNES_DIFFER,
// CERTIFICATE_NOT_RECOMPUTED, CERTIFICATE_PART_MISSING, CERTIFICATE_LINK_BROKEN.
Result<std::string> check_tonnes(CertificateParts& parts, const Origin& origin,
                                 const CertificateOptions& options);

// The most units that a vintage of the report can come to: its exact quantity's whole part. Where
// an earlier period of the project can touch the same year, a fraction of less than one may have
// been carried from it. A deficit only lowers. Errors: NUMBER_MALFORMED, NUMBER_TOO_LARGE.
Result<Units> most_units(const Origin& origin, const model::RecomputedVintage& vintage);

// No more was issued than claimed and than each statement verifies, and the buffer's share of it
// was set apart. Errors: CERTIFICATE_TONNES_DIFFER.
Status check_issued(const Origin& origin, const std::vector<model::StatementRow>& statements,
                    const model::BatchRow& batch);

}  // namespace mrv::verifier
