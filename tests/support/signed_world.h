// A ledger in memory that judges really signed documents, as a node does without its disk: strict
// decoding, signature, transition.
//
// Beside each verdict it checks what must hold after every act: the verdict does not depend on the
// row memo, a proposal changes nothing but itself, every written row reads back, and every serial
// of a batch has exactly one place.
#pragma once

#include <functional>
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
  explicit SignedWorld(Empty /*start*/);

  // Founded by as many of the governance keys gov1, gov2 … as the threshold asks for.
  explicit SignedWorld(const model::Genesis& genesis = genesis_of(2, 2));
  static model::Genesis genesis_of(std::int64_t seats, std::int64_t threshold);

  // The key that a name stands for, and the person who holds it: the same in every run. The keys
  // "ann", "ann-2", "ann-3" … are of different persons.
  static crypto::SecretKey key(const std::string& name);
  static model::KeyBytes public_key(const std::string& name);
  static Hash person(const std::string& name);
  static model::KeyDeclaration declared(const std::string& name,
                                        std::vector<model::KeyPurpose> purposes);

  // The unsigned act of `signer`; `party` is a name given to party() or applicant(), or empty.
  model::Act act(const std::string& signer, const std::string& party, model::ActBody body);
  Answer send(const model::Act& act, const std::string& signer);
  Answer submit(const std::string& signer, const std::string& party, model::ActBody body);
  Answer approve(const std::string& signer, const std::string& party, const Hash& digest);
  Answer decide(const std::string& signer, const std::string& party, const Hash& digest,
                model::Decision decision);
  static Answer accept(Answer answer);

  // An act and the approval of a second person: of the party's own `-2` key, or of gov2.
  Answer approved(const std::string& party, model::ActBody body);
  // The same where the act may wait for one, or not.
  Answer signed_off(const std::string& signer, const std::string& party, model::ActBody body);
  Answer governed(model::ActBody body);
  static model::RegisterParty registration(const std::string& name, std::vector<model::Role> roles);
  model::PartyId applicant(const std::string& name, std::vector<model::Role> roles);
  // An admitted party: the key `name` initiates, the key `name-2` of another person approves.
  model::PartyId party(const std::string& name, const std::vector<model::Role>& roles);
  // A sub-account: its acts name `name` and are signed by its owner's keys.
  model::PartyId account(const std::string& owner, const std::string& name);
  void bind(const std::string& party, const std::string& name,
            std::vector<model::KeyPurpose> purposes);
  void set_status(const std::string& party, model::PartyStatus status);

  // Does the signer's act pass who-may-sign? The smallest act that any admitted party may do.
  std::string deposit(const std::string& signer, const std::string& party);

  // A batch of a programme that policy lets move, all of it active with `holder`.
  model::BatchId give_units(const std::string& holder, Units quantity, std::uint8_t number = 1,
                            const model::ProgrammePolicy& policy = open_policy(),
                            model::AmountUnit unit = model::AmountUnit::t);
  static model::ProgrammePolicy open_policy();

  // Works on the state outside any act.
  void change(const std::function<void(state::Context&)>& work);
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

  [[nodiscard]] const model::PartyId& id(const std::string& name) const;
  [[nodiscard]] model::PartyRow row_of(const std::string& name) const;
  [[nodiscard]] model::PartyStatus status_of(const std::string& name) const;
  [[nodiscard]] model::ProposalState proposal_state(const Hash& digest) const;
  // Digest of the last document: ids of what it created derive from it.
  [[nodiscard]] const Hash& last_digest() const { return last_digest_; }
  // How many entries there are: only accepted acts become one.
  [[nodiscard]] std::uint64_t size() const { return next_; }
  [[nodiscard]] const std::map<Bytes, Bytes>& rows() const { return state_.rows(); }
  [[nodiscard]] const state::MemoryState& state() const { return state_; }
  void pass(std::int64_t ms) { now = TimestampMs{now.value() + ms}; }

  Hash blob(const std::string& text);
  Answer judge(const std::string& document);

 private:
  static void check_same(const state::Verdict& a, const state::Verdict& b);
  Answer taken(state::Verdict verdict, const Hash& digest);

  static void check_delta(const state::Accepted& accepted);

  // What comes into a pool or leaves it is counted there. Before the delta is applied.
  void check_pools(const state::Delta& delta) const;

  // Runs of each batch follow one another without a gap, and every holding is the sum of its runs.
  void check_units() const;

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
