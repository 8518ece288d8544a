// Export and Convert: consent, receipts that count once, and units that never come back.
#include "tests/support/pointers.h"
#include "tests/support/units_world.h"

using namespace mrv;
using model::LockState;
using model::PartyStatus;
using model::ProposalState;
using model::Role;
using test::kLock;
using test::kMethod;
using test::UnitsWorld;

namespace {

struct DeparturesWorld : UnitsWorld {
  using UnitsWorld::UnitsWorld;

  model::LockId lock_of(Units first, Units last) { return locked(lock_body({range(first, last)})); }
  static model::Export export_of(const model::LockId& lock, const std::string& receipt = "R-1") {
    return {lock, "ACR", receipt};
  }
  [[nodiscard]] model::Convert conversion(std::vector<model::Leg> legs,
                                          const std::string& reference = "C-1") const {
    return {id("dev"), std::move(legs), "national-ets", reference};
  }
  // The holder's own second person approves, too.
  model::LockId locked_with_four_eyes(const model::Lock& act, const std::string& custodian_key) {
    const auto proposed = accept(submit("dev", "dev", act));
    accept(approve(custodian_key, "bank", proposed.digest));
    accept(approve("dev-2", "dev", proposed.digest));
    return model::LockId::of(proposed.digest);
  }
  // The registry's act, its second person's approval and the holder's consent.
  Hash converted(const model::Convert& act) {
    const auto proposed = accept(submit("registry", "registry", act));
    accept(approve("registry-2", "registry", proposed.digest));
    accept(approve("dev-2", "dev", proposed.digest));
    return proposed.digest;
  }
};

}  // namespace

TEST_CASE("locked units are exported where the custodian consents") {
  DeparturesWorld world;
  const auto lock = world.lock_of(1, 10);
  const auto proposed = world.accept(world.submit("dev", "dev", DeparturesWorld::export_of(lock)));
  REQUIRE(proposed.proposal);
  CHECK(world.lock(lock).state == LockState::in_force);
  CHECK(UnitsWorld::told(world.approve("buyer-2", "buyer", proposed.digest)) ==
        "APPROVER_NOT_ALLOWED/issuer/party");
  const auto done = world.accept(world.approve("bank-2", "bank", proposed.digest));
  const auto row =
      world.get<model::ExportRow>(codec::export_key(model::ExportId::of(proposed.digest)));
  CHECK(row.entry == done.index);
  CHECK(row.holder == world.id("dev"));
  CHECK(row.lock == lock);
  CHECK(row.serials == world.lock(lock).serials);
  CHECK(row.registry == "ACR");
  CHECK(row.receipt == "R-1");
  CHECK(world.lock(lock).state == LockState::exported);
  CHECK(world.lock(lock).ended == done.index);
  CHECK(!world.in_custody(lock));
  CHECK(world.holding("dev").locked == 0);
  CHECK(world.holding("dev").active == 90);
  CHECK(world.runs() == std::vector<std::string>{"1-10 exported dev", "11-100 active dev"});
  CHECK(world.all<model::SerialRow>()[0].reference == row.id.text());
  // Terminal: nobody moves them any more.
  CHECK(world.refused("bank", model::Unlock{lock, model::UnlockTo::holder, "no"}) ==
        std::string("LOCK_ENDED") + kLock);
  CHECK(world.refused("dev", world.lock_body({world.range(10, 10)})) ==
        "UNITS_NOT_HELD/credentialSubject/legs/0");
}

