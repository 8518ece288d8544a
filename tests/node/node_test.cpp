// The whole commit sequence on disk: acknowledged acts survive, ids count once, every checkpoint
// continues the one before, and every proof ends in it.
#include "ledger/node/node.h"

#include <future>
#include <set>

#include <doctest/doctest.h>

#include "crypto/rfc6962.h"
#include "ledger/codec/entry_codec.h"
#include "ledger/log/checkpoint.h"
#include "ledger/map/map_proof.h"
#include "tests/support/ledger_world.h"

using namespace mrv;
using model::Role;
using test::LedgerWorld;

namespace {

log::Checkpoint checkpoint_of(const node::Reader& reader) {
  const auto note = crypto::parse_note(reader.published().checkpoint);
  REQUIRE(note.ok());
  const auto signers = crypto::verified_signers(
      *note, std::vector<crypto::NoteKey>{{test::kWorldOrigin, crypto::kNoteTypeEd25519,
                                           LedgerWorld::key("log").public_key()}});
  REQUIRE(signers.ok());
  REQUIRE(signers->size() == 1);
  const auto checkpoint = log::parse_checkpoint(note->text);
  REQUIRE(checkpoint.ok());
  return *checkpoint;
}

codec::SealEntry seal_of(const node::Reader& reader) {
  const auto bytes = reader.entry(EntryIndex{reader.published().size.value() - 1});
  REQUIRE(bytes.ok());
  const auto entry = codec::decode_entry(**bytes);
  REQUIRE(entry.ok());
  return std::get<codec::SealEntry>(*entry);
}

}  // namespace

TEST_CASE("a ledger is founded by its quorum and nothing happens before") {
  LedgerWorld world(false);
  CHECK(!world.node().reader());
  model::RegisterParty party;
  party.key = {
      LedgerWorld::public_key("dev"), LedgerWorld::person("dev"), {model::KeyPurpose::initiate}};
  party.name.en = "dev";
  party.country = "CN";
  party.roles = {Role::developer};
  CHECK(LedgerWorld::name_of(world.submit("dev", "", party)) == "NOT_FOUNDED");
  CHECK(LedgerWorld::name_of(world.submit("stranger", "", LedgerWorld::genesis())) ==
        "GOVERNANCE_KEY_REQUIRED");
  REQUIRE(LedgerWorld::recorded(world.submit("gov1", "", LedgerWorld::genesis())));
  const Hash genesis = world.last_digest();
  CHECK(LedgerWorld::name_of(world.submit("gov1", "", LedgerWorld::genesis())) ==
        "ALREADY_FOUNDED");
  CHECK(LedgerWorld::name_of(world.submit("dev", "", party)) == "NOT_FOUNDED");
  CHECK(LedgerWorld::name_of(world.approve("gov1", "", genesis)) == "APPROVED_ALREADY");
  REQUIRE(LedgerWorld::recorded(world.approve("gov2", "", genesis)));
  CHECK(LedgerWorld::recorded(world.submit("dev", "", party)));
}

TEST_CASE("an accepted id is remembered with its bytes, across restarts too") {
  LedgerWorld world;
  model::DepositEvidence deposit;
  deposit.digests = {{Hash{1}, std::nullopt}};
  deposit.category = "report";
  deposit.title = "A file";
  world.register_party("dev", {Role::developer});
  const auto size_before = world.node().reader()->published().size;
  const std::string document = world.document("dev", "dev", deposit);
  const auto first = world.send(document);
  REQUIRE(LedgerWorld::recorded(first));
  const auto again = world.send(document);
  REQUIRE(LedgerWorld::recorded(again));
  CHECK(std::get<node::Recorded>(again).repeated);
  CHECK(std::get<node::Recorded>(again).index == std::get<node::Recorded>(first).index);
  CHECK(std::get<node::Recorded>(again).leaf == std::get<node::Recorded>(first).leaf);
  CHECK(world.node().reader()->published().size.value() == size_before.value() + 2);
  world.close();
  world.open();
  const auto later = world.send(document);
  REQUIRE(LedgerWorld::recorded(later));
  CHECK(std::get<node::Recorded>(later).repeated);
  CHECK(std::get<node::Recorded>(later).leaf == std::get<node::Recorded>(first).leaf);
  // The same id over other bytes.
  auto decoded = codec::decode_act(document);
  REQUIRE(decoded.ok());
  auto other = decoded->act;
  std::get<model::DepositEvidence>(other.body).title = "Another file";
  const auto reused = codec::sign_act(other, LedgerWorld::key("dev"), other.valid_from);
  REQUIRE(reused.ok());
  CHECK(LedgerWorld::name_of(world.send(*reused)) == "ID_REUSED");
}

