// The history's chapters on units: locked, exported, converted, cancelled, labelled, moved by
// order.
#include "tests/support/all_acts.h"

namespace mrv::test {
namespace {

// Serials of the developer's that no other chapter names.
constexpr Units kFirst = 100'001;
constexpr Units kTen = 10;

}  // namespace

model::Leg AllActs::serials(Units first, Units last) const {
  return {flow_.batch, first, last, std::nullopt};
}

// An act and the consent of another party.
Hash AllActs::agreed(const std::string& party, const std::string& with, model::ActBody body) {
  const Hash digest = accepted(party, std::move(body));
  LedgerWorld::expect(world_.approve(with + "-2", with, digest));
  return digest;
}

void AllActs::lock_and_leave() {
  world_.register_party("custodian", {model::Role::custodian});
  model::Lock act;
  act.custodian = world_.party("custodian");
  act.reason = "security for a loan";
  const auto lock = [&](Units first) {
    act.legs = {serials(first, first + kTen - 1)};
    return model::LockId::of(agreed("developer", "custodian", act));
  };
  const auto released = lock(kFirst);
  act.pledgee = world_.party("buyer");
  const auto delivered = lock(kFirst + kTen);
  act.pledgee.reset();
  const auto exported = lock(kFirst + 2 * kTen);
  accepted("custodian", model::Unlock{released, model::UnlockTo::holder, "paid back"});
  accepted("custodian", model::Unlock{delivered, model::UnlockTo::pledgee, "not paid back"});
  agreed("developer", "custodian", model::Export{exported, "ACR", "ACR-2026-0017"});
  model::Convert convert;
  convert.holder = world_.party("developer");
  convert.legs = {serials(kFirst + 3 * kTen, kFirst + 4 * kTen - 1)};
  convert.scheme = "National emissions trading scheme";
  convert.reference = "ETS-2026-000042";
  const Hash digest = accepted("registry", convert);
  LedgerWorld::expect(world_.approve("registry-2", "registry", digest));
  LedgerWorld::expect(world_.approve("developer-2", "developer", digest));
}

void AllActs::cancel_units() {
  model::Cancel act;
  act.kind = model::CancellationKind::mitigation;
  act.legs = {serials(kFirst + 4 * kTen, kFirst + 5 * kTen - 1)};
  act.reason = "overall mitigation in global emissions";
  accepted("developer", act);
  act.kind = model::CancellationKind::administrative;
  act.legs = {serials(kFirst + 5 * kTen, kFirst + 5 * kTen)};
  act.holder = world_.party("developer");
  act.reason = "order of the supervisory authority";
  flow_.governed(act);
}

// The pledge that was delivered is used for a purpose that needs a label.
void AllActs::label_and_retire() {
  world_.register_party("authority", {model::Role::authority});
  model::Label act;
  act.kind = model::LabelKind::corsia;
  act.serials = {{flow_.batch, kFirst, kFirst + 100 * kTen}};
  act.from = TimestampMs{kWorldStartMs};
  act.until = TimestampMs{4'000'000'000'000};
  act.corsia = model::CorsiaLabel{"First phase 2024-2026"};
  accepted("authority", act);
  act.kind = model::LabelKind::ccp;
  act.corsia.reset();
  const auto ended = model::LabelId::of(accepted("standard", act));
  accepted("standard", model::Unlabel{ended, "the category is under review"});
  auto retire = flow_.retire_body(0);
  retire.legs = {serials(kFirst + kTen, kFirst + 2 * kTen - 1)};
  retire.purpose = model::RetirementPurpose::corsia;
  const auto retirement = model::RetirementId::of(accepted("buyer", retire));
  model::AnnotateRetirement note;
  note.retirement = retirement;
  note.note = "used for the flights of 2025";
  accepted("buyer", note);
  note.note = "the beneficiary's name was misspelt";
  note.beneficiary = flow_.retire_body(0).beneficiary;
  note.beneficiary->organisation->name = "Green Bridge Ltd";
  note.digest = Hash{7};
  flow_.approved("registry", note);
}

void AllActs::move_by_order() {
  model::OrderTransfer order;
  order.from = world_.party("developer");
  order.to = world_.party("buyer");
  order.legs = {serials(kFirst + 6 * kTen, kFirst + 7 * kTen - 1)};
  order.order_digest = Hash{8};
  order.reason = "judgment of the intermediate court";
  flow_.governed(order);
  const auto wrong = flow_.transfer("developer", "buyer", kTen);
  flow_.governed(model::ReverseTransfer{wrong, Hash{9}, "sent in error"});
}

}  // namespace mrv::test
