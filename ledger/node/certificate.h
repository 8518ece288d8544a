// Building the one file that proves a retirement (formats.md 7), from one published tree.
#pragma once

#include "ledger/codec/certificate_codec.h"
#include "ledger/node/reader.h"

namespace mrv::node {

// `policy` goes into the file as a suggestion. Errors: MAP_KEY_ABSENT (no such retirement), STALE
// (take a new reader), CERTIFICATE_TOO_LARGE, the store's.
Result<codec::Certificate> build_certificate(const Reader& reader,
                                             const model::RetirementId& retirement,
                                             std::string policy);

}  // namespace mrv::node
