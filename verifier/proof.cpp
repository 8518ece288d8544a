// One entry, one path, one checkpoint.
#include "verifier/proof.h"

#include "crypto/rfc6962.h"

namespace mrv::verifier {

Result<ReceiptVerdict> verify_receipt(const Policy& policy, ByteView entry, std::string_view text) {
  MRV_TRY(const auto proof, log::parse_tlog_proof(text));
  MRV_TRY(auto checkpoint, verify_checkpoint(policy, proof.checkpoint));
  MRV_CHECK(crypto::verify_inclusion(proof.index.value(), checkpoint.checkpoint.size.value(),
                                     crypto::leaf_hash(entry), proof.path,
                                     checkpoint.checkpoint.root));
  return ReceiptVerdict{proof.index, std::move(checkpoint)};
}

}  // namespace mrv::verifier
