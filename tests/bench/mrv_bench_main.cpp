// mrv-bench: rates and ratios of one run on this machine. Never a test of time.
//
//   mrv-bench append   [--entries N]              opaque entries of 300 bytes, durable and signed
//   mrv-bench transfer [--acts N] [--clients N]   signed Transfer acts over HTTP keep-alive
//   mrv-bench size     [--entries N]              start-up, memory and proofs of a large ledger
//   mrv-bench methodology [--evaluations N] [--trips N]   the engine on the published documents
//   mrv-bench registry [--blocks N] [--serials N] [--acts N]   a fragmented account, serials, mixed
//   acts
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <span>
#include <thread>

#include <CLI/CLI.hpp>

#include "api/handlers/service.h"
#include "api/http/client.h"
#include "crypto/rfc6962.h"
#include "ledger/node/opaque_log.h"
#include "ledger/order/embedded_orderer.h"
#include "ledger/store/rocksdb_store.h"
#include "tests/bench/bench_print.h"
#include "tests/bench/fill.h"
#include "tests/bench/methodology_bench.h"
#include "tests/bench/post_acts.h"
#include "tests/bench/registry_bench.h"
#include "tests/support/ccs_flow.h"

namespace {

using namespace mrv;
using bench::Clock;
using bench::line;
using bench::percentile;
using bench::ratio_line;
using bench::seconds_since;
using test::LedgerWorld;

double resident_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string text; std::getline(status, text);) {
    if (text.starts_with("VmRSS:")) return std::stod(text.substr(6)) / 1'024;
  }
  return 0;
}

// How many signatures one core checks a second, under the rule for registered keys.
double verify_rate() {
  const auto key = LedgerWorld::key("bench");
  const Bytes message(64, 1);
  const auto signature = key.sign(message);
  constexpr int kRuns = 4'000;
  const auto start = Clock::now();
  for (int i = 0; i < kRuns; ++i) {
    test::need(crypto::verify_registered(key.public_key(), message, signature), "verify");
  }
  return kRuns / seconds_since(start);
}

// --- append ------------------------------------------------------------------------------------

// Rates are compared between windows of one size in one run: the machine is the same for both.
constexpr std::uint64_t kWindow = 2'000;
constexpr std::uint64_t kSmallLog = 10'000;
constexpr std::size_t kWindowsCompared = 20;

double median(std::span<const double> values) {
  return percentile({values.begin(), values.end()}, 0.5);
}

// The windows after the first 10,000 entries, and the last ones.
void print_growth(std::span<const double> windows) {
  constexpr std::size_t kFirst = kSmallLog / kWindow;
  if (windows.size() < kFirst + 2 * kWindowsCompared) return;
  const double small = median(windows.subspan(kFirst, kWindowsCompared));
  const double large = median(windows.last(kWindowsCompared));
  line("append: median window at 10,000 entries", small, "entries/s");
  line("append: median window at the end", large, "entries/s");
  ratio_line("append: end / 10,000", large / small);
}

struct AppendParts {
  std::unique_ptr<store::Store> store;
  std::unique_ptr<signer::LogSigner> signer;
  std::unique_ptr<node::OpaqueLog> log;
};

AppendParts open_append(const std::filesystem::path& folder) {
  AppendParts parts;
  auto opened = store::open_rocksdb_store(
      {(folder / "db").string(), store::OpenMode::kCreate, store::kFreeSpaceFloorBytes});
  test::need(opened.ok(), "store");
  parts.store = *std::move(opened);
  test::need(signer::LastSigned::create(folder / "last-signed", "bench.example/log").ok(),
             "memory");
  auto memory = signer::LastSigned::open(folder / "last-signed");
  test::need(memory.ok(), "memory");
  parts.signer = std::make_unique<signer::LogSigner>(*std::move(memory), LedgerWorld::key("log"));
  parts.log = std::make_unique<node::OpaqueLog>(*parts.store, *parts.signer, node::Tip{});
  return parts;
}

int bench_append(std::uint64_t entries) {
  store::ScratchDirectory scratch;
  AppendParts parts = open_append(scratch.path());
  auto orderer = order::make_embedded_orderer(
      {OrderNumber{0}, TimestampMs{0}, [] { return TimestampMs{test::kWorldStartMs}; }});
  test::need(orderer->start(*parts.log).ok(), "orderer");
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t answered = 0;
  std::vector<double> windows;
  const auto start = Clock::now();
  auto window_start = start;
  for (std::uint64_t i = 0; i < entries; ++i) {
    Bytes entry(300, static_cast<std::uint8_t>(i));
    const std::string id = "id-" + std::to_string(i);
    std::copy(id.begin(), id.end(), entry.begin());
    std::unique_ptr<order::Submission> submission = std::make_unique<node::OpaqueSubmission>(
        to_bytes(id), std::move(entry), [&](Result<EntryIndex> index) {
          test::need(index.ok(), "append");
          const std::lock_guard lock(mutex);
          ++answered;
          changed.notify_one();
        });
    while (!orderer->submit(std::move(submission)).ok()) {
      std::unique_lock lock(mutex);
      const auto before = answered;
      changed.wait(lock, [&] { return answered > before; });
    }
    if ((i + 1) % kWindow == 0) {
      windows.push_back(static_cast<double>(kWindow) / seconds_since(window_start));
      window_start = Clock::now();
    }
  }
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return answered == entries; });
  }
  const double rate = static_cast<double>(entries) / seconds_since(start);
  orderer->stop();
  line("append: entries", static_cast<double>(entries), "");
  line("append: durable, integrated, signed", rate, "entries/s");
  print_growth(windows);
  return 0;
}

