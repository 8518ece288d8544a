// Certificates of units that came to their holder by other ways than a transfer, and of purposes
// that rest on a label: they hold, and what is missing or altered in them is found out offline.
#include "tests/verifier/lying_log.h"

using namespace mrv;
using test::LedgerWorld;
using test::LyingLog;

namespace {

// The buyer retires for corsia what it got as a pledge, by order, and after a transfer was undone
// and made again.
struct Moved {
  test::LedgerWorld world;
  test::CcsFlow flow{world, MRV_SOURCE_DIR};
  model::LockId lock;
  model::TransferId delivered;
  model::TransferId ordered;
  model::TransferId undone;
  model::TransferId undoing;
  model::LabelId label;
  model::LabelId second_label;
  model::RetirementId retirement;
  std::string policy_text;

  Moved() {
    flow.run_to_issuance();
    world.register_party("custodian", {model::Role::custodian});
    world.register_party("authority", {model::Role::authority});
    pledge();
    order();
    undo();
    label = labelled("authority", {{flow.batch, 1, 200}});
    second_label = labelled("standard", {{flow.batch, 150, 5'000}});
    labelled("standard", {{flow.batch, 1, 5'000}}, model::LabelKind::ccp);
    model::Retire act = flow.retire_body(0);
    act.legs = {serials(1, 100), serials(201, 300), serials(401, 450)};
    act.purpose = model::RetirementPurpose::corsia;
    LedgerWorld::expect(world.submit("buyer", "buyer", act));
    retirement = model::RetirementId::of(world.last_digest());
    policy_text = "log " +
                  crypto::vkey_of({test::kWorldOrigin, crypto::kNoteTypeEd25519,
                                   LedgerWorld::key("log").public_key()}) +
                  "\nquorum none\n";
  }

  [[nodiscard]] model::Leg serials(Units first, Units last) const {
    return {flow.batch, first, last, std::nullopt};
  }
  void pledge() {
    model::Lock act;
    act.legs = {serials(1, 100)};
    act.custodian = world.party("custodian");
    act.pledgee = world.party("buyer");
    act.reason = "security for a loan";
    LedgerWorld::expect(world.submit("developer", "developer", act));
    const Hash digest = world.last_digest();
    lock = model::LockId::of(digest);
    LedgerWorld::expect(world.approve("custodian-2", "custodian", digest));
    LedgerWorld::expect(world.submit(
        "custodian", "custodian", model::Unlock{lock, model::UnlockTo::pledgee, "not paid back"}));
    delivered = model::TransferId::of(world.last_digest());
  }
  void order() {
    const model::OrderTransfer act{
        world.party("developer"), world.party("buyer"), {serials(201, 300)}, Hash{7}, "judgment"};
    ordered = model::TransferId::of(flow.governed(act));
  }
  void undo() {
    const auto transfer = [&] {
      model::Transfer act = flow.transfer_body("buyer", 0);
      act.legs = {serials(401, 500)};
      LedgerWorld::expect(world.submit("developer", "developer", act));
      const auto id = model::TransferId::of(world.last_digest());
      LedgerWorld::expect(world.submit("buyer", "buyer", model::AcceptTransfer{id}));
      return id;
    };
    undone = transfer();
    undoing = model::TransferId::of(
        flow.governed(model::ReverseTransfer{undone, Hash{8}, "sent in error"}));
    transfer();
  }
  model::LabelId labelled(const std::string& party, std::vector<model::LabelledSerials> on,
                          model::LabelKind kind = model::LabelKind::corsia) {
    model::Label act;
    act.kind = kind;
    act.serials = std::move(on);
    act.from = world.now();
    act.until = TimestampMs{world.now().value() + 1'000};
    if (kind == model::LabelKind::corsia) act.corsia = model::CorsiaLabel{"First phase"};
    LedgerWorld::expect(world.submit(party, party, act));
    return model::LabelId::of(world.last_digest());
  }

  codec::Certificate parts() {
    auto certificate = node::build_certificate(*world.node().reader(), retirement, policy_text);
    test::need(certificate.ok(), certificate.ok() ? "" : certificate.error().detail);
    return *std::move(certificate);
  }
  std::string reason(const std::string& text) {
    const auto verdict =
        verifier::verify_certificate(*verifier::parse_policy(policy_text), text, {});
    return verdict.ok() ? "" : std::string(verdict.error().name) + " " + verdict.error().detail;
  }
  static Moved& shared() {
    static Moved made;
    return made;
  }
};

struct Lie {
  Moved& f = Moved::shared();
  LyingLog log{f.parts()};

  std::string reason() { return f.reason(log.certificate()); }
  template <class Row, class Change>
  std::string with(const Bytes& key, const Change& change) {
    log.change<Row>(key, change);
    return reason();
  }
  template <class Body>
  std::string without_entry() {
    log.erase_entry(log.find<Body>().back());
    return reason();
  }
  std::string without_row(const Bytes& key) {
    log.erase_row(key);
    return reason();
  }
  static Bytes key_of(const model::TransferId& id) { return codec::transfer_key(id); }
  static Bytes key_of(const model::LockId& id) { return codec::lock_key(id); }
  static Bytes key_of(const model::LabelId& id) { return codec::label_key(id); }
  template <class Id>
  static Bytes proposal_of(const Id& id) {
    return codec::proposal_key(model::ProposalId{id.bytes});
  }
  static Bytes signer_key(const std::string& name) {
    return codec::key_key(LedgerWorld::public_key(name));
  }
  Bytes party_key(const std::string& name) const { return codec::party_key(f.world.party(name)); }
  // The Approve that the proposal of `id` counts.
  template <class Id>
  EntryIndex approval_of(const Id& id) const {
    return log.row<model::ProposalRow>(proposal_of(id)).approvals.at(0).entry;
  }
};

bool is(const std::string& reason, const std::string& name) { return reason.starts_with(name); }

constexpr const char* kMissing = "CERTIFICATE_PART_MISSING";
constexpr const char* kBroken = "CERTIFICATE_LINK_BROKEN";
constexpr const char* kSpare = "CERTIFICATE_PART_SPARE";
constexpr const char* kNotAuthorised = "CERTIFICATE_KEY_NOT_AUTHORISED";

}  // namespace

TEST_CASE("a certificate follows pledges, orders, undoings and labels, each by its own entry") {
  Lie honest;
  CHECK(honest.reason().empty());
  std::map<std::string, int> roles;
  for (const auto& part : honest.f.parts().entries) ++roles[part.role];
  CHECK(roles["lock"] == 1);
  CHECK(roles["unlock"] == 1);
  CHECK(roles["transfer-order"] == 1);
  CHECK(roles["transfer-reversal"] == 1);
  CHECK(roles["transfer"] == 2);
  CHECK(roles["acceptance"] == 2);
  CHECK(roles["label"] == 2);
  std::map<std::string, int> rows;
  for (const auto& part : honest.f.parts().state) ++rows[part.row];
  CHECK(rows["transfer"] == 5);
  CHECK(rows["lock"] == 1);
  CHECK(rows["label"] == 2);
}

TEST_CASE("a pledge that lacks its lock, its consent or its custodian proves nothing") {
  auto& f = Moved::shared();
  CHECK(is(Lie().without_entry<model::Unlock>(), kMissing));
  CHECK(is(Lie().without_entry<model::Lock>(), kMissing));
  CHECK(is(Lie().without_row(Lie::key_of(f.lock)), kMissing));
  CHECK(is(Lie().without_row(Lie::key_of(f.delivered)), kMissing));
  CHECK(is(Lie().without_row(Lie::proposal_of(f.lock)), kMissing));
  // The lock says other things than its holder signed.
  const auto lock = [&](const auto& change) {
    return Lie().with<model::LockRow>(Lie::key_of(f.lock), change);
  };
  CHECK(is(lock([&](auto& row) { row.pledgee = f.world.party("registry"); }), kBroken));
  CHECK(is(lock([&](auto& row) { row.custodian = f.world.party("registry"); }), kBroken));
  CHECK(is(lock([&](auto& row) { row.holder = f.world.party("registry"); }), kBroken));
  CHECK(is(lock([](auto& row) { row.serials[0].last += 1; }), kBroken));
  CHECK(is(lock([](auto& row) { row.until = TimestampMs{1}; }), kBroken));
  CHECK(is(lock([](auto& row) { row.state = model::LockState::released; }), kBroken));
  CHECK(is(lock([](auto& row) { row.ended.reset(); }), kBroken));
  // In force without the custodian's consent, or with another's.
  Lie unasked;
  const auto own_entry = unasked.log.find<model::Lock>().front();
  unasked.log.erase_entry(unasked.approval_of(f.lock));
  unasked.log.erase_row(Lie::proposal_of(f.lock));
  CHECK(unasked.with<model::LockRow>(Lie::key_of(f.lock), [&](auto& row) {
    row.entry = own_entry;
  }) == "CERTIFICATE_LINK_BROKEN a lock took effect without approval");
  Lie own;
  CHECK(own.with<model::ProposalRow>(Lie::proposal_of(f.lock), [](auto& row) {
    row.approvals[0].party.reset();
  }) == "CERTIFICATE_LINK_BROKEN a lock lacks a party's consent");
  Lie others;
  others.log.record(others.approval_of(f.lock),
                    f.world.document("registry-2", "registry",
                                     others.log.body<model::Approve>(others.approval_of(f.lock))));
  CHECK(is(others.with<model::ProposalRow>(
               Lie::proposal_of(f.lock),
               [](auto& row) { row.approvals[0].key = LedgerWorld::public_key("registry-2"); }),
           kBroken));
  Lie rejected;
  auto body = rejected.log.body<model::Approve>(rejected.approval_of(f.lock));
  body.decision = model::Decision::reject;
  rejected.log.record(rejected.approval_of(f.lock),
                      f.world.document("custodian-2", "custodian", body));
  CHECK(is(rejected.reason(), kBroken));
  Lie same;
  same.log.change<model::KeyRow>(Lie::signer_key("custodian-2"),
                                 [](auto& row) { row.person = LedgerWorld::person("developer"); });
  CHECK(is(same.with<model::ProposalRow>(
               Lie::proposal_of(f.lock),
               [](auto& row) { row.approvals[0].person = LedgerWorld::person("developer"); }),
           kBroken));
  // The key was not in force, or its party not admitted, when it consented.
  const auto consent = Lie().approval_of(f.lock);
  CHECK(is(Lie().with<model::KeyRow>(Lie::signer_key("custodian-2"),
                                     [&](auto& row) { row.bound.until = consent; }),
           kNotAuthorised));
  CHECK(is(Lie().with<model::PartyRow>(
               Lie().party_key("custodian"),
               [&](auto& row) { row.standings.back().status = model::PartyStatus::suspended; }),
           kNotAuthorised));
}

TEST_CASE("a pledge is delivered by its custodian to its pledgee") {
  auto& f = Moved::shared();
  const auto by = [&](const std::string& signer, const std::string& party, auto change) {
    Lie lie;
    auto body = lie.log.body<model::Unlock>(lie.log.find<model::Unlock>().front());
    change(body);
    const auto id = model::TransferId::of(lie.log.record(lie.log.find<model::Unlock>().front(),
                                                         f.world.document(signer, party, body)));
    auto row = lie.log.row<model::TransferRow>(Lie::key_of(f.delivered));
    row.id = id;
    row.signer = LedgerWorld::public_key(signer);
    lie.log.erase_row(Lie::key_of(f.delivered));
    lie.log.put(Lie::key_of(id), row);
    return lie.reason();
  };
  const auto same = [](auto&) {};
  CHECK(by("custodian", "custodian", same).empty());
  CHECK(is(by("developer", "developer", same), kBroken));
  CHECK(is(by("buyer", "buyer", same), kBroken));
  CHECK(is(by("custodian-2", "custodian", same), kNotAuthorised));
  CHECK(is(by("custodian", "custodian", [](auto& body) { body.to = model::UnlockTo::holder; }),
           kBroken));
  CHECK(is(by("custodian", "custodian", [](auto& body) { body.lock = model::LockId{}; }), kBroken));
  const auto row = [&](const auto& change) {
    return Lie().with<model::TransferRow>(Lie::key_of(f.delivered), change);
  };
  CHECK(is(row([&](auto& moved) { moved.to = f.world.party("registry"); }), kBroken));
  CHECK(is(row([&](auto& moved) { moved.from = f.world.party("registry"); }), kBroken));
  CHECK(is(row([](auto& moved) { moved.serials[0].first += 1; }), kBroken));
  CHECK(is(row([](auto& moved) { moved.cause.reset(); }), kBroken));
  CHECK(is(row([](auto& moved) { moved.cause = model::LockId{}.text(); }), kMissing));
  CHECK(is(row([](auto& moved) { moved.settled.reset(); }), kBroken));
  CHECK(is(row([](auto& moved) { moved.kind.reset(); }), kMissing));
  CHECK(is(row([](auto& moved) { moved.kind = model::MovementKind::ordered; }), kMissing));
  CHECK(is(row([](auto& moved) { moved.kind = model::MovementKind::reversed; }), kMissing));
  CHECK(is(row([](auto& moved) { moved.kind = model::MovementKind::released; }), kMissing));
  CHECK(is(row([](auto& moved) { moved.kind = model::MovementKind::repaid; }), kMissing));
  CHECK(is(row([](auto& moved) { moved.state = model::TransferState::ended; }), kBroken));
}

TEST_CASE("an order is governance's, by as many seats as the threshold") {
  auto& f = Moved::shared();
  CHECK(is(Lie().without_entry<model::OrderTransfer>(), kMissing));
  CHECK(is(Lie().without_row(Lie::key_of(f.ordered)), kMissing));
  Lie alone;
  const auto own = alone.log.find<model::OrderTransfer>().front();
  alone.log.erase_entry(alone.approval_of(f.ordered));
  alone.log.erase_row(Lie::proposal_of(f.ordered));
  CHECK(alone.with<model::TransferRow>(Lie::key_of(f.ordered), [&](auto& row) {
    row.entry = own;
    row.settled = own;
  }) == "CERTIFICATE_LINK_BROKEN an ordered transfer took effect without approval");
  Lie few;
  CHECK(few.with<model::LedgerRow>(codec::ledger_key(), [](auto& row) { row.threshold = 3; })
            .find("too few approvals") != std::string::npos);
  const auto seat = [&](std::size_t which, EntryIndex until) {
    return Lie().with<model::LedgerRow>(
        codec::ledger_key(), [&](auto& row) { row.governance[which].in_force.until = until; });
  };
  CHECK(is(seat(0, own), kNotAuthorised));
  CHECK(is(seat(1, Lie().approval_of(f.ordered)), kNotAuthorised));
  // A party's act, however right otherwise.
  Lie party;
  const auto body = party.log.body<model::OrderTransfer>(own);
  party.log.record(own, f.world.document("registry", "registry", body));
  CHECK(is(party.reason(), kNotAuthorised));
  const auto row = [&](const auto& change) {
    return Lie().with<model::TransferRow>(Lie::key_of(f.ordered), change);
  };
  CHECK(is(row([&](auto& moved) { moved.to = f.world.party("registry"); }), kBroken));
  CHECK(is(row([](auto& moved) { moved.serials[0].last += 1; }), kBroken));
  CHECK(is(row([](auto& moved) { moved.cause = to_hex(Hash{}); }), kBroken));
}

TEST_CASE("what was undone has its undoing, and an undoing what it undid") {
  auto& f = Moved::shared();
  CHECK(is(Lie().without_entry<model::ReverseTransfer>(), kMissing));
  // The undoing is left out as if the second transfer had come by itself.
  Lie forgotten;
  forgotten.log.erase_entry(forgotten.approval_of(f.undoing));
  forgotten.log.erase_entry(forgotten.log.find<model::ReverseTransfer>().front());
  forgotten.log.erase_row(Lie::proposal_of(f.undoing));
  CHECK(is(forgotten.without_row(Lie::key_of(f.undoing)), kMissing));
  CHECK(is(Lie().with<model::TransferRow>(
               Lie::key_of(f.undone), [](auto& row) { row.state = model::TransferState::settled; }),
           kBroken));
  CHECK(is(Lie().without_row(Lie::key_of(f.undone)), kMissing));
  const auto row = [&](const auto& change) {
    return Lie().with<model::TransferRow>(Lie::key_of(f.undoing), change);
  };
  CHECK(is(row([&](auto& moved) { moved.to = f.world.party("registry"); }), kBroken));
  CHECK(is(row([](auto& moved) { std::swap(moved.to, moved.from); }), kBroken));
  CHECK(is(row([](auto& moved) { moved.serials[0].first += 1; }), kBroken));
  CHECK(is(row([&](auto& moved) { moved.cause = f.ordered.text(); }), kBroken));
  CHECK(is(row([](auto& moved) { moved.state = model::TransferState::reversed; }), kMissing));
}

TEST_CASE("a labelled purpose has its labels, in force on every serial") {
  auto& f = Moved::shared();
  const auto labels = Lie().log.find<model::Label>();
  REQUIRE(labels.size() == 2);
  Lie entry;
  entry.log.erase_entry(labels[0]);
  CHECK(is(entry.reason(), kMissing));
  // A whole label left out: what only it covered is uncovered.
  for (const auto& [at, id] : {std::pair(labels[0], f.label), {labels[1], f.second_label}}) {
    Lie left_out;
    left_out.log.erase_entry(at);
    CHECK(is(left_out.without_row(Lie::key_of(id)), kMissing));
  }
  const auto label = [&](const auto& change) {
    return Lie().with<model::LabelRow>(Lie::key_of(f.label), change);
  };
  CHECK(is(label([](auto& row) { row.label.serials[0].last += 1; }), kBroken));
  CHECK(is(label([](auto& row) { row.label.corsia->phase = "Second phase"; }), kBroken));
  CHECK(is(label([](auto& row) { row.label.kind = model::LabelKind::ccp; }), kBroken));
  CHECK(is(label([&](auto& row) { row.party = f.world.party("standard"); }), kBroken));
  CHECK(is(label([](auto& row) { row.label.until.reset(); }), kBroken));
  const auto retired = Lie().log.find<model::Retire>().front();
  CHECK(is(label([&](auto& row) { row.in_force.until = retired; }), kBroken));
  CHECK(label([&](auto& row) { row.in_force.until = retired.next(); }).empty());
  CHECK(is(label([&](auto& row) { row.in_force.from = retired; }), kMissing));
  CHECK(is(label([&](auto& row) { row.in_force.from = EntryIndex{0}; }), kBroken));
  // Given by somebody who may not.
  CHECK(is(Lie().with<model::PartyRow>(Lie().party_key("authority"),
                                       [](auto& row) {
                                         for (auto& standing : row.standings)
                                           standing.roles = {model::Role::buyer};
                                       }),
           kNotAuthorised));
  // Recorded when the label was over.
  Lie late;
  const auto at = late.log.find<model::Retire>().front();
  late.log.change_entry(at, [](codec::ActEntry& given) {
    given.recorded_at = TimestampMs{given.recorded_at.value() + 1'000};
  });
  late.log.summary().recorded_at = TimestampMs{late.log.summary().recorded_at.value() + 1'000};
  CHECK(is(late.reason(), kBroken));
}

TEST_CASE("a label of other serials or of another kind is spare") {
  auto& f = Moved::shared();
  const auto add = [&](auto change) {
    Lie lie;
    auto row = lie.log.row<model::LabelRow>(Lie::key_of(f.label));
    change(row.label);
    const EntryIndex at{row.in_force.from.value()};  // a free place behind the label's entry
    const auto document = f.world.document("authority", "authority", row.label);
    row.id = model::LabelId::of(crypto::sha256(as_bytes(document)));
    row.in_force.from = at.next();
    codec::ActEntry entry =
        std::get<codec::ActEntry>(*codec::decode_entry(lie.log.bytes(EntryIndex{at.value() - 1})));
    entry.document = document;
    lie.log.put_entry(at, *codec::encode_entry(entry));
    lie.log.put(Lie::key_of(row.id), row);
    return lie.reason();
  };
  CHECK(is(add([&](auto& label) { label.serials = {{f.flow.batch, 101, 200}}; }), kSpare));
  CHECK(is(add([](auto& label) {
             label.kind = model::LabelKind::ccp;
             label.corsia.reset();
           }),
           kSpare));
  CHECK(add([](auto&) {}).empty());
}

TEST_CASE("a retirement for another purpose carries no label") {
  auto& f = Moved::shared();
  const auto id = f.flow.retire("buyer", 1);
  auto certificate = node::build_certificate(*f.world.node().reader(), id, f.policy_text);
  REQUIRE(certificate.ok());
  for (const auto& part : certificate->state) CHECK(part.row != "label");
  CHECK(f.reason(*codec::encode_certificate(*certificate)).empty());
}
