// Power cuts at random operations under load, over and over, in one process: the real node over a
// disk that loses what was not synced. What was acknowledged stays, at its place, with its bytes;
// no tree shrinks, forks or has two roots; what was not acknowledged is wholly in or wholly out,
// and sending it again gives one entry (reliability.md 3c, F6 to F8).
//
//   power-cut <cycles> <seed> [--sync-off | --folder-syncs-lie | --signer-syncs-lie]
//
// The options break the disk's or the store's word: the loop must then fail. Exit code 3 is a
// failure of the ledger, any other one than 0 a failure of the program.
#include <array>
#include <future>
#include <iostream>
#include <mutex>
#include <set>
#include <thread>

#include "crypto/rfc6962.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/proof.h"
#include "ledger/store/rocksdb_faults.h"
#include "tests/fault/power_cut.h"
#include "tests/support/ledger_world.h"
#include "verifier/replay.h"

namespace {

using namespace mrv;
namespace fs = std::filesystem;
using test::LedgerWorld;
using test::Loss;
using test::Operation;
using test::Random;

constexpr int kLedgerFailed = 3;
constexpr unsigned kClients = 4;
constexpr std::uint64_t kBurstMax = 6;
// Small enough for several flushes, and so new logs and compactions, in one cycle.
constexpr std::size_t kMemtableBytes = 512UL * 1024;
// An opening takes about 100 operations, one batch about five.
constexpr std::uint64_t kOpeningOperations = 150;
constexpr std::uint64_t kLoadOperations = 600;
constexpr int kCyclesToLoseAll = 50;  // each kind of loss has happened by then
constexpr std::uint64_t kNoCut = ~std::uint64_t{0};

[[noreturn]] void fail(const std::string& what) {
  std::cout << "FAILED: " << what << std::endl;
  std::_Exit(kLedgerFailed);
}
template <class T>
T must(Result<T> result, const std::string& what) {
  if (!result.ok()) {
    fail(what + ": " + std::string(result.error().name) + " " + result.error().detail);
  }
  return *std::move(result);
}
void must(const Status& status, const std::string& what) {
  if (!status.ok())
    fail(what + ": " + std::string(status.error().name) + " " + status.error().detail);
}

struct Control {
  bool sync_writes = true;
  test::DiskLies lies;
};

struct Acknowledged {
  std::string document;
  EntryIndex index;
  Hash leaf{};
};

// What the world outside was told, and all that must stay true of it.
class Witness {
 public:
  void acknowledge(const std::string& document, const node::Recorded& recorded) {
    if (recorded.digest != crypto::sha256(as_bytes(document))) fail("an answer to another act");
    const std::lock_guard lock(mutex_);
    acknowledged_.push_back({document, recorded.index, recorded.leaf});
  }
  void see(const std::string& note) {
    {
      const std::lock_guard lock(mutex_);
      if (!notes_.insert(note).second) return;
    }
    const auto parsed = must(crypto::parse_note(note), "a checkpoint");
    static const std::vector<crypto::NoteKey> keys = {
        {test::kWorldOrigin, crypto::kNoteTypeEd25519, LedgerWorld::key("log").public_key()}};
    const auto signers = must(crypto::verified_signers(parsed, keys), "a checkpoint");
    if (signers.empty()) fail("a checkpoint without the log's signature");
    const auto checkpoint = must(log::parse_checkpoint(parsed.text), "a checkpoint");
    const std::lock_guard lock(mutex_);
    const auto [at, fresh] = roots_.emplace(checkpoint.size, checkpoint.root);
    if (!fresh && at->second != checkpoint.root) fail("two roots of one size");
    if (fresh) unchecked_.push_back(checkpoint);
  }
  void see_signer(TreeSize size) {
    if (size < signed_) fail("the last signed size fell");
    if (!roots_.empty() && size < roots_.rbegin()->first) fail("a published tree was forgotten");
    signed_ = size;
  }

  // After an opening; nothing else runs.
  void check(const node::Reader& reader) {
    see(reader.published().checkpoint);
    const TreeSize size = reader.published().size;
    if (size < signed_ || size < roots_.rbegin()->first) fail("the tree shrank");
    must(reader.store().scan_checkpoints(TreeSize{0}, TreeSize{size.value() + 1},
                                         [this](TreeSize, std::string_view note) {
                                           see(std::string(note));
                                           return true;
                                         }),
         "checkpoints");
    read_leaves(reader, size);
    check_roots(reader, size);
    for (const auto& one : acknowledged_) {
      const std::uint64_t index = one.index.value();
      if (index >= leaves_.size() || leaves_[index] != one.leaf) {
        fail("an acknowledged entry is lost: " + std::to_string(index));
      }
    }
  }

