// No bytes of a status proof crash the verifier, and none make it accept another claim than the one
// that the log's key has signed: this retirement does not stand, for these reasons.
// fuzz-links: mrv_verifier
#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "crypto/sha256.h"
#include "verifier/certificate.h"
#include "verifier/status.h"

namespace {

using namespace mrv;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string read(const char* name) {
  std::ifstream file(std::string(MRV_SOURCE_DIR "/tests/vectors/status-1/") + name,
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Golden {
  codec::StatusProof proof;
  verifier::Policy policy;
  verifier::StatusQuestion question;  // of its certificate
};

// Errors end the process: without the golden files there is nothing to damage.
const Golden& golden() {
  static const Golden made = [] {
    require(crypto::initialise().ok());
    const auto key = crypto::SecretKey::from_seed(crypto::sha256(as_bytes("log"))).public_key();
    const auto policy = verifier::parse_policy(
        "log " + crypto::vkey_of({"ledger.example/test", crypto::kNoteTypeEd25519, key}) +
        "\nquorum none\n");
    require(policy.ok());
    const std::string text = read("status.json");
    const auto proof = codec::decode_status_proof(text);
    require(proof.ok());
    const auto certificate = verifier::verify_certificate(*policy, read("certificate.json"), {});
    require(certificate.ok());
    Golden golden{*proof, *policy, {certificate->summary.id, certificate->checkpoint.checkpoint}};
    require(verifier::verify_status(*policy, text, golden.question).ok());
    return golden;
  }();
  return made;
}

// Rows in another order, lines of unknown keys and a proof of consistency that is left out say
// nothing else.
void require_same_claim(const codec::StatusProof& accepted) {
  const codec::StatusProof& proof = golden().proof;
  require(accepted.status == proof.status && accepted.seal.index == proof.seal.index);
  require(accepted.seal.entry == proof.seal.entry && accepted.seal.path == proof.seal.path);
  require(accepted.state.size() == proof.state.size());
  for (const auto& row : accepted.state) {
    require(std::any_of(proof.state.begin(), proof.state.end(), [&](const auto& known) {
      return known.row == row.row && known.key == row.key && known.value == row.value &&
             known.proof == row.proof;
    }));
  }
}

void judge(std::string_view text, const verifier::StatusQuestion& question) {
  const auto decoded = codec::decode_status_proof(text);
  const auto verdict = verifier::verify_status(golden().policy, text, question);
  if (decoded.ok()) {
    const std::string_view line = text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
    require(*codec::encode_status_proof(*decoded) == line);
  }
  if (verdict.ok()) {
    require(decoded.ok());
    require_same_claim(*decoded);
    require(verdict->rows == decoded->state.size());
    return;
  }
  constexpr std::array<std::string_view, 4> kKinds = {"STATUS_", "CHECKPOINT_", "NOTE_", "QUORUM_"};
  require(std::any_of(kKinds.begin(), kKinds.end(), [&](std::string_view kind) {
    return verdict.error().name.starts_with(kind);
  }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  judge(text, golden().question);
  judge(text, {});
  return 0;
}
