// Every SHA-256 that an act's body names and that could be a blob's: a visitor of model/describe.h.
//
// A superset on purpose: who keeps what is named keeps every blob that anybody may still ask for.
// Digests of documents, methodologies and tables are named as well and do no harm. Hashes described
// as NoBlob are left out; there are up to four of them in each of an import's rows.
#pragma once

#include <set>

#include "ledger/model/act.h"

namespace mrv::codec {

// Also those that stand as 64 hexadecimal digits in JSON carried as it is.
std::set<Hash> named_digests(const model::ActBody& body);

}  // namespace mrv::codec
