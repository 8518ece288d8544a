// Building the proof of what became of a retirement (schemas/spec/certificate.md), from one
// published tree.
#pragma once

#include <optional>

#include "ledger/codec/status_codec.h"
#include "ledger/node/reader.h"

namespace mrv::node {

// With `from`, also that the reader's tree continues the one of so many entries. Precondition: 1 <=
// from <= the reader's tree. The tree is held while building. Errors: MAP_KEY_ABSENT (no such
// retirement), STALE (the tree was overtaken before the building began: take a new reader),
// STATUS_TOO_LARGE, the store's.
Result<codec::StatusProof> build_status(const Reader& reader, const model::RetirementId& retirement,
                                        std::optional<TreeSize> from);

}  // namespace mrv::node
