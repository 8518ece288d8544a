// A real ledger on disk for tests: keys, signed documents, the whole commit sequence; only the
// network is missing.
#pragma once

#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "crypto/did_key.h"
#include "crypto/sha256.h"
#include "crypto/signed_note.h"
#include "ledger/codec/act_codec.h"
#include "ledger/codec/row_codec.h"
#include "ledger/codec/row_key.h"
#include "ledger/node/node.h"
#include "tests/store/batches.h"

namespace mrv::test {

inline constexpr std::int64_t kWorldStartMs = 1'800'000'000'000;
inline constexpr const char* kWorldOrigin = "ledger.example/test";

// Usable without a test framework: what must hold throws.
inline void need(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

class LedgerWorld {
 public:
  // `founded`: Genesis by two governance keys of a threshold of two is done.
  explicit LedgerWorld(bool founded = true) {
    need(crypto::initialise().ok(), "crypto");
    need(node::Node::create({options(), kWorldOrigin}).ok(), "create");
    open();
    if (!founded) return;
    expect(submit("gov1", "", genesis()));
    const auto digest = last_digest_;
    expect(approve("gov2", "", digest));
  }

  // The key that a name stands for: the same in every run.
  static crypto::SecretKey key(const std::string& name) {
    return crypto::SecretKey::from_seed(crypto::sha256(as_bytes(name)));
  }
  static model::KeyBytes public_key(const std::string& name) {
    return {key(name).public_key().bytes};
  }
  static Hash person(const std::string& name) { return crypto::sha256(as_bytes("person " + name)); }

  node::NodeOptions options() {
    node::NodeOptions options;
    options.data = scratch_.path() / "data";
    options.signer_memory = scratch_.path() / "signer" / "last-signed";
    options.clock = [this] { return TimestampMs{now_.load()}; };
    return options;
  }

  void open() {
    auto opened = node::Node::open(options(), key("log"));
    if (!opened.ok()) throw std::runtime_error(opened.error().detail);
    node_ = *std::move(opened);
  }
  void close() { node_.reset(); }
  node::Node& node() { return *node_; }
  std::filesystem::path path() { return scratch_.path(); }

  static model::Genesis genesis() {
    model::Genesis act;
    act.origin = kWorldOrigin;
    act.log_vkey =
        crypto::vkey_of({kWorldOrigin, crypto::kNoteTypeEd25519, key("log").public_key()});
    act.slip_key = public_key("slip");
    act.governance = {{public_key("gov1"), person("gov1")}, {public_key("gov2"), person("gov2")}};
    act.threshold = 2;
    act.registry_code = "TEST";
    act.foreign_registries = {"ACR"};
    act.delays.proposal_seconds = 3'600;
    return act;
  }

  // A signed document; `party` is a name given to register_party(), or empty for none.
  template <class Body>
  std::string document(const std::string& signer, const std::string& party, Body body) {
    model::Act act;
    const Hash id = crypto::sha256(as_bytes("id " + std::to_string(next_id_++)));
    std::copy_n(id.begin(), act.id.size(), act.id.begin());
    act.id[6] = static_cast<std::uint8_t>((act.id[6] & 0x0FU) | 0x70U);
    act.id[8] = static_cast<std::uint8_t>((act.id[8] & 0x3FU) | 0x80U);
    act.signer = public_key(signer);
    if (!party.empty()) act.party = parties_.at(party);
    act.registry = kWorldOrigin;
    const std::int64_t seconds = now_.load() / kMsPerSecond * kMsPerSecond;
    act.valid_from = TimestampMs{seconds};
    act.valid_until = TimestampMs{seconds + kMsPerSecond * 600};
    act.body = std::move(body);
    auto signed_act = codec::sign_act(act, key(signer), act.valid_from);
    if (!signed_act.ok()) throw std::runtime_error(signed_act.error().detail);
    last_digest_ = crypto::sha256(as_bytes(*signed_act));
    return *signed_act;
  }

  node::Answer send(const std::string& body) {
    auto promise = std::make_shared<std::promise<node::Answer>>();
    auto answer = promise->get_future();
    node_->submit(body, [promise](const std::string&, node::Answer given) {
      promise->set_value(std::move(given));
    });
    return answer.get();
  }

  template <class Body>
  node::Answer submit(const std::string& signer, const std::string& party, Body body) {
    return send(document(signer, party, std::move(body)));
  }

  node::Answer approve(const std::string& signer, const std::string& party, const Hash& digest) {
    return submit(
        signer, party,
        model::Approve{model::ProposalId::of(digest), digest, model::Decision::approve, "agreed"});
  }

  // Registers a party whose key `name` initiates and whose key `name-2` (another person) approves,
  // and has governance admit it.
  model::PartyId register_party(const std::string& name, const std::vector<model::Role>& roles) {
    model::RegisterParty act;
    act.key = {public_key(name), person(name), {model::KeyPurpose::initiate}};
    act.name.en = name;
    act.country = "CN";
    act.roles = roles;
    expect(submit(name, "", act));
    const auto id = model::PartyId::of(last_digest_);
    parties_[name] = id;
    model::AdmitParty admit;
    admit.party = id;
    admit.roles = roles;
    expect(submit("gov1", "", admit));
    const Hash admission = last_digest_;
    expect(approve("gov2", "", admission));
    model::BindKey bind;
    bind.party = id;
    bind.key = {public_key(name + "-2"), person(name + "-2"), {model::KeyPurpose::approve}};
    expect(submit(name, name, bind));
    return id;
  }

  static std::string name_of(const node::Answer& answer) {
    if (const auto* refused = std::get_if<node::Refused>(&answer)) {
      return std::string(model::describe_outcome(refused->refusal.outcome).name);
    }
    if (const auto* failed = std::get_if<node::Failed>(&answer)) {
      return std::string(failed->error.name);
    }
    return {};
  }
  static bool recorded(const node::Answer& answer) {
    return std::holds_alternative<node::Recorded>(answer);
  }
  // Throws what was answered instead.
  static node::Recorded expect(const node::Answer& answer) {
    if (const auto* recorded_act = std::get_if<node::Recorded>(&answer)) return *recorded_act;
    std::string what = name_of(answer);
    if (const auto* refused = std::get_if<node::Refused>(&answer)) {
      what += " " + refused->refusal.pointer + " " + refused->refusal.detail;
    } else {
      what += " " + std::get<node::Failed>(answer).error.detail;
    }
    throw std::runtime_error(what);
  }

  template <class Row>
  std::optional<Row> row(const Bytes& key) {
    const auto bytes = node_->reader()->row(key);
    need(bytes.ok(), "row");
    if (!*bytes) return std::nullopt;
    auto row = codec::decode_row<Row>(**bytes);
    need(row.ok(), "row");
    return *std::move(row);
  }

  [[nodiscard]] const model::PartyId& party(const std::string& name) const {
    return parties_.at(name);
  }
  [[nodiscard]] const Hash& last_digest() const { return last_digest_; }
  void pass(std::int64_t ms) { now_ += ms; }

 private:
  store::ScratchDirectory scratch_;
  std::atomic<std::int64_t> now_ = kWorldStartMs;
  std::uint64_t next_id_ = 0;
  Hash last_digest_{};
  std::map<std::string, model::PartyId> parties_;
  std::unique_ptr<node::Node> node_;
};

}  // namespace mrv::test
