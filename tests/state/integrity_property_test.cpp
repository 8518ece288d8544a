// Random programs over reversals, invalidations, defaults, repayments, compensations and releases,
// beside a plain list of where each serial is: what the pool pays, and with what, is what the page
// says; what is owed is what was taken on less what was made good.
#include <random>
#include <tuple>

#include <doctest/doctest.h>

#include "ledger/state/obligations.h"
#include "tests/support/integrity_world.h"

using namespace mrv;
using model::ObligationId;
using model::SerialRange;
using model::UnitState;
using test::IntegrityWorld;

namespace {

constexpr Units kQuantity = 24;
constexpr Units kBuffer = 8;

// One batch of the plain model.
struct PlainBatch {
  model::BatchId id;
  model::ProjectId project;
  std::int64_t vintage = 0;
  std::vector<UnitState> serials;
  std::vector<bool> invalidated;
  [[nodiscard]] Units count(UnitState state) const {
    return static_cast<Units>(std::count(serials.begin(), serials.end(), state));
  }
};

struct PlainDebt {
  ObligationId id;
  model::PartyId party;
  Units quantity = 0;
  Units owed = 0;
  Units to_pool = 0;
  Units made_good = 0;
  bool defaulted = false;
  bool from_reversal = false;
  std::set<model::BatchId> names;
};

class Program {
 public:
  explicit Program(std::uint32_t seed) : random_(seed) {
    world_.integrity().obligation_seconds = 1;
    world_.integrity().release_after_seconds = 0;
    world_.integrity().release_share = model::DecimalText{"0.5"};
    world_.store();
    // Creation order is neither that of ids nor that of vintages.
    add(4, world_.project, 2025);
    add(2, world_.neighbour, 2024);
    add(3, world_.project, 2024);
    add(1, world_.neighbour, 2025);
  }