TEST_CASE("acts of one batch see each other, and one id counts once inside it") {
  LedgerWorld world;
  world.register_party("dev", {Role::developer});
  model::DepositEvidence deposit;
  deposit.digests = {{Hash{1}, std::nullopt}};
  deposit.category = "report";
  deposit.title = "A file";
  constexpr int kCopies = 20;
  const std::string document = world.document("dev", "dev", deposit);
  std::vector<std::future<node::Answer>> answers;
  for (int i = 0; i < kCopies; ++i) {
    auto promise = std::make_shared<std::promise<node::Answer>>();
    answers.push_back(promise->get_future());
    world.node().submit(document, [promise](const std::string&, node::Answer answer) {
      promise->set_value(std::move(answer));
    });
  }
  std::set<std::uint64_t> indexes;
  int fresh = 0;
  for (auto& answer : answers) {
    const auto given = answer.get();
    REQUIRE(LedgerWorld::recorded(given));
    indexes.insert(std::get<node::Recorded>(given).index.value());
    fresh += std::get<node::Recorded>(given).repeated ? 0 : 1;
  }
  CHECK(indexes.size() == 1);
  CHECK(fresh == 1);
}

TEST_CASE("every checkpoint continues the one before and ends in a seal") {
  LedgerWorld world;
  auto before = checkpoint_of(*world.node().reader());
  for (int i = 0; i < 12; ++i) {
    world.register_party("p" + std::to_string(i), {Role::developer, Role::buyer});
    const auto reader = world.node().reader();
    const auto now = checkpoint_of(*reader);
    const auto proof = reader->consistency(before.size);
    REQUIRE(proof.ok());
    CHECK(crypto::verify_consistency(before.size.value(), now.size.value(), before.root, now.root,
                                     *proof)
              .ok());
    const auto seal = seal_of(*reader);
    CHECK(seal.tree_size.value() + 1 == now.size.value());
    CHECK(seal.map_root == reader->published().map_root);
    before = now;
  }
}

TEST_CASE("entries, rows and tiles are proved against the published checkpoint") {
  LedgerWorld world;
  const auto dev = world.register_party("dev", {Role::developer});
  const auto reader = world.node().reader();
  const auto checkpoint = checkpoint_of(*reader);
  std::vector<Hash> leaves;
  for (std::uint64_t i = 0; i < checkpoint.size.value(); ++i) {
    const auto entry = reader->entry(EntryIndex{i});
    REQUIRE(entry.ok());
    REQUIRE(entry->has_value());
    const Hash leaf = crypto::leaf_hash(**entry);
    leaves.push_back(leaf);
    const auto path = reader->inclusion(EntryIndex{i});
    REQUIRE(path.ok());
    CHECK(crypto::verify_inclusion(i, checkpoint.size.value(), leaf, *path, checkpoint.root).ok());
  }
  CHECK(crypto::root_of(leaves) == checkpoint.root);
  CHECK(!reader->entry(EntryIndex{checkpoint.size.value()})->has_value());
  const auto proved = reader->proved_row(codec::party_key(dev));
  REQUIRE(proved.ok());
  const auto path = map::decode_path(proved->proof);
  REQUIRE(path.ok());
  CHECK(map::verify_inclusion(seal_of(*reader).map_root, proved->key, proved->value, *path).ok());
  const auto width = static_cast<unsigned>(checkpoint.size.value());
  CHECK(*reader->tile({0U, 0, width}) == log::tile_bytes(leaves));
  CHECK(!reader->tile({0U, 0, width + 1})->has_value());
  CHECK(!reader->tile({0U, 0, std::nullopt})->has_value());
  CHECK(!reader->tile({0U, 1, 1U})->has_value());
  const auto bundle = reader->tile({std::nullopt, 0, width});
  REQUIRE(bundle->has_value());
  CHECK(log::decode_bundle(**bundle)->size() == width);
}

