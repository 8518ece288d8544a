// One project, lived through step by step, and what a verifier says of its certificates.
#pragma once

#include "crypto/canonical_json.h"
#include "ledger/codec/methodology_codec.h"
#include "tests/verifier/lying_log.h"

namespace mrv::test {

struct Life {
  LedgerWorld world;
  CcsFlow flow{world, MRV_SOURCE_DIR};

  explicit Life(std::vector<model::GovernedAct> second_person = {},
                std::optional<model::IntegrityPolicy> integrity = {},
                std::optional<model::LifecyclePolicy> lifecycle = {}) {
    flow.integrity = std::move(integrity);
    flow.lifecycle = std::move(lifecycle);
    flow.second_person = std::move(second_person);
    flow.enter_parties();
    world.register_party("heir", {model::Role::developer});
    flow.register_standards();
  }

  // The acts.
  void submit(const model::SubmitProject& body) {
    flow.project = model::ProjectId::of(flow.settled("developer", body).digest);
  }
  EntryIndex validate(const Hash& document) {
    return flow
        .settled("vvb1", model::ValidateProject{flow.project, document, model::Opinion::unmodified,
                                                Hash{1}})
        .index;
  }
  EntryIndex validate() { return validate(row().document.value_or(row().digest)); }
  void enter() { flow.approved("registry", model::RegisterProject{flow.project, "F1"}); }
  model::RetirementId issue_and_retire() {
    flow.submit_report(CcsFlow::kTonnes2023);
    LedgerWorld::expect(flow.state("vvb1"));
    LedgerWorld::expect(flow.state("vvb2"));
    flow.issue();
    return flow.retire(flow.developer, 1'000);
  }
  // From the submission to a retirement.
  model::RetirementId run() {
    submit(flow.project_body());
    validate();
    enter();
    return issue_and_retire();
  }
  Hash amend(model::AmendProject body) {
    body.project = flow.project;
    body.reason = "so it is";
    return flow.settled(flow.developer, body).digest;
  }
  void accept(const Hash& document) {
    validate(document);
    flow.approved("registry", model::AcceptAmendment{model::AmendmentId::of(document)});
  }
  Hash renew(model::Day to) {
    return flow
        .settled(flow.developer, model::RenewCreditingPeriod{flow.project, to, {}, "it goes on"})
        .digest;
  }
  void hand_over() {
    flow.settled("developer", model::TransferProject{flow.project, world.party("heir")});
    flow.settled("heir", model::AcceptProject{flow.project});
    flow.developer = "heir";
  }
  // A methodology that says the same under another version.
  Hash next_methodology() {
    auto text =
        nlohmann::json::parse(flow.raw("schemas/methodologies/ccs-net-storage-1.json").canonical);
    text["version"] = "1.0.1";
    const model::RawJson document{crypto::canonicalize(text)};
    LedgerWorld::expect(world.submit("standard", "standard", model::RegisterMethodology{document}));
    const Hash digest = codec::standard_digest(document);
    LedgerWorld::expect(world.submit("reviewer", "reviewer", model::ActivateMethodology{digest}));
    return digest;
  }

  // What is said of them.
  [[nodiscard]] Bytes key() const { return codec::project_key(flow.project); }
  model::ProjectRow row() { return *world.row<model::ProjectRow>(key()); }
  LyingLog log(const model::RetirementId& id) {
    return LyingLog(*node::build_certificate(*world.node().reader(), id, {}));
  }
  std::string judge(const std::string& text) {
    verifier::CertificateOptions options;
    options.datasets = [this](const Hash& digest) { return *world.node().blobs().read(digest); };
    options.require_recomputation = true;
    const auto policy =
        verifier::parse_policy("log " +
                               crypto::vkey_of({kWorldOrigin, crypto::kNoteTypeEd25519,
                                                LedgerWorld::key("log").public_key()}) +
                               "\nquorum none\n");
    const auto verdict = verifier::verify_certificate(*policy, text, options);
    if (verdict.ok()) return {};
    return std::string(verdict.error().name) + " " + verdict.error().detail;
  }
  std::string judge(const model::RetirementId& id) { return judge(log(id).certificate()); }
  template <class Row, class Change>
  std::string lie(const model::RetirementId& id, const Bytes& at, const Change& change) {
    LyingLog lying = log(id);
    lying.change<Row>(at, change);
    return judge(lying.certificate());
  }
  template <class Change>
  std::string lie(const model::RetirementId& id, const Change& change) {
    return lie<model::ProjectRow>(id, key(), change);
  }
  // Rows without which nobody believes that the party signs.
  void introduce(LyingLog& lying, const std::string& name) {
    const auto signer = codec::key_key(LedgerWorld::public_key(name));
    lying.put(signer, *world.row<model::KeyRow>(signer));
    const auto party = codec::party_key(world.party(name));
    lying.put(party, *world.row<model::PartyRow>(party));
  }
};

}  // namespace mrv::test
