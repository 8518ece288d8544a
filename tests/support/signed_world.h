// A ledger in memory that judges really signed documents, as a node does without its disk: strict
// decoding, signature, transition.
//
// Beside each verdict it checks what must hold after every act: the verdict does not depend on the
// row memo, a proposal changes nothing but itself, every written row reads back, and every serial
// of a batch has exactly one place.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "crypto/sha256.h"
#include "crypto/signed_note.h"
#include "ledger/codec/act_codec.h"
#include "ledger/state/transition.h"
#include "ledger/state/units.h"

namespace mrv::test {

template <class... Rows>
struct RowKinds {
  static bool reads_back(std::uint8_t tag, ByteView value) {
    return ((tag == Rows::kTag && codec::decode_row<Rows>(value).ok()) || ...);
  }
};
using EveryRow =
    RowKinds<model::LedgerRow, model::PartyRow, model::KeyRow, model::ProposalRow,
             model::AccreditationRow, model::ProgrammeRow, model::CodeRow, model::StandardRow,
             model::ProjectRow, model::ReportRow, model::StatementRow, model::CarryRow,
             model::BatchRow, model::SerialRow, model::HoldingRow, model::TransferRow,
             model::RetirementRow, model::PoolRow, model::DepositRow, model::EvidenceRow,
             model::ImportStateRow, model::ForeignSerialRow, model::ForeignTotalsRow,
             model::ImportFileRow, model::BoundaryRow>;

class SignedWorld {
 public:
  static constexpr std::int64_t kFirstMs = 1'800'000'000'000;
  static constexpr std::int64_t kLifeMs = 600'000;  // from signature to validUntil
  static constexpr const char* kOrigin = "ledger.example/signed";

  // What an act was answered: `name` is its outcome, empty when it was accepted.
  struct Answer {
    std::string name;
    std::string pointer;
    std::string detail;
    Hash digest{};
    EntryIndex index;
    std::optional<model::ProposalId> proposal;
    std::vector<state::RowRefusal> rows;
    [[nodiscard]] bool ok() const { return name.empty(); }
  };

  struct Empty {};
  explicit SignedWorld(Empty /*start*/) {}

  // Founded by as many of the governance keys gov1, gov2 … as the threshold asks for.
  explicit SignedWorld(const model::Genesis& genesis = genesis_of(2, 2)) : SignedWorld(Empty{}) {
    accept(submit("gov1", "", genesis));
    const Hash digest = last_digest_;
    for (std::int64_t i = 2; i <= genesis.threshold; ++i) {
      accept(approve("gov" + std::to_string(i), "", digest));
    }
  }

  static model::Genesis genesis_of(std::int64_t seats, std::int64_t threshold) {
    model::Genesis act;
    act.origin = kOrigin;
    act.log_vkey = crypto::vkey_of({kOrigin, crypto::kNoteTypeEd25519, key("log").public_key()});
    act.slip_key = public_key("slip");
    for (std::int64_t i = 1; i <= seats; ++i) {
      const std::string name = "gov" + std::to_string(i);
      act.governance.push_back({public_key(name), person(name)});
    }
    act.threshold = threshold;
    act.registry_code = "TEST";
    act.foreign_registries = {"ACR"};
    act.delays.proposal_seconds = 3'600;
    act.validity_seconds_max = 3'600;
    return act;
  }

  // The key that a name stands for, and the person who holds it: the same in every run. The keys
  // "ann", "ann-2", "ann-3" … are of different persons.
  static crypto::SecretKey key(const std::string& name) {
    static const bool ready = crypto::initialise().ok();
    REQUIRE(ready);
    return crypto::SecretKey::from_seed(crypto::sha256(as_bytes(name)));
  }
  static model::KeyBytes public_key(const std::string& name) {
    return {key(name).public_key().bytes};
  }
  static Hash person(const std::string& name) { return crypto::sha256(as_bytes("person " + name)); }
  static model::KeyDeclaration declared(const std::string& name,
                                        std::vector<model::KeyPurpose> purposes) {
    return {public_key(name), person(name), std::move(purposes)};
  }

