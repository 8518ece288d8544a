// One thread and one kept connection for each client.
#include "tests/bench/post_acts.h"

#include <atomic>
#include <thread>

#include "api/handlers/service.h"
#include "api/http/client.h"
#include "tests/bench/bench_print.h"
#include "tests/support/ledger_world.h"

namespace mrv::bench {

Load post_acts(node::Node& node, const std::vector<std::string>& documents, std::size_t clients) {
  api::Service service(node);
  api::ServerOptions options;
  options.threads = 2;
  auto server = api::HttpServer::start(options, service);
  test::need(server.ok(), "server");
  const std::string url = "http://127.0.0.1:" + std::to_string((*server)->port());
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> refused = 0;
  std::vector<std::vector<double>> latencies(clients);
  std::vector<std::thread> threads;
  const auto start = Clock::now();
  for (std::size_t c = 0; c < clients; ++c) {
    threads.emplace_back([&, c] {
      auto client = api::HttpClient::connect(url);
      test::need(client.ok(), "connect");
      for (std::size_t i = next++; i < documents.size(); i = next++) {
        const auto sent = Clock::now();
        const auto answer = client->request("POST", "/v1/acts", {}, as_bytes(documents[i]));
        if (!answer.ok() || answer->status != 201) ++refused;
        latencies[c].push_back(seconds_since(sent) * 1'000);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  Load load;
  load.rate = static_cast<double>(documents.size()) / seconds_since(start);
  load.refused = refused;
  (*server)->drain();
  for (const auto& some : latencies) {
    load.latencies_ms.insert(load.latencies_ms.end(), some.begin(), some.end());
  }
  return load;
}

}  // namespace mrv::bench
