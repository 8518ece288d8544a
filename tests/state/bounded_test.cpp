// Every program of at most five of the acts that move, end, approve or freeze, over two accounts,
// two serials and two keys of the account that holds them, beside the registry, governance, a
// pledgee and, where one of the serials is its, a buffer pool: no state that can be reached breaks
// conservation, moves a unit that ended, or moves one without those who must stand behind it.
//
// Depth first over states that are told apart by what their rows mean, not by entry numbers;
// a state is entered again only with more acts left than before, so that every state is judged
// with the most acts that can follow it: what breadth first would reach.
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "ledger/state/obligations.h"
#include "ledger/state/pool.h"
#include "tests/support/signed_world.h"
#include "tests/support/uuid.h"

using namespace mrv;
using model::UnitState;
using test::SignedWorld;

namespace {

// Under the sanitizers one act costs ten times as much.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MRV_BOUNDED_ACTS 3
#endif
#endif
#ifndef MRV_BOUNDED_ACTS
#define MRV_BOUNDED_ACTS 5
#endif
constexpr int kActsMax = MRV_BOUNDED_ACTS;

constexpr Units kBoundedSerials = 2;
constexpr std::uint64_t kFirstIndex = 1'000;
// A transfer lapses between the two times at which acts are recorded.
constexpr std::int64_t kLaterMs = 100'000;
constexpr std::int64_t kExpiresMs = 60'000;

// An act that may be tried: who signs, as whom, and whether it waits until a transfer can lapse.
struct Candidate {
  std::string signer;
  std::string party;
  model::ActBody body;
  std::string name;   // tells it apart from every other one
  int approvals = 0;  // without which it does nothing: as many acts must follow it
  bool later = false;
};

// A place that a unit left, and the one it came to.
using Step = std::pair<UnitState, UnitState>;

// The rows, and whether the later time has come.
struct Moment {
  state::MemoryState rows;
  bool later = false;
};

// What a world with a pool has beside its batch.
struct PoolOf {
  model::ProjectId project;
  model::ReportId report;
};

class Explorer {
 public:
  Explorer(SignedWorld& world, const model::BatchId& batch, std::optional<PoolOf> pool = {})
      : world_(world), batch_(batch), pool_(pool) {
    for (const auto& [key, value] : world.rows()) start_[key] = value;
  }

  void run() {
    Moment first;
    for (const auto& [key, value] : start_) first.rows.apply({{key, value}});
    explore(first, kActsMax);
  }

  std::size_t states() const { return seen_.size(); }
  std::size_t transitions() const { return transitions_; }
  const std::set<std::string>& accepted() const { return accepted_; }
  const std::set<Step>& steps() const { return steps_; }

 private:
  TimestampMs time(bool later) const {
    return TimestampMs{world_.now.value() + (later ? kLaterMs : 0)};
  }

  template <class Row>
  static std::vector<Row> all(const state::MemoryState& state) {
    std::vector<Row> rows;
    state.scan(Bytes{Row::kTag}, Bytes{Row::kTag + 1}, [&](ByteView, ByteView value) {
      rows.push_back(*codec::decode_row<Row>(value));
      return true;
    });
    return rows;
  }

  static std::string legs_name(const std::vector<model::Leg>& legs) {
    return std::to_string(*legs[0].first) + "-" + std::to_string(*legs[0].last);
  }

  void add_moves(const std::string& who, const std::string& other, bool later,
                 std::vector<Candidate>& out) {
    for (const auto& [first, last] : {std::pair<Units, Units>{1, 1}, {2, 2}, {1, 2}}) {
      const std::vector<model::Leg> legs = {{batch_, first, last, std::nullopt}};
      const std::string tail = who + " " + legs_name(legs) + (later ? " later" : "");
      model::Transfer transfer;
      transfer.legs = legs;
      transfer.to = world_.id(other);
      transfer.expires = TimestampMs{time(later).value() + kExpiresMs};
      out.push_back({who, who, transfer, "transfer " + tail, 1});
      model::Retire retire;
      retire.legs = legs;
      retire.beneficiary = model::Beneficiary{std::nullopt, Hash{7}};
      out.push_back({who, who, retire, "retire " + tail, 1});
      model::Cancel cancel;
      cancel.legs = legs;
      cancel.reason = "mitigation";
      out.push_back({who, who, cancel, "cancel " + tail, 1});
      model::Lock lock;
      lock.legs = legs;
      lock.custodian = world_.id(other);
      lock.reason = "pledge";
      lock.pledgee = world_.id("c");
      out.push_back({who, who, lock, "lock " + tail, 2});
      out.push_back(
          {"r", "r", model::Convert{world_.id(who), legs, "a scheme", tail}, "convert " + tail, 2});
      model::OrderTransfer order;
      order.from = world_.id(who);
      order.to = world_.id(other);
      order.legs = legs;
      order.reason = "a court";
      out.push_back({"gov1", "", order, "order " + tail, 1});
    }
    add_guards(who, out);
  }