  // The unsigned act of `signer`; `party` is a name given to party() or applicant(), or empty.
  template <class Body>
  model::Act act(const std::string& signer, const std::string& party, Body body) {
    model::Act act;
    const Hash id = crypto::sha256(as_bytes("act " + std::to_string(next_id_++)));
    std::copy_n(id.begin(), act.id.size(), act.id.begin());
    act.id[6] = static_cast<std::uint8_t>((act.id[6] & 0x0FU) | 0x70U);
    act.id[8] = static_cast<std::uint8_t>((act.id[8] & 0x3FU) | 0x80U);
    act.signer = public_key(signer);
    if (!party.empty()) act.party = parties_.at(party);
    act.registry = kOrigin;
    act.valid_from = TimestampMs{now.value() / kMsPerSecond * kMsPerSecond};
    act.valid_until = TimestampMs{act.valid_from.value() + kLifeMs};
    act.body = std::move(body);
    return act;
  }

  Answer send(const model::Act& act, const std::string& signer) {
    const auto document = codec::sign_act(act, key(signer), act.valid_from);
    REQUIRE_MESSAGE(document.ok(), (document.ok() ? std::string() : document.error().detail));
    return judge(*document);
  }
  template <class Body>
  Answer submit(const std::string& signer, const std::string& party, Body body) {
    return send(act(signer, party, std::move(body)), signer);
  }

  Answer approve(const std::string& signer, const std::string& party, const Hash& digest) {
    return decide(signer, party, digest, model::Decision::approve);
  }
  Answer decide(const std::string& signer, const std::string& party, const Hash& digest,
                model::Decision decision) {
    const auto target = model::ProposalId::of(digest);
    return submit(signer, party, model::Approve{target, digest, decision, "seen"});
  }

  static Answer accept(Answer answer) {
    REQUIRE_MESSAGE(answer.ok(), answer.name << " " << answer.pointer << " " << answer.detail);
    return answer;
  }

  // An act and the approval of a second person: of the party's own `-2` key, or of gov2.
  template <class Body>
  Answer approved(const std::string& party, Body body) {
    const auto proposed = accept(submit(party, party, std::move(body)));
    REQUIRE(proposed.proposal.has_value());
    return approve(party + "-2", party, proposed.digest);
  }
  // The same where the act may wait for one, or not.
  template <class Body>
  Answer signed_off(const std::string& signer, const std::string& party, Body body) {
    const auto answer = submit(signer, party, std::move(body));
    if (!answer.ok() || !answer.proposal) return answer;
    return approve(party + "-2", party, answer.digest);
  }
  template <class Body>
  Answer governed(Body body) {
    const auto proposed = accept(submit("gov1", "", std::move(body)));
    REQUIRE(proposed.proposal.has_value());
    return approve("gov2", "", proposed.digest);
  }

  static model::RegisterParty registration(const std::string& name,
                                           std::vector<model::Role> roles) {
    model::RegisterParty act;
    act.key = declared(name, {model::KeyPurpose::initiate});
    act.name.en = name;
    act.country = "CN";
    act.roles = std::move(roles);
    return act;
  }
  model::PartyId applicant(const std::string& name, std::vector<model::Role> roles) {
    accept(submit(name, "", registration(name, std::move(roles))));
    return parties_[name] = model::PartyId::of(last_digest_);
  }
  // An admitted party: the key `name` initiates, the key `name-2` of another person approves.
  model::PartyId party(const std::string& name, const std::vector<model::Role>& roles) {
    const auto id = applicant(name, roles);
    accept(governed(model::AdmitParty{id, roles, {}}));
    bind(name, name + "-2", {model::KeyPurpose::approve});
    return id;
  }
  void bind(const std::string& party, const std::string& name,
            std::vector<model::KeyPurpose> purposes) {
    accept(
        signed_off(party, party, model::BindKey{id(party), declared(name, std::move(purposes))}));
  }
  void set_status(const std::string& party, model::PartyStatus status) {
    accept(governed(model::SetPartyStatus{id(party), status, "a reason"}));
  }

  // Does the signer's act pass who-may-sign? The smallest act that any admitted party may do.
  std::string deposit(const std::string& signer, const std::string& party) {
    model::DepositEvidence act;
    act.digests = {{Hash{1}, std::nullopt}};
    act.category = "report";
    act.title = "A file";
    return submit(signer, party, act).name;
  }

