// Every program of at most five of the acts that move, end, approve or freeze, over two accounts,
// two serials and two keys of the account that holds them: no state that can be reached breaks
// conservation, moves a unit that ended, or moves one without those who must stand behind it.
//
// Depth first over states that are told apart by what their rows mean, not by ids or entry numbers;
// a state is entered again only with more acts left than before.
#include <map>
#include <set>

#include <doctest/doctest.h>

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

// An act that may be tried: who signs, as whom.
struct Candidate {
  std::string signer;
  std::string party;
  model::ActBody body;
  std::string name;  // tells it apart from every other one
};

class Explorer {
 public:
  explicit Explorer(SignedWorld& world, const model::BatchId& batch)
      : world_(world), batch_(batch) {
    for (const auto& [key, value] : world.rows()) start_[key] = value;
  }

  void run() {
    state::MemoryState first;
    for (const auto& [key, value] : start_) first.apply({{key, value}});
    explore(first, kActsMax);
  }

  std::size_t states() const { return seen_.size(); }
  std::size_t transitions() const { return transitions_; }
  const std::set<std::string>& accepted() const { return accepted_; }

 private:
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

  void add_moves(const std::string& who, const std::string& other, std::vector<Candidate>& out) {
    for (const auto& [first, last] : {std::pair<Units, Units>{1, 1}, {2, 2}, {1, 2}}) {
      const std::vector<model::Leg> legs = {{batch_, first, last, std::nullopt}};
      const std::string tail = who + " " + legs_name(legs);
      model::Transfer transfer;
      transfer.legs = legs;
      transfer.to = world_.id(other);
      transfer.expires = TimestampMs{world_.now.value() + 1'000'000};
      out.push_back({who, who, transfer, "transfer " + tail});
      model::Retire retire;
      retire.legs = legs;
      retire.beneficiary = model::Beneficiary{std::nullopt, Hash{7}};
      out.push_back({who, who, retire, "retire " + tail});
      model::Cancel cancel;
      cancel.legs = legs;
      cancel.reason = "mitigation";
      out.push_back({who, who, cancel, "cancel " + tail});
      model::Lock lock;
      lock.legs = legs;
      lock.custodian = world_.id(other);
      lock.reason = "pledge";
      out.push_back({who, who, lock, "lock " + tail});
      model::OrderTransfer order;
      order.from = world_.id(who);
      order.to = world_.id(other);
      order.legs = legs;
      order.reason = "a court";
      out.push_back({"gov1", "", order, "order " + tail});
    }
    out.push_back({who, who, model::FreezeSelf{"a key may be lost"}, "freeze " + who});
    out.push_back({"gov1", "",
                   model::SetPartyStatus{world_.id(who), model::PartyStatus::admitted, "found"},
                   "thaw " + who});
  }

