// The table of errors and exit codes. Whatever stands in no list is something given that cannot be
// used: the typed decoders have dozens of names for that, and nothing else has.
#include "api/exit_code.h"

#include <algorithm>
#include <array>

namespace mrv::api {
namespace {

constexpr std::array<std::string_view, 14> kChecked = {
    "SIGNATURE_INVALID",    "METHODOLOGY_INVALID", "TABLE_INVALID",     "CHECK_FAILED",
    "CALCULATION_FAILED",   "PARAMETER_MISSING",   "PARAMETER_INVALID", "TABLE_NOT_ALLOWED",
    "CHECKPOINT_MALFORMED", "NOTE_MALFORMED",      "BUNDLE_MALFORMED",  "ENTRY_MALFORMED",
    "BLOB_DIGEST_DIFFERS",  "BOUNDARY_INVALID"};
constexpr std::array<std::string_view, 4> kNetwork = {"CONNECT_FAILED", "HTTP_FAILED",
                                                      "LISTEN_FAILED", kErrorUnavailable};
constexpr std::array<std::string_view, 5> kInconsistent = {
    "STORE_CORRUPT", "SIGNER_AHEAD", "SIGNER_ROOT_DIFFERS", "SIGNER_READ_BACK_DIFFERS",
    "SIGNER_MEMORY_REGRESSION"};
constexpr std::array<std::string_view, 3> kInternal = {"INTERNAL", "CRYPTO_UNSAFE",
                                                       kErrorServerFailed};

template <class List>
bool lists(const List& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

int exit_code_of(const Error& error) {
  const std::string_view name = error.name;
  if (name == "NOT_FOUND") return kExitNotFound;
  const bool no_document = name == "PROOF_DOCUMENT_INVALID";
  const bool proof = name.starts_with("PROOF_") && !no_document;
  if (proof || lists(kChecked, name)) return kExitFailed;
  if (lists(kNetwork, name)) return kExitNetwork;
  if (lists(kInconsistent, name)) return kExitInconsistent;
  if (lists(kInternal, name)) return kExitInternal;
  // A server's store and the signer's memory: whole, but not to be used now or not like this.
  const bool refused =
      name == "REFUSED" || name.starts_with("STORE_") || name.starts_with("SIGNER_");
  return refused ? kExitRefused : kExitUsage;
}

Error error_of_status(int status, std::string detail) {
  constexpr int kInvalid = 400;
  constexpr int kMissing = 404;
  constexpr int kTooLarge = 413;
  constexpr int kTooManyRequests = 429;
  constexpr int kBadGateway = 502;
  constexpr int kGatewayTimeout = 504;
  constexpr int kServerError = 500;
  std::string_view name = "REFUSED";
  if (status == kMissing) name = "NOT_FOUND";
  if (status == kInvalid || status == kTooLarge) name = "REQUEST_INVALID";
  if (status >= kServerError) name = kErrorServerFailed;
  const bool later = status >= kBadGateway && status <= kGatewayTimeout;
  if (later || status == kTooManyRequests) name = kErrorUnavailable;
  return {name, std::move(detail), {}};
}

}  // namespace mrv::api
