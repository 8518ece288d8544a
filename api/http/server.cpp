// Start, accept, count, drain.
#include "api/http/server.h"

#include <algorithm>
#include <exception>
#include <thread>
#include <tuple>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "api/http/connection.h"

namespace mrv::api {
namespace {

using asio::ip::tcp;
using boost::system::error_code;

// Out of file descriptors: leave the waiting peers in the kernel's queue for a moment.
constexpr std::chrono::milliseconds kAcceptRetry{50};

Error listen_failed(const std::string& why) { return {"LISTEN_FAILED", why, {}}; }

Result<tcp::acceptor> open_acceptor(asio::io_context& context, const ServerOptions& options) {
  error_code failure;
  tcp::resolver resolver(context);
  const auto found =
      resolver.resolve(options.host, std::to_string(options.port), tcp::resolver::passive, failure);
  if (failure || found.empty()) {
    return listen_failed("the address " + options.host + " is not known: " + failure.message());
  }
  const tcp::endpoint endpoint = found.begin()->endpoint();
  tcp::acceptor acceptor(asio::make_strand(context));
  const std::string where = options.host + ":" + std::to_string(options.port);
  if (acceptor.open(endpoint.protocol(), failure); failure) {
    return listen_failed("no socket for " + where + ": " + failure.message());
  }
  std::ignore = acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
  if (acceptor.bind(endpoint, failure); failure) {
    return listen_failed("cannot bind " + where + ": " + failure.message());
  }
  if (acceptor.listen(asio::socket_base::max_listen_connections, failure); failure) {
    return listen_failed("cannot listen on " + where + ": " + failure.message());
  }
  return acceptor;
}

// Exceptions end here: the loop goes on with the next event.
void run_loop(asio::io_context& context) {
  for (;;) {
    try {
      context.run();
      return;
    } catch (...) {
      continue;
    }
  }
}

}  // namespace

struct HttpServer::Running {
  Running(const ServerOptions& options, HttpHandler& handler)
      : core(std::make_shared<Core>(options, handler)) {}

  void admit(tcp::socket socket);
  asio::awaitable<void> accept_loop();
  std::vector<std::shared_ptr<Connection>> open_connections();

  std::shared_ptr<Core> core;
  std::optional<tcp::acceptor> acceptor;  // used on its strand once the threads run
  std::uint16_t port = 0;
  std::vector<std::thread> threads;
};

void HttpServer::Running::admit(tcp::socket socket) {
  ++core->connections;
  std::shared_ptr<Connection> connection;
  try {
    const std::lock_guard lock(core->mutex);
    const std::size_t served = core->open.size() - core->overloaded_open;
    const bool overloaded = served >= core->options.connections_max;
    if (overloaded) ++core->overloaded;
    if (overloaded && core->overloaded_open == kOverloadedMax) return;
    connection = std::make_shared<Connection>(*core, std::move(socket), overloaded);
    core->open.emplace(connection.get(), connection);
    if (overloaded) ++core->overloaded_open;
  } catch (...) {
    ++core->exceptions;  // out of memory: this peer is lost, the listener goes on
    return;
  }
  Connection::start(connection);
}

asio::awaitable<void> HttpServer::Running::accept_loop() {
  asio::steady_timer pause(acceptor->get_executor());
  while (!core->draining) {
    tcp::socket socket(asio::make_strand(core->context));
    error_code failure;
    co_await acceptor->async_accept(socket, asio::redirect_error(asio::use_awaitable, failure));
    if (core->draining) co_return;
    if (!failure) {
      admit(std::move(socket));
      continue;
    }
    ++core->accept_failures;
    pause.expires_after(kAcceptRetry);
    error_code ignored;
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

std::vector<std::shared_ptr<Connection>> HttpServer::Running::open_connections() {
  std::vector<std::shared_ptr<Connection>> connections;
  const std::lock_guard lock(core->mutex);
  for (const auto& [address, weak] : core->open) {
    if (auto connection = weak.lock()) connections.push_back(std::move(connection));
  }
  return connections;
}

HttpServer::HttpServer(std::unique_ptr<Running> running) : running_(std::move(running)) {}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const ServerOptions& options,
                                                      HttpHandler& handler) {
  try {
    auto running = std::make_unique<Running>(options, handler);
    MRV_TRY(tcp::acceptor acceptor, open_acceptor(running->core->context, options));
    running->port = acceptor.local_endpoint().port();
    running->acceptor.emplace(std::move(acceptor));
    // From here on the destructor drains what was started.
    std::unique_ptr<HttpServer> server(new HttpServer(std::move(running)));
    Running& started = *server->running_;
    asio::co_spawn(
        started.acceptor->get_executor(), [&started] { return started.accept_loop(); },
        asio::detached);
    for (unsigned i = 0; i < std::max(1U, options.threads); ++i) {
      started.threads.emplace_back([&context = started.core->context] { run_loop(context); });
    }
    return server;
  } catch (const std::exception& failure) {
    return listen_failed(failure.what());
  }
}

HttpServer::~HttpServer() { drain(std::chrono::milliseconds(0)); }

std::uint16_t HttpServer::port() const { return running_->port; }

HttpServer::Counters HttpServer::counters() const {
  Core& core = *running_->core;
  Counters counters;
  counters.connections = core.connections;
  counters.requests = core.requests;
  counters.refused = core.refused;
  counters.overloaded = core.overloaded;
  counters.accept_failures = core.accept_failures;
  counters.unanswered = core.unanswered;
  counters.exceptions = core.exceptions;
  const std::lock_guard lock(core.mutex);
  counters.connections_open = core.open.size();
  return counters;
}

void HttpServer::drain(std::chrono::milliseconds deadline) {
  Core& core = *running_->core;
  if (core.draining.exchange(true)) return;
  asio::dispatch(running_->acceptor->get_executor(), [running = running_.get()] {
    error_code ignored;
    std::ignore = running->acceptor->close(ignored);
  });
  for (const auto& connection : running_->open_connections()) connection->begin_drain();
  {
    std::unique_lock lock(core.mutex);
    core.connection_gone.wait_for(lock, deadline, [&] { return core.open.empty(); });
  }
  for (const auto& connection : running_->open_connections()) connection->cut();
  for (std::thread& thread : running_->threads) thread.join();
  running_->threads.clear();
}

}  // namespace mrv::api
