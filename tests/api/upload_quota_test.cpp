// What a client may send in a window, on both sides of every limit.
#include "api/handlers/upload_quota.h"

#include <doctest/doctest.h>

#include "ledger/base/limits.h"

using namespace mrv;
using namespace mrv::api;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

struct Counted {
  explicit Counted(UploadLimits limits = {}) : quota(limits, [this] { return now; }) {}
  bool allows(const std::string& client, std::uint64_t bytes) {
    return !quota.take(client, bytes).has_value();
  }
  UploadQuota::Time now;
  UploadQuota quota;
};

}  // namespace

TEST_CASE("a client sends kBlobQuotaBytes in a window and not one byte more") {
  static_assert(kBlobQuotaBytes >= kBlobBytesMax);
  Counted counted;
  CHECK(counted.allows("a", kBlobQuotaBytes));
  CHECK(counted.allows("a", 0));
  CHECK(!counted.allows("a", 1));
  CHECK(!counted.allows("a", 0));
  CHECK(counted.allows("b", kBlobQuotaBytes - 1));
  CHECK(counted.allows("b", 1));
  CHECK(!counted.allows("b", 1));
  CHECK(!counted.allows("c", kBlobQuotaBytes + 1));
}

TEST_CASE("a window lasts kBlobQuotaWindow from its first byte, however it is used") {
  Counted counted;
  CHECK(counted.allows("a", 0));  // asking begins nothing
  counted.now += seconds(10);
  CHECK(counted.allows("a", 1));
  counted.now += kBlobQuotaWindow - milliseconds(1);
  CHECK(counted.allows("a", kBlobQuotaBytes - 1));
  CHECK(counted.quota.take("a", 1) == seconds(1));
  counted.now += milliseconds(1);
  CHECK(counted.allows("a", kBlobQuotaBytes));
  CHECK(counted.quota.take("a", 1) == seconds(kBlobQuotaWindow));
}

TEST_CASE("kQuotaClientsMax clients are remembered, then the longest known is forgotten") {
  Counted counted;
  const auto name = [](std::size_t client) { return std::to_string(client); };
  for (std::size_t client = 0; client < kQuotaClientsMax; ++client) {
    CHECK(counted.allows(name(client), kBlobQuotaBytes));
  }
  CHECK(!counted.allows(name(0), 1));
  CHECK(!counted.allows(name(kQuotaClientsMax - 1), 1));
  CHECK(counted.allows("one more", kBlobQuotaBytes));
  CHECK(counted.allows(name(0), 0));
  CHECK(!counted.allows(name(1), 1));
  CHECK(!counted.allows(name(kQuotaClientsMax - 1), 1));
  CHECK(!counted.allows("one more", 1));
}

TEST_CASE("a client is an IPv4 address or the /64 of an IPv6 address") {
  CHECK(client_of("192.0.2.1:5000") == "192.0.2.1");
  CHECK(client_of("192.0.2.1:5001") == client_of("192.0.2.1:5000"));
  CHECK(client_of("192.0.2.2:5000") != client_of("192.0.2.1:5000"));
  CHECK(client_of("[::ffff:192.0.2.1]:5000") == "192.0.2.1");
  CHECK(client_of("[2001:db8:1:2::1]:5000") == "20010db800010002/64");
  CHECK(client_of("[2001:db8:1:2:ffff::1]:5000") == client_of("[2001:db8:1:2::1]:5000"));
  CHECK(client_of("[2001:db8:1:3::1]:5000") != client_of("[2001:db8:1:2::1]:5000"));
  CHECK(client_of("[fe80::1%eth0]:5000") == "fe80000000000000/64");
  CHECK(client_of("").empty());
  CHECK(client_of("nonsense") == "nonsense");
}
