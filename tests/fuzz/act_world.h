// The ledger of the golden log in memory, for fuzz targets: the keys of its parties, and what holds
// after every act. Acts are signed and judged for real; only the node is missing.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "crypto/sha256.h"
#include "ledger/codec/act_codec.h"
#include "ledger/codec/row_codec.h"
#include "ledger/log/checkpoint.h"
#include "ledger/state/transition.h"
#include "ledger/state/units.h"
#include "verifier/replay.h"

namespace mrv::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

inline constexpr const char* kOrigin = "ledger.example/test";
inline constexpr std::int64_t kGoldenEndMs = 1'800'000'000'000;

inline std::string read_source(const std::string& path) {
  std::ifstream file(std::string(MRV_SOURCE_DIR "/") + path, std::ios::binary);
  require(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

// The key that a name stands for in the golden log.
inline const crypto::SecretKey& key_of(const std::string& name) {
  static std::map<std::string, crypto::SecretKey> keys;
  const auto found = keys.find(name);
  if (found != keys.end()) return found->second;
  return keys.emplace(name, crypto::SecretKey::from_seed(crypto::sha256(as_bytes(name))))
      .first->second;
}
inline model::KeyBytes public_key_of(const std::string& name) {
  return {key_of(name).public_key().bytes};
}

inline const verifier::Replay& golden_replay() {
  static const auto kReplay = [] {
    require(crypto::initialise().ok());
    std::map<Hash, Bytes> blobs;
    for (const char* path : {"schemas/examples/ccs/mass-meters-2023.csv",
                             "schemas/examples/ccs/volume-meters-2023.csv"}) {
      const std::string bytes = read_source(path);
      blobs[crypto::sha256(as_bytes(bytes))] = to_bytes(bytes);
    }
    auto made =
        std::make_unique<verifier::Replay>([blobs](const Hash& digest) -> std::optional<Bytes> {
          const auto found = blobs.find(digest);
          return found == blobs.end() ? std::nullopt : std::optional(found->second);
        });
    const auto entries =
        log::decode_bundle(as_bytes(read_source("tests/vectors/golden-1/entries")));
    require(entries.ok());
    for (const Bytes& entry : *entries) require(made->add(entry).ok());
    return made;
  }();
  return *kReplay;
}

class ActWorld {
 public:
  ActWorld() : next_(golden_replay().size()) {
    state::Delta rows;
    for (const auto& [key, value] : golden_replay().state().rows()) rows[key] = value;
    state_.apply(rows);
    for (const auto& party : all<model::PartyRow>())
      parties_[party.name.en.value_or("")] = party.id;
    check_units();
  }

  // Judges the signed act at the next entry, keeps what an accepted one changes, and checks
  // everything. Nothing where the document itself is no act.
  template <class Body>
  void run(const std::string& signer, const std::optional<model::PartyId>& party, Body body) {
    model::Act act;
    act.id[0] = static_cast<std::uint8_t>(next_ >> 8U);
    act.id[1] = static_cast<std::uint8_t>(next_);
    act.id[6] = 0x70;
    act.id[8] = 0x80;
    act.signer = public_key_of(signer);
    act.party = party;
    act.registry = kOrigin;
    act.valid_from = now;
    act.valid_until = TimestampMs{now.value() + 600 * kMsPerSecond};
    act.body = std::move(body);
    const auto document = codec::sign_act(act, key_of(signer), now);
    if (!document.ok()) return;
    const auto decoded = codec::decode_act(*document, /*key_is_registered=*/true);
    if (!decoded.ok()) {
      require(model::find_outcome(decoded.error().name).has_value());
      return;
    }
    digest = decoded->digest;
    judge(*decoded);
  }

  [[nodiscard]] std::optional<model::PartyId> party(const std::string& name) const {
    const auto found = parties_.find(name);
    return found == parties_.end() ? std::nullopt : std::optional(found->second);
  }
  template <class Row>
  [[nodiscard]] std::vector<Row> all() const {
    std::vector<Row> rows;
    state_.scan(Bytes{Row::kTag}, Bytes{Row::kTag + 1}, [&](ByteView, ByteView value) {
      auto row = codec::decode_row<Row>(value);
      require(row.ok());
      rows.push_back(*std::move(row));
      return true;
    });
    return rows;
  }

  TimestampMs now{kGoldenEndMs};
  Hash digest{};  // of the act run last

 private:
  void judge(const model::VerifiedAct& act) {
    const state::OrderedAct ordered{EntryIndex{next_}, now, act};
    const state::BlobSource blobs = [](const Hash&) { return std::nullopt; };
    const auto verdict = state::apply(state_, ordered, blobs, &memo_);
    require_same(verdict, state::apply(state_, ordered, blobs));
    if (const auto* undecided = std::get_if<state::Undecided>(&verdict)) {
      require(undecided->error.name == "BLOB_MISSING");
      return;
    }
    const auto* accepted = std::get_if<state::Accepted>(&verdict);
    if (accepted == nullptr) return;
    check_delta(*accepted);
    state_.apply(accepted->delta);
    ++next_;
    if (const auto* party = std::get_if<model::RegisterParty>(&act.act.body)) {
      parties_[party->name.en.value_or("")] = model::PartyId::of(act.digest);
    }
    check_units();
  }

  // What was decoded before changes no verdict.
  static void require_same(const state::Verdict& a, const state::Verdict& b) {
    require(a.index() == b.index());
    if (const auto* one = std::get_if<state::Accepted>(&a)) {
      const auto& other = std::get<state::Accepted>(b);
      require(one->delta == other.delta && one->result == other.result &&
              one->proposal == other.proposal);
    } else if (const auto* refused = std::get_if<state::Rejected>(&a)) {
      const auto& refusal = std::get<state::Rejected>(b).refusal;
      require(refused->refusal.outcome == refusal.outcome &&
              refused->refusal.pointer == refusal.pointer &&
              refused->refusal.detail == refusal.detail);
    }
  }

  // Retired is for ever; a proposal moves nothing.
  void check_delta(const state::Accepted& accepted) const {
    for (const auto& [key, value] : accepted.delta) {
      require(!key.empty());
      const std::uint8_t tag = key[0];
      if (accepted.proposal) require(tag < model::BatchRow::kTag || tag > model::PoolRow::kTag);
      const auto before = state_.get(key);
      if (tag == model::RetirementRow::kTag) require(!before);
      if (tag != model::SerialRow::kTag || !before) continue;
      const auto run = codec::decode_row<model::SerialRow>(*before);
      require(run.ok() && run->state != model::UnitState::retired);
    }
  }

  // Every serial of a batch in exactly one run, runs as long as they can be, and the totals theirs.
  void check_units() const {
    using Totals = std::map<std::pair<model::PartyId, model::BatchId>, std::array<Units, 4>>;
    Totals totals;
    std::map<model::BatchId, model::SerialRow> last;
    std::map<model::BatchId, Units> pooled;
    for (const auto& run : all<model::SerialRow>()) {
      const auto before = last.find(run.batch);
      require(run.first <= run.last);
      require(run.first == (before == last.end() ? 1 : before->second.last + 1));
      if (before != last.end()) require(!same_place(before->second, run));
      last.insert_or_assign(run.batch, run);
      const Units count = run.last - run.first + 1;
      if (run.holder) {
        require(run.state <= model::UnitState::locked || run.state == model::UnitState::retired);
        totals[{*run.holder, run.batch}][column(run.state)] += count;
      } else {
        require(run.state == model::UnitState::buffer);
        pooled[run.batch] += count;
      }
    }
    for (const auto& holding : all<model::HoldingRow>()) {
      const std::array<Units, 4> said = {holding.active, holding.pending, holding.locked,
                                         holding.retired};
      require(totals[{holding.holder, holding.batch}] == said);
      totals.erase({holding.holder, holding.batch});
    }
    for (const auto& [key, counts] : totals) require(counts == std::array<Units, 4>{});
    check_batches(last, pooled);
  }

  void check_batches(const std::map<model::BatchId, model::SerialRow>& last,
                     const std::map<model::BatchId, Units>& pooled) const {
    std::map<model::ProgrammeId, Units> pools;
    const auto batches = all<model::BatchRow>();
    require(batches.size() == last.size());
    for (const auto& batch : batches) {
      require(last.at(batch.id).last == batch.quantity);
      const auto found = pooled.find(batch.id);
      const Units units = found == pooled.end() ? 0 : found->second;
      require(units == batch.buffer);
      pools[batch.programme] += units;
    }
    for (const auto& pool : all<model::PoolRow>()) require(pool.units == pools[pool.programme]);
  }

  static std::size_t column(model::UnitState unit_state) {
    return unit_state == model::UnitState::retired ? 3 : static_cast<std::size_t>(unit_state);
  }
  static bool same_place(const model::SerialRow& a, const model::SerialRow& b) {
    return a.state == b.state && a.holder == b.holder && a.reference == b.reference;
  }

  state::MemoryState state_;
  state::RowMemo memo_;
  std::uint64_t next_;
  std::map<std::string, model::PartyId> parties_;
};

}  // namespace mrv::fuzz