  void add_guards(const std::string& who, std::vector<Candidate>& out) {
    const auto compromised = model::RevocationReason::compromised;
    out.push_back({who, who, model::FreezeSelf{"a key may be lost"}, "freeze " + who});
    out.push_back({"gov1", "",
                   model::SetPartyStatus{world_.id(who), model::PartyStatus::admitted, "found"},
                   "thaw " + who, 1});
    out.push_back({"gov1", "", model::RevokeKey{SignedWorld::public_key(who), compromised},
                   "governance ends " + who, 1});
    const auto second = SignedWorld::public_key(who + "-2");
    out.push_back({who, who, model::RevokeKey{second, compromised}, "end second of " + who});
    out.push_back({who + "-2", who, model::RevokeKey{second, compromised}, "second ends " + who});
  }

  void add_invalidations(std::vector<Candidate>& out) {
    for (const auto& [first, last] : {std::pair<Units, Units>{1, 1}, {2, 2}, {1, 2}}) {
      model::InvalidateBatch act{batch_, std::vector<model::SerialSpan>{{first, last}}, "why", {}};
      out.push_back(
          {"r", "r", act, "invalidate " + std::to_string(first) + "-" + std::to_string(last), 1});
    }
  }

  // Lost tonnes, and what makes them good: of the pool and into it.
  void add_pool_acts(const state::MemoryState& state, std::vector<Candidate>& out) {
    out.push_back({"r", "r", model::ReleaseBuffer{batch_, 1, "nothing was lost"}, "release", 1});
    model::RecordReversal reversal;
    reversal.project = pool_->project;
    reversal.report = pool_->report;
    reversal.quantity = 1;
    reversal.cause = "a fire";
    reversal.evidence = {Hash{5}};
    out.push_back({"r", "r", reversal, "lose", 1});
    for (const auto& row : all<model::ObligationRow>(state)) {
      if (row.state != model::ObligationState::open) continue;
      const std::string id = row.id.text();
      out.push_back(
          {"gov1", "", model::DeclareDefault{row.id, "nothing came"}, "default " + id, 1});
      for (const Units serial : {1, 2}) {
        const std::vector<model::Leg> legs = {{batch_, serial, serial, std::nullopt}};
        const std::string tail = std::to_string(serial) + " for " + id;
        out.push_back({"a", "a", model::RepayPool{row.id, legs}, "repay " + tail});
        model::Cancel cancel;
        cancel.kind = model::CancellationKind::compensation;
        cancel.legs = legs;
        cancel.reason = "made good";
        cancel.obligation = row.id;
        out.push_back({"a", "a", cancel, "compensate " + tail, 1});
      }
    }
  }

