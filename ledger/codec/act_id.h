// The key under which an accepted act's id is remembered (domain.md 0.5): signer's party, or the
// key itself before one exists, and the id the client chose.
#pragma once

#include "crypto/bytes.h"
#include "ledger/model/act.h"

namespace mrv::codec {

Bytes act_id_key(const model::Act& act);

}  // namespace mrv::codec
