// Counting, and who is counted.
#include "api/handlers/upload_quota.h"

#include <algorithm>
#include <array>

#include <arpa/inet.h>

#include "crypto/bytes.h"

namespace mrv::api {
namespace {

constexpr std::size_t kIpv6Bytes = 16;
constexpr std::size_t kNetworkBytes = 8;
constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

// "[::1%eth0]:80" -> "::1", "127.0.0.1:80" -> "127.0.0.1".
std::string host_of(std::string_view remote) {
  std::string_view host = remote.substr(0, remote.rfind(':'));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return std::string(host.substr(0, host.find('%')));
}

}  // namespace

std::string client_of(std::string_view remote) {
  std::string host = host_of(remote);
  std::array<std::uint8_t, kIpv6Bytes> address{};
  if (::inet_pton(AF_INET6, host.c_str(), address.data()) != 1) return host;
  const ByteView bytes(address);
  const ByteView mapped = bytes.subspan(kMappedPrefix.size());
  if (std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin())) {
    std::array<char, INET_ADDRSTRLEN> text{};
    return ::inet_ntop(AF_INET, mapped.data(), text.data(), text.size());
  }
  return to_hex(bytes.first(kNetworkBytes)) + "/64";
}

std::optional<std::chrono::seconds> UploadQuota::take(const std::string& client,
                                                      std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  const Time now = clock_();
  while (!windows_.empty() && now - windows_.front().start >= limits_.window) forget_oldest();
  auto found = by_client_.find(client);
  if (found == by_client_.end()) {
    if (bytes == 0) return std::nullopt;
    if (windows_.size() >= limits_.clients_max) forget_oldest();
    windows_.push_back({client, now, 0});
    found = by_client_.emplace(client, std::prev(windows_.end())).first;
  }
  Window& window = *found->second;
  window.received += bytes;
  if (window.received <= limits_.bytes) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(window.start + limits_.window - now);
}

void UploadQuota::forget_oldest() {
  by_client_.erase(windows_.front().client);
  windows_.pop_front();
}

}  // namespace mrv::api