// --- transfer ----------------------------------------------------------------------------------

int bench_transfer(std::size_t acts, std::size_t clients, const std::string& root) {
  LedgerWorld world;
  test::CcsFlow flow(world, root);
  flow.run_to_issuance();
  std::cerr << "signing " << acts << " acts\n";
  std::vector<std::string> documents;
  documents.reserve(acts);
  for (std::size_t i = 0; i < acts; ++i) {
    documents.push_back(world.document("developer", "developer", flow.transfer_body("buyer", 1)));
  }
  const auto load = bench::post_acts(world.node(), documents, clients);
  const double verify = verify_rate();
  line("transfer: clients", static_cast<double>(clients), "");
  line("transfer: over HTTP, verified, durable", load.rate, "acts/s");
  line("transfer: p50", percentile(load.latencies_ms, 0.5), "ms");
  line("transfer: p99", percentile(load.latencies_ms, 0.99), "ms");
  line("transfer: refused", static_cast<double>(load.refused), "");
  line("libsodium verify, one core", verify, "1/s");
  ratio_line("transfer / (2 x verify)", load.rate / (2 * verify));
  return load.refused == 0 ? 0 : 1;
}

// --- size --------------------------------------------------------------------------------------

model::DepositRow deposit(std::uint64_t number) {
  model::DepositRow row;
  row.id.bytes[0] = 0xFF;
  for (std::size_t b = 0; b < 8; ++b) {
    row.id.bytes[8 + b] = static_cast<std::uint8_t>(number >> (8 * b));
  }
  row.category = "bench";
  row.title = "row " + std::to_string(number);
  row.digests = {{Hash{1}, std::nullopt}};
  return row;
}

int bench_size(std::uint64_t entries) {
  LedgerWorld world;
  world.close();
  bench::fill(world, entries, [](std::uint64_t i) {
    const model::DepositRow row = deposit(i);
    return std::pair(codec::deposit_key(row.id), codec::encode_row(row));
  });
  const auto start = Clock::now();
  world.open();
  line("size: entries and rows", static_cast<double>(entries), "");
  line("size: start-up", seconds_since(start), "s");
  const auto reader = world.node().reader();
  std::vector<double> inclusion;
  std::vector<double> row;
  constexpr std::uint64_t kProofs = 2'000;
  const std::uint64_t size = reader->published().size.value();
  for (std::uint64_t i = 0; i < kProofs; ++i) {
    const std::uint64_t index = i * 7'919'999 % size;
    auto asked = Clock::now();
    test::need(reader->inclusion(EntryIndex{index}).ok(), "proof");
    inclusion.push_back(seconds_since(asked) * 1'000);
    const Bytes key = codec::deposit_key(deposit(i * 7'919'999 % entries).id);
    asked = Clock::now();
    test::need(reader->proved_row(key).ok(), "row proof");
    row.push_back(seconds_since(asked) * 1'000);
  }
  line("size: inclusion proof p50", percentile(inclusion, 0.5), "ms");
  line("size: inclusion proof p99", percentile(inclusion, 0.99), "ms");
  line("size: state proof p50", percentile(row, 0.5), "ms");
  line("size: state proof p99", percentile(row, 0.99), "ms");
  line("size: resident", resident_mib(), "MiB");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"mrv-bench: rates and ratios of one run"};
  app.require_subcommand(1);
  std::uint64_t entries = 0;
  std::size_t acts = 20'000;
  std::size_t clients = 64;
  std::string root = ".";
  auto* append = app.add_subcommand("append", "opaque entries, durable and signed");
  append->add_option("--entries", entries);
  auto* transfer = app.add_subcommand("transfer", "signed transfers over HTTP");
  transfer->add_option("--acts", acts);
  transfer->add_option("--clients", clients);
  transfer->add_option("--root", root, "the repository");
  auto* size = app.add_subcommand("size", "start-up, memory, proofs of a large ledger");
  size->add_option("--entries", entries);
  std::size_t evaluations = 20'000;
  std::size_t trips = 1'000'000;
  auto* methodology = app.add_subcommand("methodology", "the engine on the published documents");
  methodology->add_option("--evaluations", evaluations);
  methodology->add_option("--trips", trips);
  methodology->add_option("--root", root, "the repository");
  bench::RegistryLoad load;
  auto* registry = app.add_subcommand("registry", "a fragmented account, serials, mixed acts");
  registry->add_option("--blocks", load.blocks, "of the account that sends a multi-leg order");
  registry->add_option("--serials", load.serials, "blocks among which a serial is looked up");
  registry->add_option("--acts", load.acts, "of the mixed load");
  registry->add_option("--clients", load.clients);
  registry->add_option("--root", load.root, "the repository");
  CLI11_PARSE(app, argc, argv);
  if (!crypto::initialise().ok()) return 1;
  try {
    if (append->parsed()) return bench_append(entries == 0 ? 1'000'000 : entries);
    if (transfer->parsed()) return bench_transfer(acts, clients, root);
    if (methodology->parsed()) return bench::bench_methodology(root, evaluations, trips);
    if (registry->parsed()) return bench::bench_registry(load);
    return bench_size(entries == 0 ? 1'000'000 : entries);
  } catch (const std::exception& error) {
    std::cerr << "FAILED: " << error.what() << "\n";
    return 1;
  }
}
