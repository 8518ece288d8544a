// The buyer's file.
#include "ledger/node/certificate.h"

#include "api/handlers/resources.h"

namespace mrv::api {

HttpResponse get_certificate(const Call& call, std::string_view text) {
  const auto id = model::RetirementId::parse(text);
  if (!id.ok()) return problem(id.error(), call.language);
  const auto vkey = call.node.log_vkey();
  if (!vkey.ok()) return problem(vkey.error(), call.language);
  const std::string policy = "log " + *vkey + "\nquorum none\n";
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