  void add_answers(const state::MemoryState& state, std::vector<Candidate>& out) {
    for (const auto& row : all<model::TransferRow>(state)) {
      const std::string id = row.id.text();
      if (row.state == model::TransferState::settled) {
        out.push_back(
            {"gov1", "", model::ReverseTransfer{row.id, Hash{3}, "error"}, "reverse " + id, 1});
      }
      if (row.state != model::TransferState::pending) continue;
      out.push_back({"a", "a", model::LapseTransfer{row.id}, "lapse " + id});
      out.push_back({"a", "a", model::LapseTransfer{row.id}, "lapse later " + id, 0, true});
      for (const char* who : {"a", "b"}) {
        out.push_back({who, who, model::AcceptTransfer{row.id}, std::string("accept ") + who + id});
        out.push_back({who, who, model::AcceptTransfer{row.id},
                       std::string("accept later ") + who + id, 0, true});
        out.push_back(
            {who, who, model::RejectTransfer{row.id, "no"}, std::string("reject ") + who + id});
        out.push_back(
            {who, who, model::CancelTransfer{row.id, "no"}, std::string("take back ") + who + id});
      }
    }
    for (const auto& row : all<model::LockRow>(state)) {
      if (row.state != model::LockState::in_force) continue;
      const std::string id = row.id.text();
      for (const char* who : {"a", "b"}) {
        const std::string tail = who + id;
        out.push_back(
            {who, who, model::Unlock{row.id, model::UnlockTo::holder, "paid"}, "unlock " + tail});
        out.push_back({who, who, model::Unlock{row.id, model::UnlockTo::pledgee, "not paid"},
                       "deliver " + tail});
        out.push_back({who, who, model::Export{row.id, "ACR", id}, "export " + tail, 1});
      }
    }
    for (const auto& row : all<model::ProposalRow>(state)) {
      if (row.state != model::ProposalState::open) continue;
      for (const auto& [key, party] :
           {std::pair{"a", "a"}, {"a-2", "a"}, {"b-2", "b"}, {"r-2", "r"}, {"gov2", ""}}) {
        for (const auto decision : {model::Decision::approve, model::Decision::reject}) {
          out.push_back({key, party, model::Approve{row.id, row.digest, decision, ""},
                         std::string(model::name_of(decision)) + " " + key + row.id.text()});
        }
      }
    }
  }

  model::VerifiedAct document(const Candidate& candidate) {
    const int nth = ++used_[candidate.name];
    const std::string name = candidate.name + " #" + std::to_string(nth);
    auto found = documents_.find(name);
    if (found == documents_.end()) {
      auto act = world_.act(candidate.signer, candidate.party, candidate.body);
      act.id = test::uuid_of(name);
      const auto text = codec::sign_act(act, SignedWorld::key(candidate.signer), act.valid_from);
      REQUIRE(text.ok());
      auto decoded = codec::decode_trusted_act(*text);
      REQUIRE(decoded.ok());
      found = documents_.emplace(name, *std::move(decoded)).first;
    }
    return found->second;
  }

  // What a state means: where the serials are, what is open, who may act.
  static Hash meaning(const Moment& moment) {
    const auto& state = moment.rows;
    std::string text = moment.later ? "later;" : "";
    for (const auto& row : all<model::SerialRow>(state)) {
      text += to_hex(codec::encode_row(row)) + ";";
    }
    for (const auto& row : all<model::TransferRow>(state)) {
      const bool live =
          row.state == model::TransferState::pending || row.state == model::TransferState::settled;
      if (live) text += row.id.text() + std::string(model::name_of(row.state)) + ";";
    }
    for (const auto& row : all<model::LockRow>(state)) {
      if (row.state == model::LockState::in_force) text += row.id.text() + ";";
    }
    for (const auto& row : all<model::ProposalRow>(state)) {
      if (row.state != model::ProposalState::open) continue;
      text += row.id.text();
      for (const auto& approval : row.approvals) text += to_hex(approval.key.bytes);
      text += ";";
    }
    for (const auto& row : all<model::PartyRow>(state)) {
      text += std::string(model::name_of(row.standings.back().status)) + ";";
    }
    for (const auto& row : all<model::KeyRow>(state)) {
      if (row.bound.until) text += to_hex(row.key.bytes) + ";";
    }
    for (const auto& row : all<model::InvalidationRow>(state)) {
      for (const auto& span : row.ranges) {
        text += std::to_string(span.first) + "-" + std::to_string(span.last) + ";";
      }
    }
    for (const auto& row : all<model::ObligationRow>(state)) {
      text += row.id.text() + std::to_string(row.owed) + "," + std::to_string(row.owed_to_pool) +
              (row.defaulted ? "d;" : ";");
    }
    for (const auto& row : all<model::BatchRow>(state)) {
      text += std::to_string(row.released.value_or(0)) + ";";
    }
    for (const auto& row : all<model::ProjectRow>(state)) {
      text += std::to_string(row.reversed.value_or(0)) + ";";
    }
    return crypto::sha256(as_bytes(text));
  }

