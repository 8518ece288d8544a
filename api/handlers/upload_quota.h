// How many bytes of blobs one client may send in a day: bytes that arrived, whatever became of
// them, because arriving is what they cost.
//
// A client is an address (of IPv6 its /64: whoever has one address there has them all). Its window
// begins with its first byte and lasts kBlobQuotaWindow; then it starts from nothing. The memory is
// bounded: where more clients are remembered than fit, the one whose window began first is
// forgotten, and may send again. So the quota bounds what one address costs, not an attack from
// very many; the disk's floor (STORE_SPACE_LOW) bounds those.
//
// Behind a proxy all clients have the proxy's address and share one quota: the proxy must limit.
// No header is believed.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace mrv::api {

// 64 blobs of the largest size: many times what a day's reports need, and little enough to lie on a
// small server's disk for the day until what nobody names is removed.
inline constexpr std::uint64_t kBlobQuotaBytes = 4ULL * 1024 * 1024 * 1024;
inline constexpr std::chrono::hours kBlobQuotaWindow{24};
// Some 200 bytes each.
inline constexpr std::size_t kQuotaClientsMax = 65'536;

// The client behind HttpRequest::remote: an IPv4 address (also where it came mapped into IPv6), or
// the /64 of an IPv6 address. What is neither stands for itself.
std::string client_of(std::string_view remote);

struct UploadLimits {
  std::uint64_t bytes = kBlobQuotaBytes;
  std::chrono::milliseconds window = kBlobQuotaWindow;
  std::size_t clients_max = kQuotaClientsMax;
};

// Any thread.
class UploadQuota {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Clock = std::function<Time()>;  // never runs back

  UploadQuota(UploadLimits limits, Clock clock) : limits_(limits), clock_(std::move(clock)) {}

  // Counts bytes that have arrived; none asks only. Nothing while the client is within its quota,
  // otherwise how long it has to wait.
  std::optional<std::chrono::seconds> take(const std::string& client, std::uint64_t bytes);

 private:
  struct Window {
    std::string client;
    Time start;
    std::uint64_t received = 0;
  };
  using Windows = std::list<Window>;

  void forget_oldest();

  const UploadLimits limits_;
  const Clock clock_;
  std::mutex mutex_;  // guards all below
  Windows windows_;   // in the order in which they began
  std::map<std::string, Windows::iterator, std::less<>> by_client_;
};

}  // namespace mrv::api
