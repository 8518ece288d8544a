// One letter tells parties from keys.
#include "ledger/codec/act_id.h"

namespace mrv::codec {

Bytes act_id_key(const model::Act& act) {
  Bytes key;
  if (act.party) {
    key.push_back('p');
    key.insert(key.end(), act.party->bytes.begin(), act.party->bytes.end());
  } else {
    key.push_back('k');
    key.insert(key.end(), act.signer.bytes.begin(), act.signer.bytes.end());
  }
  key.insert(key.end(), act.id.begin(), act.id.end());
  return key;
}

}  // namespace mrv::codec
