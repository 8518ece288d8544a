// Founding, signing, sending.
#include "tests/support/ledger_world.h"

#include <future>

#include "crypto/did_key.h"
#include "tests/support/uuid.h"

namespace mrv::test {

LedgerWorld::LedgerWorld(bool founded, std::int64_t rules_version) {
  need(crypto::initialise().ok(), "crypto");
  need(node::Node::create({options(), kWorldOrigin}).ok(), "create");
  open();
  if (!founded) return;
  auto founding = genesis();
  founding.rules_version = rules_version;
  expect(submit("gov1", "", founding));
  const auto digest = last_digest_;
  expect(approve("gov2", "", digest));
}

crypto::SecretKey LedgerWorld::key(const std::string& name) {
  return crypto::SecretKey::from_seed(crypto::sha256(as_bytes(name)));
}

model::KeyBytes LedgerWorld::public_key(const std::string& name) {
  return {key(name).public_key().bytes};
}

Hash LedgerWorld::person(const std::string& name) {
  return crypto::sha256(as_bytes("person " + name));
}

node::NodeOptions LedgerWorld::options() {
  node::NodeOptions options;
  options.data = scratch_.path() / "data";
  options.signer_memory = scratch_.path() / "signer" / "last-signed";
  options.clock = [this] { return TimestampMs{now_.load()}; };
  return options;
}

void LedgerWorld::open(std::uint64_t free_space_floor) {
  auto at_floor = options();
  at_floor.free_space_floor = free_space_floor;
  auto opened = node::Node::open(at_floor, log_keys());
  if (!opened.ok()) throw std::runtime_error(opened.error().detail);
  node_ = *std::move(opened);
}

std::vector<crypto::SecretKey> LedgerWorld::log_keys() const {
  std::vector<crypto::SecretKey> keys;
  for (const auto& name : log_key_names) keys.push_back(key(name));
  return keys;
}

std::string LedgerWorld::vkey(const std::string& name) {
  return crypto::vkey_of({kWorldOrigin, crypto::kNoteTypeEd25519, key(name).public_key()});
}

model::Genesis LedgerWorld::genesis() {
  model::Genesis act;
  act.origin = kWorldOrigin;
  act.log_vkey = vkey("log");
  act.slip_key = public_key("slip");
  act.governance = {{public_key("gov1"), person("gov1")}, {public_key("gov2"), person("gov2")}};
  act.threshold = 2;
  act.registry_code = "TEST";
  act.foreign_registries = {"ACR"};
  act.delays.proposal_seconds = 3'600;
  return act;
}

std::string LedgerWorld::document(const std::string& signer, const std::string& party,
                                  model::ActBody body) {
  model::Act act;
  act.id = uuid_of("id " + std::to_string(next_id_++));
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

node::Answer LedgerWorld::send(const std::string& body) {
  auto promise = std::make_shared<std::promise<node::Answer>>();
  auto answer = promise->get_future();
  node_->submit(body, [promise](const std::string&, node::Answer given) {
    promise->set_value(std::move(given));
  });
  return answer.get();
}

node::Answer LedgerWorld::submit(const std::string& signer, const std::string& party,
                                 model::ActBody body) {
  return send(document(signer, party, std::move(body)));
}

node::Answer LedgerWorld::approve(const std::string& signer, const std::string& party,
                                  const Hash& digest) {
  return submit(
      signer, party,
      model::Approve{model::ProposalId::of(digest), digest, model::Decision::approve, "agreed"});
}

model::PartyId LedgerWorld::register_party(const std::string& name,
                                           const std::vector<model::Role>& roles) {
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

std::string LedgerWorld::name_of(const node::Answer& answer) {
  if (const auto* refused = std::get_if<node::Refused>(&answer)) {
    return std::string(model::describe_outcome(refused->refusal.outcome).name);
  }
  if (const auto* failed = std::get_if<node::Failed>(&answer)) {
    return std::string(failed->error.name);
  }
  return {};
}

bool LedgerWorld::recorded(const node::Answer& answer) {
  return std::holds_alternative<node::Recorded>(answer);
}

node::Recorded LedgerWorld::expect(const node::Answer& answer) {
  if (const auto* recorded_act = std::get_if<node::Recorded>(&answer)) return *recorded_act;
  std::string what = name_of(answer);
  if (const auto* refused = std::get_if<node::Refused>(&answer)) {
    what += " " + refused->refusal.pointer + " " + refused->refusal.detail;
  } else {
    what += " " + std::get<node::Failed>(answer).error.detail;
  }
  throw std::runtime_error(what);
}

const model::PartyId& LedgerWorld::party(const std::string& name) const {
  return parties_.at(name);
}

}  // namespace mrv::test