  void step() {
    world_.pass(static_cast<std::int64_t>(below(1'500)));
    switch (below(9)) {
      case 0:
      case 1:
        return reverse();
      case 2:
        return declare_default();
      case 3:
      case 4:
        return repay();
      case 5:
        return compensate();
      case 6:
        return invalidate();
      case 7:
        return release();
      default:
        return leave();
    }
  }

  void check() {
    test::check_conservation(world_.state());
    Units pooled = 0;
    for (const auto& batch : batches_) {
      pooled += batch.count(UnitState::buffer);
      std::vector<UnitState> stored;
      world_.look([&](state::Context& context) {
        for (const auto& run : state::runs_in(context, {batch.id, 1, kQuantity})) {
          stored.insert(stored.end(), static_cast<std::size_t>(size_of(run.range)),
                        run.place.state);
        }
      });
      CHECK(stored == batch.serials);
    }
    CHECK(world_.pool() == pooled);
    for (const auto& debt : debts_) {
      const auto row = world_.obligation(debt.id);
      CHECK(row.party == debt.party);
      CHECK(row.owed == debt.owed);
      CHECK(row.owed_to_pool == debt.to_pool);
      CHECK(row.quantity == row.owed + row.owed_to_pool + debt.made_good);
    }
  }

  [[nodiscard]] const std::map<std::string, int>& outcomes() const { return outcomes_; }

 private:
  static Units size_of(const SerialRange& range) { return range.last - range.first + 1; }
  std::size_t below(std::size_t limit) { return random_() % limit; }
  Units amount(Units most) { return 1 + static_cast<Units>(below(static_cast<std::size_t>(most))); }

  void add(std::uint8_t number, const model::ProjectId& project, std::int64_t vintage) {
    PlainBatch batch;
    batch.id = world_.add_batch(number, project, vintage, kQuantity, kBuffer);
    batch.project = project;
    batch.vintage = vintage;
    batch.serials.assign(kQuantity - kBuffer, UnitState::active);
    batch.serials.resize(kQuantity, UnitState::buffer);
    batch.invalidated.resize(kQuantity);
    batches_.push_back(std::move(batch));
  }
  PlainBatch& any_batch() { return batches_[below(batches_.size())]; }
  model::PartyId developer_of(const model::ProjectId& project) const {
    return project == world_.project ? world_.developer : world_.other;
  }
  bool took(const std::string& kind, const std::string& told) {
    outcomes_[kind + (told.empty() ? "" : " " + told.substr(0, told.find('/')))] += 1;
    return told.empty();
  }

  // The pool pays serial by serial: the project's own batches, then all, by vintage and creation.
  Units pay(const model::ProjectId& project, Units quantity) {
    std::vector<PlainBatch*> order;
    for (auto& batch : batches_) order.push_back(&batch);
    // All batches lie in one vector, in the order of their creation.
    const auto rank = [&](const PlainBatch* batch) {
      return std::tuple(batch->project != project, batch->vintage, batch - batches_.data());
    };
    std::sort(order.begin(), order.end(),
              [&](const PlainBatch* a, const PlainBatch* b) { return rank(a) < rank(b); });
    Units paid = 0;
    for (auto* batch : order) {
      for (auto& serial : batch->serials) {
        if (serial != UnitState::buffer || paid == quantity) continue;
        serial = UnitState::cancelled;
        ++paid;
      }
    }
    return paid;
  }

  void owe(const model::PartyId& party, Units quantity, bool from_reversal,
           std::set<model::BatchId> names) {
    PlainDebt debt;
    debt.id = ObligationId::of(world_.digest());
    debt.party = party;
    debt.quantity = quantity;
    debt.owed = quantity;
    debt.from_reversal = from_reversal;
    debt.names = std::move(names);
    debts_.push_back(debt);
  }

  void reverse() {
    model::RecordReversal body;
    body.project = below(2) == 0 ? world_.project : world_.neighbour;
    body.report = world_.add_report(1, body.project);
    body.kind =
        below(3) == 0 ? model::ReversalKind::intentional : model::ReversalKind::unintentional;
    body.quantity = amount(10);
    body.cause = "wind";
    Units& lost = reversed_[body.project];
    const bool too_many = lost + body.quantity > 2 * kQuantity;
    const bool done = took("RecordReversal", world_.told(world_.registry, body));
    CHECK(done != too_many);
    if (!done) return;
    lost += body.quantity;
    const bool pool_pays = body.kind == model::ReversalKind::unintentional;
    const Units paid = pool_pays ? pay(body.project, body.quantity) : 0;
    if (paid < body.quantity) {
      owe(developer_of(body.project), body.quantity - paid, true, {});
    }
  }

  void declare_default() {
    if (debts_.empty()) return;
    auto& debt = debts_[below(debts_.size())];
    const auto verdict = world_.govern(model::DeclareDefault{debt.id, "late"});
    if (!took("DeclareDefault", IntegrityWorld::told(verdict))) return;
    CHECK(debt.from_reversal);
    CHECK(!debt.defaulted);
    debt.defaulted = true;
    const auto project = debt.party == world_.developer ? world_.project : world_.neighbour;
    const Units paid = pay(project, debt.owed);
    debt.owed -= paid;
    debt.to_pool += paid;
  }

  // The debtor's lowest active serials of one batch, as a quantity leg takes them.
  void take(PlainBatch& batch, Units quantity, UnitState to) {
    for (auto& serial : batch.serials) {
      if (serial != UnitState::active || quantity == 0) continue;
      serial = to;
      --quantity;
    }
  }
  [[nodiscard]] bool is_accepted(const PlainDebt& debt, const PlainBatch& batch) const {
    const bool touched = std::find(batch.invalidated.begin(), batch.invalidated.end(), true) !=
                         batch.invalidated.end();
    return !touched && std::none_of(debts_.begin(), debts_.end(), [&](const PlainDebt& other) {
      return other.id != debt.id && other.owed + other.to_pool > 0 &&
             other.names.contains(batch.id);
    });
  }

  void repay() {
    if (debts_.empty()) return;
    auto& debt = debts_[below(debts_.size())];
    auto& batch = any_batch();
    const Units units = amount(4);
    const bool good = debt.to_pool >= units && developer_of(batch.project) == debt.party &&
                      batch.count(UnitState::active) >= units && is_accepted(debt, batch);
    const model::RepayPool body{debt.id, {{batch.id, std::nullopt, std::nullopt, units}}};
    const bool done = took("RepayPool", world_.told(debt.party, body));
    CHECK(done == good);
    if (!done) return;
    take(batch, units, UnitState::buffer);
    debt.to_pool -= units;
    debt.made_good += units;
  }

  // What Cancel of kind compensation does with obligations.h.
  void compensate() {
    if (debts_.empty()) return;
    auto& debt = debts_[below(debts_.size())];
    auto& batch = any_batch();
    const Units units = amount(4);
    const bool good = debt.owed >= units && developer_of(batch.project) == debt.party &&
                      batch.count(UnitState::active) >= units && is_accepted(debt, batch);
    std::string told;
    world_.change(
        [&](state::Context& context) { told = compensate_in(context, debt, batch.id, units); });
    const bool done = took("compensation", told);
    CHECK(done == good);
    if (!done) return;
    take(batch, units, UnitState::cancelled);
    debt.owed -= units;
    debt.made_good += units;
  }
  static std::string compensate_in(state::Context& context, const PlainDebt& debt,
                                   const model::BatchId& batch, Units units) {
    const auto name = [](const state::Check& check) {
      return std::string(model::describe_outcome(check->outcome).name);
    };
    model::ObligationRow row;
    if (auto check = state::read_obligation(context, debt.id, debt.party, row)) return name(check);
    std::vector<SerialRange> serials;
    auto check = state::resolve_legs(context, debt.party,
                                     {{batch, std::nullopt, std::nullopt, units}}, serials);
    if (!check) check = state::check_compensation(context, row, serials, state::Debt::owed);
    if (check) return name(check);
    for (const auto& range : serials) {
      state::move_units(context, range, IntegrityWorld::active(debt.party),
                        {UnitState::cancelled, debt.party, "can_1"});
    }
    state::discharge(context, row, state::Debt::owed, units);
    return "";
  }

  void invalidate() {
    if (below(6) != 0) return;  // rare, or nothing is left for the others
    auto& batch = any_batch();
    const Units first = amount(kQuantity);
    const Units last = std::min(kQuantity, first + static_cast<Units>(below(4)));
    bool again = false;
    for (Units serial = first; serial <= last; ++serial) {
      again = again || batch.invalidated[static_cast<std::size_t>(serial - 1)];
    }
    const model::InvalidateBatch body{batch.id, {{{first, last}}}, "fraud", {}};
    const bool done = took("InvalidateBatch", world_.told(world_.registry, body));
    CHECK(done != again);
    if (!done) return;
    Units gone = 0;
    for (Units serial = first; serial <= last; ++serial) {
      const auto at = static_cast<std::size_t>(serial - 1);
      batch.invalidated[at] = true;
      if (batch.serials[at] == UnitState::retired) {
        ++gone;
      } else {
        batch.serials[at] = UnitState::cancelled;
      }
    }
    if (gone > 0) owe(developer_of(batch.project), gone, false, {batch.id});
  }

  void release() {
    auto& batch = any_batch();
    const Units units = amount(3);
    Units& released = released_[batch.id];
    const auto party = developer_of(batch.project);
    const bool owes = std::any_of(debts_.begin(), debts_.end(), [&](const PlainDebt& debt) {
      return debt.party == party && debt.owed + debt.to_pool > 0;
    });
    const bool good =
        released + units <= kBuffer / 2 && !owes && batch.count(UnitState::buffer) >= units;
    const bool done = took(
        "ReleaseBuffer", world_.told(world_.registry, model::ReleaseBuffer{batch.id, units, "x"}));
    CHECK(done == good);
    if (!done) return;
    released += units;
    Units left = units;
    for (auto& serial : batch.serials) {
      if (serial != UnitState::buffer || left == 0) continue;
      serial = UnitState::active;
      --left;
    }
  }

  // Some units are retired, as buyers do.
  void leave() {
    auto& batch = any_batch();
    model::Retire body;
    body.legs = {{batch.id, std::nullopt, std::nullopt, amount(2)}};
    body.beneficiary = model::Beneficiary{model::Organisation{"B", "CN", {}, {}}, {}};
    if (!took("Retire", world_.told(developer_of(batch.project), body))) return;
    take(batch, *body.legs[0].quantity, UnitState::retired);
  }

  std::mt19937 random_;
  IntegrityWorld world_;
  std::vector<PlainBatch> batches_;
  std::vector<PlainDebt> debts_;
  std::map<model::ProjectId, Units> reversed_;
  std::map<model::BatchId, Units> released_;
  std::map<std::string, int> outcomes_;
};

}  // namespace

TEST_CASE("pools and obligations agree with a plain list of serials in every random program") {
  std::map<std::string, int> seen;
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    Program program(seed);
    for (int step = 0; step < 60; ++step) {
      program.step();
      program.check();
    }
    for (const auto& [outcome, times] : program.outcomes()) seen[outcome] += times;
  }
  // The programs go where the rules are.
  for (const char* outcome :
       {"RecordReversal", "RecordReversal REVERSAL_TOO_LARGE", "DeclareDefault",
        "DeclareDefault OBLIGATION_NOT_OVERDUE", "DeclareDefault OBLIGATION_NOT_COVERED",
        "DeclareDefault OBLIGATION_CLOSED", "RepayPool", "RepayPool OBLIGATION_EXCEEDED",
        "RepayPool OBLIGATION_CLOSED", "RepayPool COMPENSATION_NOT_ACCEPTED", "compensation",
        "compensation OBLIGATION_EXCEEDED", "InvalidateBatch",
        "InvalidateBatch INVALIDATED_ALREADY", "ReleaseBuffer", "ReleaseBuffer RELEASE_NOT_ALLOWED",
        "Retire"}) {
    CHECK_MESSAGE(seen[outcome] > 0, outcome);
  }
}
