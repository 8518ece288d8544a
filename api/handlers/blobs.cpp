// Blobs by digest: immutable, served so that no browser runs them.
#include "api/handlers/resources.h"

namespace mrv::api {

HttpResponse get_blob(const Call& call) {
  const auto digest = call.path.size() == 1 ? hash_from_hex(call.path[0])
                                            : Result<Hash>(Error{"HEX_INVALID", {}, {}});
  if (!digest.ok()) return not_found(call.language);
  auto bytes = call.node.blobs().read(*digest);
  if (!bytes.ok()) return problem(bytes.error(), call.language);
  if (!*bytes) return not_found(call.language);
  HttpResponse response;
  response.headers = {{"content-type", "application/octet-stream"},
                      {"content-disposition", "attachment"},
                      {"x-content-type-options", "nosniff"},
                      {"content-security-policy", "sandbox"},
                      {"cache-control", "public, max-age=604800, immutable"},
                      {"access-control-allow-origin", "*"}};
  response.body = std::string(as_text(**bytes));
  return response;
}

}  // namespace mrv::api
