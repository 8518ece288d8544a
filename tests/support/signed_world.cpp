// Judging, and what is checked beside each verdict.
#include "tests/support/signed_world.h"

#include <algorithm>

#include "tests/support/uuid.h"

namespace mrv::test {
namespace {

template <class... Rows>
struct RowKinds {
  static bool reads_back(std::uint8_t tag, ByteView value) {
    return ((tag == Rows::kTag && codec::decode_row<Rows>(value).ok()) || ...);
  }
};
using EveryRow = RowKinds<
    model::LedgerRow, model::PartyRow, model::KeyRow, model::ProposalRow, model::AccreditationRow,
    model::ProgrammeRow, model::CodeRow, model::StandardRow, model::ProjectRow, model::ReportRow,
    model::StatementRow, model::CarryRow, model::BatchRow, model::SerialRow, model::HoldingRow,
    model::TransferRow, model::RetirementRow, model::PoolRow, model::DepositRow, model::EvidenceRow,
    model::ImportStateRow, model::ForeignSerialRow, model::ForeignTotalsRow, model::ImportFileRow,
    model::BoundaryRow, model::AccountPolicyRow, model::RemovedBlobRow, model::AmendmentRow,
    model::CommentRow, model::GrievanceRow, model::FindingRow, model::ReversalRow,
    model::ObligationRow, model::InvalidationRow, model::CancellationRow, model::LockRow,
    model::ExportRow, model::ConversionRow, model::ReceiptRow, model::LabelRow,
    model::AnnotationRow, model::GeometryRow, model::BoundaryCellRow>;

}  // namespace

SignedWorld::SignedWorld(Empty /*start*/) {}

SignedWorld::SignedWorld(const model::Genesis& genesis) : SignedWorld(Empty{}) {
  accept(submit("gov1", "", genesis));
  const Hash digest = last_digest_;
  for (std::int64_t i = 2; i <= genesis.threshold; ++i) {
    accept(approve("gov" + std::to_string(i), "", digest));
  }
}

model::Genesis SignedWorld::genesis_of(std::int64_t seats, std::int64_t threshold) {
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

crypto::SecretKey SignedWorld::key(const std::string& name) {
  static const bool ready = crypto::initialise().ok();
  REQUIRE(ready);
  return crypto::SecretKey::from_seed(crypto::sha256(as_bytes(name)));
}

model::KeyBytes SignedWorld::public_key(const std::string& name) {
  return {key(name).public_key().bytes};
}

Hash SignedWorld::person(const std::string& name) {
  return crypto::sha256(as_bytes("person " + name));
}

model::KeyDeclaration SignedWorld::declared(const std::string& name,
                                            std::vector<model::KeyPurpose> purposes) {
  return {public_key(name), person(name), std::move(purposes)};
}

model::Act SignedWorld::act(const std::string& signer, const std::string& party,
                            model::ActBody body) {
  model::Act act;
  act.id = uuid_of("act " + std::to_string(next_id_++));
  act.signer = public_key(signer);
  if (!party.empty()) act.party = parties_.at(party);
  act.registry = kOrigin;
  act.valid_from = TimestampMs{now.value() / kMsPerSecond * kMsPerSecond};
  act.valid_until = TimestampMs{act.valid_from.value() + kLifeMs};
  act.body = std::move(body);
  return act;
}

SignedWorld::Answer SignedWorld::send(const model::Act& act, const std::string& signer) {
  const auto document = codec::sign_act(act, key(signer), act.valid_from);
  REQUIRE_MESSAGE(document.ok(), (document.ok() ? std::string() : document.error().detail));
  return judge(*document);
}

SignedWorld::Answer SignedWorld::submit(const std::string& signer, const std::string& party,
                                        model::ActBody body) {
  return send(act(signer, party, std::move(body)), signer);
}

SignedWorld::Answer SignedWorld::approve(const std::string& signer, const std::string& party,
                                         const Hash& digest) {
  return decide(signer, party, digest, model::Decision::approve);
}

SignedWorld::Answer SignedWorld::decide(const std::string& signer, const std::string& party,
                                        const Hash& digest, model::Decision decision) {
  const auto target = model::ProposalId::of(digest);
  return submit(signer, party, model::Approve{target, digest, decision, "seen"});
}

SignedWorld::Answer SignedWorld::accept(Answer answer) {
  REQUIRE_MESSAGE(answer.ok(), answer.name << " " << answer.pointer << " " << answer.detail);
  return answer;
}

SignedWorld::Answer SignedWorld::approved(const std::string& party, model::ActBody body) {
  const auto proposed = accept(submit(party, party, std::move(body)));
  REQUIRE(proposed.proposal.has_value());
  return approve(party + "-2", party, proposed.digest);
}

SignedWorld::Answer SignedWorld::signed_off(const std::string& signer, const std::string& party,
                                            model::ActBody body) {
  const auto answer = submit(signer, party, std::move(body));
  if (!answer.ok() || !answer.proposal) return answer;
  return approve(party + "-2", party, answer.digest);
}

SignedWorld::Answer SignedWorld::governed(model::ActBody body) {
  const auto proposed = accept(submit("gov1", "", std::move(body)));
  REQUIRE(proposed.proposal.has_value());
  return approve("gov2", "", proposed.digest);
}

model::RegisterParty SignedWorld::registration(const std::string& name,
                                               std::vector<model::Role> roles) {
  model::RegisterParty act;
  act.key = declared(name, {model::KeyPurpose::initiate});
  act.name.en = name;
  act.country = "CN";
  act.roles = std::move(roles);
  return act;
}

model::PartyId SignedWorld::applicant(const std::string& name, std::vector<model::Role> roles) {
  accept(submit(name, "", registration(name, std::move(roles))));
  return parties_[name] = model::PartyId::of(last_digest_);
}

model::PartyId SignedWorld::party(const std::string& name, const std::vector<model::Role>& roles) {
  const auto id = applicant(name, roles);
  accept(governed(model::AdmitParty{id, roles, {}}));
  bind(name, name + "-2", {model::KeyPurpose::approve});
  return id;
}

model::PartyId SignedWorld::account(const std::string& owner, const std::string& name) {
  accept(signed_off(owner, owner, model::OpenAccount{{name, std::nullopt}}));
  return parties_[name] = model::PartyId::of(last_digest_);
}

void SignedWorld::bind(const std::string& party, const std::string& name,
                       std::vector<model::KeyPurpose> purposes) {
  accept(signed_off(party, party, model::BindKey{id(party), declared(name, std::move(purposes))}));
}

void SignedWorld::set_status(const std::string& party, model::PartyStatus status) {
  accept(governed(model::SetPartyStatus{id(party), status, "a reason"}));
}

std::string SignedWorld::deposit(const std::string& signer, const std::string& party) {
  model::DepositEvidence act;
  act.digests = {{Hash{1}, std::nullopt}};
  act.category = "report";
  act.title = "A file";
  return submit(signer, party, act).name;
}

model::BatchId SignedWorld::give_units(const std::string& holder, Units quantity,
                                       std::uint8_t number, const model::ProgrammePolicy& policy,
                                       model::AmountUnit unit) {
  model::ProgrammeRow programme;
  programme.id = model::ProgrammeId{{number}};
  programme.code = "P" + std::to_string(number);
  programme.name.en = "Programme";
  programme.unit = unit;
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

model::ProgrammePolicy SignedWorld::open_policy() {
  model::ProgrammePolicy policy;
  policy.accepted_opinions = {model::Opinion::unmodified};
  policy.buffer_rate = {"0.05"};
  policy.capacity_margin = {"1.1"};
  return policy;
}

void SignedWorld::change(const std::function<void(state::Context&)>& work) {
  const model::VerifiedAct act;
  const state::OrderedAct ordered{EntryIndex{next_}, now, act};
  const state::BlobSource none;
  state::Context context(state_, ordered, none);
  work(context);
  REQUIRE(!context.damage());
  state_.apply(context.overlay().delta());
  memo_ = {};
}

const model::PartyId& SignedWorld::id(const std::string& name) const { return parties_.at(name); }

model::PartyRow SignedWorld::row_of(const std::string& name) const {
  return get<model::PartyRow>(codec::party_key(id(name)));
}

model::PartyStatus SignedWorld::status_of(const std::string& name) const {
  return row_of(name).standings.back().status;
}

model::ProposalState SignedWorld::proposal_state(const Hash& digest) const {
  return get<model::ProposalRow>(codec::proposal_key(model::ProposalId::of(digest))).state;
}

Hash SignedWorld::blob(const std::string& text) {
  const Hash digest = crypto::sha256(as_bytes(text));
  blobs_[digest] = to_bytes(text);
  return digest;
}

SignedWorld::Answer SignedWorld::judge(const std::string& document) {
  const auto act = codec::decode_act(document);
  if (!act.ok()) {
    return {std::string(act.error().name), act.error().pointer, act.error().detail, {}, {}, {}, {}};
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

void SignedWorld::check_same(const state::Verdict& a, const state::Verdict& b) {
  REQUIRE(a.index() == b.index());
  if (const auto* accepted = std::get_if<state::Accepted>(&a)) {
    CHECK(accepted->delta == std::get<state::Accepted>(b).delta);
  } else if (const auto* rejected = std::get_if<state::Rejected>(&a)) {
    CHECK(rejected->refusal.outcome == std::get<state::Rejected>(b).refusal.outcome);
    CHECK(rejected->refusal.pointer == std::get<state::Rejected>(b).refusal.pointer);
  }
}

SignedWorld::Answer SignedWorld::taken(state::Verdict verdict, const Hash& digest) {
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
  check_pools(accepted.delta);
  state_.apply(accepted.delta);
  check_units();
  ++next_;
  answer.proposal = accepted.proposal;
  answer.rows = std::move(accepted.row_refusals);
  return answer;
}

void SignedWorld::check_delta(const state::Accepted& accepted) {
  for (const auto& [key, value] : accepted.delta) {
    const bool of_proposal = key[0] == model::ProposalRow::kTag ||
                             key[0] == codec::kOpenProposalTag || key[0] == codec::kCreatedTag;
    CHECK((!accepted.proposal || of_proposal));
    const bool committed = key[0] < model::kFirstIndexTag;
    if (committed && value) CHECK(EveryRow::reads_back(key[0], *value));
  }
}

void SignedWorld::check_pools(const state::Delta& delta) const {
  const auto after = [&](const Bytes& key) {
    const auto found = delta.find(key);
    return found != delta.end() ? found->second : state_.get(key);
  };
  std::map<model::ProgrammeId, Units> counted;
  const auto count = [&](const std::optional<Bytes>& value, std::uint8_t tag, Units sign) {
    if (!value) return;
    if (tag == model::PoolRow::kTag) {
      const auto pool = codec::decode_row<model::PoolRow>(*value);
      counted[pool->programme] -= sign * pool->units;
      return;
    }
    const auto run = codec::decode_row<model::SerialRow>(*value);
    if (run->state != model::UnitState::buffer) return;
    const auto batch = codec::decode_row<model::BatchRow>(*after(codec::batch_key(run->batch)));
    counted[batch->programme] += sign * (run->last - run->first + 1);
  };
  for (const auto& [key, value] : delta) {
    if (key[0] != model::PoolRow::kTag && key[0] != model::SerialRow::kTag) continue;
    count(state_.get(key), key[0], -1);
    count(value, key[0], 1);
  }
  for (const auto& [programme, difference] : counted) CHECK(difference == 0);
}

void SignedWorld::check_units() const {
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
    CHECK(holding.locked == sums[{key, model::UnitState::locked}]);
    CHECK(holding.retired == sums[{key, model::UnitState::retired}]);
  }
}

}  // namespace mrv::test