  // A batch of a programme that policy lets move, all of it active with `holder`.
  model::BatchId give_units(const std::string& holder, Units quantity, std::uint8_t number = 1,
                            const model::ProgrammePolicy& policy = open_policy()) {
    model::ProgrammeRow programme;
    programme.id = model::ProgrammeId{{number}};
    programme.code = "P" + std::to_string(number);
    programme.name.en = "Programme";
    programme.policies = {{{EntryIndex{0}, std::nullopt}, policy}};
    model::BatchRow batch;
    batch.id = model::BatchId{{number}};
    batch.programme = programme.id;
    batch.developer = id(holder);
    batch.vintage = 2025;
    batch.prefix = "TEST-P-CN-A-2025-" + std::to_string(number);
    batch.quantity = quantity;
    change([&](state::Context& context) {
      context.write(codec::programme_key(programme.id), programme);
      context.write(codec::batch_key(batch.id), batch);
      state::create_units(context, {batch.id, 1, quantity},
                          {model::UnitState::active, id(holder), std::nullopt});
    });
    return batch.id;
  }
  static model::ProgrammePolicy open_policy() {
    model::ProgrammePolicy policy;
    policy.accepted_opinions = {model::Opinion::unmodified};
    policy.buffer_rate = {"0.05"};
    policy.capacity_margin = {"1.1"};
    return policy;
  }

  // Works on the state outside any act.
  template <class Work>
  void change(const Work& work) {
    const model::VerifiedAct act;
    const state::OrderedAct ordered{EntryIndex{next_}, now, act};
    const state::BlobSource none;
    state::Context context(state_, ordered, none);
    work(context);
    REQUIRE(!context.damage());
    state_.apply(context.overlay().delta());
    memo_ = {};
  }
  template <class Row>
  void put(const Bytes& key, const Row& row) {
    change([&](state::Context& context) { context.write(key, row); });
  }
  template <class Row>
  [[nodiscard]] std::optional<Row> find(const Bytes& key) const {
    const auto bytes = state_.get(key);
    if (!bytes) return std::nullopt;
    auto row = codec::decode_row<Row>(*bytes);
    REQUIRE(row.ok());
    return *std::move(row);
  }
  template <class Row>
  [[nodiscard]] Row get(const Bytes& key) const {
    auto row = find<Row>(key);
    REQUIRE(row.has_value());
    return *std::move(row);
  }
  template <class Row>
  [[nodiscard]] std::vector<Row> all() const {
    std::vector<Row> rows;
    state_.scan(Bytes{Row::kTag}, Bytes{Row::kTag + 1}, [&](ByteView, ByteView value) {
      rows.push_back(*codec::decode_row<Row>(value));
      return true;
    });
    return rows;
  }

  [[nodiscard]] const model::PartyId& id(const std::string& name) const {
    return parties_.at(name);
  }
  [[nodiscard]] model::PartyRow row_of(const std::string& name) const {
    return get<model::PartyRow>(codec::party_key(id(name)));
  }
  [[nodiscard]] model::PartyStatus status_of(const std::string& name) const {
    return row_of(name).standings.back().status;
  }
  [[nodiscard]] model::ProposalState proposal_state(const Hash& digest) const {
    return get<model::ProposalRow>(codec::proposal_key(model::ProposalId::of(digest))).state;
  }
  // Digest of the last document: ids of what it created derive from it.
  [[nodiscard]] const Hash& last_digest() const { return last_digest_; }
  // How many entries there are: only accepted acts become one.
  [[nodiscard]] std::uint64_t size() const { return next_; }
  [[nodiscard]] const std::map<Bytes, Bytes>& rows() const { return state_.rows(); }
  void pass(std::int64_t ms) { now = TimestampMs{now.value() + ms}; }

  Hash blob(const std::string& text) {
    const Hash digest = crypto::sha256(as_bytes(text));
    blobs_[digest] = to_bytes(text);
    return digest;
  }

