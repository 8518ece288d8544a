// Slots, the lock, and the one write that must be durable.
#include "ledger/signer/last_signed.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "crypto/sha256.h"

namespace mrv::signer {
namespace {

constexpr std::size_t kDigestOffset = kSlotBytes - kHashSize;

Error failed(const std::filesystem::path& path) {
  return {"SIGNER_MEMORY_FAILED", path.string() + ": " + std::strerror(errno), {}};
}

void put_integer(Slot& slot, std::size_t& at, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = bytes; i-- > 0;) {
    slot[at] = static_cast<std::uint8_t>(value >> (8 * i));
    ++at;
  }
}

std::uint64_t get_integer(const Slot& slot, std::size_t& at, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value = value << 8U | slot[at + i];
  at += bytes;
  return value;
}

bool write_slot(int fd, std::size_t number, const Slot& slot) {
  std::size_t done = 0;
  while (done < slot.size()) {
    const auto put = ::pwrite(fd, slot.data() + done, slot.size() - done,
                              static_cast<off_t>(number * kSlotBytes + done));
    if (put <= 0) return false;
    done += static_cast<std::size_t>(put);
  }
  // A failed sync is final: the kernel may have dropped the page, so it is never tried again.
  return ::fdatasync(fd) == 0;
}

bool read_slot(int fd, std::size_t number, Slot& slot) {
  std::size_t done = 0;
  while (done < slot.size()) {
    const auto got = ::pread(fd, slot.data() + done, slot.size() - done,
                             static_cast<off_t>(number * kSlotBytes + done));
    if (got <= 0) return false;
    done += static_cast<std::size_t>(got);
  }
  return true;
}

bool sync_folder(const std::filesystem::path& path) {
  const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const int folder = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return false;
  const bool synced = ::fsync(folder) == 0;
  ::close(folder);
  return synced;
}

}  // namespace

Slot encode_slot(std::uint64_t counter, const SignedState& state) {
  assert(state.origin.size() <= kOriginBytesMax);
  Slot slot{};
  std::size_t at = kSlotMagic.size();
  std::copy(kSlotMagic.begin(), kSlotMagic.end(), slot.begin());
  put_integer(slot, at, counter, 8);
  put_integer(slot, at, state.size.value(), 8);
  put_integer(slot, at, static_cast<std::uint64_t>(state.time.value()), 8);
  std::copy(state.root.begin(), state.root.end(), slot.begin() + static_cast<std::ptrdiff_t>(at));
  at += kHashSize;
  put_integer(slot, at, state.origin.size(), 2);
  std::copy(state.origin.begin(), state.origin.end(),
            slot.begin() + static_cast<std::ptrdiff_t>(at));
  const Hash digest = crypto::sha256(ByteView(slot).first(kDigestOffset));
  std::copy(digest.begin(), digest.end(), slot.begin() + kDigestOffset);
  return slot;
}

std::optional<std::pair<std::uint64_t, SignedState>> decode_slot(const Slot& slot) {
  const Hash digest = crypto::sha256(ByteView(slot).first(kDigestOffset));
  if (!std::equal(digest.begin(), digest.end(), slot.begin() + kDigestOffset)) {
    return std::nullopt;
  }
  if (!std::equal(kSlotMagic.begin(), kSlotMagic.end(), slot.begin())) return std::nullopt;
  std::size_t at = kSlotMagic.size();
  const std::uint64_t counter = get_integer(slot, at, 8);
  SignedState state;
  state.size = TreeSize{get_integer(slot, at, 8)};
  state.time = TimestampMs{static_cast<std::int64_t>(get_integer(slot, at, 8))};
  std::copy_n(slot.begin() + static_cast<std::ptrdiff_t>(at), kHashSize, state.root.begin());
  at += kHashSize;
  const std::size_t length = get_integer(slot, at, 2);
  if (length > kOriginBytesMax) return std::nullopt;
  state.origin.assign(slot.begin() + static_cast<std::ptrdiff_t>(at),
                      slot.begin() + static_cast<std::ptrdiff_t>(at + length));
  return std::pair(counter, std::move(state));
}

LastSigned::LastSigned(LastSigned&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      counter_(other.counter_),
      state_(std::move(other.state_)),
      failed_(other.failed_) {}

LastSigned::~LastSigned() {
  if (fd_ >= 0) ::close(fd_);  // also ends the lock
}

Status LastSigned::create(const std::filesystem::path& path, const std::string& origin) {
  if (origin.empty() || origin.size() > kOriginBytesMax) {
    return Error{"SIGNER_MEMORY_FAILED", "the origin has 1 to 128 bytes", {}};
  }
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) {
    if (errno != EEXIST) return failed(path);
    return Error{"SIGNER_MEMORY_EXISTS", path.string() + " is there already", {}};
  }
  const SignedState empty{origin, TreeSize{0}, crypto::sha256({}), TimestampMs{0}};
  const bool written = write_slot(fd, 0, encode_slot(0, empty)) &&
                       write_slot(fd, 1, encode_slot(1, empty)) && ::fsync(fd) == 0;
  ::close(fd);
  if (!written || !sync_folder(path)) return failed(path);
  return {};
}

Result<LastSigned> LastSigned::open(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) {
    if (errno != ENOENT) return failed(path);
    return Error{
        "SIGNER_MEMORY_MISSING",
        path.string() + " is missing: without it a signed size could be signed a second time",
        {}};
  }
  LastSigned memory(fd, 0, {});
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return Error{"SIGNER_MEMORY_LOCKED", path.string() + " is used by another process", {}};
  }
  bool found = false;
  for (std::size_t number = 0; number < kSlotCount; ++number) {
    Slot slot{};
    if (!read_slot(fd, number, slot)) continue;
    auto decoded = decode_slot(slot);
    if (!decoded || (found && decoded->first <= memory.counter_)) continue;
    found = true;
    memory.counter_ = decoded->first;
    memory.state_ = std::move(decoded->second);
  }
  if (!found) {
    return Error{"SIGNER_MEMORY_DAMAGED", path.string() + " holds no whole slot", {}};
  }
  return memory;
}

Status LastSigned::remember(const SignedState& next) {
  if (failed_) return Error{"SIGNER_MEMORY_FAILED", "an earlier write failed", {}};
  const bool goes_back = next.size < state_.size || next.time < state_.time;
  const bool forks = next.size == state_.size && next.root != state_.root;
  if (goes_back || forks || next.origin != state_.origin) {
    return Error{"SIGNER_MEMORY_REGRESSION",
                 "last signed: size " + std::to_string(state_.size.value()) + ", root " +
                     to_base64(state_.root),
                 {}};
  }
  const std::uint64_t counter = counter_ + 1;
  if (!write_slot(fd_, counter % kSlotCount, encode_slot(counter, next))) {
    failed_ = true;
    return Error{"SIGNER_MEMORY_FAILED", std::strerror(errno), {}};
  }
  counter_ = counter;
  state_ = next;
  return {};
}

}  // namespace mrv::signer
