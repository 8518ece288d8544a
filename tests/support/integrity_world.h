// A programme with a buffer pool, two projects of two developers and what they were issued, for
// tests of what follows when tonnes turn out not to be there.
#pragma once

#include "ledger/state/pool.h"
#include "tests/support/conservation.h"
#include "tests/support/state_world.h"

namespace mrv::test {

struct IntegrityWorld : StateWorld {
  using Role = model::Role;
  model::PartyId registry = party(1, {Role::registry});
  model::PartyId developer = party(2, {Role::developer});
  model::PartyId other = party(3, {Role::developer});
  model::PartyId vvb = party(4, {Role::vvb});
  model::PartyId buyer = party(5, {Role::buyer});
  model::PartyId bank = party(6, {Role::custodian});
  model::ProgrammeRow programme;
  model::ProjectId project = add_project(1, developer);
  model::ProjectId neighbour = add_project(2, other);
  model::ReportId report = add_report(1, project);

  IntegrityWorld() {
    programme = add_programme(1);
    policy().integrity = model::IntegrityPolicy{};
    store();
  }

  model::ProgrammeRow add_programme(std::uint8_t number) {
    model::ProgrammeRow row;
    row.id = model::ProgrammeId{{number}};
    row.code = "P" + std::to_string(number);
    row.name.en = "Programme";
    row.policies = {{{EntryIndex{0}, std::nullopt}, {}}};
    auto& policy = row.policies[0].policy;
    policy.accepted_opinions = {model::Opinion::unmodified};
    policy.buffer_rate = {"0.25"};
    policy.capacity_margin = {"1"};
    put(codec::programme_key(row.id), row);
    return row;
  }
  model::ProgrammePolicy& policy() { return programme.policies[0].policy; }
  model::IntegrityPolicy& integrity() { return *policy().integrity; }
  void store() { put(codec::programme_key(programme.id), programme); }

  model::ProjectId add_project(std::uint8_t number, const model::PartyId& by,
                               std::uint8_t of_programme = 1) {
    model::ProjectRow row;
    row.id = model::ProjectId{{number}};
    row.developer = by;
    row.programme = model::ProgrammeId{{of_programme}};
    row.activity_type = "storage";
    row.sector = "ccs";
    row.name.en = "Field " + std::to_string(number);
    row.country = "CN";
    row.crediting_period = {{20'000}, {24'000}};
    row.capacity_per_year = 1'000'000;
    row.state = model::ProjectState::registered;
    row.code = "F" + std::to_string(number);
    put(codec::project_key(row.id), row);
    return row.id;
  }
  model::ProjectRow project_row() const {
    return get<model::ProjectRow>(codec::project_key(project));
  }
  void set_project_state(model::ProjectState value) {
    auto row = project_row();
    row.state = value;
    put(codec::project_key(project), row);
  }

  model::ReportId add_report(std::uint8_t number, const model::ProjectId& of) {
    model::ReportRow row;
    row.id = model::ReportId{{number}};
    row.project = of;
    row.period = {{19'900 + 100 * number}, {20'000 + 100 * number}};  // one after the other
    row.engine_version = "1";
    row.vintages = {{2025, "100", std::nullopt, 100, 100}};
    put(codec::report_key(row.id), row);
    return row.id;
  }

  // A batch as IssueCredits leaves it: the developer's serials first, then the buffer's.
  model::BatchId add_batch(std::uint8_t number, const model::ProjectId& of, std::int64_t vintage,
                           Units quantity, Units buffer) {
    model::BatchRow row;
    row.id = model::BatchId{{number}};
    row.report = report;
    row.project = of;
    row.vintage = vintage;
    row.prefix = "TEST-P-CN-F-2025-" + std::to_string(number);
    row.quantity = quantity;
    row.buffer = buffer;
    row.issued_at = now;
    change([&](state::Context& context) {
      const auto owner = context.read<model::ProjectRow>(codec::project_key(of));
      row.programme = owner->programme;
      row.developer = owner->developer;
      row.entry = context.index();
      context.write(codec::batch_key(row.id), row);
      state::index_batch(context, row);
      const Units own = quantity - buffer;
      if (own > 0) state::create_units(context, {row.id, 1, own}, active(row.developer));
      if (buffer == 0) return;
      state::create_units(context, {row.id, own + 1, quantity}, in_pool());
      REQUIRE(!state::grow_pool(context, row.programme, buffer, {}));
    });
    return row.id;
  }
  model::BatchRow batch_row(const model::BatchId& batch) const {
    return get<model::BatchRow>(codec::batch_key(batch));
  }

