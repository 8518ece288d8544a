// A receipt has one spelling; only the seeds' entry, proof and checkpoint verify under the seeds'
// policy, whatever stands in `extra`.
// fuzz-links: mrv_verifier
#include <cstdlib>

#include "crypto/rfc6962.h"
#include "verifier/proof.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

// corpus/tlog_proof proves "entry 2" of "entry 0" to "entry 6", signed with 32 bytes 01.
constexpr std::string_view kEntry = "entry 2";
constexpr std::uint64_t kIndex = 2;
constexpr std::uint64_t kSize = 7;

mrv::verifier::Policy seed_policy() {
  using namespace mrv;
  const auto key = crypto::SecretKey::from_seed(Bytes(32, 1)).public_key();
  const auto policy = verifier::parse_policy(
      "log " + crypto::vkey_of({"example.org/log", crypto::kNoteTypeEd25519, key}) +
      "\nquorum none\n");
  require(policy.ok());
  return *policy;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mrv;
  static const bool kReady = crypto::initialise().ok();
  require(kReady);
  static const verifier::Policy kPolicy = seed_policy();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto proof = log::parse_tlog_proof(text);
  const auto verdict = verifier::verify_receipt(kPolicy, as_bytes(kEntry), text);
  if (!proof.ok()) {
    require(proof.error().name == "TLOG_PROOF_MALFORMED");
    require(verdict.error().name == "TLOG_PROOF_MALFORMED");
    return 0;
  }
  require(log::tlog_proof_text(*proof) == text);
  require(proof->path.size() <= crypto::kProofHashesMax);
  if (verdict.ok()) {
    require(verdict->index == EntryIndex(kIndex));
    require(verdict->checkpoint.checkpoint.size == TreeSize(kSize));
  }
  return 0;
}
