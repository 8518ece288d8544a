// A ledger with one batch of a hundred units that the developer holds, and everybody who may touch
// them.
#pragma once

#include "tests/support/signed_world.h"

namespace mrv::test {

struct UnitsWorld : SignedWorld {
  explicit UnitsWorld(const model::Genesis& genesis = genesis_of(2, 2),
                      const model::ProgrammePolicy& policy = open_policy())
      : SignedWorld(genesis) {
    using model::Role;
    party("registry", {Role::registry});
    party("authority", {Role::authority});
    party("dev", {Role::developer});
    party("buyer", {Role::buyer});
    party("other", {Role::buyer});
    party("bank", {Role::custodian});
    batch = give_units("dev", 100, 1, policy);
  }

  static model::ProgrammePolicy policy_with(model::GovernedAct act, std::int64_t approvals) {
    auto policy = open_policy();
    policy.approvals = {{act, approvals}};
    return policy;
  }
  // The same where no unit may change its holder.
  static model::ProgrammePolicy fixed_policy() {
    auto policy = open_policy();
    policy.transferable = false;
    return policy;
  }

  [[nodiscard]] model::Leg quantity(Units units) const {
    return {batch, std::nullopt, std::nullopt, units};
  }
  [[nodiscard]] model::Leg range(Units first, Units last) const {
    return {batch, first, last, std::nullopt};
  }

  // The outcome and where; empty when it was accepted.
  static std::string told(const Answer& answer) { return answer.name + answer.pointer; }
  std::string refused(const std::string& party, model::ActBody body) {
    return told(submit(party, party, std::move(body)));
  }
  std::string refused_to_governance(model::ActBody body) {
    return told(submit("gov1", "", std::move(body)));
  }
  // An act of `party` and the consent of another party's `approve` key; the act's digest.
  Hash agreed(const std::string& party, const std::string& with, model::ActBody body) {
    const auto proposed = accept(submit(party, party, std::move(body)));
    REQUIRE(proposed.proposal.has_value());
    accept(approve(with + "-2", with, proposed.digest));
    CHECK(proposal_state(proposed.digest) == model::ProposalState::approved);
    return proposed.digest;
  }
  // Four eyes of an account, as SetAccountPolicy leaves them.
  void four_eyes(const std::string& party) {
    model::AccountPolicyRow row;
    row.party = id(party);
    row.versions.emplace_back();
    row.versions[0].four_eyes = true;
    put(codec::account_policy_key(row.party), row);
  }
  // The account again as before SetAccountPolicy.
  void two_eyes(const std::string& party) {
    auto row = get<model::AccountPolicyRow>(codec::account_policy_key(id(party)));
    row.versions[0].four_eyes = false;
    put(codec::account_policy_key(row.party), row);
  }

  [[nodiscard]] model::HoldingRow holding(const std::string& party) const {
    const auto row = find<model::HoldingRow>(codec::holding_key(id(party), batch));
    return row.value_or(model::HoldingRow{id(party), batch, 0, 0, 0, 0});
  }
  // The batch's runs, each as "first-last state holder", the holder by the name it has here.
  [[nodiscard]] std::vector<std::string> runs() const {
    std::vector<std::string> texts;
    for (const auto& run : all<model::SerialRow>()) {
      if (run.batch != batch) continue;
      texts.push_back(std::to_string(run.first) + "-" + std::to_string(run.last) + " " +
                      std::string(model::name_of(run.state)) + " " + name_of(run.holder));
    }
    return texts;
  }
  [[nodiscard]] std::string name_of(const std::optional<model::PartyId>& party) const {
    if (!party) return "nobody";
    for (const std::string name : {"registry", "authority", "dev", "buyer", "other", "bank"}) {
      if (id(name) == *party) return name;
    }
    return party->text();
  }

  model::TransferId transferred(const std::string& from, const std::string& to,
                                std::vector<model::Leg> legs, bool settled = true) {
    model::Transfer act;
    act.legs = std::move(legs);
    act.to = id(to);
    act.expires = TimestampMs{now.value() + 600'000};
    accept(submit(from, from, act));
    const auto transfer = model::TransferId::of(last_digest());
    if (settled) accept(submit(to, to, model::AcceptTransfer{transfer}));
    return transfer;
  }
  [[nodiscard]] model::TransferRow transfer(const model::TransferId& transfer) const {
    return get<model::TransferRow>(codec::transfer_key(transfer));
  }

  [[nodiscard]] model::Lock lock_body(std::vector<model::Leg> legs) const {
    model::Lock act;
    act.legs = std::move(legs);
    act.custodian = id("bank");
    act.reason = "security for a loan";
    return act;
  }
  model::LockId locked(const model::Lock& act) {
    return model::LockId::of(agreed("dev", "bank", act));
  }
  [[nodiscard]] model::LockRow lock(const model::LockId& lock) const {
    return get<model::LockRow>(codec::lock_key(lock));
  }
  // Whether the custodian's index has the lock.
  [[nodiscard]] bool in_custody(const model::LockId& lock) const {
    return rows().contains(codec::pair_key(codec::kCustodianLockTag, id("bank"), lock));
  }

  // Whether a certificate would find the transfer among those that settled in the batch.
  [[nodiscard]] bool is_followed(const model::TransferRow& row) const {
    if (!row.settled) return false;
    const auto found = rows().find(codec::settled_transfer_key(batch, *row.settled));
    return found != rows().end() && found->second == codec::transfer_key(row.id);
  }

  model::BatchId batch;
};

}  // namespace mrv::test