  static state::Place active(const model::PartyId& holder) {
    return {model::UnitState::active, holder, std::nullopt};
  }
  static state::Place in_pool() { return {model::UnitState::buffer, std::nullopt, std::nullopt}; }

  // The act, and that nothing was lost by it.
  template <class Body>
  Verdict act(const model::PartyId& by, Body body) {
    auto verdict = run(by, std::move(body));
    check_conservation(state());
    return verdict;
  }
  template <class Body>
  std::string told(const model::PartyId& by, Body body) {
    return told(act(by, std::move(body)));
  }
  // The outcome and where; empty when it was accepted.
  static std::string told(const Verdict& verdict) {
    return verdict.check ? verdict.name() + verdict.check->pointer : "";
  }

  void move(const model::SerialRange& range, const state::Place& from, const state::Place& to) {
    change([&](state::Context& context) { state::move_units(context, range, from, to); });
  }
  void retire(const model::SerialRange& range, const model::PartyId& holder) {
    move(range, active(holder), {model::UnitState::retired, holder, "ret_1"});
  }

  // A transfer that waits, by its own act.
  model::TransferId offer(const model::PartyId& from, std::vector<model::Leg> legs) {
    model::Transfer body;
    body.legs = std::move(legs);
    body.to = buyer;
    body.expires = TimestampMs{now.value() + 1'000'000'000'000};
    REQUIRE(act(from, body).ok());
    return model::TransferId::of(digest());
  }
  // A lock in force, as Lock leaves it.
  model::LockId lock(const model::PartyId& holder, std::vector<model::SerialRange> serials) {
    model::LockRow row;
    row.holder = holder;
    row.custodian = bank;
    row.serials = std::move(serials);
    change([&](state::Context& context) {
      row.id.bytes = {77, static_cast<std::uint8_t>(context.index().value() >> 8U),
                      static_cast<std::uint8_t>(context.index().value())};
      row.entry = context.index();
      const state::Place locked{model::UnitState::locked, holder, row.id.text()};
      for (const auto& range : row.serials) {
        state::move_units(context, range, active(holder), locked);
      }
      context.write(codec::lock_key(row.id), row);
      context.overlay().put(codec::pair_key(codec::kCustodianLockTag, bank, row.id), Bytes{});
    });
    check_conservation(state());
    return row.id;
  }

  model::ObligationRow obligation(const model::ObligationId& id) const {
    return get<model::ObligationRow>(codec::obligation_key(id));
  }
  Units pool() const {
    const auto row = state().get(codec::pool_key(programme.id));
    return row ? codec::decode_row<model::PoolRow>(*row)->units : 0;
  }
  // The batch's runs, each as "first-last state", with the kind of object that a reference names.
  std::vector<std::string> runs(const model::BatchId& batch) const {
    std::vector<std::string> texts;
    for (const auto& run : all<model::SerialRow>()) {
      if (run.batch != batch) continue;
      std::string text = std::to_string(run.first) + "-" + std::to_string(run.last) + " " +
                         std::string(model::name_of(run.state));
      if (run.reference) text += " " + run.reference->substr(0, 3);
      texts.push_back(std::move(text));
    }
    return texts;
  }
  void pass(std::int64_t ms) { now = TimestampMs{now.value() + ms}; }
};

using Runs = std::vector<std::string>;

}  // namespace mrv::test
