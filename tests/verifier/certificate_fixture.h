// One ledger for all cases of certificates and replay: issuing takes a while.
#pragma once

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "ledger/node/certificate.h"
#include "tests/support/ccs_flow.h"
#include "verifier/certificate.h"

namespace mrv::test {

struct CertificateFixture {
  LedgerWorld world;
  CcsFlow flow{world, MRV_SOURCE_DIR};
  model::RetirementId retirement;
  std::string certificate;
  std::string policy_text;

  CertificateFixture() {
    flow.run_to_issuance();
    flow.transfer("developer", "buyer", 5'000);
    flow.transfer("buyer", "developer", 100);
    flow.transfer("developer", "buyer", 50);
    retirement = flow.retire("buyer", 1'000);
    flow.retire("buyer", 7);
    policy_text = "log " +
                  crypto::vkey_of({kWorldOrigin, crypto::kNoteTypeEd25519,
                                   LedgerWorld::key("log").public_key()}) +
                  "\nquorum none\n";
    certificate = build(retirement);
  }

  codec::Certificate parts(const model::RetirementId& id) {
    const auto reader = world.node().reader();
    const auto built = node::build_certificate(*reader, id, policy_text);
    need(built.ok(), built.ok() ? "" : built.error().detail);
    return *built;
  }
  std::string build(const model::RetirementId& id) { return *codec::encode_certificate(parts(id)); }

  verifier::CertificateOptions options() {
    verifier::CertificateOptions options;
    options.datasets = [this](const Hash& digest) { return *world.node().blobs().read(digest); };
    return options;
  }

  // The name of the refusal; empty: it holds.
  std::string reason(const std::string& text, const verifier::CertificateOptions& options) const {
    const auto verdict =
        verifier::verify_certificate(*verifier::parse_policy(policy_text), text, options);
    if (!verdict.ok()) INFO(verdict.error().detail);
    return verdict.ok() ? "" : std::string(verdict.error().name);
  }
  std::string reason(const std::string& text) { return reason(text, options()); }
  std::string reason(const nlohmann::json& changed) { return reason(changed.dump()); }

  static CertificateFixture& shared() {
    static CertificateFixture made;
    return made;
  }
};

}  // namespace mrv::test
