// The succession of log keys: which key signs which tree, and what a node does that has not got it.
#include <doctest/doctest.h>

#include "ledger/signer/log_keys.h"
#include "tests/support/ledger_world.h"

using namespace mrv;
using model::Role;
using test::LedgerWorld;

namespace {

// Who signed the tree that is published, by name.
std::string signer_of(LedgerWorld& world) {
  const auto note = crypto::parse_note(world.node().reader()->published().checkpoint);
  REQUIRE(note.ok());
  CHECK(note->signatures.size() == 1);
  for (const std::string name : {"log", "log-2", "log-3"}) {
    const auto key = crypto::parse_vkey(LedgerWorld::vkey(name));
    if (crypto::verified_signers(*note, std::span(&*key, 1)).ok()) return name;
  }
  return "nobody";
}

// Answers how the announcement's completing approval was answered.
node::Answer announce(LedgerWorld& world, const std::string& name) {
  LedgerWorld::expect(world.submit("gov1", "", model::SucceedLogKey{LedgerWorld::vkey(name)}));
  return world.approve("gov2", "", world.last_digest());
}

std::string opening(LedgerWorld& world, const std::vector<std::string>& names) {
  world.log_key_names = names;
  const auto opened = node::Node::open(world.options(), world.log_keys());
  return opened.ok() ? "" : std::string(opened.error().name);
}

}  // namespace

TEST_CASE("the tree that ends in the announcement's seal is the last of the old key") {
  LedgerWorld world;
  CHECK(signer_of(world) == "log");
  LedgerWorld::expect(announce(world, "log-2"));
  CHECK(signer_of(world) == "log");
  const auto last = world.node().reader()->published().checkpoint;
  // The same tree is signed with the same key again.
  world.close();
  world.open();
  CHECK(world.node().reader()->published().checkpoint == last);
  CHECK(*world.node().log_vkey() == LedgerWorld::vkey("log"));
  world.register_party("dev", {Role::developer});
  CHECK(signer_of(world) == "log-2");
  CHECK(*world.node().log_vkey() == LedgerWorld::vkey("log-2"));
  world.close();
  world.open();
  CHECK(signer_of(world) == "log-2");
}

TEST_CASE("after the succession the old key is not needed, and the order of the keys is nothing") {
  LedgerWorld world;
  LedgerWorld::expect(announce(world, "log-2"));
  world.register_party("dev", {Role::developer});
  world.close();
  CHECK(opening(world, {"log-2"}).empty());
  CHECK(opening(world, {"log-3", "log-2", "log"}).empty());
  world.log_key_names = {"log-2"};
  world.open();
  world.register_party("buyer", {Role::buyer});
  CHECK(signer_of(world) == "log-2");
}

TEST_CASE("a node without the announced key stops after the last tree of the old one") {
  LedgerWorld world;
  world.close();
  world.log_key_names = {"log"};
  std::vector<std::string> stops;
  auto options = world.options();
  options.on_stop = [&stops](const Error& error) { stops.emplace_back(error.name); };
  auto opened = node::Node::open(options, world.log_keys());
  REQUIRE(opened.ok());
  world.take(*std::move(opened));
  const auto done = announce(world, "log-2");
  CHECK(LedgerWorld::recorded(done));
  CHECK(!LedgerWorld::recorded(world.submit("gov1", "", model::RemoveBlob{Hash{1}, "x"})));
  REQUIRE(world.node().not_ready());
  CHECK(world.node().not_ready()->name == "SIGNER_KEY_MISSING");
  CHECK(world.node().not_ready()->detail.find(LedgerWorld::vkey("log-2")) != std::string::npos);
  CHECK(signer_of(world) == "log");
  const auto last = world.node().reader()->published().size;
  world.close();
  CHECK(stops == std::vector<std::string>{"SIGNER_KEY_MISSING"});
  CHECK(opening(world, {"log"}) == "SIGNER_KEY_MISSING");
  CHECK(opening(world, {"log", "log-3"}) == "SIGNER_KEY_MISSING");
  // Its own key alone cannot sign the last tree of the old one again.
  CHECK(opening(world, {"log-2"}) == "SIGNER_KEY_MISSING");
  world.log_key_names = {"log", "log-2"};
  world.open();
  CHECK(world.node().reader()->published().size == last);
  world.register_party("dev", {Role::developer});
  CHECK(signer_of(world) == "log-2");
}

TEST_CASE("a key that the log never announced signs nothing") {
  LedgerWorld world;
  world.close();
  CHECK(opening(world, {"log-3"}) == "SIGNER_KEY_MISSING");
  CHECK(opening(world, {"log"}).empty());
}

TEST_CASE("of several keys announced together the last one signs") {
  LedgerWorld world;
  world.close();
  world.log_key_names = {"log", "log-2", "log-3"};
  world.open();
  LedgerWorld::expect(world.submit("gov1", "", model::SucceedLogKey{LedgerWorld::vkey("log-2")}));
  const Hash first = world.last_digest();
  LedgerWorld::expect(world.submit("gov1", "", model::SucceedLogKey{LedgerWorld::vkey("log-3")}));
  const Hash second = world.last_digest();
  LedgerWorld::expect(world.approve("gov2", "", second));
  LedgerWorld::expect(world.approve("gov2", "", first));
  CHECK(signer_of(world) == "log-3");
  world.register_party("dev", {Role::developer});
  CHECK(signer_of(world) == "log-2");
}

TEST_CASE("a ledger of version 1 goes from Genesis' own key to the first one that is announced") {
  LedgerWorld world(false);
  auto genesis = LedgerWorld::genesis();
  genesis.rules_version = 1;
  LedgerWorld::expect(world.submit("gov1", "", genesis));
  LedgerWorld::expect(world.approve("gov2", "", world.last_digest()));
  CHECK(signer_of(world) == "log");
  LedgerWorld::expect(world.submit("gov1", "", model::ActivateRules{2}));
  LedgerWorld::expect(world.approve("gov2", "", world.last_digest()));
  LedgerWorld::expect(announce(world, "log-2"));
  CHECK(signer_of(world) == "log");
  world.register_party("dev", {Role::developer});
  CHECK(signer_of(world) == "log-2");
}

TEST_CASE("where a batch begins is told by the seal before it") {
  LedgerWorld world;
  world.register_party("dev", {Role::developer});
  const auto published = world.node().reader()->published();
  const auto start = signer::batch_start(*published.snapshot, published.size);
  REQUIRE(start.ok());
  // One act and its seal.
  CHECK(start->value() == published.size.value() - 2);
  CHECK(signer::batch_start(*published.snapshot, TreeSize{2})->value() == 0);
  signer::LogKeys keys;
  CHECK(*keys.vkey_for(*published.snapshot, TreeSize{0}) == LedgerWorld::vkey("log"));
}
