// A founded ledger in memory for tests of the rules: parties with roles, and acts judged one by one
// without documents or signatures, which have tests of their own.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "ledger/state/rules.h"
#include "ledger/state/units.h"

namespace mrv::test {

inline constexpr std::int64_t kStartMs = 1'800'000'000'000;

class StateWorld {
 public:
  struct Verdict {
    state::Check check;
    std::vector<state::RowRefusal> rows;
    [[nodiscard]] bool ok() const { return !check; }
    [[nodiscard]] std::string name() const {
      return check ? std::string(model::describe_outcome(check->outcome).name) : "";
    }
  };

  StateWorld() {
    model::LedgerRow ledger;
    ledger.origin = "example.org/test";
    ledger.registry_code = "TEST";
    ledger.foreign_registries = {"ACR"};
    ledger.governance = {{governance_, Hash{}, {EntryIndex{0}, std::nullopt}}};
    ledger.founders = {governance_};
    ledger.founded = EntryIndex{0};
    ledger.validity_seconds_max = 3'600;
    ledger.delays.proposal_seconds = 60;
    put(codec::ledger_key(), ledger);
  }

  // An admitted party whose one key may initiate and approve.
  model::PartyId party(std::uint8_t number, std::vector<model::Role> roles) {
    model::PartyRow row;
    row.id = model::PartyId{{number}};
    row.name.en = "Party " + std::to_string(number);
    row.country = "XX";
    row.standings = {{{EntryIndex{0}, std::nullopt}, model::PartyStatus::admitted, roles}};
    row.keys = {key_of(row.id)};
    put(codec::party_key(row.id), row);
    model::KeyRow key;
    key.key = key_of(row.id);
    key.party = row.id;
    key.purposes = {model::KeyPurpose::initiate, model::KeyPurpose::approve};
    key.bound = {EntryIndex{0}, std::nullopt};
    put(codec::key_key(key.key), key);
    return row.id;
  }

  static model::KeyBytes key_of(const model::PartyId& party) {
    model::KeyBytes key;
    std::copy(party.bytes.begin(), party.bytes.end(), key.bytes.begin());
    return key;
  }

  // Judges the act at the next entry; what it changes is kept when it is accepted.
  template <class Body>
  Verdict run(const model::PartyId& by, Body body) {
    return judge(key_of(by), by, std::move(body));
  }
  // The same signed by the governance seat.
  template <class Body>
  Verdict govern(Body body) {
    return judge(governance_, std::nullopt, std::move(body));
  }
  // The same with the key and the party named.
  template <class Body>
  Verdict judge(const model::KeyBytes& key, const std::optional<model::PartyId>& party, Body body) {
    model::VerifiedAct act;
    act.act.signer = key;
    act.act.party = party;
    act.act.body = std::move(body);
    act.digest[0] = static_cast<std::uint8_t>(next_ >> 8U);
    act.digest[1] = static_cast<std::uint8_t>(next_);
    digest_ = act.digest;
    const state::OrderedAct ordered{EntryIndex{next_++}, now, act};
    const state::BlobSource source = [this](const Hash& digest) -> std::optional<Bytes> {
      const auto found = blobs.find(digest);
      if (found == blobs.end()) return std::nullopt;
      return found->second;
    };
    state::Context context(state_, ordered, source);
    Verdict verdict{state::rule(context, std::get<Body>(act.act.body)), context.row_refusals()};
    if (verdict.ok()) verdict.check = context.check_written();
    REQUIRE(!context.damage());
    if (verdict.ok()) state_.apply(context.overlay().delta());
    return verdict;
  }

  // Works on the state outside any act.
  template <class Work>
  void change(const Work& work) {
    const model::VerifiedAct act;
    const state::OrderedAct ordered{EntryIndex{next_++}, now, act};
    const state::BlobSource blobs;
    state::Context context(state_, ordered, blobs);
    work(context);
    REQUIRE(!context.damage());
    state_.apply(context.overlay().delta());
  }

  // Works on a copy that is thrown away.
  template <class Work>
  void look(const Work& work) const {
    const model::VerifiedAct act;
    const state::OrderedAct ordered{EntryIndex{next_}, now, act};
    const state::BlobSource none;
    state::Context context(state_, ordered, none);
    work(context);
    REQUIRE(!context.damage());
  }

  template <class Row>
  void put(const Bytes& key, const Row& row) {
    state_.apply({{key, codec::encode_row(row)}});
  }
  template <class Row>
  Row get(const Bytes& key) const {
    const auto bytes = state_.get(key);
    REQUIRE(bytes.has_value());
    auto row = codec::decode_row<Row>(*bytes);
    REQUIRE(row.ok());
    return *row;
  }
  // Rows of one kind, in key order.
  template <class Row>
  std::vector<Row> all() const {
    std::vector<Row> rows;
    state_.scan(Bytes{Row::kTag}, Bytes{Row::kTag + 1}, [&](ByteView, ByteView value) {
      rows.push_back(*codec::decode_row<Row>(value));
      return true;
    });
    return rows;
  }

  // Digest of the act judged last: ids of what it created derive from it.
  [[nodiscard]] const Hash& digest() const { return digest_; }
  [[nodiscard]] const state::MemoryState& state() const { return state_; }

  TimestampMs now{kStartMs};
  std::map<Hash, Bytes> blobs;

 private:
  model::KeyBytes governance_{{200}};
  std::uint64_t next_ = 1;
  Hash digest_{};
  state::MemoryState state_;
};

}  // namespace mrv::test