  void add_answers(const state::MemoryState& state, std::vector<Candidate>& out) {
    for (const auto& row : all<model::TransferRow>(state)) {
      const std::string id = row.id.text();
      if (row.state == model::TransferState::settled) {
        out.push_back(
            {"gov1", "", model::ReverseTransfer{row.id, Hash{3}, "error"}, "reverse " + id});
      }
      if (row.state != model::TransferState::pending) continue;
      for (const char* who : {"a", "b"}) {
        out.push_back({who, who, model::AcceptTransfer{row.id}, std::string("accept ") + who + id});
        out.push_back(
            {who, who, model::RejectTransfer{row.id, "no"}, std::string("reject ") + who + id});
        out.push_back(
            {who, who, model::CancelTransfer{row.id, "no"}, std::string("take back ") + who + id});
      }
    }
    for (const auto& row : all<model::LockRow>(state)) {
      if (row.state != model::LockState::in_force) continue;
      for (const char* who : {"a", "b"}) {
        out.push_back({who, who, model::Unlock{row.id, model::UnlockTo::holder, "paid"},
                       std::string("unlock ") + who + row.id.text()});
      }
    }
    for (const auto& row : all<model::ProposalRow>(state)) {
      if (row.state != model::ProposalState::open) continue;
      for (const auto& [key, party] :
           {std::pair{"a", "a"}, {"a-2", "a"}, {"b-2", "b"}, {"gov2", ""}}) {
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
  static Hash meaning(const state::MemoryState& state) {
    std::string text;
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
    return crypto::sha256(as_bytes(text));
  }

  void explore(const state::MemoryState& state, int left) {
    auto& best = seen_[meaning(state)];
    if (best >= left) return;
    best = left;
    std::vector<Candidate> candidates;
    add_moves("a", "b", candidates);
    add_moves("b", "a", candidates);
    add_answers(state, candidates);
    for (const auto& candidate : candidates) try_act(state, candidate, left);
  }

  void try_act(const state::MemoryState& state, const Candidate& candidate, int left) {
    const auto act = document(candidate);
    const EntryIndex index{kFirstIndex + static_cast<std::uint64_t>(kActsMax - left)};
    const auto verdict = state::apply(state, {index, world_.now, act}, {}, &memo_);
    REQUIRE_FALSE(std::holds_alternative<state::Undecided>(verdict));
    if (const auto* accepted = std::get_if<state::Accepted>(&verdict)) {
      ++transitions_;
      accepted_.insert(std::string(model::type_of(candidate.body)));
      state::MemoryState next;
      for (const auto& [key, value] : state.rows()) next.apply({{key, value}});
      next.apply(accepted->delta);
      check(state, next, candidate, act);
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

  // The parties that stand behind an act: its own, and the proposer's where it completes one.
  std::set<model::PartyId> behind(const state::MemoryState& before, const model::VerifiedAct& act) {
    std::set<model::PartyId> parties;
    if (act.act.party) parties.insert(*act.act.party);
    if (const auto* approve = std::get_if<model::Approve>(&act.act.body)) {
      const auto bytes = before.get(codec::proposal_key(approve->proposal));
      const auto row = codec::decode_row<model::ProposalRow>(*bytes);
      if (row->party) parties.insert(*row->party);
    }
    return parties;
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
    const bool governance = !act.act.party;
    const auto parties = behind(before, act);
    for (const auto& party : parties) {
      const bool frozen = is_frozen(before, party);
      CHECK_FALSE(frozen);  // a frozen party moves nothing
    }
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (from[i] == to[i]) continue;
      CHECK_FALSE(is_terminal(from[i].state));
      if (governance) continue;
      const auto taker = recipient(before, from[i]);
      const auto keeper = custodian(before, from[i]);
      const bool theirs = parties.contains(*from[i].holder) ||
                          (taker && parties.contains(*taker)) ||
                          (keeper && parties.contains(*keeper));
      CHECK(theirs);
      // What leaves an account was approved by its second person, as the programme asks.
      const bool leaves = from[i].state == UnitState::active;
      const bool approved = candidate.signer == "a-2" || candidate.signer == "b-2";
      if (leaves) CHECK((approved && std::holds_alternative<model::Approve>(candidate.body)));
    }
  }

  SignedWorld& world_;
  model::BatchId batch_;
  std::map<Bytes, Bytes> start_;
  std::map<Hash, int> seen_;
  std::map<std::string, int> used_;
  std::map<std::string, model::VerifiedAct> documents_;
  std::set<std::string> accepted_;
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

}  // namespace

TEST_CASE("no program of five acts on two serials breaks what must hold") {
  SignedWorld world;
  world.party("a", {model::Role::buyer, model::Role::custodian});
  world.party("b", {model::Role::buyer, model::Role::custodian});
  const auto batch = world.give_units("a", kBoundedSerials, 1, watched_policy());
  Explorer explorer(world, batch);
  explorer.run();
  MESSAGE(explorer.states() << " states, " << explorer.transitions() << " acts accepted");
  CHECK(explorer.accepted().size() >= (kActsMax >= 5 ? 13U : 8U));
}
