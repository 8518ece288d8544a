// The buyer's file.
#include "ledger/node/certificate.h"

#include "api/handlers/resources.h"
#include "crypto/signed_note.h"

namespace mrv::api {

HttpResponse get_certificate(const Call& call, std::string_view text) {
  const auto id = model::RetirementId::parse(text);
  if (!id.ok()) return problem(id.error(), call.language);
  const std::string policy =
      "log " +
      crypto::vkey_of({call.node.origin(), crypto::kNoteTypeEd25519, call.node.log_key()}) +
      "\nquorum none\n";
  // A tree published meanwhile makes proofs stale; the next attempt is made on that tree.
  constexpr int kAttempts = 8;
  Error last;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto reader = call.node.reader();
    if (!reader) return not_found(call.language);
    const auto certificate = node::build_certificate(*reader, *id, policy);
    if (certificate.ok()) {
      const auto encoded = codec::encode_certificate(*certificate);
      if (!encoded.ok()) return problem(encoded.error(), call.language);
      HttpResponse response = json_response(200, *encoded);
      response.headers.emplace_back("content-disposition",
                                    "attachment; filename=\"certificate.json\"");
      return response;
    }
    last = certificate.error();
    if (last.name == "MAP_KEY_ABSENT") return not_found(call.language);
    if (last.name != "STALE") break;
  }
  return problem(last, call.language);
}

}  // namespace mrv::api
