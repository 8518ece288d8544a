// The golden certificate, the policy of whoever was given it, and what may be accepted in its
// stead: nothing that says anything else.
#pragma once

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "crypto/sha256.h"
#include "verifier/certificate.h"

namespace mrv::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

struct GoldenCertificate {
  std::string text;
  codec::Certificate certificate;
  verifier::Policy policy;
};

// Errors end the process: without the golden certificate there is nothing to damage.
inline const GoldenCertificate& golden_certificate() {
  static const GoldenCertificate golden = [] {
    require(crypto::initialise().ok());
    std::ifstream file(MRV_SOURCE_DIR "/tests/vectors/golden-1/certificate.json", std::ios::binary);
    GoldenCertificate made;
    made.text.assign(std::istreambuf_iterator<char>(file), {});
    const auto key = crypto::SecretKey::from_seed(crypto::sha256(as_bytes("log"))).public_key();
    const auto policy = verifier::parse_policy(
        "log " + crypto::vkey_of({"ledger.example/test", crypto::kNoteTypeEd25519, key}) +
        "\nquorum none\n");
    require(policy.ok());
    made.policy = *policy;
    const auto certificate = codec::decode_certificate(made.text);
    require(certificate.ok());
    made.certificate = *certificate;
    require(verifier::verify_certificate(made.policy, made.text, {}).ok());
    return made;
  }();
  return golden;
}

inline bool same_entry(const codec::CertificateEntry& a, const codec::CertificateEntry& b) {
  return a.index == b.index && a.entry == b.entry && a.path == b.path;
}
inline bool same_row(const codec::CertificateRow& a, const codec::CertificateRow& b) {
  return a.key == b.key && a.value == b.value && a.proof == b.proof;
}

// Free to change are the labels for readers and the suggested policy; parts that nothing rests on
// may be missing. Everything else is what the log's key has signed.
inline void require_same_claim(const codec::Certificate& accepted) {
  const codec::Certificate& golden = golden_certificate().certificate;
  for (const auto& entry : accepted.entries) {
    require(std::any_of(golden.entries.begin(), golden.entries.end(),
                        [&](const auto& known) { return same_entry(known, entry); }));
  }
  for (const auto& row : accepted.state) {
    require(std::any_of(golden.state.begin(), golden.state.end(),
                        [&](const auto& known) { return same_row(known, row); }));
  }
  require(same_entry(accepted.seal, golden.seal));
  codec::Certificate claim = golden;
  claim.format = accepted.format;
  claim.retirement = accepted.retirement;
  claim.checkpoint = accepted.checkpoint;
  require(*codec::encode_certificate(claim) == golden_certificate().text);
}

// Judges the text; whatever is accepted must make the golden certificate's claim.
inline void judge_certificate(std::string_view text) {
  const auto& golden = golden_certificate();
  const auto verdict = verifier::verify_certificate(golden.policy, text, {});
  if (verdict.ok()) {
    const auto certificate = codec::decode_certificate(text);
    require(certificate.ok());
    require_same_claim(*certificate);
    require(verdict->entries == certificate->entries.size());
    require(verdict->rows == certificate->state.size());
    return;
  }
  constexpr std::array<std::string_view, 4> kKinds = {"CERTIFICATE_", "CHECKPOINT_", "NOTE_",
                                                      "QUORUM_"};
  require(std::any_of(kKinds.begin(), kKinds.end(), [&](std::string_view kind) {
    return verdict.error().name.starts_with(kind);
  }));
}

}  // namespace mrv::fuzz
