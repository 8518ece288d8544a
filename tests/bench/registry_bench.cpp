// A multi-leg order of a fragmented account, where a serial is, and mixed acts against transfers.
#include "tests/bench/registry_bench.h"

#include <iostream>

#include "api/handlers/service.h"
#include "api/http/client.h"
#include "tests/bench/bench_print.h"
#include "tests/bench/fill.h"
#include "tests/bench/post_acts.h"
#include "tests/support/ccs_flow.h"

namespace mrv::bench {
namespace {

using test::CcsFlow;
using test::LedgerWorld;

// Every second serial from 1 on: blocks that never join.
model::Transfer scattered(CcsFlow& flow, const std::string& to, std::size_t from,
                          std::size_t blocks) {
  auto act = flow.transfer_body(to, 1);
  act.legs.clear();
  for (std::size_t i = from; i < from + blocks; ++i) {
    const auto serial = static_cast<Units>(2 * i + 1);
    act.legs.push_back({flow.batch, serial, serial, std::nullopt});
  }
  return act;
}

void order_of_many_legs(const RegistryLoad& load) {
  LedgerWorld world;
  CcsFlow flow(world, load.root);
  flow.unit = model::AmountUnit::kg;
  flow.run_to_issuance();
  for (std::size_t done = 0; done < load.blocks; done += kLegsMax) {
    const auto part = std::min(kLegsMax, load.blocks - done);
    LedgerWorld::expect(
        world.submit("developer", "developer", scattered(flow, "buyer", done, part)));
    const auto id = model::TransferId::of(world.last_digest());
    LedgerWorld::expect(world.submit("buyer", "buyer", model::AcceptTransfer{id}));
  }
  line("registry: blocks of the account", static_cast<double>(load.blocks), "");
  std::vector<double> orders;
  constexpr std::size_t kOrders = 20;
  const std::size_t legs = std::min(kLegsMax, load.blocks / kOrders);
  for (std::size_t i = 0; i < kOrders; ++i) {
    const auto document =
        world.document("buyer", "buyer", scattered(flow, "developer", i * legs, legs));
    const auto start = Clock::now();
    LedgerWorld::expect(world.send(document));
    orders.push_back(seconds_since(start) * 1'000);
  }
  line("registry: legs of the order", static_cast<double>(legs), "");
  line("registry: the order, durable and signed, median", percentile(orders, 0.5), "ms");
}

void where_is_this_serial(const RegistryLoad& load) {
  LedgerWorld world;
  world.close();
  const model::BatchId batch{{1}};
  const model::PartyId holder{{2}};
  fill(world, load.serials, [&](std::uint64_t number) {
    const auto first = static_cast<Units>(3 * number + 1);
    const model::SerialRow row{batch,  first,       first + 1, model::UnitState::active,
                               holder, std::nullopt};
    return std::pair(codec::serial_key(batch, first), codec::encode_row(row));
  });
  world.open();
  api::Service service(world.node());
  auto server = api::HttpServer::start(api::ServerOptions{}, service);
  test::need(server.ok(), "server");
  auto client = api::HttpClient::connect("http://127.0.0.1:" + std::to_string((*server)->port()));
  test::need(client.ok(), "connect");
  std::vector<double> times;
  constexpr std::uint64_t kQuestions = 2'000;
  constexpr std::uint64_t kStride = 7'919'999;
  for (std::uint64_t i = 0; i < kQuestions; ++i) {
    const std::uint64_t serial = 3 * (i * kStride % load.serials) + 2;
    const auto start = Clock::now();
    const auto answer = client->request(
        "GET", "/v1/serials/" + batch.text() + "." + std::to_string(serial), {}, {});
    test::need(answer.ok() && answer->status == 200, "serial " + std::to_string(serial));
    times.push_back(seconds_since(start) * 1'000);
  }
  (*server)->drain();
  line("registry: blocks of the batch", static_cast<double>(load.serials), "");
  line("registry: where is this serial, p50", percentile(times, 0.5), "ms");
  line("registry: where is this serial, p99", percentile(times, 0.99), "ms");
}

// Of ten acts seven transfers, two retirements, a cancellation or a deposit.
model::ActBody mixed_act(CcsFlow& flow, std::size_t number) {
  switch (number % 10) {
    case 3:
    case 7:
      return flow.retire_body(1);
    case 9: {
      if (number % 20 == 9) {
        model::Cancel act;
        act.legs = flow.transfer_body("buyer", 1).legs;
        act.reason = "mitigation";
        return act;
      }
      model::DepositEvidence act;
      act.digests = {{Hash{static_cast<std::uint8_t>(number)}, std::nullopt}};
      act.category = "calibration";
      act.title = "certificate " + std::to_string(number);
      return act;
    }
    default:
      return flow.transfer_body("buyer", 1);
  }
}

Load run(const RegistryLoad& load, bool mixed) {
  LedgerWorld world;
  CcsFlow flow(world, load.root);
  flow.run_to_issuance();
  std::cerr << "signing " << load.acts << " acts\n";
  std::vector<std::string> documents;
  documents.reserve(load.acts);
  for (std::size_t i = 0; i < load.acts; ++i) {
    model::ActBody body =
        mixed ? mixed_act(flow, i) : model::ActBody{flow.transfer_body("buyer", 1)};
    documents.push_back(world.document("developer", "developer", std::move(body)));
  }
  return post_acts(world.node(), documents, load.clients);
}

// In turns, each first as often as second, so that neither has the better hours of the machine.
std::size_t mixed_against_transfers(const RegistryLoad& load) {
  constexpr int kRounds = 4;
  std::vector<double> transfers;
  std::vector<double> mixed;
  std::size_t refused = 0;
  for (int round = 0; round < kRounds; ++round) {
    for (const bool is_second : {false, true}) {
      const bool is_mixed = is_second == (round % 2 == 0);
      const Load done = run(load, is_mixed);
      (is_mixed ? mixed : transfers).push_back(done.rate);
      refused += done.refused;
    }
  }
  const double alone = percentile(transfers, 0.5);
  const double together = percentile(mixed, 0.5);
  line("registry: transfers alone, median", alone, "acts/s");
  line("registry: 70 % transfers, 20 % retirements, 10 % others, median", together, "acts/s");
  ratio_line("registry: mixed / transfers", together / alone);
  line("registry: refused", static_cast<double>(refused), "");
  return refused;
}

}  // namespace

int bench_registry(const RegistryLoad& load) {
  order_of_many_legs(load);
  where_is_this_serial(load);
  return mixed_against_transfers(load) == 0 ? 0 : 1;
}

}  // namespace mrv::bench
