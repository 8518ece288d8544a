// The sweeper's thread: at once, again and again, whatever a sweep comes to, and gone when told.
#include "api/blob_sweeper.h"

#include <future>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

using namespace mrv;
using namespace mrv::api;
using Swept = node::BlobStore::Swept;

TEST_CASE("the first sweep is at once, and the wait for the next one ends with the sweeper") {
  std::promise<std::uint64_t> reported;
  auto first = reported.get_future();
  BlobSweeper sweeper(
      std::chrono::hours(24 * 365), [](const std::stop_token&) { return Swept{1, 2, 3}; },
      [&reported](const Result<Swept>& swept) { reported.set_value(swept->removed); });
  CHECK(first.get() == 2);
}

TEST_CASE("sweeps follow each other, also after one that failed or threw") {
  std::vector<std::string> names;
  std::promise<void> enough;
  int sweeps = 0;
  {
    BlobSweeper sweeper(
        std::chrono::milliseconds(0),
        [&sweeps](const std::stop_token&) -> Result<Swept> {
          ++sweeps;
          if (sweeps == 1) return Error{"BLOB_READ_FAILED", "no folder", {}};
          if (sweeps == 2) throw std::runtime_error("no memory");
          return Swept{};
        },
        [&](const Result<Swept>& swept) {
          names.emplace_back(swept.ok() ? "ok" : swept.error().name);
          if (names.size() == 3) enough.set_value();
        });
    enough.get_future().wait();
  }
  REQUIRE(names.size() >= 3);
  CHECK(names[0] == "BLOB_READ_FAILED");
  CHECK(names[1] == "INTERNAL");
  CHECK(names[2] == "ok");
}

TEST_CASE("a sweep is told when the sweeper goes, and the sweeper waits for its end") {
  std::promise<void> began;
  bool ended = false;
  {
    BlobSweeper sweeper(
        std::chrono::hours(1),
        [&](const std::stop_token& stop) -> Result<Swept> {
          std::promise<void> stopped;
          const std::stop_callback tell(stop, [&stopped] { stopped.set_value(); });
          began.set_value();
          stopped.get_future().wait();
          ended = true;
          return Swept{};
        },
        [](const Result<Swept>&) {});
    began.get_future().wait();
  }
  CHECK(ended);
}