  // The log over again, from its entries, against the rules.
  void replay(const node::Reader& reader) const {
    verifier::Replay replay([](const Hash&) { return std::nullopt; });
    for (std::uint64_t i = 0; i < reader.published().size.value(); ++i) {
      must(replay.add(entry(reader, i)), "replay");
    }
    if (!replay.finish().ok() || replay.log_root() != reader.published().log_root ||
        replay.map_root() != reader.published().map_root) {
      fail("the replay gives another root");
    }
  }

  [[nodiscard]] const std::vector<Acknowledged>& acknowledged() const { return acknowledged_; }

 private:
  static Bytes entry(const node::Reader& reader, std::uint64_t index) {
    auto bytes = must(reader.entry(EntryIndex{index}), "an entry");
    if (!bytes) fail("a hole in the log: " + std::to_string(index));
    return *std::move(bytes);
  }

  // A published entry never changes, so those read before need not be read again.
  void read_leaves(const node::Reader& reader, TreeSize size) {
    std::vector<Hash> fresh;
    for (std::uint64_t i = leaves_.size(); i < size.value(); ++i) {
      fresh.push_back(crypto::leaf_hash(entry(reader, i)));
    }
    log::integrate<log::kTileHeight>(edge_, leaves_.size(), fresh);
    leaves_.insert(leaves_.end(), fresh.begin(), fresh.end());
    if (log::root_of_edge(edge_) != roots_.at(size)) fail("the entries give another root");
  }

  // The root out of the tiles, and each root seen since the last time as a part of it.
  void check_roots(const node::Reader& reader, TreeSize size) {
    const auto tiles = store::tile_source(reader.store());
    const auto whole = must(log::root_from_tiles<log::kTileHeight>(size.value(), tiles), "tiles");
    if (whole != roots_.at(size)) fail("the tiles give another root");
    for (const auto& earlier : std::exchange(unchecked_, {})) {
      const std::uint64_t part = earlier.size.value();
      const auto proof =
          must(log::consistency_proof<log::kTileHeight>(part, size.value(), tiles), "tiles");
      must(crypto::verify_consistency(part, size.value(), earlier.root, whole, proof),
           "a published tree is no part of this one");
    }
  }

  std::mutex mutex_;
  std::vector<Acknowledged> acknowledged_;
  std::set<std::string> notes_;
  std::map<TreeSize, Hash> roots_;          // of notes_
  std::vector<log::Checkpoint> unchecked_;  // of roots_
  TreeSize signed_;
  std::vector<Hash> leaves_;
  log::Edge edge_;
};

class Loop {
 public:
  Loop(std::uint64_t seed, const Control& control)
      : random_(seed),
        control_(control),
        disk_(world_.options().data / "db", world_.options().signer_memory,
              world_.options().data / "scratch", control.lies) {
    world_.register_party("dev", {model::Role::developer});
    world_.close();
  }

  // The number decides what kind of cut it is, so that a few cycles have had all kinds.
  void cycle(unsigned number) {
    constexpr std::array kBefore = {Operation::kAny, Operation::kFileSync, Operation::kFolderSync,
                                    Operation::kSignerSync};
    const bool early = random_() % 4 == 0;
    disk_.power_on(random_() % (early ? kOpeningOperations : kLoadOperations),
                   kBefore[number % kBefore.size()]);
    if (open()) {
      witness_.check(*node_->reader());
      send_again();
      load();
      node_.reset();
    } else {
      ++cut_openings_;
    }
    world_.pass(1);
    if (number / kBefore.size() % 2 == 0) {
      restore_reordered();
    } else {
      disk_.restore(random_, Loss::kOrdered);
    }
  }

  void finish(int cycles) {
    disk_.power_on(kNoCut, Operation::kAny);
    open();
    witness_.check(*node_->reader());
    send_again();
    witness_.check(*node_->reader());
    witness_.replay(*node_->reader());
    const std::uint64_t size = node_->reader()->published().size.value();
    node_.reset();
    const auto& losses = disk_.losses();
    std::cout << witness_.acknowledged().size() << " acknowledged acts, " << resent_
              << " sent again after a cut, tree of " << size << ": all held\n"
              << cut_openings_ << " cuts while opening\nlost: " << losses.bytes << " bytes, "
              << losses.sectors << " sectors, " << losses.names << " names, " << losses.slots
              << " signer's slots\n";
    for (const auto& [what, times] : refusals_) {
      std::cout << "refused after reordered writes: " << times << " times, " << what << "\n";
    }
    if (cycles < kCyclesToLoseAll) return;
    test::need(losses.bytes > 0 && losses.sectors > 0 && losses.names > 0 && losses.slots > 0,
               "the cuts destroyed nothing");
  }

 private:
  Result<std::unique_ptr<node::Node>> try_open() {
    const auto options = world_.options();
    witness_.see_signer(
        must(signer::LastSigned::open(options.signer_memory), "memory").state().size);
    return node::Node::open(options, world_.log_keys(),
                            {disk_.file_system(), control_.sync_writes, kMemtableBytes});
  }

