// judge-acts: documents on standard input, one on each line; the decoder's judgment of each on
// standard output, one JSON object on each line. ACCEPTED, ACCEPTED_UNSIGNED where everything but
// the signature is good (it is checked last, and no changed document keeps one), or the outcome's
// name and the place.
#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "crypto/data_integrity.h"
#include "ledger/codec/act_codec.h"

namespace {

using namespace mrv;
using nlohmann::json;

json answer(std::string_view outcome, const std::string& pointer) {
  return {{"outcome", outcome}, {"pointer", pointer}};
}

// Whether the act says all that its document says: encoded again it is the same document.
bool reads_back(const std::string& text) {
  const auto act = codec::decode_trusted_act(text);
  const auto document = crypto::parse_strict(text, crypto::kDocumentLimits);
  return act.ok() && document.ok() &&
         codec::unsigned_document(act->act) == crypto::canonicalize_without(*document, "proof");
}

json judge(const std::string& text) {
  const auto decoded = codec::decode_act(text);
  const bool unsigned_only =
      !decoded.ok() && decoded.error().name == crypto::kProofSignatureInvalid;
  if (!decoded.ok() && !unsigned_only) return answer(decoded.error().name, decoded.error().pointer);
  if (!reads_back(text)) return answer("NOT_READ_BACK", "");
  return answer(unsigned_only ? "ACCEPTED_UNSIGNED" : "ACCEPTED", "");
}

}  // namespace

int main() {
  if (!crypto::initialise().ok()) return 1;
  std::string line;
  while (std::getline(std::cin, line)) std::cout << judge(line).dump() << '\n';
  std::cout.flush();
  return std::cout ? 0 : 1;
}