  // How many acts at least the open proposals take to take effect.
  static std::size_t outstanding(const state::MemoryState& state) {
    std::size_t acts = 0;
    for (const auto& row : all<model::ProposalRow>(state)) {
      if (row.state != model::ProposalState::open) continue;
      const auto asked = static_cast<std::size_t>(row.needed) +
                         row.consents.value_or(std::vector<model::PartyId>{}).size();
      acts += asked - std::min(asked, row.approvals.size());
    }
    return acts;
  }

  // A proposal changes nothing but itself: where not all can take effect any more, the program
  // without one of them comes to the same places, and with more acts left.
  void explore(const Moment& moment, int left) {
    if (outstanding(moment.rows) > static_cast<std::size_t>(left)) return;
    auto& best = seen_[meaning(moment)];
    if (best >= left) return;
    best = left;
    std::vector<Candidate> candidates;
    add_moves("a", "b", moment.later, candidates);
    if (pool_) {
      add_pool_acts(moment.rows, candidates);
    } else {
      add_moves("b", "a", moment.later, candidates);
    }
    add_invalidations(candidates);
    add_answers(moment.rows, candidates);
    for (const auto& candidate : candidates) {
      if (candidate.approvals < left) try_act(moment, candidate, left);
    }
  }

  void try_act(const Moment& moment, const Candidate& candidate, int left) {
    const auto act = document(candidate);
    const EntryIndex index{kFirstIndex + static_cast<std::uint64_t>(kActsMax - left)};
    const bool later = moment.later || candidate.later;
    const auto verdict = state::apply(moment.rows, {index, time(later), act}, {}, &memo_);
    REQUIRE_FALSE(std::holds_alternative<state::Undecided>(verdict));
    if (const auto* accepted = std::get_if<state::Accepted>(&verdict)) {
      ++transitions_;
      // Nothing is accepted after its time.
      REQUIRE_FALSE((candidate.later && !moment.later &&
                     std::holds_alternative<model::AcceptTransfer>(candidate.body)));
      REQUIRE((candidate.approvals == 0 || accepted->proposal));
      accepted_.insert(std::string(model::type_of(candidate.body)));
      Moment next{{}, later};
      for (const auto& [key, value] : moment.rows.rows()) next.rows.apply({{key, value}});
      next.rows.apply(accepted->delta);
      check(moment.rows, next.rows, candidate, act);
      if (left > 1) explore(next, left - 1);
    }
    --used_[candidate.name];
  }

  struct Where {
    UnitState state;
    std::optional<model::PartyId> holder;
    std::optional<std::string> reference;
    friend bool operator==(const Where&, const Where&) = default;
  };

  // Runs tile the batch, and no two neighbours could be one.
  std::vector<Where> places(const state::MemoryState& state) {
    std::vector<Where> serials;
    std::optional<Where> before;
    for (const auto& row : all<model::SerialRow>(state)) {
      REQUIRE(row.first == static_cast<Units>(serials.size()) + 1);
      const Where here{row.state, row.holder, row.reference};
      REQUIRE_FALSE(before == here);
      before = here;
      for (Units i = row.first; i <= row.last; ++i) serials.push_back(here);
    }
    REQUIRE(static_cast<Units>(serials.size()) == kBoundedSerials);
    return serials;
  }

  static bool is_terminal(UnitState state) {
    return state == UnitState::retired || state == UnitState::cancelled ||
           state == UnitState::exported || state == UnitState::converted;
  }

  bool is_frozen(const state::MemoryState& state, const model::PartyId& party) {
    const auto bytes = state.get(codec::party_key(party));
    const auto row = codec::decode_row<model::PartyRow>(*bytes);
    return row->standings.back().status != model::PartyStatus::admitted;
  }

  // The proposal that an act approves.
  static std::optional<model::ProposalRow> proposal_of(const state::MemoryState& before,
                                                       const model::VerifiedAct& act) {
    const auto* approve = std::get_if<model::Approve>(&act.act.body);
    if (approve == nullptr) return std::nullopt;
    const auto bytes = before.get(codec::proposal_key(approve->proposal));
    return *codec::decode_row<model::ProposalRow>(*bytes);
  }

