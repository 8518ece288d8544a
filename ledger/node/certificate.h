// Building the one file that proves a retirement (formats.md 7), from one published tree.
#pragma once

#include "ledger/codec/certificate_codec.h"
#include "ledger/node/reader.h"

namespace mrv::node {

// `policy` goes into the file as a suggestion. The reader's tree is held while building, so trees
// published meanwhile do not matter. Errors: MAP_KEY_ABSENT (no such retirement), STALE (the tree
// was overtaken before the building began: take a new reader), CERTIFICATE_TOO_LARGE, the store's.
Result<codec::Certificate> build_certificate(const Reader& reader,
                                             const model::RetirementId& retirement,
                                             std::string policy);

}  // namespace mrv::node