  // False: cut on the way.
  bool open() {
    auto opened = try_open();
    if (!opened.ok() && disk_.is_off()) return false;
    node_ = must(std::move(opened), "refused");
    return true;
  }

  // After reordered writes the store may refuse, naming damage, but never open to something else;
  // then the same cut on a disk that loses all of them must be survived.
  void restore_reordered() {
    disk_.restore(random_, Loss::kReordered);
    disk_.power_on(kNoCut, Operation::kAny);
    auto opened = try_open();
    if (!opened.ok() && opened.error().name.starts_with("STORE_")) {
      ++refusals_[opened.error().detail];
      return disk_.restore_again(random_, Loss::kAll);
    }
    node_ = must(std::move(opened), "refused");
    witness_.check(*node_->reader());
    node_.reset();
  }

  std::future<node::Answer> send(const std::string& document) {
    auto promise = std::make_shared<std::promise<node::Answer>>();
    auto answer = promise->get_future();
    node_->submit(document, [promise](const std::string&, node::Answer given) {
      promise->set_value(std::move(given));
    });
    return answer;
  }

  // Keeps what a good answer promises.
  void take(const std::string& document, const node::Answer& answer) {
    if (const auto* recorded = std::get_if<node::Recorded>(&answer)) {
      witness_.acknowledge(document, *recorded);
      witness_.see(node_->reader()->published().checkpoint);
      return;
    }
    if (std::holds_alternative<node::Refused>(answer)) {
      fail("an act was refused: " + LedgerWorld::name_of(answer));
    }
    const std::lock_guard lock(mutex_);
    unknown_.push_back(document);
  }

  std::string deposit() {
    const std::lock_guard lock(mutex_);
    const std::string number = std::to_string(next_++);
    model::DepositEvidence act;
    act.digests = {{crypto::sha256(as_bytes(number)), std::nullopt}};
    act.category = "load";
    act.title = "deposit " + number;
    return world_.document("dev", "dev", act);
  }

  void load() {
    std::vector<std::thread> clients;
    for (unsigned i = 0; i < kClients; ++i) {
      clients.emplace_back([this, seed = random_()] {
        Random random(seed);
        while (!disk_.is_off()) {
          std::vector<std::pair<std::string, std::future<node::Answer>>> burst;
          for (auto left = 1 + random() % kBurstMax; left > 0; --left) {
            const std::string document = deposit();
            burst.emplace_back(document, send(document));
          }
          for (auto& [document, answer] : burst) take(document, answer.get());
        }
      });
    }
    for (auto& client : clients) client.join();
  }

  // What nobody knows the outcome of, and some of what was acknowledged.
  void send_again() {
    constexpr int kOld = 3;
    const auto old = witness_.acknowledged();
    for (int i = 0; i < kOld && !old.empty(); ++i) {
      const auto& one = old[random_() % old.size()];
      const auto answer = send(one.document).get();
      const auto* recorded = std::get_if<node::Recorded>(&answer);
      if (recorded == nullptr && disk_.is_off()) return;
      if (recorded == nullptr || !recorded->repeated || recorded->index != one.index) {
        fail("an acknowledged act is not known any more");
      }
    }
    for (const std::string& document : std::exchange(unknown_, {})) {
      ++resent_;
      take(document, send(document).get());
    }
    if (!unknown_.empty() && !disk_.is_off()) fail("an act could not be sent again");
  }

  Random random_;
  Control control_;
  LedgerWorld world_;
  test::CuttableDisk disk_;
  std::unique_ptr<node::Node> node_;
  Witness witness_;
  std::mutex mutex_;
  std::uint64_t next_ = 0;
  std::vector<std::string> unknown_;
  std::uint64_t resent_ = 0;
  std::uint64_t cut_openings_ = 0;
  std::map<std::string, int> refusals_;  // by what was said
};

}  // namespace

int main(int argc, char** argv) {
  const std::string option = argc == 4 ? argv[3] : "";
  Control control;
  control.sync_writes = option != "--sync-off";
  control.lies.folder_syncs = option == "--folder-syncs-lie";
  control.lies.signer_syncs = option == "--signer-syncs-lie";
  const bool known = option.empty() || !control.sync_writes || control.lies.folder_syncs ||
                     control.lies.signer_syncs;
  if (argc < 3 || argc > 4 || !known) {
    std::cerr << "power-cut <cycles> <seed> "
                 "[--sync-off | --folder-syncs-lie | --signer-syncs-lie]\n";
    return 2;
  }
  const int cycles = std::stoi(argv[1]);
  Loop loop(std::stoull(argv[2]), control);
  for (int i = 0; i < cycles; ++i) loop.cycle(static_cast<unsigned>(i));
  loop.finish(cycles);
  std::cout << cycles << " power cuts\n";
  return 0;
}