TEST_CASE("what an export is refused for, in the order of the rules") {
  auto genesis = UnitsWorld::genesis_of(2, 2);
  genesis.delays.new_key_seconds = 100;
  genesis.foreign_registries = {"ACR", "TEST"};
  DeparturesWorld world(genesis);
  world.pass(200'000);
  const auto used = world.lock_of(1, 10);
  world.agreed("dev", "bank", DeparturesWorld::export_of(used));
  const auto lock = world.lock_of(11, 20);
  world.bind("dev", "dev-new", {model::KeyPurpose::initiate});
  auto act = DeparturesWorld::export_of(model::LockId{{9}});
  act.registry = "VERRA";
  CHECK(UnitsWorld::told(world.submit("dev-new", "dev", act)) ==
        std::string("KEY_TOO_NEW") + kMethod);
  CHECK(world.refused("dev", act) == std::string("LOCK_UNKNOWN") + kLock);
  act.lock = used;
  for (const std::string name : {"bank", "other", "registry"}) {
    CHECK(world.refused(name, act) == std::string("LOCK_NOT_YOURS") + kLock);
  }
  CHECK(world.refused("dev", act) == std::string("LOCK_ENDED") + kLock);
  act.lock = lock;
  constexpr const char* kRegistry = "FOREIGN_REGISTRY_UNKNOWN/credentialSubject/registry";
  CHECK(world.refused("dev", act) == kRegistry);
  act.registry = "TEST";  // this ledger's own code
  CHECK(world.refused("dev", act) == kRegistry);
  act.registry = "ACR";
  CHECK(world.refused("dev", act) == "RECEIPT_REUSED/credentialSubject/receipt");
  act.receipt = "R-2";
  CHECK(world.accept(world.submit("dev", "dev", act)).proposal);
}

TEST_CASE("two exports wait under one receipt, and one of them gets it") {
  DeparturesWorld world;
  const auto a = world.lock_of(1, 10);
  const auto b = world.lock_of(11, 20);
  const auto first = world.accept(world.submit("dev", "dev", DeparturesWorld::export_of(a)));
  const auto second = world.accept(world.submit("dev", "dev", DeparturesWorld::export_of(b)));
  world.accept(world.approve("bank-2", "bank", first.digest));
  CHECK(UnitsWorld::told(world.approve("bank-2", "bank", second.digest)) ==
        "RECEIPT_REUSED/credentialSubject/proposal");
  CHECK(world.lock(b).state == LockState::in_force);
  CHECK(world.proposal_state(second.digest) == ProposalState::open);
}

TEST_CASE("one receipt text counts once for each registry, and apart from conversions") {
  auto genesis = UnitsWorld::genesis_of(2, 2);
  genesis.foreign_registries = {"ACR", "VERRA"};
  DeparturesWorld world(genesis);
  auto act = DeparturesWorld::export_of(world.lock_of(1, 10), "R-1");
  world.agreed("dev", "bank", act);
  act.lock = world.lock_of(11, 20);
  act.registry = "VERRA";
  world.agreed("dev", "bank", act);
  auto conversion = world.conversion({world.range(21, 30)}, "R-1");
  conversion.scheme = "ACR";
  world.converted(conversion);
  CHECK(world.refused("registry", conversion) == "RECEIPT_REUSED/credentialSubject/reference");
  conversion.scheme = "VERRA";
  conversion.legs = {world.range(31, 40)};
  world.converted(conversion);
  CHECK(world.all<model::ReceiptRow>().size() == 4);
}

TEST_CASE("an export waits again when the custodian has lost its key or standing meanwhile") {
  DeparturesWorld world;
  world.bind("bank", "bank-3", {model::KeyPurpose::approve});
  const auto lock = world.lock_of(1, 10);
  world.four_eyes("dev");
  const auto proposed = world.accept(world.submit("dev", "dev", DeparturesWorld::export_of(lock)));
  world.accept(world.approve("bank-2", "bank", proposed.digest));
  world.accept(world.governed(
      model::RevokeKey{UnitsWorld::public_key("bank-2"), model::RevocationReason::compromised}));
  world.accept(world.approve("dev-2", "dev", proposed.digest));
  CHECK(world.lock(lock).state == LockState::in_force);
  world.accept(world.approve("bank-3", "bank", proposed.digest));
  CHECK(world.lock(lock).state == LockState::exported);

  const auto second = world.locked_with_four_eyes(world.lock_body({world.range(11, 20)}), "bank-3");
  const auto again =
      world.accept(world.submit("dev", "dev", DeparturesWorld::export_of(second, "R-2")));
  world.accept(world.approve("bank-3", "bank", again.digest));
  world.set_status("bank", PartyStatus::suspended);
  world.accept(world.approve("dev-2", "dev", again.digest));
  CHECK(world.lock(second).state == LockState::in_force);
  CHECK(world.proposal_state(again.digest) == ProposalState::open);
}

TEST_CASE("units are converted by the registry, with a second person and the holder's consent") {
  DeparturesWorld world;
  const auto act = world.conversion({world.quantity(10), world.range(51, 60)});
  const auto proposed = world.accept(world.submit("registry", "registry", act));
  REQUIRE(proposed.proposal);
  const auto by = [&](const std::string& signer, const std::string& party) {
    return UnitsWorld::told(world.approve(signer, party, proposed.digest));
  };
  CHECK(by("buyer-2", "buyer") == "APPROVER_NOT_ALLOWED/issuer/party");
  CHECK(by("dev", "dev") == std::string("KEY_PURPOSE_MISSING") + kMethod);
  CHECK(by("dev-2", "dev").empty());
  CHECK(world.proposal_state(proposed.digest) == ProposalState::open);
  CHECK(world.holding("dev").active == 100);
  CHECK(by("registry-2", "registry").empty());
  const auto row = world.get<model::ConversionRow>(
      codec::conversion_key(model::ConversionId::of(proposed.digest)));
  CHECK(row.holder == world.id("dev"));
  CHECK(row.scheme == "national-ets");
  CHECK(row.reference == "C-1");
  CHECK(row.entry == EntryIndex{world.size() - 1});
  CHECK(row.serials ==
        std::vector<model::SerialRange>{{world.batch, 1, 10}, {world.batch, 51, 60}});
  CHECK(world.runs() == std::vector<std::string>{"1-10 converted dev", "11-50 active dev",
                                                 "51-60 converted dev", "61-100 active dev"});
  CHECK(world.all<model::SerialRow>()[0].reference == row.id.text());
  CHECK(world.holding("dev").active == 80);
  model::Retire retire;
  retire.legs = {world.range(1, 1)};
  retire.beneficiary =
      model::Beneficiary{model::Organisation{"Green Bridge", "CN", {}, {}}, std::nullopt};
  CHECK(world.refused("dev", retire) == "UNITS_NOT_HELD/credentialSubject/legs/0");
}

TEST_CASE("what a conversion is refused for, in the order of the rules") {
  DeparturesWorld world;
  world.converted(world.conversion({world.quantity(10)}));
  auto act = world.conversion({world.quantity(91)});
  act.holder = model::PartyId{{9}};
  CHECK(world.refused("dev", act) == "ROLE_MISSING/issuer/party");
  CHECK(world.refused("registry", act) == "PARTY_UNKNOWN/credentialSubject/holder");
  act.holder = world.id("dev");
  CHECK(world.refused("registry", act) == "RECEIPT_REUSED/credentialSubject/reference");
  act.reference = "C-2";
  CHECK(world.refused("registry", act) == "UNITS_NOT_HELD/credentialSubject/legs/0");
  act.legs[0].quantity = 90;
  CHECK(world.accept(world.submit("registry", "registry", act)).proposal);
}

TEST_CASE("a holder consents to a conversion while it is admitted, by a seasoned key") {
  auto genesis = UnitsWorld::genesis_of(2, 2);
  genesis.delays.new_key_seconds = 100;
  DeparturesWorld world(genesis);
  world.pass(200'000);
  world.bind("dev", "dev-3", {model::KeyPurpose::approve});
  const auto proposed =
      world.accept(world.submit("registry", "registry", world.conversion({world.quantity(1)})));
  CHECK(UnitsWorld::told(world.approve("dev-3", "dev", proposed.digest)) ==
        std::string("KEY_TOO_NEW") + kMethod);
  world.set_status("dev", PartyStatus::frozen);
  CHECK(UnitsWorld::told(world.approve("dev-2", "dev", proposed.digest)) ==
        "PARTY_FROZEN/issuer/party");
  world.set_status("dev", PartyStatus::admitted);
  world.accept(world.approve("dev-2", "dev", proposed.digest));
  world.set_status("dev", PartyStatus::frozen);
  world.accept(world.approve("registry-2", "registry", proposed.digest));
  CHECK(world.proposal_state(proposed.digest) == ProposalState::open);
  CHECK(world.all<model::ConversionRow>().empty());
  world.set_status("dev", PartyStatus::admitted);
  world.accept(world.approve("dev-2", "dev", proposed.digest));
  CHECK(world.all<model::ConversionRow>().size() == 1);
}
