// What every program of acts starts from: a founded ledger with a cast of parties and three issued
// batches, made once by real acts and copied into a store of its own for each program.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ledger/node/node.h"
#include "ledger/node/tip.h"
#include "ledger/store/memory_store.h"
#include "ledger/store/rocksdb_store.h"
#include "tests/support/ccs_flow.h"

namespace mrv::test {

// Seconds; small enough for a program to wait them out.
inline constexpr std::int64_t kNewKeySeconds = 600;
inline constexpr std::int64_t kNewCounterpartySeconds = 300;
inline constexpr std::int64_t kProposalSeconds = 900;
inline constexpr std::int64_t kValiditySecondsMax = 3'600;
// Programs start a day later, when every key of the cast has come of age.
inline constexpr std::int64_t kProgramStartMs = kWorldStartMs + 86'400'000;

inline constexpr Units kClaimed = 146'763;

// One programme with one batch of units, by the code that names both.
struct ProgrammeOfCast {
  const char* code;
  std::int64_t approvals;  // of a transfer and of a retirement
  bool transferable;
};
inline constexpr ProgrammeOfCast kProgrammesOfCast[] = {
    {"CCS", 0, true}, {"TWO", 1, true}, {"THREE", 2, true}, {"BOUND", 0, false}};

class Prelude {
 public:
  explicit Prelude(const std::string& root) : world_(false), flow_(world_, root) {
    found();
    flow_.enter_parties();
    for (const char* name : {"broker", "trader"}) {
      world_.register_party(name, {model::Role::buyer});
    }
    for (const char* name : {"developer", "buyer", "broker", "trader"}) add_third_person(name);
    for (const auto& programme : kProgrammesOfCast) issue(programme);
    read_names();
    world_.close();
    copy();
  }

  // A store with everything that the prelude recorded, as if one batch had brought it.
  [[nodiscard]] std::unique_ptr<store::Store> fresh_store() const {
    auto opened = store::open_memory_store(store::MemoryDisk::create());
    need(opened.ok(), "memory store");
    need((*opened)->commit(copy_).ok(), "the copy of the prelude");
    return *std::move(opened);
  }

  std::map<std::string, model::PartyId> parties;
  std::map<std::string, model::BatchId> batches;  // by the code of their programme
  std::map<model::ProgrammeId, std::string> codes;

 private:
  void found() {
    auto genesis = LedgerWorld::genesis();
    genesis.delays.new_key_seconds = kNewKeySeconds;
    genesis.delays.new_counterparty_seconds = kNewCounterpartySeconds;
    genesis.delays.proposal_seconds = kProposalSeconds;
    genesis.validity_seconds_max = kValiditySecondsMax;
    LedgerWorld::expect(world_.submit("gov1", "", genesis));
    const Hash digest = world_.last_digest();
    LedgerWorld::expect(world_.approve("gov2", "", digest));
  }

  // A second approver, for programmes that ask for two.
  void add_third_person(const std::string& name) {
    const std::string third = name + "-3";
    model::BindKey bind;
    bind.party = world_.party(name);
    bind.key = {
        LedgerWorld::public_key(third), LedgerWorld::person(third), {model::KeyPurpose::approve}};
    flow_.approved(name, bind);
  }

  void issue(const ProgrammeOfCast& programme) {
    if (std::string(programme.code) == "CCS") {
      flow_.register_standards();
    } else {
      model::RegisterProgramme act;
      act.code = programme.code;
      act.name.en = programme.code;
      act.policy.approvals = {{model::GovernedAct::register_project, 1},
                              {model::GovernedAct::issue_credits, 1},
                              {model::GovernedAct::transfer, programme.approvals},
                              {model::GovernedAct::retire, programme.approvals}};
      act.policy.accepted_opinions = {model::Opinion::unmodified};
      act.policy.transferable = programme.transferable;
      act.policy.validator_may_verify = true;
      act.policy.buffer_rate = {"0.05"};
      act.policy.capacity_margin = {"1.1"};
      flow_.programme = model::ProgrammeId::of(flow_.governed(act));
    }
    flow_.register_project();
    flow_.submit_report(kClaimed);
    LedgerWorld::expect(flow_.state("vvb1"));
    LedgerWorld::expect(flow_.state("vvb2"));
    flow_.issue();
    codes[flow_.programme] = programme.code;
  }

  void read_names() {
    for (const char* name : {"registry", "standard", "reviewer", "developer", "vvb1", "vvb2",
                             "buyer", "broker", "trader"}) {
      parties[name] = world_.party(name);
    }
    const auto reader = world_.node().reader();
    const auto page =
        reader->page(model::BatchRow::kTag, std::nullopt, 16, reader->published().size);
    need(page.ok(), "batches");
    for (const auto& [key, value] : page->rows) {
      const auto batch = codec::decode_row<model::BatchRow>(value);
      need(batch.ok(), "batch");
      batches[codes.at(batch->programme)] = batch->id;
    }
    need(batches.size() == std::size(kProgrammesOfCast), "one batch for each programme");
  }

  void copy() {
    auto store = store::open_rocksdb_store(
        {(world_.options().data / "db").string(), store::OpenMode::kMustExist, 0});
    need(store.ok(), "the prelude's store");
    const auto& reader = (*store)->reader();
    const auto latest = reader.latest();
    need(latest.ok() && *latest, "latest");
    copy_.order_number = (*latest)->order_number;
    copy_.time = (*latest)->time;
    for (std::uint64_t i = 0; i < (*latest)->size.value(); ++i) {
      copy_.entries.push_back(**reader.entry(EntryIndex{i}));
    }
    const Bytes end(1, 0xFF);
    const auto rows = reader.scan_rows({}, end, [&](ByteView key, ByteView value) {
      copy_.rows.push_back({to_bytes(key), to_bytes(value), std::nullopt});
      return true;
    });
    const auto indexes = reader.scan_indexes({}, end, [&](ByteView key, ByteView value) {
      copy_.indexes.push_back({to_bytes(key), to_bytes(value)});
      return true;
    });
    Hash last{};
    last.fill(0xFF);
    const auto leaves = reader.scan_leaves({}, last, [&](const Hash& key, const Hash& value) {
      copy_.leaves.push_back({key, value});
    });
    need(rows.ok() && indexes.ok() && leaves.ok(), "the prelude's rows");
    copy_.map_root = (*latest)->map_root;
    copy_.map_key_count = (*latest)->map_key_count;
    node::Tip tip;
    node::integrate_batch(tip, copy_);
    need(copy_.log_root == (*latest)->log_root, "the same entries have the same root");
  }

  LedgerWorld world_;
  CcsFlow flow_;
  store::CommitBatch copy_;
};

}  // namespace mrv::test
