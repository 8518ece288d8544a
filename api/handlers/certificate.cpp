// The buyer's file, and what became of it since.
#include "ledger/node/certificate.h"

#include "api/handlers/resources.h"
#include "ledger/node/status.h"

namespace mrv::api {
namespace {

// What `build` makes of the newest tree. One published meanwhile makes proofs stale; the next
// attempt is made on that tree. Errors: NOT_FOUND before the first act, STALE, those of `build`.
template <class Build>
auto from_newest_tree(const Call& call, const Build& build)
    -> decltype(build(*call.node.reader())) {
  constexpr int kAttempts = 8;
  Error last{"NOT_FOUND", {}, {}};
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto reader = call.node.reader();
    if (!reader) return last;
    auto built = build(*reader);
    if (built.ok()) return built;
    last = built.error();
    if (last.name == "MAP_KEY_ABSENT") return Error{"NOT_FOUND", {}, {}};
    if (last.name != "STALE") break;
  }
  return last;
}

HttpResponse file_response(const Result<std::string>& text, const char* name, Language language) {
  if (!text.ok()) return problem(text.error(), language);
  HttpResponse response = json_response(200, *text);
  response.headers.emplace_back("content-disposition",
                                std::string("attachment; filename=\"") + name + "\"");
  return response;
}

}  // namespace

HttpResponse get_certificate(const Call& call, std::string_view text) {
  const auto id = model::RetirementId::parse(text);
  if (!id.ok()) return problem(id.error(), call.language);
  const auto vkey = call.node.log_vkey();
  if (!vkey.ok()) return problem(vkey.error(), call.language);
  const std::string policy = "log " + *vkey + "\nquorum none\n";
  const auto built = from_newest_tree(call, [&](const node::Reader& reader) -> Result<std::string> {
    MRV_TRY(const auto certificate, node::build_certificate(reader, *id, policy));
    return codec::encode_certificate(certificate);
  });
  return file_response(built, "certificate.json", call.language);
}

HttpResponse get_status(const Call& call, std::string_view text) {
  const auto id = model::RetirementId::parse(text);
  if (!id.ok()) return problem(id.error(), call.language);
  const auto query = query_of(call);
  if (!query.ok()) return problem(query.error(), call.language);
  std::optional<TreeSize> from;
  if (const auto* given = find_parameter(*query, "from")) {
    const auto size = parse_number(*given);
    if (!size) return problem(Error{"INTEGER_INVALID", "from is a tree size", {}}, call.language);
    from = TreeSize{*size};
  }
  const auto built = from_newest_tree(call, [&](const node::Reader& reader) -> Result<std::string> {
    if (from && (from->value() == 0 || reader.published().size < *from)) {
      return Error{"INTEGER_OUT_OF_RANGE",
                   "from is 1 to " + std::to_string(reader.published().size.value()),
                   {}};
    }
    MRV_TRY(const auto proof, node::build_status(reader, *id, from));
    return codec::encode_status_proof(proof);
  });
  return file_response(built, "status.json", call.language);
}

}  // namespace mrv::api