TEST_CASE("a published tree stays provable while later batches change the state") {
  LedgerWorld world;
  const auto first = world.register_party("a", {Role::developer});
  auto reader = world.node().reader();
  for (int i = 0; i < 5; ++i) world.register_party("b" + std::to_string(i), {Role::buyer});
  // The old reader's tree is not the latest any more: its rows are still those of its seal.
  CHECK(reader->row(codec::party_key(first))->has_value());
  const auto stale = reader->proved_row(codec::party_key(first));
  CHECK((stale.ok() || stale.error().name == "STALE"));
  CHECK(world.node().reader()->proved_row(codec::party_key(first)).ok());
  reader.reset();
}

TEST_CASE("a fresh start finds the same tree, signs it again and goes on") {
  LedgerWorld world;
  world.register_party("dev", {Role::developer});
  const auto before = world.node().reader()->published().checkpoint;
  world.close();
  world.open();
  CHECK(world.node().reader()->published().checkpoint == before);
  world.register_party("buyer", {Role::buyer});
  CHECK(checkpoint_of(*world.node().reader()).size.value() >
        log::parse_checkpoint(crypto::parse_note(before)->text)->size.value());
}

TEST_CASE("a database that is behind the signer's memory, or differs, is not signed") {
  namespace fs = std::filesystem;
  LedgerWorld world;
  world.register_party("dev", {Role::developer});
  world.close();
  const auto copy = world.path() / "copy";
  fs::copy(world.path() / "data", copy, fs::copy_options::recursive);
  world.open();
  world.register_party("buyer", {Role::buyer});
  world.close();
  fs::remove_all(world.path() / "data");
  fs::copy(copy, world.path() / "data", fs::copy_options::recursive);
  const auto opened = node::Node::open(world.options(), LedgerWorld::key("log"));
  REQUIRE(!opened.ok());
  CHECK(opened.error().name == "SIGNER_AHEAD");
}

TEST_CASE("documents that are damaged, foreign, expired or unsigned are named") {
  LedgerWorld world;
  world.register_party("dev", {Role::developer});
  model::DepositEvidence deposit;
  deposit.digests = {{Hash{1}, std::nullopt}};
  deposit.category = "report";
  deposit.title = "A file";
  const std::string good = world.document("dev", "dev", deposit);
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = good;
    const auto at = changed.find(from);
    REQUIRE(at != std::string::npos);
    changed.replace(at, from.size(), to);
    return LedgerWorld::name_of(world.send(changed));
  };
  CHECK(with("A file", "B file") == "SIGNATURE_INVALID");
  CHECK(with("\"title\"", "\"titel\"") == "FIELD_MISSING");
  CHECK(with("\"title\"", "\"note\":\"x\",\"title\"") == "FIELD_UNKNOWN");
  CHECK(with("{", "{{") == "JSON_SYNTAX");
  CHECK(with("DepositEvidence", "DepositNothing") == "DOCUMENT_TYPE_UNKNOWN");
  CHECK(LedgerWorld::name_of(world.send(std::string(1'000'000, '['))) == "JSON_TOO_LARGE");
  CHECK(LedgerWorld::name_of(world.send(std::string(100'000, '['))) == "JSON_TOO_DEEP");
  auto foreign = codec::decode_act(good)->act;
  foreign.registry = "other.example/log";
  CHECK(LedgerWorld::name_of(world.send(*codec::sign_act(foreign, LedgerWorld::key("dev"),
                                                         foreign.valid_from))) == "WRONG_REGISTRY");
  world.pass(601'000);
  CHECK(LedgerWorld::name_of(world.send(good)) == "EXPIRED");
}