  // The parties that stand behind an act: its own, and where it completes a proposal the proposer's
  // and those of the approvals before.
  static std::set<model::PartyId> behind(const model::VerifiedAct& act,
                                         const std::optional<model::ProposalRow>& proposal) {
    std::set<model::PartyId> parties;
    if (act.act.party) parties.insert(*act.act.party);
    if (!proposal) return parties;
    if (proposal->party) parties.insert(*proposal->party);
    for (const auto& approval : proposal->approvals) {
      if (approval.party) parties.insert(*approval.party);
    }
    return parties;
  }

  const model::Act& decoded(const model::RawJson& document) {
    const auto found = decoded_.find(document.canonical);
    if (found != decoded_.end()) return found->second;
    auto act = codec::decode_trusted_act(document.canonical);
    REQUIRE(act.ok());
    return decoded_.emplace(document.canonical, act->act).first->second;
  }

  static bool has_ended(const state::MemoryState& state, const model::KeyBytes& key) {
    const auto bytes = state.get(codec::key_key(key));
    return bytes && codec::decode_row<model::KeyRow>(*bytes)->bound.until.has_value();
  }

  // To whom a pending unit is on its way.
  static std::optional<model::PartyId> recipient(const state::MemoryState& state, const Where& at) {
    if (at.state != UnitState::pending) return std::nullopt;
    for (const auto& row : all<model::TransferRow>(state)) {
      if (row.id.text() == at.reference) return row.to;
    }
    return std::nullopt;
  }
  static std::optional<model::PartyId> custodian(const state::MemoryState& state, const Where& at) {
    if (at.state != UnitState::locked) return std::nullopt;
    for (const auto& row : all<model::LockRow>(state)) {
      if (row.id.text() == at.reference) return row.custodian;
    }
    return std::nullopt;
  }

  void check(const state::MemoryState& before, const state::MemoryState& after,
             const Candidate& candidate, const model::VerifiedAct& act) {
    const auto from = places(before);
    const auto to = places(after);
    if (from == to) return;
    INFO(candidate.name);
    const auto proposal = proposal_of(before, act);
    const auto& moves = proposal ? decoded(proposal->document) : act.act;
    // Orders, invalidations and the pool's own are not the holder's to refuse.
    const bool by_office = !act.act.party ||
                           std::holds_alternative<model::InvalidateBatch>(moves.body) ||
                           std::holds_alternative<model::ReleaseBuffer>(moves.body) ||
                           std::holds_alternative<model::RecordReversal>(moves.body);
    CHECK_FALSE(has_ended(before, act.act.signer));
    CHECK_FALSE(has_ended(before, moves.signer));
    const auto parties = behind(act, proposal);
    for (const auto& party : parties) {
      const bool frozen = is_frozen(before, party);
      CHECK_FALSE(frozen);  // a frozen party moves nothing
    }
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (from[i] == to[i]) continue;
      CHECK_FALSE(is_terminal(from[i].state));
      steps_.insert({from[i].state, to[i].state});
      if (by_office) continue;
      const auto taker = recipient(before, from[i]);
      const auto keeper = custodian(before, from[i]);
      const auto given = custodian(after, to[i]);
      const bool delivered = taker && to[i].holder == taker && to[i].state == UnitState::active;
      // Into custody and out of it by the custodian, to the recipient by the recipient, all else by
      // the holder; what comes back to the holder by either side.
      if (keeper) CHECK(parties.contains(*keeper));
      if (given) CHECK(parties.contains(*given));
      if (delivered) CHECK(parties.contains(*taker));
      const bool comes_back = taker && !delivered;
      const bool theirs =
          parties.contains(*from[i].holder) || (comes_back && parties.contains(*taker));
      if (!keeper && !delivered) CHECK(theirs);
      // What leaves an account was approved by its second person, as the programme asks; it does
      // not ask for RepayPool.
      const bool leaves = from[i].state == UnitState::active && to[i].state != UnitState::buffer;
      if (leaves) CHECK((proposal && candidate.signer.ends_with("-2")));
    }
  }

  SignedWorld& world_;
  model::BatchId batch_;
  std::optional<PoolOf> pool_;
  std::map<Bytes, Bytes> start_;
  std::map<Hash, int> seen_;
  std::map<std::string, int> used_;
  std::map<std::string, model::VerifiedAct> documents_;
  std::map<std::string, model::Act> decoded_;
  std::set<std::string> accepted_;
  std::set<Step> steps_;
  std::size_t transitions_ = 0;
  state::RowMemo memo_;
};