  Answer judge(const std::string& document) {
    const auto act = codec::decode_act(document);
    if (!act.ok()) {
      return {
          std::string(act.error().name), act.error().pointer, act.error().detail, {}, {}, {}, {}};
    }
    last_digest_ = act->digest;
    const state::OrderedAct ordered{EntryIndex{next_}, now, *act};
    const state::BlobSource blobs = [this](const Hash& digest) -> std::optional<Bytes> {
      const auto found = blobs_.find(digest);
      if (found == blobs_.end()) return std::nullopt;
      return found->second;
    };
    auto verdict = state::apply(state_, ordered, blobs, &memo_);
    check_same(verdict, state::apply(state_, ordered, blobs));
    return taken(std::move(verdict), act->digest);
  }

 private:
  static void check_same(const state::Verdict& a, const state::Verdict& b) {
    REQUIRE(a.index() == b.index());
    if (const auto* accepted = std::get_if<state::Accepted>(&a)) {
      CHECK(accepted->delta == std::get<state::Accepted>(b).delta);
    } else if (const auto* rejected = std::get_if<state::Rejected>(&a)) {
      CHECK(rejected->refusal.outcome == std::get<state::Rejected>(b).refusal.outcome);
      CHECK(rejected->refusal.pointer == std::get<state::Rejected>(b).refusal.pointer);
    }
  }

  Answer taken(state::Verdict verdict, const Hash& digest) {
    Answer answer;
    answer.digest = digest;
    answer.index = EntryIndex{next_};
    if (const auto* undecided = std::get_if<state::Undecided>(&verdict)) {
      answer.name = undecided->error.name;
      answer.detail = undecided->error.detail;
      return answer;
    }
    if (auto* rejected = std::get_if<state::Rejected>(&verdict)) {
      answer.name = model::describe_outcome(rejected->refusal.outcome).name;
      answer.pointer = rejected->refusal.pointer;
      answer.detail = rejected->refusal.detail;
      answer.rows = std::move(rejected->row_refusals);
      return answer;
    }
    auto& accepted = std::get<state::Accepted>(verdict);
    check_delta(accepted);
    state_.apply(accepted.delta);
    check_units();
    ++next_;
    answer.proposal = accepted.proposal;
    answer.rows = std::move(accepted.row_refusals);
    return answer;
  }

  static void check_delta(const state::Accepted& accepted) {
    for (const auto& [key, value] : accepted.delta) {
      const bool of_proposal = key[0] == model::ProposalRow::kTag ||
                               key[0] == codec::kOpenProposalTag || key[0] == codec::kCreatedTag;
      CHECK((!accepted.proposal || of_proposal));
      const bool committed = key[0] < model::kFirstIndexTag;
      if (committed && value) CHECK(EveryRow::reads_back(key[0], *value));
    }
  }

  // Runs of each batch follow one another without a gap, and every holding is the sum of its runs.
  void check_units() const {
    std::map<model::BatchId, Units> next;
    std::map<std::pair<Bytes, model::UnitState>, Units> sums;
    for (const auto& run : all<model::SerialRow>()) {
      auto& expected = next.try_emplace(run.batch, 1).first->second;
      CHECK(run.first == expected);
      expected = run.last + 1;
      if (!run.holder) continue;
      sums[{codec::holding_key(*run.holder, run.batch), run.state}] += run.last - run.first + 1;
    }
    for (const auto& batch : all<model::BatchRow>()) CHECK(next[batch.id] == batch.quantity + 1);
    for (const auto& holding : all<model::HoldingRow>()) {
      const Bytes key = codec::holding_key(holding.holder, holding.batch);
      CHECK(holding.active == sums[{key, model::UnitState::active}]);
      CHECK(holding.pending == sums[{key, model::UnitState::pending}]);
      CHECK(holding.retired == sums[{key, model::UnitState::retired}]);
    }
  }

 public:
  TimestampMs now{kFirstMs};

 private:
  std::uint64_t next_ = 0;
  std::uint64_t next_id_ = 0;
  Hash last_digest_{};
  std::map<std::string, model::PartyId> parties_;
  std::map<Hash, Bytes> blobs_;
  state::MemoryState state_;
  state::RowMemo memo_;
};

}  // namespace mrv::test