model::ProgrammePolicy watched_policy() {
  auto policy = SignedWorld::open_policy();
  for (const auto act : {model::GovernedAct::transfer, model::GovernedAct::retire,
                         model::GovernedAct::cancel, model::GovernedAct::lock}) {
    policy.approvals.push_back({act, 1});
  }
  return policy;
}

// Every way from one place to another.
std::set<Step> all_steps() {
  using enum UnitState;
  return {{active, active},    {active, pending},   {active, locked},  {active, retired},
          {active, cancelled}, {active, converted}, {pending, active}, {pending, cancelled},
          {locked, active},    {locked, cancelled}, {locked, exported}};
}

struct CastWorld : SignedWorld {
  CastWorld() {
    party("r", {model::Role::registry});
    party("a", {model::Role::developer, model::Role::custodian});
    party("b", {model::Role::buyer, model::Role::custodian});
    party("c", {model::Role::buyer});
  }

  // The second serial goes into the pool, and a, the batch's developer, owes one that is overdue.
  PoolOf fill_pool(const model::BatchId& batch) {
    model::ProjectRow project;
    project.id = model::ProjectId{{1}};
    project.developer = id("a");
    project.programme = get<model::BatchRow>(codec::batch_key(batch)).programme;
    project.name.en = "Field";
    project.activity_type = "storage";
    project.sector = "ccs";
    project.country = "CN";
    project.capacity_per_year = kBoundedSerials;
    project.crediting_period = {{20'000}, {24'000}};
    project.state = model::ProjectState::registered;
    model::ReportRow report;
    report.id = model::ReportId{{1}};
    report.project = project.id;
    report.period = project.crediting_period;
    report.engine_version = "1";
    report.vintages = {{2025, "2", std::nullopt, 2, 2}};
    change([&](state::Context& context) {
      context.write(codec::project_key(project.id), project);
      context.write(codec::report_key(report.id), report);
      auto row = *context.read<model::BatchRow>(codec::batch_key(batch));
      row.project = project.id;
      row.buffer = 1;
      row.issued_at = TimestampMs{0};
      context.write(codec::batch_key(batch), row);
      state::index_batch(context, row);
      REQUIRE(!state::enter_pool(context, {batch, 2, 2}, {UnitState::active, id("a"), std::nullopt},
                                 ""));
      state::open_obligation(context, {id("a"),
                                       project.programme,
                                       project.id,
                                       model::ObligationCause::reversal,
                                       {},
                                       1,
                                       TimestampMs{1}});
    });
    return {project.id, report.id};
  }
};

}  // namespace

TEST_CASE("no program of five acts on two serials breaks what must hold") {
  CastWorld world;
  const auto batch = world.give_units("a", kBoundedSerials, 1, watched_policy());
  Explorer explorer(world, batch);
  explorer.run();
  MESSAGE(explorer.states() << " states, " << explorer.transitions() << " acts accepted");
  const bool all_five = kActsMax >= 5;
  CHECK(explorer.accepted().size() >= (all_five ? 18U : 12U));
  if (all_five) CHECK(explorer.steps() == all_steps());
}

TEST_CASE("no program of five acts on a serial and a buffer pool breaks what must hold") {
  CastWorld world;
  auto policy = watched_policy();
  policy.integrity.emplace();
  policy.integrity->release_after_seconds = 0;
  policy.integrity->release_share = model::DecimalText{"1"};
  const auto batch = world.give_units("a", kBoundedSerials, 1, policy);
  Explorer explorer(world, batch, world.fill_pool(batch));
  explorer.run();
  MESSAGE(explorer.states() << " states, " << explorer.transitions() << " acts accepted");
  using enum UnitState;
  for (const auto& step : {Step{buffer, cancelled}, {active, buffer}, {buffer, active}}) {
    CHECK((kActsMax < 5 || explorer.steps().contains(step)));
  }
  for (const char* act : {"DeclareDefault", "RecordReversal", "Cancel"}) {
    CHECK(explorer.accepted().contains(act));
  }
}
